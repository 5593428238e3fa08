package validation

import (
	"context"

	"tritloom/ledger"
)

// Query is one search of a database of patterns on neurons, one pattern a neuron: every
// input spike meets every pattern, and every neuron is updated in every step. The number
// of spikes is published as a band; the nominal figure is that of its middle. The low
// end of the interval may take another, cheaper event for the updates.
type Query struct {
	Patterns   float64 `yaml:"patterns"`
	SpikesLow  float64 `yaml:"spikes_low"`
	SpikesHigh float64 `yaml:"spikes_high"`
	Steps      float64 `yaml:"steps"`
	Synapses   float64 `yaml:"synapses"`   // met by one spike; every pattern if left out
	Update     string  `yaml:"update"`     // the event that is one update of one neuron: neuron_idle or neuron_touched
	UpdateLow  string  `yaml:"update_low"` // the same at the low end; as update if left out
}

func (q *Query) check(r *Row) error {
	if err := r.want("query", "patterns", "spikes_low", "spikes_high", "steps", "update"); err != nil {
		return err
	}
	if err := r.within([]number{
		{"model.query.patterns", q.Patterns, 1, 1e12}, {"model.query.spikes_low", q.SpikesLow, 0, 1e12},
		{"model.query.spikes_high", q.SpikesHigh, q.SpikesLow, 1e12}, {"model.query.steps", q.Steps, 1, 1e9}, {"model.query.synapses", q.Synapses, 0, 1e12},
	}); err != nil {
		return err
	}
	if _, _, err := q.updateKinds(r); err != nil {
		return err
	}
	return r.unit("J", "mJ", "µJ", "nJ", "pJ")
}

func (q *Query) updateKinds(r *Row) (low, update ledger.Kind, err error) {
	if update, err = updateKind(r, "model.query.update", q.Update); err != nil {
		return 0, 0, err
	}
	if !r.states("model.query.update_low") {
		return update, update, nil
	}
	low, err = updateKind(r, "model.query.update_low", q.UpdateLow)
	return low, update, err
}

func updateKind(r *Row, key, name string) (ledger.Kind, error) {
	for _, k := range []ledger.Kind{ledger.NeuronIdle, ledger.NeuronTouched} {
		if k.String() == name {
			return k, nil
		}
	}
	return 0, r.oneOf(key, name, []string{ledger.NeuronIdle.String(), ledger.NeuronTouched.String()})
}

func (*Query) ownFigures() bool { return false }

// operations are the synaptic ones at the low and the high end, and the updates.
func (q *Query) operations() (low, high, updates float64) {
	synapses := q.Synapses
	if synapses == 0 {
		synapses = q.Patterns
	}
	return q.SpikesLow * synapses, q.SpikesHigh * synapses, q.Patterns * q.Steps
}

func (q *Query) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	updateLow, update, err := q.updateKinds(r)
	if err != nil {
		return nil, err
	}
	opsLow, opsHigh, updates := q.operations()
	of := func(ops float64, kind ledger.Kind) *counts {
		c := &counts{ledger.SynapticOp: ops}
		c[kind] = updates
		return c
	}
	joules, err := energy(chip, of(opsLow, update), of(opsHigh, update))
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	low, err := energy(chip, of(opsLow, updateLow), of(opsLow, updateLow))
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	joules.Low = low.Low
	return r.one(scaled(joules, r.Published.Unit), true, 0), nil
}
