package fold

import (
	"fmt"

	"tritloom/ternary"
)

// Conv folds a convolution: one activation an output channel, weights as in a
// Conv2D layer of the window. It gives the weights to store, where channels of
// falling activations are negated, and one threshold a neuron.
//
// Every place of the map is folded by itself over the taps that lie on the
// map: padding contributes nothing, so with bipolar inputs, where a missing
// tap is neither -1 nor +1, places at the border have thresholds of their own.
func Conv(w ternary.Window, weights []int8, activations []Activation, inputs Inputs) ([]int8, []int32, error) {
	kernel := w.Channels / w.Groups * w.KernelH * w.KernelW
	if len(weights) != w.OutChannels*kernel || len(activations) != w.OutChannels {
		return nil, nil, fmt.Errorf("fold: %d weights and %d activations for %d channels of %d weights", len(weights), len(activations), w.OutChannels, kernel)
	}
	folded := make([]int8, 0, len(weights))
	var theta []int32
	for c, a := range activations {
		row := weights[c*kernel : (c+1)*kernel]
		whole, err := Dense(row, a, inputs) // for its sign
		if err != nil {
			return nil, nil, fmt.Errorf("channel %d: %w", c, err)
		}
		folded = append(folded, whole.Row...)
		for y := range w.OutHeight() {
			for x := range w.OutWidth() {
				valid := onMap(w, row, y, x)
				n, err := Dense(valid, a, inputs)
				if err != nil {
					return nil, nil, fmt.Errorf("channel %d, place %d,%d: %w", c, y, x, err)
				}
				theta = append(theta, n.Theta)
			}
		}
	}
	return folded, theta, nil
}

// onMap is a kernel with the taps outside the map set to zero, for the output
// place (oy, ox).
func onMap(w ternary.Window, kernel []int8, oy, ox int) []int8 {
	valid := make([]int8, len(kernel))
	for i, weight := range kernel {
		y := oy*w.StrideH + i/w.KernelW%w.KernelH - w.PadH
		x := ox*w.StrideW + i%w.KernelW - w.PadW
		if y >= 0 && y < w.Height && x >= 0 && x < w.Width {
			valid[i] = weight
		}
	}
	return valid
}

// AveragePool folds a neuron that listens to the k×k averages of a map of bits
// (channels, height, width): its weight row has one weight an average, and the
// folded row one a bit, the same for all k² bits of an average. The trainer's
// neuron is taken to see (Σ w·count)/k², one float32 division of an exact sum.
func AveragePool(row []int8, channels, height, width, k int, a Activation) (Neuron, error) {
	if k < 1 || height%k != 0 || width%k != 0 || len(row) != channels*(height/k)*(width/k) {
		return Neuron{}, fmt.Errorf("fold: %d weights for averages of %d×%d over a map %d×%d×%d; want a size that divides the map and one weight an average", len(row), k, k, channels, height, width)
	}
	bits := make([]int8, channels*height*width)
	for i := range bits {
		c, y, x := i/(height*width), i/width%height, i%width
		bits[i] = row[(c*(height/k)+y/k)*(width/k)+x/k]
	}
	low, high := ternary.Reach(bits)
	mean := func(s int32) float32 { return float32(s) / float32(k*k) }
	return fold(bits, a, low, high, mean)
}
