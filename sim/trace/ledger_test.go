package trace

import (
	"bytes"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
	"tritloom/sim"
)

// table is a CSV file read by the standard library.
type table struct {
	columns map[string]int
	rows    [][]string
}

func readTable(t *testing.T, text string) table {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v in\n%.300s", err, text)
	}
	columns := map[string]int{}
	for i, title := range all[0] {
		columns[title] = i
	}
	return table{columns, all[1:]}
}

func (b table) text(row []string, title string) string { return row[b.columns[title]] }

// at is a number; an empty cell is 0.
func (b table) at(t *testing.T, row []string, title string) int64 {
	t.Helper()
	i, ok := b.columns[title]
	if !ok {
		t.Fatalf("no column %s", title)
	}
	if row[i] == "" {
		return 0
	}
	n, err := strconv.ParseInt(row[i], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (b table) sum(t *testing.T, title string) (sum int64) {
	t.Helper()
	for _, row := range b.rows {
		sum += b.at(t, row, title)
	}
	return sum
}

// TestTracesSumToTheLedger compares every table with the record of the run, and the
// record with that of a run nobody watched.
func TestTracesSumToTheLedger(t *testing.T) {
	seen := ledger.Counts{}
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		run, files := simulateTraced(t, s, o, 0)
		total := run.Total()
		seen.Add(&total)
		checkSeries(t, run, readTable(t, files["series"]))
		checkSpikes(t, run, readTable(t, files["spikes"]))
		checkMessages(t, &total, readTable(t, files["messages"]))
		if got, want := int64(len(readTable(t, files["potentials"]).rows)), int64(len(Kept(s.image)))*int64(run.Ticks.Total); got != want {
			t.Errorf("%d potentials; want %d", got, want)
		}
		m, err := sim.New(s.image, o)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := m.Run(t.Context(), s.samples, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain, run); diff != "" {
			t.Errorf("watching changed the record (-unwatched +watched):\n%s", diff)
		}
	})
	for _, k := range []ledger.Kind{ledger.SpikeEmitted, ledger.PsumHop, ledger.HopX, ledger.HopY, ledger.ControlSpike, ledger.OutputSpike, ledger.StateReset, ledger.AxonMerge} {
		if seen[k] == 0 {
			t.Errorf("no subject has any %s: this test compares nothing", k)
		}
	}
}

func checkSeries(t *testing.T, run *ledger.Run, b table) {
	t.Helper()
	for i, row := range b.rows {
		if b.at(t, row, "tick") != int64(i) {
			t.Fatalf("row %d is tick %s", i, row[0])
		}
	}
	total := run.Total()
	want := map[string]uint64{"spikes": total[ledger.SpikeEmitted], "quanta": run.Timing.Total, "overrun": 0,
		"messages": total[ledger.PsumSend] + total[ledger.AxonWrite] - total[ledger.InputSpike] - total[ledger.ControlSpike]}
	for k, n := range total {
		want[ledger.Kind(k).String()] = n
	}
	for _, v := range run.Violations {
		if strings.HasPrefix(v.What, "tick overrun") {
			want["overrun"] = v.Count
		}
	}
	if uint64(len(b.rows)) != run.Ticks.Total {
		t.Errorf("%d rows; want %d ticks", len(b.rows), run.Ticks.Total)
	}
	for title, n := range want {
		if got := b.sum(t, title); uint64(got) != n {
			t.Errorf("series: %d %s; the record has %d", got, title, n)
		}
	}
}

func checkSpikes(t *testing.T, run *ledger.Run, b table) {
	t.Helper()
	layers := map[string]uint64{}
	for _, row := range b.rows {
		layers[b.text(row, "layer")]++
	}
	for _, l := range run.Layers {
		if layers[l.Name] != l.Spikes {
			t.Errorf("layer %s: %d spikes; the record has %d", l.Name, layers[l.Name], l.Spikes)
		}
		delete(layers, l.Name)
	}
	if len(layers) > 0 {
		t.Errorf("spikes of unknown layers: %v", layers)
	}
}

func checkMessages(t *testing.T, total *ledger.Counts, b table) {
	t.Helper()
	var psums, psumHops, spikes uint64
	packets := map[[4]string]bool{} // a spike's axons in one core share one
	for _, row := range b.rows {
		switch b.text(row, "kind") {
		case "psum":
			psums++
			psumHops += uint64(b.at(t, row, "hops"))
		case "spike":
			spikes++
			packets[[4]string{b.text(row, "tick"), b.text(row, "from_core"), b.text(row, "from_neuron"), b.text(row, "to_core")}] = true
		default:
			t.Errorf("kind %q", b.text(row, "kind"))
		}
	}
	for what, n := range map[string][2]uint64{
		"sums":          {psums, total[ledger.PsumSend]},
		"links of sums": {psumHops, total[ledger.PsumHop]},
		"spikes":        {spikes, total[ledger.AxonWrite] - total[ledger.InputSpike] - total[ledger.ControlSpike]},
		"packets":       {uint64(len(packets)), total[ledger.PacketCore]},
	} {
		if n[0] != n[1] {
			t.Errorf("messages: %d %s; the record has %d", n[0], what, n[1])
		}
	}
}

// TestEnginesAndWorkersShowNowhere compares the bytes of all traces.
func TestEnginesAndWorkersShowNowhere(t *testing.T) {
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		_, want := simulateTraced(t, s, o, 0)
		for _, c := range []struct {
			engine           string
			workers, threads int
		}{{sim.EngineReference, 2, 1}, {sim.EngineFast, 1, 1}, {sim.EngineFast, 2, 2}} {
			o.Engine, o.Workers, o.Threads = c.engine, c.workers, c.threads
			_, got := simulateTraced(t, s, o, 0)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("traces (-reference +%+v):\n%s", c, diff)
			}
		}
	})
}

// TestCutTraces: a trace cut after a tick is whole: its tables are the first rows of
// the whole ones, and the others read back.
func TestCutTraces(t *testing.T) {
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		_, whole := simulateTraced(t, s, o, 0)
		for after := uint64(1); after < 6; after++ {
			run, part := simulateTraced(t, s, o, after)
			if run != nil {
				continue // it was over before
			}
			for _, name := range []string{"spikes", "potentials", "messages", "series"} {
				if !strings.HasPrefix(whole[name], part[name]) || !strings.HasSuffix(part[name], "\n") {
					t.Errorf("%s after %d ticks:\n%s\nof\n%s", name, after, part[name], whole[name])
				}
			}
			if rows := len(readTable(t, part["series"]).rows); uint64(rows) != after {
				t.Errorf("%d rows after %d ticks", rows, after)
			}
			checkVCD(t, s, o, part)
			if o.Timing != sim.TimingNone {
				checkChrome(t, s, part)
			}
		}
	})
}

// TestNothingElseIsKept: a column outside Kept holds 0 after every tick, so that its
// potentials would say nothing.
func TestNothingElseIsKept(t *testing.T) {
	kept := 0
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		is := map[[2]int]bool{}
		for _, at := range Kept(s.image) {
			is[[2]int{int(at.Core), int(at.Column)}] = true
		}
		o.Observe = func(step *sim.Step, chip sim.State) error {
			for c := range s.image.Cores {
				for n := range s.image.Cores[c].Columns {
					v := chip.Potential(c, n)
					if v != 0 && is[[2]int{c, n}] {
						kept++
					} else if v != 0 {
						t.Errorf("tick %d: core %d column %d holds %d", step.Tick, c, n, v)
					}
				}
			}
			return nil
		}
		m, err := sim.New(s.image, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Run(t.Context(), s.samples, nil); err != nil {
			t.Fatal(err)
		}
	})
	if kept == 0 {
		t.Error("no potential was ever kept: this test compares nothing")
	}
}

// TestStepperIsObserved: a stepper shows its ticks too.
func TestStepperIsObserved(t *testing.T) {
	s := subjects(t)[0]
	var b bytes.Buffer
	w, err := Formats[0].New(&b, Options{Layout: s.image})
	if err != nil {
		t.Fatal(err)
	}
	o := sim.DefaultOptions()
	o.Observe = w.Tick
	stepper, err := sim.NewStepper(s.image, o)
	if err != nil {
		t.Fatal(err)
	}
	spikes := 0
	for range s.samples {
		stepper.StartWave()
		for range s.image.Schedule.TicksPerInference {
			step, err := stepper.Tick()
			if err != nil {
				t.Fatal(err)
			}
			spikes += len(step.Spikes)
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	if rows := len(readTable(t, b.String()).rows); rows != spikes || rows == 0 {
		t.Errorf("%d rows of %d spikes", rows, spikes)
	}
}

// TestMemoryIsBounded: once the buffers have their size, ticks take no memory.
func TestMemoryIsBounded(t *testing.T) {
	for _, s := range subjects(t)[:5] {
		var steps []sim.Step
		var state sim.State
		o := simulationOptions(sim.TimingAnalytic, ledger.SingleStream, 1)
		o.Observe = func(step *sim.Step, chip sim.State) error {
			copied := *step
			copied.Spikes, copied.PartialSums = append([]sim.Spike(nil), step.Spikes...), append([]sim.Value(nil), step.PartialSums...)
			copied.Counts = append([]ledger.Counts(nil), step.Counts...)
			steps, state = append(steps, copied), chip
			return nil
		}
		m, err := sim.New(s.image, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Run(t.Context(), s.samples, nil); err != nil {
			t.Fatal(err)
		}
		for i := range Formats {
			w, err := Formats[i].New(io.Discard, Options{Layout: s.image, Timed: true})
			if err != nil {
				t.Fatal(err)
			}
			next := 0
			tick := func() {
				if err := w.Tick(&steps[next%len(steps)], state); err != nil {
					t.Fatal(err)
				}
				next++
			}
			for range steps {
				tick()
			}
			if n := testing.AllocsPerRun(100, tick); n > 0 {
				t.Errorf("%s: %s takes %.1f allocations a tick", s.name, Formats[i].Name, n)
			}
		}
	}
}
