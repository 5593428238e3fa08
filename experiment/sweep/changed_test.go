package sweep_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/sweep"
)

// Chip files that change after they were read change no row: all points of a table are
// of the same chip.
func TestChipFilesChangeDuringARun(t *testing.T) {
	f := newFolder(t)
	base := func(neurons string) string {
		return "extends: ternary256\ncapabilities: {core: {neurons: " + neurons + "}}\n"
	}
	f.write("base.yaml", base("128"))
	f.write("mine.yaml", "extends: ./base.yaml\n")
	f.write("s.yaml", "chip: ./mine.yaml\ndata: \"iris:test[0:5]\"\ntrain: {hidden: 4, sweeps: 1}\ngrid: {core.axons: [256, 64, 32], prices.bits_read.scale: [1, 2]}\n")
	f.run(f.load(), sweep.Options{Jobs: 1, Output: "whole.csv"})
	s := f.load()
	f.write("base.yaml", base("64"))
	f.run(s, sweep.Options{Jobs: 1, Output: "changed.csv"})
	if !bytes.Equal(f.read("whole.csv"), f.read("changed.csv")) {
		t.Errorf("a file that changed after it was read changed the table:\n%s%s", f.read("whole.csv"), f.read("changed.csv"))
	}
	if err := os.Remove(f.at("base.yaml")); err != nil {
		t.Fatal(err)
	}
	f.run(s, sweep.Options{Jobs: 2, Output: "removed.csv"})
	if !bytes.Equal(f.read("whole.csv"), f.read("removed.csv")) {
		t.Error("a file that was removed after it was read changed the table")
	}
	// The folder from which a sweep is seen is no part of it.
	f.write("base.yaml", base("128"))
	t.Chdir(f.path)
	here, err := sweep.Load("s.yaml", dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f.run(here, sweep.Options{Jobs: 1, Output: "here.csv", Shard: sweep.Shard{Index: 0, Count: 2}})
	f.run(s, sweep.Options{Jobs: 1, Output: "here.csv", Shard: sweep.Shard{Index: 1, Count: 2}})
	if _, err := here.Merge("here.csv", "test"); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(f.read("whole.csv"), f.read("here.csv")) {
		t.Error("seen from its own folder the sweep has another table")
	}
}

// cut runs a sweep up to its first point and leaves its journal.
func (f folder) cut(output string) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	defer cancel()
	if _, err := f.try(ctx, f.load(), sweep.Options{Jobs: 1, Output: output, Progress: func(int, int) { cancel() }}); err == nil {
		f.t.Fatal("not interrupted")
	}
}

// A chip file that changes between two starts is refused, whatever changed in it: here
// the model by which prices follow the voltage, which the hash of prices leaves out.
func TestChipFilesChangeBetweenStarts(t *testing.T) {
	f := newFolder(t)
	f.write("base.yaml", "extends: truenorth\n")
	f.write("mine.yaml", "extends: base.yaml\n")
	f.write("s.yaml", "chip: mine.yaml\ndata: \"iris:test[0:5]\"\ntrain: {hidden: 4, sweeps: 1}\ngrid: {voltage_v: [0.75, 0.8]}\n")
	f.cut("t.csv")
	f.write("base.yaml", "extends: truenorth\nvoltage_model: {reference_v: 0.8, static_exponent: {nominal: 3.1, low: 3.04, high: 3.37}, valid_v: {low: 0.70, high: 1.05}, source: \"assumed: for a test\", derivation: none}\n")
	_, err := f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "t.csv"})
	if err == nil || !strings.Contains(err.Error(), "holds finished points of another sweep: chip mine.yaml differs") {
		t.Errorf("a changed voltage model: %v", err)
	}
	f.write("base.yaml", "extends: truenorth\n")
	if table := f.run(f.load(), sweep.Options{Jobs: 1, Output: "t.csv"}); table.Resumed != 1 {
		t.Errorf("resumed %d points; want 1", table.Resumed)
	}
}

// What a sweep states and what it leaves to the default are one sweep if they train
// alike, and two if they do not.
func TestStatedDefaultsAreTheSameSweep(t *testing.T) {
	f := newFolder(t)
	text := func(train string) string {
		return "chip: unit\ndata: \"iris:test[0:5]\"\ntrain: {hidden: 4" + train + "}\ngrid: {compile_seed: [1, 2]}\n"
	}
	f.write("s.yaml", text(", sweeps: 12"))
	f.cut("t.csv")
	journal := string(f.read("t.csv.journal"))
	for _, same := range []string{"", ", sweeps: 12, seed: 1", ", steps: 1", ", data: iris", ", all_rows: false"} {
		f.write("s.yaml", text(same))
		f.write("t.csv.journal", journal)
		if table := f.run(f.load(), sweep.Options{Jobs: 1, Output: "t.csv"}); table.Resumed != 1 {
			t.Errorf("train: {hidden: 4%s}: resumed %d points; want 1", same, table.Resumed)
		}
		f.write("whole.csv", string(f.read("t.csv")))
		f.run(f.load(), sweep.Options{Jobs: 1, Output: "anew.csv"})
		if !bytes.Equal(f.read("anew.csv"), f.read("t.csv")) {
			t.Errorf("train: {hidden: 4%s} trains another network", same)
		}
	}
	for _, other := range []string{", seed: 0", ", steps: 2", ", sweeps: 11", ", data: \"iris@fifth\"", ", all_rows: true"} {
		f.write("s.yaml", text(other))
		f.write("t.csv.journal", journal)
		if _, err := f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "t.csv"}); err == nil || !strings.Contains(err.Error(), "fixed values differs") {
			t.Errorf("train: {hidden: 4%s}: %v", other, err)
		}
	}
}

// Shards are found by the name of the output, however it is written.
func TestMergeNames(t *testing.T) {
	f := newFolder(t)
	if err := os.Mkdir(f.at("sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	f.write("s.yaml", fast+"train: {hidden: 2, sweeps: 1}\ngrid: {compile_seed: [1, 2]}\n")
	t.Chdir(f.path)
	for _, output := range []string{"out.csv", "./dot.csv", "sub/../up.csv", "sub/in.csv", "noext", "a.b.csv", "[x]*?.csv", "-.csv", filepath.Join(f.path, "whole.csv"), ".hidden", "x.shard-0-of-2.csv"} {
		for i := range 2 {
			s := f.load()
			if _, err := s.Run(t.Context(), sweep.Options{Jobs: 1, Output: output, Tool: "test", Shard: sweep.Shard{Index: i, Count: 2}}); err != nil {
				t.Fatal(err)
			}
		}
		table, err := f.load().Merge(output, "test")
		if err != nil || len(table.Rows) != 2 || table.File != output {
			t.Errorf("%s: %v", output, err)
		}
	}
}

// Numbers with noughts in front, which YAML and people read differently, are refused;
// what is taken stands in the table as it was used.
func TestNumbersOfAxes(t *testing.T) {
	const trained = fast + "train: {hidden: 4, sweeps: 1}\n"
	f := newFolder(t)
	for _, test := range []struct{ text, want string }{
		{"grid: {core.axons: [0100]}", `s.yaml:4:21: core.axons = "0100"; want a whole number, in decimal digits`},
		{"grid: {core.axons: [+100]}", `core.axons = "+100"; want a whole number`},
		{"grid: {core.axons: [0x40]}", `core.axons = "0x40"; want a whole number`},
		{"grid: {core.axons: [0o100]}", `core.axons = "0o100"; want a whole number`},
		{"grid: {core.axons: [1_00]}", `core.axons = "1_00"; want a whole number`},
		{"grid: {compile_seed: [007]}", `compile_seed = "007"; want a whole number from 0`},
		{"grid: {prices.bits_read.latency_quanta: [010]}", `prices.bits_read.latency_quanta = "010"; want a number from 0`},
		{"grid: {prices.bits_read.scale: [010]}", `prices.bits_read.scale = "010"; want a number from 0`},
		{"grid: {tick_us: [012.5]}", `tick_us = "012.5"; want a finite number`},
		{"grid: {tick_us: [1.0, 1]}", `tick_us = "1" stands twice`},
		{"latin: {points: 4, ranges: {core.axons: [0100, 200]}}", `core.axons = "0100"; want a whole number`},
		{"conditions: {outside_domain: true}\ngrid: {compile_seed: [1]}", "outside_domain allows a voltage_v or a tick_us"},
	} {
		_, err := sweep.Load(f.write("s.yaml", trained+test.text+"\n"), dataset.OpenOptions{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
	f.write("s.yaml", trained+"conditions: {outside_domain: true}\ngrid: {tick_us: [1.50, .5e1, 100], compile_seed: [18446744073709551615]}\n")
	s := f.load()
	if got := []string{s.Values(0)[0], s.Values(1)[0], s.Values(2)[0], s.Values(0)[1]}; !slices.Equal(got, []string{"1.5", "5", "100", "18446744073709551615"}) {
		t.Errorf("values %v", got)
	}
}
