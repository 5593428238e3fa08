// Package compiler maps a ternary network onto the cores of a chip: bit for
// bit, or not at all.
//
// It is a table of passes over one state (see passes.go). Either the image it
// returns computes every neuron exactly as the network does, or the error
// names the layer, the limit, what is needed, what there is, and what would
// fit. The package compiler/lift reads images back without any of this code,
// and is the proof.
package compiler

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
)

// Options tunes compilation. Start from DefaultOptions and change fields.
type Options struct {
	// Seed fixes the placement search; equal seeds give byte-equal layouts.
	Seed uint64
}

// DefaultOptions are the options of the command line's defaults.
func DefaultOptions() Options { return Options{Seed: 1} }

// Report says what compilation did.
type Report struct {
	Cores      int
	LowerBound Bound
	Layers     []LayerReport
	Folded     []ternary.Folded // neurons that needed no cell
	// PsumsPerInference is the number of partial sums sent for one inference.
	PsumsPerInference int
}

// LayerReport says how one layer was mapped.
type LayerReport struct {
	Name    string `json:"name"`
	Method  string `json:"method"` // "direct"; "psum×K", the longest chain of K columns; "copies×K", K columns of a neuron
	Cores   int    `json:"cores"`  // cores that hold a part of it; layers may share a core
	Neurons int    `json:"neurons"`
	Level   int    `json:"level"` // tick of the wave at which it fires
}

// Compile maps a network onto a chip. The network may be in any form that
// ternary.Canonical accepts.
func Compile(n *ternary.Network, chip *hwmodel.Chip, o Options) (*layout.Layout, *Report, error) {
	s := &state{original: n, chip: chip, caps: chip.Capabilities, options: o}
	table := passes
	if s.caps.Core.SynapseMode == hwmodel.TypedBinary {
		table = typedPasses
	}
	if err := runPasses(s, table); err != nil {
		return nil, nil, fmt.Errorf("compile for %s: %w", chip.Name, err)
	}
	return s.image, s.report(), nil
}

func (s *state) report() *Report {
	if s.typed != nil {
		return s.typedReport()
	}
	r := &Report{Cores: len(s.bins), LowerBound: lowerBound(s.units, s.caps.Core), Folded: s.canon.Folded}
	for u := range s.units {
		longest := 0
		for _, parts := range s.chains[u] {
			longest = max(longest, len(parts))
			r.PsumsPerInference += len(parts) - 1
		}
		method := "direct"
		if longest > 1 {
			method = fmt.Sprintf("psum×%d", longest)
		}
		r.Layers = append(r.Layers, s.layerReport(u, method, s.chains[u]))
	}
	return r
}

// layerReport counts the cores that hold a column of a unit.
func (s *state) layerReport(u int, method string, columns [][]part) LayerReport {
	cores := map[int32]bool{}
	for _, parts := range columns {
		for _, at := range parts {
			cores[at.Core] = true
		}
	}
	unit := &s.units[u]
	return LayerReport{unit.name, method, len(cores), unit.neurons, int(unit.level)}
}
