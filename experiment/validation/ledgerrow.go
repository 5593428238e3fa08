package validation

import (
	"context"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// Ledger prices counts that somebody recorded: of a run, or of a second.
type Ledger struct {
	Events  eventRows `yaml:"events"`
	Seconds float64   `yaml:"seconds"` // the counts are of so many seconds, and the figure is a power
}

// event is a recorded count.
type event struct {
	Count float64 `yaml:"count"`
	UpTo  float64 `yaml:"up_to"` // the count is not known better than Count to UpTo
	// PJ replaces the chip's price: the recorded run was of a table of its own.
	PJ   float64 `yaml:"pj"`
	Note string  `yaml:"note"`
}

// eventRows holds counts by event; nil where a file states none.
type eventRows [ledger.NumKinds]*event

// Entry finds an event by its name.
func (e *eventRows) Entry(name string) (any, error) {
	k, err := hwmodel.EventByName(name)
	if err != nil {
		return nil, err
	}
	return &e[k], nil
}

// check refuses counts and prices out of range. Only some rows have prices of their own.
func (e *eventRows) check(r *Row, key string, prices bool) error {
	var numbers []number
	for k, row := range e {
		if row == nil {
			continue
		}
		at := key + "." + ledger.Kind(k).String()
		if !r.states(at + ".count") {
			return r.at(at).Errorf("%s lacks count; state it", at)
		}
		if !prices && (r.states(at+".pj") || r.states(at+".up_to")) {
			return r.at(at).Errorf("%s has more than a count; leave pj and up_to out", at)
		}
		numbers = append(numbers, number{at + ".count", row.Count, 0, 1e18}, number{at + ".up_to", row.UpTo, row.Count, 1e18}, number{at + ".pj", row.PJ, 0, 1e9})
	}
	return r.within(numbers)
}

func (l *Ledger) check(r *Row) error {
	if err := r.want("ledger", "events"); err != nil {
		return err
	}
	if err := l.Events.check(r, "model.ledger.events", true); err != nil {
		return err
	}
	if err := r.within([]number{{"model.ledger.seconds", l.Seconds, 1e-12, 1e9}}); err != nil {
		return err
	}
	if r.states("model.ledger.seconds") {
		return r.unit("W", "mW", "µW")
	}
	return r.unit("J", "mJ", "µJ", "nJ", "pJ")
}

func (*Ledger) ownFigures() bool { return false }

func (l *Ledger) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	var low, high counts
	var own float64
	var replaced []string
	for k, e := range l.Events {
		switch {
		case e == nil:
		case r.states("model.ledger.events." + ledger.Kind(k).String() + ".pj"):
			own += e.Count * e.PJ * 1e-12
			replaced = append(replaced, ledger.Kind(k).String())
		default:
			low[k], high[k] = e.Count, max(e.Count, e.UpTo)
		}
	}
	sum, err := energy(chip, &low, &high)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	seconds := 1.0
	if r.states("model.ledger.seconds") {
		seconds = l.Seconds
	}
	sum = report.Interval{Nominal: (sum.Nominal + own) / seconds, Low: (sum.Low + own) / seconds, High: (sum.High + own) / seconds}
	figures := r.one(scaled(sum, r.Published.Unit), len(replaced) == 0, 0)
	if len(replaced) > 0 {
		figures[0].Remark = "prices of the row, not of the chip: " + strings.Join(replaced, ", ")
	}
	return figures, nil
}
