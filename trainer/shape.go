package trainer

import (
	"fmt"

	"tritloom/ternary"
)

// Shape is a network before training: its layers, and which weights may
// differ from zero.
type Shape struct {
	// Network gives layers, alphabet and readout. Its weights matter only
	// where masks forbid change (there they stay as they are) and to InitKeep.
	Network *ternary.Network
	// Masks tells for each layer which weights are free, in the order of its
	// weights; nil is all of them.
	Masks [][]bool
	// ReadoutMask is the same for the readout.
	ReadoutMask []bool
}

// maxSpan is the largest difference of two weights. Distance planes are kept
// for every distance up to it.
const maxSpan = 16

// Validate checks that the trainer can train the network: one-shot, dense
// layers of step neurons, readout by weighted sum, masks that fit.
func (s Shape) Validate() error {
	n := s.Network
	if n == nil {
		return fmt.Errorf("shape: no network")
	}
	if err := n.Validate(); err != nil {
		return err
	}
	if n.Steps != 1 {
		return fmt.Errorf("network: %d steps; CoNNTrA trains one-shot networks of 1 step", n.Steps)
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		if l.Op != ternary.Dense || l.Neuron.Model != ternary.Step {
			return fmt.Errorf("network: layer %d %q is %s of %s neurons; CoNNTrA trains dense layers of step neurons", i, l.Name, l.Op, l.Neuron.Model)
		}
	}
	if n.Readout.Mode != ternary.Sum {
		return fmt.Errorf("network: readout %q is a %s; CoNNTrA trains a weighted sum", n.Readout.Name, n.Readout.Mode)
	}
	return s.validateFrame()
}

// validateFrame checks what the first weights are drawn by: alphabet and
// masks.
func (s Shape) validateFrame() error {
	if n := s.Network; len(n.Alphabet) < 2 || span(n) > maxSpan {
		return fmt.Errorf("network: alphabet %v; want at least 2 values that differ by at most %d", n.Alphabet, maxSpan)
	}
	if len(s.Masks) > len(s.Network.Layers) {
		return fmt.Errorf("shape: %d masks for %d layers; want at most one a layer", len(s.Masks), len(s.Network.Layers))
	}
	for i, mask := range s.Masks {
		if want := len(s.Network.Layers[i].Weights); mask != nil && len(mask) != want {
			return fmt.Errorf("shape: mask of layer %d has %d entries; want %d, or nil for all free", i, len(mask), want)
		}
	}
	if want := len(s.Network.Readout.Weights); s.ReadoutMask != nil && len(s.ReadoutMask) != want {
		return fmt.Errorf("shape: readout mask has %d entries; want %d, or nil for all free", len(s.ReadoutMask), want)
	}
	return nil
}

// mask is the mask of a layer, nil for all free.
func (s Shape) mask(layer int) []bool {
	if layer >= len(s.Masks) {
		return nil
	}
	return s.Masks[layer]
}

// free tells whether weight i of a mask may change.
func free(mask []bool, i int) bool { return mask == nil || mask[i] }

// span is the largest difference of two weights of the alphabet.
func span(n *ternary.Network) int {
	return int(n.Alphabet[len(n.Alphabet)-1]) - int(n.Alphabet[0])
}

// trialReach is by how much at most one trial changes a sum.
func trialReach(n *ternary.Network) int { return max(span(n), maxThresholdMove) }

// biasLimit bounds the size of a readout bias: beyond the largest difference
// that weights can make between two scores it decides alone.
func biasLimit(n *ternary.Network) int32 {
	return int32(n.Width(n.Readout.From)*span(n)) + 1
}

// scoreSpread bounds the difference of two scores of the network, whatever
// weights and biases it starts with or the search gives it, and one of them a
// trial's reach farther: the search asks for such losses before it knows
// whether a trial of that size is allowed.
func scoreSpread(n *ternary.Network) int64 {
	limit := int64(biasLimit(n))
	for _, b := range n.Readout.Bias {
		limit = max(limit, int64(b), -int64(b))
	}
	return int64(n.Width(n.Readout.From)*span(n)) + 2*limit + int64(trialReach(n))
}

// clone copies what training changes.
func clone(n *ternary.Network) *ternary.Network {
	c := *n
	c.Layers = append([]ternary.Layer(nil), n.Layers...)
	for i := range c.Layers {
		l := &c.Layers[i]
		l.Weights = append([]int8(nil), l.Weights...)
		l.Theta = append([]int32(nil), l.Theta...)
	}
	c.Readout.Weights = append([]int8(nil), n.Readout.Weights...)
	c.Readout.Bias = append([]int32(nil), n.Readout.Bias...)
	return &c
}
