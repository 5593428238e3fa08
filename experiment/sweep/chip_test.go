package sweep

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/ledger"
)

// openNowhere finds the embedded data alone.
var openNowhere dataset.OpenOptions

// A price that is scaled changes its values and where they come from, and keeps all
// else that is said of it, for every price of every embedded chip.
func TestScaledPricesKeepTheRest(t *testing.T) {
	for _, name := range hwmodel.Names() {
		in := newInputs(t.TempDir(), openNowhere)
		if err := in.readChip(name); err != nil {
			t.Fatal(err)
		}
		chip := in.chips[name].Chip
		for k := range ledger.Kind(ledger.NumKinds) {
			p := &chip.Prices[k]
			if p.State != hwmodel.Priced {
				continue
			}
			once, err := in.chip(&setting{chip: name, prices: []priceValue{{k, "scale", 1}}})
			if err != nil {
				t.Errorf("%s %s once: %v", name, k, err)
				continue
			}
			if diff := cmp.Diff(chip.Prices, once.Prices); diff != "" {
				t.Errorf("%s %s once (-before +after):\n%s", name, k, diff)
			}
			twice, err := in.chip(&setting{chip: name, prices: []priceValue{{k, "scale", 2}}})
			if err != nil {
				t.Errorf("%s %s twice: %v", name, k, err)
				continue
			}
			want := chip.Prices
			q := &want[k]
			q.Nominal, q.Low, q.High = 2*p.Nominal, 2*p.Low, 2*p.High
			if p.High > 0 { // twice nothing is no other value
				q.Evidence, q.Source, q.Derivation = hwmodel.Assumed, "assumed: a value of a sweep", ""
			}
			if diff := cmp.Diff(want, twice.Prices); diff != "" || twice.Name != name || !strings.HasSuffix(twice.Title, "as changed by a sweep") {
				t.Errorf("%s %s twice, named %s, %s (-want +got):\n%s", name, k, twice.Name, twice.Title, diff)
			}
		}
		if again, err := hwmodel.Load(name); err != nil || again.PriceHash() != chip.PriceHash() {
			t.Errorf("%s: points changed the chip they are made of, %v", name, err)
		}
	}
}

// A price that is scaled follows the sizes first.
func TestSizesBeforePrices(t *testing.T) {
	in := newInputs(t.TempDir(), openNowhere)
	if err := in.readChip("ternary256"); err != nil {
		t.Fatal(err)
	}
	base := in.chips["ternary256"]
	sized, err := in.chip(&setting{chip: "ternary256", sizes: []keyValue{{"core.axons", "64"}}})
	if err != nil {
		t.Fatal(err)
	}
	both, err := in.chip(&setting{chip: "ternary256", sizes: []keyValue{{"core.axons", "64"}}, prices: []priceValue{{ledger.HopX, "scale", 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if sized.Prices[ledger.HopX].Nominal >= base.Prices[ledger.HopX].Nominal || both.Prices[ledger.HopX].Nominal != 2*sized.Prices[ledger.HopX].Nominal {
		t.Errorf("hop_x: %g on the chip, %g on smaller cores, %g twice that", base.Prices[ledger.HopX].Nominal, sized.Prices[ledger.HopX].Nominal, both.Prices[ledger.HopX].Nominal)
	}
	if diff := cmp.Diff(sized.Prices[ledger.HopY], both.Prices[ledger.HopY]); diff != "" {
		t.Errorf("hop_y changed with hop_x (-before +after):\n%s", diff)
	}
}

// The front of rows worked out by hand: ties stay, errors and lower bounds are not
// compared.
func TestFront(t *testing.T) {
	header := []string{accuracyColumn, energyColumn, boundColumn, latencyColumn, "cores", "stored_bits", "ticks_per_inference", "throughput_hz"}
	row := func(accuracy, energy, bound, latency string) []string {
		return []string{accuracy, energy, bound, latency, "1", "1", "1", "1"}
	}
	rows := [][]string{
		row("0.9", "2e-9", "false", "1"),
		row("0.9", "3e-9", "false", "0.5"), // dominated unless latency counts
		row("0.8", "1e-9", "false", "1"),
		row("0.8", "1e-9", "false", "1"), // a tie
		row("0.99", "1e-12", "true", "1"),
		row("", "", "", ""),
		row("0.7", "1.5e-9", "false", "1"),
	}
	for _, test := range []struct {
		objectives string
		want       string
	}{
		{"error_rate energy_per_inference_j", "true false true true   false"},
		{"energy_per_inference_j accuracy latency_s", "true true true true   false"},
		{"accuracy", "false false false false true  false"},
		{"energy_per_inference_j", "false false true true   false"},
	} {
		s := &Sweep{Objectives: strings.Fields(test.objectives)}
		if got := strings.Join(s.front(header, rows), " "); got != test.want {
			t.Errorf("%s: %q; want %q", test.objectives, got, test.want)
		}
	}
}

// The front of random rows is that of comparing every row with every other.
func TestFrontAgainstPlainComparison(t *testing.T) {
	header := []string{accuracyColumn, energyColumn, boundColumn, latencyColumn}
	s := &Sweep{Objectives: []string{"accuracy", "energy_per_inference_j", "latency_s"}}
	r := seed.Stream(1, seed.TestInput)
	for range 50 {
		var rows [][]string
		for range 60 {
			rows = append(rows, []string{strconv.Itoa(r.IntN(5)), strconv.Itoa(r.IntN(5)), strconv.FormatBool(r.IntN(8) == 0), strconv.Itoa(r.IntN(5))})
		}
		number := func(row []string, column int) int { n, _ := strconv.Atoi(row[column]); return n }
		for i, got := range s.front(header, rows) {
			want := onFront
			for _, other := range rows {
				a, e, l := number(other, 0)-number(rows[i], 0), number(rows[i], 1)-number(other, 1), number(rows[i], 3)-number(other, 3)
				if other[2] == "false" && a >= 0 && e >= 0 && l >= 0 && a+e+l > 0 {
					want = dominated
				}
			}
			if rows[i][2] == "true" {
				want = ""
			}
			if got != want {
				t.Fatalf("row %d of %v: %q; want %q", i, rows, got, want)
			}
		}
	}
}

// Plots are equal bytes for equal tables, in both forms, and refuse to show nothing.
func TestPlot(t *testing.T) {
	s := &Sweep{File: "s.yaml", Objectives: []string{"error_rate", "energy_per_inference_j"}}
	table := &Table{File: "s.csv", Header: []string{"point", accuracyColumn, energyColumn, boundColumn, "scenario", "scope", "boundary", "chip", paretoColumn}}
	for i := range 30 {
		front := dominated
		if i%7 == 0 {
			front = onFront
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i), trial.Decimal(0.5 + float64(i)/100), trial.Decimal(1e-9 * float64(1+i*i)), strconv.FormatBool(i%5 == 4), "offline", "used_cores", "host", "unit", front})
	}
	for file, start := range map[string]string{"a.svg": "<?xml", "a.png": "\x89PNG"} {
		first, err := s.Plot(table, file)
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.Plot(table, file)
		if err != nil || !strings.HasPrefix(string(first), start) || string(first) != string(second) {
			t.Errorf("%s: %d and %d bytes, %v", file, len(first), len(second), err)
		}
		if file == "a.svg" {
			for _, words := range []string{"Pareto front: error_rate, energy_per_inference_j (4)", "energy is a lower bound (6)", "s.yaml: 30 of 30 points", "unit, offline, used_cores, boundary host", ">100 nJ<"} {
				if !strings.Contains(string(first), words) {
					t.Errorf("the plot does not say %q", words)
				}
			}
		}
	}
	table.Rows = table.Rows[:1]
	if _, err := s.Plot(table, "a.svg"); err != nil {
		t.Errorf("a single point: %v", err)
	}
	table.Rows[0][1] = ""
	if _, err := s.Plot(table, "a.svg"); err == nil || !strings.Contains(err.Error(), "no point with accuracy and energy") {
		t.Errorf("no point: %v", err)
	}
	if err := CheckPlot("a.pdf"); err == nil {
		t.Error("a form that is none was taken")
	}
}

// Training is done once for equal recipes.
func TestRecipesAreTrainedOnce(t *testing.T) {
	in := newInputs(t.TempDir(), openNowhere)
	r := trial.Recipe{Data: "iris", Hidden: "2", Seed: 1, Sweeps: 1}
	first, err := in.networks.Train(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := in.networks.Train(t.Context(), r); err != nil || first != second {
		t.Errorf("equal recipes, two networks: %v", err)
	}
	r.Seed = 2
	if other, err := in.networks.Train(t.Context(), r); err != nil || other == first {
		t.Errorf("another seed, one network: %v", err)
	}
}
