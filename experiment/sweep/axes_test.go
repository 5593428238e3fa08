package sweep_test

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/sweep"
	"tritloom/hwmodel"
)

// The chip of a point is the one that a chip file with the same entries describes.
func TestChipsOfPoints(t *testing.T) {
	f := newFolder(t)
	price := func(name, law string) string {
		return name + ": {energy_pj: {nominal: 0.1, low: 0.0426, high: 0.2}, scope: marginal, voltage_v: 0.8, node_nm: 28, evidence: assumed, source: \"assumed: x\", law: " + law + "}"
	}
	f.write("mine.yaml", "extends: ternary256\nprices:\n  "+strings.NewReplacer("0.1,", "0.0501,", "0.2}", "0.0658}").Replace(price("bits_read", "any-geometry"))+"\n")
	f.write("half.yaml", "extends: mine.yaml\ncapabilities: {core: {neurons: 128}}\n")
	f.write("dear.yaml", "extends: half.yaml\nprices:\n  "+price("bits_read", "any-geometry")+"\n  row_read: {included_in: bits_read, latency_quanta: 3, latency_source: \"assumed: x\"}\n")
	f.write("s.yaml", strings.Replace(fast, "ternary256", "mine.yaml", 1)+`train: {hidden: 4, sweeps: 1}
grid:
  core.neurons: [256, 128]
  prices.bits_read.energy_pj.high: [0.2, 0.0658]
  prices.bits_read.energy_pj.nominal: [0.1, 0.0501]
  prices.row_read.latency_quanta: [3, 1]
`)
	table := f.run(f.load(), sweep.Options{Jobs: 2, Output: "t.csv"})
	find := func(values ...string) int {
		for i, row := range table.Rows {
			if slices.Equal(row[1:5], values) {
				return i
			}
		}
		t.Fatalf("no row %v", values)
		return 0
	}
	for _, test := range []struct {
		chip string
		row  int
	}{
		{f.at("mine.yaml"), find("256", "0.0658", "0.0501", "1")},
		{f.at("half.yaml"), find("128", "0.0658", "0.0501", "1")},
		{f.at("dear.yaml"), find("128", "0.2", "0.1", "3")},
	} {
		chip, err := hwmodel.Load(test.chip)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := table.Cell(test.row, "capabilities_hash"), chip.Capabilities.Hash(); got != want {
			t.Errorf("%s: capabilities %s; want %s", test.chip, got, want)
		}
		if got, want := table.Cell(test.row, "price_hash"), chip.PriceHash(); got != want {
			t.Errorf("%s: prices %s; want %s", test.chip, got, want)
		}
	}
	for _, i := range table.Failed() {
		if got := table.Cell(i, "error"); !strings.HasPrefix(got, "price bits_read has high = 0.0658 below nominal = 0.1 pJ; want low <= nominal <= high") {
			t.Errorf("row %d: %s", i, got)
		}
	}
	if len(table.Failed()) != 4 {
		t.Errorf("%d failed rows; want the 4 whose nominal is above its high", len(table.Failed()))
	}
}

// A scale multiplies what the chip has after its sizes changed, and what follows from
// it multiplies too.
func TestScaledPrices(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", "chip: unit\ndata: \"iris:test[0:10]\"\ntrain: {hidden: 4, sweeps: 1}\ngrid: {prices.bits_read.scale: [1, 3], scope: [used_cores, whole_chip]}\n")
	table := f.run(f.load(), sweep.Options{Jobs: 1, Output: "t.csv"})
	joules := func(row int) float64 {
		v, err := strconv.ParseFloat(table.Cell(row, "energy_per_inference_nominal_j"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	// On unit every event costs 1 pJ, so what 2 more pJ a bit add is twice the bits:
	// 512 for every row that some of ten samples read.
	more := (joules(2) - joules(0)) / 1e-12 / 2 / 512
	if more < 1 || more > 40 || math.Abs(more*10-math.Round(more*10)) > 1e-6 {
		t.Errorf("three times the price of a bit adds %g rows' bits", more)
	}
	f.write("s.yaml", "chip: ternary256\ndata: \"iris:test[0:10]\"\ntrain: {hidden: 4, sweeps: 1}\ngrid: {prices.row_read.scale: [2], core.neurons: [128]}\n")
	table = f.run(f.load(), sweep.Options{Jobs: 1, Output: "t.csv"})
	if got, want := table.Cell(0, "error"), "prices.row_read.scale: ternary256 has no value to change there, it is included in bits_read; write a chip file that gives it one"; got != want {
		t.Errorf("error %q; want %q", got, want)
	}
}

// Chip files of the sweep's own folder, which build on others, and what cannot be said
// of them: errors name files as the user did, and none of ours.
func TestChipFiles(t *testing.T) {
	f := newFolder(t)
	if err := os.Mkdir(f.at("chips"), 0o777); err != nil {
		t.Fatal(err)
	}
	f.write("chips/mine.yaml", "extends: ../base.yaml\ncapabilities: {spikes: {delay_max_ticks: 7}}\n")
	f.write("base.yaml", "extends: ternary256\nprices: {hop_x: {energy_pj: {nominal: 3, low: 2, high: 4}, scope: marginal, evidence: assumed, source: \"assumed: x\", absolute: for a test}}\n")
	f.write("s.yaml", fast+"train: {hidden: 4, sweeps: 1}\ngrid: {chip: [chips/mine.yaml, base.yaml, truenorth], core.axons: [256, 64], prices.hop_y.scale: [1, 2]}\n")
	f.write("s.yaml", strings.Replace(string(f.read("s.yaml")), "chip: ternary256\n", "", 1))
	table := f.run(f.load(), sweep.Options{Jobs: 2, Output: "t.csv"})
	for i, row := range table.Rows {
		failed := table.Cell(i, "error")
		if strings.Contains(failed, f.path) || strings.Contains(failed, "point.of.sweep") {
			t.Errorf("row %v names a file that the user did not: %s", row[:4], failed)
		}
		switch {
		case row[2] == "256" && failed != "",
			row[2] == "64" && !strings.Contains(failed, " is an absolute price for 256 axons"),
			row[1] != "truenorth" && row[2] == "64" && !strings.HasPrefix(failed, "hop_x is an absolute price for 256 axons"):
			t.Errorf("row %v: %q", row[:4], failed)
		}
	}
	if got, other := table.Cell(4, "price_hash"), table.Cell(5, "price_hash"); table.Rows[4][1] != "base.yaml" || got == "" || got == other {
		t.Errorf("row %v has prices %s, its neighbour %s", table.Rows[4][:4], got, other)
	}
}

// Voltages, chips, data and network files are axes too.
func TestOtherAxes(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", `train: {hidden: 4, sweeps: 1}
grid:
  chip: [truenorth, unit]
  data: ["iris:test[0:5]", "digits:test[0:5]"]
  voltage_v: [0.75, 0.8, 1.3]
  seed: [1, 2]
  scenario: [single_stream, offline]
`)
	s := f.load()
	if s.Points() != 48 {
		t.Fatalf("%d points; want 48", s.Points())
	}
	table := f.run(s, sweep.Options{Jobs: 2, Output: "t.csv"})
	networks := map[string]bool{}
	for i, row := range table.Rows {
		chip, volts, failed := row[1], row[3], table.Cell(i, "error")
		switch {
		case chip == "unit" && !strings.Contains(failed, "has no voltage_model"), volts == "1.3" && failed == "":
			t.Errorf("row %v: error %q", row[:6], failed)
		case chip == "truenorth" && volts != "1.3":
			if failed != "" || table.Cell(i, "chip") != "truenorth" || table.Cell(i, "scenario") != row[5] || table.Cell(i, "samples") != "5" {
				t.Errorf("row %v", row)
			}
			networks[table.Cell(i, "network_hash")] = true
		}
	}
	if len(networks) != 4 {
		t.Errorf("%d networks; want one for each of two data sets and two seeds", len(networks))
	}
	if slices.Index(table.Header, "scenario") != 5 || slices.Contains(table.Header[6:], "scenario") || slices.Contains(table.Header[6:], "chip") {
		t.Errorf("an axis stands twice in %v", table.Header)
	}
}

// Every stratum of every axis of a hypercube holds one point; seeds differ; equal
// seeds do not.
func TestLatin(t *testing.T) {
	f := newFolder(t)
	text := func(seed string) string {
		return fast + "train: {sweeps: 1}\nlatin: {points: 40, seed: " + seed + ", log: [prices.bits_read.scale], ranges: {core.axons: [1, 80], prices.bits_read.scale: [0.01, 100], compile_seed: [0, 3]}, choices: {hidden: [2, 4, 8, 16]}}\ngrid: {scenario: [single_stream, offline]}\n"
	}
	f.write("s.yaml", text("1"))
	s := f.load()
	if s.Points() != 80 || len(s.Axes) != 5 || s.Axes[0].Name != "scenario" {
		t.Fatalf("%d points, %d axes", s.Points(), len(s.Axes))
	}
	axons, scales, seeds, hidden := map[int]int{}, map[int]int{}, map[string]int{}, map[string]int{}
	for i := range 40 {
		v := s.Values(i)
		n, err1 := strconv.Atoi(v[1])
		scale, err2 := strconv.ParseFloat(v[2], 64)
		if err1 != nil || err2 != nil || n < 1 || n > 80 {
			t.Fatalf("point %d: %v", i, v)
		}
		axons[(n-1)/2]++
		scales[int(math.Floor(math.Log10(scale/0.01)*10+1e-4))]++
		seeds[v[3]]++
		hidden[v[4]]++
		if other := s.Values(i + 40); v[0] != "single_stream" || other[0] != "offline" || !slices.Equal(v[1:], other[1:]) {
			t.Errorf("point %d is %v and %v", i, v, other)
		}
	}
	for i := range 40 {
		if axons[i] != 1 {
			t.Errorf("stratum %d of axons holds %d points", i, axons[i])
		}
		if scales[i] != 1 {
			t.Errorf("stratum %d of scales holds %d points", i, scales[i])
		}
	}
	for _, counts := range []map[string]int{seeds, hidden} {
		if len(counts) != 4 || slices.ContainsFunc(slices.Collect(mapValues(counts)), func(n int) bool { return n != 10 }) {
			t.Errorf("40 points fall on %v; want ten on each of four", counts)
		}
	}
	again := f.load()
	f.write("s.yaml", text("2"))
	other := f.load()
	if !slices.Equal(s.Axes[1].Values, again.Axes[1].Values) || slices.Equal(s.Axes[1].Values, other.Axes[1].Values) || slices.Equal(s.Axes[1].Values, s.Axes[3].Values) {
		t.Error("equal seeds differ, or other seeds or axes do not")
	}
}

func mapValues(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// Every error about a sweep has its place, its value and the way out.
func TestBadSweeps(t *testing.T) {
	const trained = fast + "train: {hidden: 4, sweeps: 1}\n"
	const open = fast + "train: {sweeps: 1}\n"
	for _, test := range []struct{ text, want string }{
		{"x: 1\n", `s.yaml:1:1: unknown field "x"`},
		{"data: iris\ntrain: {hidden: 4}\ngrid: {seed: [1]}\n", "no chip; name one"},
		{"chip: unit\ntrain: {hidden: 4}\ngrid: {seed: [1]}\n", "no data; name samples"},
		{"chip: unit\ndata: iris\ngrid: {seed: [1]}\n", "no network; give net"},
		{trained, "s.yaml:1:1: no axes; give grid"},
		{trained + "grid: {core.axns: [1]}\n", `s.yaml:4:8: unknown axis "core.axns"; did you mean "core.axons"`},
		{trained + "grid: {capabilities.core.axons: [64, x]}\n", `s.yaml:4:38: capabilities.core.axons = "x"; want a whole number`},
		{trained + "grid: {neuron.reset: [clear]}\n", "s.yaml:4:8: axis neuron.reset: the key holds a list"},
		{trained + "grid: {neuron.stochastic: [yes]}\n", `neuron.stochastic = "yes"; want true or false`},
		{trained + "grid: {prices.bit_read.scale: [1]}\n", `s.yaml:4:8: axis "prices.bit_read.scale": unknown event "bit_read"; known are the 28 of any embedded chip; did you mean "bits_read"?`},
		{trained + "grid: {prices.bits_read.energy: [1]}\n", "want prices.bits_read. and one of energy_pj.nominal, "},
		{trained + "grid: {prices.bits_read.scale: [-1]}\n", `prices.bits_read.scale = "-1"; want a number from 0`},
		{trained + "grid: {core.axons: []}\n", "s.yaml:4:8: core.axons has no values"},
		{trained + "grid: {core.axons: [64, 64]}\n", `s.yaml:4:25: core.axons = "64" stands twice`},
		{trained + "grid: {core.axons: [64], core.axons: [32]}\n", `"core.axons" stands twice`},
		{trained + "grid: {voltage_v: [0]}\n", "s.yaml:4:20: voltage_v = 0; want above 0 and at most 20 V"},
		{trained + "grid: {scenario: [both]}\n", `scenario = "both"; want "single_stream" or "offline"`},
		{trained + "grid: {hidden: [4]}\n", "train.hidden is fixed and an axis"},
		{trained + "grid: {chip: [unit]}\n", "s.yaml:1:1: chip is fixed and an axis"},
		{open + "grid: {hidden: [4x]}\n", `s.yaml:4:8: hidden 4x: width 1 is "4x"`[len("s.yaml:4:8: "):]},
		{open + "grid: {seed: [1]}\n", `hidden = ""; want widths`},
		{fast + "grid: {net: [a.npz], hidden: [4]}\n", "axes net and hidden: a network file was trained already"},
		{fast + "grid: {net: [none.npz]}\n", "s.yaml:3:14: "},
		{fast + "net: none.npz\ngrid: {compile_seed: [1]}\n", "s.yaml:3:1: "},
		{trained + "net: x.npz\ngrid: {compile_seed: [1]}\n", "networks come from files and from training"},
		{strings.Replace(trained, "ternary256", "ternary25", 1) + "grid: {seed: [1]}\n", `s.yaml:1:1: unknown chip "ternary25"`},
		{strings.Replace(trained, "chip: ternary256\n", "", 1) + "grid: {chip: [unit, unat], seed: [1]}\n", `s.yaml:3:21: unknown chip "unat"`},
		{strings.Replace(trained, "iris:test[0:10]", "iris:tost", 1) + "grid: {seed: [1]}\n", `s.yaml:2:1: data "iris:tost"`},
		{trained + "scenario: both\ngrid: {seed: [1]}\n", `s.yaml:4:1: scenario = "both"`},
		{trained + "conditions: {voltage_v: 0}\ngrid: {seed: [1]}\n", "s.yaml:4:1: voltage_v = 0; want above 0"},
		{trained + "pareto: [speed]\ngrid: {seed: [1]}\n", `s.yaml:4:10: unknown objective "speed"; want "error_rate"`},
		{trained + "pareto: [cores, cores]\ngrid: {seed: [1]}\n", "cores stands twice"},
		{trained + "pareto: []\ngrid: {seed: [1]}\n", "no objectives"},
		{trained + "latin: {points: 1, ranges: {core.axons: [1, 2]}}\n", "s.yaml:4:9: latin.points = 1; want 2.."},
		{trained + "latin: {points: 5}\n", "latin has no axes"},
		{trained + "latin: {points: 5, ranges: {core.axons: [1]}}\n", "core.axons has 1 values; want two, [FROM, TO]"},
		{trained + "latin: {points: 5, ranges: {core.axons: [2, 2]}}\n", "core.axons from 2 to 2; want FROM below TO"},
		{trained + "latin: {points: 5, ranges: {core.axons: [1, x]}}\n", `core.axons = "x"; want a whole number`},
		{trained + "latin: {points: 5, ranges: {scenario: [1, 2]}}\n", "axis scenario has no numbers to lie between; list its values under choices"},
		{trained + "latin: {points: 5, ranges: {core.axons: [1, 2]}, log: [seed]}\n", `log names "seed", which is none of the ranges`},
		{trained + "latin: {points: 5, log: [compile_seed], ranges: {compile_seed: [0, 2]}}\n", "compile_seed from 0 under log; want FROM above 0"},
		{trained + "latin: {points: 5, ranges: {core.axons: [1, 2]}}\ngrid: {core.axons: [4]}\n", "axis core.axons stands twice"},
		{trained + "grid: {seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}\nlatin: {points: 900000, ranges: {core.axons: [1, 2]}}\n", "more than 1000000 points"},
	} {
		f := newFolder(t)
		_, err := sweep.Load(f.write("s.yaml", test.text), dataset.OpenOptions{})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "s.yaml:") {
			t.Errorf("%s\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
}
