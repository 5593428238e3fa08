package hwmodel

import (
	"slices"

	"tritloom/ledger"
)

// BoundaryName says how much of a system a figure covers. Each boundary
// contains the ones before it.
type BoundaryName string

const (
	BoundaryCore BoundaryName = "core" // what happens inside cores, leakage included
	BoundaryChip BoundaryName = "chip" // adds the mesh: packets, hops, partial sums on links, barriers
	BoundaryHost BoundaryName = "host" // adds the ports: spikes and scores to and from the host, configuration
)

// Boundaries lists the boundaries, innermost first.
var Boundaries = []BoundaryName{BoundaryCore, BoundaryChip, BoundaryHost}

// outsideCore lists the kinds that happen beyond the core.
var outsideCore = map[ledger.Kind]BoundaryName{
	ledger.PacketTile:   BoundaryChip,
	ledger.PacketCore:   BoundaryChip,
	ledger.HopX:         BoundaryChip,
	ledger.HopY:         BoundaryChip,
	ledger.ChipCrossing: BoundaryChip,
	ledger.PsumHop:      BoundaryChip,
	ledger.Barrier:      BoundaryChip,
	ledger.InputSpike:   BoundaryHost,
	ledger.ControlSpike: BoundaryHost,
	ledger.OutputSpike:  BoundaryHost,
	ledger.OutputScore:  BoundaryHost,
	ledger.ConfigWrite:  BoundaryHost,
}

// Boundary is the innermost boundary that contains events of a kind.
func Boundary(k ledger.Kind) BoundaryName {
	if b, ok := outsideCore[k]; ok {
		return b
	}
	return BoundaryCore
}

// Covers says whether a figure with boundary b contains events of kind k.
func (b BoundaryName) Covers(k ledger.Kind) bool {
	return slices.Index(Boundaries, Boundary(k)) <= slices.Index(Boundaries, b)
}
