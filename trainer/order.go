package trainer

import "slices"

// sweep visits every coordinate once, in the order A2 says, and tells whether
// anything changed. Between steps it asks halt whether to stop; then done is
// false.
func (s *search) sweep(halt func(step, steps int) bool) (changed, done bool) {
	before := s.accepted
	if s.options.Order == OrderPermutation {
		done = s.sweepPermutation(halt)
	} else {
		done = s.sweepGreedy(halt)
	}
	return s.accepted != before, done
}

// focus turns to a unit.
func (s *search) focus(p *seat) unit {
	if p.layer == toReadout {
		s.class.focus(p.index)
		return s.class
	}
	s.hidden.focus(p.layer, p.index)
	return s.hidden
}

// sweepPermutation takes one coordinate a step.
func (s *search) sweepPermutation(halt func(step, steps int) bool) bool {
	order := make([]coordinate, 0, s.coordinates)
	for i := range s.seats {
		for c := range s.seats[i].coordinates() {
			order = append(order, coordinate{&s.seats[i], c})
		}
	}
	s.random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	for step, at := range order {
		if halt(step, len(order)) {
			return false
		}
		u := s.focus(at.seat)
		t, tried := s.best(u, at.seat, at.index)
		s.trials += uint64(tried)
		if s.acceptable(t, tried) {
			s.keep(u, at.seat, t)
		}
	}
	return true
}

// coordinate is one weight, threshold or bias of the network.
type coordinate struct {
	seat  *seat
	index int
}

// sweepGreedy takes one unit a step: the best trial of each of its
// coordinates, most gain first. Keeping one changes what the others gain, so
// each is tried again just before it is kept.
func (s *search) sweepGreedy(halt func(step, steps int) bool) bool {
	for step, i := range s.random.Perm(len(s.seats)) {
		if halt(step, len(s.seats)) {
			return false
		}
		p := &s.seats[i]
		u := s.focus(p)
		for rank, t := range s.promising(u, p) {
			tried := 1
			if rank > 0 { // nothing was kept before the first
				t, tried = s.best(u, p, t.coordinate)
				s.trials += uint64(tried)
			}
			if s.acceptable(t, tried) {
				s.keep(u, p, t)
			}
		}
	}
	return true
}

// promising lists the best trial of every coordinate of a unit that would be
// kept now, best first.
func (s *search) promising(u unit, p *seat) []trial {
	u.prepare()
	n := p.coordinates()
	found, tried := make([]trial, n), make([]int, n)
	parallel(s.state.threads, n, 1+minParallel/s.state.samples.Len(), func(_, low, high int) {
		for c := low; c < high; c++ {
			found[c], tried[c] = s.best(u, p, c)
		}
	})
	var list []trial
	for c, t := range found {
		s.trials += uint64(tried[c])
		if s.acceptable(t, tried[c]) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b trial) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return list
}
