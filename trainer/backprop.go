package trainer

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"tritloom/internal/seed"
)

// MLPOptions tunes TrainMLP. Start from DefaultMLPOptions and change fields.
type MLPOptions struct {
	// Seed fixes first weights and batches.
	Seed uint64 `json:"seed"`
	// Epochs is how often every sample is seen.
	Epochs int `json:"epochs"`
	// BatchSize is the number of samples a step's gradient is the mean of.
	BatchSize int `json:"batch_size"`
	// LearningRate is Adam's step size.
	LearningRate float64 `json:"learning_rate"`
}

// DefaultMLPOptions suits features between 0 and 1.
func DefaultMLPOptions() MLPOptions {
	return MLPOptions{Seed: 1, Epochs: 60, BatchSize: 32, LearningRate: 2e-3}
}

// Validate checks every field.
func (o MLPOptions) Validate() error {
	switch {
	case o.Epochs < 1:
		return fmt.Errorf("backprop option epochs is %d; want at least 1", o.Epochs)
	case o.BatchSize < 1:
		return fmt.Errorf("backprop option batch size is %d; want at least 1", o.BatchSize)
	case !(o.LearningRate > 0) || o.LearningRate > 1:
		return fmt.Errorf("backprop option learning rate is %v; want more than 0, at most 1", o.LearningRate)
	}
	return nil
}

// TrainMLP trains a float network with the given hidden widths by minibatch
// backpropagation of the softmax cross-entropy and Adam. features holds a row
// a sample, best scaled to about 0..1; labels are in 0..classes-1. A cancelled
// context ends it after the epoch under way, with the network it has.
func TrainMLP(ctx context.Context, features [][]float64, labels []int32, classes int, hidden []int, o MLPOptions) (*MLP, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := checkLabels(features, labels, classes); err != nil {
		return nil, err
	}
	for i, width := range hidden {
		if width < 1 {
			return nil, fmt.Errorf("hidden layer %d has %d neurons; want at least 1", i, width)
		}
	}
	random := seed.Stream(o.Seed, seed.TrainerBackprop)
	m := newMLP(slices.Concat([]int{len(features[0])}, hidden, []int{classes}), random)
	all, err := m.pack(features)
	if err != nil {
		return nil, err
	}
	step := newAdam(o.LearningRate, len(m.parameters))
	for range o.Epochs {
		order := random.Perm(len(features))
		for chosen := range slices.Chunk(order, o.BatchSize) {
			batch, batchLabels := choose(all, labels, chosen)
			gradient, _ := m.gradient(batch, batchLabels)
			step.update(m.parameters, gradient)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return m, nil
}

func checkLabels(features [][]float64, labels []int32, classes int) error {
	if len(features) == 0 || len(features) != len(labels) || len(features[0]) == 0 {
		return fmt.Errorf("%d rows of features with %d labels; want one label a row, at least one row and one feature", len(features), len(labels))
	}
	for i, label := range labels {
		if label < 0 || int(label) >= classes {
			return fmt.Errorf("label of row %d is %d; want 0..%d", i, label, classes-1)
		}
	}
	return nil
}

// choose copies some rows of all samples.
func choose(all blas64.General, labels []int32, rows []int) (blas64.General, []int32) {
	batch := blas64.General{Rows: len(rows), Cols: all.Cols, Stride: all.Cols, Data: make([]float64, 0, len(rows)*all.Cols)}
	chosen := make([]int32, len(rows))
	for i, row := range rows {
		batch.Data = append(batch.Data, all.Data[row*all.Stride:row*all.Stride+all.Cols]...)
		chosen[i] = labels[row]
	}
	return batch, chosen
}

// gradient is the gradient of the batch's mean cross-entropy, laid out like
// the parameters, and that loss in nats.
func (m *MLP) gradient(batch blas64.General, labels []int32) (gradient []float64, loss float64) {
	outputs := m.forward(batch)
	back := outputs[len(outputs)-1] // becomes the gradient by the scores
	loss = softmaxGradient(back, labels)
	gradient = make([]float64, len(m.parameters))
	for l := m.layers() - 1; l >= 0; l-- {
		byWeights, byBiases := m.layer(gradient, l)
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, outputs[l], back, 0, byWeights)
		for i, v := range back.Data {
			byBiases[i%back.Cols] += v
		}
		if l == 0 {
			break
		}
		weights, _ := m.layer(m.parameters, l)
		below := blas64.General{Rows: back.Rows, Cols: weights.Rows, Stride: weights.Rows, Data: make([]float64, back.Rows*weights.Rows)}
		blas64.Gemm(blas.NoTrans, blas.Trans, 1, back, weights, 0, below)
		for i, v := range outputs[l].Data {
			if v == 0 { // the ReLU is flat here
				below.Data[i] = 0
			}
		}
		back = below
	}
	return gradient, loss
}

// softmaxGradient turns scores into the gradient of the mean cross-entropy by
// them, and gives that mean.
func softmaxGradient(scores blas64.General, labels []int32) (loss float64) {
	n := float64(scores.Rows)
	for i, label := range labels {
		row := scores.Data[i*scores.Stride : i*scores.Stride+scores.Cols]
		high, sum := slices.Max(row), 0.0
		target := row[label]
		for c, s := range row {
			row[c] = math.Exp(s - high)
			sum += row[c]
		}
		loss += (math.Log(sum) + high - target) / n
		for c := range row {
			row[c] /= sum * n
		}
		row[label] -= 1 / n
	}
	return loss
}

// adam is the optimiser of Kingma and Ba, arXiv 1412.6980, algorithm 1, with
// the constants given there.
type adam struct {
	rate         float64
	mean, square []float64
	meanPower    float64 // 0.9^t
	squarePower  float64 // 0.999^t
}

func newAdam(rate float64, n int) *adam {
	return &adam{rate, make([]float64, n), make([]float64, n), 1, 1}
}

func (a *adam) update(parameters, gradient []float64) {
	const meanDecay, squareDecay, epsilon = 0.9, 0.999, 1e-8
	a.meanPower *= meanDecay
	a.squarePower *= squareDecay
	for i, g := range gradient {
		a.mean[i] = meanDecay*a.mean[i] + (1-meanDecay)*g
		a.square[i] = squareDecay*a.square[i] + (1-squareDecay)*g*g
		parameters[i] -= a.rate * (a.mean[i] / (1 - a.meanPower)) / (math.Sqrt(a.square[i]/(1-a.squarePower)) + epsilon)
	}
}
