// Package suite keeps hardware models, the compiler and the simulator to what they
// said before: a suite lists cases, a golden file beside it holds what each gave, and
// a difference is taken apart into its causes.
//
// What a user writes is the suite: chips, networks, data and what he expects of them,
// exactly or within a tolerance. What the program writes is the golden file: every
// event count, every price as it was used, every hash. A check fails where an
// expectation does not hold or anything in the golden file differs. Nothing that must
// not matter, such as the engine or the number of threads, is in the golden file.
package suite

import (
	"path/filepath"
	"slices"
	"strings"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/internal/strictyaml"
)

// Suite is a list of cases, loaded: every file it names has been read.
type Suite struct {
	File     string
	Cases    []Case
	networks *trial.Networks
	files    []string // that cases name
}

// Case is one trial and what is expected of it.
type Case struct {
	Name       string
	Conditions trial.Conditions // as the suite states them
	trial      trial.Trial
	recipe     *trial.Recipe // trains the network; nil: a file holds it, or none is needed
	expect     []expectation
}

// document is a suite as written.
type document struct {
	Cases []caseRow `yaml:"cases"`
}

// caseRow is a case as written.
type caseRow struct {
	Name        string           `yaml:"name"`
	Chip        string           `yaml:"chip"`
	Conditions  trial.Conditions `yaml:"conditions"`
	Network     *networkRow      `yaml:"network"`
	Layout      string           `yaml:"layout"`
	CompileSeed uint64           `yaml:"compile_seed"`
	Data        string           `yaml:"data"`
	Engine      string           `yaml:"engine"`
	Scenario    string           `yaml:"scenario"`
	Timing      string           `yaml:"timing"`
	Seed        uint64           `yaml:"seed"`
	Threads     int              `yaml:"threads"`
	Scope       string           `yaml:"scope"`
	Boundary    string           `yaml:"boundary"`
	Expect      []expectRow      `yaml:"expect"`
}

// networkRow is a file, or a recipe that trains the network.
type networkRow struct {
	File  string           `yaml:"file"`
	Train *trial.RecipeRow `yaml:"train"`
}

var form = strictyaml.Form{Name: "suite", Example: "the suites in testdata/suites"}

// maxThreads is beyond the processors of any machine this runs on.
const maxThreads = 4096

// Load reads a suite and everything it names. Relative files are taken from the
// folder of the suite; open says where data sets are. Errors are
// "file:line:column: ...".
func Load(file string, open dataset.OpenOptions) (*Suite, error) {
	read, err := trial.Read(form, file)
	if err != nil {
		return nil, err
	}
	var doc document
	places, err := read.Decode(&doc)
	if err != nil {
		return nil, err
	}
	if len(doc.Cases) == 0 {
		return nil, places.Near("cases", read.Top()).Errorf("no cases; list at least one under cases:")
	}
	s := &Suite{File: file, networks: trial.NewNetworks(open)}
	l := loader{folder: filepath.Dir(file), open: open, Entries: strictyaml.Entries{Places: places, Top: read.Top()}}
	for i := range doc.Cases {
		c, err := l.load(i, &doc.Cases[i])
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(s.Cases, func(other Case) bool { return other.Name == c.Name }) {
			return nil, l.Errorf("name", "%q names two cases; give one of them another name", c.Name)
		}
		s.Cases = append(s.Cases, *c)
	}
	s.files = l.files
	return s, nil
}

// Files lists the files the suite reads: chips, networks, layouts, data. Nothing may be
// written over them.
func (s *Suite) Files() []string { return append([]string{s.File}, s.files...) }

// GoldenFile is the file beside the suite that holds what it gave before.
func (s *Suite) GoldenFile() string {
	return strings.TrimSuffix(strings.TrimSuffix(s.File, ".yaml"), ".yml") + ".golden.json"
}

// Names lists the cases.
func (s *Suite) Names() []string {
	names := make([]string, len(s.Cases))
	for i := range s.Cases {
		names[i] = s.Cases[i].Name
	}
	return names
}
