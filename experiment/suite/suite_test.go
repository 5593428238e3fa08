package suite_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

// folder is a place for a suite, its chips and its golden file.
type folder struct {
	t    *testing.T
	path string
}

func newFolder(t *testing.T) folder { return folder{t, t.TempDir()} }

func (f folder) write(name, text string) string {
	f.t.Helper()
	path := filepath.Join(f.path, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		f.t.Fatal(err)
	}
	return path
}

func (f folder) read(name string) string {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.path, name))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

// check runs suite.yaml of the folder.
func (f folder) check(o suite.Options) *suite.Check {
	f.t.Helper()
	s, err := suite.Load(filepath.Join(f.path, "suite.yaml"), dataset.OpenOptions{})
	if err != nil {
		f.t.Fatal(err)
	}
	c, err := s.Run(f.t.Context(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func (f folder) golden() *suite.Golden {
	f.t.Helper()
	g, err := suite.ReadGolden(filepath.Join(f.path, "suite.golden.json"))
	if err != nil {
		f.t.Fatal(err)
	}
	return g
}

// chip is ternary256 with a price of row bits stated by itself, in picojoules.
func chip(nominal string) string {
	return `extends: ternary256
prices:
  bits_read: {energy_pj: {nominal: ` + nominal + `, low: 0.0426, high: 0.0658}, scope: marginal, evidence: assumed, source: "assumed: for a test", law: any-geometry}
`
}

// irisNetwork is trained in a few milliseconds.
const irisNetwork = "network: {train: {data: iris, hidden: 16, sweeps: 2}}"

// smallCores is a chip on which small networks take many cores.
const smallCores = "extends: ternary256\ncapabilities: {core: {axons: 64, neurons: 16}}\n"

// The gate: one coefficient moves by 10 %, and the suite fails with its name, its
// value before and after, the cases it touches and its share.
func TestTenPercentOfOneCoefficient(t *testing.T) {
	f := newFolder(t)
	f.write("mine.yaml", chip("0.0501"))
	f.write("suite.yaml", `cases:
  - {name: digits, chip: mine.yaml, network: {train: {data: digits, hidden: 8, sweeps: 1}}, data: "digits:test[0:20]"}
  - {name: other-chip, chip: unit, `+irisNetwork+`, data: iris}
  - {name: iris, chip: mine.yaml, `+irisNetwork+`, data: iris}
`)
	if c := f.check(suite.Options{Update: true}); !c.OK || !c.Updated {
		t.Fatalf("the first update:\n%s", c)
	}
	if c := f.check(suite.Options{}); !c.OK || c.Failed != 0 {
		t.Fatalf("nothing changed:\n%s", c)
	}

	f.write("mine.yaml", chip("0.05511"))
	c := f.check(suite.Options{})
	if c.OK || c.Failed != 2 || !c.Cases[1].OK {
		t.Fatalf("failed %d cases; want the two of the chip:\n%s", c.Failed, c)
	}
	d := c.Cases[0].Difference
	if len(d.Prices) != 1 || d.Prices[0].Kind != "bits_read" || len(d.Events) != 0 || len(d.Result) != 0 || len(d.Capabilities) != 0 {
		t.Errorf("more than the price differs, or another one:\n%s", d)
	}
	e := d.Energy
	if len(e.Rows) != 1 || e.Rows[0].Kind != "bits_read" || e.Rows[0].Share != 1 || e.FromCounts != 0 {
		t.Errorf("rows %+v; want bits_read with all of the change, none of it from counts", e.Rows)
	}
	if got, want := e.FromPrices, e.After.Nominal-e.Before.Nominal; !near(got, want) {
		t.Errorf("from prices %g; the figure moved by %g", got, want)
	}
	if got, want := e.Rows[0].After/e.Rows[0].Before, 1.1; !near(got, want) {
		t.Errorf("the row grew by %g; want %g", got, want)
	}
	record := f.golden().Cases[0]
	for _, row := range record.Ops {
		if row.Kind == "bits_read" {
			// 20 samples; nothing here is computed by the code under test but the counts
			want := float64(row.Charged) / 20 * 0.1 * 0.0501e-12
			if !near(e.FromPrices, want) {
				t.Errorf("from prices %g; %d bits of 20 samples at a tenth of 0.0501 pJ make %g", e.FromPrices, row.Charged, want)
			}
		}
	}
	if len(c.Coefficients) != 1 || len(c.Coefficients[0].Touches) != 2 || c.Coefficients[0].Touches[0].Case != "digits" || c.Coefficients[0].Touches[1].Case != "iris" {
		t.Errorf("coefficients %+v; want bits_read of two cases", c.Coefficients)
	}
	for _, words := range []string{"bits_read: nominal 0.0501 -> 0.05511 pJ (+10.0 %)", "100.0 % of all that moved", "prices that differ, and the cases they touch\n  mine bits_read"} {
		if !strings.Contains(c.String(), words) {
			t.Errorf("%q is missing in\n%s", words, c)
		}
	}
	if c := f.check(suite.Options{Update: true}); !c.OK || !strings.Contains(c.String(), "change  digits") || !strings.Contains(c.String(), "bits_read: nominal 0.0501 -> 0.05511") {
		t.Errorf("an update does not say what changed:\n%s", c)
	}
	if c := f.check(suite.Options{}); !c.OK {
		t.Errorf("after an update:\n%s", c)
	}
}

// near: 1e-9 relative, for sums of some twenty floats taken in another order.
func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9*math.Abs(want) }

// A price that no case uses still fails, and says that it touches nothing.
func TestPriceThatTouchesNothing(t *testing.T) {
	f := newFolder(t)
	price := func(pj string) string {
		return "extends: ternary256\nprices:\n  config_write: {energy_pj: {nominal: " + pj + ", low: 1, high: 99}, scope: marginal, evidence: assumed, source: \"assumed: for a test\", law: any-geometry}\n"
	}
	f.write("mine.yaml", price("50"))
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: mine.yaml, "+irisNetwork+", data: iris}\n")
	f.check(suite.Options{Update: true})
	f.write("mine.yaml", price("55"))
	c := f.check(suite.Options{})
	if c.OK || c.Cases[0].Difference.Energy != nil {
		t.Fatalf("want a failure without a joule:\n%s", c)
	}
	for _, words := range []string{"config_write: nominal 50 -> 55 pJ (+10.0 %)", "no such event happens here", "no case: such an event happens in none of them"} {
		if !strings.Contains(c.String(), words) {
			t.Errorf("%q is missing in\n%s", words, c)
		}
	}
}

// A size halved: capabilities by key, and counts and prices kept apart as causes.
func TestCausesAreKeptApart(t *testing.T) {
	f := newFolder(t)
	f.write("mine.yaml", "extends: ternary256\n")
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: mine.yaml, "+irisNetwork+", data: iris}\n")
	f.check(suite.Options{Update: true})
	f.write("mine.yaml", strings.Replace(strings.Replace(chip("0.1002"), "high: 0.0658", "high: 0.2", 1), "extends: ternary256\n", "extends: ternary256\ncapabilities: {core: {neurons: 128}}\n", 1))
	c := f.check(suite.Options{})
	d := c.Cases[0].Difference
	if diff := cmp.Diff([]suite.Change{{What: "core.neurons", Before: "256", After: "128"}}, d.Capabilities); diff != "" {
		t.Errorf("capabilities (-want +got):\n%s", diff)
	}
	sum := 0.0
	for _, row := range d.Energy.Rows {
		sum += row.Change()
		if row.Kind == "bits_read" {
			// half the bits at twice the price: -half of what it was, then twice the half
			if !near(row.FromCounts, -row.Before/2) || !near(row.FromPrices, row.Before/2) {
				t.Errorf("bits_read: %+v; want half of it gone by counts and back by prices", row)
			}
		}
	}
	if got := d.Energy.FromCounts + d.Energy.FromPrices; !near(got, d.Energy.After.Nominal-d.Energy.Before.Nominal) || !near(got, sum) {
		t.Errorf("causes make %g, rows %g; the figure moved by %g", got, sum, d.Energy.After.Nominal-d.Energy.Before.Nominal)
	}
	if shares := 0.0; true {
		for _, row := range d.Energy.Rows {
			shares += row.Share
		}
		if !near(shares, 1) {
			t.Errorf("shares add up to %g", shares)
		}
	}
}

// Halving a core's columns halves what a row costs, and no price is edited.
func TestHalvedColumnsHalveRowEnergy(t *testing.T) {
	f := newFolder(t)
	f.write("half.yaml", "extends: ternary256\ncapabilities: {core: {neurons: 128}}\n")
	network := "network: {train: {data: digits, hidden: 16, sweeps: 1}}, data: \"digits:test[0:20]\""
	f.write("suite.yaml", "cases:\n  - {name: whole, chip: ternary256, "+network+"}\n  - {name: half, chip: half.yaml, "+network+"}\n")
	f.check(suite.Options{Update: true})
	g := f.golden()
	perRow := func(r suite.Record) (bits, joules float64) {
		rows := map[string]suite.Row{}
		for _, row := range r.Ops {
			rows[row.Kind] = row
		}
		n := float64(rows["row_read"].Charged)
		return float64(rows["bits_read"].Charged) / n, rows["bits_read"].Joules.Nominal * float64(r.Result.Samples) / n
	}
	wholeBits, wholeJoules := perRow(g.Cases[0])
	halfBits, halfJoules := perRow(g.Cases[1])
	if wholeBits != 512 || halfBits != 256 { // 256 and 128 columns of 2 bits
		t.Errorf("%g and %g bits a row; want 512 and 256", wholeBits, halfBits)
	}
	if !near(wholeJoules, 512*0.0501e-12) || !near(halfJoules, wholeJoules/2) {
		t.Errorf("%g and %g J a row; want 512 bits of 0.0501 pJ, and half of it", wholeJoules, halfJoules)
	}
	price := func(r suite.Record) suite.PriceRow {
		for _, p := range r.Prices {
			if p.Kind == "bits_read" {
				return p
			}
		}
		return suite.PriceRow{}
	}
	if diff := cmp.Diff(price(g.Cases[0]), price(g.Cases[1])); diff != "" {
		t.Errorf("the price of a bit was edited (-whole +half):\n%s", diff)
	}
}

// What must not matter leaves every byte alone: engines and threads all of the golden
// file, the placement's seed all but the section that is named after it and the sums.
func TestWhatMustNotMatter(t *testing.T) {
	f := newFolder(t)
	f.write("small.yaml", smallCores)
	hidden := "16"
	golden := func(more string) string {
		f.write("suite.yaml", "cases:\n  - {name: digits, chip: small.yaml, network: {train: {data: digits, hidden: "+hidden+", sweeps: 1}}, data: \"digits:test[0:5]\""+more+"}\n")
		if c := f.check(suite.Options{Update: true}); !c.OK {
			t.Fatalf("%s:\n%s", more, c)
		}
		return f.read("suite.golden.json")
	}
	first := golden("")
	for _, same := range []string{", threads: 3", ", engine: reference", ", engine: fast, threads: 2", ", engine: auto"} {
		if diff := cmp.Diff(first, golden(same)); diff != "" {
			t.Errorf("%s changes the golden file (-before +after):\n%s", same, diff)
		}
	}
	untimed := golden(", timing: none")
	if untimed == first {
		t.Error("a golden file without times equals one with them")
	}
	if diff := cmp.Diff(untimed, golden(", timing: none, engine: batch")); diff != "" {
		t.Errorf("batch changes the golden file (-fast +batch):\n%s", diff)
	}

	hidden = "64" // 16 cores, which can be placed in more than one good way
	golden("")
	seed1 := f.golden().Cases[0]
	golden(", compile_seed: 2")
	seed2 := f.golden().Cases[0]
	if seed1.Result.Cores < 4 || seed1.Placement.Layout == seed2.Placement.Layout || cmp.Equal(seed1.Placement.Ops, seed2.Placement.Ops) {
		t.Fatalf("%d cores, placed alike under two seeds; the test needs another network", seed1.Result.Cores)
	}
	if before, after := ops(t, seed1), ops(t, seed2); before != after {
		t.Errorf("another placement changes operations (-seed 1 +seed 2):\n%s", cmp.Diff(before, after))
	}
	for _, row := range seed1.Placement.Ops {
		switch row.Kind {
		case "packet_tile", "hop_x", "hop_y", "psum_hop", "core_busy", "core_waiting":
		default:
			t.Errorf("%s stands among what a placement may change", row.Kind)
		}
	}
}

// ops are the bytes that no placement may change.
func ops(t *testing.T, r suite.Record) string {
	t.Helper()
	text, err := json.MarshalIndent([]any{r.Ops, r.Result, r.Prices, r.Capabilities}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
