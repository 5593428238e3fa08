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

// onlyTickDiffers tells whether capabilities of the given hash, whose ticks take so
// many picoseconds, differ from these in that alone.
func onlyTickDiffers(c *hwmodel.Capabilities, hash string, tickPS int64) bool {
	return tickPS > 0 && tickPS%c.Tick.QuantumPS == 0 && c.DiffersInTick(hash, uint64(tickPS/c.Tick.QuantumPS))
}
