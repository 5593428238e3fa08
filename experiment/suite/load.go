package suite

import (
	"fmt"
	"os"
	"regexp"
	"slices"

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
	folder string
	open   dataset.OpenOptions
	top    strictyaml.Place
	places strictyaml.Places
	at     string // path of the case being loaded
}

func (l *loader) errorf(key, format string, args ...any) error {
	return l.places.Near(l.at+"."+key, l.top).Errorf(format, args...)
}

func (l *loader) stated(key string) bool {
	_, ok := l.places[l.at+"."+key]
	return ok
}

// caseName may stand in file names, test names and on the command line.
var caseName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,79}$`)

func (l *loader) load(i int, row *caseRow) (*Case, error) {
	l.at = fmt.Sprintf("cases[%d]", i)
	if !caseName.MatchString(row.Name) {
		return nil, l.errorf("name", "name = %q; want 1..80 letters, digits and . _ + -, starting with a letter or digit", strictyaml.Clip(row.Name))
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
	for _, word := range []struct {
		key   string
		value *string
	}{{"engine", &row.Engine}, {"scenario", &row.Scenario}, {"timing", &row.Timing}, {"scope", &row.Scope}, {"boundary", &row.Boundary}} {
		choices := trial.Words[word.key]
		if !l.stated(word.key) {
			*word.value = choices[0]
		} else if !slices.Contains(choices, *word.value) {
			return l.errorf(word.key, "%s = %q; want %s", word.key, strictyaml.Clip(*word.value), strictyaml.OneOf(choices))
		}
	}
	if !l.stated("threads") {
		row.Threads = 1
	} else if row.Threads < 1 || row.Threads > maxThreads {
		return l.errorf("threads", "threads = %d; want 1..%d", row.Threads, maxThreads)
	}
	o := sim.DefaultOptions()
	o.Engine, o.Scenario, o.Timing, o.Threads, o.Workers = row.Engine, ledger.Scenario(row.Scenario), row.Timing, row.Threads, row.Threads
	if l.stated("seed") {
		o.Seed = row.Seed
	}
	if err := o.Validate(); err != nil {
		return l.errorf("timing", "%v", err)
	}
	c.trial.Sim = o
	c.trial.Energy = report.EnergyOptions{Scope: report.Scope(row.Scope), Boundary: hwmodel.BoundaryName(row.Boundary)}
	c.trial.CompileSeed = 1
	if l.stated("compile_seed") {
		c.trial.CompileSeed = row.CompileSeed
	}
	return nil
}

func (l *loader) chip(row *caseRow, c *Case) error {
	if row.Chip == "" {
		return l.errorf("chip", "%s lacks chip; name an embedded one, or a file", row.Name)
	}
	chip, err := hwmodel.Load(trial.BesideChip(l.folder, row.Chip))
	if err != nil {
		return l.errorf("chip", "%v", err)
	}
	if err := row.Conditions.Check(func(key string) bool { return l.stated("conditions." + key) }); err != nil {
		return l.errorf("conditions", "%v", err)
	}
	if c.trial.Chip, err = row.Conditions.On(chip); err != nil {
		return l.errorf("conditions", "%v", err)
	}
	return nil
}

func (l *loader) network(row *caseRow, c *Case) error {
	n := row.Network
	switch {
	case n == nil && row.Layout == "":
		return l.errorf("network", "%s lacks a network; give network: {file: NET.npz}, network: {train: {...}}, or layout: FILE", row.Name)
	case n == nil:
		return nil
	case (n.File == "") == (n.Train == nil):
		return l.errorf("network", "network of %s; want one of file and train", row.Name)
	}
	c.trial.Compare = true
	if n.Train != nil {
		return l.recipe(n.Train, c)
	}
	network, err := ternary.ReadFile(trial.Beside(l.folder, n.File))
	if err != nil {
		return l.errorf("network.file", "%v", err)
	}
	c.trial.Network = network
	return nil
}

func (l *loader) recipe(row *trial.RecipeRow, c *Case) error {
	r := row.Recipe(l.stated("network.train.seed"))
	r.Data = trial.BesideData(l.folder, r.Data)
	if err := r.Validate(); err != nil {
		return l.errorf("network.train", "%v", err)
	}
	if _, err := dataset.Open(r.Data, l.open); err != nil {
		return l.errorf("network.train.data", "%v", err)
	}
	c.recipe = &r
	return nil
}

func (l *loader) layout(row *caseRow, c *Case) error {
	if row.Layout == "" {
		return nil
	}
	if l.stated("compile_seed") {
		return l.errorf("compile_seed", "compile_seed beside a layout, which is compiled already; leave one of them out")
	}
	image, err := layout.ReadFile(trial.Beside(l.folder, row.Layout))
	if err != nil {
		return l.errorf("layout", "%v", err)
	}
	c.trial.Layout = image
	return nil
}

func (l *loader) data(row *caseRow, c *Case) error {
	if row.Data == "" {
		return l.errorf("data", "%s lacks data; name samples, such as digits:test[0:50]", row.Name)
	}
	part, err := dataset.OpenPart(trial.BesideData(l.folder, row.Data), dataset.PartTest, l.open)
	if err != nil {
		return l.errorf("data", "%v", err)
	}
	if part.Len() == 0 {
		return l.errorf("data", "%s has no samples; choose another part", row.Data)
	}
	c.trial.Part = part
	return nil
}

// exists tells whether a golden file is there.
func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
