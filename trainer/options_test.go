package trainer

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tritloom/ternary"
)

func TestDefaultsAreValidAndFirstInTheList(t *testing.T) {
	o := DefaultOptions()
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	chosen := map[string]string{
		"init": string(o.Init), "order": string(o.Order), "candidates": string(o.Candidates), "objective": string(o.Objective),
		"accept": string(o.Accept), "data": string(o.Data), "stop": string(o.Stop), "activation": string(o.Activation),
	}
	for _, c := range Choices {
		if !seen[c.Option] && chosen[c.Option] != c.Value {
			t.Errorf("default of %s is %q; the list begins with %q", c.Option, chosen[c.Option], c.Value)
		}
		seen[c.Option] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d assumptions in the list; want 8", len(seen))
	}
}

func TestOptionsRefuseBadValues(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Init = "zero" }, `training option init is "zero"; want sparse or uniform or keep`},
		{func(o *Options) { o.Order = "" }, `training option order is ""; want greedy or permutation`},
		{func(o *Options) { o.Activation = "relu" }, `training option activation is "relu"; want step`},
		{func(o *Options) { o.ZerosPercent = 101 }, "training option zeros percent is 101; want 0..100"},
		{func(o *Options) { o.TemperatureMilli = 0 }, "training option temperature is 0; want 1..1000000"},
		{func(o *Options) { o.HingeMargin = -1 }, "training option hinge margin is -1; want 1.."},
		{func(o *Options) { o.NonzeroPenalty = -1 }, "training option nonzero penalty is -1; want 0.."},
		{func(o *Options) { o.LeastGain = -1 }, "training option least gain is -1; want 0.."},
		{func(o *Options) { o.MaxSweeps = -1 }, "training option sweeps is -1; want 0.."},
		{func(o *Options) { o.Patience = -2 }, "training option patience is -2; want 0.."},
		{func(o *Options) { o.Budget = -time.Second }, "training option budget is -1000000000; want 0.."},
	} {
		o := DefaultOptions()
		c.change(&o)
		err := o.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v; want one line that begins %q", err, c.want)
		}
	}
}

// A run cut by its budget and its repetition by trials must record the same
// options.
func TestJSONLeavesOutTimeAndTrials(t *testing.T) {
	a, b := DefaultOptions(), DefaultOptions()
	a.Budget, a.Clock = time.Hour, time.Now
	b.MaxTrials = 99
	if x, y := must(json.Marshal(a))(t), must(json.Marshal(b))(t); string(x) != string(y) {
		t.Errorf("%s\n%s", x, y)
	}
}

func TestTrainRefusesWhatItCannotTrain(t *testing.T) {
	samples := digitLike(t, 6, 3, 20, 10)
	for _, c := range []struct {
		name   string
		change func(*Shape, *Options)
		want   string
	}{
		{"steps", func(s *Shape, _ *Options) { s.Network.Steps = 2 }, "2 steps; CoNNTrA trains one-shot networks"},
		{"neuron", func(s *Shape, _ *Options) {
			s.Network.Layers[0].Neuron = ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}
		}, `layer 0 "hidden 0" is dense of if neurons`},
		{"readout", func(s *Shape, _ *Options) {
			s.Network.Readout = ternary.Readout{Mode: ternary.Vote, From: []int{0}, Outputs: 3}
		}, "is a vote; CoNNTrA trains a weighted sum"},
		{"alphabet", func(s *Shape, _ *Options) { s.Network.Alphabet = []int8{0, 100} }, "differ by at most 16"},
		{"empty alphabet", func(s *Shape, _ *Options) { s.Network.Alphabet = nil }, "alphabet []; want at least 2 values"},
		{"unsorted alphabet", func(s *Shape, _ *Options) { s.Network.Alphabet = []int8{1, 0, -1} }, "want distinct integers in rising order"},
		{"no zero", func(s *Shape, _ *Options) { s.Network.Alphabet = []int8{-1, 1} }, "alphabet has no 0; choose uniform"},
		{"mask", func(s *Shape, _ *Options) { s.Masks = [][]bool{make([]bool, 5)} }, "mask of layer 0 has 5 entries; want 24"},
		{"masks", func(s *Shape, _ *Options) { s.Masks = make([][]bool, 2) }, "2 masks for 1 layers"},
		{"readout mask", func(s *Shape, _ *Options) { s.ReadoutMask = make([]bool, 1) }, "readout mask has 1 entries; want 12"},
		{"inputs", func(s *Shape, _ *Options) { *s = Shape{Network: chain(7, nil, 3)} }, "training samples have 6 inputs and 3 classes; the network has 7 and 3"},
		{"temperature", func(_ *Shape, o *Options) { o.TemperatureMilli = 1 }, "overflow the fixed-point loss; want at least"},
		{"patience", func(_ *Shape, o *Options) { o.Patience = 1 }, "no validation samples"},
		{"network", func(s *Shape, _ *Options) { s.Network = nil }, "no network"},
	} {
		shape, o := Shape{Network: chain(6, []int{4}, 3)}, DefaultOptions()
		c.change(&shape, &o)
		_, err := Train(context.Background(), shape, samples, nil, o, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want %q", c.name, err, c.want)
		}
	}
}

// The temperature an overflow error asks for is enough, and one less is not.
func TestLeastTemperatureIsTheLeast(t *testing.T) {
	const spread = 5000
	o := DefaultOptions()
	o.TemperatureMilli = 1
	_, err := newObjective(o, spread)
	if err == nil {
		t.Fatal("a spread of 5000 at a temperature of 0.001 fits")
	}
	least := 0
	for o.TemperatureMilli = 1; least == 0; o.TemperatureMilli++ {
		if _, err := newObjective(o, spread); err == nil {
			least = o.TemperatureMilli
		}
	}
	want := "want at least " + string(must(json.Marshal(least))(t)) + ","
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%v; %d is the least", err, least)
	}
}
