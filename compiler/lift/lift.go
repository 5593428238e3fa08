// Package lift reads a network back out of a chip image, from the image
// alone.
//
// Structure comes from what is connected: crosspoints, destinations, partial
// sums, ports. Labels give names and numbers, and are checked against the
// structure on the way. It shares no code with the compiler, so that
// Lift(Compile(net)) == Canonical(net) is a proof, for all inputs, that the
// image computes the network.
package lift

import (
	"fmt"
	"slices"

	"tritloom/layout"
	"tritloom/ternary"
)

// Lift decompiles an image of a one-shot network. The error names the cell
// that has no reading.
func Lift(l *layout.Layout) (*ternary.Network, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	heads, err := l.Heads()
	if err != nil {
		return nil, err
	}
	arrivals, err := l.Arrivals()
	if err != nil {
		return nil, err
	}
	r := reader{l, arrivals, senders(l)}
	n := &ternary.Network{Encoder: l.Encoder, Inputs: l.Inputs, Steps: 1, Alphabet: slices.Clone(ternary.Ternary), Classes: l.Classes}
	for i, label := range l.Layers {
		layer, err := r.layer(heads[i])
		if err != nil {
			return nil, fmt.Errorf("layer %d %q: %w", i, label.Name, err)
		}
		layer.Name = label.Name
		n.Layers = append(n.Layers, layer)
	}
	scores, err := r.layer(heads[len(l.Layers)])
	if err != nil {
		return nil, fmt.Errorf("readout %q: %w", l.Readout.Name, err)
	}
	n.Readout = ternary.Readout{Name: l.Readout.Name, Mode: ternary.Sum, From: scores.From, Outputs: scores.Outputs, Weights: scores.Weights, Bias: scores.Theta}
	return n, n.Validate()
}

// reader holds what is needed to follow a neuron's inputs.
type reader struct {
	*layout.Layout
	arrivals [][]layout.Arrival
	into     map[layout.Link]layout.Link // the sender into a column
}

func senders(l *layout.Layout) map[layout.Link]layout.Link {
	into := map[layout.Link]layout.Link{}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if column := &l.Cores[c].Columns[n]; column.Role == layout.Sender {
				into[column.Psum] = layout.Link{Core: int32(c), Column: int32(n)}
			}
		}
	}
	return into
}

// layer reads the neurons whose heads are given. Theta holds thresholds, or
// biases where the heads are score columns.
func (r reader) layer(heads []layout.Link) (ternary.Layer, error) {
	l := ternary.Layer{Op: ternary.Dense, Outputs: len(heads), Neuron: ternary.Neuron{Model: ternary.Step}, Theta: make([]int32, len(heads))}
	rows := make([]map[layout.Label]int32, len(heads))
	used := map[int32]bool{}
	for j, head := range heads {
		column := r.Column(head)
		l.Theta[j] = column.Theta
		if column.Role == layout.Score {
			l.Theta[j] = column.Leak
		}
		rows[j] = r.row(head)
		for source := range rows[j] {
			used[source.Layer] = true
		}
	}
	offset, width := map[int32]int{}, 0
	for s := int32(layout.InputLabel); int(s) < len(r.Layers); s++ {
		if !used[s] {
			continue
		}
		l.From = append(l.From, int(s)) // layout.InputLabel is ternary.Input
		offset[s] = width
		if s == layout.InputLabel {
			width += r.Inputs
		} else {
			width += r.Layers[s].Neurons
		}
	}
	l.Weights = make([]int8, len(heads)*width)
	for j, row := range rows {
		for source, w := range row {
			if w < -1 || w > 1 {
				return l, fmt.Errorf("neuron %d hears %s with weight %d in all; want -1..1", j, r.LabelText(source), w)
			}
			l.Weights[j*width+offset[source.Layer]+int(source.Neuron)] = int8(w)
		}
	}
	return l, nil
}

// row adds up the weights on every source over the chain that ends in a head.
func (r reader) row(head layout.Link) map[layout.Label]int32 {
	row := map[layout.Label]int32{}
	for at, ok := head, true; ok; at, ok = r.into[at] {
		for a, arrival := range r.arrivals[at.Core] {
			if arrival.Source == layout.NoLabel {
				continue
			}
			if w := r.Weight(int(at.Core), a, int(at.Column)); w != 0 {
				row[arrival.Source] += w
			}
		}
	}
	return row
}
