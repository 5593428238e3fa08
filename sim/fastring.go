package sim

import (
	"tritloom/internal/bits"
	"tritloom/ledger"
)

// The scheduler of a core is a ring of slots, one a tick to come. A slot is a bit an
// axon and a word that counts its writes (low half) and merges (high half) until the
// books take them in; a slot of 256 axons is one cache line.

const oneMerge = 1 << 32

// slot gives the words of the slot of the tick now + delay.
func (e *fast) slot(core, delay int) (words []uint64, number int) {
	number = int(e.today+uint64(delay)) & (e.p.ring - 1)
	return e.slotOf(core, number), number
}

func (e *fast) slotOf(core, number int) []uint64 {
	return e.ring[(core*e.p.ring+number)*e.p.slotWords:][:e.p.slotWords]
}

// write puts a spike into a scheduler of one of the crew's own cores.
func (k *crew) write(core, axon, delay int, wave int32) {
	e := k.e
	slot, number := e.slot(core, delay)
	local := core - k.first
	k.waiting(number)[local] = 1
	word, bit := &slot[axon>>6], uint64(1)<<(axon&63)
	merged := *word&bit != 0
	*word |= bit
	switch {
	case merged:
		k.meet(core, number, axon)
	case e.tagged:
		e.state[core].tags[number*e.p.axons+axon] = wave
	default:
		slot[e.p.axonWords]++
	}
	if e.tagged {
		slot[e.p.axonWords] = 0
		e.counts.charge(core, wave, ledger.AxonWrite, 1)
		if merged && !e.p.add {
			e.counts.charge(core, wave, ledger.AxonMerge, 1)
		}
	}
}

// meet is a spike on an axon that has one already.
func (k *crew) meet(core, number, axon int) {
	e := k.e
	uncounted := &e.slotOf(core, number)[e.p.axonWords]
	*uncounted++
	if e.p.add {
		s := &e.state[core]
		s.extras[number] = append(s.extras[number], uint16(axon))
	} else {
		*uncounted += oneMerge
	}
}

// take moves the spikes of the coming tick into w and empties their slot.
func (k *crew) take(core int, w *work) {
	e := k.e
	slot, number := e.slot(core, 0)
	local := core - k.first
	k.waiting(number)[local] = 0
	w.axons = axonsOf(w.axons[:0], slot[:e.p.axonWords])
	if w.extra = e.p.add && len(e.state[core].extras[number]) > 0; w.extra {
		s := &e.state[core]
		w.axons = withExtras(w.axons, s.extras[number])
		s.extras[number] = s.extras[number][:0]
	}
	w.active = len(w.axons)
	w.tags = w.tags[:0]
	if e.tagged {
		for _, a := range w.axons {
			w.tags = append(w.tags, e.state[core].tags[number*e.p.axons+int(a)])
		}
	}
	for len(w.axons)%bits.GroupRows != 0 {
		w.axons = append(w.axons, uint16(e.p.axons))
	}
	e.countWrites(core, slot)
	clear(slot[:e.p.axonWords])
}

// withExtras puts second and later spikes behind the first one of their axon.
func withExtras(list, extras []uint16) []uint16 {
	more := map[uint16]int{}
	for _, a := range extras {
		more[a]++
	}
	all := make([]uint16, 0, len(list)+len(extras))
	for _, a := range list {
		for range 1 + more[a] {
			all = append(all, a)
		}
	}
	return all
}

// countWrites takes the uncounted writes of a slot into the books.
func (e *fast) countWrites(core int, slot []uint64) {
	uncounted := &slot[e.p.axonWords]
	e.state[core].book.writes += *uncounted & (oneMerge - 1)
	e.state[core].book.merges += *uncounted / oneMerge
	*uncounted = 0
}

// countPending takes in the writes of all spikes under way.
func (e *fast) countPending() {
	for i := range e.crews {
		k := &e.crews[i]
		for number := range e.p.ring {
			for local, waits := range k.waiting(number) {
				if waits != 0 {
					c := k.first + local
					e.countWrites(c, e.slotOf(c, number))
				}
			}
		}
	}
}
