package suite_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/suite"
	"tritloom/ledger"
)

// Whatever is changed in a golden file shows in the difference, or the file is refused:
// no leaf of it is only for show.
func TestEveryLeafOfAGoldenFileIsCompared(t *testing.T) {
	f := newFolder(t)
	f.write("small.yaml", smallCores)
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: small.yaml, "+irisNetwork+", data: \"iris:test[0:10]\"}\n")
	f.check(suite.Options{Update: true})
	before := f.golden().Cases[0]
	if d := suite.Diff(&before, &before); !d.Empty() {
		t.Fatalf("a record differs from itself:\n%s", d)
	}
	text := f.read("suite.golden.json")
	leaves, joules := 0, 0
	for i := 0; ; i++ {
		changed, path := changeLeaf(t, text, i)
		if path == "" {
			break
		}
		leaves++
		if strings.Contains(path, ".ops") && strings.Contains(path, ".joules.") {
			joules++
		}
		g, err := suite.ReadGolden(f.write("changed.golden.json", changed))
		if err != nil || g.Cases[0].Name != before.Name { // by which records are found
			continue
		}
		if d := suite.Diff(&g.Cases[0], &before); d.Empty() || d.String() == "" {
			t.Errorf("%s was changed, and the difference does not say so", path)
		}
	}
	if leaves < 300 || joules < 30 {
		t.Errorf("%d leaves, %d of them joules of events; want some hundreds, and some tens", leaves, joules)
	}
}

// changeLeaf changes the n-th leaf of a JSON text and says which that was; empty: there
// are not so many.
func changeLeaf(t *testing.T, text string, n int) (changed, path string) {
	t.Helper()
	var whole any
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatal(err)
	}
	var walk func(at string, value any) any
	walk = func(at string, value any) any {
		switch v := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				v[key] = walk(at+"."+key, v[key])
			}
			return v
		case []any:
			for i := range v {
				v[i] = walk(fmt.Sprintf("%s[%d]", at, i), v[i])
			}
			return v
		}
		if n--; n != -1 {
			return value
		}
		path = at
		switch v := value.(type) {
		case string:
			return v + "x"
		case float64:
			return v + 123
		case bool:
			return !v
		}
		return 1 // null
	}
	whole = walk("", whole)
	out, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), path
}

// Joules of an event that moved though its count and its price did not are listed,
// also beside a price that did change.
func TestJoulesThatNothingExplains(t *testing.T) {
	f := newFolder(t)
	f.write("mine.yaml", chip("0.0501"))
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: mine.yaml, "+irisNetwork+", data: \"iris:test[0:10]\"}\n")
	f.check(suite.Options{Update: true})
	before := f.golden().Cases[0]
	for i := range before.Ops {
		if row := &before.Ops[i]; row.Kind == "axon_write" && row.Joules != nil {
			row.Joules.Nominal += 123
		}
	}
	after := f.golden().Cases[0]
	for range 2 {
		d := suite.Diff(&before, &after)
		if len(d.Rest) != 1 || d.Rest[0].What != "ops.axon_write.joules.nominal" || !strings.Contains(d.String(), "ops.axon_write.joules.nominal  123.") {
			t.Errorf("want the joules of axon_write:\n%s", d)
		}
		for i := range after.Prices { // once more beside another difference
			if p := &after.Prices[i]; p.Kind == "bits_read" {
				p.Joules.High *= 2
			}
		}
	}
}

// A case that cannot run fails by itself; new and stale cases are told; --only leaves
// the others' records as they are.
func TestCasesComeAndGo(t *testing.T) {
	f := newFolder(t)
	iris := "  - {name: iris, chip: mine.yaml, " + irisNetwork + ", data: iris}\n"
	unit := "  - {name: unit, chip: unit, " + irisNetwork + ", data: iris}\n"
	f.write("mine.yaml", "extends: ternary256\n")
	f.write("suite.yaml", "cases:\n"+iris)
	s, err := suite.Load(f.path+"/suite.yaml", dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), suite.Options{}); err == nil || !strings.Contains(err.Error(), "run with --update to write it") {
		t.Errorf("without a golden file: %v", err)
	}
	f.check(suite.Options{Update: true})

	f.write("suite.yaml", "cases:\n"+unit+iris)
	if c := f.check(suite.Options{}); c.OK || c.Failed != 1 || !c.Cases[0].NoGolden || !strings.Contains(c.String(), "the golden file lacks this case") {
		t.Errorf("a new case:\n%s", c)
	}
	before := f.golden().Cases[0]
	f.write("mine.yaml", "extends: ternary256\nnotes: [changed]\ncapabilities: {core: {neurons: 128}}\n")
	if c := f.check(suite.Options{Update: true, Only: "unit"}); !c.OK || len(c.Cases) != 1 {
		t.Errorf("an update of one case:\n%s", c)
	}
	if g := f.golden(); len(g.Cases) != 2 || g.Cases[0].Name != "unit" || !reflect.DeepEqual(g.Cases[1], before) {
		t.Errorf("the update of one case touched another")
	}
	if c := f.check(suite.Options{}); c.OK || c.Failed != 1 {
		t.Errorf("the other case has changed:\n%s", c)
	}

	f.write("mine.yaml", "extends: ternary256\ncapabilities: {core: {axons: 4}, mesh: {width: 1, height: 1, tile_width: 1, tile_height: 1}}\n")
	c := f.check(suite.Options{})
	if c.OK || c.Cases[1].Error == "" || !c.Cases[0].OK || !strings.Contains(c.String(), "ERROR   iris\n  could not run: compile for mine: ") {
		t.Errorf("a network that does not fit:\n%s", c)
	}
	junit(t, c, 2, 0, 1)

	f.write("suite.yaml", "cases:\n"+unit)
	if c := f.check(suite.Options{}); c.OK || len(c.Stale) != 1 || !strings.Contains(c.String(), "STALE   iris") {
		t.Errorf("a stale record:\n%s", c)
	}
	if c := f.check(suite.Options{Only: "unit"}); !c.OK {
		t.Errorf("one case alone:\n%s", c)
	}
	if c := f.check(suite.Options{Update: true}); !c.OK || len(f.golden().Cases) != 1 {
		t.Errorf("removing a stale record:\n%s", c)
	}
}

// JUnit XML parses, counts rightly, holds the difference, and no control letter.
func TestJUnit(t *testing.T) {
	f := newFolder(t)
	f.write("mine.yaml", chip("0.0501"))
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: mine.yaml, "+irisNetwork+", data: iris}\n  - {name: unit, chip: unit, "+irisNetwork+", data: iris}\n")
	junit(t, f.check(suite.Options{Update: true}), 2, 0, 0)
	f.write("mine.yaml", chip("0.05511"))
	c := f.check(suite.Options{})
	text := junit(t, c, 2, 1, 0)
	for _, words := range []string{"most of it by bits_read", "bits_read: nominal 0.0501 -&gt; 0.05511 pJ (+10.0 %)"} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is missing in\n%s", words, text)
		}
	}
	c.Cases[1] = suite.Outcome{Name: "unit", Error: "a bell \a, a <tag> & \"quotes\", \xff, ]]>"}
	junit(t, c, 2, 1, 1)
}

func junit(t *testing.T, c *suite.Check, tests, failures, errors int) string {
	t.Helper()
	text, err := c.JUnit()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Cases    []struct {
				Name    string   `xml:"name,attr"`
				Failure []string `xml:"failure"`
				Error   []string `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	s := read.Suites[0]
	inFailures, inErrors := 0, 0
	for _, k := range s.Cases {
		inFailures, inErrors = inFailures+len(k.Failure), inErrors+len(k.Error)
	}
	if s.Tests != tests || len(s.Cases) != tests || s.Failures != failures || inFailures != failures || s.Errors != errors || inErrors != errors {
		t.Errorf("want %d tests, %d failures, %d errors:\n%s", tests, failures, errors, text)
	}
	return string(text)
}

// Every error about a suite has its place, its value and the way out.
func TestBadSuites(t *testing.T) {
	row := func(more string) string {
		return "cases:\n  - {name: a, chip: unit, " + irisNetwork + ", data: iris" + more + "}\n"
	}
	for _, test := range []struct{ text, want string }{
		{"cases: []\n", "suite.yaml:1:1: no cases; list at least one"},
		{"case: []\n", `suite.yaml:1:1: unknown field "case"; known here are cases; did you mean "cases"?`},
		{row(", thread: 1"), `unknown field "thread"`},
		{"cases:\n  - {name: a b, chip: unit}\n", `suite.yaml:2:6: name = "a b"; want 1..80 letters`},
		{row("") + row("")[len("cases:\n"):], `suite.yaml:3:6: "a" names two cases`},
		{"cases:\n  - {name: a, chip: unitt, " + irisNetwork + ", data: iris}\n", `suite.yaml:2:15: unknown chip "unitt"; known are`},
		{"cases:\n  - {name: a, chip: none.yaml, " + irisNetwork + ", data: iris}\n", "none.yaml: no such file"},
		{"cases:\n  - {name: a, chip: broken.yaml, " + irisNetwork + ", data: iris}\n", "broken.yaml:2:23: capabilities.core.axons = 0; want 1..65536"},
		{row(", conditions: {voltage_v: 0}"), "suite.yaml:2:"},
		{row(", conditions: {voltage_v: 0}"), "voltage_v = 0; want above 0"},
		{row(", conditions: {tick_us: -1}"), "tick_us = -1; want 0.000001.."},
		{row(", conditions: {outside_domain: true}"), "suite.yaml:2:"},
		{row(", conditions: {outside_domain: true}"), "outside_domain allows a voltage_v or a tick_us that the chip's models are not stated for; give one, or leave it out"},
		{row(", expect: [{figure: correct, value: 0100}]"), `correct has value = "0100"; want a finite number, in decimal digits`},
		{row(", conditions: {voltage_v: 0.8}"), "chip unit has no voltage_model"},
		{"cases:\n  - {name: a, chip: unit, data: iris}\n", "a lacks a network; give network: {file: NET.npz}"},
		{"cases:\n  - {name: a, chip: unit, network: {}, data: iris}\n", "want one of file and train"},
		{"cases:\n  - {name: a, chip: unit, network: {file: none.npz}, data: iris}\n", "suite.yaml:2:37: "},
		{"cases:\n  - {name: a, chip: unit, layout: none.npz, data: iris}\n", "none.npz"},
		{row(", layout: x.npz, compile_seed: 2"), "compile_seed beside a layout"},
		{"cases:\n  - {name: a, chip: unit, network: {train: {data: iris}}, data: iris}\n", `hidden = ""; want widths such as 16`},
		{"cases:\n  - {name: a, chip: unit, network: {train: {data: iris, hidden: 1x}}, data: iris}\n", `hidden 1x: width 1 is "1x"; want a whole number`},
		{"cases:\n  - {name: a, chip: unit, network: {train: {data: iiris, hidden: 4}}, data: iris}\n", `unknown data set "iiris"`},
		{"cases:\n  - {name: a, chip: unit, network: {train: {data: iris, hidden: 4, sweeps: -1}}, data: iris}\n", "sweeps = -1; want 1..1000"},
		{"cases:\n  - {name: a, chip: unit, " + irisNetwork + "}\n", "a lacks data; name samples"},
		{strings.Replace(row(""), "data: iris}", "data: \"iris:test[40:50]\"}", 1), "suite.yaml:2:"},
		{row(", engine: quick"), `engine = "quick"; want "fast", "reference", "batch" or "auto"`},
		{row(", engine: batch"), "timing \"analytic\" needs the ticks themselves"},
		{row(", scenario: both"), `scenario = "both"; want "single_stream" or "offline"`},
		{row(", scope: all"), `scope = "all"; want "used_cores" or "whole_chip"`},
		{row(", threads: 0"), "threads = 0; want 1..4096"},
		{row(", expect: [{figure: acuracy, value: 1}]"), `unknown figure "acuracy"; did you mean "accuracy"?`},
		{row(", expect: [{figure: events.bit_read, value: 1}]"), `unknown event "bit_read"; known are the 28 of any embedded chip; did you mean "bits_read"?`},
		{row(", expect: [{figure: accuracy, value: high}]"), `accuracy has value = "high"; want a finite number`},
		{row(", expect: [{figure: accuracy, value: .inf}]"), `value holds ".inf"; want one text or number`},
		{row(", expect: [{figure: accuracy}]"), "accuracy lacks what it is to be"},
		{row(", expect: [{figure: accuracy, value: 1, at_least: 1}]"), "has a value beside at_least"},
		{row(", expect: [{figure: accuracy, relative: 1}]"), "accuracy lacks what it is to be"},
		{row(", expect: [{figure: accuracy, at_least: 0, relative: 1}]"), "has a tolerance and no value"},
		{row(", expect: [{figure: accuracy, value: 1, relative: 0.1, absolute: 1}]"), "a relative and an absolute tolerance"},
		{row(", expect: [{figure: accuracy, value: 1, relative: -0.1}]"), "relative = -0.1; want 0 or more"},
		{row(", expect: [{figure: accuracy, at_least: 2, at_most: 1}]"), "which nothing is"},
	} {
		f := newFolder(t)
		f.write("broken.yaml", "extends: ternary256\ncapabilities: {core: {axons: 0}}\n")
		file := f.write("suite.yaml", test.text)
		_, err := suite.Load(file, dataset.OpenOptions{})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s\ngot  %v\nwant %s", test.text, err, test.want)
		}
	}
	if _, err := suite.Load("none.yaml", dataset.OpenOptions{}); err == nil || !strings.Contains(err.Error(), "none.yaml: cannot read it") {
		t.Errorf("no suite: %v", err)
	}
}

func TestBadGoldens(t *testing.T) {
	f := newFolder(t)
	for text, want := range map[string]string{
		"":                                "empty file",
		"{":                               "not a golden file (unexpected EOF); write it again with --update",
		`{"format":"x","cases":[]}`:       `format "x"; this version reads "tritloom-golden/1"`,
		`{"formats":"x"}`:                 `unknown field "formats"`,
		`{"format":"tritloom-golden/1"}x`: "text after its end",
	} {
		if _, err := suite.ReadGolden(f.write("x.golden.json", text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", text, err, want)
		}
	}
}

// A headline without an energy before says what it was.
func TestHeadlineFromNothing(t *testing.T) {
	f := newFolder(t)
	zeros := "extends: unit\nprices:\n"
	for _, kind := range ledger.KindNames() {
		zeros += "  " + kind + ": {zero: for a test}\n"
	}
	f.write("base.yaml", zeros)
	f.write("mine.yaml", "extends: base.yaml\n")
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: mine.yaml, "+irisNetwork+", data: iris}\n")
	f.check(suite.Options{Update: true})
	f.write("mine.yaml", "extends: base.yaml\nprices: {bits_read: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: \"assumed: x\", law: any-geometry}}\n")
	text := junit(t, f.check(suite.Options{}), 1, 1, 0)
	if !strings.Contains(text, `message="energy 0 J -&gt; `) || !strings.Contains(text, "nJ, most of it by bits_read") {
		t.Errorf("headline:\n%s", text)
	}
}

// Ctrl-C leaves the golden file as it was.
func TestInterrupted(t *testing.T) {
	f := newFolder(t)
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: unit, "+irisNetwork+", data: iris}\n")
	s, err := suite.Load(f.path+"/suite.yaml", dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Run(ctx, suite.Options{Update: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := os.Stat(s.GoldenFile()); err == nil {
		t.Error("interrupted, and a golden file was written")
	}
}
