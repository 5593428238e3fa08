package report

import (
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// speed works out the speed at one joule an inference.
func speed(t *testing.T, run *ledger.Run, chip *hwmodel.Chip) Speed {
	t.Helper()
	c, err := newCensus(run, chip, UsedCores)
	if err != nil {
		t.Fatal(err)
	}
	return speedOf(c, 1)
}

func wantSpeed(t *testing.T, s Speed, latency Latency, rate, power, edp float64) {
	t.Helper()
	if s.Latency == nil || s.ThroughputHz == nil || s.MeanPowerW == nil || s.EDP == nil {
		t.Fatalf("speed %+v has unknowns", s)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"mean", s.Latency.Mean, latency.Mean}, {"p50", s.Latency.P50, latency.P50},
		{"p95", s.Latency.P95, latency.P95}, {"max", s.Latency.Max, latency.Max},
		{"throughput", *s.ThroughputHz, rate}, {"power", *s.MeanPowerW, power}, {"edp", *s.EDP, edp},
	} {
		if !near(c.got, c.want) {
			t.Errorf("%s is %g, want %g", c.name, c.got, c.want)
		}
	}
}

// Fixed ticks of 1 µs, two an inference: 2 µs, 500,000 a second.
func TestFixedTicks(t *testing.T) {
	chip := toyChip(t)
	s := speed(t, withTiming(toyRun(chip)), chip)
	wantSpeed(t, s, Latency{2e-6, 2e-6, 2e-6, 2e-6}, 500e3, 500e3, 2e-6)
}

// Offline, the rate follows from the time between waves and not from latency.
func TestOfflineOverlaps(t *testing.T) {
	chip := toyChip(t)
	run := withTiming(toyRun(chip))
	run.Scenario, run.Ticks = ledger.Offline, ledger.Ticks{Total: 4, PerInference: 2, InitiationInterval: 1, Fill: 1, Drain: 1}
	run.Timing.Total = 400
	wantSpeed(t, speed(t, run, chip), Latency{2e-6, 2e-6, 2e-6, 2e-6}, 1e6, 1e6, 2e-6)
}

// Barrier ticks last as long as their work: 20, 30 and 70 quanta of 1 ns.
func TestBarrierTicks(t *testing.T) {
	chip := loadChip(t, "unit")
	run := newRun(chip, 3, eventsOf{ledger.CoreBusy: {10, 30, 100}, ledger.CoreWaiting: {30, 30, 40}})
	run.Timing = ledger.Timing{Model: "analytic", QuantumPS: 1000, Total: 120, PerSample: []uint64{20, 30, 70}}
	wantSpeed(t, speed(t, run, chip), Latency{40e-9, 30e-9, 70e-9, 70e-9}, 25e6, 25e6, 40e-9)
}

func TestWithoutTimingSpeedIsUnknown(t *testing.T) {
	chip := toyChip(t)
	run := toyRun(chip)
	if s := speed(t, run, chip); s != (Speed{Timing: "none"}) {
		t.Errorf("speed %+v, want unknowns", s)
	}
	if overruns(run) != nil {
		t.Error("overruns are known without a timing model")
	}
}

func TestOverruns(t *testing.T) {
	run := withTiming(toyRun(toyChip(t)))
	run.Violations = []ledger.Violation{{What: "tick overrun: the work is longer", Count: 3}, {What: "spikes lost", Count: 9}}
	if n := overruns(run); n == nil || *n != 3 {
		t.Errorf("overruns %v, want 3", n)
	}
}
