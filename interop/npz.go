// Package interop brings in networks that other programs trained and hands
// ours back, one format at a time. It is exact or an error: what cannot be an
// integer network is refused with its place.
//
// The npz format is NumPy arrays beside the shape of the network (package
// netspec). For every layer NAME of the shape:
//
//	NAME.weight     [out, in] as PyTorch keeps it, or
//	NAME.kernel     [in, out] as Keras keeps it; -1, 0 and +1 as int8..int64,
//	                float32 or float64
//
// and one rule by which its neurons fire, every array [out]:
//
//	NAME.threshold  fires where sum >= threshold
//	NAME.bias       fires where sum + bias >= 0
//	NAME.bn.gamma, NAME.bn.beta, NAME.bn.mean, NAME.bn.var, NAME.bn.eps
//	                fires where gamma·(x - mean)/sqrt(var + eps) + beta >= 0 in
//	                float32, with x the sum, plus NAME.bias where there is one
//
// The readout has readout.weight or readout.kernel, and readout.bias where it
// is not zero; its scores are whole numbers, and their order must survive.
//
// Values are levels: binary bits are 0 and 1, bipolar ones -1 and +1.
// input.levels and NAME.levels, [0, 1] or [-1, 1], say which; without them
// Options do. Every tie is +1 or 1, as in x >= 0; note that torch.sign(0) is 0.
//
// What the other program computed may lie beside it, sample by sample, and is
// then replayed: inputs [n, width], outputs.NAME [n, out], scores [n, classes]
// and classes [n]. Our own exports also hold net_yaml, class_names and encoder,
// texts as uint8. Any other array is refused, because a misspelt name would
// change the network in silence.
//
// The package does not know how the network was trained, and nothing of chips.
package interop

import (
	"encoding/json"
	"fmt"
	"math"

	"tritloom/encode"
	"tritloom/internal/container"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
)

// Levels says which two numbers stand for the bits 0 and 1.
type Levels string

// The levels.
const (
	Binary  Levels = "binary"  // 0 and 1
	Bipolar Levels = "bipolar" // -1 and +1
)

// low is the number that stands for a bit of 0; 1 always stands for a 1.
func (l Levels) low() int64 {
	if l == Bipolar {
		return -1
	}
	return 0
}

// Options says what the arrays leave open. Start from DefaultOptions.
type Options struct {
	// Inputs are the levels of the input, where input.levels is missing.
	Inputs Levels
	// Activation are the levels of every layer without an array NAME.levels.
	Activation Levels
	// Eps is added to the variance of every batch norm without an array
	// NAME.bn.eps; 0 means that each needs its array.
	Eps float32
	// Seed draws the masks of uniform patterns, as it did for training.
	Seed uint64
}

// DefaultOptions are binary levels, no eps, and seed 1.
func DefaultOptions() Options { return Options{Inputs: Binary, Activation: Binary, Seed: 1} }

// Validate checks the levels and eps.
func (o Options) Validate() error {
	for _, l := range []struct {
		what   string
		levels Levels
	}{{"inputs", o.Inputs}, {"activation", o.Activation}} {
		if l.levels != Binary && l.levels != Bipolar {
			return fmt.Errorf("%s %q; want %s (0 and 1) or %s (-1 and +1)", l.what, l.levels, Binary, Bipolar)
		}
	}
	if !(o.Eps >= 0) || math.IsInf(float64(o.Eps), 0) {
		return fmt.Errorf("eps %v; want a small number from 0, such as 1e-5 (PyTorch's default) or 1e-3 (Keras's)", o.Eps)
	}
	return nil
}

// Rule is what a layer's thresholds were made from.
type Rule string

// The rules.
const (
	FromThreshold Rule = "threshold"
	FromBias      Rule = "bias"
	FromBatchNorm Rule = "batch_norm"
)

// LayerReport says what became of one layer.
type LayerReport struct {
	Name       string `json:"name"`
	Neurons    int    `json:"neurons"`
	Inputs     int    `json:"inputs"`
	Thresholds Rule   `json:"thresholds"`
	Activation Levels `json:"activation"`
	Negated    int    `json:"negated"`  // rows turned round because their gamma is negative
	Constant   int    `json:"constant"` // neurons that no input can change
}

// Imported is a network from outside with what was recorded of it.
type Imported struct {
	Network *ternary.Network
	Layers  []LayerReport
	// Notes are facts a user may want to know, one line each.
	Notes []string

	recorded recording
	scores   scoreLaw
	levels   map[int]Levels // by source number
}

// Folded is the number of neurons whose threshold came out of a batch norm.
func (im *Imported) Folded() int {
	folded := 0
	for _, l := range im.Layers {
		if l.Thresholds == FromBatchNorm {
			folded += l.Neurons
		}
	}
	return folded
}

// ShapeOf reads the shape that an export of ours carries in net_yaml; name
// starts every message.
func ShapeOf(name string, arrays []container.Array) (netspec.Spec, error) {
	text, err := newArraySet(arrays).text(netYAML)
	switch {
	case err != nil:
		return netspec.Spec{}, fmt.Errorf("%s: %w", name, err)
	case text == nil:
		return netspec.Spec{}, fmt.Errorf("%s: it carries no shape of its network (an array %s); give one with --net NET.yaml or --net 784-100-10", name, netYAML)
	}
	return netspec.ParseYAML(name+": "+netYAML, text)
}

// ImportNPZ makes the network of a shape from arrays. No memory is taken for
// weights that are not there. Errors are one line that starts with name.
func ImportNPZ(name string, arrays []container.Array, shape netspec.Spec, o Options) (*Imported, error) {
	im, err := importNPZ(arrays, shape, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return im, nil
}

func importNPZ(arrays []container.Array, shape netspec.Spec, o Options) (*Imported, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	shape, err := whole(shape)
	if err != nil {
		return nil, err
	}
	set := newArraySet(arrays)
	if err := set.covers(shape); err != nil {
		return nil, err
	}
	net, masks, err := shape.Build(product(shape.Inputs), shape.Classes, o.Seed)
	if err != nil {
		return nil, err
	}
	in := &importer{Imported: Imported{Network: net, levels: map[int]Levels{}}, arrays: set, options: o, masks: masks}
	if err := in.fill(); err != nil {
		return nil, err
	}
	return &in.Imported, nil
}

// importer is an import under way.
type importer struct {
	Imported
	arrays  *arraySet
	options Options
	masks   [][]bool
}

// fill turns every array into its part of the network.
func (in *importer) fill() (err error) {
	if in.levels[ternary.Input], err = in.arrays.levels("input", in.options.Inputs); err != nil {
		return err
	}
	for i := range in.Network.Layers {
		if err := in.layer(i); err != nil {
			return err
		}
	}
	for _, step := range []func() error{in.readout, in.extras, in.record, in.arrays.allRead} {
		if err := step(); err != nil {
			return err
		}
	}
	in.Network.Origin, err = json.Marshal(struct {
		Algorithm string `json:"algorithm"`
		Arrays    string `json:"arrays"`
	}{"import npz", in.arrays.hash()})
	if err != nil {
		panic("interop: " + err.Error()) // texts always encode
	}
	return in.Network.Validate()
}

// extras takes what our own exports add.
func (in *importer) extras() error {
	if _, err := in.arrays.text(netYAML); err != nil {
		return err
	}
	var e encode.Encoder
	if found, err := in.arrays.object(encoderText, &e); err != nil {
		return err
	} else if found {
		in.Network.Encoder = e
	}
	_, err := in.arrays.object(classNames, &in.Network.Classes)
	return err
}

// whole fills in what a shape leaves to its reader, and asks for what only the
// user knows.
func whole(shape netspec.Spec) (netspec.Spec, error) {
	if err := shape.Validate(); err != nil {
		return shape, err
	}
	if len(shape.Inputs) == 0 || shape.Classes == 0 {
		return shape, fmt.Errorf("the shape has inputs %v and %d classes; arrays alone do not say them; add both, such as inputs: [784] and classes: 10", shape.Inputs, shape.Classes)
	}
	shape.Layers = append([]netspec.Layer(nil), shape.Layers...)
	for i := range shape.Layers {
		l := &shape.Layers[i]
		if l.Name == "" {
			l.Name = fmt.Sprintf("hidden%d", i+1)
		}
		if l.Name == readoutName || l.Name == outputsName {
			return shape, fmt.Errorf("layer %d is called %q, which names other arrays; rename the layer", i+1, l.Name)
		}
	}
	return shape, shape.Validate()
}

func product(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}
