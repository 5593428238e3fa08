package trial

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/trainer"
)

// What hand-written files of trials have in common: the words they may use, the
// conditions of a chip, and recipes.

// Words are the keys with few values, of a file or of a section of it.
type Words struct{ Engine, Scenario, Timing, Scope, Boundary string }

// choices lists what the words may be; the first is the default.
var choices = []struct {
	key   string
	of    func(*Words) *string
	known []string
}{
	{"engine", func(w *Words) *string { return &w.Engine }, []string{sim.EngineFast, sim.EngineReference, sim.EngineBatch, sim.EngineAuto}},
	{"scenario", func(w *Words) *string { return &w.Scenario }, []string{string(ledger.SingleStream), string(ledger.Offline)}},
	{"timing", func(w *Words) *string { return &w.Timing }, []string{sim.TimingAnalytic, sim.TimingNone, sim.TimingCycle}},
	{"scope", func(w *Words) *string { return &w.Scope }, []string{string(report.UsedCores), string(report.WholeChip)}},
	{"boundary", func(w *Words) *string { return &w.Boundary }, []string{string(hwmodel.BoundaryHost), string(hwmodel.BoundaryChip), string(hwmodel.BoundaryCore)}},
}

// Fill gives the words that are not stated their defaults and refuses those that are
// stated and not known.
func (w *Words) Fill(at strictyaml.Entries) error {
	for _, c := range choices {
		word := c.of(w)
		if !at.Stated(c.key) {
			*word = c.known[0]
		} else if err := CheckWord(c.key, *word); err != nil {
			return at.Errorf(c.key, "%s = %v", c.key, err)
		}
	}
	return nil
}

// CheckWord refuses what the key of a word may not be.
func CheckWord(key, word string) error {
	for _, c := range choices {
		if c.key == key && !slices.Contains(c.known, word) {
			return fmt.Errorf("%q; want %s", strictyaml.Clip(word), strictyaml.OneOf(c.known))
		}
	}
	return nil
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
// that a zero that was written is refused and one that was not is the chip's own; given
// says which the chip will be under, however they come.
func (q Conditions) Check(stated, given func(key string) bool) error {
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
	if q.OutsideDomain && !given("voltage_v") && !given("tick_us") {
		return errors.New("outside_domain allows a voltage_v or a tick_us that the chip's models are not stated for; give one, or leave it out")
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

// Recipe is the recipe that a row states, with the defaults of what it does not: rows
// that train alike give equal recipes.
func (r *RecipeRow) Recipe(seedStated bool) Recipe {
	recipe := Recipe{Data: r.Data, Encode: r.Encode, Hidden: r.Hidden.Text, Steps: r.Steps, Seed: r.Seed, Sweeps: r.Sweeps, AllRows: r.AllRows}
	if !seedStated {
		recipe.Seed = 1
	}
	if recipe.Steps == 0 {
		recipe.Steps = 1
	}
	if recipe.Sweeps == 0 {
		recipe.Sweeps = trainer.DefaultOptions().MaxSweeps
	}
	return recipe
}
