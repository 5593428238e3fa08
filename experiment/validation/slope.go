package validation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"

	"tritloom/experiment/benchnet"
	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/sim"
)

// Slope runs networks of 2, 4, .. branches and fits a line through their dynamic
// energies. The published slope follows from an activity that is not published, so that
// only linearity is a figure; slope and activity of the run are told beside it.
type Slope struct {
	Branches    []uint64 `yaml:"branches"`
	Layers      uint64   `yaml:"layers"`
	Steps       uint64   `yaml:"steps"`      // of an inference
	Inferences  uint64   `yaml:"inferences"` // that are averaged
	WarmSteps   uint64   `yaml:"warm_steps"`
	Seed        uint64   `yaml:"seed"`
	PublishedUJ float64  `yaml:"published_uj_per_branch"` // shown, not gated
}

func (s *Slope) check(r *Row) error {
	if err := r.want("slope", "branches", "layers", "steps", "inferences", "warm_steps", "seed", "published_uj_per_branch"); err != nil {
		return err
	}
	numbers := []number{
		{"model.slope.layers", float64(s.Layers), 1, 100}, {"model.slope.steps", float64(s.Steps), 1, 1000}, {"model.slope.inferences", float64(s.Inferences), 1, 1000},
		{"model.slope.warm_steps", float64(s.WarmSteps), 0, 10_000}, {"model.slope.published_uj_per_branch", s.PublishedUJ, 0, 1e6},
	}
	for i, n := range s.Branches {
		numbers = append(numbers, number{fmt.Sprintf("model.slope.branches[%d]", i), float64(n), 1, 100})
	}
	if err := r.within(numbers); err != nil {
		return err
	}
	if len(s.Branches) < 3 {
		return r.at("model.slope.branches").Errorf("model.slope.branches has %d sizes; want 3 or more, as two are always on a line", len(s.Branches))
	}
	return r.unit("R2")
}

func (*Slope) ownFigures() bool { return false }

func (s *Slope) figures(ctx context.Context, r *Row, b *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	dynamic, left := knownDynamic(chip)
	var sizes, energies []float64
	var spikes, neuronSteps float64
	start := time.Now()
	for i, n := range s.Branches {
		c, err := s.run(ctx, int(n), s.Seed+uint64(i))
		if err != nil {
			return nil, err
		}
		joules, err := energy(dynamic, c, c)
		if err != nil {
			return nil, r.errorf("%v", err)
		}
		sizes, energies = append(sizes, float64(n)), append(energies, joules.Nominal/float64(s.Inferences)*1e6)
		spikes += c[ledger.SpikeEmitted]
		neuronSteps += float64(n*s.Layers*s.Steps*s.Inferences) * benchnet.Neurons
	}
	b.told(r.ID+": branches", time.Since(start))
	intercept, slope := stat.LinearRegression(sizes, energies, nil, false)
	figures := r.one(exact(stat.RSquared(sizes, energies, nil, intercept, slope)), false, 0)
	figures[0].Remark = fmt.Sprintf("%.2f µJ a branch at %.1f %% spikes a neuron and step; published are %.2f µJ at an activity that is not. Without a price and left out: %s",
		slope, 100*spikes/neuronSteps, s.PublishedUJ, strings.Join(left, ", "))
	return figures, nil
}

// run counts the events of one network after its warm-up.
func (s *Slope) run(ctx context.Context, branches int, seed uint64) (*counts, error) {
	l, err := benchnet.Branches(branches, int(s.Layers), seed)
	if err != nil {
		return nil, err
	}
	o := sim.DefaultOptions()
	o.Engine, o.Seed = sim.EngineReference, seed
	return counted(ctx, l, o, s.WarmSteps, s.Steps*s.Inferences)
}

// knownDynamic is the chip with what is paid by time, and what nobody knows, taken out,
// and the names of the latter: a published dynamic energy is met by what is known of it.
func knownDynamic(chip *hwmodel.Chip) (*hwmodel.Chip, []string) {
	moved := *chip
	var left []string
	for k := range moved.Prices {
		p := &moved.Prices[k]
		switch {
		case p.State == hwmodel.Unknown:
			if k != int(ledger.ConfigWrite) && k != int(ledger.StateReset) && hwmodel.Boundary(ledger.Kind(k)) != hwmodel.BoundaryHost {
				left = append(left, p.Kind.String())
			}
			p.State = hwmodel.ZeroFact
		case p.State == hwmodel.Priced && p.Scope == hwmodel.Static:
			p.State = hwmodel.ZeroFact
		}
	}
	for k := range moved.Prices { // what a static price includes is static too
		if p := &moved.Prices[k]; p.State == hwmodel.IncludedIn && moved.Prices[p.Includer].State == hwmodel.ZeroFact {
			p.State = hwmodel.ZeroFact
		}
	}
	return &moved, left
}
