package layout

import (
	"fmt"
	"strconv"

	"tritloom/hwmodel"
)

// MaxKBit is the widest weight that images of kbit synapses hold, in bits.
const MaxKBit = 16

// PlaneNames are the bit planes of a core's crosspoints in the order of Core.Planes,
// as files name them; nil if images of that synapse mode have no form:
//
//	ternary       plus, minus: +1 and -1; both are illegal
//	differential  plus, minus: which cell of the pair conducts; both are illegal
//	typed-binary  synapses
//	kbit          bit0, bit1, ...: two's complement, the last one is the sign
func PlaneNames(c hwmodel.Core) []string {
	switch c.SynapseMode {
	case hwmodel.TernarySynapse, hwmodel.Differential:
		return []string{"plus", "minus"}
	case hwmodel.TypedBinary:
		return []string{"synapses"}
	case hwmodel.KBit:
		var names []string
		for k := range c.SynapseBits {
			names = append(names, "bit"+strconv.Itoa(k))
		}
		return names
	}
	return nil
}

// Planes is how many bit planes a core has.
func Planes(c hwmodel.Core) int { return len(PlaneNames(c)) }

// HoldsSigns tells whether crosspoints hold -1, 0 or +1, in the planes plus and minus.
func HoldsSigns(mode hwmodel.SynapseMode) bool {
	return mode == hwmodel.TernarySynapse || mode == hwmodel.Differential
}

// checkForm refuses cores whose synapses have no image form.
func checkForm(c hwmodel.Core) error {
	if Planes(c) == 0 {
		return fmt.Errorf("layout: synapse mode %q has no image form; want one of %q", c.SynapseMode, imageModes)
	}
	if c.SynapseMode == hwmodel.KBit && c.SynapseBits > MaxKBit {
		return fmt.Errorf("layout: %s synapses of %d bits; images hold 1..%d bits a weight; choose a chip with such", c.SynapseMode, c.SynapseBits, MaxKBit)
	}
	return nil
}

// imageModes are the synapse modes that have an image form.
var imageModes = []hwmodel.SynapseMode{hwmodel.TernarySynapse, hwmodel.Differential, hwmodel.TypedBinary, hwmodel.KBit}

// Weight is the effective weight of the crosspoint (axon, column) of a core.
func (l *Layout) Weight(core, axon, column int) int32 {
	c := &l.Cores[core]
	switch mode := l.Capabilities.Core.SynapseMode; {
	case HoldsSigns(mode):
		return bit(c.Planes[0], axon, column) - bit(c.Planes[1], axon, column)
	case mode == hwmodel.TypedBinary:
		return bit(c.Planes[0], axon, column) * c.Columns[column].TypeWeights[c.Axons[axon].Type]
	case mode == hwmodel.KBit:
		return c.integer(axon, column)
	}
	panic("layout: no weights for synapse mode " + string(l.Capabilities.Core.SynapseMode))
}

// integer is the crosspoint of a kbit core.
func (c *Core) integer(axon, column int) (w int32) {
	for k, plane := range c.Planes {
		w |= bit(plane, axon, column) << k
	}
	unused := 32 - len(c.Planes)
	return w << unused >> unused // the last plane is the sign
}

// SetInteger sets a crosspoint of a kbit core. It refuses what the planes cannot hold.
func (c *Core) SetInteger(axon, column int, w int32) error {
	if low, high := hwmodel.SignedRange(len(c.Planes)); int64(w) < low || int64(w) > high {
		return fmt.Errorf("layout: weight %d at axon %d column %d; %d bits hold %d..%d", w, axon, column, len(c.Planes), low, high)
	}
	for k := range c.Planes {
		c.Planes[k].Put(axon, column, w>>k&1 == 1)
	}
	return nil
}

// SetWeight sets a crosspoint of a core whose crosspoints hold whole weights: signs or
// integers. It refuses what they cannot hold, and typed-binary cores.
func (c *Core) SetWeight(mode hwmodel.SynapseMode, axon, column int, w int32) error {
	switch {
	case mode == hwmodel.KBit:
		return c.SetInteger(axon, column, w)
	case !HoldsSigns(mode):
		return fmt.Errorf("layout: %s crosspoints hold no weights of their own; set the plane and the column's table", mode)
	case w < -1 || w > 1:
		return fmt.Errorf("layout: weight %d at axon %d column %d; %s crosspoints hold -1, 0 and +1", w, axon, column, mode)
	}
	c.Planes[0].Put(axon, column, w > 0)
	c.Planes[1].Put(axon, column, w < 0)
	return nil
}

func bit(p Plane, row, column int) int32 {
	if p.Get(row, column) {
		return 1
	}
	return 0
}

// validateIntegers checks a row of a kbit core whose chip computes with fewer bits
// than it stores.
func validateIntegers(core *Core, a int, caps hwmodel.Core) error {
	if caps.SynapseMode != hwmodel.KBit || caps.WeightBits >= caps.SynapseBits {
		return nil
	}
	low, high := hwmodel.SignedRange(caps.WeightBits)
	for n := range core.Columns {
		if w := int64(core.integer(a, n)); w < low || w > high {
			return fmt.Errorf("weight %d on column %d; the chip computes with %d..%d", w, n, low, high)
		}
	}
	return nil
}

// rowWords writes a row of crosspoints: a letter each, or on kbit cores an integer
// each, apart by spaces. used tells whether any is set.
func (c *Core) rowWords(a int, mode hwmodel.SynapseMode) (words []string, used bool) {
	row := make([]byte, len(c.Columns))
	for n := range row {
		cell := 0
		for p := range c.Planes {
			cell |= int(bit(c.Planes[p], a, n)) << p
		}
		used = used || cell != 0
		if mode == hwmodel.KBit {
			words = append(words, strconv.Itoa(int(c.integer(a, n))))
		} else {
			row[n] = cells[mode][cell]
		}
	}
	if mode != hwmodel.KBit {
		words = []string{string(row)}
	}
	return words, used
}

// cells are the letters of crosspoints: letter i stands for plane bits i,
// lowest plane first. "!" is the illegal cell with both signs.
var cells = map[hwmodel.SynapseMode]string{
	hwmodel.TernarySynapse: "0+-!",
	hwmodel.Differential:   "0+-!",
	hwmodel.TypedBinary:    "01",
}

// integers reads the rest of a line as a row of a kbit core.
func (p *textParser) integers(core *Core, a int) {
	if len(p.words) != len(core.Columns) {
		p.fail("row of %d weights; want %d, one a column", len(p.words), len(core.Columns))
		return
	}
	for n := range core.Columns {
		w := p.number()
		if err := core.SetInteger(a, n, w); err != nil && p.err == nil {
			low, high := hwmodel.SignedRange(len(core.Planes))
			p.fail("weight %d; %d bits hold %d..%d", w, len(core.Planes), low, high)
		}
	}
}
