package trial_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/report"
	"tritloom/sim"
)

func TestBeside(t *testing.T) {
	absolute := filepath.Join(t.TempDir(), "x.yaml")
	for _, test := range []struct{ got, want string }{
		{trial.Beside("a/b", "x.npz"), "a/b/x.npz"},
		{trial.Beside("a/b", "../x.npz"), "a/x.npz"},
		{trial.Beside(".", "x.npz"), "./x.npz"},
		{trial.Beside("a", absolute), absolute},
		{trial.BesideChip("a", "unit"), "unit"},
		{trial.BesideChip("a", "unit.yaml"), "a/unit.yaml"},
		{trial.BesideChip("a", "b/unit"), "a/b/unit"},
		{trial.BesideChip("a", absolute), absolute},
		{trial.BesideData("a", "digits:test[0:5]"), "digits:test[0:5]"},
		{trial.BesideData("a", "csv:x.csv:test[0:5]"), "csv:a/x.csv:test[0:5]"},
		{trial.BesideData("a", "idx:sub@fifth"), "idx:a/sub@fifth"},
		{trial.BesideData("a", "csv:"+absolute), "csv:" + absolute},
		{trial.BesideData("a", "no such data"), "no such data"},
	} {
		if filepath.ToSlash(test.got) != filepath.ToSlash(test.want) {
			t.Errorf("%s; want %s", test.got, test.want)
		}
	}
}

// A recipe that was interrupted gives the context's error and is trained when it is
// asked for again.
func TestInterruptedRecipe(t *testing.T) {
	networks := trial.NewNetworks(dataset.OpenOptions{})
	recipe := trial.Recipe{Data: "iris", Hidden: "4", Seed: 1, Sweeps: 1}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := networks.Train(ctx, recipe); n != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v %v", n, err)
	}
	n, err := networks.Train(t.Context(), recipe)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := trial.NewNetworks(dataset.OpenOptions{}).Train(t.Context(), recipe)
	if err != nil || n.Hash() != whole.Hash() {
		t.Errorf("networks %s and %s, %v", n.Hash(), whole.Hash(), err)
	}
}

// A layout is run as it is, on a chip of its capabilities and no other.
func TestLayouts(t *testing.T) {
	network, err := trial.NewNetworks(dataset.OpenOptions{}).Train(t.Context(), trial.Recipe{Data: "iris", Hidden: "4", Seed: 1, Sweeps: 1})
	if err != nil {
		t.Fatal(err)
	}
	part, err := dataset.OpenPart("iris:test", dataset.PartTest, dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	load := func(name string) *hwmodel.Chip {
		chip, err := hwmodel.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		return chip
	}
	run := trial.Trial{Chip: load("unit"), Network: network, CompileSeed: 1, Part: part, Sim: sim.DefaultOptions(), Energy: report.DefaultEnergyOptions(), Compare: true}
	first, err := trial.Run(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	if first.Report.SpikeMismatches == nil || *first.Report.SpikeMismatches != 0 {
		t.Errorf("spike mismatches %v; want 0", first.Report.SpikeMismatches)
	}
	run.Layout = first.Layout
	second, err := trial.Run(t.Context(), run)
	if err != nil || second.Run.Total() != first.Run.Total() {
		t.Errorf("the layout given and the one compiled count differently, %v", err)
	}
	run.Network, run.Compare = nil, false
	if third, err := trial.Run(t.Context(), run); err != nil || third.Report.SpikeMismatches != nil || third.Run.Total() != first.Run.Total() {
		t.Errorf("a layout alone: %v", err)
	}
	run.Chip = load("ternary256")
	if _, err := trial.Run(t.Context(), run); err == nil || !strings.Contains(err.Error(), "compile again for it") {
		t.Errorf("another chip: %v", err)
	}
}

// Numbers are taken in decimal digits alone, without a nought in front, which YAML
// reads as octal.
func TestNumbers(t *testing.T) {
	for text, want := range map[string][3]bool{ // Whole, Unsigned, Real
		"0": {true, true, true}, "100": {true, true, true}, "-5": {true, false, true}, "9223372036854775808": {false, true, true},
		"1.5": {false, false, true}, "-.5": {false, false, true}, "1e-9": {false, false, true}, "2.E+3": {false, false, true},
		"": {}, "0100": {}, "-01": {}, "01.5": {}, "+1": {}, "0x10": {}, "0o10": {}, "1_000": {}, "0x1p4": {}, "inf": {}, "NaN": {}, "1e999": {}, ".": {}, "1 ": {},
	} {
		_, err1 := trial.Whole(text)
		_, err2 := trial.Unsigned(text)
		_, err3 := trial.Real(text)
		if got := [3]bool{err1 == nil, err2 == nil, err3 == nil}; got != want {
			t.Errorf("%q is taken as whole, unsigned, real: %v; want %v", text, got, want)
		}
	}
	for text, good := range map[string]bool{"16": true, "32,16": true, "32, 16": true, "016": false, "32,016": false, "10,20": true} {
		if err := (trial.Recipe{Data: "iris", Hidden: text}).Validate(); (err == nil) != good {
			t.Errorf("hidden %s: %v", text, err)
		}
	}
}

// Words that are left out have their defaults; others are refused where they stand.
func TestWords(t *testing.T) {
	at := strictyaml.Entries{Places: strictyaml.Places{"scope": {File: "f", Line: 3, Column: 1}}, Top: strictyaml.Place{File: "f", Line: 1, Column: 1}}
	words := trial.Words{Scope: "whole_chip"}
	if err := words.Fill(at); err != nil || words != (trial.Words{Engine: "fast", Scenario: "single_stream", Timing: "analytic", Scope: "whole_chip", Boundary: "host"}) {
		t.Errorf("%+v, %v", words, err)
	}
	words.Scope = "all"
	if err := words.Fill(at); err == nil || err.Error() != `f:3:1: scope = "all"; want "used_cores" or "whole_chip"` {
		t.Error(err)
	}
}
