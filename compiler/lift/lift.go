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
	"cmp"
	"fmt"
	"maps"
	"slices"

	"tritloom/layout"
	"tritloom/ternary"
)

// Lift decompiles an image. The error names the cell
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
	n := &ternary.Network{Encoder: l.Encoder, Inputs: l.Inputs, Steps: l.Schedule.StepCount(), Classes: l.Classes}
	for i, label := range l.Layers {
		layer, err := r.layer(heads[i])
		if err == nil {
			layer.Neuron, err = r.neuron(heads[i])
		}
		if err != nil {
			return nil, fmt.Errorf("layer %d %q: %w", i, label.Name, err)
		}
		layer.Name = label.Name
		n.Layers = append(n.Layers, layer)
	}
	if n.Readout, err = r.readout(heads[len(l.Layers)]); err != nil {
		return nil, fmt.Errorf("readout %q: %w", l.Readout.Name, err)
	}
	n.Alphabet = n.AlphabetInUse()
	return n, n.Validate()
}

// readout reads the scores: those of score columns, or one a class from the
// neuron whose spike says that it wins.
func (r reader) readout(heads [][]layout.Link) (ternary.Readout, error) {
	readout := ternary.Readout{Name: r.Readout.Name, Mode: ternary.Sum, Outputs: r.Readout.Neurons}
	if !r.DecidesBySpikes() {
		scores, err := r.layer(heads)
		readout.From, readout.Weights, readout.Bias = scores.From, scores.Weights, scores.Theta
		for c, bias := range r.OutputBias { // of a burst
			readout.Bias[c] += bias
		}
		return readout, err
	}
	readout.Bias = slices.Clone(r.OutputBias)
	if len(r.OutputMap) == 0 {
		readout.Weights = []int8{}
		return readout, nil
	}
	layer := r.Column(layout.Link{Core: r.OutputMap[0].Core, Column: r.OutputMap[0].Column}).Label.Layer
	width := r.Layers[layer].Neurons
	readout.From, readout.Weights = []int{int(layer)}, make([]int8, readout.Outputs*width)
	for _, e := range r.OutputMap {
		neuron := r.Column(layout.Link{Core: e.Core, Column: e.Column}).Label.Neuron
		readout.Weights[int(e.Class)*width+int(neuron)] = 1
	}
	return readout, nil
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

// neuron reads what the neurons of a layer do with their sums, which must be one
// thing for all.
func (r reader) neuron(heads [][]layout.Link) (ternary.Neuron, error) {
	read := ternary.Neuron{Model: ternary.Step}
	for j, copies := range heads {
		for k, head := range copies {
			column := r.Column(head)
			model := ternary.Neuron{Model: ternary.Step}
			switch {
			case !column.Keeps(): // its leak is a part of the threshold
			case column.Leak == 0:
				model = ternary.Neuron{Model: ternary.IF, Reset: resets[column.Reset]}
			default:
				model = ternary.Neuron{Model: ternary.LIF, Reset: resets[column.Reset], Leak: column.Leak}
			}
			if j == 0 && k == 0 {
				read = model
			}
			if model != read {
				return read, fmt.Errorf("neuron %d resets by %s with leak %d, the first one of the layer is %+v; want one kind of neuron a layer", j, column.Reset, column.Leak, read)
			}
		}
	}
	return read, nil
}

// resets are the names of the resets in a network.
var resets = map[layout.Reset]ternary.Reset{layout.ToZero: ternary.ToZero, layout.Subtract: ternary.Subtract}

// layer reads the neurons whose heads are given, one or several copies each.
// Theta holds thresholds, or biases where the heads are score columns.
func (r reader) layer(heads [][]layout.Link) (ternary.Layer, error) {
	l := ternary.Layer{Op: ternary.Dense, Outputs: len(heads), Neuron: ternary.Neuron{Model: ternary.Step}, Theta: make([]int32, len(heads))}
	rows := make([]map[layout.Label]int32, len(heads))
	used := map[int32]bool{}
	for j, copies := range heads {
		for k, head := range copies {
			row, theta := r.row(head)
			if k == 0 {
				rows[j], l.Theta[j] = row, theta
				continue
			}
			if theta != l.Theta[j] || !maps.Equal(row, rows[j]) {
				return l, fmt.Errorf("neuron %d: its copies at core %d column %d and core %d column %d differ", j, copies[0].Core, copies[0].Column, head.Core, head.Column)
			}
		}
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
		for _, source := range slices.SortedFunc(maps.Keys(row), compareLabels) { // one order, so that one error is named
			w := row[source]
			if most := r.mostWeight(); w < -most || w > most {
				return l, fmt.Errorf("neuron %d hears %s with weight %d in all; want -%d..%d", j, r.LabelText(source), w, most, most)
			}
			l.Weights[j*width+offset[source.Layer]+int(source.Neuron)] = int8(w)
		}
	}
	return l, nil
}

func compareLabels(a, b layout.Label) int {
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Neuron, b.Neuron))
}

// mostWeight is the largest weight a network read from this chip may have: a
// crosspoint with a sign stands for one weight; others may add up.
func (r reader) mostWeight() int32 {
	if layout.HoldsSigns(r.Capabilities.Core.SynapseMode) {
		return 1
	}
	return 127
}

// row adds up the weights on every source over the chain that ends in a head,
// and gives what the sum is compared with, or a score's bias. Control spikes
// come in every wave, so their weights are a part of that.
func (r reader) row(head layout.Link) (map[layout.Label]int32, int32) {
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
	always := row[control]
	delete(row, control)
	column := r.Column(head)
	switch {
	case int(column.Label.Layer) == len(r.Layers):
		return row, always + column.Leak
	case column.Keeps(): // the leak is added every step; see neuron
		return row, column.Theta - always
	}
	return row, column.Theta - column.Leak - always
}

// control is the source of axons that control spikes come to.
var control = layout.Label{Layer: layout.ControlLabel}
