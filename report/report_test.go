package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/internal/textcase"
	"tritloom/ledger"
)

// toySubject is the whole toy story: network, layout, run, chip.
func toySubject(t testing.TB) Subject {
	chip, n := toyChip(t), toyNetwork()
	l := toyLayout(chip, n)
	run := withTiming(toyRun(chip))
	run.Network, run.Layout = n.Hash(), l.Hash()
	return Subject{run, chip, n, l}
}

// The command line of a case says what to report: words out of scopes,
// boundaries, "unit" (chip), "truenorth" (a second of the whole chip), "bare" (run alone), "untimed", "compared",
// "offline" (with ticks of no sample and violations), "lumped" (no price a row).
func TestText(t *testing.T) {
	textcase.Run(t, "testdata/report", func(t *testing.T, c textcase.Case) string {
		s := toySubject(t)
		has := func(word string) bool { return slices.Contains(c.Args, word) }
		if has("unit") {
			chip := loadChip(t, "unit")
			s = Subject{Run: newRun(chip, 1, twoByTwo), Chip: chip}
		}
		if has("truenorth") {
			chip := loadChip(t, "truenorth")
			s = Subject{Run: fullChip(chip), Chip: chip}
			s.Run.Data, s.Run.Correct = "mnist:test[0:1]", 1
			s.Run.Layers = []ledger.LayerSpikes{{Name: "all", Neurons: 1048576, Columns: 1048576, Spikes: 21044920}}
		}
		if has("bare") {
			s.Network, s.Layout = nil, nil
		}
		if has("untimed") {
			s.Run = toyRun(s.Chip)
			s.Run.Network, s.Run.Layout = s.Network.Hash(), s.Layout.Hash()
		}
		if has("offline") {
			makeOffline(s.Run)
		}
		if has("lumped") {
			s.Chip.Prices[ledger.RowRead] = hwmodel.Price{Kind: ledger.RowRead, State: hwmodel.IncludedIn, Includer: ledger.CoreTick}
			s.Chip.Prices[ledger.BitsRead].Includer = ledger.CoreTick
			s.Chip.Prices[ledger.HopX].VoltageV = 0.75
		}
		o := Options{DefaultEnergyOptions()}
		for _, word := range c.Args {
			if slices.Contains(Scopes, Scope(word)) {
				o.Energy.Scope = Scope(word)
			}
			if slices.Contains(hwmodel.Boundaries, hwmodel.BoundaryName(word)) {
				o.Energy.Boundary = hwmodel.BoundaryName(word)
			}
		}
		if c.Command == "csv" {
			var b bytes.Buffer
			if err := WritePerSampleCSV(&b, s.Run, s.Chip, o.Energy); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		r, err := New(s, o)
		if err != nil {
			t.Fatal(err)
		}
		if has("compared") {
			r.SpikeMismatches, r.DecisionMismatches = new(uint64), new(uint64)
		}
		if c.Command == "json" { // the hashes are other packages' business
			text := jsonText(t, r)
			return regexp.MustCompile("sha256:[0-9a-f]{64}").ReplaceAllString(text, "sha256:...")
		}
		return r.String()
	})
}

// makeOffline starts a wave every tick, so that one tick of each core drains.
func makeOffline(run *ledger.Run) {
	run.Scenario, run.Ticks = ledger.Offline, ledger.Ticks{Total: 4, PerInference: 2, InitiationInterval: 1, Fill: 1, Drain: 1}
	run.Timing.Total = 400
	run.Outside[ledger.CoreTick] = 2
	run.Cores[1][ledger.CoreTick] += 2
	run.Violations = []ledger.Violation{{What: "tick overrun: the work of a tick is longer than the fixed tick", First: 1, Count: 1234}}
}

func jsonText(t *testing.T, r *Report) string {
	t.Helper()
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Other programs read these names.
func TestJSONNames(t *testing.T) {
	r, err := New(toySubject(t), Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	r.Host = &Host{}
	var got map[string]any
	if err := json.Unmarshal([]byte(jsonText(t, r)), &got); err != nil {
		t.Fatal(err)
	}
	for path, names := range map[string]string{
		"": "samples accuracy spike_mismatches decision_mismatches ticks_total cycles_total tick_overruns events " +
			"energy_per_inference_j latency_s throughput_hz mean_power_w edp_js host memory",
		"accuracy":               "value correct total ci95",
		"events":                 "row_read core_tick",
		"energy_per_inference_j": "nominal low high scope scenario boundary activity_independent_share by by_evidence unpriced",
		"latency_s":              "mean p50 p95 max",
		"host":                   "threads seconds_s core_ticks_per_s synaptic_ops_per_s peak_bytes",
		"memory":                 "weight_bits ratios ladder on_chip stranded_bits utilisation",
	} {
		object := got
		if path != "" {
			object = got[path].(map[string]any)
		}
		for name := range strings.FieldsSeq(names) {
			if _, ok := object[name]; !ok {
				t.Errorf("the JSON has no %s.%s", path, name)
			}
		}
	}
	for _, unknown := range []string{"spike_mismatches", "decision_mismatches"} {
		if got[unknown] != nil {
			t.Errorf("%s is %v before anyone compared, want null", unknown, got[unknown])
		}
	}
}

func TestJSONReadsBack(t *testing.T) {
	r, err := New(toySubject(t), Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal([]byte(jsonText(t, r)), &back); err != nil {
		t.Fatal(err)
	}
	back.Energy.Cores = r.Energy.Cores // not part of the JSON
	if diff := cmp.Diff(r, &back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// Without a network there is no memory and no baseline; without a layout no
// memory.
func TestPartsLeftOut(t *testing.T) {
	s := toySubject(t)
	s.Layout = nil
	r, err := New(s, Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Memory != nil || r.Dense == nil || r.NoDense != "" {
		t.Errorf("without a layout: memory %v, baseline %v %q; want none, some, no reason", r.Memory, r.Dense, r.NoDense)
	}
	s.Network = nil
	if r, err = New(s, Options{DefaultEnergyOptions()}); err != nil {
		t.Fatal(err)
	}
	if r.Memory != nil || r.Dense != nil || r.NoDense != "" {
		t.Errorf("without a network: memory %v, baseline %v %q; want none", r.Memory, r.Dense, r.NoDense)
	}
}

func TestEqualSubjectsMakeEqualBytes(t *testing.T) {
	var first string
	for range 3 {
		r, err := New(toySubject(t), Options{DefaultEnergyOptions()})
		if err != nil {
			t.Fatal(err)
		}
		text := jsonText(t, r) + r.String()
		if first == "" {
			first = text
		}
		if text != first {
			t.Fatalf("two reports of one subject differ:\n%s", cmp.Diff(first, text))
		}
	}
}

func TestPartsThatDoNotBelongTogether(t *testing.T) {
	for _, c := range []struct {
		change func(*Subject)
		want   string
	}{
		{func(s *Subject) { s.Layout.Cores[0].Columns[0].Theta++ }, "the run simulated layout sha256:"},
		{func(s *Subject) { s.Network.Readout.Bias[1]++ }, "the run simulated network sha256:"},
		{func(s *Subject) { s.Chip = loadChip(t, "unit") }, `the run was simulated on chip "toy"`},
	} {
		s := toySubject(t)
		c.change(&s)
		if _, err := New(s, Options{DefaultEnergyOptions()}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s...", err, c.want)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriteErrorsAreReturned(t *testing.T) {
	chip := toyChip(t)
	if err := WritePerSampleCSV(full{}, toyRun(chip), chip, DefaultEnergyOptions()); err == nil || err.Error() != "no space left" {
		t.Errorf("error %v", err)
	}
}
