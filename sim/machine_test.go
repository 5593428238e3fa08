package sim

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// simulate runs all samples and keeps the waves.
func simulate(t *testing.T, l *layout.Layout, o Options, s samples) (*ledger.Run, []Wave) {
	t.Helper()
	m, err := New(l, o)
	if err != nil {
		t.Fatal(err)
	}
	var waves []Wave
	run, err := m.Run(context.Background(), s, func(w Wave) error { waves = append(waves, w); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Validate(); err != nil {
		t.Fatal(err)
	}
	return run, waves
}

func options(scenario ledger.Scenario, timing string, workers int) Options {
	o := Options{Engine: EngineReference, Seed: 1, Scenario: scenario, Timing: timing, Workers: workers}
	if timing != TimingNone {
		o.Latencies = unitLatencies()
	}
	return o
}

// each calls f with random images of small dense networks.
func each(t *testing.T, n int, gated bool, f func(t *testing.T, d dense, l *layout.Layout, all []tiles, s samples)) {
	for i := range n {
		r := seed.Sub(1, seed.TestNetwork, i)
		d := randomDense(r)
		l, all := d.image(r, 1+r.IntN(5), 1+r.IntN(5), gated)
		if err := l.Validate(); err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		f(t, d, l, all, randomSamples(seed.Sub(1, seed.TestInput, i), 5, d.inputs))
		if t.Failed() {
			t.Fatalf("seed 1, image %d:\n%s", i, l.Text())
		}
	}
}

// due keeps the spikes of columns at their own level.
func due(l *layout.Layout, spikes []Spike) []layout.Label {
	var list []layout.Label
	for _, s := range spikes {
		if c := &l.Cores[s.Core].Columns[s.Column]; c.Level == s.Tick {
			list = append(list, c.Label)
		}
	}
	slices.SortFunc(list, func(a, b layout.Label) int {
		return int(a.Layer-b.Layer)*1000 + int(a.Neuron-b.Neuron)
	})
	return list
}

// TestMatchesMatrices compares spikes, scores, decisions and the counts that
// have a closed form with plain matrix arithmetic, on chips with and without
// a wave gate and in both scenarios.
func TestMatchesMatrices(t *testing.T) {
	for _, gated := range []bool{true, false} {
		each(t, 150, gated, func(t *testing.T, d dense, l *layout.Layout, all []tiles, s samples) {
			for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
				_, waves := simulate(t, l, options(scenario, TimingNone, 1), s)
				for i, w := range waves {
					compareWave(t, d, l, all, s[i], w, gated)
				}
			}
		})
	}
}

func compareWave(t *testing.T, d dense, l *layout.Layout, all []tiles, in encode.Bits, w Wave, gated bool) {
	t.Helper()
	active, scores := d.eval(in)
	var want []layout.Label
	for i := 1; i < len(active); i++ {
		for j, fires := range active[i] {
			if fires {
				want = append(want, layout.Label{Layer: int32(i - 1), Neuron: int32(j)})
			}
		}
	}
	if diff := cmp.Diff(want, due(l, w.Spikes)); diff != "" {
		t.Errorf("sample %d: spikes (-want +got):\n%s", w.Sample, diff)
	}
	if diff := cmp.Diff(scores, w.Scores); diff != "" {
		t.Errorf("sample %d: scores (-want +got):\n%s", w.Sample, diff)
	}
	if best := slices.Index(scores, slices.Max(scores)); w.Class != best {
		t.Errorf("sample %d: class %d, want %d", w.Sample, w.Class, best)
	}
	if !gated { // then columns also work when they are not due
		return
	}
	var c ledger.Counts
	for i, t := range all {
		neurons := uint64(len(d.layers[i].theta))
		c[ledger.PsumSend] += uint64(t.rows-1) * neurons
		for source, on := range active[i] {
			if !on {
				continue
			}
			c[ledger.AxonWrite] += uint64(t.groups)
			if i == 0 {
				c[ledger.InputSpike] += uint64(t.groups)
			} else {
				c[ledger.SpikeEmitted]++
				c[ledger.PacketCore] += uint64(t.groups)
			}
			for _, row := range d.layers[i].weights {
				if row[source] != 0 {
					c[ledger.SynapticOp]++
				}
			}
		}
	}
	c[ledger.OutputScore] = uint64(len(scores))
	c[ledger.AxonRead], c[ledger.RowRead] = c[ledger.AxonWrite], c[ledger.AxonWrite]
	c[ledger.BitsRead] = c[ledger.RowRead] * uint64(2*l.Capabilities.Core.Neurons)
	for k, n := range c {
		switch ledger.Kind(k) {
		case ledger.PacketTile, ledger.HopX, ledger.HopY, ledger.PsumHop, ledger.NeuronTouched, ledger.NeuronIdle, ledger.CoreTick, ledger.Barrier:
			continue // depend on places, or on the scenario
		}
		if w.Counts[k] != n {
			t.Errorf("sample %d: %s %d, want %d", w.Sample, ledger.Kind(k), w.Counts[k], n)
		}
	}
}

// TestScenariosCountAlike wants the same activity of every wave in both
// scenarios on gated chips; only the ticks a wave pays for differ.
func TestScenariosCountAlike(t *testing.T) {
	each(t, 150, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		_, single := simulate(t, l, options(ledger.SingleStream, TimingNone, 1), s)
		_, offline := simulate(t, l, options(ledger.Offline, TimingNone, 1), s)
		for _, waves := range [][]Wave{single, offline} {
			for i := range waves {
				waves[i].Counts[ledger.CoreTick], waves[i].Counts[ledger.Barrier] = 0, 0
			}
		}
		if diff := cmp.Diff(single, offline); diff != "" {
			t.Errorf("single_stream and offline differ (-single +offline):\n%s", diff)
		}
	})
}

// TestTimingChangesNothing wants equal spikes and activity with and without
// timing.
func TestTimingChangesNothing(t *testing.T) {
	each(t, 100, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			_, plain := simulate(t, l, options(scenario, TimingNone, 1), s)
			run, timed := simulate(t, l, options(scenario, TimingAnalytic, 1), s)
			for i := range timed {
				if timed[i].LatencyQuanta == 0 || timed[i].LatencyQuanta != run.Timing.PerSample[i] {
					t.Errorf("sample %d: latency %d in the wave, %d in the record", i, timed[i].LatencyQuanta, run.Timing.PerSample[i])
				}
				timed[i].LatencyQuanta = 0
				for k := range timed[i].Counts {
					if ledger.Kinds[k].Class == ledger.Time {
						timed[i].Counts[k] = 0
					}
				}
			}
			if diff := cmp.Diff(plain, timed); diff != "" {
				t.Errorf("timing changed a wave (-none +analytic):\n%s", diff)
			}
			total := run.Total()
			if spent := total[ledger.CoreBusy] + total[ledger.CoreWaiting]; spent != run.Timing.Total*uint64(run.CoresUsed) {
				t.Errorf("busy + waiting = %d; want %d quanta × %d cores", spent, run.Timing.Total, run.CoresUsed)
			}
		}
	})
}

// TestWorkersShowNowhere compares the bytes of records, on gated chips, where
// samples run at once, and on others, where they cannot.
func TestWorkersShowNowhere(t *testing.T) {
	for _, gated := range []bool{true, false} {
		each(t, 40, gated, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
			var want []byte
			var wantWaves []Wave
			for _, workers := range []int{1, 2, 3, 9} {
				run, waves := simulate(t, l, options(ledger.SingleStream, TimingAnalytic, workers), s)
				text, err := run.JSON()
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want, wantWaves = text, waves
				}
				if !bytes.Equal(want, text) || !cmp.Equal(wantWaves, waves) {
					t.Errorf("%d workers change the result:\n%s", workers, cmp.Diff(string(want), string(text)))
				}
			}
		})
	}
}

// TestRecordReadsBack writes and reads a whole record.
func TestRecordReadsBack(t *testing.T) {
	each(t, 10, true, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		run, _ := simulate(t, l, options(ledger.Offline, TimingAnalytic, 1), s)
		text, err := run.JSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ledger.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(run, back); diff != "" {
			t.Errorf("record differs after reading (-written +read):\n%s", diff)
		}
	})
}

// TestLayersCountTheirColumns: two neurons, one of them twice, on spiking
// columns; senders and scores do not fire and are not counted.
func TestLayersCountTheirColumns(t *testing.T) {
	core := layout.NewCore(hwmodel.Core{Axons: 1, Neurons: 6})
	for n, c := range []struct {
		role  layout.Role
		layer int32
		of    int32
	}{{layout.Spiking, 0, 0}, {layout.Spiking, 0, 1}, {layout.Spiking, 0, 1}, {layout.Sender, 0, 0}, {layout.Spiking, 1, 0}} {
		core.Columns[n].Role, core.Columns[n].Label = c.role, layout.Label{Layer: c.layer, Neuron: c.of}
	}
	l := &layout.Layout{
		Layers:  []layout.LayerLabel{{Name: "hidden", Neurons: 2}},
		Readout: layout.LayerLabel{Name: "readout", Neurons: 1}, Cores: []layout.Core{core},
	}
	want := []ledger.LayerSpikes{{Name: "hidden", Neurons: 2, Columns: 3, Spikes: 7}, {Name: "readout", Neurons: 1, Columns: 1, Spikes: 4}}
	if diff := cmp.Diff(want, layerSpikes(l, []uint64{7, 4})); diff != "" {
		t.Errorf("layers (-want +got):\n%s", diff)
	}
}

// TestUngatedSteadyState: an ungated chip evaluates every used column on every
// tick, and a wave pays for its initiation interval of them. Only the last wave
// may pay less, as the run ends with its decision.
func TestUngatedSteadyState(t *testing.T) {
	each(t, 60, false, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
		used := uint64(l.Usage().Columns)
		run, waves := simulate(t, l, options(ledger.Offline, TimingNone, 1), s)
		updates := func(c *ledger.Counts) uint64 { return c[ledger.NeuronTouched] + c[ledger.NeuronIdle] }
		for _, w := range waves[:len(waves)-1] {
			if got, want := updates(&w.Counts), run.Ticks.InitiationInterval*used; got != want {
				t.Errorf("sample %d pays %d updates; want %d", w.Sample, got, want)
			}
		}
		if total := run.Total(); updates(&total) != run.Ticks.Total*used {
			t.Errorf("%d updates; want %d ticks × %d columns", updates(&total), run.Ticks.Total, used)
		}
		fill := uint64(0) // a column of level L idles L ticks before its first wave
		for c := range l.Cores {
			for n := range l.Cores[c].Columns {
				fill += uint64(l.Cores[c].Columns[n].Level)
			}
		}
		if got := updates(&run.Outside); got < fill || got > fill+run.Ticks.Drain*used {
			t.Errorf("%d updates outside; want at least %d, for the fill, and at most %d more", got, fill, run.Ticks.Drain*used)
		}
	})
}

func TestNoSamples(t *testing.T) {
	for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
		run, waves := simulate(t, mustParse(oneScore), options(scenario, TimingAnalytic, 2), nil)
		if total := run.Total(); len(waves) != 0 || total.Sum() != 0 || run.Ticks.Total != 0 {
			t.Errorf("%s: %d waves, %d events, %d ticks of no samples", scenario, len(waves), total.Sum(), run.Ticks.Total)
		}
	}
}

// oneScore is the smallest image: one axon, one column.
const oneScore = `chip one ternary axons 1 neurons 1 gate on
inputs 1
readout class 1
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
row 0 +
column 0 score level 0 is class/0
input 0 to 0:0
output 0 from 0:0
`

func TestRunStops(t *testing.T) {
	broken := errors.New("no more room")
	for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
		m, err := New(mustParse(oneScore), options(scenario, TimingNone, 2))
		if err != nil {
			t.Fatal(err)
		}
		s := parseSamples(strings.Repeat("1 ", 50))
		seen := 0
		_, err = m.Run(context.Background(), s, func(w Wave) error {
			if seen++; w.Sample == 3 {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) || seen != 4 {
			t.Errorf("%s: error %v after %d waves; want the observer's after 4", scenario, err, seen)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := m.Run(ctx, s, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v; want context.Canceled", scenario, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := DefaultOptions()
	change := func(f func(*Options)) Options { o := good; f(&o); return o }
	stateful := strings.NewReplacer("ticks 1", "ticks 2", "column 0 score level 0 is class/0", "column 0 spike >= 1 reset zero level 0", "output 0 from 0:0\n", "").Replace(oneScore)
	split := `chip split ternary axons 1 neurons 2
inputs 1
readout class 1
ticks 2 interval 1
core 0 at 0,0
column 0 send level 0 to 0:1
column 1 score level 1
`
	for _, c := range []struct {
		text    string
		options Options
		want    string
	}{
		{oneScore, change(func(o *Options) { o.Scenario = "batch" }), `Scenario = "batch"; want "single_stream" or "offline"`},
		{oneScore, change(func(o *Options) { o.Timing = "exact" }), `Timing = "exact"; want "none", "analytic" or "cycle"`},
		{oneScore, change(func(o *Options) { o.Workers = 0 }), `Workers = 0; want 1 or more`},
		{oneScore, change(func(o *Options) { o.Latencies[ledger.HopX] = 1 << 40 }), `hop_x takes 1099511627776 quanta`},
		{"chip none ternary\ninputs 1\nreadout r 0\nticks 1 interval 1\n", good, `no cores`},
		{strings.Replace(oneScore, "class 1", "class 2", 1), good, `2 scores from 1 columns; want 0..1`},
		{stateful, change(func(o *Options) { o.Scenario = ledger.Offline }), `core 0 column 0 resets by zero and keeps its potential`},
		{split, good, `core 0 column 0 sends its partial sum at level 0 to core 0 column 1, which is evaluated at level 1`},
	} {
		l, err := layout.ParseText(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(l, c.options); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line with %q", err, c.want)
		}
	}
	negative := mustParse(oneScore)
	negative.Readout.Neurons, negative.OutputMap = -1, nil
	if _, err := New(negative, good); err == nil {
		t.Error("a layout of -1 scores was taken")
	}
	bad := mustParse(oneScore)
	bad.Inputs = 0
	if _, err := New(bad, good); err == nil {
		t.Error("an invalid layout was taken")
	}
}
