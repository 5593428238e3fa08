package hwmodel

import (
	"fmt"
	"strings"

	"tritloom/ledger"
)

// UnknownLatencies lists the kinds that can happen on the chip and whose latency
// the chip does not state, in the order of ledger.Kinds. Latencies makes them
// take no time, so a time that contains them is a lower bound.
func (c *Chip) UnknownLatencies() []ledger.Kind {
	return c.kindsWhere(func(p *Price) bool { return !p.LatencyKnown && c.takesTime(p) })
}

// takesTime says whether events of a kind can happen and could last. A tick
// lasts what the capabilities say, and time kinds are time themselves.
func (c *Chip) takesTime(p *Price) bool {
	switch p.Kind {
	case ledger.CoreTick:
		return false
	case ledger.Barrier:
		return c.Capabilities.Tick.Kind == TickBarrier
	case ledger.PsumSend, ledger.PsumHop:
		return c.Capabilities.Psum.Bits > 0
	case ledger.OutputScore:
		return c.Capabilities.Host.ScorePorts
	case ledger.ChipCrossing, ledger.ADCConversion, ledger.DACRow: // no capability speaks of them
		return p.State != ZeroFact
	}
	return ledger.Kinds[p.Kind].Class != ledger.Time
}

// UnknownVoltages lists the kinds whose price depends on the supply voltage of
// the cores and states none, on a chip that states one for other such prices, in
// the order of ledger.Kinds. A voltage named for the chip does not hold for them.
func (c *Chip) UnknownVoltages() []ledger.Kind {
	stated := c.kindsWhere(func(p *Price) bool { return p.followsSupply() && p.VoltageV != 0 })
	if len(stated) == 0 {
		return nil
	}
	return c.kindsWhere(func(p *Price) bool { return p.followsSupply() && p.VoltageV == 0 })
}

func (c *Chip) kindsWhere(holds func(p *Price) bool) []ledger.Kind {
	var kinds []ledger.Kind
	for k := range c.Prices {
		if holds(&c.Prices[k]) {
			kinds = append(kinds, ledger.Kind(k))
		}
	}
	return kinds
}

// writeGaps says what is not known of prices and latencies.
func (c *Chip) writeGaps(b *strings.Builder) {
	writeGap(b, "latency is known", c.UnknownLatencies(), "timing treats them as taking none")
	writeGap(b, "voltage is stated", c.UnknownVoltages(), "a voltage that the title or the notes name is not theirs")
}

func writeGap(b *strings.Builder, lacking string, kinds []ledger.Kind, consequence string) {
	if len(kinds) == 0 {
		return
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	b.WriteString("\n")
	writeWrapped(b, "  ", 4, fmt.Sprintf("no %s for %s; %s", lacking, strings.Join(names, ", "), consequence))
}
