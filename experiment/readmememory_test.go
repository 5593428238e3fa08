package experiment_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/experiment"
	"tritloom/experiment/randomnet"
	"tritloom/internal/seed"
	"tritloom/report"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

var updateReadme = flag.Bool("update", false, "write the README's tables instead of comparing them")

// memoryRow is a layout whose stored bits the README shows.
type memoryRow struct {
	network, chip string
	net           func(t *testing.T) *ternary.Network
	free          int64 // weights that a mask leaves free; 0: all
}

var memoryRows = []memoryRow{
	{"784-512-10, random weights, every input used", "ternary256", randomDense, 0},
	{"784-512-10, trained on 3,500 MNIST images (two sweeps)", "ternary256", trainedDense, 0},
	{"784-512-10, random weights, every input used", "neurram256", randomDense, 0},
	{"784-81-10 of 11×11 fields (fan-in 121), trained", "truenorth", trainedFields, 121*81 + 81*10},
}

func randomDense(*testing.T) *ternary.Network {
	return randomnet.Dense(seed.Stream(1, seed.TestNetwork), 784, 512, 10)
}

func trainedDense(t *testing.T) *ternary.Network {
	spec, err := netspec.Parse("784-512-10")
	if err != nil {
		t.Fatal(err)
	}
	return trainedTwoSweeps(t, spec)
}

func trainedFields(t *testing.T) *ternary.Network { return trainedTwoSweeps(t, fieldsShape(t)) }

func trainedTwoSweeps(t *testing.T, spec netspec.Spec) *ternary.Network {
	t.Helper()
	o := trainer.DefaultOptions()
	o.MaxSweeps = 2
	n, _, err := experiment.Train(context.Background(), experiment.TrainJob{
		Data: experiment.Data{Ref: "mnist5k"}, Options: o, Shape: func(int, int) (netspec.Spec, error) { return spec, nil },
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The README's memory table is made of layouts, not of arithmetic: this test compiles
// them and compares. With -update it writes the table.
func TestReadmeMemoryTable(t *testing.T) {
	if testing.Short() {
		t.Skip("left out in short mode: trains and compiles the networks of the README's memory table")
	}
	const begin, end = "<!-- memory table -->\n", "<!-- end of memory table -->\n"
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	old, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md has no table between %q and %q", begin, end)
	}
	table := memoryTable(t)
	switch {
	case table == old:
	case *updateReadme:
		if err := os.WriteFile("../README.md", []byte(before+begin+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md has\n%s\nthe layouts say\n%s\nrun with -update", old, table)
	}
}

func memoryTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| network | stored | cores | weights | bits | a weight | vs fp64 | vs fp32 | vs int8 |\n|---|---|---|---|---|---|---|---|---|\n")
	for i, row := range memoryRows {
		n := row.net(t)
		l, summary, err := experiment.Compile(n, load(t, row.chip), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		m, err := report.NewMemory(n, l)
		if err != nil {
			t.Fatal(err)
		}
		weights := m.Weights
		if row.free > 0 {
			weights = row.free
		}
		if i == 0 {
			writeMemoryRow(&b, row.network, "weights alone, 2 bits each: the claim", "–", weights, m.WeightBits)
		}
		writeMemoryRow(&b, row.network, "layout on "+row.chip, fmt.Sprint(summary.Cores), weights, m.StoredBits)
	}
	return b.String()
}

func writeMemoryRow(b *strings.Builder, network, stored, cores string, weights, bits int64) {
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %.3g", network, stored, cores, report.Count(weights), report.Count(bits), float64(bits)/float64(weights))
	for _, form := range ternary.Baselines[:3] { // fp64, fp32, int8
		fmt.Fprintf(b, " | %.3g×", float64(weights*int64(form.Bits))/float64(bits))
	}
	b.WriteString(" |\n")
}
