package ternary_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/experiment/randomnet"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// A network worked by hand. Inputs a, b. Layer "h": h0 = [a-b >= 1] lives,
// h1 = [a+b >= 0] always fires, h2 = [a >= 2] never does, h3 = [b >= 1] is
// heard by nobody. Readout: s0 = h0 + h1 - h2 + 5, s1 = -h0 - h1 - 1.
func handNetwork() *ternary.Network {
	return &ternary.Network{
		Inputs: 2, Steps: 1, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 4, Neuron: ternary.Neuron{Model: ternary.Step},
			Weights: []int8{1, -1, 1, 1, 1, 0, 0, 1}, Theta: []int32{1, 0, 2, 1},
		}},
		Readout: ternary.Readout{
			Name: "class", Mode: ternary.Sum, From: []int{0}, Outputs: 2,
			Weights: []int8{1, 1, -1, 0, -1, -1, 0, 0}, Bias: []int32{5, -1},
		},
	}
}

func TestCanonicalByHand(t *testing.T) {
	c, err := ternary.Canonical(handNetwork())
	if err != nil {
		t.Fatal(err)
	}
	want := &ternary.Network{
		Inputs: 2, Steps: 1, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.Step},
			Weights: []int8{1, -1}, Theta: []int32{1},
		}},
		// h1 always fires: its +1 and -1 went into the biases.
		Readout: ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{0}, Outputs: 2, Weights: []int8{1, -1}, Bias: []int32{6, -2}},
	}
	if d := cmp.Diff(want, c.Network); d != "" {
		t.Errorf("canonical form (-want +got):\n%s", d)
	}
	folded := []ternary.Folded{{0, 1, ternary.Always}, {0, 2, ternary.Never}, {0, 3, ternary.Dead}}
	if d := cmp.Diff(folded, c.Folded); d != "" {
		t.Errorf("folded (-want +got):\n%s", d)
	}
	if d := cmp.Diff([][]int32{{0}}, c.Kept); d != "" {
		t.Errorf("kept (-want +got):\n%s", d)
	}
}

// A whole layer of constants leaves; what listened to it keeps its biases.
func TestCanonicalDropsEmptyLayers(t *testing.T) {
	n := handNetwork()
	n.Layers[0].Theta = []int32{-9, -9, 9, 9}
	c, err := ternary.Canonical(n)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Network.Layers) != 0 || c.Network.Readout.From != nil {
		t.Errorf("layers %v, readout from %v; want none", c.Network.Layers, c.Network.Readout.From)
	}
	if d := cmp.Diff([]int32{7, -3}, c.Network.Readout.Bias); d != "" {
		t.Errorf("biases (-want +got):\n%s", d)
	}
}

// Canonical form keeps every score and every kept neuron, and is a fixed
// point. The oracle is the plain evaluator on the original.
func TestCanonicalMeansTheSame(t *testing.T) {
	canonicalMeansTheSame(t, seed.Stream(11, seed.TestNetwork), randomnet.Limits{Inputs: 12, Layers: 5, Width: 8, Classes: 4})
}

// The same over steps, each with an input of its own: potentials make neurons
// constant later than sums do.
func TestCanonicalMeansTheSameOverSteps(t *testing.T) {
	canonicalMeansTheSame(t, seed.Stream(14, seed.TestNetwork), randomnet.Limits{Inputs: 8, Layers: 5, Width: 6, Classes: 4, Steps: 6})
}

func canonicalMeansTheSame(t *testing.T, stream *rand.Rand, limits randomnet.Limits) {
	t.Helper()
	folded := 0
	for i := range 400 {
		limits.Ops = i%2 == 0
		n := randomnet.Any(stream, limits)
		c, err := ternary.Canonical(n)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		folded += len(c.Folded)
		for k := range 20 {
			var frames []encode.Bits
			for range n.Steps {
				frames = append(frames, randomnet.Input(stream, n.Inputs, float64(k)/19))
			}
			compareResults(t, i, n, c, frames[:1])
			compareResults(t, i, n, c, frames)
		}
		again, err := ternary.Canonical(c.Network)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if d := ternary.Diff(c.Network, again.Network); d != "" || len(again.Folded) != 0 {
			t.Fatalf("network %d: canonical form changes again: %s, %v", i, d, again.Folded)
		}
	}
	if folded < 100 {
		t.Errorf("only %d neurons were folded in all; the test has no bite", folded)
	}
}

func compareResults(t *testing.T, i int, n *ternary.Network, c *ternary.Canon, frames []encode.Bits) {
	t.Helper()
	want, got := n.Eval(frames...), c.Network.Eval(frames...)
	if d := cmp.Diff(want.Scores, got.Scores); d != "" || want.Class != got.Class {
		t.Fatalf("network %d, inputs %s: scores differ (-original +canonical):\n%s", i, frames, d)
	}
	for step := range n.Steps {
		for k, layer := range c.Layer {
			for j, original := range c.Kept[k] {
				if want.Spikes[step][layer].Get(int(original)) != got.Spikes[step][k].Get(j) {
					t.Fatalf("network %d, inputs %s, step %d: neuron %d of layer %d differs", i, frames, step, original, layer)
				}
			}
		}
		for _, f := range c.Folded {
			if f.Fate != ternary.Dead && want.Spikes[step][f.Layer].Get(f.Neuron) != (f.Fate == ternary.Always) {
				t.Fatalf("network %d, inputs %s, step %d: neuron %d of layer %d is not %s firing", i, frames, step, f.Neuron, f.Layer, f.Fate)
			}
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ternary.Network)
		want   string
	}{
		{"an invalid network", func(n *ternary.Network) { n.Layers[0].Theta = nil }, "0 thresholds for 4 neurons"},
		{"a bias that leaves 32 bits", func(n *ternary.Network) { n.Readout.Bias[0] = 1<<31 - 1 }, "scores must stay within"},
	} {
		n := handNetwork()
		c.change(n)
		if _, err := ternary.Canonical(n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.name, err, c.want)
		}
	}
}
