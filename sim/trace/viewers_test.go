package trace

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// TestVCDSaysWhatTheTablesSay reads the waveforms back and compares every neuron in
// every tick with spikes.csv and potentials.csv.
func TestVCDSaysWhatTheTablesSay(t *testing.T) {
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		_, files := simulateTraced(t, s, o, 0)
		checkVCD(t, s, o, files)
	})
}

// picoseconds are the units that a timescale may be made of.
var picoseconds = map[string]int64{
	"1 ps": 1, "10 ps": 10, "100 ps": 100, "1 ns": 1e3, "10 ns": 1e4, "100 ns": 1e5, "1 us": 1e6, "10 us": 1e7, "100 us": 1e8, "1 ms": 1e9,
}

func checkVCD(t *testing.T, s subject, o sim.Options, files map[string]string) {
	t.Helper()
	d, err := readVCD(files["vcd"])
	if err != nil {
		t.Fatalf("%v in\n%.1000s", err, files["vcd"])
	}
	series := readTable(t, files["series"])
	each := int64(1)
	if o.Timing != sim.TimingNone {
		each = s.image.Capabilities.Tick.QuantumPS / picoseconds[d.timescale]
		if each*picoseconds[d.timescale] != s.image.Capabilities.Tick.QuantumPS {
			t.Errorf("timescale %q for a quantum of %d ps", d.timescale, s.image.Capabilities.Tick.QuantumPS)
		}
	}
	want := map[string]map[int64]int64{} // by variable, what it is in each tick; 0 is left out
	note := func(name string, tick, value int64) {
		if want[name] == nil {
			want[name] = map[int64]int64{}
		}
		if value != 0 {
			want[name][tick] = value
		}
	}
	for c := range s.image.Cores {
		for n := range s.image.Cores[c].Columns {
			if s.image.Cores[c].Columns[n].Role == layout.Spiking {
				note(variableName(s.image, "n", int64(c), int64(n)), 0, 0)
			}
		}
	}
	spikes, potentials := readTable(t, files["spikes"]), readTable(t, files["potentials"])
	for _, row := range spikes.rows {
		note(variableName(s.image, "n", spikes.at(t, row, "core"), spikes.at(t, row, "neuron")), spikes.at(t, row, "tick"), 1)
	}
	for _, row := range potentials.rows {
		note(variableName(s.image, "v", potentials.at(t, row, "core"), potentials.at(t, row, "neuron")), potentials.at(t, row, "tick"), potentials.at(t, row, "kept_potential"))
	}
	got := map[string]map[int64]int64{}
	for name := range d.variables {
		got[name] = map[int64]int64{}
	}
	now, values, changes := int64(0), map[string]int64{}, d.changes
	for tick, row := range series.rows {
		for ; len(changes) > 0 && int64(changes[0].at) == now*each; changes = changes[1:] {
			if old, known := values[changes[0].name]; known && old == changes[0].value {
				t.Errorf("tick %d: %s is written and stays %d", tick, changes[0].name, old)
			}
			values[changes[0].name] = changes[0].value
		}
		for name, v := range values {
			if v != 0 {
				got[name][int64(tick)] = v
			}
		}
		if o.Timing == sim.TimingNone {
			now++
		} else {
			now += series.at(t, row, "quanta")
		}
	}
	if len(changes) > 0 {
		t.Errorf("%d changes at moments at which no tick begins, the first %+v", len(changes), changes[0])
	}
	if d.end != uint64(now*each) {
		t.Errorf("the dump ends at %d; want %d", d.end, now*each)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-tables +vcd):\n%s", diff)
	}
}

// variableName is what the dump should call a column.
func variableName(l *layout.Layout, prefix string, core, column int64) string {
	label := l.Cores[core].Columns[column].Label
	name := "class"
	if int(label.Layer) < len(l.Layers) {
		name = l.Layers[label.Layer].Name
	} else {
		name = l.Readout.Name
	}
	return fmt.Sprintf("chip.core_%d.%s%d_%s_%d", core, prefix, column, strings.NewReplacer(",", "_", "-", "_").Replace(name), label.Neuron)
}

// event is a Chrome trace event with its times as written.
type event struct {
	Name string          `json:"name"`
	Cat  string          `json:"cat"`
	Ph   string          `json:"ph"`
	Pid  *int            `json:"pid"`
	Tid  *int            `json:"tid"`
	Ts   json.Number     `json:"ts"`
	Dur  json.Number     `json:"dur"`
	S    string          `json:"s"`
	Args json.RawMessage `json:"args"`
}

// TestChromeTrace checks what the Trace Event Format asks for, and the times, in
// exact arithmetic.
func TestChromeTrace(t *testing.T) {
	eachTraced(t, func(t *testing.T, s subject, o sim.Options) {
		if o.Timing == sim.TimingNone {
			return
		}
		_, files := simulateTraced(t, s, o, 0)
		checkChrome(t, s, files)
	})
}

// picosecondsOf reads microseconds exactly.
func picosecondsOf(t *testing.T, n json.Number) int64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("time %q", n)
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	if !r.IsInt() || r.Num().Sign() < 0 || !r.Num().IsInt64() {
		t.Fatalf("time %q is no whole number of picoseconds", n)
	}
	return r.Num().Int64()
}

func checkChrome(t *testing.T, s subject, files map[string]string) {
	t.Helper()
	var whole struct {
		DisplayTimeUnit string            `json:"displayTimeUnit"`
		OtherData       map[string]string `json:"otherData"`
		TraceEvents     []event           `json:"traceEvents"`
	}
	reader := json.NewDecoder(strings.NewReader(files["chrome-trace"]))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&whole); err != nil {
		t.Fatalf("%v in\n%.500s", err, files["chrome-trace"])
	}
	series, spikes := readTable(t, files["series"]), readTable(t, files["spikes"])
	total := series.sum(t, "quanta") * s.image.Capabilities.Tick.QuantumPS
	type track struct{ pid, tid int }
	ends, names := map[track]int64{}, map[track]string{}
	count := map[string]int{}
	var busy, latest, counted int64
	for _, e := range whole.TraceEvents {
		if e.Pid == nil || e.Tid == nil || e.Name == "" {
			t.Fatalf("an event without pid, tid or name: %+v", e)
		}
		at := track{*e.Pid, *e.Tid}
		count[e.Ph+" "+e.Cat]++
		if e.Ph == "M" {
			names[at] += e.Name + " "
			continue
		}
		ts := picosecondsOf(t, e.Ts)
		switch e.Ph {
		case "X":
			dur := picosecondsOf(t, e.Dur)
			if ts < ends[at] {
				t.Errorf("%+v begins at %d ps; the event before it ends at %d ps", e, ts, ends[at])
			}
			ends[at] = ts + dur
			latest = max(latest, ends[at])
			var args struct{ Tick, Quanta int64 }
			if err := json.Unmarshal(e.Args, &args); err != nil {
				t.Fatal(err)
			}
			busy += args.Quanta
		case "C":
			var args struct{ Spikes int64 }
			if err := json.Unmarshal(e.Args, &args); err != nil {
				t.Fatal(err)
			}
			counted += args.Spikes
		case "i":
			if !slices.Contains([]string{"t", "p", "g"}, e.S) || ts > total {
				t.Errorf("instant %+v", e)
			}
		default:
			t.Errorf("phase %q", e.Ph)
		}
		if e.Ph != "C" && !strings.Contains(names[at], "thread_name") {
			t.Errorf("%+v stands on a track without a name", e)
		}
	}
	if ends[track{ticksProcess, 0}] != total || latest != total {
		t.Errorf("the last tick ends at %d ps and the last event at %d ps; want %d ps", ends[track{ticksProcess, 0}], latest, total)
	}
	overruns := series.sum(t, "overrun")
	for what, n := range map[string][2]int64{
		"ticks":            {int64(count["X tick"]), int64(len(series.rows))},
		"spikes":           {int64(count["i spike"]), int64(len(spikes.rows))},
		"spikes counted":   {counted, int64(len(spikes.rows))},
		"overruns":         {int64(count["i overrun"]), overruns},
		"busy quanta":      {busy, series.sum(t, ledger.CoreBusy.String())},
		"tracks with name": {int64(len(names)), int64(len(s.image.Cores)) + 1},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d; want %d", what, n[0], n[1])
		}
	}
}
