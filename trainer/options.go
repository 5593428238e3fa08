package trainer

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The eight assumptions A1..A8 that a CoNNTrA run makes. The published
// description leaves them open, so each is an option of its own type, kept
// with the network that came out.
type (
	// Init is A1: where the search starts.
	Init string
	// Order is A2: in which order a sweep visits coordinates.
	Order string
	// Candidates is A3: which values a trial may give a weight.
	Candidates string
	// Objective is A4: the loss that must fall.
	Objective string
	// Accept is A5: which trial of a coordinate is kept.
	Accept string
	// Data is A6: which samples a loss is summed over.
	Data string
	// Stop is A7: when the search has come to its own end.
	Stop string
	// Activation is A8: what a neuron does with its sum while training.
	Activation string
)

// The values, one line of meaning each in Choices.
const (
	InitSparse            Init       = "sparse"
	InitUniform           Init       = "uniform"
	InitKeep              Init       = "keep"
	OrderGreedy           Order      = "greedy"
	OrderPermutation      Order      = "permutation"
	CandidatesAll         Candidates = "all"
	CandidatesAdjacent    Candidates = "adjacent"
	ObjectiveCrossEntropy Objective  = "cross-entropy"
	ObjectiveHinge        Objective  = "hinge"
	AcceptBest            Accept     = "best"
	DataFull              Data       = "full"
	StopNoChange          Stop       = "no-change"
	ActivationStep        Activation = "step"
	maxTemperatureMilli              = 1_000_000
	maxHingeMargin                   = 1 << 14
	maxPenalty                       = 1 << 40
	maxThresholdMove                 = 2 // thresholds and biases try ±1 and ±2
)

// Choice is one value of one assumption.
type Choice struct {
	ID, Option, Value, Meaning string
}

// Choices is the one list of assumptions and their implemented values; the
// first of each option is the default.
var Choices = []Choice{
	{"A1", "init", string(InitSparse), "hidden weights zero but for a share of random nonzero values, thresholds at the mean sum, readout uniform"},
	{"A1", "init", string(InitUniform), "every free weight uniform over the alphabet, thresholds at the mean sum"},
	{"A1", "init", string(InitKeep), "weights and thresholds as they stand in the network given"},
	{"A2", "order", string(OrderGreedy), "neurons in random order; all gains of a neuron at once, best first, each verified again before it is kept"},
	{"A2", "order", string(OrderPermutation), "a fresh random permutation of all coordinates each sweep"},
	{"A3", "candidates", string(CandidatesAll), "every other value of the alphabet; thresholds and biases ±1 and ±2"},
	{"A3", "candidates", string(CandidatesAdjacent), "the next lower and higher value of the alphabet; thresholds and biases ±1"},
	{"A4", "objective", string(ObjectiveCrossEntropy), "softmax cross-entropy of the integer scores at a temperature, in fixed point"},
	{"A4", "objective", string(ObjectiveHinge), "how far the best wrong score comes within a margin of the right one"},
	{"A5", "accept", string(AcceptBest), "the value with the lowest objective, if it is strictly lower than before"},
	{"A6", "data", string(DataFull), "all training samples, always"},
	{"A7", "stop", string(StopNoChange), "a sweep without a change"},
	{"A8", "activation", string(ActivationStep), "the step neuron of the final network, bit for bit"},
}

// Options tunes a run. Start from DefaultOptions and change fields. The JSON
// form leaves out the ways to stop that depend on time or on another run, so
// that a run cut by a budget and its repetition by MaxTrials record the same.
type Options struct {
	// Seed fixes the first weights and the order of coordinates.
	Seed uint64 `json:"seed"`

	Init       Init       `json:"init"`
	Order      Order      `json:"order"`
	Candidates Candidates `json:"candidates"`
	Objective  Objective  `json:"objective"`
	Accept     Accept     `json:"accept"`
	Data       Data       `json:"data"`
	Stop       Stop       `json:"stop"`
	Activation Activation `json:"activation"`

	// ZerosPercent is the share of hidden weights that InitSparse leaves zero,
	// in percent, 0..100.
	ZerosPercent int `json:"zeros_percent"`
	// TemperatureMilli divides scores before the softmax, in thousandths of a
	// score unit: 8000 makes a lead of 8 worth a factor e.
	TemperatureMilli int `json:"temperature_milli"`
	// HingeMargin is the lead the hinge asks for, in score units.
	HingeMargin int32 `json:"hinge_margin"`
	// NonzeroPenalty is added to the objective for each nonzero weight, in
	// loss units (LossOne is a loss of 1 on one sample).
	NonzeroPenalty int64 `json:"nonzero_penalty"`
	// LeastGain is by how much a trial must lower the objective beyond
	// strictly, in loss units. Above 0 the end of the search is not a local
	// optimum but "no change better than this".
	LeastGain int64 `json:"least_gain"`

	// MaxSweeps ends the search after so many sweeps; 0 is no limit.
	MaxSweeps int `json:"max_sweeps"`
	// Patience ends the search after so many sweeps without a better
	// validation result (fewer errors, then less loss), and gives the network
	// that was best; 0 ignores validation.
	Patience int `json:"patience"`
	// MaxTrials ends the search before the first step at which so many trials
	// were made; 0 is no limit. A step is a neuron or class in greedy order, a
	// coordinate in permutation order.
	MaxTrials uint64 `json:"-"`
	// Budget ends the search at the first step boundary after it has run out;
	// at least one step is made. A resumed search has the whole of it again. 0
	// is no limit.
	Budget time.Duration `json:"-"`
	// Save is given the search at the first step boundary after SaveEvery has
	// passed since the start or since it last returned, always from the calling
	// goroutine, so that a killed search can go on; nil is never.
	Save func(*Checkpoint) `json:"-"`
	// SaveEvery is the time between two checkpoints; 0 is every boundary.
	SaveEvery time.Duration `json:"-"`
	// Clock tells the time for Budget and SaveEvery; nil is time.Now.
	Clock func() time.Time `json:"-"`
}

// DefaultOptions is a recipe chosen by cross-validation within the training
// rows of the 8×8 digits. The penalty is 0.076 nats a weight: less than the
// ln 3 that would code it, enough to leave out what only fits noise.
func DefaultOptions() Options {
	return Options{
		Seed:             1,
		Init:             InitSparse,
		Order:            OrderGreedy,
		Candidates:       CandidatesAll,
		Objective:        ObjectiveCrossEntropy,
		Accept:           AcceptBest,
		Data:             DataFull,
		Stop:             StopNoChange,
		Activation:       ActivationStep,
		ZerosPercent:     95,
		TemperatureMilli: 4000,
		HingeMargin:      16,
		NonzeroPenalty:   5000,
		MaxSweeps:        12,
	}
}

// Validate checks every field; its error names the field, the value and what
// is allowed.
func (o Options) Validate() error {
	for _, c := range []struct{ option, value string }{
		{"init", string(o.Init)}, {"order", string(o.Order)}, {"candidates", string(o.Candidates)},
		{"objective", string(o.Objective)}, {"accept", string(o.Accept)}, {"data", string(o.Data)},
		{"stop", string(o.Stop)}, {"activation", string(o.Activation)},
	} {
		if allowed := valuesOf(c.option); !slices.Contains(allowed, c.value) {
			return fmt.Errorf("training option %s is %q; want %s", c.option, c.value, strings.Join(allowed, " or "))
		}
	}
	for _, r := range []struct {
		option     string
		value      int64
		low, high  int64
		constraint string
	}{
		{"zeros percent", int64(o.ZerosPercent), 0, 100, "the share of weights that start at zero"},
		{"temperature", int64(o.TemperatureMilli), 1, maxTemperatureMilli, "thousandths of a score unit"},
		{"hinge margin", int64(o.HingeMargin), 1, maxHingeMargin, "score units"},
		{"nonzero penalty", o.NonzeroPenalty, 0, maxPenalty, "loss units a weight"},
		{"least gain", o.LeastGain, 0, maxPenalty, "loss units"},
		{"sweeps", int64(o.MaxSweeps), 0, 1 << 30, "0 is no limit"},
		{"patience", int64(o.Patience), 0, 1 << 30, "sweeps, 0 is off"},
		{"budget", int64(o.Budget), 0, int64(1000 * time.Hour), "nanoseconds, 0 is no limit"},
		{"time between checkpoints", int64(o.SaveEvery), 0, int64(1000 * time.Hour), "nanoseconds, 0 is every step"},
	} {
		if r.value < r.low || r.value > r.high {
			return fmt.Errorf("training option %s is %d; want %d..%d (%s)", r.option, r.value, r.low, r.high, r.constraint)
		}
	}
	return nil
}

func valuesOf(option string) []string {
	var values []string
	for _, c := range Choices {
		if c.Option == option {
			values = append(values, c.Value)
		}
	}
	return values
}
