package report

import (
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// toyNetwork has 10 weights, 6 not zero, 3 + 2 inputs, 2 neurons + 2 scores;
// rows of the toy chip hold 8 bits.
//
//	ternary: 2·10 + 5 = 25 bits, 4 rows: 16 + 10 additions + 8 = 34 pJ
//	int8:    80 + 40 = 120 bits, 15 rows: 60 + 80 + 8 = 148 pJ
//
// and 80 pJ static each. Three spiking inferences take 357 pJ inside cores, of
// them 9 + 60 + 24 = 93 with the activity; 24 synaptic ops on 6 synapses are
// 4/3 spikes a synapse. Break-even with ternary: 119 - 31 with activity, where
// fixed is (357 - 93)/3 = 88; so 4/3 · (114 - 88)/31 = 1.1183; int8: 4/3 · 140/31.
func TestBaselineByHand(t *testing.T) {
	chip := toyChip(t)
	b, err := NewBaseline(toyRun(chip), chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	wantInterval(t, "spiking", b.Spiking, 119, 65, 227)
	if !near(b.SpikesPerSynapse, 4./3) || b.LowerBound {
		t.Errorf("%g spikes a synapse, lower bound %v; want 4/3, false", b.SpikesPerSynapse, b.LowerBound)
	}
	for i, want := range []struct {
		name                  string
		bits, adds            uint64
		nominal, low, high    float64
		ratio, breakEvenTimes float64
	}{
		{"ternary", 25, 10, 114, 8 + 10 + 4 + 40, 32 + 10 + 16 + 160, 114. / 119, 26. / 31},
		{"int8", 120, 80, 228, 30 + 80 + 4 + 40, 120 + 80 + 16 + 160, 228. / 119, 140. / 31},
	} {
		e := b.Engines[i]
		wantInterval(t, want.name, e.Joules, want.nominal, want.low, want.high)
		if e.Name != want.name || e.BitsRead != want.bits || e.Additions != want.adds || e.Neurons != 4 {
			t.Errorf("engine %+v, want %+v", e, want)
		}
		if !near(e.Ratio, want.ratio) || e.BreakEven == nil || !near(*e.BreakEven, 4./3*want.breakEvenTimes) {
			t.Errorf("%s: ratio %g, break-even %v; want %g, 4/3·%g", e.Name, e.Ratio, e.BreakEven, want.ratio, want.breakEvenTimes)
		}
	}
}

// At the break-even activity both sides take the same energy.
func TestBreakEvenIsWhereEnergiesMeet(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.NeuronTouched].Nominal = 0 // then all but static follows activity
	chip.Prices[ledger.NeuronTouched].Low = 0
	run := newRun(chip, 1, eventsOf{ledger.RowRead: {4}, ledger.SynapticOp: {6}, ledger.CoreTick: {4}})
	b, err := NewBaseline(run, chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	scale := *b.Engines[0].BreakEven / b.SpikesPerSynapse
	if joules := 80 + scale*(16+6); !near(joules*pJ, b.Engines[0].Joules.Nominal) {
		t.Errorf("at break-even spikes take %g pJ, the dense engine %g", joules, b.Engines[0].Joules.Nominal/pJ)
	}
}

// Where idle neurons alone cost more than a dense inference, no sparsity helps.
func TestNoBreakEven(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.NeuronIdle] = chip.Prices[ledger.RowRead]
	run := newRun(chip, 1, eventsOf{ledger.RowRead: {4}, ledger.SynapticOp: {6}, ledger.NeuronIdle: {100}})
	b, err := NewBaseline(run, chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	if even := b.Engines[0].BreakEven; even != nil {
		t.Errorf("break-even at %g, want none: 400 pJ are spent without a spike", *even)
	}
}

// A kernel is stored once and summed at every place.
func TestDenseSizeOfAConvolution(t *testing.T) {
	n := &ternary.Network{
		Inputs: 9,
		Layers: []ternary.Layer{{
			Op: ternary.Conv2D, From: []int{ternary.Input}, Outputs: 4, Weights: []int8{1, 0, -1, 1},
			Map: ternary.Window{Channels: 1, Height: 3, Width: 3, OutChannels: 1, KernelH: 2, KernelW: 2, StrideH: 1, StrideW: 1, Groups: 1},
		}, {Op: ternary.Or, From: []int{0}, Outputs: 1}},
		Readout: ternary.Readout{From: []int{1}, Outputs: 2, Weights: []int8{1, -1}},
	}
	if got, want := denseSize(n), (dense{stored: 6, summed: 18, nonzero: 14, inputs: 10, neurons: 6}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNoBaseline(t *testing.T) {
	chip, n := toyChip(t), toyNetwork()
	n.Steps = 4
	if _, err := NewBaseline(toyRun(chip), chip, n); err == nil || !strings.Contains(err.Error(), "takes 4 steps") {
		t.Errorf("error %v, want one about steps", err)
	}
	chip.Prices[ledger.RowRead] = hwmodel.Price{Kind: ledger.RowRead, State: hwmodel.Unknown, Source: "not published"}
	if _, err := NewBaseline(toyRun(chip), chip, toyNetwork()); err == nil || !strings.Contains(err.Error(), "no memory model") {
		t.Errorf("error %v, want one about the memory model", err)
	}
}
