package trainer

import "slices"

// sweep visits every coordinate once, in the order A2 says, and tells whether
// anything changed. Between steps it asks halt whether to stop; then done is
// false. The first sweep of a resumed search leaves out the steps made before.
func (s *search) sweep(halt func(step, steps int) bool) (changed, done bool) {
	order, first, before := s.draw(), s.resumed.step, s.accepted-s.resumed.accepted
	s.resumed = madeBefore{}
	step := s.stepPermutation
	if s.options.Order == OrderGreedy {
		step = s.stepGreedy
	}
	for i := first; i < len(order); i++ {
		if halt(i, len(order)) {
			return s.accepted != before, false
		}
		step(order[i])
	}
	return s.accepted != before, true
}

// madeBefore is what a resumed search had made of its sweep.
type madeBefore struct {
	step     int
	accepted uint64
}

// steps is the number of steps of a sweep.
func (s *search) steps() int {
	if s.options.Order == OrderPermutation {
		return len(s.coordinates)
	}
	return len(s.seats)
}

// draw gives the order of the next sweep: its steps, shuffled. All randomness
// of a search after its first weights is drawn here, so that the number of
// sweeps tells where the stream stands.
func (s *search) draw() []int { return s.random.Perm(s.steps()) }

// focus turns to a unit.
func (s *search) focus(p *seat) unit {
	if p.layer == toReadout {
		s.class.focus(p.index)
		return s.class
	}
	s.hidden.focus(p.layer, p.index)
	return s.hidden
}

// coordinate is one weight, threshold or bias of the network.
type coordinate struct {
	seat  *seat
	index int
}

// stepPermutation takes one coordinate a step.
func (s *search) stepPermutation(i int) {
	at := s.coordinates[i]
	u := s.focus(at.seat)
	t, tried := s.best(u, at.seat, at.index)
	s.trials += uint64(tried)
	if s.acceptable(t, tried) {
		s.keep(u, at.seat, t)
	}
}

// stepGreedy takes one unit a step: the best trial of each of its coordinates,
// most gain first. Keeping one changes what the others gain, so each is tried
// again just before it is kept.
func (s *search) stepGreedy(i int) {
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
