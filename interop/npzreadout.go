package interop

import (
	"fmt"
	"math"
	"slices"

	"tritloom/ternary"
)

// scoreLaw leads from our scores to the other program's:
// theirs = scale·ours + offset.
type scoreLaw struct{ scale, offset int64 }

// sums tells whether a readout of this mode has weights.
func sums(m ternary.Mode) bool { return m == "" || m == ternary.Sum }

// readout fills the scores. The order of scores decides the class, ties
// included, so it must be kept exactly; scales per class cannot be.
func (in *importer) readout() error {
	r := &in.Network.Readout
	sees, err := in.sees(readoutName, r.From)
	if err != nil {
		return err
	}
	in.scores = scoreLaw{1, 0}
	if !sums(r.Mode) {
		return nil
	}
	if slices.ContainsFunc(batchNormArrays, func(part string) bool { return in.arrays.has(readoutName + part) }) {
		return fmt.Errorf("the readout has a batch norm, which scales every class by a float, so its scores are no whole numbers and their order would not be kept exactly; train the readout without one, or with whole biases")
	}
	width := in.Network.Width(r.From)
	if r.Weights, err = in.weights(readoutName, r.Outputs, width, nil); err != nil {
		return err
	}
	bias, err := in.readoutBias(r.Outputs)
	if err != nil {
		return err
	}
	if sees == Bipolar {
		bias = in.bipolarScores(bias, width)
	}
	for c, b := range bias {
		if b < math.MinInt32 || b > math.MaxInt32 {
			return fmt.Errorf("array %q: the bias of score %d becomes %d; want it within ±%d", readoutName+".bias", c, b, math.MaxInt32)
		}
		r.Bias[c] = int32(b)
	}
	return nil
}

// readoutBias reads whole biases; without an array they are 0.
func (in *importer) readoutBias(classes int) ([]int64, error) {
	const name = readoutName + ".bias"
	bias := make([]int64, classes)
	if !in.arrays.has(name) {
		return bias, nil
	}
	v, err := in.arrays.get(name, classes)
	if err != nil {
		return nil, err
	}
	for c := range bias {
		b, ok := v.whole(c)
		if !ok || b < -1<<32 || b > 1<<32 {
			return nil, fmt.Errorf("array %q: item %d is %s; scores are whole numbers, so a bias must be one too, within ±%d; train the readout without bias or with rounded ones", name, c, v.show(c), math.MaxInt32)
		}
		bias[c] = b
	}
	return bias, nil
}

// bipolarScores gives the biases of scores over bits for scores over -1 and
// +1: Σw(2b-1) + bias = 2Σwb + k with k = bias - Σw. Where all k are even or
// all are odd, half of that is a whole number and keeps every order and tie.
// Else the readout hears every bit twice.
func (in *importer) bipolarScores(bias []int64, width int) []int64 {
	r := &in.Network.Readout
	for c := range bias {
		low, high := ternary.Reach(r.Row(c, width))
		bias[c] -= int64(low) + int64(high)
	}
	odd := bias[0] & 1
	if !slices.ContainsFunc(bias, func(k int64) bool { return k&1 != odd }) {
		in.scores = scoreLaw{2, odd}
		for c := range bias {
			bias[c] = (bias[c] - odd) / 2
		}
		return bias
	}
	twice := make([]int8, 0, 2*len(r.Weights))
	for c := range r.Outputs {
		twice = append(append(twice, r.Row(c, width)...), r.Row(c, width)...)
	}
	r.Weights, r.From = twice, append(slices.Clone(r.From), r.From...)
	in.Notes = append(in.Notes, "the readout hears every bit twice, because scores over -1 and +1 are even for some classes and odd for others; ternary crosspoints hold such weights of 2 only if every row of readout.weight, its bias added, has an even sum, or every row an odd one")
	return bias
}
