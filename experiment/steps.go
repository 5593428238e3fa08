package experiment

import (
	"context"
	"fmt"

	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// StepsSummary is how a network over steps was made of a one-shot network. Losses
// are summed over the training rows, in units of trainer.LossUnit.
type StepsSummary struct {
	Steps            int           `json:"steps"`
	Model            ternary.Model `json:"model"` // of the hidden neurons
	Reset            ternary.Reset `json:"reset,omitempty"`
	Leak             int32         `json:"leak,omitempty"`
	TemperatureMilli int           `json:"temperature_milli"`
	Sweeps           int           `json:"sweeps"`
	Candidates       uint64        `json:"candidates"`
	Accepted         uint64        `json:"accepted"`
	FirstLoss        int64         `json:"first_loss"` // with the one-shot thresholds
	Loss             int64         `json:"loss"`
	LocalOptimum     bool          `json:"local_optimum"` // no threshold or bias moved by a power of two lowers the loss
	StoppedBy        string        `json:"stopped_by"`
	// OneShot is the network that CoNNTrA found, by its hash and its errors.
	OneShot OneShotSummary `json:"one_shot"`
}

// OneShotSummary is the network that the weights come from.
type OneShotSummary struct {
	Hash             string `json:"hash"`
	TrainErrors      int    `json:"train_errors"`
	ValidationErrors int    `json:"validation_errors"` // -1 without validation rows
}

// withSteps lays a number of steps over a shape: layers that name no model keep
// their potential and take the threshold off when they fire. 0 leaves the shape as
// it is.
func withSteps(spec netspec.Spec, steps int) (netspec.Spec, error) {
	switch {
	case steps < 0 || steps > MaxSteps:
		return spec, fmt.Errorf("--steps %d; want 1..%d", steps, MaxSteps)
	case steps == 0:
		return spec, nil
	case spec.Steps != 0 && spec.Steps != steps:
		return spec, fmt.Errorf("--steps %d, and the --net file says steps: %d; leave one of them out", steps, spec.Steps)
	}
	spec.Steps = steps
	if steps == 1 {
		return spec, nil
	}
	layers := make([]netspec.Layer, len(spec.Layers))
	for i, l := range spec.Layers {
		if l.Model == "" {
			l.Model = ternary.IF
			if l.Reset == "" {
				l.Reset = ternary.Subtract
			}
		}
		layers[i] = l
	}
	spec.Layers = layers
	return spec, nil
}

// MaxSteps is the most that TrainJob.Steps may be.
const MaxSteps = 1000

// overSteps makes the network over steps that was asked for of the one-shot network
// in a result, and puts it in its place.
func overSteps(ctx context.Context, job TrainJob, result *trainer.Result, like *ternary.Network, train, validation *trainer.Samples, progress func(trainer.Progress)) (*StepsSummary, error) {
	found, err := trainer.Integrate(ctx, result.Network, like, train, validation, job.Options, progress)
	if err != nil {
		return nil, err
	}
	neuron := like.Layers[0].Neuron
	s := &StepsSummary{
		Steps: like.Steps, Model: neuron.Model, Reset: neuron.Reset, Leak: neuron.Leak, TemperatureMilli: found.Temperature,
		Sweeps: found.Sweeps, Candidates: found.Candidates, Accepted: found.Accepted, FirstLoss: found.FirstLoss, Loss: found.Loss,
		LocalOptimum: found.LocalOptimum, StoppedBy: string(found.StoppedBy),
		OneShot: OneShotSummary{result.Network.Hash(), result.TrainErrors, result.ValidationErrors},
	}
	result.Network, result.Loss = found.Network, found.Loss
	result.TrainErrors, result.ValidationErrors = found.TrainErrors, found.ValidationErrors
	result.LocalOptimum = false // that was said of the one-shot network
	return s, nil
}
