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
