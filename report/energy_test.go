package report

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Two active axons of a 2×2 crossbar with weights [1 -1; 1 0], one core, one
// tick: neuron 0 sums to 2 and fires, neuron 1 to -1 and does not.
//
//	input_spike 2, axon_write 2, axon_read 2, row_read 2,
//	bits_read 2 rows × 2 columns × 2 bits = 8, synaptic_op 2 + 1 = 3,
//	neuron_touched 2, spike_emitted 1, output_spike 1, core_tick 1: 24 events.
var twoByTwo = eventsOf{
	ledger.InputSpike: {2}, ledger.AxonWrite: {2}, ledger.AxonRead: {2}, ledger.RowRead: {2},
	ledger.BitsRead: {8}, ledger.SynapticOp: {3}, ledger.NeuronTouched: {2},
	ledger.SpikeEmitted: {1}, ledger.OutputSpike: {1}, ledger.CoreTick: {1},
}

// zeroTimed adds a timing model in which no event takes time, so that nothing
// is missing from the figure.
func zeroTimed(run *ledger.Run) *ledger.Run {
	run.Timing = ledger.Timing{Model: "analytic", QuantumPS: 1000, PerSample: make([]uint64, run.Samples)}
	return run
}

func TestTwoByTwoOnUnitIsItsEvents(t *testing.T) {
	chip := loadChip(t, "unit")
	run := zeroTimed(newRun(chip, 1, twoByTwo))
	for boundary, events := range map[hwmodel.BoundaryName]float64{
		hwmodel.BoundaryHost: 24,
		hwmodel.BoundaryChip: 21, // without 2 input spikes and 1 output spike
		hwmodel.BoundaryCore: 21, // nothing crosses the mesh
	} {
		e, err := PriceRun(run, chip, EnergyOptions{UsedCores, boundary})
		if err != nil {
			t.Fatal(err)
		}
		wantInterval(t, string(boundary), e.Interval, events, events, events)
		if e.LowerBound || !near(e.ActivityIndependentShare, 3/events) {
			t.Errorf("%s: lower bound %v, static share %g; want an exact figure and 3/%g: 2 updated neurons and a core tick", boundary, e.LowerBound, e.ActivityIndependentShare, events)
		}
	}
}

// randomRun fills every kind of a few samples, of events outside them and of
// two cores with small numbers.
func randomRun(chip *hwmodel.Chip, r *rand.Rand) *ledger.Run {
	events := eventsOf{}
	samples := 1 + r.IntN(5)
	for k := range ledger.Kind(ledger.NumKinds) {
		for range samples {
			events[k] = append(events[k], r.Uint64N(1000))
		}
	}
	run := newRun(chip, samples, events)
	for k := range run.Outside {
		run.Outside[k] = r.Uint64N(100)
		run.Cores[r.IntN(2)][k] += run.Outside[k]
	}
	return zeroTimed(run)
}

func TestRandomRunsOnUnitAreTheirEvents(t *testing.T) {
	chip := loadChip(t, "unit")
	for seed := range uint64(200) {
		run := randomRun(chip, rand.New(rand.NewPCG(seed, 0)))
		e, err := PriceRun(run, chip, DefaultEnergyOptions())
		if err != nil {
			t.Fatal(err)
		}
		total := run.Total()
		sum := float64(total.Sum())
		wantInterval(t, fmt.Sprintf("seed %d: run", seed), e.Run, sum, sum, sum)
		outside := float64(run.Outside.Sum())
		perSample := (sum - outside) / float64(run.Samples)
		wantInterval(t, fmt.Sprintf("seed %d: inference", seed), e.Interval, perSample, perSample, perSample)
	}
}

// The figure is the sum of its leaves, of its kinds, of its grades, and the
// run that of its cores, to the last count and to rounding in joules.
func TestLeavesAddUp(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.OutputScore] = hwmodel.Price{Kind: ledger.OutputScore, State: hwmodel.ZeroFact, Source: "made complete"}
	chip.Prices[ledger.BitsRead] = hwmodel.Price{Kind: ledger.BitsRead, State: hwmodel.ZeroFact, Source: "made complete"}
	for seed := range uint64(100) {
		run := randomRun(chip, rand.New(rand.NewPCG(seed, 1)))
		run.Timing.Total = 1000
		for _, scope := range Scopes {
			e, err := PriceRun(run, chip, EnergyOptions{scope, hwmodel.BoundaryHost})
			if err != nil {
				t.Fatal(err)
			}
			checkSums(t, fmt.Sprintf("seed %d %s", seed, scope), run, e)
		}
	}
}

func checkSums(t *testing.T, what string, run *ledger.Run, e *Energy) {
	t.Helper()
	var leaves, cores Interval
	counts := map[string]uint64{}
	for _, l := range e.Leaves {
		leaves = leaves.plus(*l.Joules)
		counts[l.Kind] = l.Count
	}
	for _, c := range e.Cores {
		cores = cores.plus(c)
	}
	kinds, grades := 0.0, 0.0
	for _, entry := range e.By {
		kinds += entry.Value
	}
	for _, entry := range e.ByEvidence {
		grades += entry.Value
	}
	ofSamples := e.Interval.times(float64(run.Samples))
	for _, sum := range []struct {
		name      string
		got, want float64
	}{
		{"leaves", leaves.Nominal, e.Nominal}, {"lows", leaves.Low, e.Low}, {"highs", leaves.High, e.High},
		{"kinds", kinds, e.Nominal}, {"grades", grades, e.Nominal}, {"mean of samples", e.Spread.Mean, e.Nominal},
		{"samples and outside", ofSamples.plus(e.Outside).High, e.Run.High},
		{"cores", cores.plus(e.Unused).Nominal, e.Run.Nominal},
	} {
		if !near(sum.got, sum.want) {
			t.Errorf("%s: %s add up to %g, want %g", what, sum.name, sum.got, sum.want)
		}
	}
	total := run.Total()
	for k, n := range total {
		unused := uint64(0)
		if ledger.Kind(k) == ledger.CoreTick && e.Scope == WholeChip {
			unused = 2 * run.Ticks.InitiationInterval * uint64(run.Samples) // 2 of the 4 cores are unused
		}
		if ledger.Kind(k) == ledger.CoreWaiting {
			continue // priced at zero here; TestUnusedCoresWaitOnBarrierChips counts it
		}
		if want := n - run.Outside[k] + unused; counts[ledger.Kind(k).String()] != want {
			t.Errorf("%s: %s counts %d, want %d", what, ledger.Kind(k), counts[ledger.Kind(k).String()], want)
		}
	}
}

// Sums over the three samples of toyRun, times price, over 3:
//
//	axon_write 18·0.5 = 9, row_read 15·4 = 60 [30, 120], synaptic_op 24,
//	neuron_touched 12·2 = 24 [12, 48], core_tick 12·20 = 240 [120, 480]
//	of touched neurons, 12·1 would be paid idle; hop_x 5·3 = 15 [10, 20]; input_spike 11·10 = 110 [55, 220]
func TestToyByHand(t *testing.T) {
	chip := toyChip(t)
	run := toyRun(chip)
	for _, c := range []struct {
		o                  EnergyOptions
		nominal, low, high float64 // of three inferences
		static             float64
	}{
		{EnergyOptions{UsedCores, hwmodel.BoundaryCore}, 357, 195, 681, 252},
		{EnergyOptions{UsedCores, hwmodel.BoundaryChip}, 372, 205, 701, 252},
		{EnergyOptions{UsedCores, hwmodel.BoundaryHost}, 482, 260, 921, 252},
		// two unused cores for six ticks: 12 more core ticks
		{EnergyOptions{WholeChip, hwmodel.BoundaryCore}, 597, 315, 1161, 492},
		{EnergyOptions{WholeChip, hwmodel.BoundaryHost}, 722, 380, 1401, 492},
	} {
		e, err := PriceRun(run, chip, c.o)
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("%s/%s", c.o.Scope, c.o.Boundary)
		wantInterval(t, what, e.Interval, c.nominal/3, c.low/3, c.high/3)
		if !near(e.ActivityIndependentShare, c.static/c.nominal) {
			t.Errorf("%s: static share %g, want %g", what, e.ActivityIndependentShare, c.static/c.nominal)
		}
		if bound := c.o.Boundary == hwmodel.BoundaryHost; e.LowerBound != bound {
			t.Errorf("%s: lower bound %v, want %v: output_score has no price and is a host event", what, e.LowerBound, bound)
		}
	}
}

func TestToyParts(t *testing.T) {
	chip := toyChip(t)
	e, err := PriceRun(toyRun(chip), chip, EnergyOptions{UsedCores, hwmodel.BoundaryHost})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"output_score"}, e.Unpriced); diff != "" {
		t.Errorf("unpriced (-want +got):\n%s", diff)
	}
	// Widths of three inferences: core_tick 360, input_spike 165, row_read 90,
	// neuron_touched 36, hop_x 10: 661 in all.
	for i, want := range []Contributor{{"core_tick", 120, 360. / 661}, {"input_spike", 55, 165. / 661}, {"row_read", 30, 90. / 661}} {
		if got := e.Widest[i]; got.Kind != want.Kind || !near(got.Width, want.Width*pJ) || !near(got.Share, want.Share) {
			t.Errorf("contributor %d is %v, want %v (pJ)", i, got, want)
		}
	}
	// measured: row_read 60, hop_x 15, core_tick 240
	for i, want := range []Entry[float64]{{"measured", 315}, {"simulated", 24}, {"derived", 24}, {"assumed", 119}} {
		if got := e.ByEvidence[i]; got.Name != want.Name || !near(got.Value, want.Value/3*pJ) {
			t.Errorf("evidence %d is %v, want %v/3 pJ", i, got, want)
		}
	}
	for _, l := range e.Leaves {
		if l.Kind == "bits_read" && (l.IncludedIn != "row_read" || l.Joules != nil || l.Count != 120) {
			t.Errorf("bits_read is %+v, want 120 bits without joules, included in row_read", l)
		}
	}
	// A sample takes 0.5a + 4r + s + 8 + 3h + 10i + 80:
	// 2.5+16+6+8+3+30+80 = 145.5; 3+20+8+8+6+40+80 = 165; 3.5+24+10+8+6+40+80 = 171.5
	s := e.Spread
	if !near(s.P5, 145.5*pJ) || !near(s.P50, 165*pJ) || !near(s.P95, 171.5*pJ) || !near(s.Mean, 482*pJ/3) {
		t.Errorf("spread %+v, want p5 145.5, p50 165, p95 171.5, mean 160.67 pJ", s)
	}
	// Squares of -15.1667, 4.3333, 10.8333 add up to 366.1667; over 2, root 13.5308.
	if sd := *s.SD / pJ; sd < 13.5307 || sd > 13.5309 {
		t.Errorf("sd %g pJ, want 13.5308", sd)
	}
}

// On a chip that prices waiting, unused cores wait as long as used ones.
func TestUnusedCoresWaitOnBarrierChips(t *testing.T) {
	chip := loadChip(t, "unit")
	run := newRun(chip, 2, eventsOf{ledger.CoreBusy: {10, 30}, ledger.CoreWaiting: {30, 30}, ledger.CoreTick: {4}})
	// Two cores are busy or wait: samples last 20 and 30 quanta, 7 more drain.
	run.Timing = ledger.Timing{Model: "analytic", QuantumPS: 1000, Total: 57, PerSample: []uint64{20, 30}}
	run.Ticks.Total = 5
	e, err := PriceRun(run, chip, EnergyOptions{WholeChip, hwmodel.BoundaryCore})
	if err != nil {
		t.Fatal(err)
	}
	const unused = 254
	perInference := float64(100+8+unused*(4+50)) / 2
	wantInterval(t, "inference", e.Interval, perInference, perInference, perInference)
	wantInterval(t, "outside", e.Outside, unused*(1+7), unused*(1+7), unused*(1+7))
	wantInterval(t, "unused cores", e.Unused, unused*(5+57), unused*(5+57), unused*(5+57))
}

func TestTimeKindsNotCountedMakeALowerBound(t *testing.T) {
	chip := loadChip(t, "unit")
	e, err := PriceRun(newRun(chip, 1, twoByTwo), chip, DefaultEnergyOptions())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"core_busy", "core_waiting"}, e.Unpriced); diff != "" || !e.LowerBound {
		t.Errorf("lower bound %v, unpriced (-want +got):\n%s", e.LowerBound, diff)
	}
}

// A price that covers events on the other side of the boundary is said so.
func TestIncludedAcrossTheBoundary(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.SynapticOp] = hwmodel.Price{Kind: ledger.SynapticOp, State: hwmodel.IncludedIn, Includer: ledger.HopX}
	chip.Prices[ledger.PacketCore] = hwmodel.Price{Kind: ledger.PacketCore, State: hwmodel.IncludedIn, Includer: ledger.RowRead}
	e, err := PriceRun(toyRun(chip), chip, EnergyOptions{UsedCores, hwmodel.BoundaryCore})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"synaptic_op"}, e.Unpriced); diff != "" {
		t.Errorf("unpriced (-want +got):\n%s", diff)
	}
	want := []string{"packet_core lies outside the boundary, but its joules are inside row_read and cannot be taken out"}
	if diff := cmp.Diff(want, e.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestAllInPricesAreNoted(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.SynapticOp].Scope = hwmodel.AllIn
	e, err := PriceRun(toyRun(chip), chip, DefaultEnergyOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Notes) != 1 || !strings.HasPrefix(e.Notes[0], "synaptic_op is an all-in price") {
		t.Errorf("notes %q, want one about the all-in price", e.Notes)
	}
}

func TestRefusedRuns(t *testing.T) {
	unit, toy := loadChip(t, "unit"), toyChip(t)
	unitHash, toyHash := unit.Capabilities.Hash()[:19], toy.Capabilities.Hash()[:19]
	host := DefaultEnergyOptions()
	for _, c := range []struct {
		name   string
		change func(*ledger.Run)
		chip   *hwmodel.Chip
		o      EnergyOptions
		want   string
	}{
		{"another chip", func(*ledger.Run) {}, unit, host,
			`the run was simulated on chip "toy" (capabilities ` + toyHash + `) and cannot be priced as "unit" (capabilities ` + unitHash + `); compile the network again for "unit"`},
		{"no scope", func(*ledger.Run) {}, toy, EnergyOptions{"", hwmodel.BoundaryHost}, `report.EnergyOptions.Scope = ""; want "used_cores" or "whole_chip"`},
		{"no boundary", func(*ledger.Run) {}, toy, EnergyOptions{UsedCores, "board"}, `report.EnergyOptions.Boundary = "board"; want one of ["core" "chip" "host"]`},
		{"too few ticks", func(r *ledger.Run) { r.Ticks.Total = 5 }, toy, host, "run record: 3 samples at 2 ticks each in 5 ticks; simulate again"},
		{"too many cores", func(r *ledger.Run) { r.CoresChip = 1 }, toy, host, "run record: 2 used cores of 1; want 1..1; simulate again"},
		{"endless", func(r *ledger.Run) { r.Ticks.Total = 1 << 63 }, toy, host, "run record: 9223372036854775808 ticks of 4 cores are beyond counting; simulate again"},
		{"latencies", func(r *ledger.Run) { r.Timing.Model = "analytic" }, toy, host, "run record: 0 latencies for 3 samples; simulate again"},
		{"quantum", func(r *ledger.Run) { r.Timing = ledger.Timing{Model: "analytic", PerSample: make([]uint64, 3)} }, toy, host, "run record: quantum_ps is 0; want at least 1; simulate again"},
		{"sums", func(r *ledger.Run) { r.Cores[0][ledger.RowRead]++ }, toy, host, "run record: row_read adds up to 15 over samples and to 16 over cores; simulate again"},
	} {
		run := toyRun(toy)
		c.change(run)
		if _, err := PriceRun(run, c.chip, c.o); err == nil || err.Error() != c.want {
			t.Errorf("%s: error %v\nwant %s", c.name, err, c.want)
		}
	}
	if _, err := PriceRun(newRun(toy, 0, nil), toy, host); err == nil || !strings.Contains(err.Error(), "no samples") {
		t.Errorf("no samples: error %v", err)
	}
}
