package validation

import (
	"context"

	"tritloom/ledger"
	"tritloom/report"
)

// Ratio sets two networks of one chip beside each other, by the energy one core spends
// on one image. Where most of the energy is spent whatever happens, cores cost alike.
type Ratio struct {
	SmallUJ    float64 `yaml:"small_uj"` // published, an image
	SmallCores float64 `yaml:"small_cores"`
	LargeUJ    float64 `yaml:"large_uj"`
	LargeCores float64 `yaml:"large_cores"`
	Ticks      float64 `yaml:"ticks"` // between images
	// RateHz and SynapsesPerSpike are the busiest activity thought of, for the interval.
	RateHz           float64 `yaml:"rate_hz"`
	SynapsesPerSpike float64 `yaml:"synapses_per_spike"`
	// Figure is ratio, or core_image: joules of a core and image, of both networks.
	Figure string  `yaml:"figure"`
	HighNJ float64 `yaml:"high_nj"` // core_image: the most that is believed
}

const (
	figureRatio     = "ratio"
	figureCoreImage = "core_image"
)

func (q *Ratio) check(r *Row) error {
	if err := r.want("ratio", "small_uj", "small_cores", "large_uj", "large_cores", "ticks", "rate_hz", "synapses_per_spike", "figure"); err != nil {
		return err
	}
	if err := r.within([]number{
		{"model.ratio.small_uj", q.SmallUJ, 1e-9, 1e9}, {"model.ratio.large_uj", q.LargeUJ, 1e-9, 1e9}, {"model.ratio.small_cores", q.SmallCores, 1, 1e9},
		{"model.ratio.large_cores", q.LargeCores, 1, 1e9}, {"model.ratio.ticks", q.Ticks, 1, 1e6}, {"model.ratio.rate_hz", q.RateHz, 0, 1e6},
		{"model.ratio.synapses_per_spike", q.SynapsesPerSpike, 0, 1e6}, {"model.ratio.high_nj", q.HighNJ, 0, 1e9},
	}); err != nil {
		return err
	}
	switch q.Figure {
	case figureRatio:
		return r.unit("ratio")
	case figureCoreImage:
		if err := r.want("ratio", "high_nj"); err != nil {
			return err
		}
		if r.Expect != Enclosed {
			return r.at("expect").Errorf("figure core_image is a band without a nominal; want expect: enclosed")
		}
		return r.unit("nJ")
	}
	return r.oneOf("model.ratio.figure", q.Figure, []string{figureRatio, figureCoreImage})
}

func (q *Ratio) ownFigures() bool { return q.Figure == figureCoreImage }

func (q *Ratio) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	perCore := float64(chip.Capabilities.Core.Neurons)
	seconds := q.Ticks * float64(chip.Capabilities.Tick.PS()) / 1e12
	spikes := perCore * q.RateHz * seconds
	idle := counts{ledger.CoreTick: q.Ticks}
	busy := counts{ledger.CoreTick: q.Ticks, ledger.SynapticOp: spikes * q.SynapsesPerSpike}
	least, err := energy(chip, &idle, &idle)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	most, err := energy(chip, &busy, &busy)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	if q.Figure == figureRatio {
		// One network may be idle and the other at its busiest, either way round.
		return r.one(report.Interval{Nominal: 1, Low: least.Nominal / most.Nominal, High: most.Nominal / least.Nominal}, false, 0), nil
	}
	floor := least.Nominal / units["nJ"]
	var list []Figure
	for _, n := range []struct {
		name      string
		uj, cores float64
	}{{"small", q.SmallUJ, q.SmallCores}, {"large", q.LargeUJ, q.LargeCores}} {
		list = append(list, r.figure(n.name, n.uj/n.cores*1e3, report.Interval{Nominal: most.Nominal / units["nJ"], Low: floor, High: q.HighNJ}))
	}
	return list, nil
}
