package sim

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// fire is step (e): it sends the spikes of a core.
func (k *crew) fire(c int, w *work) {
	if !w.fired {
		return
	}
	for b := range k.e.p.cores[c].blocks {
		if k.e.tagged {
			k.fireTagged(c, b, w)
		} else {
			k.fireBlock(c, b, w)
		}
	}
}

// fireBlock sends the spikes of a block where one wave pays for all. It is write and
// bill for the usual spike, to one axon of a core of the crew, in one loop: what is
// counted stays in registers until the end.
func (k *crew) fireBlock(c, b int, w *work) {
	e := k.e
	core, first := &e.p.cores[c], e.p.cores[c].blocks[b].first
	ring, slotWords, slots, today := e.ring, e.p.slotWords, e.p.ring, int(e.today)
	var spikes, hopX, hopY, tiles uint64
	for i, x := range w.blocks[b].fired {
		for ; x != 0; x &= x - 1 {
			n := first + i*64 + mathbits.TrailingZeros64(x)
			exit := &core.exits[n]
			if e.looked {
				k.spikes = append(k.spikes, firing{int32(c), int32(n), e.wave})
			}
			if exit.flags&(exitFan|exitOutput) != 0 {
				k.fireUnusual(c, core, exit)
				if exit.flags&exitFan != 0 {
					continue
				}
			}
			spikes++
			hopX += uint64(exit.hopX)
			hopY += uint64(exit.hopY)
			tiles += uint64(exit.flags & exitTile)
			to := int(exit.core)
			local := to - k.first
			if uint(local) >= uint(k.n) {
				k.queue(exit.core, exit.axon, exit.delay)
				continue
			}
			number := (today + int(exit.delay)) & (slots - 1)
			k.pending[number][local>>6] |= 1 << (local & 63)
			slot := ring[(to*slots+number)*slotWords:][:slotWords]
			word, bit := &slot[exit.axon>>6], uint64(1)<<(exit.axon&63)
			if *word&bit != 0 {
				k.meet(to, number, int(exit.axon))
				continue
			}
			*word |= bit
			slot[e.p.axonWords]++
		}
	}
	book := &e.state[c].book
	book.spikes += spikes
	book.cores += spikes
	book.hopX += hopX
	book.hopY += hopY
	book.tiles += tiles
}

// fireUnusual does for a spike what the loop of fireBlock does not: the host's counting,
// and other than one destination.
func (k *crew) fireUnusual(c int, core *fastCore, exit *exit) {
	book := &k.e.state[c].book
	if exit.flags&exitOutput != 0 {
		book.outputs++
	}
	if exit.flags&exitFan == 0 {
		return
	}
	f := &core.fans[exit.core]
	book.spikes++
	book.cores += uint64(f.cores)
	book.tiles += uint64(f.tiles)
	book.hopX += uint64(f.hopX)
	book.hopY += uint64(f.hopY)
	for _, to := range f.wires {
		k.send(to, k.e.wave)
	}
}

// fireTagged sends the spikes of a block and charges each to its own wave.
func (k *crew) fireTagged(c, b int, w *work) {
	e := k.e
	core, first := &e.p.cores[c], e.p.cores[c].blocks[b].first
	for i, x := range w.blocks[b].fired {
		for ; x != 0; x &= x - 1 {
			n := first + i*64 + mathbits.TrailingZeros64(x)
			exit, wave := &core.exits[n], w.waveOf(int32(n))
			if e.looked {
				k.spikes = append(k.spikes, firing{int32(c), int32(n), wave})
			}
			ev := events{spikes: 1, outputs: uint64(exit.flags & exitOutput / exitOutput)}
			if exit.flags&exitFan == 0 {
				ev.cores, ev.tiles, ev.hopX, ev.hopY = 1, uint64(exit.flags&exitTile), uint64(exit.hopX), uint64(exit.hopY)
				k.send(wire{exit.core, exit.axon, exit.delay}, wave)
			} else {
				f := &core.fans[exit.core]
				ev.cores, ev.tiles, ev.hopX, ev.hopY = uint64(f.cores), uint64(f.tiles), uint64(f.hopX), uint64(f.hopY)
				for _, to := range f.wires {
					k.send(to, wave)
				}
			}
			e.enter(c, wave, &ev)
		}
	}
}

// send is a spike to any core.
func (k *crew) send(to wire, wave int32) {
	if local := int(to.core) - k.first; uint(local) >= uint(k.n) {
		k.queue(to.core, to.axon, to.delay)
		return
	}
	k.write(int(to.core), int(to.axon), int(to.delay), wave)
}

// queue is a spike to a core of another crew.
func (k *crew) queue(core uint32, axon, delay uint16) {
	to := int(core) / k.e.share
	k.queues[to] = append(k.queues[to], wire{core, axon, delay})
}

// lookUp asks the memory for the destinations of the spikes of a core, and aim for the
// schedulers they go to, a core's turn later.
func (k *crew) lookUp(c int, w *work) {
	if !w.fired {
		return
	}
	core := &k.e.p.cores[c]
	for b := range core.blocks {
		for i, x := range w.blocks[b].fired {
			for ; x != 0; x &= x - 1 {
				bits.PrefetchLine(&core.exits[core.blocks[b].first+i*64+mathbits.TrailingZeros64(x)])
			}
		}
	}
}

func (k *crew) aim(c int, w *work) {
	if !w.fired {
		return
	}
	core := &k.e.p.cores[c]
	for b := range core.blocks {
		for i, x := range w.blocks[b].fired {
			for ; x != 0; x &= x - 1 {
				exit := &core.exits[core.blocks[b].first+i*64+mathbits.TrailingZeros64(x)]
				if exit.flags&exitFan == 0 {
					slot, _ := k.e.slot(int(exit.core), int(exit.delay))
					bits.PrefetchLine(&slot[0])
				}
			}
		}
	}
}
