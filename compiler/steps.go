package compiler

import (
	"fmt"
	"slices"
	"sort"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
)

// column is what the head of a neuron's chain holds: its equation as the chip says
// it. A score's bias enters as leak, once a wave.
func (u *unit) column(neuron int) layout.Column {
	column := layout.Column{Role: layout.Spiking, Theta: u.theta[neuron], Leak: u.neuron.Leak, Level: u.level, Psum: layout.NoLink}
	switch {
	case u.score:
		column.Role, column.Theta, column.Leak = layout.Score, 0, u.theta[neuron]
	case u.neuron.Model == ternary.Step:
		column.Reset = layout.Clear
	case u.neuron.Reset == ternary.ToZero:
		column.Reset = layout.ToZero
	case u.neuron.Reset == ternary.Subtract:
		column.Reset = layout.Subtract
	default:
		panic(fmt.Sprintf("compiler: layer %q resets by %q", u.name, u.neuron.Reset))
	}
	return column
}

// keeps tells whether the unit's neurons carry a potential from step to step.
func (u *unit) keeps() bool { return !u.score && u.neuron.Model != ternary.Step }

// acceptResets refuses resets that the chip lacks, each once.
func acceptResets(s *state, refuse func(string, ...any)) {
	var told []layout.Reset
	for u := range s.units {
		unit := &s.units[u]
		if unit.score {
			continue
		}
		reset := unit.column(0).Reset
		if slices.Contains(s.caps.Neuron.Reset, reset.String()) || slices.Contains(told, reset) {
			continue
		}
		told = append(told, reset)
		if !unit.keeps() {
			refuse("its neurons reset by %v; step neurons need %q", s.caps.Neuron.Reset, reset)
			continue
		}
		refuse("its neurons reset by %v; the %s neurons of layer %q need %q; choose a chip that has it, or another reset, or train with 1 step", s.caps.Neuron.Reset, unit.neuron.Model, unit.name, reset)
	}
}

// stepProblems lists what the chip's neurons cannot hold of a unit over the steps of
// a wave: its leak, and potentials that add up.
func (u *unit) stepProblems(caps hwmodel.Capabilities, steps int) []error {
	var problems []error
	if low, high := hwmodel.SignedRange(caps.Neuron.LeakBits); u.keeps() && (int64(u.neuron.Leak) < low || int64(u.neuron.Leak) > high) {
		problems = append(problems, fmt.Errorf("its leak is %d; the chip holds %d..%d", u.neuron.Leak, low, high))
	}
	if steps == 1 {
		return problems // the layout's checker has a word for sums
	}
	low, high := hwmodel.SignedRange(caps.Neuron.PotentialBits)
	for j := range u.neurons {
		column := u.column(j)
		least, most := ternary.Reach(u.row(j))
		reach := func(steps int) (int64, int64) { return column.PotentialReach(int64(least), int64(most), steps) }
		if a, b := reach(steps); a < low || b > high {
			wayOut := "a mask of smaller fan-in would fit"
			if fit := sort.Search(steps, func(t int) bool { a, b := reach(t + 1); return a < low || b > high }); fit > 0 {
				wayOut = fmt.Sprintf("with these thresholds %d steps would fit, or a mask of smaller fan-in", fit)
			}
			return append(problems, fmt.Errorf("the potential of neuron %d can reach %d..%d in %d steps; the chip holds %d..%d; %s", j, a, b, steps, low, high, wayOut))
		}
	}
	return problems
}

// row is the weight row of a neuron.
func (u *unit) row(neuron int) []int8 {
	return u.weights[neuron*len(u.sources) : (neuron+1)*len(u.sources)]
}

// schedule is how the host drives waves over levels up to the last one: each level
// takes a tick for every step. Potentials that are kept must be back before the next
// wave; without them a wave may start as soon as the first level is done.
func (s *state) schedule() (layout.Schedule, error) {
	last, keeps := int32(0), false
	for u := range s.units {
		last, keeps = max(last, s.units[u].level), keeps || s.units[u].keeps()
	}
	steps := s.canon.Network.Steps
	ticks := int(last) + steps
	if ticks > layout.MaxTicks {
		return layout.Schedule{}, fmt.Errorf("%d steps take %d ticks; an inference has at most %d; at most %d steps would fit", steps, ticks, layout.MaxTicks, layout.MaxTicks-int(last))
	}
	schedule := layout.Schedule{TicksPerInference: ticks, InitiationInterval: steps}
	if steps > 1 {
		schedule.Steps = steps
	}
	if keeps {
		schedule.InitiationInterval = ticks
	}
	return schedule, nil
}
