package compiler

import (
	"errors"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// accept refuses what the chip cannot do exactly. It collects every problem,
// so that a user sees all of them at once, each with what would fit.
func accept(s *state) error {
	var problems []error
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.caps.Spikes.Destinations != 0 {
		refuse("a neuron reaches %d destinations; the mapping needs multicast (destinations: 0)", s.caps.Spikes.Destinations)
	}
	if !s.caps.Host.ScorePorts {
		refuse("it has no score ports; the readout %q needs %d", s.units[len(s.units)-1].name, s.units[len(s.units)-1].neurons)
	}
	if !s.caps.Host.WaveGate {
		refuse("it has no wave gate, so layers that wait would fire on idle ticks; choose a chip with wave_gate: true")
	}
	acceptResets(s, refuse)
	for u := range s.units {
		for _, problem := range append(s.units[u].problems(s.caps), s.units[u].stepProblems(s.caps, s.canon.Network.Steps)...) {
			refuse("layer %q: %w", s.units[u].name, problem)
		}
	}
	return errors.Join(problems...)
}

// problems lists what the chip cannot hold of one unit.
func (u *unit) problems(caps hwmodel.Capabilities) []error {
	var problems []error
	widest, neuron := 0, 0
	for j := range u.neurons {
		if f := u.fanIn(j); f > widest {
			widest, neuron = f, j
		}
		for i := range u.sources {
			if err := checkWeight(u.weight(j, i), caps.Core); err != nil {
				return []error{fmt.Errorf("neuron %d has %w", j, err)}
			}
		}
	}
	if widest > caps.Core.Axons && caps.Psum.Bits == 0 {
		problems = append(problems, fmt.Errorf("neuron %d hears %d inputs; a core has %d axons and the chip no partial sums; a mask of fan-in %d would fit (a --net file with a pattern)",
			neuron, widest, caps.Core.Axons, caps.Core.Axons))
	}
	if err := u.conversionProblem(caps); err != nil {
		problems = append(problems, err)
	}
	bits, what := caps.Neuron.ThresholdBits, "threshold"
	if u.score {
		bits, what = caps.Neuron.LeakBits, "bias"
	}
	low, high := hwmodel.SignedRange(bits)
	for j, theta := range u.theta {
		if int64(theta) < low || int64(theta) > high {
			problems = append(problems, fmt.Errorf("neuron %d has %s %d; the chip holds %d..%d", j, what, theta, low, high))
			break
		}
	}
	return problems
}

// checkWeight refuses a weight that no crosspoint of the chip holds.
func checkWeight(w int8, core hwmodel.Core) error {
	if layout.HoldsSigns(core.SynapseMode) {
		if w < -1 || w > 1 {
			return fmt.Errorf("weight %d; a %s crosspoint holds -1, 0 and +1; train with the alphabet [-1 0 1]", w, core.SynapseMode)
		}
		return nil
	}
	if low, high := hwmodel.SignedRange(min(core.SynapseBits, core.WeightBits)); int64(w) < low || int64(w) > high {
		return fmt.Errorf("weight %d; a crosspoint of %d bits holds %d..%d; train with an alphabet within", w, min(core.SynapseBits, core.WeightBits), low, high)
	}
	return nil
}

// fanIn is the number of nonzero weights of a neuron.
func (u *unit) fanIn(neuron int) int {
	n := 0
	for i := range u.sources {
		if u.weight(neuron, i) != 0 {
			n++
		}
	}
	return n
}
