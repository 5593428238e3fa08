package layout

import (
	"fmt"

	"tritloom/hwmodel"
)

// Check is the independent checker of compiled images. Beyond Validate it
// demands what the compiler promises of a network: every axon is fed by one source, spikes and partial sums arrive on the tick they are needed,
// labels tell the truth, no sum can leave its width, and nothing is wasted
// that only a fault would leave behind.
func (l *Layout) Check() error {
	if err := l.Validate(); err != nil {
		return err
	}
	heads, err := l.Heads()
	if err != nil {
		return err
	}
	arrivals, err := l.Arrivals()
	if err != nil {
		return err
	}
	if err := l.checkLevels(heads, arrivals); err != nil {
		return err
	}
	if err := l.checkOutputs(heads); err != nil {
		return err
	}
	return l.checkWidths(heads)
}

// Heads finds, for every layer and at last for the readout, the columns that
// hold each neuron's potential: [layer][neuron][copy]. Where neurons reach any
// number of axons, every neuron has exactly one; on chips of few destinations a
// neuron may stand in several copies, one for each axon it must reach. Every
// sender leads to a column of its own neuron. The readout has heads only on
// chips with score ports.
func (l *Layout) Heads() ([][][]Link, error) {
	heads := make([][][]Link, len(l.Layers)+1)
	for i := range heads {
		heads[i] = make([][]Link, l.layerLabel(i).Neurons)
	}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if column := &l.Cores[c].Columns[n]; column.Role != Unused {
				if err := l.placeHead(heads, Link{int32(c), int32(n)}, column); err != nil {
					return nil, err
				}
			}
		}
	}
	for i := range heads {
		for j := range heads[i] {
			if len(heads[i][j]) == 0 && !(i == len(l.Layers) && l.DecidesBySpikes()) { // winners stand in a layer
				return nil, fmt.Errorf("layout: %s has no column", l.LabelText(Label{int32(i), int32(j)}))
			}
		}
	}
	return heads, nil
}

// placeHead checks one used column's label and files it if it is a head.
func (l *Layout) placeHead(heads [][][]Link, at Link, column *Column) error {
	label := column.Label
	if label.Layer < 0 || int(label.Layer) > len(l.Layers) || label.Neuron < 0 || int(label.Neuron) >= len(heads[label.Layer]) {
		return fmt.Errorf("layout: core %d column %d is labelled neuron %d of layer %d, which is none", at.Core, at.Column, label.Neuron, label.Layer)
	}
	scores := int(label.Layer) == len(l.Layers)
	if column.Role != Sender && scores != (column.Role == Score || l.Bursts() && column.Reset == Subtract) {
		return fmt.Errorf("layout: core %d column %d is a %s column labelled %s", at.Core, at.Column, column.Role, l.LabelText(label))
	}
	if column.Role == Sender {
		if next := l.Column(column.Psum); next.Label != label || next.Level != column.Level {
			return fmt.Errorf("layout: core %d column %d is a part of %s at level %d and sends to a part of %s at level %d",
				at.Core, at.Column, l.LabelText(label), column.Level, l.LabelText(next.Label), next.Level)
		}
		return nil
	}
	copies := &heads[label.Layer][label.Neuron]
	if len(*copies) > 0 && (scores || l.Capabilities.Spikes.Destinations == 0) {
		other := (*copies)[0]
		return fmt.Errorf("layout: %s has two columns: core %d column %d and core %d column %d", l.LabelText(label), other.Core, other.Column, at.Core, at.Column)
	}
	*copies = append(*copies, at)
	return nil
}

func (l *Layout) layerLabel(i int) LayerLabel {
	if i == len(l.Layers) {
		return l.Readout
	}
	return l.Layers[i]
}

// LabelText names a label as people say it: "hidden 17", "input 3".
func (l *Layout) LabelText(label Label) string {
	switch {
	case label.Layer == UnusedLabel:
		return "nothing"
	case label.Layer == InputLabel:
		return fmt.Sprintf("input %d", label.Neuron)
	case label.Layer == ControlLabel:
		return "the control spike"
	case label.Layer >= 0 && int(label.Layer) <= len(l.Layers):
		return fmt.Sprintf("%s %d", l.layerLabel(int(label.Layer)).Name, label.Neuron)
	}
	return fmt.Sprintf("neuron %d of unknown layer %d", label.Neuron, label.Layer)
}

// Arrival is what feeds an axon: the source as connected, whatever the label
// says, and the level of the wave at which its spikes arrive.
type Arrival struct {
	Source Label // NoLabel where nothing arrives
	Level  int32
}

// Arrivals follows the input map and every destination to the axons, by core
// and axon. Two sources on one axon, or a label that names another source than
// the one connected, are errors.
func (l *Layout) Arrivals() ([][]Arrival, error) {
	arrivals := make([][]Arrival, len(l.Cores))
	for c := range l.Cores {
		arrivals[c] = make([]Arrival, len(l.Cores[c].Axons))
		for a := range arrivals[c] {
			arrivals[c][a].Source = NoLabel
		}
	}
	arrive := func(source Label, core, axon, level int32) error {
		at := &arrivals[core][axon]
		if at.Source != NoLabel {
			return fmt.Errorf("layout: core %d axon %d is fed by %s and by %s; one source is allowed", core, axon, l.LabelText(at.Source), l.LabelText(source))
		}
		if label := l.Cores[core].Axons[axon].Label; label != source {
			return fmt.Errorf("layout: core %d axon %d is labelled %s, but %s arrives", core, axon, l.LabelText(label), l.LabelText(source))
		}
		*at = Arrival{source, level}
		return nil
	}
	for _, e := range l.InputMap {
		if err := arrive(Label{InputLabel, e.Input}, e.Core, e.Axon, e.Delay); err != nil {
			return nil, err
		}
	}
	for _, e := range l.Schedule.Controls {
		if err := arrive(Label{ControlLabel, 0}, e.Core, e.Axon, e.Tick); err != nil {
			return nil, err
		}
	}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[n]
			for _, d := range column.Dests {
				if err := arrive(column.Label, d.Core, d.Axon, column.Level+d.Delay); err != nil {
					return nil, err
				}
			}
		}
	}
	for c := range l.Cores {
		for a := range l.Cores[c].Axons {
			if label := l.Cores[c].Axons[a].Label; label != NoLabel && arrivals[c][a].Source == NoLabel {
				return nil, fmt.Errorf("layout: core %d axon %d is labelled %s, but nothing arrives", c, a, l.LabelText(label))
			}
		}
	}
	return arrivals, nil
}

// checkArrivals demands that an axon's spikes arrive at the level of every
// column they meet, that they meet one, and that columns hold a weight for
// just the types of axons they meet.
func (l *Layout) checkArrivals(arrivals [][]Arrival) error {
	for c := range l.Cores {
		types := make([][AxonTypes]bool, len(l.Cores[c].Columns))
		for a := range l.Cores[c].Axons {
			if arrivals[c][a].Source == NoLabel {
				continue
			}
			met := false
			for n := range l.Cores[c].Columns {
				if !l.connected(c, a, n) {
					continue
				}
				met, types[n][l.Cores[c].Axons[a].Type] = true, true
				if level := l.Cores[c].Columns[n].Level; level != arrivals[c][a].Level {
					return fmt.Errorf("layout: %s arrives at core %d axon %d at level %d and meets %s, which is evaluated at level %d",
						l.LabelText(arrivals[c][a].Source), c, a, arrivals[c][a].Level, l.LabelText(l.Cores[c].Columns[n].Label), level)
				}
			}
			if !met {
				return fmt.Errorf("layout: %s arrives at core %d axon %d, which has no synapse", l.LabelText(arrivals[c][a].Source), c, a)
			}
		}
		if l.Capabilities.Core.SynapseMode != hwmodel.TypedBinary {
			continue
		}
		for n := range l.Cores[c].Columns {
			for t, w := range l.Cores[c].Columns[n].TypeWeights {
				if (w != 0) != types[n][t] {
					return fmt.Errorf("layout: core %d column %d has weight %d for axons of type %d; it meets such axons: %v", c, n, w, t, types[n][t])
				}
			}
		}
	}
	return nil
}

// connected tells whether a crosspoint is set, whatever its weight.
func (l *Layout) connected(core, axon, column int) bool {
	for p := range l.Cores[core].Planes {
		if l.Cores[core].Planes[p].Get(axon, column) {
			return true
		}
	}
	return false
}

// checkOutputs demands that every class is read from the column labelled so;
// or, where the chip decides by spikes, that the host reads neurons of one
// layer, each for one class, and one copy of each.
func (l *Layout) checkOutputs(heads [][][]Link) error {
	if l.DecidesBySpikes() {
		return l.checkSpikeOutputs()
	}
	scores := heads[len(l.Layers)]
	if len(l.OutputMap) != len(scores) {
		return fmt.Errorf("layout: %d classes are read; there are %d", len(l.OutputMap), len(scores))
	}
	for _, e := range l.OutputMap {
		if at := scores[e.Class][0]; at != (Link{e.Core, e.Column}) {
			return fmt.Errorf("layout: class %d is read from core %d column %d; its column is core %d column %d", e.Class, e.Core, e.Column, at.Core, at.Column)
		}
	}
	return nil
}

func (l *Layout) checkSpikeOutputs() error {
	readers := map[Label]int32{}
	for _, e := range l.OutputMap {
		label := l.Column(Link{e.Core, e.Column}).Label
		if other, ok := readers[label]; ok {
			return fmt.Errorf("layout: classes %d and %d are both read from %s", other, e.Class, l.LabelText(label))
		}
		readers[label] = e.Class
		if first := l.Column(Link{l.OutputMap[0].Core, l.OutputMap[0].Column}).Label; first.Layer != label.Layer {
			return fmt.Errorf("layout: classes are read from %s and from %s; want neurons of one layer", l.LabelText(first), l.LabelText(label))
		}
	}
	return nil
}
