// Package netspec describes the shape of a network before it is trained:
// widths, sources, and which inputs each neuron may listen to. A shape is a
// string such as 784-100-10, a list of hidden widths, or a YAML file whose
// layers use emergent's connectivity patterns.
//
// Building a shape gives a network of zero weights and masks: places where a
// weight may become nonzero. Widths count bits and neurons. The package does
// not know how weights are found, nor chips, beyond the fan-in limit that a
// shape may state so that a network that could not be compiled is never
// trained.
package netspec

import (
	"fmt"
	"strconv"
	"strings"

	"tritloom/ternary"
)

// Spec is the shape of a network.
type Spec struct {
	// Inputs is the shape of the input bits, row-major: [784], [28, 28], or
	// four sizes (pools y and x, units y and x). Empty takes the data's width.
	Inputs []int `yaml:"inputs,omitempty,flow" json:"inputs,omitempty" jsonschema:"description=shape of the input bits: 1 or 2 or 4 sizes; left out: the width of the data"`
	// Classes is the number of scores; 0 takes the data's number of classes.
	Classes int `yaml:"classes,omitempty" json:"classes,omitempty" jsonschema:"description=number of classes; left out: the data's"`
	// Steps is how often the layers are evaluated for one inference; 0 means 1.
	Steps int `yaml:"steps,omitempty" json:"steps,omitempty" jsonschema:"description=evaluations of the layers for one inference (default 1)"`
	// MaxFanIn is the most inputs a neuron may listen to, such as the axons of
	// a core; 0 means no limit.
	MaxFanIn int `yaml:"max_fan_in,omitempty" json:"max_fan_in,omitempty" jsonschema:"description=most inputs of one neuron or score (default: no limit)"`
	// Layers are in order; the readout follows the last.
	Layers []Layer `yaml:"layers,omitempty" json:"layers,omitempty" jsonschema:"description=layers in order of evaluation"`
	// Readout is how scores are made; the zero value sums the last layer.
	Readout Readout `yaml:"readout,omitempty" json:"readout,omitempty" jsonschema:"description=how class scores are made (default: weighted sum of the last layer)"`
}

// Layer is the shape of one layer of neurons.
type Layer struct {
	// Name names the layer; hidden1, hidden2, ... if empty.
	Name string `yaml:"name,omitempty" json:"name,omitempty" jsonschema:"description=name of the layer (default hidden1 and so on)"`
	// Shape is the layer's sizes, row-major; their product is its neurons.
	Shape []int `yaml:"shape,flow" json:"shape" jsonschema:"description=1 or 2 or 4 sizes; their product is the number of neurons"`
	// From names the source, the layer before if empty. Several sources are
	// concatenated; patterns other than full and uniform take one source.
	From []string `yaml:"from,omitempty,flow" json:"from,omitempty" jsonschema:"description=names of earlier layers or input (default: the layer before)"`
	// Pattern says which inputs each neuron may listen to.
	Pattern Pattern `yaml:"pattern,omitempty" json:"pattern,omitempty" jsonschema:"description=which inputs each neuron may listen to (default: full)"`
	// Model, Reset and Leak are the neuron's; see ternary.Neuron. Empty: step.
	Model ternary.Model `yaml:"model,omitempty" json:"model,omitempty" jsonschema:"enum=step,enum=if,enum=lif,description=neuron model (default step)"`
	Reset ternary.Reset `yaml:"reset,omitempty" json:"reset,omitempty" jsonschema:"enum=zero,enum=subtract,description=reset of if and lif neurons"`
	Leak  int32         `yaml:"leak,omitempty" json:"leak,omitempty" jsonschema:"description=added to a lif potential every step"`
}

// Readout is the shape of the readout.
type Readout struct {
	// Mode is how classes are scored; empty means sum.
	Mode ternary.Mode `yaml:"mode,omitempty" json:"mode,omitempty" jsonschema:"enum=sum,enum=count,enum=vote,description=how classes are scored (default sum)"`
	// From names the sources, the last layer if empty.
	From []string `yaml:"from,omitempty,flow" json:"from,omitempty" jsonschema:"description=names of layers or input (default: the last layer)"`
}

// inputName is what From calls the input bits.
const inputName = "input"

// Parse reads widths with dashes between: inputs, hidden layers, classes.
func Parse(text string) (Spec, error) {
	widths, err := parseWidths("--net "+text, text, "-")
	if err != nil {
		return Spec{}, err
	}
	if len(widths) < 2 {
		return Spec{}, fmt.Errorf("--net %s: one width; want at least inputs and classes, such as 784-100-10, or a file that ends in .yaml", text)
	}
	last := len(widths) - 1
	return widthSpec(widths[0], widths[1:last], widths[last]), nil
}

// Hidden reads hidden widths with commas between and takes the others from
// data and encoder; an empty text means no hidden layer.
func Hidden(text string, inputs, classes int) (Spec, error) {
	var widths []int
	if text != "" {
		var err error
		if widths, err = parseWidths("--hidden "+text, text, ","); err != nil {
			return Spec{}, err
		}
	}
	s := widthSpec(inputs, widths, classes)
	return s, s.Validate()
}

func widthSpec(inputs int, hidden []int, classes int) Spec {
	s := Spec{Inputs: []int{inputs}, Classes: classes}
	for _, w := range hidden {
		s.Layers = append(s.Layers, Layer{Shape: []int{w}})
	}
	return s
}

// parseWidths reads widths; place starts every message.
func parseWidths(place, text, separator string) ([]int, error) {
	var widths []int
	for i, field := range strings.Split(text, separator) {
		w, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil {
			return nil, fmt.Errorf("%s: width %d is %q; want a whole number 1..%d; write a width, or leave it out", place, i+1, field, ternary.MaxNeurons)
		}
		if w < 1 || w > ternary.MaxNeurons {
			return nil, fmt.Errorf("%s: width %d is %d; want 1..%d; give the layer neurons, or leave it out", place, i+1, w, ternary.MaxNeurons)
		}
		widths = append(widths, w)
	}
	return widths, nil
}

// String is the shape as Parse reads it where it has that form, else as YAML.
func (s Spec) String() string {
	if text, ok := s.widths(); ok {
		return text
	}
	return string(s.YAML())
}

// widths is the dashed form of a shape that says nothing else.
func (s Spec) widths() (string, bool) {
	plain := len(s.Inputs) == 1 && s.Classes > 0 && s.Steps == 0 && s.MaxFanIn == 0 && s.Readout.Mode == "" && len(s.Readout.From) == 0
	if !plain {
		return "", false
	}
	widths := []string{strconv.Itoa(s.Inputs[0])}
	for _, l := range s.Layers {
		if l.Name != "" || len(l.Shape) != 1 || len(l.From) != 0 || l.Pattern != (Pattern{}) || l.Model != "" || l.Reset != "" || l.Leak != 0 {
			return "", false
		}
		widths = append(widths, strconv.Itoa(l.Shape[0]))
	}
	return strings.Join(append(widths, strconv.Itoa(s.Classes)), "-"), true
}
