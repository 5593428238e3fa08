package ternary

import (
	"fmt"
	"slices"
)

// ref names one bit: an input or a neuron of a layer.
type ref struct{ layer, neuron int }

// tap is one nonzero weight on a bit.
type tap struct {
	from   ref
	weight int32
}

// node is one neuron or one score as a sparse row.
type node struct {
	taps   []tap // rising by source
	theta  int64 // threshold; for scores minus the bias
	neuron Neuron
	needed bool
	fate   Fate // Always, Never, or empty
}

// graph is a network as sparse rows, [layer][neuron]; the readout is the last
// layer.
type graph struct {
	layers [][]node
	steps  int
}

func newGraph(n *Network) (*graph, error) {
	g := &graph{steps: n.Steps}
	bits := make([][]ref, len(n.Layers)) // what each layer's output bits are, concatenations resolved
	resolve := func(from []int) []ref {
		var in []ref
		for _, s := range from {
			if s == Input {
				for i := range n.Inputs {
					in = append(in, ref{Input, i})
				}
				continue
			}
			in = append(in, bits[s]...)
		}
		return in
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		in := resolve(l.From)
		if l.Op == Concat {
			bits[i] = in
			g.layers = append(g.layers, nil)
			continue
		}
		nodes, err := l.unroll(in, n.Steps)
		if err != nil {
			return nil, fmt.Errorf("network: layer %d %q: %w", i, l.Name, err)
		}
		g.layers = append(g.layers, nodes)
		for j := range nodes {
			bits[i] = append(bits[i], ref{i, j})
		}
	}
	scores, err := n.Readout.unroll(resolve(n.Readout.From))
	if err != nil {
		return nil, fmt.Errorf("network: readout %q: %w", n.Readout.Name, err)
	}
	g.layers = append(g.layers, scores)
	return g, nil
}

// unroll writes a layer's neurons as sparse rows over its input bits.
func (l *Layer) unroll(in []ref, steps int) ([]node, error) {
	neuron, leak := l.Neuron.canonical(steps)
	nodes := make([]node, l.Outputs)
	for j := range nodes {
		nodes[j].neuron = neuron
		var taps []tap
		switch l.Op {
		case Dense:
			taps = rowTaps(l.Row(j, len(in)), in)
			nodes[j].theta = int64(l.Theta[j])
		case Conv2D:
			taps = l.convTaps(j, in)
			nodes[j].theta = int64(l.Theta[j])
		case Or, And:
			taps = l.poolTaps(j, in)
			nodes[j].theta = 1
			if l.Op == And {
				nodes[j].theta = int64(len(taps))
			}
		}
		merged, err := mergeTaps(taps)
		if err != nil {
			return nil, fmt.Errorf("neuron %d: %w", j, err)
		}
		nodes[j].taps = merged
		nodes[j].theta -= leak
	}
	return nodes, nil
}

// canonical is the one name of a neuron that has several, and what to take off its
// thresholds for it: over one step a potential is a sum, and a leak a threshold.
func (m Neuron) canonical(steps int) (Neuron, int64) {
	switch {
	case m.Model != Step && steps == 1:
		return Neuron{Model: Step}, int64(m.Leak)
	case m.Model == LIF && m.Leak == 0:
		return Neuron{Model: IF, Reset: m.Reset}, 0
	}
	return m, 0
}

// unroll writes the scores as sparse rows; counting spikes is a sum of +1.
func (r *Readout) unroll(in []ref) ([]node, error) {
	nodes := make([]node, r.Outputs)
	for c := range nodes {
		var taps []tap
		switch r.Mode {
		case Sum:
			taps = rowTaps(r.Row(c, len(in)), in)
			nodes[c].theta = -int64(r.Bias[c])
		case Count, Vote:
			for j := c; j < len(in); j += r.Outputs {
				taps = append(taps, tap{in[j], 1})
			}
		}
		merged, err := mergeTaps(taps)
		if err != nil {
			return nil, fmt.Errorf("score %d: %w", c, err)
		}
		nodes[c].taps, nodes[c].needed, nodes[c].neuron = merged, true, Neuron{Model: Step}
	}
	return nodes, nil
}

func rowTaps(row []int8, in []ref) []tap {
	var taps []tap
	for i, w := range row {
		if w != 0 {
			taps = append(taps, tap{in[i], int32(w)})
		}
	}
	return taps
}

func (l *Layer) convTaps(j int, in []ref) []tap {
	w := l.Map
	inPerGroup := w.Channels / w.Groups
	channel := j / (w.OutHeight() * w.OutWidth())
	first := channel / (w.OutChannels / w.Groups) * inPerGroup
	var taps []tap
	w.taps(j, func(ky, kx, y, x int) {
		for c := range inPerGroup {
			weight := l.Weights[((channel*inPerGroup+c)*w.KernelH+ky)*w.KernelW+kx]
			if weight != 0 {
				taps = append(taps, tap{in[((first+c)*w.Height+y)*w.Width+x], int32(weight)})
			}
		}
	})
	return taps
}

func (l *Layer) poolTaps(j int, in []ref) []tap {
	w := l.Map
	channel := j / (w.OutHeight() * w.OutWidth())
	var taps []tap
	w.taps(j, func(_, _, y, x int) {
		taps = append(taps, tap{in[(channel*w.Height+y)*w.Width+x], 1})
	})
	return taps
}

// mergeTaps sorts by source and adds the weights of a source that is listed
// more than once.
func mergeTaps(taps []tap) ([]tap, error) {
	slices.SortStableFunc(taps, func(a, b tap) int { return compareRefs(a.from, b.from) })
	merged := taps[:0]
	for _, t := range taps {
		if k := len(merged); k > 0 && merged[k-1].from == t.from {
			merged[k-1].weight += t.weight
			continue
		}
		merged = append(merged, t)
	}
	merged = slices.DeleteFunc(merged, func(t tap) bool { return t.weight == 0 })
	for _, t := range merged {
		if t.weight < -128 || t.weight > 127 {
			return nil, fmt.Errorf("a source listed more than once adds up to weight %d; a weight is -128..127", t.weight)
		}
	}
	return merged, nil
}

func compareRefs(a, b ref) int {
	if a.layer != b.layer {
		return a.layer - b.layer
	}
	return a.neuron - b.neuron
}
