package report

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
)

// Scope says whose static energy is in a figure.
type Scope string

const (
	// UsedCores leaves out cores that hold nothing, as if they had no power.
	UsedCores Scope = "used_cores"
	// WholeChip adds the static energy of every unused core.
	WholeChip Scope = "whole_chip"
)

// Scopes lists the scopes, the smaller one first.
var Scopes = []Scope{UsedCores, WholeChip}

// EnergyOptions says what an energy figure covers. Start from
// DefaultEnergyOptions and change fields.
type EnergyOptions struct {
	Scope    Scope                `json:"scope"`
	Boundary hwmodel.BoundaryName `json:"boundary"`
}

// DefaultEnergyOptions covers the used cores, the mesh and the host's ports.
func DefaultEnergyOptions() EnergyOptions {
	return EnergyOptions{Scope: UsedCores, Boundary: hwmodel.BoundaryHost}
}

// Validate refuses words that cover nothing.
func (o EnergyOptions) Validate() error {
	if !slices.Contains(Scopes, o.Scope) {
		return fmt.Errorf("report.EnergyOptions.Scope = %q; want %q or %q", o.Scope, UsedCores, WholeChip)
	}
	if !slices.Contains(hwmodel.Boundaries, o.Boundary) {
		return fmt.Errorf("report.EnergyOptions.Boundary = %q; want one of %q", o.Boundary, hwmodel.Boundaries)
	}
	return nil
}
