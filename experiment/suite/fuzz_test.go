package suite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

// Whatever stands in a suite, reading it ends with a suite or with one line.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		"cases:\n  - {name: a, chip: unit, " + irisNetwork + ", data: iris}\n",
		"cases:\n  - {name: a, chip: unit, network: {file: x.npz}, layout: y.npz, data: \"digits:test[0:5]\", expect: [{figure: events.hop_x, value: 1e3, relative: 0.1}]}\n",
		"cases: [{name: a, conditions: {voltage_v: 1, tick_us: 2}, threads: 9999}]\n",
		"cases: {}\n", "- a\n", "cases:\n  - null\n", "cases: [[]]\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "/") { // no other files than those of the folder
			return
		}
		file := filepath.Join(t.TempDir(), "suite.yaml")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := suite.Load(file, dataset.OpenOptions{})
		switch {
		case err == nil && len(s.Cases) == 0:
			t.Error("a suite without cases")
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("an error of several lines: %v", err)
		}
	})
}

// Whatever stands in a golden file, comparing with it ends, and what is read is
// written as it was.
func FuzzGolden(f *testing.F) {
	text, err := os.ReadFile("../../testdata/suites/embedded.golden.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text[:0])
	f.Add([]byte(`{"format":"tritloom-golden/1","cases":[{"name":"a","ops":[{"event":"hop_z","events":1,"charged":2,"joules":null}],"prices":[{"event":"bits_read","state":"priced","joules":{"nominal":1,"low":1,"high":1}}]}]}`))
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "x.golden.json")
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		g, err := suite.ReadGolden(file)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		again, err := g.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, again, 0o666); err != nil {
			t.Fatal(err)
		}
		same, err := suite.ReadGolden(file)
		if err != nil {
			t.Fatalf("what was read does not read back: %v\n%s", err, again)
		}
		for i := range g.Cases {
			if d := suite.Diff(&g.Cases[i], &same.Cases[i]); !d.Empty() {
				t.Errorf("a record changed by being written:\n%s", d)
			}
			if d := suite.Diff(&g.Cases[0], &same.Cases[i]); d.Empty() != (d.String() == "") {
				t.Errorf("a difference that says nothing: %+v", d)
			}
		}
	})
}
