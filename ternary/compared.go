package ternary

import (
	"fmt"
	"slices"
)

// Compared rewrites a network so that it decides by spikes: the scores of a
// Sum readout become comparators of every pair of classes, and one neuron a
// class that fires if its class wins all its pairs. The decision is the same
// for every input, ties included; no integer leaves the network.
//
// With scores s_c, comparator (a, b), a < b, fires if s_a >= s_b:
//
//	Σ (w_a - w_b)·x >= bias_b - bias_a
//
// so a tie goes to the lower class. Class k wins if all comparators (k, b)
// fire and no comparator (a, k) does:
//
//	Σ_{b>k} c_kb - Σ_{a<k} c_ak >= classes - 1 - k
//
// A readout that counts spikes is a sum with weights of +1.
func Compared(n *Network) (*Network, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	r := &n.Readout
	if n.Steps != 1 {
		return nil, fmt.Errorf("network: readout %q scores over %d steps; comparators decide on the scores of 1 step; train with 1 step, or choose a chip with score ports", r.Name, n.Steps)
	}
	out := *n
	compare, err := n.comparators()
	if err != nil {
		return nil, err
	}
	compared := len(n.Layers)
	out.Layers = append(slices.Clone(n.Layers), compare, winners(compared, r.Outputs))
	out.Readout = Readout{Name: r.Name, Mode: Count, From: []int{compared + 1}, Outputs: r.Outputs}
	out.Alphabet = out.AlphabetInUse()
	return &out, out.Validate()
}

// Names of the layers that Compared adds.
const (
	CompareLayer = "compare"
	WinnerLayer  = "winner"
)

func (n *Network) comparators() (Layer, error) {
	r, width := &n.Readout, n.Width(n.Readout.From)
	l := Layer{Name: CompareLayer, Op: Dense, From: r.From, Neuron: Neuron{Model: Step}}
	for a := range r.Outputs {
		for b := a + 1; b < r.Outputs; b++ {
			row := make([]int8, width)
			for i := range row {
				w := r.weight(a, i, width) - r.weight(b, i, width)
				if w < -128 || w > 127 {
					return l, fmt.Errorf("network: readout %q: classes %d and %d differ by %d on input %d; a weight is -128..127", r.Name, a, b, w, i)
				}
				row[i] = int8(w)
			}
			l.Weights = append(l.Weights, row...)
			l.Theta = append(l.Theta, r.bias(b)-r.bias(a)) // fits: Validate bounds every score
			l.Outputs++
		}
	}
	if l.Outputs == 0 { // one class has nobody to be compared with
		l.Weights, l.Theta, l.Outputs = make([]int8, width), []int32{0}, 1
	}
	return l, nil
}

// weight is what input i adds to the score of class c, whatever the mode.
func (r *Readout) weight(c, i, width int) int {
	switch {
	case r.Mode == Sum:
		return int(r.Row(c, width)[i])
	case i%r.Outputs == c: // Count has as many inputs as classes
		return 1
	}
	return 0
}

func (r *Readout) bias(c int) int32 {
	if r.Mode == Sum {
		return r.Bias[c]
	}
	return 0
}

func winners(compared, classes int) Layer {
	pairs := max(1, classes*(classes-1)/2)
	l := Layer{Name: WinnerLayer, Op: Dense, From: []int{compared}, Outputs: classes, Neuron: Neuron{Model: Step}, Weights: make([]int8, classes*pairs)}
	pair := 0
	for a := range classes {
		for b := a + 1; b < classes; b++ {
			l.Weights[a*pairs+pair], l.Weights[b*pairs+pair] = 1, -1
			pair++
		}
		l.Theta = append(l.Theta, int32(classes-1-a))
	}
	return l
}
