package ternary_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/ternary"
)

// stepsNetwork is one neuron over inputs of the given weights and a score that
// counts its spikes.
func stepsNetwork(steps int, neuron ternary.Neuron, theta int32, weights ...int8) *ternary.Network {
	return &ternary.Network{
		Inputs: len(weights), Steps: steps, Alphabet: ternary.Ternary,
		Layers:  []ternary.Layer{{Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1, Weights: weights, Theta: []int32{theta}, Neuron: neuron}},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Count, From: []int{0}, Outputs: 1},
	}
}

// neurons are all models and resets with small leaks.
func neurons() []ternary.Neuron {
	list := []ternary.Neuron{{Model: ternary.Step}}
	for _, reset := range []ternary.Reset{ternary.ToZero, ternary.Subtract} {
		list = append(list, ternary.Neuron{Model: ternary.IF, Reset: reset})
		for leak := int32(-3); leak <= 3; leak++ {
			list = append(list, ternary.Neuron{Model: ternary.LIF, Reset: reset, Leak: leak})
		}
	}
	return list
}

// A neuron is folded exactly where it is constant: every model, reset, leak,
// threshold, number of steps and sequence of inputs of three small rows.
func TestConstantNeuronsAreFoundExactly(t *testing.T) {
	cases, found := 0, map[ternary.Fate]int{}
	for _, row := range [][]int8{{1}, {-1}, {1, -1}, {1, 1}} {
		for steps := 1; steps <= 4; steps++ {
			for _, neuron := range neurons() {
				for theta := int32(-14); theta <= 22; theta++ {
					n := stepsNetwork(steps, neuron, theta, row...)
					c, err := ternary.Canonical(n)
					if err != nil {
						t.Fatal(err)
					}
					want, got := fate(n), ternary.Fate("")
					if len(c.Folded) > 0 {
						got = c.Folded[0].Fate
					}
					if got != want {
						t.Fatalf("row %v, %d steps, %+v, threshold %d: folded as %q; over all inputs it is %q", row, steps, neuron, theta, got, want)
					}
					cases++
					found[got]++
				}
			}
		}
	}
	if found[ternary.Always] < 500 || found[ternary.Never] < 500 || found[""] < 500 {
		t.Errorf("of %d cases %v; each fate should occur often", cases, found)
	}
}

// fate evaluates the only neuron on every sequence of inputs.
func fate(n *ternary.Network) ternary.Fate {
	bits := n.Inputs * n.Steps
	always, never := true, true
	for x := range 1 << bits {
		var frames []encode.Bits
		for step := range n.Steps {
			frame := encode.NewBits(n.Inputs)
			for i := range n.Inputs {
				frame.Put(i, x>>(step*n.Inputs+i)&1 == 1)
			}
			frames = append(frames, frame)
		}
		for _, spikes := range n.Eval(frames...).Spikes {
			always, never = always && spikes[0].Get(0), never && !spikes[0].Get(0)
		}
	}
	switch {
	case always:
		return ternary.Always
	case never:
		return ternary.Never
	}
	return ""
}

// A neuron that always fires goes into the threshold of a step neuron and into a
// bias once a step. A neuron that keeps its potential has no place for it, so it
// stays for that one: without weights, and silent neurons leave all the same.
func TestConstantsThatPotentialsHear(t *testing.T) {
	n := &ternary.Network{
		Inputs: 1, Steps: 4, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{
			{
				Name: "a", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 2, Neuron: ternary.Neuron{Model: ternary.LIF, Reset: ternary.Subtract, Leak: -2},
				Weights: []int8{1, -1}, Theta: []int32{-2, 1}, // always, never
			},
			{
				Name: "if", Op: ternary.Dense, From: []int{ternary.Input, 0}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.LIF, Reset: ternary.ToZero},
				Weights: []int8{1, 1, 1}, Theta: []int32{5},
			},
			{
				Name: "step", Op: ternary.Dense, From: []int{ternary.Input, 0}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.Step},
				Weights: []int8{1, 1, 1}, Theta: []int32{2},
			},
		},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{0, 1, 2}, Outputs: 1, Weights: []int8{-1, 1, 1, 1}, Bias: []int32{7}},
	}
	c, err := ternary.Canonical(n)
	if err != nil {
		t.Fatal(err)
	}
	want := &ternary.Network{
		Inputs: 1, Steps: 4, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{
			{Name: "a", Op: ternary.Dense, Outputs: 1, Neuron: n.Layers[0].Neuron, Weights: []int8{}, Theta: []int32{-2}},
			{
				Name: "if", Op: ternary.Dense, From: []int{ternary.Input, 0}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero},
				Weights: []int8{1, 1}, Theta: []int32{5},
			},
			{Name: "step", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.Step}, Weights: []int8{1}, Theta: []int32{1}},
		},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{1, 2}, Outputs: 1, Weights: []int8{1, 1}, Bias: []int32{3}},
	}
	if d := cmp.Diff(want, c.Network); d != "" {
		t.Errorf("canonical form (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]ternary.Folded{{Layer: 0, Neuron: 1, Fate: ternary.Never}}, c.Folded); d != "" {
		t.Errorf("folded (-want +got):\n%s", d)
	}
}

// Over one step a potential is a sum and a leak is a threshold.
func TestOneStepNeedsNoPotential(t *testing.T) {
	c, err := ternary.Canonical(stepsNetwork(1, ternary.Neuron{Model: ternary.LIF, Reset: ternary.ToZero, Leak: -1}, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	l := &c.Network.Layers[0]
	if l.Neuron != (ternary.Neuron{Model: ternary.Step}) || l.Theta[0] != 2 {
		t.Errorf("neuron %+v of threshold %d; want a step neuron of 2", l.Neuron, l.Theta[0])
	}
}
