package ternary_test

import (
	"slices"
	"testing"

	"tritloom/encode"
	"tritloom/experiment/randomnet"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// Every score vector of 1 to 4 classes with values 0..3: exactly the class of
// Argmax wins. The scores come from bits that count: class c has three inputs
// of weight +1.
func TestComparedWinsLikeArgmax(t *testing.T) {
	for classes := 1; classes <= 4; classes++ {
		n := &ternary.Network{Inputs: 3 * classes, Steps: 1, Alphabet: ternary.Ternary}
		n.Readout = ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{ternary.Input}, Outputs: classes, Weights: make([]int8, 3*classes*classes), Bias: make([]int32, classes)}
		for c := range classes {
			for k := range 3 {
				n.Readout.Weights[c*3*classes+3*c+k] = 1
			}
		}
		compared, err := ternary.Compared(n)
		if err != nil {
			t.Fatal(err)
		}
		for x := range 1 << (3 * classes) {
			bits := encode.NewBits(3 * classes)
			for i := range 3 * classes {
				bits.Put(i, x>>i&1 == 1)
			}
			want := make([]int32, classes)
			want[n.Eval(bits).Class] = 1
			if got := compared.Eval(bits).Scores; !slices.Equal(got, want) {
				t.Fatalf("%d classes, input %s: winners %v; want %v", classes, bits, got, want)
			}
		}
	}
}

// Random networks, biases included, and their canonical forms decide alike.
func TestComparedDecidesTheSame(t *testing.T) {
	stream := seed.Stream(31, seed.TestNetwork)
	for i := range 200 {
		n := randomnet.Any(stream, randomnet.Limits{Inputs: 12, Layers: 3, Width: 8, Classes: 6, Ops: i%2 == 0})
		compared, err := ternary.Compared(n)
		if err != nil {
			t.Fatal(err)
		}
		canon, err := ternary.Canonical(compared)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 20 {
			x := randomnet.Input(stream, n.Inputs, float64(k)/19)
			want := n.Eval(x).Class
			if got, also := compared.Eval(x), canon.Network.Eval(x); got.Class != want || also.Class != want || got.Scores[want] != 1 {
				t.Fatalf("network %d, input %s: class %d, compared %d (%v), canonical %d", i, x, want, got.Class, got.Scores, also.Class)
			}
		}
	}
}

// Counts and votes are sums of +1 and are compared too; several steps have no
// scores of one step.
func TestComparedCountsAndVotes(t *testing.T) {
	stream := seed.Stream(32, seed.TestNetwork)
	for _, mode := range []ternary.Mode{ternary.Count, ternary.Vote} {
		n := randomnet.Dense(stream, 10, 6, 3)
		n.Readout = ternary.Readout{Name: "class", Mode: mode, From: []int{0}, Outputs: map[ternary.Mode]int{ternary.Count: 6, ternary.Vote: 4}[mode]}
		compared, err := ternary.Compared(n)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			x := randomnet.Input(stream, 10, stream.Float64())
			if want, got := n.Eval(x).Class, compared.Eval(x).Class; want != got {
				t.Fatalf("%s, input %s: class %d; want %d", mode, x, got, want)
			}
		}
	}
	n := handNetwork()
	n.Steps = 2
	if _, err := ternary.Compared(n); err == nil {
		t.Error("two steps were compared")
	}
}
