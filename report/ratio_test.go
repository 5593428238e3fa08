package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// The toy run has 24 synaptic ops and 15 axons read in 3 samples: 1.6 an axon. Its op
// costs 1 pJ, so measured at a ratio R it is off by up to |15 R - 24| / 3 pJ.
func TestRatioNote(t *testing.T) {
	const low = "synaptic_op was measured at 4 per axon_read, and this run has 1.60: what one axon_read costs however many follow is inside the price, so that the figure may be too low by up to 12.0 pJ"
	const high = "synaptic_op was measured at 1 per axon_read, and this run has 1.60: what one axon_read costs however many follow is inside the price, so that the figure may be too high by up to 3.00 pJ"
	const none = "synaptic_op was measured at 4 per psum_send, and this run has no psum_send: what one psum_send costs however many follow is inside the price, so that the figure may be too high by up to 8.00 pJ"
	for _, c := range []struct {
		at   hwmodel.MeasuredAt
		want []string
	}{
		{hwmodel.MeasuredAt{Event: ledger.AxonRead, Ratio: 4}, []string{low}},  // (60 - 24)/3
		{hwmodel.MeasuredAt{Event: ledger.AxonRead, Ratio: 1}, []string{high}}, // (24 - 15)/3
		{hwmodel.MeasuredAt{Event: ledger.PsumSend, Ratio: 4}, []string{none}}, // 24/3
		{hwmodel.MeasuredAt{Event: ledger.AxonRead, Ratio: 1.6}, []string{}},   // as measured
		{hwmodel.MeasuredAt{Event: ledger.AxonRead, Ratio: 1.76}, []string{}},  // 9 % sparser
		{hwmodel.MeasuredAt{Event: ledger.AxonRead, Ratio: 1.46}, []string{}},  // 9.6 % denser
	} {
		chip := toyChip(t)
		chip.Prices[ledger.SynapticOp].MeasuredAt = &c.at
		e, err := PriceRun(toyRun(chip), chip, DefaultEnergyOptions())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(e.Notes, c.want) {
			t.Errorf("%v: notes %q\nwant %q", c.at, e.Notes, c.want)
		}
	}
}

// Of an event that the boundary leaves out nothing is said.
func TestRatioNoteInsideTheBoundary(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.HopX].MeasuredAt = &hwmodel.MeasuredAt{Event: ledger.SpikeEmitted, Ratio: 100}
	for boundary, want := range map[hwmodel.BoundaryName]int{hwmodel.BoundaryCore: 0, hwmodel.BoundaryChip: 1} {
		e, err := PriceRun(toyRun(chip), chip, EnergyOptions{UsedCores, boundary})
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Notes) != want {
			t.Errorf("%s: notes %q; want %d", boundary, e.Notes, want)
		}
	}
}

// The bound holds whatever part of the price the other event is: a chip whose price e
// splits into b of an op and a of an axon, with b + a/R = e, gives up to 12 pJ more than
// the lumped one, and just that at b = 0.
func TestRatioBoundAgainstSplitPrices(t *testing.T) {
	const ratio, lumped = 4, 1 // pJ
	figure := func(op, more float64) float64 {
		chip := toyChip(t)
		chip.Prices[ledger.SynapticOp].Nominal = op * pJ
		axon := &chip.Prices[ledger.AxonRead] // zero in the file
		axon.State, axon.Nominal = hwmodel.Priced, more*pJ
		e, err := PriceRun(toyRun(chip), chip, DefaultEnergyOptions())
		if err != nil {
			t.Fatal(err)
		}
		return e.Nominal / pJ
	}
	for _, share := range []float64{0, 0.25, 0.5, 1} {
		a := share * lumped * ratio
		if got := figure(lumped-a/ratio, a) - figure(lumped, 0); math.Abs(got-12*share) > 1e-9 {
			t.Errorf("%g of the price is of the axon: %g pJ more; want %g", share, got, 12*share)
		}
	}
}

// The published operating point of TrueNorth is the ratio its price was measured at;
// 7 crosspoints a spike are far from it, and the report says by how much at most:
// 1.481 pJ of 121 ops that are missing for each of the spikes.
func TestTrueNorthFewCrosspoints(t *testing.T) {
	chip := loadChip(t, "truenorth")
	run := newRun(chip, 1, eventsOf{ledger.AxonRead: {1000}, ledger.SynapticOp: {7000}, ledger.CoreTick: {4}})
	r, err := New(Subject{Run: zeroTimed(run), Chip: chip}, Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	const want = "synaptic_op was measured at 128 per axon_read, and this run has 7: what one axon_read costs however many follow is inside the price, so that the figure may be too low by up to 179 nJ"
	if !strings.Contains(r.String(), want) || !slices.Contains(r.Energy.Notes, want) {
		t.Errorf("no note %q in:\n%s", want, r)
	}
}
