package compiler

import (
	"cmp"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// axonKey is what an axon stands for: a source arriving at a level. Pieces of
// one core that hear the same source on the same tick share the axon.
type axonKey struct {
	source layout.Label
	level  int32
}

// columnKey is what a column stands for: a neuron. Two pieces of one neuron in
// one core share the column.
type columnKey struct{ unit, neuron int }

// bin is the content of one core.
type bin struct {
	pieces   []tilePiece
	axons    []axonKey // by axon number
	columns  []columnKey
	axonOf   map[axonKey]int
	columnOf map[columnKey]int
}

// packing is a full set of cores, and what it costs beside their number.
type packing struct {
	bins           []bin
	columns, axons int // in all; more columns than neurons are partial sums
}

// better compares by cores, then by partial sums, then by deliveries.
func (p packing) better(q packing) bool {
	return cmp.Or(cmp.Compare(len(p.bins), len(q.bins)), cmp.Compare(p.columns, q.columns), cmp.Compare(p.axons, q.axons)) < 0
}

// packBest packs the pieces with and without splitting them further.
func packBest(units []unit, how []cutting, core hwmodel.Core) packing {
	var pieces []tilePiece
	for u := range units {
		pieces = append(pieces, cut(units, u, how[u], core)...)
	}
	slices.SortStableFunc(pieces, func(a, b tilePiece) int { // large first
		return cmp.Or(cmp.Compare(len(b.inputs), len(a.inputs)), cmp.Compare(len(b.neurons), len(a.neurons)))
	})
	best := pack(units, pieces, core, false)
	if split := pack(units, pieces, core, true); split.better(best) {
		best = split
	}
	return best
}

// pack puts every piece into the first core with room for it. With split, a
// piece whose inputs fit leaves as many neurons in a core as it has columns
// for, and goes on with the rest.
func pack(units []unit, pieces []tilePiece, core hwmodel.Core, split bool) packing {
	var p packing
	for _, piece := range pieces {
		for b := 0; len(piece.neurons) > 0; b++ {
			if b == len(p.bins) {
				p.bins = append(p.bins, bin{axonOf: map[axonKey]int{}, columnOf: map[columnKey]int{}})
			}
			fit := p.bins[b].room(units, piece, core)
			if fit == len(piece.neurons) || split && fit > 0 {
				part := tilePiece{piece.unit, piece.inputs, piece.neurons[:fit]}
				p.bins[b].put(units, part)
				piece.neurons = piece.neurons[fit:]
			}
		}
	}
	for b := range p.bins {
		p.columns += len(p.bins[b].columns)
		p.axons += len(p.bins[b].axons)
	}
	return p
}

// room is how many of the piece's first neurons the core can take with all of
// the piece's inputs.
func (b *bin) room(units []unit, piece tilePiece, core hwmodel.Core) int {
	free, converter := core.Neurons-len(b.columns), converterOf(core)
	fit := 0
	for _, j := range piece.neurons {
		key := columnKey{piece.unit, j}
		if _, has := b.columnOf[key]; !has {
			if free == 0 {
				break
			}
			free--
		} else if !converter.any && !converter.holds(units[piece.unit].reach(j, piece.inputs, b.columnReach(units, key))) {
			break
		}
		fit++
	}
	if fit == 0 || len(b.axons)+len(piece.inputs) <= core.Axons {
		return fit
	}
	fresh := len(b.axons)
	for _, i := range piece.inputs {
		if _, has := b.axonOf[units[piece.unit].axonKey(i)]; !has {
			fresh++
		}
	}
	if fresh > core.Axons {
		return 0
	}
	return fit
}

// put adds a piece; inputs that none of its neurons hears stay out.
func (b *bin) put(units []unit, piece tilePiece) {
	unit := &units[piece.unit]
	piece.inputs = unit.inputsOf(piece.neurons, piece.inputs)
	b.pieces = append(b.pieces, piece)
	for _, i := range piece.inputs {
		key := unit.axonKey(i)
		if _, has := b.axonOf[key]; !has {
			b.axonOf[key] = len(b.axons)
			b.axons = append(b.axons, key)
		}
	}
	for _, j := range piece.neurons {
		key := columnKey{piece.unit, j}
		if _, has := b.columnOf[key]; !has {
			b.columnOf[key] = len(b.columns)
			b.columns = append(b.columns, key)
		}
	}
}

func (u *unit) axonKey(input int) axonKey { return axonKey{u.sources[input], u.level} }
