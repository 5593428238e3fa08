package validation

import (
	"fmt"
	"path/filepath"

	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// counts is how often each event happens. They are figures and not integers, because
// published rates and means are.
type counts [ledger.NumKinds]float64

// energy multiplies counts with prices. Whatever happened must have a price, be a fact,
// or be included in something that is priced: no row passes as a lower bound.
func energy(chip *hwmodel.Chip, low, high *counts) (sum report.Interval, err error) {
	for k := range low {
		p := &chip.Prices[k]
		if low[k] == 0 && high[k] == 0 {
			continue
		}
		switch {
		case p.State == hwmodel.Unknown:
			return sum, fmt.Errorf("%s happens and chip %s does not know its price: %s", p.Kind, chip.Name, p.Source)
		case p.State == hwmodel.IncludedIn && chip.Prices[p.Includer].State != hwmodel.Priced:
			return sum, fmt.Errorf("%s happens and is included in %s, which has no price", p.Kind, p.Includer)
		case p.State != hwmodel.Priced:
			continue
		}
		sum.Nominal += (low[k] + high[k]) / 2 * p.Nominal
		sum.Low += low[k] * p.Low
		sum.High += high[k] * p.High
	}
	return sum, nil
}

// ownChip is the chip as its file describes it: an embedded one, or a file beside the
// row's.
func (r *Row) ownChip() (*hwmodel.Chip, error) {
	chip, err := hwmodel.Load(trial.BesideChip(filepath.Dir(r.top.File), r.Chip))
	if err != nil {
		return nil, r.at("chip").Errorf("chip: %v", err)
	}
	return chip, nil
}

// chipAt is the chip of the row under its conditions.
func (r *Row) chipAt() (*hwmodel.Chip, error) {
	chip, err := r.ownChip()
	if err != nil {
		return nil, err
	}
	q := hwmodel.Conditions{VoltageV: r.Conditions.VoltageV}
	if tick := r.tickPS(); r.states("conditions.tick_us") && tick != chip.Capabilities.Tick.PS() {
		q.TickPS = tick
	}
	if chip, err = chip.At(q); err != nil {
		return nil, r.at("conditions").Errorf("%v", err)
	}
	return chip, nil
}

// tickPS is the tick the row states, in picoseconds.
func (r *Row) tickPS() int64 { return int64(r.Conditions.TickUS*1e6 + 0.5) }
