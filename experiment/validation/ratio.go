package validation

import (
	"context"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// Ratio sets two networks of one chip beside each other, by the energy one core spends
// on one image. Where most of the energy is spent whatever happens, cores cost alike.
//
// What the networks did is not published. Nominally both do what RateHz and
// SynapsesPerSpike say; the interval reaches from no spike at all to a spike on every
// axon that meets every column, at the corners of the chip's prices. The ratio has its
// static price the same in both networks, as they ran on one chip.
type Ratio struct {
	SmallUJ    float64 `yaml:"small_uj"` // published, an image
	SmallCores float64 `yaml:"small_cores"`
	LargeUJ    float64 `yaml:"large_uj"`
	LargeCores float64 `yaml:"large_cores"`
	Ticks      float64 `yaml:"ticks"` // between images
	// RateHz, at a tick of 1 ms, and SynapsesPerSpike are the activity of the nominal.
	RateHz           float64 `yaml:"rate_hz"`
	SynapsesPerSpike float64 `yaml:"synapses_per_spike"`
	HopsX            float64 `yaml:"hops_x"` // mean links a spike crosses
	HopsY            float64 `yaml:"hops_y"`
	// Figure is ratio, or core_image: joules of a core and image, of both networks.
	Figure string `yaml:"figure"`
	// BandLow and BandHigh bound the published figure and what the chip says beside it:
	// the nominal of core_image, or one core at the nominal activity over one without.
	BandLow  float64 `yaml:"band_low"`
	BandHigh float64 `yaml:"band_high"`
}

const (
	figureRatio     = "ratio"
	figureCoreImage = "core_image"
	rateTickSeconds = 1e-3 // the tick that rates are published at
)

func (q *Ratio) check(r *Row) error {
	if err := r.want("ratio", "small_uj", "small_cores", "large_uj", "large_cores", "ticks", "rate_hz", "synapses_per_spike", "hops_x", "hops_y", "figure", "band_low", "band_high"); err != nil {
		return err
	}
	if err := r.within([]number{
		{"model.ratio.small_uj", q.SmallUJ, 1e-9, 1e9}, {"model.ratio.large_uj", q.LargeUJ, 1e-9, 1e9}, {"model.ratio.small_cores", q.SmallCores, 1, 1e9},
		{"model.ratio.large_cores", q.LargeCores, 1, 1e9}, {"model.ratio.ticks", q.Ticks, 1, 1e6}, {"model.ratio.rate_hz", q.RateHz, 0, 1 / rateTickSeconds},
		{"model.ratio.synapses_per_spike", q.SynapsesPerSpike, 0, 1e6}, {"model.ratio.hops_x", q.HopsX, 0, 1e4}, {"model.ratio.hops_y", q.HopsY, 0, 1e4},
		{"model.ratio.band_low", q.BandLow, 0, 1e9}, {"model.ratio.band_high", q.BandHigh, q.BandLow, 1e9},
	}); err != nil {
		return err
	}
	if r.Expect != Enclosed {
		return r.at("expect").Errorf("expect is %s and the activity of model.ratio is not published; want expect: enclosed", r.Expect)
	}
	switch q.Figure {
	case figureRatio:
		return r.unit("ratio")
	case figureCoreImage:
		return r.unit("nJ")
	}
	return r.oneOf("model.ratio.figure", q.Figure, []string{figureRatio, figureCoreImage})
}

func (*Ratio) ownFigures() bool { return true }

func (q *Ratio) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	e, err := q.energies(chip)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	small, large := q.SmallUJ/q.SmallCores, q.LargeUJ/q.LargeCores
	if q.Figure == figureRatio {
		swing := e.nominal.Nominal / e.idle.Nominal
		f := r.figure("", large/small, e.ratio())
		q.band(&f, swing, fmt.Sprintf("a core at the nominal activity takes %s times one without a spike", figureText(swing)))
		return []Figure{f}, nil
	}
	model := scaled(report.Interval{Nominal: e.nominal.Nominal, Low: e.idle.Low, High: e.full.High}, "nJ")
	var list []Figure
	for _, n := range []struct {
		name string
		uj   float64
	}{{"small", small}, {"large", large}} {
		f := r.figure(n.name, n.uj*units["µJ"]/units["nJ"], model)
		q.band(&f, model.Nominal, "the model's nominal is "+figureText(model.Nominal)+" nJ")
		list = append(list, f)
	}
	return list, nil
}

// band asks for both numbers between the row's bounds; says is the second in words.
func (q *Ratio) band(f *Figure, model float64, says string) {
	in := func(x float64) bool { return q.BandLow <= x && x <= q.BandHigh }
	f.Priced = true
	f.Band = &Band{Low: q.BandLow, High: q.BandHigh, Model: model, Holds: in(f.Published) && in(model)}
	f.Remark = fmt.Sprintf("%s; this and the published figure must lie in [%s, %s] too", says, figureText(q.BandLow), figureText(q.BandHigh))
}

// coreImage is what one core spends on one image without a spike, at the row's activity,
// and at the most there can be.
type coreImage struct{ idle, nominal, full report.Interval }

func (q *Ratio) energies(chip *hwmodel.Chip) (e coreImage, err error) {
	c := &chip.Capabilities
	neurons, axons := float64(c.Core.Neurons), float64(c.Core.Axons)
	for _, of := range []struct {
		sum              *report.Interval
		spikes, synapses float64 // in one tick; set crosspoints each meets
	}{
		{&e.idle, 0, 0},
		{&e.nominal, neurons * q.RateHz * rateTickSeconds, q.SynapsesPerSpike},
		{&e.full, axons, neurons},
	} {
		n := spikeEvents(c, of.spikes, of.synapses, q.HopsX, q.HopsY)
		n[ledger.NeuronTouched], n[ledger.CoreTick] = neurons, 1
		for k := range n {
			n[k] *= q.Ticks
		}
		if *of.sum, err = energy(chip, n, n); err != nil {
			return e, err
		}
	}
	return e, nil
}

// ratio is one network over the other: nominally they do the same, and at the corners
// one is idle and the other full, at prices that are the same for both. Activity weighs
// most beside the lowest idle energy.
func (e coreImage) ratio() report.Interval {
	most := (e.idle.Low + e.full.High - e.idle.High) / e.idle.Low
	return report.Interval{Nominal: 1, Low: 1 / most, High: most}
}
