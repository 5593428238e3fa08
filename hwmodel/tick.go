package hwmodel

import (
	"fmt"
	"math"
	"slices"

	"tritloom/ledger"
)

// TickModel says how the prices of a chip follow the length of its tick. Of a static
// price that is charged by the tick, a share is paid once a tick however long it is,
// such as reading every row, and the rest by the time that passes, such as leakage.
// Prices of single events, and those charged by the quantum, stay.
type TickModel struct {
	ReferenceUS  float64   `yaml:"reference_us" json:"reference_us"`     // the tick of the prices as they stand, in microseconds
	PerTickShare Band      `yaml:"per_tick_share" json:"per_tick_share"` // 0: all of it by time; 1: all of it by the tick
	ValidUS      TickRange `yaml:"valid_us" json:"valid_us"`
	Source       string    `yaml:"source" json:"source"`
	Derivation   string    `yaml:"derivation" json:"derivation,omitempty"`
}

// TickRange is what a tick model is stated for, in microseconds.
type TickRange struct {
	Low  float64 `yaml:"low" json:"low"`
	High float64 `yaml:"high" json:"high"`
}

// maxTickUS bounds what a tick model may state, in microseconds: some hundred
// seconds.
const maxTickUS = 1e8

// psPerUS converts microseconds to picoseconds.
const psPerUS = 1e6

// AtTick is the chip with ticks of another length, in picoseconds: its capabilities
// say so, and its static prices are moved by its tick model. Latencies stay. Refused
// are chips whose ticks have no fixed length or that have no tick model, ticks that
// are no whole number of quanta, and ticks outside the range the model is
// stated for.
func (c *Chip) AtTick(ps int64) (*Chip, error) { return c.atTick(ps, false) }

func (c *Chip) atTick(ps int64, outside bool) (*Chip, error) {
	t, m := c.Capabilities.Tick, c.TickModel
	us := float64(ps) / psPerUS
	switch {
	case t.Kind == TickBarrier:
		return nil, fmt.Errorf("chip %s at ticks of %g us; its ticks end when every core has finished and have no length to choose; leave the tick out", c.Name, us)
	case m == nil:
		return nil, fmt.Errorf("chip %s has no tick_model, so its prices hold only for %s; add one to the chip file", c.Name, tickText(t))
	case ps <= 0 || ps%t.QuantumPS != 0 || ps/t.QuantumPS > maxQuanta:
		return nil, fmt.Errorf("chip %s at ticks of %g us; want a whole number 1..%d of its quanta of %d ps; choose a multiple", c.Name, us, int64(maxQuanta), t.QuantumPS)
	case !outside && !m.holds(us):
		return nil, fmt.Errorf("chip %s at ticks of %g us; its tick_model holds for %g..%g us; choose a tick in that range, or extrapolate with --outside-domain (in files outside_domain: true)", c.Name, us, m.ValidUS.Low, m.ValidUS.High)
	}
	moved, model := c.clone(), *m
	moved.TickModel = &model
	if ps == t.PS() {
		return moved, nil
	}
	moved.Title = fmt.Sprintf("%s, with ticks of %g us", c.Title, us)
	moved.Capabilities.Tick.Quanta = uint64(ps / t.QuantumPS)
	ratio := float64(ps) / float64(t.PS())
	for k := range moved.Prices {
		if p := &moved.Prices[k]; p.followsTick() {
			*p = p.atTick(us, ratio, m)
		}
	}
	model.ReferenceUS, model.PerTickShare = us, m.PerTickShare.shareAfter(ratio)
	if !m.holds(us) {
		moved.markOutside(c, fmt.Sprintf("Ticks of %g us lie outside %g..%g us, for which the tick model is stated.", us, m.ValidUS.Low, m.ValidUS.High))
		model.ValidUS = TickRange{min(us, m.ValidUS.Low), max(us, m.ValidUS.High)}
	}
	return moved, nil
}

func (m *TickModel) holds(us float64) bool { return us >= m.ValidUS.Low && us <= m.ValidUS.High }

// followsTick says whether a price is paid by the tick, and static.
func (p *Price) followsTick() bool {
	return p.State == Priced && p.Scope == Static && ledger.Kinds[p.Kind].Class != ledger.Time
}

// atTick moves one static price to a tick that is longer by a factor.
func (p *Price) atTick(us, ratio float64, m *TickModel) Price {
	after := func(share float64) float64 { return share + (1-share)*ratio }
	s := m.PerTickShare
	if p.Law.perTick() {
		s = Band{} // by its law, all of it follows the time
	}
	a, b := after(s.Low), after(s.High)
	factor := Band{after(s.Nominal), min(a, b), max(a, b)}
	return p.times(factor, fmt.Sprintf("moved from ticks of %g us to %g us, * %.4g = %.4g + %.4g * %.4g", m.ReferenceUS, us, factor.Nominal, s.Nominal, 1-s.Nominal, ratio))
}

// shareAfter is the share paid by the tick once the tick is longer by a factor.
func (b Band) shareAfter(ratio float64) Band {
	after := func(share float64) float64 { return share / (share + (1-share)*ratio) }
	return Band{after(b.Nominal), after(b.Low), after(b.High)}
}

// inheritTickModel follows a tick that differs from the extended chip's. Where all
// static energy is paid by time the model holds for the new tick too; a share that is
// paid by the tick belongs to the old prices and goes with them.
func (c *Chip) inheritTickModel(base *Chip) {
	m := c.TickModel
	if m == nil || m != base.TickModel || c.Capabilities.Tick.PS() == base.Capabilities.Tick.PS() {
		return
	}
	if m.PerTickShare != (Band{}) || c.Capabilities.Tick.Kind == TickBarrier {
		c.TickModel = nil
		return
	}
	us := float64(c.Capabilities.Tick.PS()) / psPerUS
	followed := *m
	followed.ReferenceUS = us
	followed.ValidUS = TickRange{min(us, m.ValidUS.Low), max(us, m.ValidUS.High)}
	c.TickModel = &followed
}

// checkTickModel holds the rules of the tick model and of the prices it moves.
func (c *Chip) checkTickModel() error {
	m := c.TickModel
	if m == nil {
		return nil
	}
	t, s, valid := c.Capabilities.Tick, m.PerTickShare, m.ValidUS
	switch {
	case t.Kind == TickBarrier:
		return &fault{path: "tick_model", text: "tick_model stands on a chip whose ticks end when every core has finished; want a fixed tick; leave the model out"}
	case !(math.Abs(m.ReferenceUS*psPerUS-float64(t.PS())) < 0.5): // less than a picosecond
		return tickFault("reference_us", "= %g; want %g, the tick of the capabilities; write that one, as prices are of it", m.ReferenceUS, float64(t.PS())/psPerUS)
	case !(0 <= s.Low && s.Low <= s.Nominal && s.Nominal <= s.High && s.High <= 1):
		return tickFault("per_tick_share", "= %g within %g..%g; want 0 <= low <= nominal <= high <= 1; write 0 for energy that follows time", s.Nominal, s.Low, s.High)
	case !(valid.Low > 0 && valid.Low <= m.ReferenceUS && m.ReferenceUS <= valid.High && valid.High <= maxTickUS):
		return tickFault("valid_us", "= %g..%g; want 0 < low <= reference_us = %g <= high <= %g; state the range it is for", valid.Low, valid.High, m.ReferenceUS, maxTickUS)
	case blank(m.Source):
		return tickFault("source", "is missing; want one for every model; name the paper and figure, or write \"assumed: why\"")
	}
	for k := range c.Prices {
		p := &c.Prices[k]
		switch {
		case p.State == Priced && p.Scope == AllIn:
			return priceFault(p.Kind, "scope", "is all-in beside a tick_model; it holds static energy of ticks of one length; want marginal or static; leave the model out")
		case p.followsTick() && p.Law.perTick() && s.High > 0:
			return priceFault(p.Kind, "law", "has law %q beside a tick_model that pays a share of %g..%g by the tick; the law pays all of it by time; want a share of 0, or leave the law out", p.Law, s.Low, s.High)
		}
	}
	return nil
}

func tickFault(key, format string, args ...any) error {
	path := "tick_model." + key
	return &fault{path: path, text: path + " " + fmt.Sprintf(format, args...)}
}

// clone is a copy that shares nothing that conditions change.
func (c *Chip) clone() *Chip {
	moved := *c
	moved.Notes, moved.Extends = slices.Clone(c.Notes), slices.Clone(c.Extends)
	moved.Capabilities.Neuron.Reset = slices.Clone(c.Capabilities.Neuron.Reset)
	return &moved
}
