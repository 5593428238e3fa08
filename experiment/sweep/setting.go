package sweep

import (
	"slices"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// setting is everything that one point says, before any file is opened.
type setting struct {
	chip        string
	sizes       []keyValue   // of the chip's capabilities
	prices      []priceValue // of the chip's events
	conditions  trial.Conditions
	net         string // file; empty: the recipe
	recipe      trial.Recipe
	compileSeed uint64
	data        string
	scenario    string
	timing      string
	scope       string
	boundary    string
}

// keyValue is a capability and its value as written.
type keyValue struct{ path, value string }

// settings takes over what the file says for all points.
func (s *Sweep) settings(at strictyaml.Entries) error {
	d := &s.doc
	s.fixed = setting{
		chip: d.Chip, conditions: d.Conditions, net: d.Net, recipe: d.Train.Recipe(at.Stated("train.seed")), compileSeed: d.CompileSeed, data: d.Data,
		scenario: d.Scenario, timing: d.Timing, scope: d.Scope, boundary: d.Boundary,
	}
	has := func(name string) bool {
		return slices.ContainsFunc(s.Axes, func(a *Axis) bool { return a.Name == name })
	}
	for _, key := range []string{"chip", "net", "compile_seed", "data", "scenario", "scope", "boundary"} {
		if at.Stated(key) && has(key) {
			return at.Errorf(key, "%s is fixed and an axis; leave one of them out", key)
		}
	}
	for _, key := range []string{"hidden", "encode", "steps", "sweeps", "seed"} {
		if at.Stated("train."+key) && has(key) {
			return at.Errorf("train."+key, "train.%s is fixed and an axis; leave one of them out", key)
		}
	}
	for _, key := range []string{"voltage_v", "tick_us"} {
		if at.Stated("conditions."+key) && has(key) {
			return at.Errorf("conditions."+key, "%s is fixed and an axis; leave one of them out", key)
		}
	}
	trained, files := at.Stated("train") || has("hidden"), at.Stated("net") || has("net")
	switch {
	case d.Chip == "" && !has("chip"):
		return at.Errorf("chip", "no chip; name one with chip: NAME or FILE.yaml, or list several under grid")
	case d.Data == "" && !has("data"):
		return at.Errorf("data", "no data; name samples, such as iris:test")
	case trained && files:
		return at.Errorf("train", "networks come from files and from training; want one of net and train")
	case !trained && !files:
		return at.Errorf("train", "no network; give net: FILE.npz, or train: {hidden: 16}, or one of the axes net and hidden")
	}
	stated := at.In("conditions").Stated
	if err := d.Conditions.Check(stated, func(key string) bool { return stated(key) || has(key) }); err != nil {
		return at.Errorf("conditions", "%v", err)
	}
	if d.Net == "" && !has("net") && d.Train.Data == "" && !has("data") {
		s.fixed.recipe.Data = trainingRows(d.Data)
	}
	return nil
}

// setting is what a point says.
func (s *Sweep) setting(point int) (setting, error) {
	at := s.fixed
	at.sizes, at.prices = nil, nil
	for i, value := range s.Values(point) {
		if err := s.Axes[i].set.set(&at, value); err != nil { // Load has checked every value
			return at, err
		}
	}
	if at.net == "" && at.recipe.Data == "" {
		at.recipe.Data = trainingRows(at.data)
	}
	return at, nil
}

// trainingRows are the rows to train on where only those to test on are named: the
// training rows of the same split.
func trainingRows(ref string) string {
	r, err := dataset.ParseRef(ref)
	if err != nil {
		return ref // opening it says why
	}
	return dataset.Ref{Name: r.Name, Path: r.Path, Split: r.Split, To: -1}.String()
}

// simOptions are those of a point. One worker: points run beside each other.
func (at *setting) simOptions(engine string) sim.Options {
	o := sim.DefaultOptions()
	o.Engine, o.Scenario, o.Timing = engine, ledger.Scenario(at.scenario), at.timing
	return o
}

func (at *setting) energy() report.EnergyOptions {
	return report.EnergyOptions{Scope: report.Scope(at.scope), Boundary: hwmodel.BoundaryName(at.boundary)}
}
