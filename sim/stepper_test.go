package sim

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/layout"
	"tritloom/ledger"
)

func TestInjectRefuses(t *testing.T) {
	s, err := NewStepper(mustParse(oneScore), DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		core, axon, delay int
		want              string
	}{
		{1, 0, 0, "spike for core 1; want 0..0"},
		{-1, 0, 0, "spike for core -1; want 0..0"},
		{0, 1, 0, "spike for core 0 axon 1; want 0..0"},
		{0, 0, 16, "with delay 16; want 0..15 ticks"},
		{0, 0, -1, "with delay -1; want 0..15 ticks"},
	} {
		if err := s.Inject(c.core, c.axon, c.delay); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Inject(%d, %d, %d): error %v; want %q", c.core, c.axon, c.delay, err, c.want)
		}
	}
	step, err := s.Tick()
	if err != nil || step.Counts[0].Sum() != 2 {
		t.Errorf("a refused spike was counted: %v (%v)", step.Counts, err)
	}
}

// TestDelays: a spike injected with delay d is seen in the d-th tick from now.
func TestDelays(t *testing.T) {
	for d := range 16 {
		s, err := NewStepper(mustParse(strings.Replace(oneScore, "gate on", "gate off", 1)), DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Inject(0, 0, d); err != nil {
			t.Fatal(err)
		}
		for tick := range 20 {
			step, err := s.Tick()
			if err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			if tick == d {
				want = 1
			}
			if step.Scores[0].Value != want {
				t.Errorf("delay %d: score %d in tick %d", d, step.Scores[0].Value, tick)
			}
		}
	}
}

// TestStepperIsTheMachine drives a stepper as the host would and compares it
// with the waves of a run.
func TestStepperIsTheMachine(t *testing.T) {
	each(t, 40, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		_, waves := simulate(t, l, options(ledger.SingleStream, TimingAnalytic, 1), s)
		for i, w := range waves {
			stepper, err := NewStepper(l, options(ledger.SingleStream, TimingAnalytic, 1))
			if err != nil {
				t.Fatal(err)
			}
			stepper.StartWave()
			for _, in := range l.InputMap {
				if s[i].Get(int(in.Input)) {
					if err := stepper.Inject(int(in.Core), int(in.Axon), int(in.Delay)); err != nil {
						t.Fatal(err)
					}
				}
			}
			var spikes []Spike
			var counts ledger.Counts
			scores := 0
			for range l.Schedule.TicksPerInference {
				step, err := stepper.Tick()
				if err != nil {
					t.Fatal(err)
				}
				spikes = append(spikes, step.Spikes...)
				scores += len(step.Scores)
				for c := range step.Counts {
					counts.Add(&step.Counts[c])
				}
			}
			if !slices.Equal(spikes, w.Spikes) || scores != len(w.Scores) {
				t.Errorf("sample %d: %d spikes, %d scores; the machine has %d, %d", i, len(spikes), scores, len(w.Spikes), len(w.Scores))
			}
			// Inputs are written ahead here and at their tick there: busy moves
			// between ticks, and with it the waiting.
			counts[ledger.CoreWaiting], w.Counts[ledger.CoreWaiting] = 0, 0
			if diff := cmp.Diff(w.Counts, counts); diff != "" {
				t.Errorf("sample %d: counts (-machine +stepper):\n%s", i, diff)
			}
		}
	})
}
