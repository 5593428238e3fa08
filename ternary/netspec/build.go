package netspec

import (
	"errors"
	"fmt"
	"strings"

	"tritloom/ternary"
)

// Validate checks what can be checked without data: sizes, names, patterns.
func (s Spec) Validate() error {
	if len(s.Inputs) != 0 {
		if err := checkShape(s.Inputs); err != nil {
			return fmt.Errorf("inputs: %w", err)
		}
	}
	if s.Classes < 0 || s.Classes > ternary.MaxNeurons {
		return fmt.Errorf("classes: %d; want 1..%d, or leave it out to take the data's", s.Classes, ternary.MaxNeurons)
	}
	if s.Steps < 0 || s.MaxFanIn < 0 {
		return fmt.Errorf("steps %d and max_fan_in %d; want neither below 0", s.Steps, s.MaxFanIn)
	}
	if len(s.Layers) > ternary.MaxLayers {
		return fmt.Errorf("%d layers; at most %d", len(s.Layers), ternary.MaxLayers)
	}
	seen := map[string]int{inputName: ternary.Input}
	for i, l := range s.Layers {
		name := l.name(i)
		if err := l.validate(seen); err != nil {
			return fmt.Errorf("layer %d %q: %w", i+1, name, err)
		}
		if _, twice := seen[name]; twice {
			return fmt.Errorf("layer %d %q: the name is taken; give each layer its own, none of them %q", i+1, name, inputName)
		}
		seen[name] = i
	}
	if err := checkSources(s.Readout.From, seen); err != nil {
		return fmt.Errorf("readout: %w", err)
	}
	switch s.Readout.Mode {
	case "", ternary.Sum, ternary.Count, ternary.Vote:
		return nil
	}
	return fmt.Errorf("readout: mode %q; want %s, %s or %s", s.Readout.Mode, ternary.Sum, ternary.Count, ternary.Vote)
}

func (l Layer) validate(seen map[string]int) error {
	if len(l.Shape) == 0 {
		return errors.New("no shape; give one, such as [100] or [28, 28]")
	}
	if err := checkShape(l.Shape); err != nil {
		return err
	}
	if err := checkSources(l.From, seen); err != nil {
		return err
	}
	if err := l.Pattern.validate(); err != nil {
		return err
	}
	if k := l.Pattern.kind(); len(l.From) > 1 && k != Full && k != Uniform {
		return fmt.Errorf("pattern %s over %d sources; only full and uniform take several", k, len(l.From))
	}
	return nil
}

func checkSources(from []string, seen map[string]int) error {
	for _, name := range from {
		if _, ok := seen[name]; !ok {
			return fmt.Errorf("source %q is no earlier layer; name one, or %s", name, inputName)
		}
	}
	return nil
}

// checkShape checks one, two or four sizes.
func checkShape(shape []int) error {
	if n := len(shape); n != 1 && n != 2 && n != 4 {
		return fmt.Errorf("shape %v has %d sizes; want 1, 2 or 4", shape, n)
	}
	left := ternary.MaxNeurons
	for _, size := range shape {
		if size < 1 || size > left {
			return fmt.Errorf("shape %v; want sizes from 1 whose product is at most %d", shape, ternary.MaxNeurons)
		}
		left /= size
	}
	return nil
}

// name is the layer's name; i counts from 0.
func (l Layer) name(i int) string {
	if l.Name != "" {
		return l.Name
	}
	return fmt.Sprintf("hidden%d", i+1)
}

// Build makes the network of the shape for data of the given number of bits
// and classes: every weight and bias 0, every threshold 1. masks has one entry
// a layer and a last one for the readout: row-major neurons × inputs, true
// where a weight may become nonzero; nil where every weight may. Random masks
// depend on seed and on the layer's number alone.
func (s Spec) Build(inputs, classes int, seed uint64) (net *ternary.Network, masks [][]bool, err error) {
	if err := s.Validate(); err != nil {
		return nil, nil, err
	}
	if err := s.matches(inputs, classes); err != nil {
		return nil, nil, err
	}
	b := builder{
		spec: s, seed: seed, index: map[string]int{inputName: ternary.Input},
		net: &ternary.Network{Inputs: inputs, Steps: max(s.Steps, 1), Alphabet: append([]int8(nil), ternary.Ternary...)},
	}
	for i := range s.Layers {
		if err := b.layer(i); err != nil {
			return nil, nil, fmt.Errorf("layer %d %q: %w", i+1, s.Layers[i].name(i), err)
		}
	}
	if err := b.readout(classes); err != nil {
		return nil, nil, fmt.Errorf("readout: %w", err)
	}
	return b.net, b.masks, b.net.Validate()
}

// matches compares the shape's ends with the data.
func (s Spec) matches(inputs, classes int) error {
	if len(s.Inputs) != 0 && product(s.Inputs) != inputs {
		return fmt.Errorf("--net starts with %d; the data encodes to %d bits; %s", product(s.Inputs), inputs, s.wayOut(inputs, classes))
	}
	if s.Classes != 0 && s.Classes != classes {
		return fmt.Errorf("--net ends with %d; the data has %d classes; %s", s.Classes, classes, s.wayOut(inputs, classes))
	}
	return nil
}

// wayOut writes what the user probably meant.
func (s Spec) wayOut(inputs, classes int) string {
	hidden := ""
	fixed := s
	fixed.Inputs, fixed.Classes = []int{inputs}, classes
	text, ok := fixed.widths()
	if !ok {
		var wanted []string // what the file speaks of
		if len(s.Inputs) > 0 {
			wanted = append(wanted, fmt.Sprintf("%d bits", product(s.Inputs)))
		}
		if s.Classes > 0 {
			wanted = append(wanted, fmt.Sprintf("%d classes", s.Classes))
		}
		return "change inputs or classes of the file, or choose data and encoding of " + strings.Join(wanted, " and ")
	}
	for i, l := range s.Layers {
		if i > 0 {
			hidden += ","
		}
		hidden += fmt.Sprint(l.Shape[0])
	}
	if hidden == "" {
		return fmt.Sprintf("write %s", text)
	}
	return fmt.Sprintf("write %s, or use --hidden %s", text, hidden)
}

// builder holds a network that is being built.
type builder struct {
	spec  Spec
	seed  uint64
	net   *ternary.Network
	masks [][]bool
	index map[string]int // layers by name
}

func (b *builder) layer(i int) error {
	l := b.spec.Layers[i]
	from := b.sources(l.From, i)
	width := b.net.Width(from)
	neurons := product(l.Shape)
	mask, err := l.Pattern.connect(b.sendShape(from, width), l.Shape, b.spec.MaxFanIn, b.seed, i)
	if err != nil {
		return err
	}
	if width > 0 && neurons > ternary.MaxWeights/width {
		return fmt.Errorf("%d × %d weights; at most %d; split the layer", neurons, width, ternary.MaxWeights)
	}
	layer := ternary.Layer{
		Name: l.name(i), Op: ternary.Dense, From: from, Outputs: neurons,
		Weights: make([]int8, neurons*width), Theta: make([]int32, neurons),
		Neuron: ternary.Neuron{Model: l.Model, Reset: l.Reset, Leak: l.Leak},
	}
	if layer.Neuron.Model == "" {
		layer.Neuron.Model = ternary.Step
	}
	for j := range layer.Theta {
		layer.Theta[j] = 1 // silent without input
	}
	b.net.Layers = append(b.net.Layers, layer)
	b.masks = append(b.masks, mask)
	b.index[layer.Name] = i
	return nil
}

// sources finds the numbers of named sources; none means the layer before.
func (b *builder) sources(names []string, i int) []int {
	if len(names) == 0 {
		return []int{i - 1} // ternary.Input for the first
	}
	from := make([]int, len(names))
	for k, name := range names {
		from[k] = b.index[name]
	}
	return from
}

// sendShape is the shape that a pattern sees: the source's own, or a row of
// all bits where there are several sources.
func (b *builder) sendShape(from []int, width int) []int {
	switch {
	case len(from) == 1 && from[0] >= 0:
		return b.spec.Layers[from[0]].Shape
	case len(from) == 1 && len(b.spec.Inputs) != 0:
		return b.spec.Inputs
	}
	return []int{width}
}

func (b *builder) readout(classes int) error {
	mode := b.spec.Readout.Mode
	if mode == "" {
		mode = ternary.Sum
	}
	r := ternary.Readout{Name: "readout", Mode: mode, From: b.sources(b.spec.Readout.From, len(b.spec.Layers)), Outputs: classes}
	if classes < 1 || classes > ternary.MaxNeurons {
		return fmt.Errorf("%d classes; want 1..%d", classes, ternary.MaxNeurons)
	}
	if mode == ternary.Sum {
		width := b.net.Width(r.From)
		if err := checkFanIn("Full", 0, width, b.spec.MaxFanIn); err != nil {
			return err
		}
		if classes > ternary.MaxWeights/width {
			return fmt.Errorf("%d × %d weights; at most %d", classes, width, ternary.MaxWeights)
		}
		r.Weights, r.Bias = make([]int8, classes*width), make([]int32, classes)
	}
	b.net.Readout = r
	b.masks = append(b.masks, nil)
	return nil
}
