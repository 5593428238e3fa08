package validation

import (
	"context"
	"fmt"
	"strings"

	"tritloom/internal/strictyaml"
	"tritloom/report"
)

// Estimator is an ops-only estimate that people use, held against the published figures
// of other rows. It is known to be wrong and must miss at least one.
type Estimator struct {
	Name string   `yaml:"name"` // of report.OpsOnlyEstimators
	Rows []string `yaml:"rows"` // ids
	// MissesAll says why no row can be met, where there are several and none is.
	MissesAll string `yaml:"misses_all"`
}

func (e *Estimator) check(r *Row) error {
	if err := r.want("estimator", "name", "rows"); err != nil {
		return err
	}
	if _, ok := e.find(); !ok {
		var names []string
		for _, o := range report.OpsOnlyEstimators {
			names = append(names, o.Name)
		}
		return r.oneOf("model.estimator.name", e.Name, names)
	}
	if r.Role != Control {
		return r.at("role").Errorf("role is %s; an estimator is a negative-control", r.Role)
	}
	if len(e.Rows) == 0 {
		return r.at("model.estimator.rows").Errorf("model.estimator.rows is empty; name the rows to hold it against")
	}
	if r.states("model.estimator.misses_all") && (len(e.Rows) < 2 || strings.TrimSpace(e.MissesAll) == "") {
		return r.at("model.estimator.misses_all").Errorf("model.estimator.misses_all says why none of several rows is met; write a sentence, or leave it out")
	}
	return nil
}

func (*Estimator) ownFigures() bool { return true }

func (e *Estimator) find() (report.OpsOnly, bool) {
	for _, o := range report.OpsOnlyEstimators {
		if o.Name == e.Name {
			return o, true
		}
	}
	return report.OpsOnly{}, false
}

func (e *Estimator) figures(_ context.Context, r *Row, b *bench) ([]Figure, error) {
	o, _ := e.find()
	var list []Figure
	for i, id := range e.Rows {
		at := r.at(fmt.Sprintf("model.estimator.rows[%d]", i))
		row := b.rows[id]
		if row == nil {
			return nil, at.Errorf("row %q is not known; known are %s", strictyaml.Clip(id), strings.Join(b.ids(), ", "))
		}
		model, err := row.opsOnly(o)
		if err != nil {
			return nil, at.Errorf("%v", err)
		}
		f := r.figure(id, row.Published.Value, exact(model))
		f.Unit = row.Published.Unit
		list = append(list, f)
	}
	return list, nil
}

// opsOnly is what an estimator says of the row, in its unit.
func (r *Row) opsOnly(o report.OpsOnly) (float64, error) {
	if q := r.Model.Query; q != nil {
		low, high, updates := q.operations()
		return o.Joules((low+high)/2, updates) / units[r.Published.Unit], nil
	}
	p := r.Model.power()
	if p == nil || r.Published.Unit != "mW" {
		return 0, fmt.Errorf("row %s has no power in mW and no query; name one that has", r.ID)
	}
	chip, err := r.chipAt()
	if err != nil {
		return 0, err
	}
	c := &chip.Capabilities
	return o.Joules(p.synapticOps(c), p.Neurons*1e12/float64(c.Tick.PS())) / units["mW"], nil
}

// power is the network of a power row, simulated or not.
func (m *Model) power() *Power {
	switch {
	case m.Power != nil:
		return m.Power
	case m.Simulation != nil && m.Simulation.Figure == figurePower:
		return m.Simulation.closed()
	}
	return nil
}
