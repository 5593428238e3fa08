package hwmodel

import (
	"fmt"
	"math"

	"tritloom/ledger"
)

// VoltageModel says how the prices of a chip follow its supply voltage V:
// marginal ones are proportional to V², static ones to Vⁿ with n as stated.
// Latencies do not follow: how a chip slows down is not part of the model.
type VoltageModel struct {
	ReferenceV     float64      `yaml:"reference_v" json:"reference_v"` // of the prices as they stand
	StaticExponent Band         `yaml:"static_exponent" json:"static_exponent"`
	ValidV         VoltageRange `yaml:"valid_v" json:"valid_v"`
	Source         string       `yaml:"source" json:"source"`
	Derivation     string       `yaml:"derivation" json:"derivation,omitempty"`
}

// Band is a number without a unit and how far it may be off.
type Band struct {
	Nominal float64 `yaml:"nominal" json:"nominal"`
	Low     float64 `yaml:"low" json:"low"`
	High    float64 `yaml:"high" json:"high"`
}

// VoltageRange is what a voltage model is stated for, in volts.
type VoltageRange struct {
	Low  float64 `yaml:"low" json:"low"`
	High float64 `yaml:"high" json:"high"`
}

// Bounds on what a voltage model may state.
const (
	minVolts, maxVolts       = 0.05, 20
	minExponent, maxExponent = 1, 10
)

// dynamicExponent is the power of the voltage that charging a capacitance
// takes.
const dynamicExponent = 2

// AtVoltage is the chip with its prices moved to another supply voltage. Prices
// of ports and of links between chips stay: their supply is another. A chip
// without a voltage model, and a voltage outside the range the model is
// stated for, are refused.
func (c *Chip) AtVoltage(v float64) (*Chip, error) { return c.atVoltage(v, false) }

func (c *Chip) atVoltage(v float64, outside bool) (*Chip, error) {
	if c.Voltage == nil {
		return nil, fmt.Errorf("chip %s has no voltage_model, so its prices hold only at the voltages they state; add one to the chip file", c.Name)
	}
	valid := c.Voltage.ValidV
	within := v >= valid.Low && v <= valid.High
	switch {
	case !within && !outside:
		return nil, fmt.Errorf("chip %s at %g V; its voltage_model holds for %g..%g V; choose a voltage in that range, or extrapolate with --outside-domain (in files outside_domain: true)", c.Name, v, valid.Low, valid.High)
	case !(v >= minVolts && v <= maxVolts):
		return nil, fmt.Errorf("chip %s at %g V; want %g..%d V even outside the domain of its voltage_model; choose a voltage in that range", c.Name, v, minVolts, maxVolts)
	}
	moved, model := c.clone(), *c.Voltage
	moved.Voltage = &model
	if v == model.ReferenceV {
		return moved, nil
	}
	moved.Title = fmt.Sprintf("%s, moved to %g V", c.Title, v)
	model.ReferenceV = v
	for k := range moved.Prices {
		if p := &moved.Prices[k]; p.followsSupply() {
			*p = p.atVoltage(v, c.Voltage)
		}
	}
	if !within {
		moved.markOutside(c, fmt.Sprintf("%g V lie outside %g..%g V, for which the voltage model is stated.", v, valid.Low, valid.High))
		model.ValidV = VoltageRange{min(v, valid.Low), max(v, valid.High)}
	}
	return moved, nil
}

// followsSupply says whether a price depends on the voltage of the cores.
func (p *Price) followsSupply() bool {
	return p.State == Priced && p.Kind != ledger.ChipCrossing && Boundary(p.Kind) != BoundaryHost
}

// atVoltage moves one price from the voltage of the model to v.
func (p *Price) atVoltage(v float64, m *VoltageModel) Price {
	n := Band{dynamicExponent, dynamicExponent, dynamicExponent}
	if p.Scope == Static {
		n = m.StaticExponent
	}
	ratio := v / m.ReferenceV
	atLow, atHigh := math.Pow(ratio, n.Low), math.Pow(ratio, n.High)
	factor := Band{math.Pow(ratio, n.Nominal), min(atLow, atHigh), max(atLow, atHigh)}
	moved := p.times(factor, fmt.Sprintf("moved from %g V to %g V, * %.4g = (%g/%g)^%g", m.ReferenceV, v, factor.Nominal, v, m.ReferenceV, n.Nominal))
	moved.VoltageV = v
	return moved
}

// checkVoltage holds the rules of the voltage model and of the prices it moves.
func (c *Chip) checkVoltage() error {
	m := c.Voltage
	if m == nil {
		return nil
	}
	n, valid := m.StaticExponent, m.ValidV
	switch {
	case !(m.ReferenceV >= minVolts && m.ReferenceV <= maxVolts):
		return voltageFault("reference_v", "= %g; want %g..%d; write the voltage of the prices", m.ReferenceV, minVolts, maxVolts)
	case !(n.Low >= minExponent && n.Low <= n.Nominal && n.Nominal <= n.High && n.High <= maxExponent):
		return voltageFault("static_exponent", "= %g within %g..%g; want %d <= low <= nominal <= high <= %d; put the three in order", n.Nominal, n.Low, n.High, minExponent, maxExponent)
	case !(valid.Low >= minVolts && valid.Low <= m.ReferenceV && m.ReferenceV <= valid.High && valid.High <= maxVolts):
		return voltageFault("valid_v", "= %g..%g; want %g <= low <= reference_v = %g <= high <= %d; state the range it is for", valid.Low, valid.High, minVolts, m.ReferenceV, maxVolts)
	case blank(m.Source):
		return voltageFault("source", "is missing; want one for every model; name the paper and figure, or write \"assumed: why\"")
	}
	for k := range c.Prices {
		if err := c.Prices[k].checkSupply(m); err != nil {
			return err
		}
	}
	return nil
}

// checkSupply wants a price that the model can move.
func (p *Price) checkSupply(m *VoltageModel) error {
	switch {
	case !p.followsSupply():
		return nil
	case p.Scope == AllIn:
		return priceFault(p.Kind, "scope", "is all-in beside a voltage_model; it mixes static and dynamic energy, which follow the voltage differently; want marginal or static; leave the model out")
	case p.VoltageV != m.ReferenceV:
		return priceFault(p.Kind, "voltage_v", "has voltage_v = %g; want %g, the reference_v of voltage_model; restate the price at it", p.VoltageV, m.ReferenceV)
	}
	return nil
}

func voltageFault(key, format string, args ...any) error {
	path := "voltage_model." + key
	return &fault{path: path, text: path + " " + fmt.Sprintf(format, args...)}
}
