package trial

import (
	"fmt"
	"math"

	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// What hand-written files of trials have in common: the words they may use, the
// conditions of a chip, and recipes.

// Words lists what keys with few values may be; the first is the default.
var Words = map[string][]string{
	"engine":   {sim.EngineFast, sim.EngineReference, sim.EngineBatch, sim.EngineAuto},
	"scenario": {string(ledger.SingleStream), string(ledger.Offline)},
	"timing":   {sim.TimingAnalytic, sim.TimingNone, sim.TimingCycle},
	"scope":    {string(report.UsedCores), string(report.WholeChip)},
	"boundary": {string(hwmodel.BoundaryHost), string(hwmodel.BoundaryChip), string(hwmodel.BoundaryCore)},
}

// Conditions are what a chip is operated at; zero is what the chip's file says.
type Conditions struct {
	VoltageV      float64 `yaml:"voltage_v" json:"voltage_v,omitempty"`
	TickUS        float64 `yaml:"tick_us" json:"tick_us,omitempty"`
	OutsideDomain bool    `yaml:"outside_domain" json:"outside_domain,omitempty"` // allow conditions that models are not stated for
}

// Bounds on conditions, beyond those of any chip.
const (
	maxVolts             = 20
	minTickUS, maxTickUS = 1e-6, 1e9
	picosecondsPerMicro  = 1e6
)

// CheckVoltage refuses what no chip is operated at.
func CheckVoltage(volts float64) error {
	if !(volts > 0 && volts <= maxVolts) {
		return fmt.Errorf("%g; want above 0 and at most %d V", volts, maxVolts)
	}
	return nil
}

// CheckTick refuses what no tick lasts, in microseconds.
func CheckTick(us float64) error {
	if !(us >= minTickUS && us <= maxTickUS) {
		return fmt.Errorf("%g; want 0.000001..1000000000 µs", us)
	}
	return nil
}

// Check refuses conditions that were written and cannot be. stated says which were, so
// that a zero that was written is refused and one that was not is the chip's own.
func (q Conditions) Check(stated func(key string) bool) error {
	if stated("voltage_v") {
		if err := CheckVoltage(q.VoltageV); err != nil {
			return fmt.Errorf("voltage_v = %w", err)
		}
	}
	if stated("tick_us") {
		if err := CheckTick(q.TickUS); err != nil {
			return fmt.Errorf("tick_us = %w", err)
		}
	}
	return nil
}

// On is a chip under the conditions. Decimals of microseconds are not exact, so the
// tick is rounded to the picosecond.
func (q Conditions) On(chip *hwmodel.Chip) (*hwmodel.Chip, error) {
	if q.VoltageV == 0 && q.TickUS == 0 {
		return chip, nil
	}
	return chip.At(hwmodel.Conditions{VoltageV: q.VoltageV, TickPS: int64(math.Round(q.TickUS * picosecondsPerMicro)), OutsideDomain: q.OutsideDomain})
}

// RecipeRow is a recipe as written.
type RecipeRow struct {
	Data    string            `yaml:"data" json:"data"`
	Encode  string            `yaml:"encode" json:"encode"`
	Hidden  strictyaml.Scalar `yaml:"hidden" json:"-"` // 16 or "32,16"
	Steps   int               `yaml:"steps" json:"steps"`
	Seed    uint64            `yaml:"seed" json:"seed"`
	Sweeps  int               `yaml:"sweeps" json:"sweeps"`
	AllRows bool              `yaml:"all_rows" json:"all_rows"`
}

// Recipe is the recipe that a row states; its seed is 1 where none was stated.
func (r *RecipeRow) Recipe(seedStated bool) Recipe {
	recipe := Recipe{Data: r.Data, Encode: r.Encode, Hidden: r.Hidden.Text, Steps: r.Steps, Seed: r.Seed, Sweeps: r.Sweeps, AllRows: r.AllRows}
	if !seedStated {
		recipe.Seed = 1
	}
	return recipe
}
