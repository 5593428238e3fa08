package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// Everything in this file holds the fast engine to the reference: the same chip, the
// same inputs, every path of the kernels, several threads, and every spike, score,
// partial sum, potential, current, count and error compared in every tick.

// rival is a way to simulate.
type rival struct {
	name    string
	stepper *Stepper
	err     error
}

func rivals(t *testing.T, l *layout.Layout, o Options) []rival {
	t.Helper()
	var list []rival
	add := func(name string, change func(*Options)) {
		o := o
		change(&o)
		s, err := NewStepper(l, o)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, l.Text())
		}
		list = append(list, rival{name, s, nil})
	}
	add("reference", func(o *Options) { o.Engine = EngineReference })
	for _, path := range bits.Available() {
		add("fast/"+path.String(), func(o *Options) { o.Engine, o.Path = EngineFast, path })
	}
	for _, threads := range []int{2, 4} {
		if len(l.Cores) > 1 {
			add(fmt.Sprintf("fast/threads=%d", threads), func(o *Options) { o.Engine, o.Path, o.Threads = EngineFast, bits.Best(), threads })
		}
	}
	return list
}

// race drives all rivals and compares them. It gives the number of spikes.
func race(t *testing.T, r *rand.Rand, l *layout.Layout, o Options, ticks int) (spikes int) {
	t.Helper()
	list := rivals(t, l, o)
	rate := r.IntN(30)
	silent := r.IntN(3) * r.IntN(ticks) // ticks at the end without input
	for tick := range ticks {
		type injected struct{ core, axon, delay int }
		var inject []injected
		for c := range l.Cores {
			for a := range l.Cores[c].Axons {
				if tick < ticks-silent && r.IntN(100) < rate {
					inject = append(inject, injected{c, a, r.IntN(l.Capabilities.Spikes.DelayMaxTicks + 1)})
				}
			}
		}
		start := r.IntN(3) == 0
		var want Step
		for i := range list {
			s := list[i].stepper
			if start {
				s.StartWave()
			}
			for _, in := range inject {
				if err := s.Inject(in.core, in.axon, in.delay); err != nil {
					t.Fatal(err)
				}
			}
			got, err := s.Tick()
			if list[i].err = err; i == 0 {
				want = got
			}
			if a, b := errorText(list[0].err), errorText(err); a != b {
				t.Fatalf("tick %d: %s says %q; reference %q\n%s", tick, list[i].name, b, a, l.Text())
			}
			compareSteps(t, l, list[0], list[i], want, got)
		}
		if list[0].err != nil {
			return spikes
		}
		spikes += len(want.Spikes)
	}
	return spikes
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func compareSteps(t *testing.T, l *layout.Layout, reference, rival rival, want, got Step) {
	t.Helper()
	fail := func(what string, a, b any) {
		t.Fatalf("tick %d: %s: %s %v; reference %v\n%s", want.Tick, rival.name, what, b, a, l.Text())
	}
	switch {
	case !slices.Equal(want.Spikes, got.Spikes):
		fail("spikes", want.Spikes, got.Spikes)
	case !slices.Equal(want.Scores, got.Scores):
		fail("scores", want.Scores, got.Scores)
	case !slices.Equal(want.PartialSums, got.PartialSums):
		fail("partial sums", want.PartialSums, got.PartialSums)
	case want.Lost != got.Lost, want.Quanta != got.Quanta, want.Overrun != got.Overrun:
		fail("lost, quanta, overrun", []any{want.Lost, want.Quanta, want.Overrun}, []any{got.Lost, got.Quanta, got.Overrun})
	}
	for c := range want.Counts {
		if want.Counts[c] != got.Counts[c] {
			fail(fmt.Sprintf("core %d counts", c), countText(&want.Counts[c]), countText(&got.Counts[c]))
		}
	}
	if reference.err != nil {
		return
	}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if a, b := reference.stepper.Potential(c, n), rival.stepper.Potential(c, n); a != b {
				fail(fmt.Sprintf("potential of core %d column %d", c, n), a, b)
			}
			if a, b := reference.stepper.Current(c, n), rival.stepper.Current(c, n); a != b {
				fail(fmt.Sprintf("current of core %d column %d", c, n), a, b)
			}
		}
	}
}

// raceOptions alternates the timing models.
func raceOptions(r *rand.Rand) Options {
	o := DefaultOptions()
	o.Seed = r.Uint64()
	if r.IntN(2) == 0 {
		o.Timing, o.Latencies = TimingAnalytic, unitLatencies()
	}
	return o
}

func TestFastEqualsReference(t *testing.T) {
	cases := 3000
	if testing.Short() {
		cases = 300
	}
	spikes := 0
	for i := range cases {
		r := seed.Sub(1, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 4, axons: 64, columns: 40})
		if err := l.Validate(); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		spikes += race(t, r, l, raceOptions(r), 8+r.IntN(8))
	}
	t.Logf("%d cases, %d spikes, paths %v", cases, spikes, bits.Available())
}

// TestRunnerIsTheStepper runs chips blindly and compares sums and potentials with
// stepping, on every path and with several threads; cores sleep most here.
func TestRunnerIsTheStepper(t *testing.T) {
	cases := 400
	if testing.Short() {
		cases = 50
	}
	for i := range cases {
		r := seed.Sub(2, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 6, axons: 20, columns: 20})
		l.Capabilities.Host.WaveGate, l.Schedule.Steps = false, 0
		o := raceOptions(r)
		o.Timing = TimingNone
		stepper, err := NewStepper(l, o)
		if err != nil {
			t.Fatal(err)
		}
		var runners []*Runner
		for _, path := range bits.Available() {
			for _, threads := range []int{1, 2, 4} {
				o.Engine, o.Path, o.Threads = EngineFast, path, threads
				made, err := NewRunner(l, o)
				if err != nil {
					t.Fatal(err)
				}
				runners = append(runners, made)
			}
		}
		o.Engine = EngineReference
		made, err := NewRunner(l, o)
		if err != nil {
			t.Fatal(err)
		}
		runners = append(runners, made)
		counts := make([]ledger.Counts, len(l.Cores))
		for range 4 {
			for range r.IntN(3) {
				core, axon := r.IntN(len(l.Cores)), r.IntN(l.Capabilities.Core.Axons)
				for _, runner := range runners {
					if err := runner.Inject(core, axon); err != nil {
						t.Fatal(err)
					}
				}
				if err := stepper.Inject(core, axon, 0); err != nil {
					t.Fatal(err)
				}
			}
			ticks := 1 + r.IntN(60)
			var failed error
			for range ticks {
				step, err := stepper.Tick()
				if failed = err; err != nil {
					break
				}
				for c := range counts {
					counts[c].Add(&step.Counts[c])
				}
			}
			for k, runner := range runners {
				if _, err := runner.Advance(context.Background(), uint64(ticks)); errorText(err) != errorText(failed) {
					t.Fatalf("case %d, runner %d: error %v; want %v\n%s", i, k, err, failed, l.Text())
				}
				if failed != nil {
					continue
				}
				for c, got := range runner.Counts() {
					if got != counts[c] {
						t.Fatalf("case %d, runner %d, core %d:\n%s\nwant\n%s\n%s", i, k, c, countText(&got), countText(&counts[c]), l.Text())
					}
					for n := range l.Cores[c].Columns {
						if a, b := stepper.Potential(c, n), runner.Potential(c, n); a != b {
							t.Fatalf("case %d, runner %d: potential %d of core %d column %d; want %d\n%s", i, k, b, c, n, a, l.Text())
						}
					}
				}
			}
			if failed != nil {
				break
			}
		}
	}
}
