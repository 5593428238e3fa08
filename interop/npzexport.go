package interop

import (
	"encoding/json"
	"fmt"
	"slices"

	"tritloom/internal/container"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
)

// exportKind is the kind of the container that an export is written in; other
// programs see one more array, called header.
const exportKind = "arrays"

// ExportNPZ gives a network as arrays that ImportNPZ and NumPy read: weights
// int8 [out, in], thresholds and biases int32, levels, and its shape as text.
// tool is the version of the program. The arrays are read back and compared,
// so an export is the network or an error.
func ExportNPZ(n *ternary.Network, tool string) ([]byte, error) {
	arrays, err := exportArrays(n)
	if err != nil {
		return nil, err
	}
	back, err := readBack(arrays)
	if err != nil {
		return nil, fmt.Errorf("an npz of arrays does not hold this network: %w", err)
	}
	if d := ternary.Diff(n, back); d != "" {
		return nil, fmt.Errorf("an npz of arrays does not hold this network exactly: %s", d)
	}
	header, err := json.Marshal(struct {
		Network string `json:"network"`
	}{n.Hash()})
	if err != nil {
		panic("interop: " + err.Error()) // a text always encodes
	}
	return container.Encode(&container.File{Kind: exportKind, Header: header, Tool: tool, Arrays: arrays})
}

// readBack imports what is about to be written.
func readBack(arrays []container.Array) (*ternary.Network, error) {
	shape, err := ShapeOf("export", arrays)
	if err != nil {
		return nil, err
	}
	im, err := ImportNPZ("export", arrays, shape, DefaultOptions())
	if err != nil {
		return nil, err
	}
	return im.Network, nil
}

func exportArrays(n *ternary.Network) ([]container.Array, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	if !slices.Equal(n.Alphabet, ternary.Ternary) {
		return nil, fmt.Errorf("network: its alphabet is %v; arrays are written for %v; train with that", n.Alphabet, ternary.Ternary)
	}
	levels := func(name string) container.Array {
		return container.FromInt8(name+".levels", []int{2}, []int8{0, 1})
	}
	arrays := []container.Array{levels("input")}
	for i := range n.Layers {
		l := &n.Layers[i]
		if l.Op != ternary.Dense {
			return nil, fmt.Errorf("network: layer %d %q is %s; arrays are written for dense layers", i, l.Name, l.Op)
		}
		arrays = append(arrays, levels(l.Name),
			container.FromInt8(l.Name+".weight", []int{l.Outputs, n.Width(l.From)}, l.Weights),
			container.FromInt32(l.Name+".threshold", []int{l.Outputs}, l.Theta))
	}
	if r := &n.Readout; r.Mode == ternary.Sum {
		arrays = append(arrays, container.FromInt8(readoutName+".weight", []int{r.Outputs, n.Width(r.From)}, r.Weights),
			container.FromInt32(readoutName+".bias", []int{r.Outputs}, r.Bias))
	}
	return append(arrays, exportTexts(n)...), nil
}

// exportTexts are the shape, and class names and encoder where there are any.
func exportTexts(n *ternary.Network) []container.Array {
	text := func(name string, data []byte) container.Array {
		return container.FromUint8(name, []int{len(data)}, data)
	}
	object := func(name string, v any) container.Array {
		data, err := json.Marshal(v)
		if err != nil {
			panic("interop: " + err.Error()) // texts and integers always encode
		}
		return text(name, data)
	}
	texts := []container.Array{text(netYAML, shapeOf(n).YAML())}
	if len(n.Classes) > 0 {
		texts = append(texts, object(classNames, n.Classes))
	}
	if n.Encoder.Scheme != "" {
		texts = append(texts, object(encoderText, &n.Encoder))
	}
	return texts
}

// shapeOf is the shape of a network of dense layers, every pattern full: where
// a mask was, there are zeros.
func shapeOf(n *ternary.Network) netspec.Spec {
	names := func(from []int) []string {
		var names []string
		for _, s := range from {
			if s == ternary.Input {
				names = append(names, "input")
			} else {
				names = append(names, n.Layers[s].Name)
			}
		}
		return names
	}
	shape := netspec.Spec{Inputs: []int{n.Inputs}, Classes: n.Readout.Outputs, Readout: netspec.Readout{Mode: n.Readout.Mode, From: names(n.Readout.From)}}
	if n.Steps != 1 {
		shape.Steps = n.Steps
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		layer := netspec.Layer{Name: l.Name, Shape: []int{l.Outputs}, From: names(l.From), Reset: l.Neuron.Reset, Leak: l.Neuron.Leak}
		if l.Neuron.Model != ternary.Step {
			layer.Model = l.Neuron.Model
		}
		shape.Layers = append(shape.Layers, layer)
	}
	return shape
}
