package suite_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

// Whatever is changed in a golden record shows in the difference: no leaf of it is
// only for show.
func TestEveryLeafOfARecordIsCompared(t *testing.T) {
	f := newFolder(t)
	f.write("small.yaml", smallCores)
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: small.yaml, "+irisNetwork+", data: \"iris:test[0:10]\"}\n")
	f.check(suite.Options{Update: true})
	before := f.golden().Cases[0]
	if d := suite.Diff(&before, &before); !d.Empty() {
		t.Fatalf("a record differs from itself:\n%s", d)
	}
	leaves := 0
	for i := 0; ; i++ {
		after := f.golden().Cases[0]
		path := changeLeaf(reflect.ValueOf(&after).Elem(), i)
		if path == "" {
			break
		}
		leaves++
		// Joules of a row are counts times prices, which are compared themselves.
		derived := strings.Contains(path, "Ops") && strings.Contains(path, "Joules")
		// The name is what records are compared by.
		if path == "record.Name" || derived {
			continue
		}
		if d := suite.Diff(&before, &after); d.Empty() || d.String() == "" {
			t.Errorf("%s was changed, and the difference does not say so", path)
		}
	}
	if leaves < 300 {
		t.Errorf("%d leaves; want some hundreds", leaves)
	}
}

// changeLeaf changes the n-th leaf of a value and says which that was; empty: there
// are not so many. Kinds stay, as they are what rows are found by.
func changeLeaf(v reflect.Value, n int) string {
	var found string
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if found != "" {
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; name != "Kind" {
					walk(path+"."+name, v.Field(i))
				}
			}
			return
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
			return
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
			return
		}
		if n--; n >= 0 {
			return
		}
		found = path
		switch v.Kind() {
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
		case reflect.Uint64:
			v.SetUint(v.Uint() + 1)
		case reflect.Int:
			v.SetInt(v.Int() + 1)
		default:
			panic(v.Kind().String())
		}
	}
	walk("record", v)
	return found
}

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

func rowsRead(r suite.Record) uint64 {
	for _, row := range r.Ops {
		if row.Kind == "row_read" {
			return row.Events
		}
	}
	return 0
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
		{row(", expect: [{figure: events.bit_read, value: 1}]"), `unknown event "bit_read"; did you mean "bits_read"?`},
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
