package main

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"tritloom/hwmodel"
)

// conditionFlags are what a chip is operated at; without them a chip is as its file
// describes it.
type conditionFlags struct {
	Voltage       *float64 `help:"Supply voltage of the cores: prices follow the chip's voltage_model." placeholder:"VOLTS"`
	Tick          string   `help:"Length of a tick, such as 200us: static prices follow the chip's tick_model." placeholder:"TIME"`
	ProjectNode   *float64 `name:"project-node" help:"Project prices to another technology node, in nm, by --scaling-table." placeholder:"NM"`
	ScalingTable  string   `name:"scaling-table" help:"Table to project by: ${scaling_tables}." placeholder:"TABLE"`
	OutsideDomain bool     `name:"outside-domain" help:"Extrapolate to conditions the chip's models are not stated for; what comes out is marked."`
}

// of is the chip under the conditions.
func (f conditionFlags) of(chip *hwmodel.Chip) (*hwmodel.Chip, error) {
	q, err := f.conditions()
	if err != nil {
		return nil, err
	}
	return chip.At(q)
}

// set tells whether any condition is given.
func (f conditionFlags) set() bool {
	return f.Voltage != nil || f.Tick != "" || f.ProjectNode != nil || f.ScalingTable != "" || f.OutsideDomain
}

// conditions checks the flags that the chip's models cannot.
func (f conditionFlags) conditions() (hwmodel.Conditions, error) {
	q := hwmodel.Conditions{NodeTable: f.ScalingTable, OutsideDomain: f.OutsideDomain}
	var err error
	if f.Tick != "" {
		if q.TickPS, err = tickPS(f.Tick); err != nil {
			return q, err
		}
	}
	if f.Voltage != nil {
		if q.VoltageV = *f.Voltage; !(q.VoltageV >= 0.05 && q.VoltageV <= 20) {
			return q, fmt.Errorf("--voltage %g; want 0.05..20 V, such as 0.75", q.VoltageV)
		}
	}
	if f.ProjectNode != nil {
		if q.NodeNM = *f.ProjectNode; !(q.NodeNM > 0) {
			return q, fmt.Errorf("--project-node %g; want a node in nm above 0, such as 14", q.NodeNM)
		}
	}
	known := strings.Join(hwmodel.ScalingTables(), ", ")
	switch {
	case f.ProjectNode != nil && f.ScalingTable == "":
		return q, fmt.Errorf("--project-node %g names no table to project by; give --scaling-table, known is %s", q.NodeNM, known)
	case f.ProjectNode == nil && f.ScalingTable != "":
		return q, fmt.Errorf("--scaling-table %s without a node to project to; give --project-node, in nm, or leave it out", f.ScalingTable)
	case f.OutsideDomain && f.Voltage == nil && f.Tick == "":
		return q, errors.New("--outside-domain allows a --voltage or a --tick that the chip's models are not stated for; give one, or leave it out")
	}
	return q, nil
}

// picoseconds of the units a tick may be given in, in the order in which their names
// are looked for at the end of a text.
var tickUnits = []struct {
	name string
	ps   int64
}{{"ps", 1}, {"ns", 1e3}, {"us", 1e6}, {"µs", 1e6}, {"ms", 1e9}, {"s", 1e12}}

// tickPS reads the length of a tick exactly, to the picosecond.
func tickPS(text string) (int64, error) {
	const want = "want a time above 0 and up to 100s in whole picoseconds, with its unit, such as 200us, 5.12us or 1ms"
	for _, unit := range tickUnits {
		number, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		plain := number != "" && len(number) <= 20 && strings.Trim(number, "0123456789.") == ""
		value, ok := new(big.Rat).SetString(number)
		if !plain || !ok {
			break
		}
		value.Mul(value, new(big.Rat).SetInt64(unit.ps))
		if ps := value.Num(); value.IsInt() && ps.IsInt64() && ps.Int64() > 0 && ps.Int64() <= 100e12 {
			return ps.Int64(), nil
		}
		break
	}
	return 0, fmt.Errorf("--tick %q; %s", text, want)
}
