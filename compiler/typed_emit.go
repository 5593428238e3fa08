package compiler

import (
	"cmp"
	"fmt"
	"slices"

	"tritloom/layout"
)

// emitTyped writes the image for typed-binary cores: binary crosspoints, a
// weight table a column, thresholds as leak, and the host's maps.
func emitTyped(s *state) error {
	l := s.emptyImage()
	l.Schedule = layout.Schedule{InitiationInterval: 1, OutputTicks: 1}
	last := int32(0)
	for c := range s.typed {
		core := layout.NewCore(s.caps.Core)
		core.X, core.Y = s.places[c].x, s.places[c].y
		for a, key := range s.typed[c].axons {
			core.Axons[a] = layout.Axon{Type: key.axonType(), Label: key.source}
			switch key.source.Layer {
			case layout.InputLabel:
				l.InputMap = append(l.InputMap, layout.InputEntry{Input: key.source.Neuron, Core: int32(c), Axon: int32(a), Delay: key.level})
			case layout.ControlLabel:
				l.Schedule.Controls = append(l.Schedule.Controls, layout.Control{Tick: key.level, Core: int32(c), Axon: int32(a)})
			}
		}
		for k, column := range s.typed[c].columns {
			s.emitTypedColumn(&core, &s.typed[c], k)
			last = max(last, s.units[column.unit].level)
		}
		l.Cores = append(l.Cores, core)
	}
	sortInputs(l)
	if s.burst {
		s.emitBursts(l)
	} else if err := s.emitDecisions(l); err != nil {
		return err
	}
	l.Schedule.TicksPerInference = int(last) + l.Schedule.OutputTicks
	if s.burst {
		l.Schedule.InitiationInterval = l.Schedule.TicksPerInference
	}
	s.image = l
	return nil
}

// axonType is the type of the axon.
func (a typedAxon) axonType() uint8 {
	if a.source == control {
		return strobeType
	}
	return axonType(a.weight)
}

// emitTypedColumn connects one copy of a neuron.
func (s *state) emitTypedColumn(core *layout.Core, typed *typedCore, k int) {
	column := typed.columns[k]
	unit := &s.units[column.unit]
	made := layout.Column{
		Role: layout.Spiking, Leak: unit.leak[column.neuron], Level: unit.level, Psum: layout.NoLink,
		Label: layout.Label{Layer: unit.label, Neuron: int32(column.neuron)},
	}
	if unit.score {
		made.Reset, made.Theta = layout.Subtract, 1
	}
	for _, key := range unit.typedAxons(column.neuron) {
		core.Planes[0].Put(typed.axonOf[key], k, true)
		made.TypeWeights[key.axonType()] = int32(key.weight)
	}
	if strobe := unit.strobe[column.neuron]; strobe != 0 {
		made.TypeWeights[strobeType] = strobe
	}
	if column.dest != toHost {
		arrives := s.typed[column.dest.core].axons[column.dest.axon].level
		made.Dests = []layout.Dest{{Core: int32(column.dest.core), Axon: int32(column.dest.axon), Delay: arrives - unit.level}}
	}
	core.Columns[k] = made
}

// emitDecisions says which column the host reads for each class.
func (s *state) emitDecisions(l *layout.Layout) error {
	l.OutputBias = s.canon.Network.Readout.Bias
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

// emitBursts makes the host count every class's burst and take the offset off.
func (s *state) emitBursts(l *layout.Layout) {
	l.Schedule.OutputTicks = s.window
	l.OutputBias = make([]int32, s.units[len(s.units)-1].neurons)
	for c := range s.typed {
		for k, column := range s.typed[c].columns {
			if column.dest == toHost {
				l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: int32(c), Column: int32(k), Class: int32(column.neuron)})
				l.OutputBias[column.neuron] = -s.offset
			}
		}
	}
	slices.SortFunc(l.OutputMap, func(a, b layout.OutputEntry) int { return cmp.Compare(a.Class, b.Class) })
}
