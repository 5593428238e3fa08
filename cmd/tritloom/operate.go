package main

import "tritloom/hwmodel"

// at is the chip under the conditions asked for. Where no tick is asked for and the
// chip differs from the given capabilities in the length of its tick alone, it gets
// that length: a layout or a run that is there already was made for it.
func (f conditionFlags) at(chip *hwmodel.Chip, capabilities string, tickPS int64) (*hwmodel.Chip, error) {
	chip, err := f.of(chip)
	if err != nil || f.Tick != "" || !onlyTickDiffers(&chip.Capabilities, capabilities, tickPS) {
		return chip, err
	}
	return chip.At(hwmodel.Conditions{TickPS: tickPS, OutsideDomain: f.OutsideDomain})
}

// onlyTickDiffers tells whether a chip, with ticks of another length in picoseconds,
// has the capabilities of the given hash.
func onlyTickDiffers(c *hwmodel.Capabilities, hash string, tickPS int64) bool {
	if c.Tick.Kind != hwmodel.TickFixed || tickPS <= 0 || tickPS == c.Tick.PS() || tickPS%c.Tick.QuantumPS != 0 {
		return false
	}
	moved := *c
	moved.Tick.Quanta = uint64(tickPS / c.Tick.QuantumPS)
	return moved.Hash() == hash
}
