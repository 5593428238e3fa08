package ternary

import "math/bits"

// Size counts what a network stores: weights once, as its file does, so a
// convolution's kernel counts once however many neurons share it.
type Size struct {
	Neurons int64 `json:"neurons"` // of weighted layers
	Weights int64 `json:"weights"` // places for a weight, readout included
	Nonzero int64 `json:"nonzero"` // weights that are not 0; masked places are among the others

	// WeightBits is Weights times the bits of a code of the alphabet: 2 for
	// ternary.
	WeightBits int64 `json:"weight_bits"`
	// ThresholdBits is one threshold a neuron. A layer's thresholds have one
	// signed width, the smallest that holds every threshold that can matter:
	// -neg..pos+1 over the layer's rows for step neurons, the thresholds
	// themselves for neurons with a potential.
	ThresholdBits int64 `json:"threshold_bits"`
	// BiasBits is one bias a score, in the smallest signed width that holds
	// them all; no biases or all zero take none.
	BiasBits int64 `json:"bias_bits"`
}

// Baseline is another way to store a weight.
type Baseline struct {
	Name string
	Bits int // of one weight
}

// Baselines are what weights are compared with. The last is smaller than
// ternary: two bits a weight cannot win there.
var Baselines = []Baseline{{"fp64", 64}, {"fp32", 32}, {"int8", 8}, {"1-bit", 1}}

// Ratio is how many times the same weights would take in the baseline, over
// the bits they take here: a fraction in lowest terms, 32/1 for fp64 and
// ternary weights. A network without weights has 0/1.
func (s Size) Ratio(b Baseline) (numerator, denominator int64) {
	if s.WeightBits == 0 {
		return 0, 1
	}
	numerator, denominator = s.Weights*int64(b.Bits), s.WeightBits
	x, y := numerator, denominator
	for y != 0 {
		x, y = y, x%y
	}
	return numerator / x, denominator / x
}

// TotalBits is everything a network stores for inference.
func (s Size) TotalBits() int64 { return s.WeightBits + s.ThresholdBits + s.BiasBits }

// Size counts the network, which must be valid.
func (n *Network) Size() Size {
	var s Size
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() {
			continue
		}
		s.Neurons += int64(l.Outputs)
		s.addWeights(l.Weights)
		low, high := l.thresholdRange(n)
		s.ThresholdBits += int64(l.Outputs) * signedWidth(low, high)
	}
	s.addWeights(n.Readout.Weights)
	if low, high := bounds(n.Readout.Bias); low != 0 || high != 0 {
		s.BiasBits = int64(len(n.Readout.Bias)) * signedWidth(low, high)
	}
	s.WeightBits = s.Weights * int64(bits.Len(uint(len(n.Alphabet)-1)))
	return s
}

func (s *Size) addWeights(weights []int8) {
	s.Weights += int64(len(weights))
	for _, w := range weights {
		if w != 0 {
			s.Nonzero++
		}
	}
}

// thresholdRange is the range that a layer's threshold register must hold.
func (l *Layer) thresholdRange(n *Network) (low, high int64) {
	if l.Neuron.Model != Step {
		return bounds(l.Theta)
	}
	rows, width := l.weightShape(n)
	for r := range rows {
		least, most := Reach(l.Weights[r*width : (r+1)*width])
		low, high = min(low, int64(least)), max(high, int64(most)+1)
	}
	return low, high
}

func bounds(values []int32) (low, high int64) {
	for i, v := range values {
		if i == 0 {
			low, high = int64(v), int64(v)
		}
		low, high = min(low, int64(v)), max(high, int64(v))
	}
	return low, high
}

// signedWidth is the bits of the smallest two's complement integer that holds
// low and high: 1 for -1..0, 2 for -2..1.
func signedWidth(low, high int64) int64 {
	width := int64(1)
	for low < -1<<(width-1) || high > 1<<(width-1)-1 {
		width++
	}
	return width
}
