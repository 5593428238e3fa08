// Package sweep runs one trial for every point of a grid or a Latin hypercube over
// keys of a chip, networks, seeds, voltages and data, and puts them into one tidy
// table.
//
// A point whose chip cannot be, or on which the network does not fit, is a row with
// its error. The table is the same bytes for any number of jobs, for any division
// into shards, and however often the sweep was interrupted: finished points stand in a
// journal beside the output until all are done.
package sweep

import (
	"path/filepath"
	"strings"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/internal/strictyaml"
)

// Sweep is a table to be filled, loaded: every file it names has been read.
type Sweep struct {
	File       string
	Axes       []*Axis  // of the grid, then of the Latin hypercube
	Objectives []string // of the Pareto column
	grid       int      // how many of the axes are the grid's
	latin      int      // points of the Latin hypercube; 1 without one
	fixed      setting  // what the file says for all points
	inputs     *inputs
	doc        document
}

// document is a sweep as written.
type document struct {
	Chip        string           `yaml:"chip" json:"chip"`
	Conditions  trial.Conditions `yaml:"conditions" json:"conditions"`
	Net         string           `yaml:"net" json:"net"`
	Train       trial.RecipeRow  `yaml:"train" json:"-"` // as settings resolves it
	CompileSeed uint64           `yaml:"compile_seed" json:"compile_seed"`
	Data        string           `yaml:"data" json:"data"`
	Engine      string           `yaml:"engine" json:"-"` // never changes a result
	Scenario    string           `yaml:"scenario" json:"scenario"`
	Timing      string           `yaml:"timing" json:"timing"`
	Scope       string           `yaml:"scope" json:"scope"`
	Boundary    string           `yaml:"boundary" json:"boundary"`
	Pareto      []string         `yaml:"pareto" json:"-"` // found at the end
	Grid        axes             `yaml:"grid" json:"-"`
	Latin       latinRow         `yaml:"latin" json:"-"`
}

var form = strictyaml.Form{Name: "sweep", Example: "the sweeps in testdata/sweeps"}

// MaxPoints bounds a sweep: each is a line of a journal and a row in memory.
const MaxPoints = 1_000_000

// Load reads a sweep and every file it names. Relative files are taken from the folder
// of the sweep; open says where data sets are. Errors are "file:line:column: ...".
func Load(file string, open dataset.OpenOptions) (*Sweep, error) {
	read, err := trial.Read(form, file)
	if err != nil {
		return nil, err
	}
	s := &Sweep{File: file, inputs: newInputs(filepath.Dir(file), open)}
	places, err := read.Decode(&s.doc)
	if err != nil {
		return nil, err
	}
	at := strictyaml.Entries{Places: places, Top: read.Top()}
	for _, step := range []func(strictyaml.Entries) error{s.words, s.axes, s.settings, s.objectives, s.load} {
		if err := step(at); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// words fills in what the file leaves out and checks the words.
func (s *Sweep) words(at strictyaml.Entries) error {
	d := &s.doc
	words := trial.Words{Engine: d.Engine, Scenario: d.Scenario, Timing: d.Timing, Scope: d.Scope, Boundary: d.Boundary}
	if err := words.Fill(at); err != nil {
		return err
	}
	d.Engine, d.Scenario, d.Timing, d.Scope, d.Boundary = words.Engine, words.Scenario, words.Timing, words.Scope, words.Boundary
	if !at.Stated("compile_seed") {
		d.CompileSeed = 1
	}
	return nil
}

// Points is how many points the sweep has.
func (s *Sweep) Points() int {
	n := s.latin
	for _, a := range s.Axes[:s.grid] {
		n *= len(a.Values)
	}
	return n
}

// Values are the values of a point's axes, in the order of the axes. The last axis of
// the grid runs fastest, and the Latin hypercube within it.
func (s *Sweep) Values(point int) []string {
	values := make([]string, len(s.Axes))
	for i := s.grid; i < len(s.Axes); i++ {
		values[i] = s.Axes[i].Values[point%s.latin]
	}
	point /= s.latin
	for i := s.grid - 1; i >= 0; i-- {
		values[i] = s.Axes[i].Values[point%len(s.Axes[i].Values)]
		point /= len(s.Axes[i].Values)
	}
	return values
}

// Output is the default name of the table: the sweep's own, in the working folder.
func (s *Sweep) Output() string {
	base := filepath.Base(s.File)
	return strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml") + ".csv"
}
