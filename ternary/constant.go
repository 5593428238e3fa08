package ternary

import "slices"

// foldConstants finds neurons that fire at every step or at none, whatever comes,
// and moves them into their consumers. Sources come first, so one pass is enough.
//
// A neuron that never fires leaves. One that always fires is a number that a step
// neuron has in its threshold, and a score in its bias, once a step. A neuron that
// keeps its potential has no such place, as the leak is its whole layer's: it goes
// on hearing that neuron, which then stays; see markNeeded.
func (g *graph) foldConstants() {
	last := len(g.layers) - 1
	for i := range g.layers {
		for j := range g.layers[i] {
			v := &g.layers[i][j]
			v.taps = slices.DeleteFunc(v.taps, func(t tap) bool { return g.absorb(v, t, i == last) })
			if i == last {
				continue
			}
			if v.fate = v.constant(g.steps, g.reach(v)); v.fate == Always {
				v.taps, v.theta = nil, int64(v.neuron.Leak) // what its sum is when nothing comes: it needs nobody
			}
		}
	}
}

// absorb moves a tap on a constant source into the consumer, and tells whether the
// tap is gone.
func (g *graph) absorb(v *node, t tap, score bool) bool {
	source := g.source(t)
	if source == nil || source.fate == "" {
		return false
	}
	switch {
	case source.fate == Never:
	case score:
		v.theta -= int64(t.weight) * int64(g.steps)
	case v.neuron.Model == Step:
		v.theta -= int64(t.weight)
	default:
		return false
	}
	return true
}

// source is the node of a tap, nil for an input.
func (g *graph) source(t tap) *node {
	if t.from.layer == Input {
		return nil
	}
	return &g.layers[t.from.layer][t.from.neuron]
}

// sums is the least and the greatest that a neuron adds up in one step, its leak
// included.
type sums struct{ low, high int64 }

func (g *graph) reach(v *node) sums {
	s := sums{int64(v.neuron.Leak), int64(v.neuron.Leak)}
	for _, t := range v.taps {
		weight := int64(t.weight)
		if source := g.source(t); source != nil && source.fate == Always || weight < 0 {
			s.low += weight
		}
		if source := g.source(t); source != nil && source.fate == Always || weight > 0 {
			s.high += weight
		}
	}
	return s
}

// constant says whether a neuron of such sums always or never fires in so many
// steps. A step neuron compares each sum by itself. A potential
//
//   - is at least 0 after a spike, by either reset, and before the first step. So
//     if the least sum reaches the threshold it fires at every step; and if it does
//     not, that sum at the first step makes none.
//   - has, before its first spike, no more than t times the greatest sum after t
//     steps, which is most at the first step or at the last. So if neither reaches
//     the threshold there is no first spike; and if one does, sums that are all the
//     greatest make one.
func (v *node) constant(steps int, s sums) Fate {
	most := s.high
	if v.neuron.Model != Step {
		most = max(most, s.high*int64(steps))
	}
	switch {
	case v.theta <= s.low:
		return Always
	case v.theta > most:
		return Never
	}
	return ""
}

// markNeeded marks what reaches the readout, from the end backwards. Constants are
// marked too where a neuron that keeps its potential hears them.
func (g *graph) markNeeded() {
	for i := len(g.layers) - 1; i >= 0; i-- {
		for j := range g.layers[i] {
			v := &g.layers[i][j]
			if !v.needed {
				continue
			}
			for _, t := range v.taps {
				if source := g.source(t); source != nil {
					source.needed = true
				}
			}
		}
	}
}
