package compiler

import (
	"cmp"
	"slices"

	"tritloom/layout"
)

// emit writes the image: crosspoints, columns, routes and ports.
func emit(s *state) error {
	l := s.emptyImage()
	for b := range s.bins {
		core := layout.NewCore(s.caps.Core)
		core.X, core.Y = s.places[b].x, s.places[b].y
		if err := s.emitCrossbar(&core, &s.bins[b]); err != nil {
			return err
		}
		l.Cores = append(l.Cores, core)
	}
	for u := range s.units {
		for j := range s.units[u].neurons {
			s.emitChain(l, u, j)
		}
	}
	s.emitRoutes(l)
	var err error
	l.Schedule, err = s.schedule()
	s.image = l
	return err
}

// emptyImage is the image without cores: what it is called and labelled.
func (s *state) emptyImage() *layout.Layout {
	n := s.canon.Network
	l := &layout.Layout{
		Chip: s.chip.Name, Capabilities: s.caps, Network: s.original.Hash(),
		Encoder: n.Encoder, Inputs: n.Inputs, Classes: n.Classes,
	}
	for u := range s.units {
		label := layout.LayerLabel{Name: s.units[u].name, Neurons: s.units[u].neurons}
		if s.units[u].score {
			l.Readout = label
		} else {
			l.Layers = append(l.Layers, label)
		}
	}
	return l
}

// emitCrossbar sets the crosspoints of the pieces in one core, and names its
// axons.
func (s *state) emitCrossbar(core *layout.Core, b *bin) error {
	for a, key := range b.axons {
		core.Axons[a].Label = key.source
	}
	for _, p := range b.pieces {
		unit := &s.units[p.unit]
		for _, j := range p.neurons {
			column := b.columnOf[columnKey{p.unit, j}]
			for _, i := range p.inputs {
				axon := b.axonOf[unit.axonKey(i)]
				if err := core.SetWeight(s.caps.Core.SynapseMode, axon, column, int32(unit.weight(j, i))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// emitChain sets the columns of one neuron: senders linked to the next, and
// the head.
func (s *state) emitChain(l *layout.Layout, u, neuron int) {
	unit, parts := &s.units[u], s.chains[u][neuron]
	label := layout.Label{Layer: unit.label, Neuron: int32(neuron)}
	for k, at := range parts {
		column := layout.Column{Role: layout.Sender, Level: unit.level}
		if k < len(parts)-1 {
			column.Psum = parts[k+1]
		} else if column = unit.column(neuron); unit.score {
			l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: at.Core, Column: at.Column, Class: int32(neuron)})
		}
		column.Label = label
		*l.Column(at) = column
	}
}

// emitRoutes connects every axon with its source, delayed so that it arrives
// at the level of the columns it feeds.
func (s *state) emitRoutes(l *layout.Layout) {
	for b := range s.bins {
		for a, key := range s.bins[b].axons {
			core, axon := int32(b), int32(a)
			if key.source.Layer == layout.InputLabel {
				l.InputMap = append(l.InputMap, layout.InputEntry{Input: key.source.Neuron, Core: core, Axon: axon, Delay: key.level})
				continue
			}
			head := l.Column(s.head(int(key.source.Layer), int(key.source.Neuron)))
			head.Dests = append(head.Dests, layout.Dest{Core: core, Axon: axon, Delay: key.level - head.Level})
		}
	}
	sortInputs(l)
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			slices.SortFunc(l.Cores[c].Columns[n].Dests, func(a, b layout.Dest) int {
				return cmp.Or(cmp.Compare(a.Core, b.Core), cmp.Compare(a.Axon, b.Axon))
			})
		}
	}
}

func sortInputs(l *layout.Layout) {
	slices.SortFunc(l.InputMap, func(a, b layout.InputEntry) int {
		return cmp.Or(cmp.Compare(a.Input, b.Input), cmp.Compare(a.Core, b.Core), cmp.Compare(a.Axon, b.Axon))
	})
}

// prove runs the layout's own checker, which knows nothing of this compiler:
// capacities, ticks, labels, and the widths of every sum.
func prove(s *state) error { return s.image.Check() }
