package trainer

import (
	"fmt"
	"slices"

	"tritloom/ternary"
)

// follows checks that a search which began with the first network may have come
// to net: the same frame, weights of the alphabet, fixed weights untouched,
// thresholds and biases where trials can move them.
func follows(net, first *ternary.Network, shape Shape) error {
	if net == nil {
		return fmt.Errorf("network is missing")
	}
	if err := net.Validate(); err != nil {
		return err
	}
	if net.Inputs != first.Inputs || len(net.Layers) != len(first.Layers) || net.Steps != first.Steps || !slices.Equal(net.Alphabet, first.Alphabet) {
		return fmt.Errorf("network: %d inputs, %d layers, alphabet %v; this search has %d, %d, %v",
			net.Inputs, len(net.Layers), net.Alphabet, first.Inputs, len(first.Layers), first.Alphabet)
	}
	for i := range net.Layers {
		a, b := &net.Layers[i], &first.Layers[i]
		if a.Op != b.Op || a.Neuron != b.Neuron || a.Outputs != b.Outputs || !slices.Equal(a.From, b.From) {
			return fmt.Errorf("network: layer %d is %s of %d neurons from %v; this search has %s, %d, %v", i, a.Op, a.Outputs, a.From, b.Op, b.Outputs, b.From)
		}
		rows := unitRows{fmt.Sprintf("layer %d", i), a.Weights, b.Weights, shape.mask(i), a.Theta, b.Theta, thresholdLimit(first, b)}
		if err := rows.follow(); err != nil {
			return err
		}
	}
	a, b := &net.Readout, &first.Readout
	if a.Mode != b.Mode || a.Outputs != b.Outputs || !slices.Equal(a.From, b.From) {
		return fmt.Errorf("network: readout is a %s of %d classes from %v; this search has %s, %d, %v", a.Mode, a.Outputs, a.From, b.Mode, b.Outputs, b.From)
	}
	return unitRows{"readout", a.Weights, b.Weights, shape.ReadoutMask, a.Bias, b.Bias, biasLimit(first)}.follow()
}

// unitRows are the weights and constants of a layer or the readout, now and
// first.
type unitRows struct {
	place          string
	weights, fixed []int8
	mask           []bool
	constants      []int32
	firstConstants []int32
	limit          int32 // of the size of a constant that is not the first
}

func (u unitRows) follow() error {
	for i, w := range u.weights {
		if !free(u.mask, i) && w != u.fixed[i] {
			return fmt.Errorf("network: %s: weight %d is %d, and the mask holds it at %d", u.place, i, w, u.fixed[i])
		}
	}
	for k, v := range u.constants {
		if v != u.firstConstants[k] && (v < -u.limit || v > u.limit) {
			return fmt.Errorf("network: %s: threshold or bias %d is %d; a search moves it within ±%d", u.place, k, v, u.limit)
		}
	}
	return nil
}

// thresholdLimit is the size of the largest threshold that a search gives a
// neuron of a layer: one beyond its largest sum.
func thresholdLimit(n *ternary.Network, l *ternary.Layer) int32 {
	low, high := int32(n.Alphabet[0]), int32(n.Alphabet[len(n.Alphabet)-1])
	return int32(n.Width(l.From))*max(-low, high) + 1
}
