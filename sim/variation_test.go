package sim

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// one is a chip of one column that scores the sum of its axons.
func one(axons int, adc int) *layout.Layout {
	text := fmt.Sprintf("chip c differential axons %d neurons 1 adc %d potential 24\ninputs %d\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\n", axons, adc, axons)
	for a := range axons {
		text += fmt.Sprintf("axon %d from input/%d\nrow %d %c\n", a, a, a, "+-"[a%2])
	}
	text += "column 0 score is r/0\n"
	for a := range axons {
		text += fmt.Sprintf("input %d to 0:%d\n", a, a)
	}
	return mustParse(text + "output 0 from 0:0\n")
}

// Conductances given by hand: what adds up is what the cells conduct, and the
// conversion rounds to the nearest integer, halves away from zero, and then clips.
func TestConversionByHand(t *testing.T) {
	for _, c := range []struct {
		name    string
		adc     int
		gains   []int32
		want    int64
		clipped uint64
	}{
		{"ideal", 0, []int32{1024, -1024, 1024, -1024}, 0, 0},
		{"less than half", 0, []int32{1024, -1024, 511, 0}, 0, 0},
		{"a half", 0, []int32{1024, -1024, 512, 0}, 1, 0},
		{"minus a half", 0, []int32{1024, -1024, 0, -512}, -1, 0},
		{"less than minus a half", 0, []int32{1024, -1024, 0, -511}, 0, 0},
		{"one and a half", 0, []int32{1024, 0, 512, 0}, 2, 0},
		{"strong cells", 0, []int32{1300, 0, 1300, 0}, 3, 0},
		{"clipped after rounding", 2, []int32{1024, 0, 512, 0}, 1, 1},
		{"not clipped before rounding", 2, []int32{1024, 0, 511, 0}, 1, 0},
		{"clipped below", 2, []int32{0, -1300, 0, -1300}, -2, 1},
	} {
		p, err := newProgram(one(4, c.adc), new(hwmodel.Latencies))
		if err != nil {
			t.Fatal(err)
		}
		p.variation = &variation{sd: 1, gains: [][]int32{c.gains}}
		e := newReference(p, 0, 1)
		e.tally().openWave()
		for a := range 4 {
			e.hostWrite(0, a, 0, 0, ledger.InputSpike)
		}
		if err := e.tick([]duty{{0, true}}); err != nil {
			t.Fatal(err)
		}
		if got := e.outcome(); got.scores[0].value != c.want || got.clipped != c.clipped {
			t.Errorf("%s: %d, %d clipped; want %d, %d", c.name, got.scores[0].value, got.clipped, c.want, c.clipped)
		}
		if ops := e.tally().tick[0][ledger.SynapticOp]; ops != 4 {
			t.Errorf("%s: %d ops; want 4: a weak cell is still there", c.name, ops)
		}
	}
}

// TestConductancesAreNearlyNormal draws many cells: their mean, spread, ends and
// shape.
func TestConductancesAreNearlyNormal(t *testing.T) {
	const cells, sd = 200_000, 100
	r := seed.Sub(1, seed.SimConductance, 0)
	var sum, squares float64
	beyond := [4]int{} // 1, 2 and 3 standard deviations
	for range cells {
		d := float64(conductance(r, sd) - unit)
		sum, squares = sum+d, squares+d*d
		for k := 1; k <= 3; k++ {
			if math.Abs(d) > float64(k*sd) {
				beyond[k]++
			}
		}
	}
	mean := sum / cells
	if spread := math.Sqrt(squares/cells - mean*mean); math.Abs(mean) > 1 || math.Abs(spread-sd) > 1 {
		t.Errorf("mean %.2f and standard deviation %.2f of %d/1024; want 0 and %d", mean, spread, sd, sd)
	}
	for k, want := range []float64{1: 0.3173, 2: 0.0455} {
		if share := float64(beyond[k]) / cells; k > 0 && math.Abs(share-want) > 0.005 {
			t.Errorf("%.4f of the cells are beyond %d standard deviations; a normal one has %.4f", share, k, want)
		}
	}
	if beyond[3] != 0 {
		t.Errorf("%d cells are beyond 3 standard deviations", beyond[3])
	}
	for range cells {
		if g := conductance(r, MostConductanceSD); g < 0 || g > unit+3*MostConductanceSD {
			t.Fatalf("a cell conducts %d/1024", g)
		}
	}
}

// A draw that varies by nothing is the ideal chip: every byte of the record but the
// engine and the variation itself, every wave, every error.
func TestNoVariationIsTheIdealChip(t *testing.T) {
	differ, i := 0, 0
	each(t, 60, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, all samples) {
		r := seed.Sub(8, seed.TestNetwork, i)
		i++
		makePairs(r, l)
		l.Capabilities.Core.ADCBits = r.IntN(6)
		o := options(ledger.Offline, TimingAnalytic, 1)
		want := runWith(t, l, o, all)
		run := func(sd int) outcomeOf {
			m, err := New(l, o)
			if err != nil {
				t.Fatal(err)
			}
			m.program.vary(sd, 7)
			return outcomeOfRun(t, m, all)
		}
		if diff := cmp.Diff(want, run(0)); diff != "" {
			t.Fatalf("(-ideal +varied by 0):\n%s\n%s", diff, l.Text())
		}
		if !cmp.Equal(want, run(300)) {
			differ++
		}
	})
	if differ < i/2 {
		t.Errorf("a variation of 300/1024 shows in %d of %d runs", differ, i)
	}
}

func outcomeOfRun(t *testing.T, m *Machine, s samples) (got outcomeOf) {
	run, err := m.Run(t.Context(), s, func(w Wave) error { got.Waves = append(got.Waves, w); return nil })
	if err != nil {
		got.Err = errorText(err)
		return got
	}
	run.Engine, run.Variation = "", nil
	text, err := run.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got.Record = string(text)
	return got
}

// TestVariationIsOfLogicalCells: equal seeds draw equal chips, wherever cores are placed,
// however many workers there are and whatever the other weights are; other seeds draw
// others.
func TestVariationIsOfLogicalCells(t *testing.T) {
	r := seed.Stream(9, seed.TestNetwork)
	l, _ := randomTernary(r, 40, 20, 5).image(r, 16, 16, true)
	makePairs(r, l)
	l.Capabilities.Core.ADCBits = 0
	all := randomSamples(r, 30, 40)
	record := func(change func(*layout.Layout, *Options)) string {
		copied := mustParse(l.Text())
		o := options(ledger.SingleStream, TimingNone, 1)
		o.Engine, o.Variation, o.ConductanceSD1024, o.Seed = EngineAuto, true, 200, 5
		change(copied, &o)
		m, err := New(copied, o)
		if err != nil {
			t.Fatal(err)
		}
		waves := ""
		run, err := m.Run(t.Context(), all, func(w Wave) error { waves += fmt.Sprintln(w.Scores, w.Spikes); return nil })
		if err != nil {
			t.Fatal(err)
		}
		if want := (&ledger.Variation{ConductanceSD1024: o.ConductanceSD1024, Seed: o.Seed}); !cmp.Equal(run.Variation, want) || run.Engine != EngineReference {
			t.Errorf("the record says %+v, engine %s; want %+v, %s", run.Variation, run.Engine, want, EngineReference)
		}
		return waves
	}
	want := record(func(*layout.Layout, *Options) {})
	for name, change := range map[string]func(*layout.Layout, *Options){
		"again":       func(*layout.Layout, *Options) {},
		"two workers": func(_ *layout.Layout, o *Options) { o.Workers = 2 },
		"other places": func(l *layout.Layout, _ *Options) {
			l.Capabilities.Mesh.Width = 200
			for c := range l.Cores {
				l.Cores[c].X = 199 - l.Cores[c].X
			}
		},
	} {
		if got := record(change); got != want {
			t.Errorf("%s: another chip", name)
		}
	}
	for name, change := range map[string]func(*layout.Layout, *Options){
		"another seed":   func(_ *layout.Layout, o *Options) { o.Seed = 6 },
		"another spread": func(_ *layout.Layout, o *Options) { o.ConductanceSD1024 = 100 },
	} {
		if got := record(change); got == want {
			t.Errorf("%s: the same chip", name)
		}
	}
	gains := func(l *layout.Layout) [][]int32 {
		p, err := newProgram(l, new(hwmodel.Latencies))
		if err != nil {
			t.Fatal(err)
		}
		p.vary(200, 5)
		return p.variation.gains
	}
	before := gains(l)
	for _, plane := range l.Cores[0].Planes { // clear a used row: all other cells stay
		clear(plane.Row(1))
	}
	after := gains(l)
	for c := range before {
		columns := len(l.Cores[c].Columns)
		for i, g := range before[c] {
			switch {
			case c == 0 && i/columns == 1 && after[c][i] != 0:
				t.Fatalf("a cell that does not conduct leaks %d", after[c][i])
			case (c != 0 || i/columns != 1) && after[c][i] != g:
				t.Fatalf("core %d axon %d column %d conducts %d; before a change elsewhere %d", c, i/columns, i%columns, after[c][i], g)
			}
		}
	}
}

func TestVariationRefused(t *testing.T) {
	pairs, digital, stated := one(2, 0), mustParse(oneScore), one(2, 0)
	stated.Capabilities.Core.ConductanceSD1024 = 50
	for _, c := range []struct {
		l      *layout.Layout
		change func(*Options)
		want   string // "" is good
	}{
		{pairs, func(o *Options) { o.ConductanceSD1024 = 50 }, ""},
		{stated, func(*Options) {}, ""},
		{pairs, func(*Options) {}, "does not state core.conductance_sd_1024, how far its cells vary; give a standard deviation of 1..512"},
		{pairs, func(o *Options) { o.ConductanceSD1024 = 513 }, "ConductanceSD1024 = 513; want 1..512"},
		{pairs, func(o *Options) { o.ConductanceSD1024 = -1 }, "ConductanceSD1024 = -1; want 1..512"},
		{pairs, func(o *Options) { o.ConductanceSD1024, o.Variation = 5, false }, "ConductanceSD1024 = 5; want 1..512 with Variation"},
		{digital, func(o *Options) { o.ConductanceSD1024 = 50 }, `whose synapses are ternary; only differential ones have any`},
		{stated, func(o *Options) { o.Engine = EngineFast }, `conductances vary; engine "fast" has one weight for all cells; simulate with engine "reference" or "auto"`},
		{stated, func(o *Options) { o.Engine = EngineBatch }, `choose engine`},
	} {
		o := DefaultOptions()
		o.Engine, o.Variation = EngineAuto, true
		c.change(&o)
		m, err := New(c.l, o)
		if c.want == "" {
			if err != nil || m.options.Engine != EngineReference || m.program.variation.sd != 50 {
				t.Errorf("engine %v: %v", m, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one with %q", err, c.want)
		}
	}
}

// TestRecordsKnowTheirPlaces: whatever engine ran, a record says where its cores are.
func TestRecordsKnowTheirPlaces(t *testing.T) {
	r := seed.Stream(10, seed.TestNetwork)
	l, _ := randomTernary(r, 40, 20, 5).image(r, 16, 16, true)
	var want []ledger.Place
	for c := range l.Cores {
		want = append(want, ledger.Place{X: l.Cores[c].X, Y: l.Cores[c].Y})
	}
	for _, engine := range []string{EngineReference, EngineFast, EngineBatch} {
		o := options(ledger.SingleStream, TimingNone, 2)
		o.Engine, o.Path = engine, bits.Best()
		m, err := New(l, o)
		if err != nil {
			t.Fatal(err)
		}
		run, err := m.Run(t.Context(), randomSamples(r, 3, 40), nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, run.Places); diff != "" || run.Engine != engine || len(want) < 2 {
			t.Errorf("engine %s, run as %s (-want +got):\n%s", engine, run.Engine, diff)
		}
	}
}
