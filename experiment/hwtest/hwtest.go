// Package hwtest runs a regression suite of hardware models inside go test: a subtest
// a case, the difference as the text of its failure.
//
//	func TestMyChip(t *testing.T) { hwtest.Run(t, "testdata/mychip.yaml") }
//
// The suite's form and its golden file are those of tritloom check. Where a change is
// meant, the golden file is written anew with the environment variable
// TRITLOOM_UPDATE=1, with Update, or with the test binary's own -update flag, if it
// has one that is a bool.
package hwtest

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

// Update writes golden files anew instead of failing on differences. Expectations
// that a suite states must hold all the same.
var Update bool

// Environment variables that Run reads.
const (
	UpdateEnv = "TRITLOOM_UPDATE" // 1 or true: as Update
	DataEnv   = "TRITLOOM_DATA"   // folder of data sets that are not embedded; absolute
)

// Run checks a suite; its cases are subtests, so that go test -run TestMyChip/CASE
// reports one of them. All cases run.
func Run(t *testing.T, file string) {
	t.Helper()
	run(reporter{t}, file, wantsUpdate(os.Getenv, flag.CommandLine))
}

// wantsUpdate looks at all three ways to ask.
func wantsUpdate(getenv func(string) string, flags *flag.FlagSet) bool {
	switch strings.ToLower(getenv(UpdateEnv)) {
	case "1", "true", "yes":
		return true
	}
	if f := flags.Lookup("update"); f != nil {
		if value, ok := f.Value.(flag.Getter); ok {
			if on, ok := value.Get().(bool); ok && on {
				return true
			}
		}
	}
	return Update
}

// tester is what Run needs of a *testing.T, so that failing can be tested too.
type tester interface {
	Helper()
	Context() context.Context
	Log(args ...any)
	Error(args ...any)
	Fatal(args ...any)
	Sub(name string, f func(tester)) bool
}

// reporter is a *testing.T as a tester.
type reporter struct{ *testing.T }

func (r reporter) Sub(name string, f func(tester)) bool {
	return r.T.Run(name, func(t *testing.T) { f(reporter{t}) })
}

func run(t tester, file string, update bool) {
	t.Helper()
	s, err := suite.Load(file, dataset.OpenOptions{Dir: os.Getenv(DataEnv)})
	if err != nil {
		t.Fatal(err)
		return
	}
	check, err := s.Run(t.Context(), suite.Options{Update: update})
	if err != nil {
		t.Fatal(err)
		return
	}
	for _, c := range check.Cases {
		t.Sub(c.Name, func(t tester) {
			t.Helper()
			finding := check.Finding(c.Name)
			switch {
			case check.Failing(c.Name):
				t.Error("\n" + finding)
			case finding != "": // an update
				t.Log("\n" + finding)
			}
		})
	}
	if len(check.Stale) > 0 && !update {
		t.Error(check.Golden + " holds " + strings.Join(check.Stale, ", ") + ", which " + file + " lacks; update it to remove them")
	}
	if update {
		t.Log("wrote " + check.Golden + "; review its difference before it is kept")
	}
}
