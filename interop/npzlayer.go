package interop

import (
	"fmt"
	"math"
	"slices"

	"tritloom/ternary"
	"tritloom/ternary/fold"
)

// layer fills layer i: its weights, and thresholds from whatever rule its
// arrays give.
func (in *importer) layer(i int) error {
	l := &in.Network.Layers[i]
	width := in.Network.Width(l.From)
	sees, err := in.sees(l.Name, l.From)
	if err != nil {
		return err
	}
	if l.Weights, err = in.weights(l.Name, l.Outputs, width, in.masks[i]); err != nil {
		return err
	}
	if in.levels[i], err = in.arrays.levels(l.Name, in.options.Activation); err != nil {
		return err
	}
	decide, rule, err := in.rule(l, sees, in.levels[i])
	if err != nil {
		return err
	}
	report := LayerReport{Name: l.Name, Neurons: l.Outputs, Inputs: width, Thresholds: rule, Activation: in.levels[i]}
	for j := range l.Outputs {
		row := l.Row(j, width)
		n, err := decide(j, row)
		if err != nil {
			return fmt.Errorf("layer %q, neuron %d: %w", l.Name, j, err)
		}
		if !slices.Equal(n.Row, row) {
			report.Negated++
			copy(row, n.Row)
		}
		if low, high := ternary.Reach(row); n.Theta <= low || n.Theta > high {
			report.Constant++
		}
		l.Theta[j] = n.Theta
	}
	in.Layers = append(in.Layers, report)
	return nil
}

// sees is the levels of a layer's sources, which must agree: a sum over both
// kinds is not a sum over bits.
func (in *importer) sees(name string, from []int) (Levels, error) {
	levels := in.levels[from[0]]
	for _, s := range from {
		if in.levels[s] != levels {
			return "", fmt.Errorf("%q listens to %s and to %s values; give all its sources the same levels", name, levels, in.levels[s])
		}
	}
	return levels, nil
}

// weights reads a layer's matrix, [out][in], and holds it against the mask;
// nil lets every weight be.
func (in *importer) weights(name string, out, width int, mask []bool) ([]int8, error) {
	m, transposed, err := in.arrays.matrix(name, out, width)
	if err != nil {
		return nil, err
	}
	weights := make([]int8, out*width)
	for j := range out {
		for i := range width {
			at := j*width + i
			if transposed {
				at = i*out + j
			}
			w, ok := m.whole(at)
			if !ok || w < -1 || w > 1 {
				return nil, fmt.Errorf("array %q: %s; want -1, 0 or +1 as whole numbers; apply sign or the ternarisation to trained weights, and divide by their scale, before saving", m.Name, m.place(at))
			}
			if w != 0 && mask != nil && !mask[j*width+i] {
				return nil, fmt.Errorf("array %q: %s; by the pattern of layer %q neuron %d does not listen to input %d; set it to 0 or change the pattern", m.Name, m.place(at), name, j, i)
			}
			weights[j*width+i] = int8(w)
		}
	}
	return weights, nil
}

// decider makes neuron j of its row as the other program has it.
type decider func(j int, row []int8) (fold.Neuron, error)

// rule finds out how a layer's neurons fire.
func (in *importer) rule(l *ternary.Layer, sees, makes Levels) (decider, Rule, error) {
	threshold, bias := l.Name+".threshold", l.Name+".bias"
	norm := slices.ContainsFunc(batchNormArrays, func(part string) bool { return in.arrays.has(l.Name + part) })
	switch {
	case in.arrays.has(threshold) && (in.arrays.has(bias) || norm):
		return nil, "", fmt.Errorf("layer %q has a threshold and a bias or batch norm; one rule decides when a neuron fires; leave the others out", l.Name)
	case l.Neuron.Model != ternary.Step && (!in.arrays.has(threshold) || sees != Binary || makes != Binary):
		return nil, "", fmt.Errorf("layer %q has %s neurons, which keep a potential: give them a threshold and binary levels", l.Name, l.Neuron.Model)
	case in.arrays.has(threshold):
		decide, err := in.fromThreshold(threshold, l.Outputs, sees, numbers.ceil)
		return decide, FromThreshold, err
	case norm:
		decide, err := in.fromBatchNorm(l.Name, l.Outputs, sees)
		return decide, FromBatchNorm, err
	case in.arrays.has(bias): // sum + bias >= 0 is sum >= -bias
		decide, err := in.fromThreshold(bias, l.Outputs, sees, func(v numbers, j int) (int64, bool) {
			n, ok := v.floor(j)
			return -n, ok
		})
		return decide, FromBias, err
	}
	return nil, "", fmt.Errorf("layer %q has no rule to fire by: give %s, %s or %s.bn.gamma and so on; zeros as threshold fire where the sum is at least 0; the file holds %s", l.Name, threshold, bias, l.Name, in.arrays.names())
}

// fromThreshold compares sums with whole numbers, which asks for no float.
func (in *importer) fromThreshold(name string, neurons int, sees Levels, least func(numbers, int) (int64, bool)) (decider, error) {
	v, err := in.arrays.get(name, neurons)
	return func(j int, row []int8) (fold.Neuron, error) {
		t, ok := least(v, j)
		if ok && sees == Bipolar { // Σw(2b-1) >= t is Σwb >= (t + Σw)/2
			low, high := ternary.Reach(row)
			t = ceilHalf(t + int64(low) + int64(high))
		}
		if !ok || t < math.MinInt32 || t > math.MaxInt32 {
			return fold.Neuron{}, fmt.Errorf("array %q has %s; want a finite number within ±%d", name, v.show(j), math.MaxInt32)
		}
		return fold.Neuron{Row: row, Theta: int32(t)}, nil
	}, err
}

// ceilHalf is half of n, rounded up.
func ceilHalf(n int64) int64 { return (n + 1) >> 1 }

// batchNormArrays are the parts of names that belong to a batch norm.
var batchNormArrays = []string{".bn.gamma", ".bn.beta", ".bn.mean", ".bn.var", ".bn.eps"}

// fromBatchNorm folds the float32 expression of every neuron.
func (in *importer) fromBatchNorm(name string, neurons int, sees Levels) (decider, error) {
	var parts [4]numbers
	for k := range parts {
		var err error
		if parts[k], err = in.arrays.get(name+batchNormArrays[k], neurons); err != nil {
			return nil, err
		}
	}
	eps, err := in.eps(name)
	if err != nil {
		return nil, err
	}
	bias := func(int) (float32, error) { return 0, nil }
	if in.arrays.has(name + ".bias") {
		v, err := in.arrays.get(name+".bias", neurons)
		if err != nil {
			return nil, err
		}
		bias = v.float32
	}
	inputs := map[Levels]fold.Inputs{Binary: fold.Binary, Bipolar: fold.Bipolar}[sees]
	return func(j int, row []int8) (fold.Neuron, error) {
		b, err := bias(j)
		if err != nil {
			return fold.Neuron{}, err
		}
		norm, err := batchNorm(parts, eps, j)
		if err != nil {
			return fold.Neuron{}, err
		}
		return fold.Dense(row, fold.Activation{Norm: biased{norm, b}}, inputs)
	}, nil
}

// batchNorm is the expression of neuron j.
func batchNorm(parts [4]numbers, eps float32, j int) (fold.BatchNorm, error) {
	var p [4]float32
	for k, v := range parts {
		var err error
		if p[k], err = v.float32(j); err != nil {
			return fold.BatchNorm{}, err
		}
	}
	if p[3] < 0 {
		return fold.BatchNorm{}, fmt.Errorf("array %q: item %d is %v; a variance is at least 0; save running variances, not deviations or their logarithms", parts[3].Name, j, p[3])
	}
	return fold.BatchNorm{Gamma: p[0], Beta: p[1], Mean: p[2], Variance: p[3], Eps: eps}, nil
}

// eps is what a layer's batch norm adds to its variances.
func (in *importer) eps(layer string) (float32, error) {
	name := layer + ".bn.eps"
	if !in.arrays.has(name) {
		if in.options.Eps == 0 {
			return 0, fmt.Errorf("layer %q has a batch norm without eps; add %s or give --eps; PyTorch's default is 1e-5, Keras's 1e-3", layer, name)
		}
		return in.options.Eps, nil
	}
	v, err := in.arrays.get(name)
	if err != nil {
		if v, err = in.arrays.get(name, 1); err != nil {
			return 0, fmt.Errorf("%w, or one number", err)
		}
	}
	x, _ := v.real(0) // frameworks keep eps as a float64 and add it in float32
	if !(x >= 0 && x < math.MaxFloat32) {
		return 0, fmt.Errorf("array %q is %s; want a small number from 0, such as 1e-5", name, v.show(0))
	}
	return float32(x), nil
}

// biased is a batch norm after a layer with a bias.
type biased struct {
	fold.BatchNorm
	bias float32
}

// Apply is the expression in float32, rounded after every operation.
func (b biased) Apply(x float32) float32 { return b.BatchNorm.Apply(float32(x + b.bias)) }
