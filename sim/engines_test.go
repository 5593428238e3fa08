package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// Everything in this file holds whole runs of all engines to the reference: the bytes
// of the record but for the engine's name, every wave, every error.

// outcomeOf is what a run gives.
type outcomeOf struct {
	Record string // JSON
	Waves  []Wave
	Err    string
}

func runWith(t *testing.T, l *layout.Layout, o Options, s samples) (got outcomeOf) {
	t.Helper()
	m, err := New(l, o)
	if err != nil {
		return outcomeOf{Err: errorText(err)}
	}
	run, err := m.Run(context.Background(), s, func(w Wave) error { got.Waves = append(got.Waves, w); return nil })
	if err != nil {
		got.Err = errorText(err)
		return got
	}
	if run.Engine != m.options.Engine {
		t.Errorf("the record says engine %q; %q ran", run.Engine, m.options.Engine)
	}
	run.Engine = ""
	if err := run.Validate(); err != nil {
		t.Fatal(err)
	}
	text, err := run.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got.Record = string(text)
	return got
}

// sameRuns compares all engines, on every path and with one and two workers. It says
// whether batches took part.
func sameRuns(t *testing.T, l *layout.Layout, scenario ledger.Scenario, timing string, s samples) (batched bool) {
	t.Helper()
	want := runWith(t, l, options(scenario, timing, 1), s)
	compare := func(engine string, path bits.Path, workers, threads int, omit bool) {
		t.Helper()
		o := options(scenario, timing, workers)
		o.Engine, o.Path, o.Threads, o.OmitSpikes = engine, path, threads, omit
		got, want := runWith(t, l, o, s), want
		if omit {
			want.Waves = slices.Clone(want.Waves)
			for i := range want.Waves {
				want.Waves[i].Spikes = nil
			}
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("engine %s, path %v, %s, timing %s, %d workers, %d threads (-reference +this):\n%s", engine, path, scenario, timing, workers, threads, cmp.Diff(want, got))
		}
	}
	compare(EngineReference, bits.Pure, 2, 1, true)
	compare(EngineAuto, bits.Best(), 1, 1, false)
	batched = timing == TimingNone && want.Err == "" && CanBatch(l, scenario) == nil
	fits := canFast(&program{image: l, rules: rulesOf(l)}) == nil
	for _, path := range bits.Available() {
		if fits {
			compare(EngineFast, path, 1, 1, false)
			compare(EngineFast, path, 2, 1, true)
		}
		if batched {
			compare(EngineBatch, path, 1, 1, false)
			compare(EngineBatch, path, 2, 1, true)
		}
	}
	if fits {
		compare(EngineFast, bits.Best(), 1, 2, false)
	}
	return batched
}

var (
	scenarios = []ledger.Scenario{ledger.SingleStream, ledger.Offline}
	timings   = []string{TimingNone, TimingAnalytic, TimingCycle}
)

// TestEnginesRunAlike: random networks as they are laid out, and twisted into images
// that no compiler makes.
func TestEnginesRunAlike(t *testing.T) {
	for _, gated := range []bool{true, false} {
		for _, twist := range twists {
			t.Run(fmt.Sprintf("%s/gated=%v", twist.name, gated), func(t *testing.T) {
				runs, batched := map[ledger.Scenario]int{}, map[ledger.Scenario]int{}
				i := 0
				each(t, 15, gated, func(t *testing.T, d dense, l *layout.Layout, _ []tiles, s samples) {
					r := seed.Sub(5, seed.TestNetwork, i)
					twist.do(r, l)
					if i == 0 && gated {
						s = randomSamples(r, bits.Lanes+70, d.inputs)
					}
					i++
					for _, scenario := range scenarios {
						for _, timing := range timings {
							if sameRuns(t, l, scenario, timing, s) {
								batched[scenario]++
							}
						}
						runs[scenario]++
					}
				})
				for _, scenario := range scenarios {
					if want := runs[scenario] / 5; gated && batched[scenario] < want || !gated && batched[scenario] > 0 {
						t.Errorf("%s: %d of %d images batched; want %d with a wave gate, 0 without", scenario, batched[scenario], runs[scenario], want)
					}
				}
			})
		}
	}
}

// TestRandomChipsRunAlike: images that mean nothing, of every kind of neuron, synapse
// and capability.
func TestRandomChipsRunAlike(t *testing.T) {
	cases := 300
	if testing.Short() {
		cases = 60
	}
	batched, ran := 0, 0
	for i := range cases {
		r := seed.Sub(6, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 4, axons: 40, columns: 30})
		connect(r, l)
		if err := l.Validate(); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		s := randomSamples(r, 4, l.Inputs)
		for _, scenario := range scenarios {
			for _, timing := range timings {
				if sameRuns(t, l, scenario, timing, s) {
					batched++
				}
				ran++
			}
		}
		if t.Failed() {
			t.Fatalf("seed 6, case %d:\n%s", i, l.Text())
		}
	}
	t.Logf("%d of %d runs batched", batched, ran)
}

// connect gives a random chip more inputs than it has, control spikes and scores.
func connect(r *rand.Rand, l *layout.Layout) {
	l.Inputs, l.InputMap, l.Schedule.Controls = 1+r.IntN(70), nil, nil
	ticks := int32(l.Schedule.TicksPerInference)
	for input := range l.Inputs {
		if r.IntN(4) > 0 {
			l.InputMap = append(l.InputMap, layout.InputEntry{
				Input: int32(input), Core: int32(r.IntN(len(l.Cores))), Axon: int32(r.IntN(l.Capabilities.Core.Axons)), Delay: r.Int32N(1 + min(ticks/2, int32(l.Capabilities.Spikes.DelayMaxTicks))),
			})
		}
	}
	if r.IntN(3) == 0 {
		l.Schedule.Controls = append(l.Schedule.Controls, layout.Control{Tick: r.Int32N(ticks), Core: int32(r.IntN(len(l.Cores))), Axon: int32(r.IntN(l.Capabilities.Core.Axons))})
	}
	l.Schedule.InitiationInterval = l.Schedule.StepCount() + r.IntN(l.Schedule.TicksPerInference-l.Schedule.StepCount()+1)
	want := layout.Score
	if l.CountsSpikes() {
		want = layout.Spiking
	}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if l.Cores[c].Columns[n].Role == want {
				l.OutputMap = []layout.OutputEntry{{Core: int32(c), Column: int32(n)}}
				return
			}
		}
	}
}

// Waves that overlap may share a core, but not an axon in one tick, and no spike of one
// may meet a synapse of the other.
const overlapping = `chip overlap ternary axons 3 neurons 2 gate on
inputs 2
layer h 1
readout class 1
ticks 2 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from h/0
axon 2 from input/1
row 0 +0
row 1 0-
row 2 +0
column 0 spike >= 1 level 0 is h/0 to 0:1@1
column 1 score leak 5 level 1 is class/0
input 0 to 0:0
input 1 to 0:2
output 0 from 0:1
`

func TestOverlappingWavesMayNotMeet(t *testing.T) {
	const meets = "means something at tick"
	for _, c := range []struct {
		name     string
		replace  []string
		scenario ledger.Scenario
		want     string
	}{
		{"apart", nil, ledger.Offline, ""},
		{"an axon of both", []string{"0:1@1", "0:2@1", "row 2 +0", "row 2 ++"}, ledger.Offline, meets},
		{"a synapse with the other", []string{"row 0 +0", "row 0 ++"}, ledger.Offline, "core 0 axon 0 is written for tick 0 of a wave and " + meets + " 1 too"},
		{"one at a time", []string{"row 0 +0", "row 0 ++"}, ledger.SingleStream, ""},
		{"far apart", []string{"row 0 +0", "row 0 ++", "interval 1", "interval 2"}, ledger.Offline, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := mustParse(strings.NewReplacer(c.replace...).Replace(overlapping))
			if err := CanBatch(l, c.scenario); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v; want %q", err, c.want)
			}
			sameRuns(t, l, c.scenario, TimingNone, parseSamples("00 01 10 11 11 00 10"))
		})
	}
}

// TestBatchRunRefuses: what batches cannot do, and what to do then.
func TestBatchRunRefuses(t *testing.T) {
	good := DefaultOptions()
	good.Engine = EngineBatch
	change := func(f func(*Options)) Options { o := good; f(&o); return o }
	for _, c := range []struct {
		text    string
		options Options
		want    string
	}{
		{oneScore, good, ""},
		{oneScore, change(func(o *Options) { o.Timing = TimingAnalytic }), `timing "analytic" needs the ticks themselves, which engine "batch" does not have; choose engine "fast", or timing "none"`},
		{oneScore, change(func(o *Options) { o.Observe = func(*Step, State) error { return nil } }), `an observer or a trace needs the ticks themselves, which engine "batch" does not have; choose engine "fast"`},
		{strings.Replace(oneScore, "gate on", "gate off", 1), good, `chip "one" has no wave gate, so columns work on every tick; batches need a wave gate; choose engine "auto"`},
	} {
		if _, err := New(mustParse(c.text), c.options); errorText(err) != c.want && !(c.want != "" && strings.HasSuffix(errorText(err), c.want)) || strings.Contains(errorText(err), "\n") {
			t.Errorf("error %v; want one line that ends with %q", err, c.want)
		}
	}
	if _, err := NewStepper(mustParse(oneScore), good); err == nil || !strings.Contains(err.Error(), `has no ticks to step through; choose engine "fast"`) {
		t.Errorf("stepper: error %v", err)
	}
	if _, err := NewRunner(mustParse(strings.Replace(oneScore, "gate on", "gate off", 1)), good); err == nil || !strings.Contains(err.Error(), `choose engine "fast"`) {
		t.Errorf("runner: error %v", err)
	}
}

// TestAutoChooses: batches where they give all that is asked for.
func TestAutoChooses(t *testing.T) {
	ungated := strings.Replace(oneScore, "gate on", "gate off", 1)
	auto := DefaultOptions()
	auto.Engine = EngineAuto
	timed, watched := auto, auto
	timed.Timing = TimingAnalytic
	watched.Observe = func(*Step, State) error { return nil }
	for _, c := range []struct {
		name, text string
		options    Options
		want       string
	}{
		{"plain", oneScore, auto, EngineBatch},
		{"ungated", ungated, auto, EngineFast},
		{"timed", oneScore, timed, EngineFast},
		{"watched", oneScore, watched, EngineFast},
	} {
		run, _ := simulate(t, mustParse(c.text), c.options, parseSamples("0 1"))
		if run.Engine != c.want {
			t.Errorf("%s: engine %q ran; want %q", c.name, run.Engine, c.want)
		}
	}
}
