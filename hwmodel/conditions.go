package hwmodel

import (
	"errors"
	"fmt"
	"strings"
)

// Conditions are what a chip is operated at. A zero field leaves the chip as its
// file describes it.
type Conditions struct {
	VoltageV  float64 // supply voltage of the cores
	TickPS    int64   // length of a fixed tick, in picoseconds
	NodeNM    float64 // projected to this technology node, by NodeTable
	NodeTable string  // name of the scaling table; with NodeNM only
	// OutsideDomain allows conditions that the chip's models are not stated
	// for. What comes out is marked as an extrapolation.
	OutsideDomain bool
}

// String lists the conditions that are set; empty if none is.
func (q Conditions) String() string {
	var parts []string
	if q.VoltageV != 0 {
		parts = append(parts, fmt.Sprintf("%g V", q.VoltageV))
	}
	if q.TickPS != 0 {
		parts = append(parts, fmt.Sprintf("ticks of %g us", float64(q.TickPS)/psPerUS))
	}
	if q.NodeNM != 0 {
		parts = append(parts, fmt.Sprintf("projected to %g nm by %s", q.NodeNM, q.NodeTable))
	}
	if q.OutsideDomain && len(parts) > 0 {
		parts = append(parts, "outside the domain allowed")
	}
	return strings.Join(parts, ", ")
}

// At is the chip under conditions: prices moved by its voltage model, its tick model
// and the named scaling table, in this order. The chip itself does not change. Errors
// say which condition is refused, the range allowed, and the way out.
func (c *Chip) At(q Conditions) (*Chip, error) {
	if (q.NodeNM != 0) != (q.NodeTable != "") {
		return nil, errors.New("a projection wants both a node in nm and the name of a scaling table; known is " + strings.Join(ScalingTables(), ", "))
	}
	at, err := c, error(nil)
	if q.VoltageV != 0 {
		if at, err = at.atVoltage(q.VoltageV, q.OutsideDomain); err != nil {
			return nil, err
		}
	}
	if q.TickPS != 0 {
		if at, err = at.atTick(q.TickPS, q.OutsideDomain); err != nil {
			return nil, err
		}
	}
	if q.NodeNM != 0 {
		return at.atNode(q.NodeNM, q.NodeTable)
	}
	return at, nil
}

// markOutside marks prices that differ from those of the chip before as
// extrapolated, and the chip with them.
func (c *Chip) markOutside(before *Chip, note string) {
	const mark = ", extrapolated outside the domain of the model"
	if !strings.Contains(c.Title, mark) {
		c.Title += mark
	}
	c.Notes = append(c.Notes, "Extrapolated - "+note+" No price that was moved there is better than estimated, and its interval does not hold the error of going there.")
	for k := range c.Prices {
		if c.Prices[k].moved(&before.Prices[k]) {
			c.Prices[k].demote()
		}
	}
}

// moved says whether a price has another value than before.
func (p *Price) moved(before *Price) bool {
	return p.Nominal != before.Nominal || p.Low != before.Low || p.High != before.High
}

// demote grades a value as no better than estimated.
func (p *Price) demote() {
	if p.Evidence != Assumed {
		p.Evidence = Estimated
	}
}
