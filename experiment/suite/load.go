package suite

import (
	"fmt"
	"regexp"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
)

// loader turns rows into cases.
type loader struct {
	folder             string
	open               dataset.OpenOptions
	files              []string // read so far
	strictyaml.Entries          // of the case being loaded
}

// caseName may stand in file names, test names and on the command line.
var caseName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,79}$`)

func (l *loader) load(i int, row *caseRow) (*Case, error) {
	l.Section = fmt.Sprintf("cases[%d]", i)
	if !caseName.MatchString(row.Name) {
		return nil, l.Errorf("name", "name = %q; want 1..80 letters, digits and . _ + -, starting with a letter or digit", strictyaml.Clip(row.Name))
	}
	c := &Case{Name: row.Name, Conditions: row.Conditions}
	for _, step := range []func(*caseRow, *Case) error{l.options, l.chip, l.network, l.layout, l.data, l.expectations} {
		if err := step(row, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// options fills in what the row leaves out and checks the words.
func (l *loader) options(row *caseRow, c *Case) error {
	words := trial.Words{Engine: row.Engine, Scenario: row.Scenario, Timing: row.Timing, Scope: row.Scope, Boundary: row.Boundary}
	if err := words.Fill(l.Entries); err != nil {
		return err
	}
	if !l.Stated("threads") {
		row.Threads = 1
	} else if row.Threads < 1 || row.Threads > maxThreads {
		return l.Errorf("threads", "threads = %d; want 1..%d", row.Threads, maxThreads)
	}
	o := sim.DefaultOptions()
	o.Engine, o.Scenario, o.Timing, o.Threads, o.Workers = words.Engine, ledger.Scenario(words.Scenario), words.Timing, row.Threads, row.Threads
	if l.Stated("seed") {
		o.Seed = row.Seed
	}
	if err := o.Validate(); err != nil {
		return l.Errorf("timing", "%v", err)
	}
	c.trial.Sim = o
	c.trial.Energy = report.EnergyOptions{Scope: report.Scope(words.Scope), Boundary: hwmodel.BoundaryName(words.Boundary)}
	c.trial.CompileSeed = 1
	if l.Stated("compile_seed") {
		c.trial.CompileSeed = row.CompileSeed
	}
	return nil
}

func (l *loader) chip(row *caseRow, c *Case) error {
	if row.Chip == "" {
		return l.Errorf("chip", "%s lacks chip; name an embedded one, or a file", row.Name)
	}
	chip, err := hwmodel.Load(trial.BesideChip(l.folder, row.Chip))
	if err != nil {
		return l.Errorf("chip", "%v", err)
	}
	l.files = append(l.files, chip.Files...)
	stated := l.In("conditions").Stated
	if err := row.Conditions.Check(stated, stated); err != nil {
		return l.Errorf("conditions", "%v", err)
	}
	if c.trial.Chip, err = row.Conditions.On(chip); err != nil {
		return l.Errorf("conditions", "%v", err)
	}
	return nil
}

func (l *loader) network(row *caseRow, c *Case) error {
	n := row.Network
	switch {
	case n == nil && row.Layout == "":
		return l.Errorf("network", "%s lacks a network; give network: {file: NET.npz}, network: {train: {...}}, or layout: FILE", row.Name)
	case n == nil:
		return nil
	case (n.File == "") == (n.Train == nil):
		return l.Errorf("network", "network of %s; want one of file and train", row.Name)
	}
	c.trial.Compare = true
	if n.Train != nil {
		return l.recipe(n.Train, c)
	}
	network, err := ternary.ReadFile(trial.Beside(l.folder, n.File))
	if err != nil {
		return l.Errorf("network.file", "%v", err)
	}
	l.files = append(l.files, trial.Beside(l.folder, n.File))
	c.trial.Network = network
	return nil
}

func (l *loader) recipe(row *trial.RecipeRow, c *Case) error {
	r := row.Recipe(l.Stated("network.train.seed"))
	r.Data = trial.BesideData(l.folder, r.Data)
	if err := r.Validate(); err != nil {
		return l.Errorf("network.train", "%v", err)
	}
	if _, err := dataset.Open(r.Data, l.open); err != nil {
		return l.Errorf("network.train.data", "%v", err)
	}
	l.files = append(l.files, trial.DataFile(l.folder, row.Data))
	c.recipe = &r
	return nil
}

func (l *loader) layout(row *caseRow, c *Case) error {
	if row.Layout == "" {
		return nil
	}
	if l.Stated("compile_seed") {
		return l.Errorf("compile_seed", "compile_seed beside a layout, which is compiled already; leave one of them out")
	}
	image, err := layout.ReadFile(trial.Beside(l.folder, row.Layout))
	if err != nil {
		return l.Errorf("layout", "%v", err)
	}
	l.files = append(l.files, trial.Beside(l.folder, row.Layout))
	c.trial.Layout = image
	return nil
}

func (l *loader) data(row *caseRow, c *Case) error {
	if row.Data == "" {
		return l.Errorf("data", "%s lacks data; name samples, such as digits:test[0:50]", row.Name)
	}
	part, err := dataset.OpenPart(trial.BesideData(l.folder, row.Data), dataset.PartTest, l.open)
	if err != nil {
		return l.Errorf("data", "%v", err)
	}
	if part.Len() == 0 {
		return l.Errorf("data", "%s has no samples; choose another part", row.Data)
	}
	l.files = append(l.files, trial.DataFile(l.folder, row.Data))
	c.trial.Part = part
	return nil
}
