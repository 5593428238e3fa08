package validation

import (
	"context"

	"tritloom/ledger"
	"tritloom/report"
)

// Rollup adds up a chip that is busy everywhere: every core does the same in every tick.
// The figure is the power of so many cores, or one event's share of it.
type Rollup struct {
	Cores  float64   `yaml:"cores"`
	Events eventRows `yaml:"events"` // of one core in one tick
	Share  string    `yaml:"share"`  // the event whose share is asked for
}

func (u *Rollup) check(r *Row) error {
	if err := r.want("rollup", "cores", "events"); err != nil {
		return err
	}
	if err := r.within([]number{{"model.rollup.cores", u.Cores, 1, 1e9}}); err != nil {
		return err
	}
	if err := u.Events.check(r, "model.rollup.events", false); err != nil {
		return err
	}
	if u.Share == "" {
		return r.unit("W", "mW", "µW")
	}
	if k, ok := ledger.KindByName(u.Share); !ok || u.Events[k] == nil {
		return r.at("model.rollup.share").Errorf("model.rollup.share is %q; want one of the row's events", u.Share)
	}
	return r.unit("%")
}

func (*Rollup) ownFigures() bool { return false }

func (u *Rollup) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	var all, part counts
	for k, e := range u.Events {
		if e != nil {
			all[k] = e.Count * u.Cores
		}
	}
	joules, err := energy(chip, &all, &all)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	if u.Share == "" {
		tick := float64(chip.Capabilities.Tick.PS()) / 1e12
		return r.one(scaled(report.Interval{Nominal: joules.Nominal / tick, Low: joules.Low / tick, High: joules.High / tick}, r.Published.Unit), true, 0), nil
	}
	k, _ := ledger.KindByName(u.Share)
	part[k] = all[k]
	of, err := energy(chip, &part, &part)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	return r.one(exact(of.Nominal/joules.Nominal/units["%"]), false, 0), nil
}
