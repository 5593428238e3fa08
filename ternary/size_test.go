package ternary

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSizeByHand(t *testing.T) {
	n := parse(t, `
		inputs 4
		layer hidden dense from input
		+-0+ >= 1
		-++0 >= 0
		layer c conv2d from input map 1x2x2 kernel 2x2 pad 1x1
		++++ >= 1
		layer p dense from hidden if reset zero
		++ >= 9
		readout out sum from hidden p
		++- + 3
		-0+ + -4`)
	// hidden: 8 weights, sums -1..2, thresholds -1..3 in 3 bits.
	// c: 4 weights for 9 neurons, sums 0..4, thresholds up to 5 in 4 bits.
	// p: 2 weights, a potential: its threshold 9 takes 5 bits.
	// readout: 6 weights, biases -4..3 in 3 bits.
	want := Size{Neurons: 12, Weights: 20, Nonzero: 17, WeightBits: 40, ThresholdBits: 2*3 + 9*4 + 5, BiasBits: 6}
	if d := cmp.Diff(want, n.Size()); d != "" {
		t.Error(d)
	}
	if got := n.Size().TotalBits(); got != 40+47+6 {
		t.Errorf("%d bits in all", got)
	}
}

// The published claim: 32 times less than double precision; and its other
// side, half of what a 1-bit network needs.
func TestRatios(t *testing.T) {
	ternary := parse(t, "inputs 3\nreadout out sum from input\n+-0 + 0\n")
	wide := parse(t, "inputs 3\nalphabet -3 -1 0 1 3\nreadout out sum from input\n3 -1 0 + 0\n") // 3 bits a weight
	none := parse(t, "inputs 3\nreadout out count from input scores 3\n")
	for i, want := range [][3][2]int64{
		{{32, 1}, {64, 3}, {0, 1}},
		{{16, 1}, {32, 3}, {0, 1}},
		{{4, 1}, {8, 3}, {0, 1}},
		{{1, 2}, {1, 3}, {0, 1}},
	} {
		for k, n := range []*Network{ternary, wide, none} {
			a, b := n.Size().Ratio(Baselines[i])
			if [2]int64{a, b} != want[k] {
				t.Errorf("%s: %d/%d; want %v", Baselines[i].Name, a, b, want[k])
			}
		}
	}
}

func TestSignedWidth(t *testing.T) {
	for _, c := range []struct{ low, high, want int64 }{
		{0, 0, 1}, {-1, 0, 1}, {0, 1, 2}, {-2, 1, 2}, {-3, 0, 3}, {-128, 127, 8}, {0, 128, 9}, {-129, 0, 9},
	} {
		if got := signedWidth(c.low, c.high); got != c.want {
			t.Errorf("%d..%d: %d bits; want %d", c.low, c.high, got, c.want)
		}
	}
}
