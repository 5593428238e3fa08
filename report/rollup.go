package report

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// Node is a part of the chip and the energy spent in it over the whole run, in
// joules. The parts of a node add up to it: chip, tiles, cores, components.
//
// The unused cores are one node beside the tiles, where the scope covers them. A
// lumped price is a component by itself: see hwmodel.Chip.Component.
type Node struct {
	Name   string   `json:"name"` // "chip", "tile 0,1", "core 3", "sram"
	Joules Interval `json:"joules"`
	Parts  []Node   `json:"parts,omitempty"`
	// Events is what was counted in a component, kinds inside its lump included.
	// Kinds whose price the boundary leaves out are nowhere in the tree.
	Events Object[uint64] `json:"events,omitempty"`
	// Unpriced are kinds of Events without a price, so that Joules is a lower bound.
	Unpriced []string `json:"unpriced,omitempty"`
}

// CoreShare is one used core on the map of the chip.
type CoreShare struct {
	Core        int             `json:"core"` // logical number
	X           int             `json:"x"`
	Y           int             `json:"y"`
	Joules      Interval        `json:"joules"`      // of the whole run
	By          Object[float64] `json:"by"`          // nominal joules by component
	Utilisation *Utilisation    `json:"utilisation"` // of this core; null without a layout
}

// unusedCores names the node of the cores that hold nothing.
const unusedCores = "unused cores"

// addRollup adds the tree of parts and the map of cores, where the record or the
// layout says where cores are.
func (r *Report) addRollup(s Subject, c *census) {
	places := placesOf(s)
	if places == nil {
		return
	}
	b := newBuilder(newSheet(s.Run, s.Chip, r.Options.Energy.Boundary))
	cores := make([]Node, len(s.Run.Cores))
	for i := range cores {
		cores[i] = b.part(fmt.Sprintf("core %d", i), &s.Run.Cores[i])
		r.Cores = append(r.Cores, share(i, places[i], cores[i], s.Layout))
	}
	parts := tiles(cores, places, s.Chip.Capabilities.Mesh)
	if c.unused > 0 {
		parts = append(parts, b.part(unusedCores, &c.idle))
	}
	chip := sumOf("chip", parts)
	r.Rollup = &chip
}

// placesOf says where the used cores are; nil if nothing tells.
func placesOf(s Subject) []ledger.Place {
	if s.Run.Places != nil || s.Layout == nil || len(s.Layout.Cores) != len(s.Run.Cores) {
		return s.Run.Places
	}
	places := make([]ledger.Place, len(s.Layout.Cores))
	for i := range places {
		places[i] = ledger.Place{X: s.Layout.Cores[i].X, Y: s.Layout.Cores[i].Y}
	}
	return places
}

// sumOf is a node and its parts, added in their order.
func sumOf(name string, parts []Node) Node {
	n := Node{Name: name, Parts: parts}
	for _, p := range parts {
		n.Joules = n.Joules.plus(p.Joules)
	}
	return n
}

// tiles gathers cores by the tile they are in, row by row.
func tiles(cores []Node, places []ledger.Place, m hwmodel.Mesh) []Node {
	byTile := map[ledger.Place][]Node{}
	var order []ledger.Place
	for i, core := range cores {
		x, y := m.Tile(places[i].X, places[i].Y)
		tile := ledger.Place{X: x, Y: y}
		if byTile[tile] == nil {
			order = append(order, tile)
		}
		byTile[tile] = append(byTile[tile], core)
	}
	slices.SortFunc(order, func(a, b ledger.Place) int {
		if a.Y != b.Y {
			return a.Y - b.Y
		}
		return a.X - b.X
	})
	nodes := make([]Node, len(order))
	for i, tile := range order {
		nodes[i] = sumOf(fmt.Sprintf("tile %d,%d", tile.X, tile.Y), byTile[tile])
	}
	return nodes
}

// builder splits counts into components.
type builder struct {
	sheet      *sheet
	components []hwmodel.Component
	where      [ledger.NumKinds]int // index into components; -1: its price lies outside the boundary
}

func newBuilder(s *sheet) *builder {
	b := &builder{sheet: s, components: s.chip.ComponentsOf()}
	for k := range ledger.Kind(ledger.NumKinds) {
		payer := k
		if p := &s.chip.Prices[k]; p.State == hwmodel.IncludedIn {
			payer = p.Includer
		}
		b.where[k] = -1
		if s.boundary.Covers(payer) {
			b.where[k] = slices.Index(b.components, s.chip.Component(k))
		}
	}
	return b
}

// part is a node with one part for each component in which anything happened.
func (b *builder) part(name string, counts *ledger.Counts) Node {
	leaves := make([]Node, len(b.components))
	for k, n := range counts {
		i := b.where[k]
		if i < 0 || n == 0 {
			continue
		}
		leaf := &leaves[i]
		leaf.Events = append(leaf.Events, Entry[uint64]{ledger.Kind(k).String(), n})
		leaf.Joules = leaf.Joules.plus(b.sheet.events[k].times(float64(n)))
		if b.sheet.missing(ledger.Kind(k), n) != "" {
			leaf.Unpriced = append(leaf.Unpriced, ledger.Kind(k).String())
		}
	}
	var parts []Node
	for i := range leaves {
		if leaves[i].Events != nil {
			leaves[i].Name = string(b.components[i])
			parts = append(parts, leaves[i])
		}
	}
	return sumOf(name, parts)
}

// share is a core's place on the map.
func share(core int, at ledger.Place, n Node, l *layout.Layout) CoreShare {
	s := CoreShare{Core: core, X: at.X, Y: at.Y, Joules: n.Joules, By: Object[float64]{}}
	for _, p := range n.Parts {
		s.By = append(s.By, Entry[float64]{p.Name, p.Joules.Nominal})
	}
	if l != nil {
		u := l.CoreUsage(core)
		s.Utilisation = &Utilisation{
			Cores: Used{1, 1}, Axons: Used{u.Axons, u.AxonsHeld}, Neurons: Used{u.Columns, u.ColumnsHeld}, Synapses: Used{u.Synapses, u.SynapsesHeld},
		}
	}
	return s
}
