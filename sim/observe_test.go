package sim

import (
	"context"
	"errors"
	"testing"

	"tritloom/layout"
	"tritloom/ledger"
)

// TestObserverSeesEveryTickInOrder, in both scenarios, gated or not, with any number
// of workers; what it returns ends the run.
func TestObserverSeesEveryTickInOrder(t *testing.T) {
	stop := errors.New("stop")
	for _, gated := range []bool{true, false} {
		each(t, 20, gated, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
			for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
				o := options(scenario, TimingAnalytic, 2)
				plain, _ := simulate(t, l, o, s)
				var ticks, quanta uint64
				o.Observe = func(step *Step, _ State) error {
					if step.Tick != ticks {
						t.Errorf("tick %d after %d ticks", step.Tick, ticks)
					}
					ticks++
					quanta += step.Quanta
					return nil
				}
				simulate(t, l, o, s)
				if ticks != plain.Ticks.Total || quanta != plain.Timing.Total {
					t.Errorf("%s: %d ticks, %d quanta; want %d, %d", scenario, ticks, quanta, plain.Ticks.Total, plain.Timing.Total)
				}
				o.Observe = func(*Step, State) error { return stop }
				m, err := New(l, o)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := m.Run(t.Context(), s, nil); err != stop {
					t.Errorf("%s: error %v; want the observer's own", scenario, err)
				}
			}
		})
	}
}

// TestCancelledWithinATick: no tick is simulated after the one in which the context
// ends.
func TestCancelledWithinATick(t *testing.T) {
	each(t, 20, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ticks, o := 0, options(ledger.Offline, TimingNone, 1)
		o.Observe = func(*Step, State) error {
			if ticks++; ticks == 2 {
				cancel()
			}
			return nil
		}
		m, err := New(l, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Run(ctx, s, nil); !errors.Is(err, context.Canceled) || ticks != 2 {
			t.Errorf("%d ticks, error %v", ticks, err)
		}
	})
}
