package trainer

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// MLP is a float network of ReLU layers with a linear output, the yardstick
// beside the ternary one. Its results are reproducible on one architecture,
// not across architectures.
type MLP struct {
	widths []int // inputs, hidden layers, classes
	// parameters holds every weight and bias: per layer a matrix inputs ×
	// outputs, row-major, then outputs biases.
	parameters []float64
}

// Weights is the number of weights and biases.
func (m *MLP) Weights() int { return len(m.parameters) }

// newMLP draws weights from a normal distribution with variance 2/inputs (He
// et al., arXiv 1502.01852), biases zero.
func newMLP(widths []int, random *rand.Rand) *MLP {
	m := &MLP{widths: widths}
	size := 0
	for l := range m.layers() {
		size += (widths[l] + 1) * widths[l+1]
	}
	m.parameters = make([]float64, size)
	for l := range m.layers() {
		weights, _ := m.layer(m.parameters, l)
		scale := math.Sqrt(2 / float64(widths[l]))
		for i := range weights.Data {
			weights.Data[i] = random.NormFloat64() * scale
		}
	}
	return m
}

func (m *MLP) layers() int { return len(m.widths) - 1 }

// layer is the matrix and the biases of a layer within parameters, or within
// anything laid out like them.
func (m *MLP) layer(parameters []float64, l int) (blas64.General, []float64) {
	at := 0
	for k := range l {
		at += (m.widths[k] + 1) * m.widths[k+1]
	}
	in, out := m.widths[l], m.widths[l+1]
	weights := parameters[at : at+in*out]
	return blas64.General{Rows: in, Cols: out, Stride: out, Data: weights}, parameters[at+in*out : at+(in+1)*out]
}

// Predict gives the class of each row of features, ties to the lowest.
func (m *MLP) Predict(features [][]float64) ([]int, error) {
	batch, err := m.pack(features)
	if err != nil {
		return nil, err
	}
	classes := make([]int, len(features))
	if len(features) == 0 {
		return classes, nil
	}
	outputs := m.forward(batch)
	scores := outputs[len(outputs)-1]
	for i := range classes {
		row := scores.Data[i*scores.Stride : i*scores.Stride+scores.Cols]
		for c, s := range row {
			if s > row[classes[i]] {
				classes[i] = c
			}
		}
	}
	return classes, nil
}

// pack copies rows of features into one matrix.
func (m *MLP) pack(features [][]float64) (blas64.General, error) {
	width := m.widths[0]
	batch := blas64.General{Rows: len(features), Cols: width, Stride: width, Data: make([]float64, len(features)*width)}
	for i, row := range features {
		if len(row) != width {
			return batch, fmt.Errorf("features: row %d has %d values; the network takes %d", i, len(row), width)
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return batch, fmt.Errorf("features: row %d, value %d is %v; want finite numbers", i, j, v)
			}
		}
		copy(batch.Data[i*width:], row)
	}
	return batch, nil
}

// forward gives the outputs of every layer; the first is the batch itself, the
// last the scores of the classes.
func (m *MLP) forward(batch blas64.General) []blas64.General {
	outputs := []blas64.General{batch}
	for l := range m.layers() {
		weights, biases := m.layer(m.parameters, l)
		out := blas64.General{Rows: batch.Rows, Cols: weights.Cols, Stride: weights.Cols, Data: make([]float64, batch.Rows*weights.Cols)}
		for i := range out.Rows {
			copy(out.Data[i*out.Stride:], biases)
		}
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, outputs[l], weights, 1, out)
		if l < m.layers()-1 {
			for i, v := range out.Data {
				out.Data[i] = max(0, v)
			}
		}
		outputs = append(outputs, out)
	}
	return outputs
}
