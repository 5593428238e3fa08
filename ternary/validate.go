package ternary

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Limits on what a network may claim, so that a hostile file is refused
// before memory is asked for.
const (
	MaxLayers  = 1 << 12
	MaxNeurons = 1 << 24 // of one layer
	MaxWeights = 1 << 31 // of one layer
)

// Validate checks that the network is whole: shapes agree, sources come
// before their users, weights are in the alphabet.
func (n *Network) Validate() error {
	if err := n.Encoder.Validate(); err != nil {
		return err
	}
	if n.Inputs < 1 || n.Inputs > MaxNeurons {
		return fmt.Errorf("network: %d inputs; want 1..%d", n.Inputs, MaxNeurons)
	}
	if w := n.Encoder.Width(); w != 0 && w != n.Inputs {
		return fmt.Errorf("network: the encoder makes %d bits; the network takes %d", w, n.Inputs)
	}
	if n.Steps < 1 || n.Steps > 1<<20 {
		return fmt.Errorf("network: %d steps; want 1..%d", n.Steps, 1<<20)
	}
	if len(n.Alphabet) == 0 || !slices.IsSorted(n.Alphabet) || len(slices.Compact(slices.Clone(n.Alphabet))) != len(n.Alphabet) {
		return fmt.Errorf("network: alphabet %v; want distinct integers in rising order, such as [-1 0 1]", n.Alphabet)
	}
	if len(n.Layers) > MaxLayers {
		return fmt.Errorf("network: %d layers; at most %d", len(n.Layers), MaxLayers)
	}
	if n.Origin != nil && !json.Valid(n.Origin) {
		return fmt.Errorf("network: its origin is not JSON")
	}
	for i := range n.Layers {
		if err := n.validateLayer(i); err != nil {
			return fmt.Errorf("network: layer %d %q: %w", i, n.Layers[i].Name, err)
		}
	}
	if err := n.validateReadout(); err != nil {
		return fmt.Errorf("network: readout %q: %w", n.Readout.Name, err)
	}
	return n.validateSums()
}

func (n *Network) validateLayer(i int) error {
	l := &n.Layers[i]
	if err := checkFrom(l.From, i); err != nil {
		return err
	}
	if l.Outputs < 1 || l.Outputs > MaxNeurons {
		return fmt.Errorf("%d neurons; want 1..%d", l.Outputs, MaxNeurons)
	}
	switch l.Op {
	case Dense:
		if err := checkWeights(l.Weights, l.Outputs, n.Width(l.From), n.Alphabet); err != nil {
			return err
		}
	case Conv2D, Or, And:
		if err := n.validateWindow(l); err != nil {
			return err
		}
		if l.Op == Conv2D {
			rows, width := l.weightShape(n)
			if err := checkWeights(l.Weights, rows, width, n.Alphabet); err != nil {
				return err
			}
		}
	case Concat:
		if w := n.Width(l.From); w != l.Outputs {
			return fmt.Errorf("concatenates %d bits; claims %d", w, l.Outputs)
		}
	default:
		return fmt.Errorf("operation %q; known are %v", l.Op, Ops)
	}
	if !l.Op.Weighted() {
		if l.Theta != nil || l.Op == Concat && l.Weights != nil {
			return fmt.Errorf("%s has no thresholds or weights; found some", l.Op)
		}
		if l.Neuron != (Neuron{Model: Step}) {
			return fmt.Errorf("%s is stateless; its neuron model is %q", l.Op, l.Neuron.Model)
		}
		return nil
	}
	if len(l.Theta) != l.Outputs {
		return fmt.Errorf("%d thresholds for %d neurons", len(l.Theta), l.Outputs)
	}
	return l.Neuron.validate(n.Steps)
}

func (m Neuron) validate(steps int) error {
	switch m.Model {
	case Step:
		if m.Leak != 0 || m.Reset != "" {
			return fmt.Errorf("a step neuron keeps no potential; found reset %q and leak %d", m.Reset, m.Leak)
		}
	case IF, LIF:
		if m.Reset != ToZero && m.Reset != Subtract {
			return fmt.Errorf("reset %q; want %q or %q", m.Reset, ToZero, Subtract)
		}
		if m.Model == IF && m.Leak != 0 {
			return fmt.Errorf("an if neuron has leak %d; make it lif or set the leak to 0", m.Leak)
		}
	default:
		return fmt.Errorf("neuron model %q; known are %q, %q, %q", m.Model, Step, IF, LIF)
	}
	return nil
}

func (n *Network) validateWindow(l *Layer) error {
	w := l.Map
	for _, d := range []int{w.Channels, w.Height, w.Width, w.OutChannels, w.KernelH, w.KernelW, w.StrideH, w.StrideW, w.Groups} {
		if d < 1 || d > MaxNeurons {
			return fmt.Errorf("window %+v: every size, stride and group count must be 1..%d", w, MaxNeurons)
		}
	}
	if w.PadH < 0 || w.PadW < 0 || w.PadH >= w.KernelH || w.PadW >= w.KernelW {
		return fmt.Errorf("padding %d×%d; want at least 0 and less than the kernel %d×%d", w.PadH, w.PadW, w.KernelH, w.KernelW)
	}
	if w.KernelH > w.Height+2*w.PadH || w.KernelW > w.Width+2*w.PadW {
		return fmt.Errorf("kernel %d×%d is larger than the padded map %d×%d", w.KernelH, w.KernelW, w.Height+2*w.PadH, w.Width+2*w.PadW)
	}
	// Each product is bounded before it is compared: a claim of 2^64 bits must
	// not wrap round to the number the sources give.
	if !within(MaxNeurons, w.Channels, w.Height, w.Width) || !within(MaxNeurons, w.OutChannels, w.OutHeight(), w.OutWidth()) {
		return fmt.Errorf("the window %d×%d×%d to %d×%d×%d holds more than %d bits", w.Channels, w.Height, w.Width,
			w.OutChannels, w.OutHeight(), w.OutWidth(), MaxNeurons)
	}
	if in := n.Width(l.From); in != w.Channels*w.Height*w.Width {
		return fmt.Errorf("sources give %d bits; the map %d×%d×%d holds %d", in, w.Channels, w.Height, w.Width, w.Channels*w.Height*w.Width)
	}
	if out := w.OutChannels * w.OutHeight() * w.OutWidth(); out != l.Outputs {
		return fmt.Errorf("the window makes %d neurons; the layer claims %d", out, l.Outputs)
	}
	if l.Op != Conv2D {
		if w.OutChannels != w.Channels || w.Groups != 1 || l.Weights != nil {
			return fmt.Errorf("%s keeps its %d channels and has neither groups nor weights", l.Op, w.Channels)
		}
		return nil
	}
	if w.Channels%w.Groups != 0 || w.OutChannels%w.Groups != 0 {
		return fmt.Errorf("%d groups do not divide %d and %d channels", w.Groups, w.Channels, w.OutChannels)
	}
	if !within(MaxWeights, w.OutChannels, w.Channels/w.Groups, w.KernelH, w.KernelW) {
		return fmt.Errorf("%d kernels of %d×%d×%d weights; at most %d", w.OutChannels, w.Channels/w.Groups, w.KernelH, w.KernelW, MaxWeights)
	}
	return nil
}

// within tells whether the product of positive factors is at most limit.
func within(limit int, factors ...int) bool {
	for _, f := range factors {
		if f > limit {
			return false
		}
		limit /= f
	}
	return true
}

func (n *Network) validateReadout() error {
	r := &n.Readout
	if err := checkFrom(r.From, len(n.Layers)); err != nil {
		return err
	}
	if r.Outputs < 1 || r.Outputs > MaxNeurons {
		return fmt.Errorf("%d classes; want 1..%d", r.Outputs, MaxNeurons)
	}
	if len(n.Classes) != 0 && len(n.Classes) != r.Outputs {
		return fmt.Errorf("%d class names for %d scores", len(n.Classes), r.Outputs)
	}
	width := n.Width(r.From)
	switch r.Mode {
	case Sum:
		if len(r.Bias) != r.Outputs {
			return fmt.Errorf("%d biases for %d scores", len(r.Bias), r.Outputs)
		}
		return checkWeights(r.Weights, r.Outputs, width, n.Alphabet)
	case Count, Vote:
		if r.Weights != nil || r.Bias != nil {
			return fmt.Errorf("%s counts spikes; it has neither weights nor biases", r.Mode)
		}
		if r.Mode == Count && width != r.Outputs || width < r.Outputs {
			return fmt.Errorf("%s of %d neurons into %d scores; want %s", r.Mode, width, r.Outputs,
				map[Mode]string{Count: "as many neurons as scores", Vote: "at least as many neurons as scores"}[r.Mode])
		}
		return nil
	}
	return fmt.Errorf("mode %q; known are %q, %q, %q", r.Mode, Sum, Count, Vote)
}

// checkFrom allows an empty list: a layer whose every weight was removed has
// no source left.
func checkFrom(from []int, before int) error {
	for _, s := range from {
		if s < Input || s >= before {
			return fmt.Errorf("source %d; want %d (the input) or an earlier layer, below %d", s, Input, before)
		}
	}
	return nil
}

func checkWeights(weights []int8, rows, width int, alphabet []int8) error {
	if width > 0 && rows > MaxWeights/width {
		return fmt.Errorf("%d × %d weights; at most %d", rows, width, MaxWeights)
	}
	if len(weights) != rows*width {
		return fmt.Errorf("%d weights for %d rows of %d", len(weights), rows, width)
	}
	var allowed [256]bool
	for _, v := range alphabet {
		allowed[uint8(v)] = true
	}
	for i, w := range weights {
		if !allowed[uint8(w)] {
			return fmt.Errorf("weight of row %d, input %d is %d; the alphabet is %v", i/width, i%width, w, alphabet)
		}
	}
	return nil
}
