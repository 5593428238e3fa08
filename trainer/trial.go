package trainer

import "slices"

// trial is one coordinate of a unit given another value.
type trial struct {
	coordinate int   // a weight of the unit, or len(weights) for its constant
	value      int32 // the new weight, threshold or bias
	delta      int   // what that adds to the unit's sum where the input is one
	gain       int64 // change of the objective, negative is better
}

// before orders trials: lower objective, then zero, then the lower value, then
// the earlier coordinate, so that ties never depend on chance.
func (t trial) before(u trial) bool {
	switch {
	case t.gain != u.gain:
		return t.gain < u.gain
	case (t.value == 0) != (u.value == 0):
		return t.value == 0
	case t.value != u.value:
		return t.value < u.value
	}
	return t.coordinate < u.coordinate
}

// proposals calls f with every trial of a coordinate that A3 allows, gain not
// yet known.
func (s *search) proposals(p *seat, coordinate int, f func(trial)) {
	if coordinate == len(p.weights) {
		s.constantProposals(p, f)
		return
	}
	if p.mask != nil && !p.mask[coordinate] {
		return
	}
	alphabet, now := s.net.Alphabet, p.weights[coordinate]
	at, _ := slices.BinarySearch(alphabet, now)
	for i, v := range alphabet {
		if v == now || s.options.Candidates == CandidatesAdjacent && i != at-1 && i != at+1 {
			continue
		}
		f(trial{coordinate: coordinate, value: int32(v), delta: int(v) - int(now)})
	}
}

func (s *search) constantProposals(p *seat, f func(trial)) {
	low, high := p.constantRange(s.biasLimit)
	farthest := int32(maxThresholdMove)
	if s.options.Candidates == CandidatesAdjacent {
		farthest = 1
	}
	for move := -farthest; move <= farthest; move++ {
		if value := *p.constant + move; move != 0 && low <= value && value <= high {
			f(trial{coordinate: len(p.weights), value: value, delta: int(move) * p.sign})
		}
	}
}

// column is the samples on which a coordinate acts.
func (s *search) column(p *seat, coordinate int) []uint64 {
	if coordinate == len(p.weights) {
		return s.state.ones
	}
	return p.inputs[coordinate]
}

// weigh finds the gain of a trial: the loss over all samples and the penalty.
func (s *search) weigh(u unit, p *seat, t trial) int64 {
	gain := u.gain(s.column(p, t.coordinate), t.delta)
	if t.coordinate < len(p.weights) {
		gain += s.penaltyChange(p.weights[t.coordinate], int8(t.value))
	}
	return gain
}

// penaltyChange is what a weight's change of value adds to the penalty.
func (s *search) penaltyChange(from, to int8) int64 {
	switch {
	case from == 0 && to != 0:
		return s.options.NonzeroPenalty
	case from != 0 && to == 0:
		return -s.options.NonzeroPenalty
	}
	return 0
}

// best is the first of a coordinate's trials in the order of before, and how
// many there were. It counts nothing, so threads may share a unit.
func (s *search) best(u unit, p *seat, coordinate int) (best trial, tried int) {
	s.proposals(p, coordinate, func(t trial) {
		t.gain = s.weigh(u, p, t)
		if tried == 0 || t.before(best) {
			best = t
		}
		tried++
	})
	return best, tried
}

// acceptable tells whether a number of trials' best may be kept.
func (s *search) acceptable(t trial, tried int) bool {
	return tried > 0 && t.gain < -s.options.LeastGain
}

// keep makes a trial the new state.
func (s *search) keep(u unit, p *seat, t trial) {
	u.apply(s.column(p, t.coordinate), t.delta)
	if t.coordinate == len(p.weights) {
		*p.constant = t.value
	} else {
		s.penalty += s.penaltyChange(p.weights[t.coordinate], int8(t.value))
		p.weights[t.coordinate] = int8(t.value)
	}
	s.accepted++
}
