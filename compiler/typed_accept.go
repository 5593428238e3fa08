package compiler

import (
	"errors"
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/ternary"
)

// typedValues are the weights a typed-binary core can hold, one axon type
// each: the type of an axon says which of them its crosspoints stand for.
var typedValues = []int8{1, -1, 2, -2}

// axonType is the type of the axons that carry a weight.
func axonType(weight int8) uint8 {
	t := slices.Index(typedValues, weight)
	if t < 0 {
		panic(fmt.Sprintf("compiler: no axon type for weight %d", weight))
	}
	return uint8(t)
}

// acceptTyped refuses what a typed-binary chip cannot do exactly, all problems
// at once.
func acceptTyped(s *state) error {
	var problems []error
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.caps.Spikes.Destinations == 0 {
		refuse("its neurons reach any number of destinations; the mapping onto typed-binary cores is for one destination a neuron")
	}
	if s.caps.Host.ScorePorts {
		refuse("it has score ports; the mapping onto typed-binary cores decides by spikes; set score_ports: false")
	}
	if !slices.Contains(s.caps.Neuron.Reset, hwmodel.ResetClear) {
		refuse("its neurons reset by %v; step neurons need %q", s.caps.Neuron.Reset, hwmodel.ResetClear)
	}
	if low, high := hwmodel.SignedRange(s.caps.Core.WeightBits); low > -2 || high < 2 {
		refuse("its weights have %d bits; comparators need -2..2", s.caps.Core.WeightBits)
	}
	if len(s.mapped()) == 0 {
		refuse("one class always wins, whatever the input: there is no neuron to put on a core; train the network further")
	}
	for u := range s.mapped() {
		for _, problem := range s.typedProblems(&s.units[u]) {
			refuse("layer %q: %w", s.units[u].name, problem)
		}
	}
	return errors.Join(problems...)
}

// mapped are the units that take columns: all but a readout that the host
// makes from the spikes of the last layer.
func (s *state) mapped() []unit {
	if s.burst {
		return s.units
	}
	return s.units[:len(s.units)-1]
}

// typedProblems lists what the chip cannot hold of one unit.
func (s *state) typedProblems(u *unit) []error {
	var problems []error
	values := s.values()
	widest, neuron := 0, 0
	for j := range u.neurons {
		if axons := len(u.typedAxons(j)); axons > widest {
			widest, neuron = axons, j
		}
		for i := range u.sources {
			if w := u.weight(j, i); w != 0 && !slices.Contains(values, w) {
				return []error{fmt.Errorf("neuron %d has weight %d; %d axon types hold %v; choose a chip with more axon types, or train with the alphabet [-1 0 1]", j, w, len(values), values)}
			}
		}
	}
	if widest > s.caps.Core.Axons {
		problems = append(problems, fmt.Errorf("neuron %d hears %d inputs; a core has %d axons and the chip no partial sums; %s", neuron, u.fanIn(neuron), s.caps.Core.Axons, u.wayOut(s.caps.Core.Axons)))
	}
	low, high := hwmodel.SignedRange(s.caps.Neuron.LeakBits)
	for j, leak := range u.leak {
		if int64(leak) < low || int64(leak) > high {
			problems = append(problems, fmt.Errorf("neuron %d has threshold %d, which is kept as leak; the chip holds thresholds %d..%d; a mask of smaller fan-in would fit", j, -leak, -high, -low))
			break
		}
	}
	for j, strobe := range u.strobe {
		if !fitsWeight(strobe, s.caps.Core) {
			problems = append(problems, fmt.Errorf("neuron %d needs a control spike of weight %d; the chip's weights have %d bits; a mask of smaller fan-in would fit", j, strobe, s.caps.Core.WeightBits))
			break
		}
	}
	return problems
}

// wayOut says what would fit. A readout takes no mask, so the layer before it
// must be narrow.
func (u *unit) wayOut(axons int) string {
	if u.score || u.name == ternary.CompareLayer {
		return fmt.Sprintf("it compares the scores of two classes, or is the score of one; a last layer of at most %d neurons before the readout would fit", axons)
	}
	groups := ceilDiv(len(u.sources), axons)
	return fmt.Sprintf("a mask of fan-in %d would fit: a --net file with a pattern such as {kind: uniform, fan_in: %d}, or the %d inputs in at least %d groups", axons, axons, len(u.sources), groups)
}
