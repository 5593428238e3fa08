package compiler

import (
	"fmt"

	"tritloom/layout"
)

// emitTyped writes the image for typed-binary cores: binary crosspoints, a
// weight table a column, thresholds as leak, and the host's maps.
func emitTyped(s *state) error {
	n := s.canon.Network
	l := s.emptyImage()
	l.OutputBias = n.Readout.Bias
	last := int32(0)
	for c := range s.typed {
		core := layout.NewCore(s.caps.Core)
		core.X, core.Y = s.places[c].x, s.places[c].y
		for a, key := range s.typed[c].axons {
			core.Axons[a] = layout.Axon{Type: axonType(key.weight), Label: key.source}
			if key.source.Layer == layout.InputLabel {
				l.InputMap = append(l.InputMap, layout.InputEntry{Input: key.source.Neuron, Core: int32(c), Axon: int32(a), Delay: key.level})
			}
		}
		for k, column := range s.typed[c].columns {
			s.emitTypedColumn(&core, &s.typed[c], k)
			last = max(last, s.units[column.unit].level)
		}
		l.Cores = append(l.Cores, core)
	}
	sortInputs(l)
	if err := s.emitDecisions(l); err != nil {
		return err
	}
	l.Schedule = layout.Schedule{TicksPerInference: int(last) + 1, InitiationInterval: 1}
	s.image = l
	return nil
}

// emitTypedColumn connects one copy of a neuron.
func (s *state) emitTypedColumn(core *layout.Core, typed *typedCore, k int) {
	column := typed.columns[k]
	unit := &s.units[column.unit]
	made := layout.Column{
		Role: layout.Spiking, Leak: -unit.theta[column.neuron], Level: unit.level, Psum: layout.NoLink,
		Label: layout.Label{Layer: unit.label, Neuron: int32(column.neuron)},
	}
	for _, key := range unit.typedAxons(column.neuron) {
		core.Planes[0].Put(typed.axonOf[key], k, true)
		made.TypeWeights[axonType(key.weight)] = int32(key.weight)
	}
	if column.dest != toHost {
		arrives := s.typed[column.dest.core].axons[column.dest.axon].level
		made.Dests = []layout.Dest{{Core: int32(column.dest.core), Axon: int32(column.dest.axon), Delay: arrives - unit.level}}
	}
	core.Columns[k] = made
}

// emitDecisions says which column the host reads for each class.
func (s *state) emitDecisions(l *layout.Layout) error {
	readout := &s.units[len(s.units)-1]
	at := map[layout.Label]layout.Link{}
	for c := range s.typed {
		for k, column := range s.typed[c].columns {
			if column.dest == toHost {
				at[l.Cores[c].Columns[k].Label] = layout.Link{Core: int32(c), Column: int32(k)}
			}
		}
	}
	for class := range readout.neurons {
		for i, source := range readout.sources {
			switch readout.weight(class, i) {
			case 0:
			case 1:
				l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: at[source].Core, Column: at[source].Column, Class: int32(class)})
			default:
				return fmt.Errorf("layer %q: class %d weighs a spike with %d; the host only counts", readout.name, class, readout.weight(class, i))
			}
		}
	}
	return nil
}
