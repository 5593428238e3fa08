package report

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// What arithmetic takes at 45 nm and 0.9 V, in joules.
const (
	int8Multiply = 0.2e-12
	fp32Multiply = 3.7e-12
	fp32Add      = 0.9e-12

	macNodeNM, macVoltageV = 45, 0.9
	macTable               = "stillmaker-baas-2017"

	macSource = "Horowitz 2014 (ISSCC), 45 nm, 0.9 V, second-hand: fp32 multiply 3.7 pJ, add 0.9 pJ; integers of 8 bits multiply 0.2 pJ (this one unchecked)"
)

// MAC is how the arithmetic of a dense multiply-accumulate is brought to the chip: the
// chip's own synaptic_op, which adds into a register, and on top of it the published
// multiplication, and in fp32 addition, at the node and voltage that price states.
// The interval is that of synaptic_op alone: the source of the rest prints one figure
// and no spread, and the table no error.
type MAC struct {
	SynapticOp Interval `json:"synaptic_op_j"` // of the chip
	// Missing says why synaptic_op has no joules of its own here, if it has none.
	Missing  string  `json:"synaptic_op_missing,omitempty"`
	Int8     float64 `json:"int8_on_top_j"`    // a multiplication
	FP32     float64 `json:"fp32_on_top_j"`    // a multiplication and an addition
	Factor   float64 `json:"scaled_by"`        // from 45 nm, 0.9 V; 1 if not scaled
	NodeNM   float64 `json:"node_nm"`          // scaled to; 0 if not
	VoltageV float64 `json:"voltage_v"`        // scaled to; 0 if not
	Unscaled string  `json:"unscaled_because"` // empty if scaled
	Source   string  `json:"source"`
}

// newMAC scales the arithmetic to a chip; the figures of synaptic_op are as they count
// inside the boundary.
func newMAC(chip *hwmodel.Chip, synapticOp Interval) MAC {
	p := &chip.Prices[ledger.SynapticOp]
	m := MAC{SynapticOp: synapticOp, Factor: 1, Source: macSource}
	switch p.State {
	case hwmodel.IncludedIn:
		m.Missing = "which is priced inside " + p.Includer.String() + " and adds nothing by itself"
	case hwmodel.Unknown:
		m.Missing = "whose price is unknown"
	}
	switch factor, err := hwmodel.ScaleEnergy(macTable, macNodeNM, macVoltageV, p.NodeNM, p.VoltageV); {
	case p.NodeNM == 0 && p.VoltageV == 0:
		m.Unscaled = "the chip's synaptic_op states no node and no voltage"
	case p.NodeNM == 0:
		m.Unscaled = "the chip's synaptic_op states no node"
	case p.VoltageV == 0:
		m.Unscaled = "the chip's synaptic_op states no voltage"
	case err != nil:
		m.Unscaled = err.Error()
	default:
		m.Factor, m.NodeNM, m.VoltageV = factor, p.NodeNM, p.VoltageV
	}
	m.Int8, m.FP32 = int8Multiply*m.Factor, (fp32Multiply+fp32Add)*m.Factor
	return m
}

// words say what an operation of the dense engines takes.
func (m MAC) words() string {
	own := SI(m.SynapticOp.Nominal, "J")
	if m.Missing != "" {
		own = m.Missing
	}
	scale := "not scaled, as " + m.Unscaled
	if m.Unscaled == "" {
		scale = fmt.Sprintf("scaled by %.3f to %g nm, %g V with %s", m.Factor, m.NodeNM, m.VoltageV, macTable)
	}
	return fmt.Sprintf("  An operation is the chip's synaptic_op, %s; a MAC takes a multiplication on top in int8, %s, and a multiplication and an addition in fp32, %s: %s; %s.\n",
		own, SI(m.Int8, "J"), SI(m.FP32, "J"), m.Source, scale) +
		"  These figures on top are published without a spread, so an engine's interval holds that of the chip's prices alone.\n"
}
