package suite_test

import (
	"fmt"
	"strings"
	"testing"

	"tritloom/experiment/suite"
)

func TestExpectations(t *testing.T) {
	f := newFolder(t)
	expect := func(text string) *suite.Check {
		f.write("suite.yaml", "cases:\n  - {name: iris, chip: ternary256, "+irisNetwork+", data: iris, timing: none, expect: ["+text+"]}\n")
		return f.check(suite.Options{})
	}
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: ternary256, "+irisNetwork+", data: iris, timing: none}\n")
	f.check(suite.Options{Update: true})
	g := f.golden().Cases[0]
	exact := fmt.Sprintf("{figure: correct, value: %d}, {figure: cores, value: 1}, {figure: energy_per_inference_j.nominal, value: %v}", g.Result.Correct, g.Energy.Nominal)
	events := fmt.Sprintf("{figure: events.row_read, value: %d}, {figure: spike_mismatches, value: 0}, {figure: ticks_per_inference, at_most: 2, at_least: 2}", rowsRead(g))
	within := fmt.Sprintf("{figure: energy_per_inference_j.high, value: %v, relative: 0.01}, {figure: samples, value: 29, absolute: 1}", g.Energy.High*1.009)
	for _, text := range []string{exact, events, within} {
		if c := expect(text); !c.OK || len(c.Cases[0].Expected) < 2 {
			t.Errorf("%s:\n%s", text, c)
		}
	}
	for text, words := range map[string]string{
		fmt.Sprintf("{figure: correct, value: %d}", g.Result.Correct+1):                                   fmt.Sprintf("expected: correct = %d; want %d, exactly", g.Result.Correct, g.Result.Correct+1),
		fmt.Sprintf("{figure: energy_per_inference_j.low, value: %v, relative: 0.01}", g.Energy.Low*1.02): "relative tolerance 0.01",
		fmt.Sprintf("{figure: events.row_read, value: %d, absolute: 2}", rowsRead(g)-3):                   "absolute tolerance 2",
		"{figure: accuracy, at_least: 1.0}":                                                               "want at least 1",
		"{figure: latency_s.mean, at_most: 1}":                                                            "latency_s.mean is not known of this case; want at most 1",
		"{figure: energy_by_j.bits_read, value: 0}":                                                       "energy_by_j.bits_read = ",
	} {
		c := expect(text)
		if c.OK || !strings.Contains(c.String(), words) {
			t.Errorf("%s: want a failure with %q:\n%s", text, words, c)
		}
		f.write("suite.golden.json", f.read("suite.golden.json"))
	}
	// An update writes what is, and does not call it what was wanted.
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: ternary256, "+irisNetwork+", data: iris, timing: none, expect: [{figure: cores, value: 2}]}\n")
	if c := f.check(suite.Options{Update: true}); c.OK || !c.Updated || !strings.Contains(c.String(), "no update makes an expectation hold") {
		t.Errorf("an update with an expectation that fails:\n%s", c)
	}
}

// Of a lower bound nobody can say that it is at most anything.
func TestLowerBoundsShowNoUpperOnes(t *testing.T) {
	f := newFolder(t)
	for text, want := range map[string]string{
		"{figure: energy_per_inference_j.nominal, at_least: 0}": "",
		"{figure: cores, at_most: 1}":                           "",
		"{figure: energy_per_inference_j.nominal, at_most: 1}":  "which no lower bound can show: no price or count for axon_write",
		"{figure: energy_per_inference_j.high, at_most: 1}":     "energy_per_inference_j.high is not known of this case",
	} {
		f.write("suite.yaml", "cases:\n  - {name: iris, chip: neurram256, "+irisNetwork+", data: iris, expect: ["+text+"]}\n")
		c := f.check(suite.Options{Update: true})
		if c.OK != (want == "") || !strings.Contains(c.String(), want) {
			t.Errorf("%s: OK %v; want %q in\n%s", text, c.OK, want, c)
		}
	}
}

func rowsRead(r suite.Record) uint64 {
	for _, row := range r.Ops {
		if row.Kind == "row_read" {
			return row.Events
		}
	}
	return 0
}
