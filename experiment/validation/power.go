package validation

import (
	"context"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// Power is the recurrent network that TrueNorth's power was measured on: every spike
// goes to one axon of one core and meets the same number of synapses there. The figure
// is the power of the whole chip, or synaptic operations a second and watt.
type Power struct {
	Neurons          float64 `yaml:"neurons"`
	RateHz           float64 `yaml:"rate_hz"`            // mean spikes a second of a neuron, at a tick of 1 ms
	SynapsesPerSpike float64 `yaml:"synapses_per_spike"` // set crosspoints a spike meets
	HopsX            float64 `yaml:"hops_x"`             // mean links a spike crosses
	HopsY            float64 `yaml:"hops_y"`
	RateTickUS       float64 `yaml:"rate_tick_us"` // the tick the rate was stated for; 1000 if left out
}

func (p *Power) check(r *Row) error {
	if err := r.want("power", "neurons", "rate_hz", "synapses_per_spike", "hops_x", "hops_y"); err != nil {
		return err
	}
	if err := r.within([]number{
		{"model.power.neurons", p.Neurons, 1, 1e12}, {"model.power.rate_hz", p.RateHz, 0, 1e9}, {"model.power.rate_tick_us", p.RateTickUS, 1e-3, 1e6},
		{"model.power.synapses_per_spike", p.SynapsesPerSpike, 0, 1e6}, {"model.power.hops_x", p.HopsX, 0, 1e4}, {"model.power.hops_y", p.HopsY, 0, 1e4},
	}); err != nil {
		return err
	}
	return r.unit("mW", "W", "µW", "GSOPS/W")
}

func (*Power) ownFigures() bool { return false }

// synapticOps is how many of them happen in a second at the given tick.
func (p *Power) synapticOps(c *hwmodel.Capabilities) float64 {
	return p.Neurons * p.rate(c) * p.SynapsesPerSpike
}

// rate is spikes a second of a neuron: a rate belongs to ticks, and with them gets faster.
func (p *Power) rate(c *hwmodel.Capabilities) float64 {
	if p.RateTickUS == 0 {
		return p.RateHz
	}
	return p.RateHz * p.RateTickUS * 1e6 / float64(c.Tick.PS())
}

// perSecond is the ledger of one second.
func (p *Power) perSecond(c *hwmodel.Capabilities) *counts {
	ticks := 1e12 / float64(c.Tick.PS())
	spikes := p.Neurons * p.rate(c)
	n := spikeEvents(c, spikes, p.SynapsesPerSpike, p.HopsX, p.HopsY)
	n[ledger.NeuronTouched], n[ledger.CoreTick] = p.Neurons*ticks, float64(c.Mesh.Cores())*ticks
	return n
}

// spikeEvents is what spikes cause that are emitted, cross so many links, and meet so
// many set crosspoints of one core each.
func spikeEvents(c *hwmodel.Capabilities, spikes, synapses, hopsX, hopsY float64) *counts {
	return &counts{
		ledger.AxonWrite: spikes, ledger.AxonRead: spikes, ledger.SpikeEmitted: spikes, ledger.PacketCore: spikes,
		ledger.RowRead: spikes, ledger.BitsRead: spikes * float64(c.Core.Neurons*c.Core.SynapseBits),
		ledger.SynapticOp: spikes * synapses, ledger.HopX: spikes * hopsX, ledger.HopY: spikes * hopsY,
	}
}

func (p *Power) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	perSecond := p.perSecond(&chip.Capabilities)
	watts, err := energy(chip, perSecond, perSecond) // joules of one second
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	figures := r.one(inUnit(watts, p.synapticOps(&chip.Capabilities), r.Published.Unit), true, 0)
	if figures[0].Remark, err = r.tickRemark(p, chip); err != nil {
		return nil, r.errorf("%v", err)
	}
	return figures, nil
}

// inUnit turns watts into the unit: a power, or operations a second and watt.
func inUnit(watts report.Interval, opsPerSecond float64, unit string) report.Interval {
	if unit == "GSOPS/W" {
		ops := opsPerSecond / units[unit]
		return report.Interval{Nominal: ops / watts.Nominal, Low: ops / watts.High, High: ops / watts.Low}
	}
	return scaled(watts, unit)
}
