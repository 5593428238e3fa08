package ternary

import (
	"fmt"
	"slices"
)

// Canon is a network in canonical form, with the way back to the original.
//
// In canonical form every layer is Dense, every neuron reaches the readout, sources
// are listed in rising order and only where a weight uses them, and the readout is
// a Sum. A threshold of a step neuron lies in [low+1, high] of its row's reach; a
// neuron that keeps its potential can reach its threshold within the steps, and can
// miss it at the first. Two one-shot networks of one meaning per neuron have one
// canonical form, so equality of networks can be read off.
//
// The one constant that stays is a neuron that always fires and is heard by a
// neuron that keeps its potential: it listens to nobody and its threshold is its
// leak.
type Canon struct {
	Network *Network
	// Layer holds, for every canonical layer, the index of the original one.
	Layer []int
	// Kept holds, for every canonical layer, the original number of each
	// neuron.
	Kept [][]int32
	// Folded lists the neurons that are gone, by layer and number.
	Folded []Folded
}

// Fate is why a neuron left.
type Fate string

const (
	// Always neurons fire at every step, whatever the input.
	Always Fate = "always"
	// Never neurons fire at no step, whatever the input.
	Never Fate = "never"
	// Dead neurons have no path of nonzero weights to the readout.
	Dead Fate = "dead"
)

// Folded is one neuron that canonical form removed. Constants went into the
// thresholds and biases of their consumers.
type Folded struct {
	Layer, Neuron int // of the original network
	Fate          Fate
}

// maxUnrolled bounds the weights of one layer after unrolling to Dense.
const maxUnrolled = 1 << 30

// Canonical brings a network into canonical form. Convolutions, pools and
// concatenations become dense rows with zeros, which is exact: Or is a threshold
// of 1 over weights +1, And one of the window's size. A potential that is seen
// once is a sum, so one-shot networks have step neurons only; a lif neuron
// without a leak is an if neuron. The error names the layer that has no
// canonical form.
func Canonical(n *Network) (*Canon, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	g, err := newGraph(n)
	if err != nil {
		return nil, err
	}
	g.foldConstants()
	g.markNeeded()
	return g.rebuild(n)
}

// rebuild writes the graph as a network again.
func (g *graph) rebuild(n *Network) (*Canon, error) {
	c := &Canon{Network: &Network{Encoder: n.Encoder, Inputs: n.Inputs, Steps: n.Steps, Classes: n.Classes, Alphabet: n.Alphabet}}
	last := len(g.layers) - 1
	newLayer := make([]int, last)    // canonical index of an original layer
	newNeuron := make([][]int, last) // and of its neurons
	for i, nodes := range g.layers[:last] {
		newNeuron[i] = make([]int, len(nodes))
		var kept []int32
		for j := range nodes {
			switch {
			case nodes[j].fate == Never, nodes[j].fate == Always && !nodes[j].needed:
				c.Folded = append(c.Folded, Folded{i, j, nodes[j].fate})
			case !nodes[j].needed:
				c.Folded = append(c.Folded, Folded{i, j, Dead})
			default:
				newNeuron[i][j] = len(kept)
				kept = append(kept, int32(j))
			}
		}
		if len(kept) == 0 {
			continue
		}
		newLayer[i] = len(c.Network.Layers)
		layer, err := g.dense(n, i, kept, newLayer, newNeuron, c.Kept)
		if err != nil {
			return nil, fmt.Errorf("network: layer %d %q: %w", i, n.Layers[i].Name, err)
		}
		c.Network.Layers = append(c.Network.Layers, layer)
		c.Layer, c.Kept = append(c.Layer, i), append(c.Kept, kept)
	}
	scores := make([]int32, len(g.layers[last]))
	for j := range scores {
		scores[j] = int32(j)
	}
	layer, err := g.dense(n, last, scores, newLayer, newNeuron, c.Kept)
	if err != nil {
		return nil, fmt.Errorf("network: readout %q: %w", n.Readout.Name, err)
	}
	bias := layer.Theta
	for k := range bias {
		bias[k] = -bias[k]
	}
	c.Network.Readout = Readout{Name: n.Readout.Name, Mode: Sum, From: layer.From, Outputs: layer.Outputs, Weights: layer.Weights, Bias: bias}
	c.Network.Alphabet = c.Network.AlphabetInUse()
	return c, c.Network.Validate()
}

// dense writes the kept neurons of one layer as a dense matrix over the
// canonical sources that any of them uses.
func (g *graph) dense(n *Network, i int, kept []int32, newLayer []int, newNeuron [][]int, keptOf [][]int32) (Layer, error) {
	used := map[int]bool{}
	for _, j := range kept {
		for _, t := range g.layers[i][j].taps {
			used[sourceOf(t.from, newLayer)] = true
		}
	}
	l := Layer{Op: Dense, Neuron: g.layers[i][kept[0]].neuron, Outputs: len(kept), Theta: make([]int32, len(kept))}
	if i < len(n.Layers) {
		l.Name = n.Layers[i].Name
	}
	offset, width := map[int]int{}, 0
	for s := Input; s < len(keptOf); s++ {
		if !used[s] {
			continue
		}
		l.From = append(l.From, s)
		offset[s] = width
		if s == Input {
			width += n.Inputs
		} else {
			width += len(keptOf[s])
		}
	}
	if width > 0 && len(kept) > maxUnrolled/width {
		return l, fmt.Errorf("unrolled to %d × %d weights; at most %d; use groups or a smaller map", len(kept), width, maxUnrolled)
	}
	l.Weights = make([]int8, len(kept)*width)
	for k, j := range kept {
		v := &g.layers[i][j]
		l.Theta[k] = int32(v.theta) // fits: a kept threshold is the original one or in its row's reach, and Validate bounds scores
		for _, t := range v.taps {
			at := t.from.neuron
			if t.from.layer != Input {
				at = newNeuron[t.from.layer][t.from.neuron]
			}
			l.Weights[k*width+offset[sourceOf(t.from, newLayer)]+at] = int8(t.weight)
		}
	}
	return l, nil
}

func sourceOf(r ref, newLayer []int) int {
	if r.layer == Input {
		return Input
	}
	return newLayer[r.layer]
}

// AlphabetInUse is Ternary, and every other value that a weight has.
func (n *Network) AlphabetInUse() []int8 {
	var seen [256]bool
	mark := func(weights []int8) {
		for _, w := range weights {
			seen[uint8(w)] = true
		}
	}
	for i := range n.Layers {
		mark(n.Layers[i].Weights)
	}
	mark(n.Readout.Weights)
	alphabet := slices.Clone(Ternary)
	for v := -128; v <= 127; v++ {
		if seen[uint8(int8(v))] && !slices.Contains(alphabet, int8(v)) {
			alphabet = append(alphabet, int8(v))
		}
	}
	slices.Sort(alphabet)
	return alphabet
}
