package validation_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/experiment/validation"
	"tritloom/ledger"
)

// good is a row that tests break in one place each.
const good = `id: T1
title: a test
role: extrapolation
chip: truenorth
conditions: {voltage_v: 0.8}
model:
  power: {neurons: 1048576, rate_hz: 20.07, synapses_per_spike: 128, hops_x: 21.3, hops_y: 21.3}
published: {value: 71, unit: mW}
tolerance: {relative: 0.03, rule: rounding}
source: nobody
`

// with replaces one text of the good row.
func with(t *testing.T, old, new string) string {
	t.Helper()
	if strings.Count(good, old) != 1 {
		t.Fatalf("%q stands %d times in the good row", old, strings.Count(good, old))
	}
	return strings.Replace(good, old, new, 1)
}

func TestBrokenRowsNamePlaceAndWayOut(t *testing.T) {
	ledger := func(events string) [2]string {
		return [2]string{"  power: {neurons: 1048576, rate_hz: 20.07, synapses_per_spike: 128, hops_x: 21.3, hops_y: 21.3}", "  ledger: {events: " + events + "}"}
	}
	bad := ledger("{synaptic_opp: {count: 1}}")
	none := ledger("{synaptic_op: {pj: 1}}")
	for _, c := range []struct{ old, new, want string }{
		{"id: T1", "id: T 1", `row.yaml:1:1: id "T 1"; want letters, digits, dots and dashes`},
		{"id: T1", "idd: T1", `row.yaml:1:1: unknown field "idd"`},
		{"title: a test\n", "", "row.yaml:1:1: the row lacks title; state it"},
		{"role: extrapolation", "role: held-out", `row.yaml:3:1: role is "held-out"; want one of anchor, closure`},
		{"role: extrapolation", "role: gap", "row.yaml:1:1: a gap must say how the model is off"},
		{"role: extrapolation", "role: extrapolation\nexpect: above", "row.yaml:4:1: expect is above in a row of role extrapolation"},
		{"role: extrapolation", "role: negative-control\nexpect: within", "row.yaml:4:1: expect is within; a negative control must be outside"},
		{"voltage_v: 0.8", "voltage_v: 800", "row.yaml:5:14: conditions.voltage_v = 800; want 0.05..20"},
		{"rate_hz: 20.07, ", "", "row.yaml:7:3: model.power lacks rate_hz; state it"},
		{"rate_hz: 20.07", "rate_hz: .nan", `want a finite number`},
		{"neurons: 1048576", "neurons: 0", "row.yaml:7:11: model.power.neurons = 0; want 1..1e+12"},
		{"unit: mW", "unit: kW", `row.yaml:8:24: published.unit is "kW"; want one of %, GSOPS/W`},
		{"unit: mW", "unit: mJ", `row.yaml:8:24: published.unit is "mJ"; want one of mW, W, µW, GSOPS/W`},
		{"value: 71, ", "", "row.yaml:8:1: published lacks value; state it"},
		{"value: 71", "value: 71, low: 72", "row.yaml:8:24: published.low = 72 above the value 71; want low <= value <= high"},
		{"relative: 0.03", "relative: 3", "row.yaml:9:13: tolerance.relative = 3; want 1e-09..1"},
		{"relative: 0.03, ", "", "row.yaml:9:1: tolerance states 0 of relative, absolute and sigmas; want one"},
		{"relative: 0.03", "sigmas: 4", "row.yaml:9:13: sigmas are those of a simulation"},
		{", rule: rounding", "", "row.yaml:9:1: the row lacks tolerance.rule; state it"},
		{"rule: rounding", `rule: " "`, "row.yaml:9:29: tolerance.rule is empty"},
		{"source: nobody\n", "", "row.yaml:1:1: the row lacks source; state it"},
		{"model:\n", "model:\n  quotient: {numerator: 1, denominator: 2, derivation: x}\n", "row.yaml:6:1: model states power and quotient; want one of power, simulation"},
		{bad[0], bad[1], `unknown event "synaptic_opp"; known are the 28 of any embedded chip; did you mean "synaptic_op"?`},
		{none[0], none[1], "model.ledger.events.synaptic_op lacks count; state it"},
		{"source: nobody", "source: nobody\ncoverage: ''", "row.yaml:11:1: coverage is empty; say why"},
		{"source: nobody", "source: nobody\nrefit: true\nconditions: {}", `"conditions" stands twice`},
	} {
		_, err := validation.Parse("row.yaml", []byte(with(t, c.old, c.new)))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q for %q: %v; want %q in one line", c.new, c.old, err, c.want)
		}
	}
}

// one validates a single row beside the embedded ones.
func one(t *testing.T, text string) (*validation.Result, error) {
	t.Helper()
	row, err := validation.Parse("row.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rows = append(rows, row)
	if err := validation.Arrange(rows); err != nil {
		t.Fatal(err)
	}
	return validation.Run(context.Background(), rows, validation.Options{IDs: []string{row.ID}})
}

// control is a control row held against rows.
func control(t *testing.T, estimator, rows, more string) string {
	t.Helper()
	text := with(t, "role: extrapolation", "role: negative-control")
	head, _, _ := strings.Cut(text, "  power:")
	return head + "  estimator: {name: " + estimator + ", rows: " + rows + more + "}\npublished: {unit: mW}\ntolerance: {relative: 0.03, rule: that of V1}\nsource: nobody\n"
}

// ratio is an embedded row under the name T1 with one text replaced; where the chip is
// another, at its own conditions.
func ratio(t *testing.T, id, old, new string) string {
	t.Helper()
	files, err := filepath.Glob("../../testdata/validation/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if row := string(text); strings.HasPrefix(row, "id: "+id+"\n") {
			if strings.Count(row, old) != 1 {
				t.Fatalf("%q stands %d times in %s", old, strings.Count(row, old), id)
			}
			row = strings.Replace(strings.Replace(row, old, new, 1), "id: "+id+"\n", "id: T1\n", 1)
			if strings.HasPrefix(old, "chip:") {
				row = strings.Replace(row, "conditions: {voltage_v: 0.8}\n", "", 1)
			}
			return row
		}
	}
	t.Fatalf("no row %s", id)
	return ""
}

// TestEachKindOfRowCanFail: a gate that nothing fails is none.
func TestEachKindOfRowCanFail(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"held out": {with(t, "value: 71", "value: 80"), "T1: 70.62 mW, published 80"},
		"gap":      {with(t, "role: extrapolation", "role: gap\nexpect: above"), "T1: a known gap does not show"},
		"control": {strings.Replace(strings.Replace(with(t, "role: extrapolation", "role: negative-control"), "relative: 0.03", "relative: 1", 1), `  power: {neurons: 1048576, rate_hz: 20.07, synapses_per_spike: 128, hops_x: 21.3, hops_y: 21.3}
published: {value: 71, unit: mW}`, `  estimator: {name: 26 pJ a synaptic op, rows: [A1, V1]}
published: {unit: mW}`, 1), "T1: the control passes every row"},
		"control that can meet none": {control(t, "2.5 pJ a synaptic op", "[A1, V1]", ""), "T1: the control misses each of 2 rows; say why in model.estimator.misses_all"},
		"label without a reason to":  {control(t, "26 pJ a synaptic op", "[A1, V1, A2]", ", misses_all: it is wrong"), "T1: the control misses 2 of 3 rows and misses_all says that it misses all"},
		"ratio of another chip":      {ratio(t, "V6-pdf", "chip: truenorth", "chip: ternary256"), "in [0.7, 1.3]"},
		"ratio out of the band":      {ratio(t, "V6-pdf", "large_uj: 108", "large_uj: 140"), "in [0.7, 1.3]"},
		"ratio out of the interval":  {ratio(t, "V6-pdf", "large_uj: 108", "large_uj: 2000"), "the published figure in [0.08903, 11.23]"},
		"core of another chip":       {ratio(t, "V6-pdf-core", "chip: truenorth", "chip: ternary256"), "in [16, 85]"},
		"core out of the band":       {ratio(t, "V6-pdf-core", "small_uj: 0.268", "small_uj: 0.43"), "in [16, 85]"},
		"interval":                   {strings.Replace(with(t, "role: extrapolation", "role: extrapolation\nexpect: enclosed"), "value: 71", "value: 100", 1), "T1: 70.62 mW, published 100"},
	} {
		result, err := one(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if result.Passed || len(result.Failures) != 1 || !strings.Contains(result.Failures[0], c.want) {
			t.Errorf("%s: failures %q; want one with %q", name, result.Failures, c.want)
		}
	}
}

// TestRowsThatCannotBeWorkedOut end with the row's place.
func TestRowsThatCannotBeWorkedOut(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"chip: truenorth", "chip: northtrue", "row.yaml:4:1: chip: unknown chip"},
		{"voltage_v: 0.8", "voltage_v: 2", "row.yaml:5:1: chip truenorth at 2 V; its voltage_model holds for 0.7..1.05 V"},
		{"chip: truenorth\nconditions: {voltage_v: 0.8}", "chip: odin", "row T1: neuron_touched happens and chip odin does not know its price"},
	} {
		if _, err := one(t, with(t, c.old, c.new)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.new, err, c.want)
		}
	}
	if _, err := one(t, ratio(t, "V6-pdf", "chip: truenorth", "chip: odin")); err == nil || !strings.Contains(err.Error(), "row T1: neuron_touched happens and chip odin does not know its price") {
		t.Errorf("cores of odin: %v; want its unknown price named", err)
	}
}

func TestUnknownRowsAndTwins(t *testing.T) {
	rows, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := validation.Run(context.Background(), rows, validation.Options{IDs: []string{"V99"}}); err == nil || !strings.Contains(err.Error(), `unknown row "V99"; known are A1, `) {
		t.Errorf("unknown row: %v", err)
	}
	twin, err := validation.Parse("twin.yaml", []byte(with(t, "id: T1", "id: V2")))
	if err != nil {
		t.Fatal(err)
	}
	if err := validation.Arrange(append(rows, twin)); err == nil || !strings.Contains(err.Error(), `id "V2" is that of `) {
		t.Errorf("twin: %v", err)
	}
}

// TestTheSourceMayAllowItselfARange: the tolerance begins at the end of it.
func TestTheSourceMayAllowItselfARange(t *testing.T) {
	for published, passes := range map[string]bool{
		"value: 80": false, "value: 80, low: 72": true, "value: 80, high: 90": false, "value: 60": false, "value: 60, high: 69": true, "value: 60, high: 68": false,
	} {
		result, err := one(t, with(t, "value: 71", published))
		if err != nil {
			t.Fatal(err)
		}
		if result.Passed != passes {
			t.Errorf("%s: passes %v; want %v", published, result.Passed, passes)
		}
	}
}

// TestAChangedPriceShows: a tenth on one price is seen by the anchor that made it.
func TestAChangedPriceShows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dearer.yaml")
	text := `title: truenorth with a dearer synaptic op
extends: truenorth
prices:
  synaptic_op:
    energy_pj: {nominal: 1.629, low: 1.08, high: 1.73}
    scope: marginal
    voltage_v: 0.8
    node_nm: 28
    evidence: assumed
    source: "assumed: a tenth more"
    absolute: a test
    covers: [axon_write, axon_read, axon_merge, spike_emitted, packet_tile, packet_core]
`
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	row := strings.NewReplacer("chip: truenorth", "chip: "+file, "rate_hz: 20.07", "rate_hz: 95.93", "value: 71", "value: 94", "relative: 0.03", "relative: 0.0005").Replace(good)
	result, err := one(t, row)
	if err != nil {
		t.Fatal(err)
	}
	if result.Passed {
		t.Errorf("94 mW are met with a synaptic op a tenth dearer:\n%s", result)
	}
}

// TestFiguresMustBeFinite: a chip whose every price is a zero makes an efficiency
// infinite, which no JSON holds.
func TestFiguresMustBeFinite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "free.yaml")
	var free strings.Builder
	free.WriteString("title: a chip that costs nothing\nextends: unit\nprices:\n")
	for _, kind := range ledger.KindNames() {
		free.WriteString("  " + kind + ": {zero: a test}\n")
	}
	if err := os.WriteFile(file, []byte(free.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	row := strings.NewReplacer("chip: truenorth", "chip: "+file, "conditions: {voltage_v: 0.8}\n", "", "unit: mW", "unit: GSOPS/W").Replace(good)
	if _, err := one(t, row); err == nil || !strings.Contains(err.Error(), "want finite ones") {
		t.Errorf("an efficiency over no power: %v", err)
	}
}

// A key without letters is no field, least of all one that no file has.
func TestEmptyKeyIsUnknown(t *testing.T) {
	if _, err := validation.Parse("row.yaml", []byte("\"\": 1\n")); err == nil || !strings.Contains(err.Error(), `row.yaml:1:1: unknown field ""`) {
		t.Errorf("%v; want an unknown field", err)
	}
}
