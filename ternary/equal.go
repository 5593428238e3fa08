package ternary

import (
	"fmt"
	"slices"
)

// Equal tells whether two networks mean the same, name for name and number for
// number. How they were made (Origin) does not count.
func (n *Network) Equal(o *Network) bool { return Diff(n, o) == "" }

// Diff names the first difference of two networks in one line, a's value
// first; it is empty for equal networks.
func Diff(a, b *Network) string {
	switch {
	case a.Inputs != b.Inputs:
		return fmt.Sprintf("inputs: %d against %d", a.Inputs, b.Inputs)
	case a.Steps != b.Steps:
		return fmt.Sprintf("steps: %d against %d", a.Steps, b.Steps)
	case !slices.Equal(a.Alphabet, b.Alphabet):
		return fmt.Sprintf("alphabet: %v against %v", a.Alphabet, b.Alphabet)
	case len(a.Layers) != len(b.Layers):
		return fmt.Sprintf("layers: %d against %d", len(a.Layers), len(b.Layers))
	}
	for i := range a.Layers {
		if d := diffLayer(a, b, i); d != "" {
			return fmt.Sprintf("layer %d %q: %s", i, a.Layers[i].Name, d)
		}
	}
	if d := diffReadout(a, b); d != "" {
		return fmt.Sprintf("readout %q: %s", a.Readout.Name, d)
	}
	if !slices.Equal(a.Classes, b.Classes) {
		return fmt.Sprintf("classes: %q against %q", a.Classes, b.Classes)
	}
	return diffEncoders(a, b)
}

func diffEncoders(a, b *Network) string {
	x, y := &a.Encoder, &b.Encoder
	switch {
	case x.Equal(y):
		return ""
	case x.Scheme != y.Scheme:
		return fmt.Sprintf("encoder: scheme %q against %q", x.Scheme, y.Scheme)
	case len(x.Features) != len(y.Features):
		return fmt.Sprintf("encoder: %d features against %d", len(x.Features), len(y.Features))
	}
	for i, f := range x.Features {
		if g := y.Features[i]; f.Decimals != g.Decimals || !slices.Equal(f.On, g.On) || !slices.Equal(f.Off, g.Off) {
			return fmt.Sprintf("encoder: feature %d: %+v against %+v", i, f, g)
		}
	}
	panic("ternary: encoders differ in nothing")
}

func diffLayer(a, b *Network, i int) string {
	l, m := &a.Layers[i], &b.Layers[i]
	switch {
	case l.Name != m.Name:
		return fmt.Sprintf("name against %q", m.Name)
	case l.Op != m.Op:
		return fmt.Sprintf("operation %s against %s", l.Op, m.Op)
	case !slices.Equal(l.From, m.From):
		return fmt.Sprintf("sources %v against %v", l.From, m.From)
	case l.Outputs != m.Outputs:
		return fmt.Sprintf("%d neurons against %d", l.Outputs, m.Outputs)
	case l.Op.windowed() && l.Map != m.Map:
		return fmt.Sprintf("window %+v against %+v", l.Map, m.Map)
	case l.Neuron != m.Neuron:
		return fmt.Sprintf("neuron model %+v against %+v", l.Neuron, m.Neuron)
	}
	row := "neuron"
	if l.Op == Conv2D {
		row = "kernel"
	}
	_, width := l.weightShape(a)
	if d := diffWeights(l.Weights, m.Weights, width, row); d != "" {
		return d
	}
	return diffNumbers(l.Theta, m.Theta, "neuron", "threshold")
}

func diffReadout(a, b *Network) string {
	r, s := &a.Readout, &b.Readout
	switch {
	case r.Name != s.Name:
		return fmt.Sprintf("name against %q", s.Name)
	case r.Mode != s.Mode:
		return fmt.Sprintf("mode %s against %s", r.Mode, s.Mode)
	case !slices.Equal(r.From, s.From):
		return fmt.Sprintf("sources %v against %v", r.From, s.From)
	case r.Outputs != s.Outputs:
		return fmt.Sprintf("%d scores against %d", r.Outputs, s.Outputs)
	}
	if d := diffWeights(r.Weights, s.Weights, a.Width(r.From), "score"); d != "" {
		return d
	}
	return diffNumbers(r.Bias, s.Bias, "score", "bias")
}

// diffWeights finds the first weight that differs in matrices of one width.
func diffWeights(a, b []int8, width int, row string) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d weights against %d", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			return fmt.Sprintf("%s %d, input %d: weight %+d against %+d", row, i/width, i%width, a[i], b[i])
		}
	}
	return ""
}

func diffNumbers(a, b []int32, owner, what string) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d values of %s against %d", len(a), what, len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			return fmt.Sprintf("%s %d: %s %d against %d", owner, i, what, a[i], b[i])
		}
	}
	return ""
}
