package experiment

import (
	"fmt"
	"strings"

	"tritloom/report"
	"tritloom/ternary"
	"tritloom/trainer"
)

// TrainSummary is what a training run says of itself. Errors are shares of
// wrong decisions; null is unknown.
type TrainSummary struct {
	Algorithm       string           `json:"algorithm"`
	Seed            uint64           `json:"seed"`
	Data            string           `json:"data"`
	Encoder         string           `json:"encoder"`
	Architecture    string           `json:"architecture"`
	Steps           int              `json:"steps"` // of an inference
	Samples         PartSizes        `json:"samples"`
	TrainError      float64          `json:"train_error"`
	ValidationError *float64         `json:"validation_error"`      // null without validation rows, and where they were trained on
	TestError       *float64         `json:"test_error"`            // null without test rows
	Accuracy        *report.Accuracy `json:"accuracy"`              // on the test rows
	TrainS          float64          `json:"train_s"`               // of this process
	CPUS            float64          `json:"cpu_s"`                 // of this process
	ResumedAt       uint64           `json:"resumed_at_candidates"` // trials made by processes before this one
	Checkpoint      string           `json:"checkpoint"`            // file that --resume goes on from, "" for a search that has ended
	AllRows         bool             `json:"all_rows"`              // validation rows were trained on
	Sweeps          int              `json:"sweeps"`
	Candidates      uint64           `json:"candidates"`
	Accepted        uint64           `json:"accepted"`
	LocalOptimum    bool             `json:"local_optimum"`
	Claim           string           `json:"claim"` // what LocalOptimum means; empty without one
	StoppedBy       string           `json:"stopped_by"`
	MaxTrials       uint64           `json:"max_trials_to_reproduce"`
	Weights         int64            `json:"weights"`
	Nonzero         int64            `json:"nonzero"`
	Memory          TrainMemory      `json:"memory"`
	OverSteps       *StepsSummary    `json:"over_steps"` // null for one-shot networks
	Notes           []string         `json:"notes"`      // what reading the data did that a user must know
	Hash            string           `json:"hash"`
}

// PartSizes counts the samples of each part.
type PartSizes struct {
	Train      int `json:"train"`
	Validation int `json:"validation"`
	Test       int `json:"test"`
}

// TrainMemory is the size of the network's numbers, and how many times the
// same number of weights would take in other forms.
type TrainMemory struct {
	WeightBits    int64   `json:"weight_bits"`
	ThresholdBits int64   `json:"threshold_bits"`
	BiasBits      int64   `json:"bias_bits"`
	RatioFP64     float64 `json:"ratio_fp64"`
	RatioFP32     float64 `json:"ratio_fp32"`
	RatioInt8     float64 `json:"ratio_int8"`
}

func summarise(job TrainJob, p *parts, n *ternary.Network, r *trainer.Result, steps *StepsSummary) (*TrainSummary, error) {
	size := n.Size()
	s := &TrainSummary{
		Algorithm: Algorithm, Seed: job.Options.Seed, Data: p.train.Ref, Encoder: p.encoder.String(), Architecture: Architecture(n), Steps: n.Steps,
		Samples:   PartSizes{p.train.Len(), p.validation.Len(), p.test.Len()},
		ResumedAt: job.Checkpoint.resumedAt(), AllRows: job.AllRows, Sweeps: r.Sweeps, Candidates: r.Candidates, Accepted: r.Accepted,
		LocalOptimum: r.LocalOptimum, Claim: r.Claim, StoppedBy: string(r.StoppedBy), MaxTrials: r.MaxTrialsToReproduce,
		Weights: size.Weights, Nonzero: size.Nonzero,
		Memory:    TrainMemory{size.WeightBits, size.ThresholdBits, size.BiasBits, ratio(size, "fp64"), ratio(size, "fp32"), ratio(size, "int8")},
		OverSteps: steps,
		Notes:     append([]string{}, p.train.Set.Notes...),
		Hash:      n.Hash(),
	}
	if !r.LocalOptimum {
		s.Claim = ""
	}
	seen := p.train.Len()
	if job.AllRows {
		seen += p.validation.Len()
	} else if r.ValidationErrors >= 0 && p.validation.Len() > 0 {
		s.ValidationError = errorShare(r.ValidationErrors, p.validation.Len())
	}
	s.TrainError = float64(r.TrainErrors) / float64(seen)
	if p.test.Len() > 0 {
		accuracy, err := report.NewAccuracy(p.test.Correct(n), p.test.Len())
		if err != nil {
			return nil, err
		}
		s.Accuracy, s.TestError = &accuracy, errorShare(accuracy.Total-accuracy.Correct, accuracy.Total)
	}
	return s, nil
}

func errorShare(wrong, total int) *float64 {
	share := float64(wrong) / float64(total)
	return &share
}

func ratio(size ternary.Size, baseline string) float64 {
	for _, b := range ternary.Baselines {
		if numerator, denominator := size.Ratio(b); b.Name == baseline {
			return float64(numerator) / float64(denominator)
		}
	}
	panic("experiment: no baseline " + baseline)
}

// Architecture writes the widths of a network, such as 784-100-10.
func Architecture(n *ternary.Network) string {
	widths := []string{fmt.Sprint(n.Inputs)}
	for i := range n.Layers {
		widths = append(widths, fmt.Sprint(n.Layers[i].Outputs))
	}
	return strings.Join(append(widths, fmt.Sprint(n.Readout.Outputs)), "-")
}
