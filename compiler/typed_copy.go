package compiler

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// typedAxon is what an axon of a typed-binary core stands for: a source that
// arrives at a level and counts with one weight. A source that a core's
// columns weigh in two ways needs two axons there.
type typedAxon struct {
	source layout.Label
	level  int32
	weight int8
}

// typedColumn is one copy of a neuron. Its only spike goes to dest, or to the
// host.
type typedColumn struct {
	unit, neuron int
	dest         axonAt
}

// axonAt names an axon of a core; toHost is no axon.
type axonAt struct{ core, axon int }

var toHost = axonAt{-1, -1}

// typedCore is the content of one core.
type typedCore struct {
	axons   []typedAxon
	axonOf  map[typedAxon]int
	columns []typedColumn
}

// copyNeurons packs neurons into cores from the last layer to the first. A
// neuron has one destination, so it stands once for every axon it feeds, and
// how many those are is known when all its listeners are packed. All copies of
// a neuron go where its inputs cost the fewest new axons.
func copyNeurons(s *state) error {
	s.typed = []typedCore{}
	feeds := map[layout.Label][]axonAt{} // the axons each source must reach
	last := len(s.mapped()) - 1
	for u := last; u >= 0; u-- {
		for j := range s.units[u].neurons {
			targets := feeds[layout.Label{Layer: s.units[u].label, Neuron: int32(j)}]
			if u == last {
				targets = []axonAt{toHost}
			}
			s.putCopies(u, j, targets, feeds)
		}
	}
	if have := s.caps.Mesh.Cores(); len(s.typed) > have {
		return fmt.Errorf("needs %d cores; the chip has %d; use narrower layers, or masks that many neurons share", len(s.typed), have)
	}
	s.traffic = newTraffic(len(s.typed))
	for c := range s.typed {
		for _, column := range s.typed[c].columns {
			if column.dest != toHost {
				s.traffic.add(c, column.dest.core)
			}
		}
	}
	return nil
}

// putCopies puts one copy of a neuron into cores for every target.
func (s *state) putCopies(u, neuron int, targets []axonAt, feeds map[layout.Label][]axonAt) {
	axons := s.units[u].typedAxons(neuron)
	for len(targets) > 0 {
		n := min(len(targets), s.caps.Core.Neurons)
		c := s.bestCore(axons, n)
		core := &s.typed[c]
		for _, key := range axons {
			if _, has := core.axonOf[key]; !has {
				core.axonOf[key] = len(core.axons)
				feeds[key.source] = append(feeds[key.source], axonAt{c, len(core.axons)})
				core.axons = append(core.axons, key)
			}
		}
		for _, target := range targets[:n] {
			core.columns = append(core.columns, typedColumn{u, neuron, target})
		}
		targets = targets[n:]
	}
}

// control is the source of axons that control spikes come to.
var control = layout.Label{Layer: layout.ControlLabel}

// typedAxons lists the axons a neuron hears. The strobe's has weight 0, which
// no other has: how much it counts is in each column's own table.
func (u *unit) typedAxons(neuron int) []typedAxon {
	var axons []typedAxon
	if u.strobe[neuron] != 0 {
		axons = append(axons, typedAxon{control, u.level, 0})
	}
	for i, source := range u.sources {
		if w := u.weight(neuron, i); w != 0 {
			axons = append(axons, typedAxon{source, u.level, w})
		}
	}
	return axons
}

// bestCore is the core with room for the axons and for so many columns that
// needs the fewest new axons, the first of several, or a new one.
func (s *state) bestCore(axons []typedAxon, columns int) int {
	best, fewest := -1, 0
	for c := range s.typed {
		core := &s.typed[c]
		if len(core.columns)+columns > s.caps.Core.Neurons {
			continue
		}
		fresh := 0
		for _, key := range axons {
			if _, has := core.axonOf[key]; !has {
				fresh++
			}
		}
		if len(core.axons)+fresh <= s.caps.Core.Axons && (best < 0 || fresh < fewest) {
			best, fewest = c, fresh
		}
	}
	if best < 0 {
		best = len(s.typed)
		s.typed = append(s.typed, typedCore{axonOf: map[typedAxon]int{}})
	}
	return best
}

// checkCopies demands that every axon is fed by exactly one copy of its source
// or by the host, that every neuron hears all its inputs, and that cores are
// within their size.
func checkCopies(s *state) error {
	fed := map[axonAt]layout.Label{}
	stands := map[columnKey]bool{}
	for c := range s.typed {
		core := &s.typed[c]
		if len(core.axons) > s.caps.Core.Axons || len(core.columns) > s.caps.Core.Neurons {
			return fmt.Errorf("core %d holds %d axons and %d columns", c, len(core.axons), len(core.columns))
		}
		for _, column := range core.columns {
			stands[columnKey{column.unit, column.neuron}] = true
			for _, key := range s.units[column.unit].typedAxons(column.neuron) {
				if _, has := core.axonOf[key]; !has {
					return fmt.Errorf("%s: neuron %d stands in core %d without an axon for %v", s.units[column.unit].name, column.neuron, c, key.source)
				}
			}
			if column.dest == toHost {
				continue
			}
			if _, twice := fed[column.dest]; twice {
				return fmt.Errorf("axon %d of core %d is fed twice", column.dest.axon, column.dest.core)
			}
			fed[column.dest] = layout.Label{Layer: s.units[column.unit].label, Neuron: int32(column.neuron)}
		}
	}
	for c := range s.typed {
		for a, key := range s.typed[c].axons {
			if key.source.Layer >= 0 && fed[axonAt{c, a}] != key.source {
				return fmt.Errorf("axon %d of core %d is not fed by its source", a, c)
			}
		}
	}
	for u := range s.mapped() {
		for j := range s.units[u].neurons {
			if !stands[columnKey{u, j}] {
				return fmt.Errorf("%s: neuron %d has no column", s.units[u].name, j)
			}
		}
	}
	return nil
}

// typedReport says what the mapping did.
func (s *state) typedReport() *Report {
	r := &Report{Cores: len(s.typed), LowerBound: typedLowerBound(s.mapped(), s.caps.Core), Folded: s.canon.Folded}
	for u := range s.mapped() {
		columns := make([][]part, s.units[u].neurons)
		for c := range s.typed {
			for n, column := range s.typed[c].columns {
				if column.unit == u {
					columns[column.neuron] = append(columns[column.neuron], part{Core: int32(c), Column: int32(n)})
				}
			}
		}
		most := 0
		for _, copies := range columns {
			most = max(most, len(copies))
		}
		method := "direct"
		if most > 1 {
			method = fmt.Sprintf("copies×%d", most)
		}
		r.Layers = append(r.Layers, s.layerReport(u, method, columns))
	}
	return r
}

// typedLowerBound is what no mapping of these neurons onto typed-binary cores
// can do without: a crosspoint for every weight, an axon for every source at a
// level, and a column for every axon that a neuron must feed. What an axon's
// type stands for is each column's own, so one axon may serve several weights.
func typedLowerBound(units []unit, core hwmodel.Core) Bound {
	type use struct {
		source layout.Label
		level  int32
	}
	weights, columns, axons := 0, 0, 0
	users := map[use]int{}
	for u := range units {
		for j := range units[u].neurons {
			for _, key := range units[u].typedAxons(j) {
				weights++
				users[use{key.source, key.level}]++
			}
		}
	}
	feeds := map[layout.Label]int{}
	for key, n := range users {
		axons += ceilDiv(n, core.Neurons)
		feeds[key.source] += ceilDiv(n, core.Neurons)
	}
	for u := range units {
		for j := range units[u].neurons {
			columns += max(1, feeds[layout.Label{Layer: units[u].label, Neuron: int32(j)}])
		}
	}
	return Bound{ceilDiv(weights, core.Axons*core.Neurons), ceilDiv(columns, core.Neurons), ceilDiv(axons, core.Axons)}
}
