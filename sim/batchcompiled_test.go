package sim

import (
	"math/rand/v2"
	"testing"

	"tritloom/compiler"
	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// TestBatchOfCompiledImages: what the compiler makes for chips with a wave gate
// can be batched, skipped layers and chains of partial sums included.
func TestBatchOfCompiledImages(t *testing.T) {
	chip, err := hwmodel.Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	small := *chip
	small.Capabilities.Core.Axons, small.Capabilities.Core.Neurons = 16, 16
	for _, c := range []struct {
		name           string
		chip           *hwmodel.Chip
		inputs, hidden int
	}{{"ternary256", chip, 300, 270}, {"cores of 16 × 16", &small, 50, 30}} {
		r := seed.Stream(1, seed.TestNetwork)
		n := &ternary.Network{Inputs: c.inputs, Steps: 1, Alphabet: ternary.Ternary, Layers: []ternary.Layer{
			randomLayer(r, "first", []int{ternary.Input}, c.inputs, c.hidden),
			randomLayer(r, "second", []int{0}, c.hidden, 20),
		}}
		n.Readout = ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{ternary.Input, 1}, Outputs: 10, Weights: trits(r, 10*(c.inputs+20)), Bias: make([]int32, 10)}
		l, _, err := compiler.Compile(n, c.chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		sameAsReference(t, l, randomSamples(seed.Stream(1, seed.TestInput), bits.Lanes/8, c.inputs))
	}
}

func randomLayer(r *rand.Rand, name string, from []int, inputs, outputs int) ternary.Layer {
	return ternary.Layer{
		Name: name, Op: ternary.Dense, From: from, Outputs: outputs, Neuron: ternary.Neuron{Model: ternary.Step},
		Weights: trits(r, inputs*outputs), Theta: make([]int32, outputs),
	}
}

func trits(r *rand.Rand, n int) []int8 {
	list := make([]int8, n)
	for i := range list {
		list[i] = int8(r.IntN(3) - 1)
	}
	return list
}
