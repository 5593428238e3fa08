package noc

import "slices"

// waiting is a packet that is ready and waits for room in a Local FIFO.
type waiting struct {
	ready uint64
	step  int32
}

// parked are the packets of a node that were parked and have got their sums,
// in the order in which they leave: by ready, then by step.
type parked struct {
	all  []waiting
	gone int // how many of them have left
}

func (p *parked) empty() bool { return p.gone == len(p.all) }

func (p *parked) first() waiting { return p.all[p.gone] }

// drop takes the first. The memory is kept.
func (p *parked) drop() {
	if p.gone++; p.empty() {
		p.all, p.gone = p.all[:0], 0
	}
}

// add takes packets in any order within a quantum; quanta only grow.
func (p *parked) add(w waiting) {
	at := len(p.all)
	for at > p.gone && p.all[at-1].ready == w.ready && p.all[at-1].step > w.step {
		at--
	}
	p.all = slices.Insert(p.all, at, w)
}
