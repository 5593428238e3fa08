package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// fullChip is one second of TrueNorth's published operating point: 1,048,576
// neurons at 20.07 Hz, each spike to one axon of 128 set crosspoints over 21.3
// links in x and in y. One sample takes all 1000 ticks.
func fullChip(chip *hwmodel.Chip) *ledger.Run {
	const neurons, ticks = 1048576, 1000
	spikes := uint64(math.Round(neurons * 20.07))
	hops := uint64(math.Round(neurons * 20.07 * 21.3))
	run := newRun(chip, 1, eventsOf{
		ledger.AxonWrite: {spikes}, ledger.AxonRead: {spikes}, ledger.RowRead: {spikes}, ledger.BitsRead: {256 * spikes},
		ledger.SynapticOp: {128 * spikes}, ledger.NeuronTouched: {neurons * ticks},
		ledger.SpikeEmitted: {spikes}, ledger.PacketCore: {spikes},
		ledger.HopX: {hops}, ledger.HopY: {hops}, ledger.CoreTick: {4096 * ticks},
	})
	run.CoresUsed, run.Cores = 4096, append(run.Cores, make([]ledger.Counts, 4094)...)
	run.Ticks = ledger.Ticks{Total: ticks, PerInference: ticks, InitiationInterval: ticks}
	run.Timing = ledger.Timing{Model: "analytic", QuantumPS: chip.Capabilities.Tick.QuantumPS,
		Tick: chip.Capabilities.Tick.Quanta, Total: ticks * chip.Capabilities.Tick.Quanta, PerSample: []uint64{ticks * chip.Capabilities.Tick.Quanta}}
	return run
}

// TestLumpedPricesMakeNoLowerBound prices the whole chip by three lumped prices.
// The model's 70.6 mW were worked out by hand from three measured powers: 64.43
// static, 3.99 synaptic ops, 2.20 hops; the chip took 71.
func TestLumpedPricesMakeNoLowerBound(t *testing.T) {
	chip := loadChip(t, "truenorth")
	run := fullChip(chip)
	for boundary, want := range map[hwmodel.BoundaryName]float64{ // mJ in a second
		hwmodel.BoundaryCore: 64.43 + 3.99, // hops lie outside
		hwmodel.BoundaryChip: 64.43 + 3.99 + 2.20,
		hwmodel.BoundaryHost: 64.43 + 3.99 + 2.20,
	} {
		e, err := PriceRun(run, chip, EnergyOptions{WholeChip, boundary})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.Nominal*1e3-want) > 0.01 || e.LowerBound || len(e.Unpriced) > 0 { // terms of two decimals
			t.Errorf("%s: %g mJ, unpriced %v; want %g mJ and nothing unpriced", boundary, e.Nominal*1e3, e.Unpriced, want)
		}
		if share := 64.43 / want; math.Abs(e.ActivityIndependentShare-share) > 1e-3 {
			t.Errorf("%s: static share %g; want %g", boundary, e.ActivityIndependentShare, share)
		}
		priced := []string{}
		for _, entry := range e.By {
			priced = append(priced, entry.Name)
		}
		parts := strings.Fields("synaptic_op hop_x hop_y core_tick")
		if boundary == hwmodel.BoundaryCore {
			parts = strings.Fields("synaptic_op core_tick")
		}
		if !slices.Equal(priced, parts) {
			t.Errorf("%s: joules of %v; want %v, and no split below", boundary, priced, parts)
		}
		// The core boundary holds the packets' joules too, and says so.
		if noted := len(e.Notes) == 1 && strings.HasPrefix(e.Notes[0], "packet_core lies outside the boundary"); noted != (boundary == hwmodel.BoundaryCore) {
			t.Errorf("%s: notes %q", boundary, e.Notes)
		}
	}
}

// TestTrueNorthSpeed reads latency and power off a fixed tick of 1 ms.
func TestTrueNorthSpeed(t *testing.T) {
	chip := loadChip(t, "truenorth")
	r, err := New(Subject{Run: fullChip(chip), Chip: chip}, Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	if !near(r.Latency.Mean, 1) || math.Abs(*r.MeanPowerW-70.62e-3) > 0.02e-3 {
		t.Errorf("%g s, %g W; want 1 s and 70.62 mW", r.Latency.Mean, *r.MeanPowerW)
	}
	if got, want := r.Chip.String(), "truenorth, 0.8 V, tick 1.00 ms"; got != want {
		t.Errorf("chip %q; want %q", got, want)
	}
}
