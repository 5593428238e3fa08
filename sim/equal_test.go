package sim

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// Everything in this file holds the fast engine to the reference: the same chip, the
// same inputs, every path of the kernels, several threads, and every spike, score,
// partial sum, potential, current, count, draw and error compared in every tick.

// casesVariable says how many cases TestFastEqualsReference runs, and a hundredth of
// it on whole cores of 256 × 256.
const casesVariable = "TRITLOOM_CASES"

var oneCase = flag.Int("case", -1, "run only this case of TestFastEqualsReference")

func casesWanted(t *testing.T) int {
	cases := 20_000
	if testing.Short() {
		cases = 2_000
	}
	if text := os.Getenv(casesVariable); text != "" {
		var err error
		if cases, err = strconv.Atoi(text); err != nil || cases < 1 {
			t.Fatalf("%s=%q; want a number of cases", casesVariable, text)
		}
	}
	return cases
}

// TestFastEqualsReference runs random chips, most of them small: what goes wrong on a
// large one mostly does on a small one, and small ones are cheap.
func TestFastEqualsReference(t *testing.T) {
	cases := casesWanted(t)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // chips come and go
	small := coverAll(t, "small", cases, func(t *testing.T, i int, c *coverage) {
		r := seed.Sub(1, seed.TestNetwork, i)
		shape := chipShape{cores: 4, axons: 8, columns: 8}
		switch k := r.IntN(100); {
		case k < 2:
			shape = chipShape{cores: 2, axons: 1 + r.IntN(32), columns: 257 + r.IntN(64), exact: true}
		case k < 10:
			shape = chipShape{cores: 4, axons: 64, columns: 40}
		}
		checkCase(t, r, fmt.Sprintf("case %d", i), shape, 8+r.IntN(5), c)
	})
	small.log(t, "1..4 cores")
	small.demand(t)
	large := coverAll(t, "whole", cases/100, func(t *testing.T, i int, c *coverage) {
		r := seed.Sub(3, seed.TestNetwork, i)
		checkCase(t, r, fmt.Sprintf("whole case %d", i), chipShape{cores: 4, axons: 256, columns: 256, exact: true}, 8, c)
	})
	large.log(t, "1..4 cores of 256 × 256")
	t.Logf("kernel paths %v", bits.Available())
}

// TestGuards starts a column, alone in its core, at every potential of 5 bits and adds
// what its synapses and leak can: kernels must leave to single steps exactly what could
// leave the width or fall below a negative threshold.
func TestGuards(t *testing.T) {
	cases := 800
	if testing.Short() {
		cases = 100
	}
	var c coverage
	for i := range cases {
		r := seed.Sub(4, seed.TestNetwork, i)
		small := func() int { return r.IntN(7) - 3 }
		column := fmt.Sprintf("row 0 1\nrow 1 1\ncolumn 0 spike >= %d reset %s leak %d weights %d,%d,0,0",
			4*small(), []string{"zero", "subtract"}[r.IntN(2)], small(), small(), small())
		if floor := r.IntN(3); floor > 0 {
			column += fmt.Sprintf(" floor %s beta %d", layout.Floor(floor), 4*small())
		}
		text := "chip guard typed-binary axons 2 neurons 1 mesh 31x1 psum 0 scores off potential 5 saturates on negative on rest on\n" +
			"inputs 1\nreadout r 0\nticks 1 interval 1\n"
		for v := -15; v <= 15; v++ {
			text += fmt.Sprintf("core %d at %d,0\naxon 0 from input/0\naxon 1 type 1 from input/0\n%s initial %d\n", v+15, v+15, column, v)
		}
		l := mustParse(text)
		o := DefaultOptions()
		o.Engine = EngineReference
		p, err := newProgram(l, &o.Latencies)
		if err != nil {
			t.Fatal(err)
		}
		c.begin(l)
		g := race{t: t, name: fmt.Sprintf("guard %d", i), l: l, cover: &c}
		g.enter(p, o)
		o.Engine = EngineFast
		for _, o.Path = range bits.Available() {
			g.enter(p, o)
		}
		g.run(r, 4)
		c.end()
	}
	for _, f := range []feature{byKernel, wildBlock, saturatedHigh, saturatedLow, floorHeld, slept} {
		if c.seen[f] < cases/10 {
			t.Errorf("%d of %d cases have %s; want %d", c.seen[f], cases, featureInfo[f].name, cases/10)
		}
	}
}

// FuzzEngines runs the same on chips of any seed and shape.
func FuzzEngines(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(7), uint16(7), uint8(10))
	f.Add(uint64(2), uint8(1), uint8(63), uint16(300), uint8(20))
	f.Fuzz(func(t *testing.T, start uint64, cores, axons uint8, columns uint16, ticks uint8) {
		shape := chipShape{cores: 1 + int(cores)%6, axons: 1 + int(axons), columns: 1 + int(columns)%320, exact: start%2 == 0}
		checkCase(t, seed.Stream(start, seed.TestNetwork), fmt.Sprintf("seed %d", start), shape, 1+int(ticks)%64, &coverage{})
	})
}

// coverAll runs numbered cases on all processors. Which case is run where shows in
// nothing.
func coverAll(t *testing.T, name string, cases int, run func(t *testing.T, i int, c *coverage)) *coverage {
	t.Helper()
	shards := make([]coverage, runtime.GOMAXPROCS(0))
	t.Run(name, func(t *testing.T) {
		if *oneCase >= 0 {
			run(t, *oneCase, &shards[0])
			return
		}
		for s := range shards {
			t.Run(strconv.Itoa(s), func(t *testing.T) {
				t.Parallel()
				for i := s; i < cases; i += len(shards) {
					run(t, i, &shards[s])
				}
			})
		}
	})
	var all coverage
	for s := range shards {
		all.add(&shards[s])
	}
	return &all
}

// checkCase makes a chip and races two rivals with the reference on it.
func checkCase(t *testing.T, r *rand.Rand, name string, shape chipShape, ticks int, c *coverage) {
	t.Helper()
	l := randomChip(r, shape)
	o := raceOptions(r)
	p, err := newProgram(l, &o.Latencies)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, chipText(l))
	}
	c.begin(l)
	g := race{t: t, name: name, l: l, cover: c}
	g.enter(p, o)
	for range 2 {
		o.Engine, o.Path, o.Threads = EngineFast, bits.Available()[r.IntN(len(bits.Available()))], 1
		if r.IntN(6) == 0 && len(l.Cores) > 1 { // threads that wait for each other are slow
			o.Threads = 2 << r.IntN(2)
		}
		g.enter(p, o)
		c.note(twoThreads, o.Threads == 2)
		c.note(fourThreads, o.Threads == 4)
		c.note(assembly, o.Path != bits.Pure)
		c.note(pureGo, o.Path == bits.Pure)
	}
	g.run(r, ticks)
	if r.IntN(24) == 0 {
		compareRuns(t, r, name, l, o)
		c.note(machines, true)
	}
	c.end()
}

// race is a case: rivals on one chip, the reference first.
type race struct {
	t      *testing.T
	name   string
	l      *layout.Layout
	rivals []rival
	cover  *coverage
}

type rival struct {
	options Options
	stepper *Stepper
}

// enter makes a Stepper of a program that is already there: to check an image takes
// longer than to simulate a small one.
func (g *race) enter(p *program, o Options) {
	e, err := o.engine(p, g.l.Capabilities.Spikes.DelayMaxTicks, false)
	if err != nil {
		g.t.Fatalf("%s: %s: %v\n%s", g.name, o.Engine, err, chipText(g.l))
	}
	s := &Stepper{p: p, delays: g.l.Capabilities.Spikes.DelayMaxTicks, engine: e, duties: make([]duty, p.levels)}
	e.tally().openWave()
	if s.timing, err = o.timing(p); err != nil {
		g.t.Fatal(err)
	}
	g.rivals = append(g.rivals, rival{o, s})
}

// injection is a spike of the host.
type injection struct{ core, axon, delay int }

// injections are random spikes; some come twice.
func (g *race) injections(r *rand.Rand, list []injection, percent int) []injection {
	for c := range g.l.Cores {
		for a := range g.l.Cores[c].Axons {
			if k := r.IntN(100); k < percent {
				delay := 0
				if k%3 == 0 {
					delay = r.IntN(g.l.Capabilities.Spikes.DelayMaxTicks + 1)
				}
				list = append(list, injection{c, a, delay})
				if k%4 == 0 {
					list = append(list, injection{c, a, delay})
				}
			}
		}
	}
	return list
}

// run drives all rivals and compares them in every tick, until an error or the end.
func (g *race) run(r *rand.Rand, ticks int) {
	g.t.Helper()
	rate := r.IntN([]int{1, 30, 30, 30, 30, 101, 101}[r.IntN(7)]) // percent of axons a tick
	silent := r.IntN(3) * r.IntN(ticks)                           // ticks at the end without input
	var inject []injection
	for tick := range ticks {
		inject = inject[:0]
		if tick < ticks-silent {
			inject = g.injections(r, inject, rate)
		}
		start := r.IntN(3) == 0
		var want Step
		var failed error
		for i := range g.rivals {
			s := g.rivals[i].stepper
			if start {
				s.StartWave()
			}
			for _, in := range inject {
				if err := s.Inject(in.core, in.axon, in.delay); err != nil {
					g.t.Fatal(err)
				}
			}
			got, err := s.Tick()
			if i == 0 {
				want, failed = got, err
				continue
			}
			if a, b := errorText(failed), errorText(err); a != b {
				g.fail(uint64(tick), i, "error", a, b)
			}
			if failed == nil {
				g.compare(i, &want, &got)
			}
		}
		if failed != nil {
			g.cover.note(tooWideSeen, true)
			return
		}
		g.cover.tick(g, &want)
	}
	g.compareDraws()
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (g *race) fail(tick uint64, rival int, what string, want, got any) {
	g.t.Helper()
	o := &g.rivals[rival].options
	g.t.Fatalf("%s, tick %d: %s on path %s with %d threads: %s %v; reference %v\n%s", g.name, tick, o.Engine, o.Path, o.Threads, what, got, want, chipText(g.l))
}

// chipText is the chip a case failed on, unless nobody would read it.
func chipText(l *layout.Layout) string {
	if text := l.Text(); len(text) < 20_000 {
		return text
	}
	return fmt.Sprintf("a chip of %d cores", len(l.Cores))
}

// compare holds a rival's tick to the reference's.
func (g *race) compare(i int, want, got *Step) {
	g.t.Helper()
	switch {
	case !slices.Equal(want.Spikes, got.Spikes):
		g.fail(want.Tick, i, "spikes", want.Spikes, got.Spikes)
	case !slices.Equal(want.Scores, got.Scores):
		g.fail(want.Tick, i, "scores", want.Scores, got.Scores)
	case !slices.Equal(want.PartialSums, got.PartialSums):
		g.fail(want.Tick, i, "partial sums", want.PartialSums, got.PartialSums)
	case want.Lost != got.Lost, want.Clipped != got.Clipped, want.Quanta != got.Quanta, want.Overrun != got.Overrun:
		g.fail(want.Tick, i, "lost, clipped, quanta, overrun", []any{want.Lost, want.Clipped, want.Quanta, want.Overrun}, []any{got.Lost, got.Clipped, got.Quanta, got.Overrun})
	}
	for c := range want.Counts {
		if want.Counts[c] != got.Counts[c] {
			g.fail(want.Tick, i, fmt.Sprintf("core %d counts", c), countText(&want.Counts[c]), countText(&got.Counts[c]))
		}
	}
	reference, rival := g.rivals[0].stepper, g.rivals[i].stepper
	for c := range g.l.Cores {
		for n := range g.l.Cores[c].Columns {
			if a, b := reference.Potential(c, n), rival.Potential(c, n); a != b {
				g.fail(want.Tick, i, fmt.Sprintf("potential of core %d column %d", c, n), a, b)
			}
			if a, b := reference.Current(c, n), rival.Current(c, n); a != b {
				g.fail(want.Tick, i, fmt.Sprintf("current of core %d column %d", c, n), a, b)
			}
		}
	}
}

// compareDraws holds the generators to each other: as many draws on each core.
func (g *race) compareDraws() {
	g.t.Helper()
	reference := g.rivals[0].stepper.engine.(*reference)
	for i := range g.rivals[1:] {
		for c, s := range g.rivals[1+i].stepper.engine.(*fast).state {
			if s.random != reference.random[c] {
				g.fail(0, 1+i, fmt.Sprintf("generator of core %d", c), reference.random[c], s.random)
			}
		}
	}
	for c := range reference.random {
		for x := newGenerator(reference.seed, c); x != reference.random[c]; x.draw(1) {
			g.cover.draws++
			g.cover.note(anyDraw, true)
		}
	}
}

// compareRuns runs samples through the ports with both engines.
func compareRuns(t *testing.T, r *rand.Rand, name string, l *layout.Layout, o Options) {
	t.Helper()
	all := randomSamples(r, r.IntN(6), l.Inputs)
	o.Scenario = []ledger.Scenario{ledger.SingleStream, ledger.Offline}[r.IntN(2)]
	o.Workers = 1 + r.IntN(3)
	var want string
	for _, engine := range []string{EngineReference, EngineFast} {
		o.Engine = engine
		got := runText(l, o, all)
		if engine == EngineReference {
			want = got
		} else if got != want {
			t.Fatalf("%s, %s: fast says\n%s\nreference\n%s\n%s", name, o.Scenario, got, want, chipText(l))
		}
	}
}

// runText is everything a run says, or its error.
func runText(l *layout.Layout, o Options, all samples) string {
	m, err := New(l, o)
	if err != nil {
		return err.Error()
	}
	waves := ""
	run, err := m.Run(context.Background(), all, func(w Wave) error {
		waves += fmt.Sprintln(w.Sample, w.Class, w.Scores, w.Spikes, w.LatencyQuanta, countText(&w.Counts))
		return nil
	})
	if err != nil {
		return waves + err.Error()
	}
	if err := run.Validate(); err != nil {
		return waves + err.Error()
	}
	run.Engine = ""
	text, err := run.JSON()
	if err != nil {
		return waves + err.Error()
	}
	return waves + string(text)
}

// raceOptions alternates the timing models.
func raceOptions(r *rand.Rand) Options {
	o := DefaultOptions()
	o.Engine, o.Seed = EngineReference, r.Uint64()
	if r.IntN(2) == 0 {
		o.Timing, o.Latencies = TimingAnalytic, unitLatencies()
	}
	return o
}
