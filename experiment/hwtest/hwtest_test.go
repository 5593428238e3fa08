package hwtest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The suite that is shipped, as a user would run one of his own.
func TestEmbeddedChips(t *testing.T) {
	Run(t, "../../testdata/suites/embedded.yaml")
}

// recorder is a test that only writes down what it is told.
type recorder struct {
	t      *testing.T
	name   string
	all    *[]string
	failed *bool
}

func (r recorder) Helper()                  {}
func (r recorder) Context() context.Context { return r.t.Context() }
func (r recorder) Log(args ...any)          { r.say("log", args) }
func (r recorder) Error(args ...any)        { *r.failed = true; r.say("error", args) }
func (r recorder) Fatal(args ...any)        { *r.failed = true; r.say("fatal", args) }
func (r recorder) Sub(name string, f func(tester)) bool {
	r.name = name
	f(r)
	r.say("ran", nil)
	return !*r.failed
}

func (r recorder) say(what string, args []any) {
	*r.all = append(*r.all, strings.TrimSpace(r.name+" "+what+": "+fmt.Sprint(args...)))
}

// record runs a suite with a test that cannot fail this one.
func record(t *testing.T, file string, update bool) (said string, failed bool) {
	var all []string
	run(recorder{t: t, all: &all, failed: &failed}, file, update)
	return strings.Join(all, "\n"), failed
}

func TestRunFailsAndUpdates(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	price := func(nominal string) {
		write("mine.yaml", "extends: ternary256\nprices:\n  bits_read: {energy_pj: {nominal: "+nominal+", low: 0.01, high: 1}, scope: marginal, evidence: assumed, source: \"assumed: for a test\", law: any-geometry}\n")
	}
	cases := `cases:
  - {name: mine, chip: mine.yaml, network: {train: {data: iris, hidden: 4, sweeps: 1}}, data: iris}
  - {name: other, chip: unit, network: {train: {data: iris, hidden: 4, sweeps: 1}}, data: iris}
`
	price("0.05")
	file := write("suite.yaml", cases)

	if said, failed := record(t, file, false); !failed || !strings.Contains(said, "fatal: ") || !strings.Contains(said, "run with --update") {
		t.Errorf("without a golden file:\n%s", said)
	}
	if said, failed := record(t, file, true); failed || !strings.Contains(said, "mine ran:") || !strings.Contains(said, "wrote ") {
		t.Errorf("an update:\n%s", said)
	}
	if said, failed := record(t, file, false); failed || said != "mine ran:\nother ran:" {
		t.Errorf("nothing changed:\n%s", said)
	}

	price("0.055")
	said, failed := record(t, file, false)
	if !failed || !strings.Contains(said, "mine error: ") || !strings.Contains(said, "bits_read: nominal 0.05 -> 0.055 pJ (+10.0 %)") || strings.Contains(said, "other error") {
		t.Errorf("a price moved:\n%s", said)
	}
	if said, failed := record(t, file, true); failed || !strings.Contains(said, "mine log: ") || !strings.Contains(said, "bits_read") {
		t.Errorf("an update says what changed:\n%s", said)
	}

	write("suite.yaml", strings.Join(strings.Split(cases, "\n")[:2], "\n")+"\n")
	if said, failed := record(t, file, false); !failed || !strings.Contains(said, "holds other, which ") {
		t.Errorf("a stale record:\n%s", said)
	}
	write("suite.yaml", cases[:len(cases)-2]+", expect: [{figure: cores, value: 9}]}\n")
	if said, failed := record(t, file, true); !failed || !strings.Contains(said, "expected: cores = 1; want 9, exactly") {
		t.Errorf("an update with an expectation that fails:\n%s", said)
	}
	write("suite.yaml", "cases: [\n")
	if said, failed := record(t, file, false); !failed || !strings.Contains(said, "suite.yaml:1:") {
		t.Errorf("a suite that is none:\n%s", said)
	}
}

func TestWantsUpdate(t *testing.T) {
	none := func(string) string { return "" }
	flags := func(args ...string) *flag.FlagSet {
		s := flag.NewFlagSet("", flag.ContinueOnError)
		s.Bool("update", false, "")
		if err := s.Parse(args); err != nil {
			t.Fatal(err)
		}
		return s
	}
	text := flag.NewFlagSet("", flag.ContinueOnError)
	text.String("update", "true", "")
	for _, test := range []struct {
		name   string
		getenv func(string) string
		flags  *flag.FlagSet
		update bool
		want   bool
	}{
		{"nothing", none, flag.NewFlagSet("", flag.ContinueOnError), false, false},
		{"flag off", none, flags(), false, false},
		{"flag on", none, flags("-update"), false, true},
		{"a flag of another type", none, text, false, false},
		{"environment", func(name string) string { return map[string]string{UpdateEnv: "1"}[name] }, flags(), false, true},
		{"environment off", func(name string) string { return map[string]string{UpdateEnv: "0"}[name] }, flags(), false, false},
		{"variable", none, flags(), true, true},
	} {
		Update = test.update
		if got := wantsUpdate(test.getenv, test.flags); got != test.want {
			t.Errorf("%s: %v; want %v", test.name, got, test.want)
		}
	}
	Update = false
}
