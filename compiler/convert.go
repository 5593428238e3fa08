package compiler

import (
	"fmt"

	"tritloom/hwmodel"
)

// Converters of analogue cores hold sums of a width of their own (core.adc_bits), and
// clip others. A column is exact if its least and its greatest sum are within; a neuron
// whose sum reaches further is cut into several columns, a chain of partial sums as
// where its inputs do not fit a core.

// span is the least and the greatest sum of some inputs of a neuron.
type span struct{ low, high int }

func (s span) add(w int8) span { return span{s.low + min(int(w), 0), s.high + max(int(w), 0)} }

// converter is what a conversion holds; any tells that it holds everything.
type converter struct {
	span
	any bool
}

func converterOf(core hwmodel.Core) converter {
	if core.SynapseMode != hwmodel.Differential || core.ADCBits == 0 {
		return converter{any: true}
	}
	low, high := hwmodel.SignedRange(core.ADCBits)
	return converter{span: span{int(low), int(high)}}
}

func (c converter) holds(s span) bool { return c.any || s.low >= c.low && s.high <= c.high }

// reach is what inputs of a neuron can add up to, beyond from.
func (u *unit) reach(neuron int, inputs []int, from span) span {
	for _, i := range inputs {
		from = from.add(u.weight(neuron, i))
	}
	return from
}

// slicesFit tells whether slices of the used inputs of so many rows leave every column
// a sum that a conversion holds.
func (u *unit) slicesFit(used []int, rows int, c converter) bool {
	if c.any {
		return true
	}
	for first := 0; first < len(used); first += rows {
		slice := used[first:min(first+rows, len(used))]
		for j := range u.neurons {
			if !c.holds(u.reach(j, slice, span{})) {
				return false
			}
		}
	}
	return true
}

// fitsWhole tells whether a conversion holds the whole sum of every neuron.
func (u *unit) fitsWhole(c converter) bool {
	return u.slicesFit(allOf(len(u.sources)), max(1, len(u.sources)), c)
}

// conversionProblem is a neuron whose sum no conversion holds, on chips that cannot cut
// it into parts.
func (u *unit) conversionProblem(caps hwmodel.Capabilities) error {
	c := converterOf(caps.Core)
	if c.any || caps.Psum.Bits > 0 && c.high > 0 {
		return nil
	}
	for j := range u.neurons {
		s := u.reach(j, allOf(len(u.sources)), span{})
		if c.holds(s) {
			continue
		}
		if c.high == 0 {
			return fmt.Errorf("neuron %d sums up to %d..%d; a conversion of 1 bit holds %d..%d; a chip with core.adc_bits of 2 or more would fit",
				j, s.low, s.high, c.low, c.high)
		}
		return fmt.Errorf("neuron %d sums up to %d..%d; a conversion holds %d..%d and the chip has no partial sums; a mask of fan-in %d would fit (a --net file with a pattern)",
			j, s.low, s.high, c.low, c.high, c.high)
	}
	return nil
}

// columnReach is what the column that a neuron has in a core already can sum up to.
func (b *bin) columnReach(units []unit, key columnKey) (s span) {
	for k := range b.pieces {
		if p := &b.pieces[k]; p.unit == key.unit {
			for _, j := range p.neurons {
				if j == key.neuron {
					s = units[key.unit].reach(j, p.inputs, s)
				}
			}
		}
	}
	return s
}
