// Package randomnet draws networks and inputs for tests and benchmarks: valid,
// seeded, and rich in the cases that break mappings, such as constant and dead
// neurons, skipped layers, sources listed in odd orders, empty rows and inputs
// that nobody hears.
package randomnet

import (
	"fmt"
	"math/rand/v2"

	"tritloom/encode"
	"tritloom/ternary"
)

// Dense is a plain dense network, such as 784-512-10, of uniformly random
// ternary weights and thresholds near the middle of each neuron's reach.
func Dense(stream *rand.Rand, widths ...int) *ternary.Network {
	n := &ternary.Network{Inputs: widths[0], Steps: 1, Alphabet: ternary.Ternary}
	for i, width := range widths[1 : len(widths)-1] {
		l := ternary.Layer{Name: fmt.Sprintf("hidden%d", i+1), Op: ternary.Dense, From: []int{i - 1}, Outputs: width, Neuron: ternary.Neuron{Model: ternary.Step}}
		l.Weights = weights(stream, width*widths[i], 2.0/3)
		l.Theta = make([]int32, width)
		for j := range l.Theta {
			l.Theta[j] = int32(stream.IntN(7)) - 3
		}
		n.Layers = append(n.Layers, l)
	}
	last, classes := len(widths)-2, widths[len(widths)-1]
	n.Readout = ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{last - 1}, Outputs: classes, Weights: weights(stream, classes*widths[last], 2.0/3), Bias: make([]int32, classes)}
	for c := range n.Readout.Bias {
		n.Readout.Bias[c] = int32(stream.IntN(5)) - 2
	}
	return n
}

func weights(stream *rand.Rand, n int, density float64) []int8 {
	w := make([]int8, n)
	for i := range w {
		if stream.Float64() < density {
			w[i] = int8(stream.IntN(2))*2 - 1
		}
	}
	return w
}

// Limits bounds what Any draws.
type Limits struct {
	Inputs, Layers, Width, Classes int // largest of each
	// Ops lets convolutions, pools and concatenations in.
	Ops bool
	// Steps is the most steps; above 0, neurons of all models and resets come in,
	// and readouts of all modes.
	Steps int
}

// Any draws a network of any shape: a directed graph whose layers listen to
// any earlier ones, at any density, with some thresholds out of reach.
func Any(stream *rand.Rand, most Limits) *ternary.Network {
	n := &ternary.Network{Inputs: 1 + stream.IntN(most.Inputs), Steps: 1, Alphabet: ternary.Ternary}
	for i := range stream.IntN(most.Layers + 1) {
		l := ternary.Layer{Name: fmt.Sprintf("layer%d", i), Op: ternary.Dense, From: sources(stream, i), Neuron: ternary.Neuron{Model: ternary.Step}}
		if most.Ops {
			l.Op = []ternary.Op{ternary.Dense, ternary.Dense, ternary.Conv2D, ternary.Or, ternary.And, ternary.Concat}[stream.IntN(6)]
		}
		fill(stream, n, &l, most.Width)
		n.Layers = append(n.Layers, l)
	}
	if most.Steps > 0 {
		addSteps(stream, n, most.Steps)
	}
	r := &n.Readout
	*r = ternary.Readout{Name: "class", Mode: ternary.Sum, From: sources(stream, len(n.Layers)), Outputs: 1 + stream.IntN(most.Classes)}
	r.Weights = weights(stream, r.Outputs*n.Width(r.From), stream.Float64())
	r.Bias = make([]int32, r.Outputs)
	for c := range r.Bias {
		r.Bias[c] = int32(stream.IntN(9)) - 4
	}
	if width := n.Width(r.From); most.Steps > 0 && width <= most.Classes && stream.IntN(2) == 0 {
		*r = ternary.Readout{Name: "class", Mode: ternary.Count, From: r.From, Outputs: width}
	} else if most.Steps > 0 && width >= r.Outputs && stream.IntN(3) == 0 {
		*r = ternary.Readout{Name: "class", Mode: ternary.Vote, From: r.From, Outputs: r.Outputs}
	}
	return n
}

// addSteps draws how many steps the network takes and what its neurons keep.
// Thresholds spread as far as potentials do, so that some neurons fire at every
// step, some at none, and some late.
func addSteps(stream *rand.Rand, n *ternary.Network, most int) {
	n.Steps = 1 + stream.IntN(most)
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() || stream.IntN(4) == 0 {
			continue
		}
		l.Neuron = ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}
		if stream.IntN(2) == 0 {
			l.Neuron.Reset = ternary.Subtract
		}
		if stream.IntN(2) == 0 {
			l.Neuron.Model, l.Neuron.Leak = ternary.LIF, int32(stream.IntN(7))-3
		}
		for j := range l.Theta {
			l.Theta[j] = int32(stream.IntN(6+4*n.Steps)) - 4
		}
	}
}

// sources draws one or two different sources before layer i, mostly the last.
func sources(stream *rand.Rand, i int) []int {
	from := []int{i - 1}
	if stream.IntN(3) == 0 {
		from = []int{stream.IntN(i+1) - 1}
	}
	if other := stream.IntN(i+1) - 1; stream.IntN(3) == 0 && other != from[0] {
		from = append(from, other)
	}
	return from
}

// fill gives a layer its size, weights and thresholds.
func fill(stream *rand.Rand, n *ternary.Network, l *ternary.Layer, widest int) {
	width := n.Width(l.From)
	switch l.Op {
	case ternary.Concat:
		l.Outputs = width
		return
	case ternary.Dense:
		l.Outputs = 1 + stream.IntN(widest)
		l.Weights = weights(stream, l.Outputs*width, stream.Float64())
	default:
		l.Map = window(stream, width, l.Op)
		l.Outputs = l.Map.OutChannels * l.Map.OutHeight() * l.Map.OutWidth()
		if l.Op != ternary.Conv2D {
			return
		}
		l.Weights = weights(stream, l.Map.OutChannels*l.Map.Channels/l.Map.Groups*l.Map.KernelH*l.Map.KernelW, stream.Float64())
	}
	l.Theta = make([]int32, l.Outputs)
	for j := range l.Theta {
		l.Theta[j] = int32(stream.IntN(9)) - 4 // out of reach for some rows
	}
}

// window reads the sources as one channel or several of a flat map.
func window(stream *rand.Rand, width int, op ternary.Op) ternary.Window {
	w := ternary.Window{Channels: 1, Height: 1, Width: width, StrideH: 1, StrideW: 1 + stream.IntN(3), Groups: 1, KernelH: 1}
	for _, c := range []int{4, 3, 2} {
		if width%c == 0 {
			w.Channels, w.Width = c, width/c
			break
		}
	}
	if w.Width%2 == 0 {
		w.Height, w.Width = 2, w.Width/2
		w.KernelH = 1 + stream.IntN(2)
	}
	w.KernelW = 1 + stream.IntN(w.Width)
	w.PadW = stream.IntN(w.KernelW)
	w.OutChannels = w.Channels
	if op == ternary.Conv2D {
		if stream.IntN(2) == 0 {
			w.Groups = w.Channels
		}
		w.OutChannels = w.Groups * (1 + stream.IntN(2))
	}
	return w
}

// Input draws input bits of the given share of ones.
func Input(stream *rand.Rand, width int, activity float64) encode.Bits {
	b := encode.NewBits(width)
	for i := range width {
		b.Put(i, stream.Float64() < activity)
	}
	return b
}

// Inputs is a set of random inputs; it serves as a simulation source.
type Inputs struct{ rows []encode.Bits }

// NewInputs draws inputs of every activity from none to all.
func NewInputs(stream *rand.Rand, width, samples int) Inputs {
	var in Inputs
	for i := range samples {
		activity := stream.Float64()
		switch i {
		case 0:
			activity = 0
		case 1:
			activity = 1
		}
		in.rows = append(in.rows, Input(stream, width, activity))
	}
	return in
}

// Len is the number of samples.
func (in Inputs) Len() int { return len(in.rows) }

// Bits copies sample i into dst.
func (in Inputs) Bits(i int, dst encode.Bits) { copy(dst.Words(), in.rows[i].Words()) }
