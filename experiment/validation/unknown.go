package validation

import (
	"context"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

// Unknown says which events of a chip have no published energy and must be marked so:
// neither zero nor a guess. The figure is how many of them are.
type Unknown struct {
	Events []string `yaml:"events"`
}

func (u *Unknown) check(r *Row) error {
	if err := r.want("unknown", "events"); err != nil {
		return err
	}
	for i, name := range u.Events {
		if _, ok := ledger.KindByName(name); !ok {
			return r.at(fmt.Sprintf("model.unknown.events[%d]", i)).Errorf("unknown event %q; did you mean %s?", strictyaml.Clip(name), strictyaml.OneOf(strictyaml.Nearest(name, ledger.KindNames())))
		}
	}
	return r.unit("events")
}

func (*Unknown) ownFigures() bool { return false }

func (u *Unknown) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	n := 0
	for _, name := range u.Events {
		if k, _ := ledger.KindByName(name); chip.Prices[k].State == hwmodel.Unknown {
			n++
		}
	}
	return r.one(exact(float64(n)), false, 0), nil
}
