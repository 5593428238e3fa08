package ledger

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sampleRun is a record of two samples on two cores, added up by hand: hop_x
// 2 + 3 in samples and 1 outside is 4 + 2 on cores; row_read is 5 in each sample.
func sampleRun() *Run {
	r := &Run{
		Format: RunFormat, Chip: "unit", Capabilities: "sha256:aa", Network: "sha256:bb", Layout: "sha256:cc",
		DataHash: "sha256:dd", Data: "digits:test[0:2]", Engine: "reference", Scenario: SingleStream,
		Samples: 2, Correct: 1,
		Ticks:     Ticks{Total: 7, PerInference: 3, InitiationInterval: 3, Drain: 1},
		Timing:    Timing{Model: "analytic", QuantumPS: 1000, Latency: map[string]uint64{"hop_x": 1, "row_read": 2}, Total: 70, PerSample: []uint64{30, 31}, Longest: 12},
		CoresUsed: 2, CoresChip: 256, Cores: make([]Counts, 2), Kinds: KindNames(),
		Layers:     []LayerSpikes{{Name: "hidden", Neurons: 16, Columns: 17, Spikes: 9}},
		PerSample:  []SampleSeries{{Kind: "hop_x", Counts: []uint64{2, 3}}, {Kind: "row_read", Counts: []uint64{5}}},
		Violations: []Violation{{What: "tick overrun <by> 3 quanta", First: 4, Count: 1}},
		Variation:  &Variation{ConductanceSD1024: 51, Seed: 3},
	}
	r.Outside[HopX] = 1
	r.Cores[0][HopX], r.Cores[1][HopX] = 4, 2
	r.Cores[1][RowRead] = 10
	return r
}

func TestRunRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	want := sampleRun()
	if err := want.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	text, err := got.JSON()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, file) {
		t.Errorf("written again:\n%s\nwant\n%s", text, file)
	}
	if !strings.Contains(string(file), "overrun <by> 3") {
		t.Error("the text escapes < and >, which people read")
	}
}

func TestRunTotal(t *testing.T) {
	total := sampleRun().Total()
	if total[HopX] != 6 || total[RowRead] != 10 || total.Sum() != 16 {
		t.Errorf("hop_x %d, row_read %d, all %d; want 6, 10, 16", total[HopX], total[RowRead], total.Sum())
	}
}

// TestRunRefuses breaks each promise of a record.
func TestRunRefuses(t *testing.T) {
	for want, change := range map[string]func(r *Run){
		`run record: format "tritloom-run/0"; this version reads "tritloom-run/1"; simulate again`:              func(r *Run) { r.Format = "tritloom-run/0" },
		"run record: 2 core rows for 3 used cores; simulate again":                                              func(r *Run) { r.CoresUsed = 3 },
		"run record: 27 event kinds; this version counts 28; simulate again":                                    func(r *Run) { r.Kinds = r.Kinds[:27] },
		`run record: event kind 1 is "moon"; this version has "axon_read" there; simulate again`:                func(r *Run) { r.Kinds[1] = "moon" },
		"run record: 3 correct of 2 samples; simulate again":                                                    func(r *Run) { r.Correct = 3 },
		"run record: -1 correct of 2 samples; simulate again":                                                   func(r *Run) { r.Correct = -1 },
		"run record: 1 correct of -2 samples; simulate again":                                                   func(r *Run) { r.Samples = -2 },
		`run record: per_sample names unknown event kind "moon"; simulate again`:                                func(r *Run) { r.PerSample[0].Kind = "moon" },
		"run record: per_sample hop_x has 3 counts for 2 samples; simulate again":                               func(r *Run) { r.PerSample[0].Counts = []uint64{1, 2, 2} },
		"run record: per_sample hop_x has 0 counts for 2 samples; simulate again":                               func(r *Run) { r.PerSample[0].Counts = nil },
		"run record: hop_x adds up to 7 over samples and to 6 over cores; simulate again":                       func(r *Run) { r.PerSample[0].Counts[1]++ },
		"run record: hop_x adds up to 5 over samples and to 6 over cores; simulate again":                       func(r *Run) { r.Outside[HopX] = 0 },
		"run record: row_read adds up to 10 over samples and to 11 over cores; simulate again":                  func(r *Run) { r.Cores[0][RowRead] = 1 },
		"run record: row_read adds up to 0 over samples and to 10 over cores; simulate again":                   func(r *Run) { r.PerSample = r.PerSample[:1] },
		"run record: per_sample names hop_x twice; simulate again":                                              func(r *Run) { r.PerSample = append(r.PerSample, r.PerSample[0]) },
		"run record: row_read adds up to 5000000000000000000 over samples and to 10 over cores; simulate again": func(r *Run) { r.Samples, r.PerSample = 1e18, r.PerSample[1:] },
		"run record: core_busy adds up to 0 over samples and to 1 over cores; simulate again":                   func(r *Run) { r.Cores[0][CoreBusy] = 1 },
		"run record: variation of 0/1024 of a cell; want 1 or more; simulate again":                             func(r *Run) { r.Variation = new(Variation) },
	} {
		r := sampleRun()
		change(r)
		if err := r.Validate(); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		path := filepath.Join(t.TempDir(), "run.json")
		if err := r.WriteFile(path); err == nil {
			t.Errorf("%s: written all the same", want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: a file was left behind", want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	text, err := sampleRun().JSON()
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) string { return strings.Replace(string(text), old, new, 1) }
	for _, c := range []struct{ name, text, want string }{
		{"unknown field", edit(`"engine"`, `"host":"here","engine"`), `not a run record (json: unknown field "host"); name a file that tritloom simulate -o run.json wrote`},
		{"text after the end", string(text) + "{}", "run record: text after its end; copy it again, or simulate again"},
		{"cut", string(text[:len(text)/2]), "not a run record (unexpected EOF); name a file"},
		{"empty", "", "not a run record (EOF); name a file"},
		{"a fraction", edit(`"samples":2`, `"samples":2.5`), "not a run record (json: cannot unmarshal number 2.5 into Go struct field Run.samples of type int"},
		{"negative count", edit(`"counts":[5]`, `"counts":[-5]`), "not a run record (json: cannot unmarshal number -5 into Go struct field "},
		{"broken sum", edit(`"counts":[5]`, `"counts":[6]`), "run record: row_read adds up to 12 over samples and to 10 over cores"},
	} {
		if c.text == string(text) {
			t.Fatalf("%s: the edit changes nothing", c.name)
		}
		_, err := Parse([]byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.name, err, c.want)
		}
	}
}

func TestReadFileNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || err.Error() != path+": not a run record (unexpected EOF); name a file that tritloom simulate -o run.json wrote" {
		t.Errorf("got %v", err)
	}
	if _, err := ReadFile(path + ".missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v; want a missing file", err)
	}
}

// FuzzParse feeds any bytes to the reader: no panic, no endless work, and what
// it accepts is written and read back equal.
func FuzzParse(f *testing.F) {
	text, err := sampleRun().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"counts":[5]`), []byte(`"counts":[]`), 1))
	f.Add([]byte("{}"))
	f.Add([]byte(`{"format":"tritloom-run/1"}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		again, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(again)
		if err != nil {
			t.Fatalf("written and not readable: %v", err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRouters refuses a record whose routers tell of other cores than it has.
func TestRouters(t *testing.T) {
	r := &Run{Format: RunFormat, Kinds: KindNames(), Scenario: SingleStream, CoresUsed: 1, Cores: make([]Counts, 1), Timing: Timing{Model: "none"}}
	r.Timing.Network = &Network{Stalled: make([]uint64, 1), CriticalTicks: make([]uint64, 1)}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	r.Timing.Network.CriticalTicks = nil
	if err := r.Validate(); err == nil {
		t.Error("no row for a core: accepted")
	}
}
