package main

import "tritloom/hwmodel"

// conditionFlags say what a chip is operated at.
type conditionFlags struct {
	Voltage float64 `help:"Supply voltage in volts; default: the chip's own." placeholder:"V"`
}

// of is the chip under the conditions.
func (f conditionFlags) of(chip *hwmodel.Chip) (*hwmodel.Chip, error) {
	return chip.At(hwmodel.Conditions{VoltageV: f.Voltage})
}
