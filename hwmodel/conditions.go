package hwmodel

import "errors"

// Conditions are what a chip is operated at. A zero field leaves the chip as its
// file describes it.
type Conditions struct {
	VoltageV  float64 // supply voltage of the cores
	TickPS    int64   // length of a fixed tick, in picoseconds
	NodeNM    float64 // projected to this technology node, by NodeTable
	NodeTable string  // name of the scaling table; with NodeNM only
	// OutsideDomain allows conditions in which the chip's models were not seen to
	// hold. What comes out is marked as an extrapolation.
	OutsideDomain bool
}

// At is the chip under conditions: prices moved by its voltage model, its tick model
// and the named scaling table, in this order.
func (c *Chip) At(q Conditions) (*Chip, error) {
	if q.TickPS != 0 || q.NodeNM != 0 || q.OutsideDomain {
		return nil, errors.New("hwmodel: tick, node and outside the domain: to come")
	}
	if q.VoltageV == 0 {
		return c, nil
	}
	return c.AtVoltage(q.VoltageV)
}
