package compiler

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/ternary"
)

// canonicalTyped folds the network into a form without integers at the end.
// Comparators decide on the chip, two ticks after the scores would stand. If a
// pair of classes hears more inputs together than a core has axons, scores
// leave as bursts instead: slower, but each class is heard by itself.
func canonicalTyped(s *state) error {
	if steps := s.original.Steps; steps > 1 {
		return fmt.Errorf("the network takes %d steps; typed-binary cores are mapped for 1 step, as they decide by spikes and reset nothing between inferences; train with --steps 1, or choose a ternary chip with score ports and a wave gate, such as ternary256", steps)
	}
	compared, err := ternary.Compared(s.original)
	if err != nil {
		return err
	}
	if err := s.take(compared); err != nil {
		return err
	}
	s.thresholdsAsLeak()
	if s.typedFits() || !s.canBurst() {
		return nil
	}
	canon, units := s.canon, s.units
	if err := s.take(s.original); err != nil {
		return err
	}
	s.scoresAsBursts()
	if !s.typedFits() { // say what is wrong with the comparators, which need less else
		s.canon, s.units, s.burst = canon, units, false
	}
	return nil
}

// canBurst tells whether a score column can drain: it must be evaluated on
// every tick, and take its threshold off with every spike.
func (s *state) canBurst() bool {
	return !s.caps.Host.WaveGate && slices.Contains(s.caps.Neuron.Reset, hwmodel.ResetSubtract)
}

// typedFits tells whether the cores can hold every unit.
func (s *state) typedFits() bool {
	for u := range s.mapped() {
		if len(s.typedProblems(&s.units[u])) > 0 {
			return false
		}
	}
	return true
}

// thresholdsAsLeak sets neurons up to forget every tick: V := V - θ, fire if
// that is at least 0, V := 0.
func (s *state) thresholdsAsLeak() {
	for u := range s.units {
		unit := &s.units[u]
		unit.leak, unit.strobe = make([]int32, unit.neurons), make([]int32, unit.neurons)
		for j, theta := range unit.theta {
			unit.leak[j] = -theta
		}
	}
}

// scoresAsBursts sets score columns up to hold their score plus an offset that
// makes it no less than 0, and to fire it away one spike a tick; the host
// counts and takes the offset off. While a burst drains nothing may come in, so
// neurons that would fire without input get the difference from a control
// spike on their own tick instead: leak -1, strobe 1 - θ.
func (s *state) scoresAsBursts() {
	s.burst = true
	s.thresholdsAsLeak()
	last := len(s.units) - 1
	for u := range s.units[:last] {
		unit := &s.units[u]
		for j, theta := range unit.theta {
			if theta <= 0 {
				unit.leak[j], unit.strobe[j] = -1, 1-theta
			}
		}
	}
	scores := &s.units[last]
	least, most := scores.scoreReach()
	s.offset, s.window = int32(-least), int(max(most-least, 2)) // a burst listens for more than one tick
	for c, bias := range scores.theta {
		scores.leak[c], scores.strobe[c] = 0, bias+s.offset
	}
}

// scoreReach is the least and the greatest score of any class.
func (u *unit) scoreReach() (least, most int64) {
	for c := range u.neurons {
		low, high := int64(u.theta[c]), int64(u.theta[c])
		for i := range u.sources {
			if w := int64(u.weight(c, i)); w < 0 {
				low += w
			} else {
				high += w
			}
		}
		if c == 0 {
			least, most = low, high
		}
		least, most = min(least, low), max(most, high)
	}
	return least, most
}

// strobeType is the axon type of control spikes; bursts leave it free of
// weights.
const strobeType = 2

// values are the weights that axon types stand for: with bursts one type is
// the control spike's.
func (s *state) values() []int8 {
	switch types := s.caps.Core.AxonTypes; {
	case !s.burst:
		return typedValues[:min(len(typedValues), types)]
	case types > strobeType:
		return typedValues[:strobeType]
	}
	return nil // no type is left for the control spike
}

// fitsWeight tells whether a column's weight table holds a strobe.
func fitsWeight(strobe int32, core hwmodel.Core) bool {
	low, high := hwmodel.SignedRange(core.WeightBits)
	return int64(strobe) >= low && int64(strobe) <= high
}
