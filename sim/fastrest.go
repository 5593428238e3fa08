package sim

import (
	"container/heap"

	"tritloom/internal/bits"
)

// rest is a core that is not looked at while nothing of it would be seen. Without
// spikes a plain neuron's potential follows its leak alone, so that k ticks are one
// multiplication; a core sleeps as long as no neuron would fire or leave the bounds
// within which that holds. When it is woken its potentials and counts are brought up
// to date.
type rest struct {
	asleep  bool
	since   uint64 // the first tick whose leaks are still to be added
	counted uint64 // the first tick whose idle neurons are still to be counted
	dozes   uint64 // idle ticks before the next attempt to fall asleep
	pause   uint64 // how many there were before the last one
}

// forever is a rest that only a spike ends.
const forever = 1 << 62

// tireless is how many idle ticks a core waits at most before it tries again.
const tireless = 64

// fallAsleep lets a core rest that had a tick without spikes in or out, if it can.
func (k *crew) fallAsleep(c int, w *work) {
	e := k.e
	s := &e.state[c]
	if s.rest.dozes > 0 {
		s.rest.dozes--
		return
	}
	ticks := e.quietTicks(c, w)
	if ticks < 2 {
		s.rest.pause = min(2*s.rest.pause+1, tireless)
		s.rest.dozes = s.rest.pause
		return
	}
	next := e.today + 1
	s.rest = rest{asleep: true, since: next, counted: next}
	bits.Flip(k.awake, c-k.first)
	if ticks < forever {
		heap.Push(&k.alarms, alarm{next + ticks, c})
	}
}

// quietTicks is how many of the ticks to come leave nothing to be seen of a core if no
// spike comes.
func (e *fast) quietTicks(c int, w *work) uint64 {
	ticks := uint64(forever)
	for b := range e.p.cores[c].blocks {
		block, s := &e.p.cores[c].blocks[b], &e.state[c].blocks[b]
		switch {
		case block.special != nil || block.noise != nil || s.wild:
			if w.changed { // a tick without input that changes nothing can be repeated
				return 0
			}
		case !block.restful:
			ticks = min(ticks, block.quietTicks(s.v))
		}
	}
	return ticks
}

// quietTicks is how long the leaks of a block lead to no spike and stay within bounds.
func (b *fastBlock) quietTicks(v *[bits.Columns]int32) uint64 {
	ticks := int64(forever)
	keeps := b.params.Unfired != 0
	bits.Each(b.spiking[:], func(n int) {
		leak, theta := int64(b.params.Leak[n]), int64(b.params.Theta[n])
		at := int64(v[n])
		switch {
		case !keeps && leak >= theta, keeps && at+leak >= theta:
			ticks = 0
		case keeps && leak > 0:
			ticks = min(ticks, (theta-1-at)/leak, (int64(b.params.High)-at)/leak)
		case keeps && leak < 0:
			ticks = min(ticks, (at-int64(b.params.Low))/-leak)
		}
	})
	return uint64(max(ticks, 0))
}

// wake ends the rest of a core.
func (e *fast) wake(c int) {
	s := &e.state[c]
	if !s.rest.asleep {
		return
	}
	e.catchUp(c)
	e.countIdle(c)
	s.rest = rest{}
	k := &e.crews[c/e.share]
	bits.Set(k.awake, c-k.first)
}

// catchUp adds the leaks of the ticks a resting core was not looked at.
func (e *fast) catchUp(c int) {
	s := &e.state[c]
	if !s.rest.asleep || s.rest.since == e.today {
		return
	}
	ticks := int32(min(e.today-s.rest.since, 1<<31-1)) // longer rests have no leak
	for b := range s.blocks {
		block := &e.p.cores[c].blocks[b]
		if block.special != nil || block.noise != nil || s.blocks[b].wild || block.params.Unfired == 0 {
			continue
		}
		bits.Each(block.spiking[:], func(n int) { s.blocks[b].v[n] += ticks * int32(block.params.Leak[n]) })
	}
	s.rest.since = e.today
}

// countIdle counts the neurons of a resting core, which are evaluated in every tick.
func (e *fast) countIdle(c int) {
	s := &e.state[c]
	if s.rest.asleep {
		s.book.idle += (e.today - s.rest.counted) * uint64(e.p.cores[c].used)
		s.rest.counted = e.today
	}
}

// alarm wakes a core at a tick.
type alarm struct {
	tick uint64
	core int
}

// alarms is a heap by tick. An alarm may have been overtaken by a spike: then it wakes
// a core for a tick in which nothing happens, which does no harm.
type alarms []alarm

func (a alarms) Len() int           { return len(a) }
func (a alarms) Less(i, j int) bool { return a[i].tick < a[j].tick }
func (a alarms) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *alarms) Push(x any)        { *a = append(*a, x.(alarm)) }
func (a *alarms) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// wakeDue wakes the cores whose rest ends with the coming tick.
func (k *crew) wakeDue() {
	for len(k.alarms) > 0 && k.alarms[0].tick <= k.e.today {
		k.e.wake(heap.Pop(&k.alarms).(alarm).core)
	}
}
