package ternary

import (
	"fmt"
	"math"
)

// validateSums proves that no sum, potential or score leaves int32, whatever
// the input: the plain evaluator and every packed one may then add without
// looking.
func (n *Network) validateSums() error {
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() {
			continue
		}
		rows, _ := l.weightShape(n)
		bound := widestSum(l.Weights, rows)
		if l.Neuron.Model != Step {
			bound = mulSaturating(bound+magnitude(l.Neuron.Leak)+growth(l), int64(n.Steps))
		}
		if bound > math.MaxInt32 {
			return fmt.Errorf("network: layer %d %q: a neuron may reach %d in %d steps; sums must stay within ±%d; use fewer inputs, smaller weights or fewer steps", i, l.Name, bound, n.Steps, math.MaxInt32)
		}
	}
	return n.validateScores()
}

func (n *Network) validateScores() error {
	r := &n.Readout
	bound := int64(n.Width(r.From))
	if r.Mode == Sum {
		bound = widestSum(r.Weights, r.Outputs)
	}
	bound = mulSaturating(bound, int64(n.Steps))
	var bias int64
	for _, b := range r.Bias {
		bias = max(bias, magnitude(b))
	}
	if bound > math.MaxInt32-bias {
		return fmt.Errorf("network: readout %q: a score may reach %d in %d steps; scores must stay within ±%d; use fewer inputs, smaller biases or fewer steps", r.Name, bound+bias, n.Steps, math.MaxInt32)
	}
	return nil
}

// growth is what a reset by subtraction adds to a potential in one step: only
// a negative threshold moves it away from zero.
func growth(l *Layer) int64 {
	if l.Neuron.Reset != Subtract {
		return 0
	}
	var most int64
	for _, theta := range l.Theta {
		most = max(most, -int64(theta))
	}
	return most
}

// widestSum is the greatest magnitude that any row's sum can have.
func widestSum(weights []int8, rows int) int64 {
	var widest int64
	width := len(weights) / rows
	for r := range rows {
		var low, high int64
		for _, w := range weights[r*width : (r+1)*width] {
			if w < 0 {
				low -= int64(w)
			} else {
				high += int64(w)
			}
		}
		widest = max(widest, low, high)
	}
	return widest
}

func magnitude(v int32) int64 { return max(int64(v), -int64(v)) }

// mulSaturating multiplies magnitudes; 2^62 stands for anything above it.
func mulSaturating(a, b int64) int64 {
	if a > (1<<62)/b {
		return 1 << 62
	}
	return a * b
}

// weightShape is the number of weight rows of a layer and the weights of one:
// a row a neuron for Dense, a kernel an output channel for Conv2D, else none.
func (l *Layer) weightShape(n *Network) (rows, width int) {
	switch l.Op {
	case Dense:
		return l.Outputs, n.Width(l.From)
	case Conv2D:
		return l.Map.OutChannels, l.Map.Channels / l.Map.Groups * l.Map.KernelH * l.Map.KernelW
	}
	return 0, 0
}
