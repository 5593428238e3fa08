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

// fireBlock sends the spikes of a block where one wave pays for all.
func (k *crew) fireBlock(c, b int, w *work) {
	block, book, fired := &k.e.p.cores[c].blocks[b], &k.e.state[c].book, w.blocks[b].fired
	if k.e.looked {
		bits.Each(fired[:], func(n int) {
			k.spikes = append(k.spikes, firing{int32(c), int32(block.first + n), k.e.wave})
		})
	}
	for i := range fired {
		book.outputs += uint64(mathbits.OnesCount64(fired[i] & block.outputs[i]))
		for x := fired[i] & block.fans[i]; x != 0; x &= x - 1 {
			k.fireFan(c, block.first+i*64+mathbits.TrailingZeros64(x))
		}
		fired[i] &^= block.fans[i]
	}
	sent := k.fireSingle(c, block.first, &fired)
	book.spikes += sent.spikes
	book.cores += sent.spikes
	book.hopX += sent.hopX
	book.hopY += sent.hopY
	book.tiles += sent.tiles
}

// fireFan sends a spike to none or several destinations.
func (k *crew) fireFan(c, column int) {
	book, f := &k.e.state[c].book, &k.e.p.cores[c].fans[k.e.p.exitsFrom(c, column)[0].core]
	book.spikes++
	book.cores += uint64(f.cores)
	book.tiles += uint64(f.tiles)
	book.hopX += uint64(f.hopX)
	book.hopY += uint64(f.hopY)
	for _, to := range f.wires {
		k.send(to, k.e.wave)
	}
}

// traffic is what spikes of one destination each cost on the mesh.
type traffic struct{ spikes, hopX, hopY, tiles uint64 }

// fireSingle sends spikes of one destination each, of 256 columns from first on. It is
// write and bill for the usual spike, to an axon of a core of the crew, in one loop: what
// is counted stays in registers until the end.
func (k *crew) fireSingle(c, first int, fired *bits.Mask) traffic {
	e := k.e
	exits := e.p.exitsFrom(c, first)
	ring, slotWords, slots, today := e.ring, e.p.slotWords, e.p.ring, int(e.today)
	waiting, stride, uncounted := k.pending, k.stride, e.p.axonWords
	var hopX, hopY, tiles uint64
	count := e.kernels.List(&k.listed, fired)
	for _, n := range k.listed[:count] {
		exit := &exits[n]
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
		waiting[number*stride+local] = 1
		slot := (to*slots + number) * slotWords
		word, bit := &ring[slot+int(exit.axon>>6)], uint64(1)<<(exit.axon&63)
		if *word&bit != 0 {
			k.meet(to, number, int(exit.axon))
			continue
		}
		*word |= bit
		ring[slot+uncounted]++
	}
	return traffic{uint64(count), hopX, hopY, tiles}
}

// fireTagged sends the spikes of a block and charges each to its own wave.
func (k *crew) fireTagged(c, b int, w *work) {
	e := k.e
	core, block := &e.p.cores[c], &e.p.cores[c].blocks[b]
	for i, x := range w.blocks[b].fired {
		for ; x != 0; x &= x - 1 {
			n := block.first + i*64 + mathbits.TrailingZeros64(x)
			exit, wave := &e.p.exits[c*e.p.columns+n], w.waveOf(int32(n))
			if e.looked {
				k.spikes = append(k.spikes, firing{int32(c), int32(n), wave})
			}
			ev := events{spikes: 1, outputs: block.outputs[i] >> (n % 64) & 1}
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

// lookUp asks the memory for the destinations of the spikes of 256 columns from first
// on, and aim for the schedulers they go to, a core's turn later.
func (k *crew) lookUp(c, first int, fired *bits.Mask) {
	exits := k.e.p.exitsFrom(c, first)
	for i, x := range fired {
		for ; x != 0; x &= x - 1 {
			bits.PrefetchLine(&exits[i*64+mathbits.TrailingZeros64(x)])
		}
	}
}

func (k *crew) aim(c, first int, fired *bits.Mask) {
	exits := k.e.p.exitsFrom(c, first)
	for i, x := range fired {
		for ; x != 0; x &= x - 1 {
			if exit := &exits[i*64+mathbits.TrailingZeros64(x)]; exit.flags&exitFan == 0 {
				slot, _ := k.e.slot(int(exit.core), int(exit.delay))
				bits.PrefetchLine(&slot[0])
			}
		}
	}
}

// lookUpAll and aimAll are the same for all blocks of a core.
func (k *crew) lookUpAll(c int, w *work) { k.eachFired(c, w, (*crew).lookUp) }
func (k *crew) aimAll(c int, w *work)    { k.eachFired(c, w, (*crew).aim) }

func (k *crew) eachFired(c int, w *work, do func(k *crew, c, first int, fired *bits.Mask)) {
	if !w.fired {
		return
	}
	for b := range k.e.p.cores[c].blocks {
		do(k, c, b*bits.Columns, &w.blocks[b].fired)
	}
}
