package bits

import "math/bits"

// Narrow is Params for potentials of 16 bits, which halve the memory a neuron's tick
// goes through: sums, leaks, thresholds and everything between must fit 16 bits, which
// the bounds are for.
type Narrow struct {
	Scale, Unfired, Fired int16
	Low, High             int16
}

// UpdateNarrow is Update on 16 bits; nil on paths without it. Thresholds of one value
// for all columns are told by step 0 and given 32 times; others have step 64.
type UpdateNarrow func(v *[Columns]int16, counts *[Columns]int8, leak *[Columns]int16, theta []int16, step int, p *Narrow, mask, fired *Mask) (outside bool)

// Thresholds32 is how many thresholds stand for all where they are one value.
const Thresholds32 = 32

func updateNarrowPure(v *[Columns]int16, counts *[Columns]int8, leak *[Columns]int16, theta []int16, step int, p *Narrow, mask, fired *Mask) (outside bool) {
	for w := range mask {
		var spikes uint64
		for x := mask[w]; x != 0; x &= x - 1 {
			bit := bits.TrailingZeros64(x)
			n := w*64 + bit
			limit := theta[n%len(theta)]
			u := v[n] + int16(counts[n])*p.Scale + leak[n]
			if u >= limit {
				spikes |= 1 << bit
				u = (u - limit) & p.Fired
			} else {
				u &= p.Unfired
			}
			outside = outside || u < p.Low || u > p.High
			v[n] = u
		}
		fired[w] = spikes
	}
	return outside
}
