package validation

import (
	"context"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Unknown says which events of a chip have no published energy of their own, and must be
// marked so: unknown, neither zero nor a guess, or covered by a lumped measurement that
// does not divide. The figure is how many of them are.
type Unknown struct {
	Events []string `yaml:"events"` // unknown
	Lumped []string `yaml:"lumped"` // included in the price of another event
}

func (u *Unknown) check(r *Row) error {
	if len(u.Events)+len(u.Lumped) == 0 {
		return r.at("model.unknown").Errorf("model.unknown names no event; want events or lumped, or both")
	}
	if err := r.known("model.unknown.events", u.Events); err != nil {
		return err
	}
	if err := r.known("model.unknown.lumped", u.Lumped); err != nil {
		return err
	}
	return r.unit("events")
}

// known refuses names that are no events.
func (r *Row) known(key string, names []string) error {
	for i, name := range names {
		if _, err := hwmodel.EventByName(name); err != nil {
			return r.at(fmt.Sprintf("%s[%d]", key, i)).Errorf("%v", err)
		}
	}
	return nil
}

func (*Unknown) ownFigures() bool { return false }

func (u *Unknown) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	n := count(chip, u.Events, hwmodel.Unknown) + count(chip, u.Lumped, hwmodel.IncludedIn)
	return r.one(exact(float64(n)), false, 0), nil
}

// count is how many of the events are in a state.
func count(chip *hwmodel.Chip, names []string, state hwmodel.State) (n int) {
	for _, name := range names {
		if k, _ := ledger.KindByName(name); chip.Prices[k].State == state {
			n++
		}
	}
	return n
}
