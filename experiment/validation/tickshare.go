package validation

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// tickRemark says what a published figure at another tick asks of the static power: the
// share of it, at the chip's own tick, that must be paid once a tick and not by time.
func (r *Row) tickRemark(p *Power, at *hwmodel.Chip) (string, error) {
	chip, err := r.ownChip()
	if err != nil {
		return "", err
	}
	if at.Capabilities.Tick.PS() == chip.Capabilities.Tick.PS() || chip.TickModel == nil {
		return "", nil
	}
	own, err := chip.At(hwmodel.Conditions{VoltageV: r.Conditions.VoltageV})
	if err != nil {
		return "", err
	}
	spikes := *p.perSecond(&at.Capabilities)
	spikes[ledger.CoreTick] = 0
	active, err := energy(at, &spikes, &spikes)
	if err != nil {
		return "", err
	}
	c := &own.Capabilities
	static := float64(c.Mesh.Cores()) * 1e12 / float64(c.Tick.PS()) * own.Prices[ledger.CoreTick].Nominal
	watts := r.Published.Value * units[r.Published.Unit]
	if r.Published.Unit == "GSOPS/W" {
		watts = p.synapticOps(&at.Capabilities) / watts
	}
	ratio := float64(c.Tick.PS()) / float64(at.Capabilities.Tick.PS())
	share := ((watts-active.Nominal)/static - 1) / (ratio - 1)
	m := own.TickModel.PerTickShare
	return fmt.Sprintf("the published figure is %.0f mW, of which spikes take %.0f; it asks for %.0f %% of the %.1f mW without spikes to follow the tick, where reading all rows is %.0f %% and nothing 0 %%",
		1e3*watts, 1e3*active.Nominal, 100*share, 1e3*static, 100*m.Nominal), nil
}
