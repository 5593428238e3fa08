package interop

import (
	"encoding/json"
	"fmt"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/layout"
)

// besideName is the file beside RANC's own that holds what they have no field for.
// RANC does not look at it.
const besideName = "tritloom.json"

// besideFormat is what the file calls itself.
const besideFormat = "tritloom-ranc/1"

// rancBeside is that file. Numbers of cores are logical ones.
type rancBeside struct {
	Format       string               `json:"format"`
	Grid         [2]int               `json:"grid"`
	Bus          [2]int               `json:"bus"`
	Chip         string               `json:"chip"`
	Capabilities hwmodel.Capabilities `json:"capabilities"`
	Network      string               `json:"network"`
	Encoder      encode.Encoder       `json:"encoder"`
	Inputs       int                  `json:"inputs"`
	Layers       []layout.LayerLabel  `json:"layers"`
	Readout      layout.LayerLabel    `json:"readout"`
	Classes      []string             `json:"classes"`
	OutputBias   []int32              `json:"output_bias"`
	Schedule     layout.Schedule      `json:"schedule"`
	InputMap     [][4]int32           `json:"input_map"`  // input, core, axon, delay
	OutputMap    [][3]int32           `json:"output_map"` // core, column, class
	Cores        []rancBesideCore     `json:"cores"`
}

// rancBesideCore is what a core's memory leaves open.
type rancBesideCore struct {
	X int `json:"x"`
	Y int `json:"y"`
	// Axons are the used ones: number, layer and neuron of the label.
	Axons [][3]int32 `json:"axons"`
	// Columns are the used ones: number, layer and neuron of the label, level.
	Columns [][4]int32 `json:"columns"`
	// Zero are columns that reset to zero where RANC's fields would be read as
	// reset clear, which does the same.
	Zero []int32 `json:"zero,omitempty"`
}

// readBeside reads the file, nil if there is none.
func readBeside(folder rancFolder) (*rancBeside, error) {
	if !folder.has(besideName) {
		return nil, nil
	}
	text, err := folder.read(besideName)
	if err != nil {
		return nil, err
	}
	var beside rancBeside
	if err := parseJSON(besideName, text, &beside); err != nil {
		return nil, err
	}
	if beside.Format != besideFormat {
		return nil, fmt.Errorf("%s: format %.60q; want %q; export the layout again, or take the file away to import plain RANC", besideName, beside.Format, besideFormat)
	}
	if err := beside.Capabilities.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", besideName, err)
	}
	return &beside, nil
}

// besideOf is the file of a layout at its places on a grid.
func besideOf(l *layout.Layout, grid, bus [2]int) *rancBeside {
	b := &rancBeside{
		Format: besideFormat, Grid: grid, Bus: bus, Chip: l.Chip, Capabilities: l.Capabilities, Network: l.Network, Encoder: l.Encoder,
		Inputs: l.Inputs, Layers: l.Layers, Readout: l.Readout, Classes: l.Classes, OutputBias: l.OutputBias, Schedule: l.Schedule,
	}
	for _, e := range l.InputMap {
		b.InputMap = append(b.InputMap, [4]int32{e.Input, e.Core, e.Axon, e.Delay})
	}
	for _, e := range l.OutputMap {
		b.OutputMap = append(b.OutputMap, [3]int32{e.Core, e.Column, e.Class})
	}
	for c := range l.Cores {
		core := rancBesideCore{X: l.Cores[c].X, Y: l.Cores[c].Y}
		for a, axon := range l.Cores[c].Axons {
			if axon.Label != layout.NoLabel {
				core.Axons = append(core.Axons, [3]int32{int32(a), axon.Label.Layer, axon.Label.Neuron})
			}
		}
		for n := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[n]
			if column.Role == layout.Unused {
				continue
			}
			core.Columns = append(core.Columns, [4]int32{int32(n), column.Label.Layer, column.Label.Neuron, column.Level})
			if d := column.Dynamics; column.Reset == layout.ToZero && d.ResetTo == 0 && d.Initial == 0 && -d.Beta >= column.Theta {
				core.Zero = append(core.Zero, int32(n))
			}
		}
		b.Cores = append(b.Cores, core)
	}
	return b
}

// takeBeside lets the file say which cores and neurons there are, and the chip.
func (b *rancBuild) takeBeside(beside *rancBeside) error {
	core := beside.Capabilities.Core
	if core.Axons != b.axons || core.Neurons != b.neurons {
		return fmt.Errorf("%s: cores of %d axons and %d neurons; the core memories have %d and %d; export the layout again, or take the file away to import plain RANC", besideName, core.Axons, core.Neurons, b.axons, b.neurons)
	}
	if core.SynapseMode != hwmodel.TypedBinary || core.AxonTypes > layout.AxonTypes {
		return fmt.Errorf("%s: %s synapses of %d axon types; RANC has %s ones of at most %d", besideName, core.SynapseMode, core.AxonTypes, hwmodel.TypedBinary, layout.AxonTypes)
	}
	if err := b.checkSize(len(beside.Cores)); err != nil {
		return fmt.Errorf("%s: %w", besideName, err)
	}
	for k, from := range beside.Cores {
		number := from.X + b.width*from.Y
		if _, taken := b.logical[number]; taken || !b.inside(from.X, from.Y) || [2]int{from.X, from.Y} == b.bus {
			return fmt.Errorf("%s: cores[%d] is at %d,%d; want a place of its own on the grid of %d×%d, not the output bus's", besideName, k, from.X, from.Y, b.width, b.height)
		}
		b.logical[number] = int32(k)
		b.numbers = append(b.numbers, number)
		used := make([]bool, b.neurons)
		for _, c := range from.Columns {
			if c[0] < 0 || int(c[0]) >= b.neurons || used[c[0]] || b.cores[number] == nil {
				return fmt.Errorf("%s: cores[%d] has column %d; want 0..%d, each once, of a core that has a memory", besideName, k, c[0], b.neurons-1)
			}
			used[c[0]] = true
		}
		b.used[number] = used
	}
	if err := b.checkLeftOut(); err != nil {
		return err
	}
	b.l = &layout.Layout{
		Chip: beside.Chip, Capabilities: beside.Capabilities, Network: beside.Network, Encoder: beside.Encoder, Inputs: beside.Inputs,
		Layers: beside.Layers, Readout: beside.Readout, Classes: beside.Classes, OutputBias: beside.OutputBias, Schedule: beside.Schedule,
	}
	return nil
}

// checkLeftOut demands that neurons which the file does not name are empty, and
// that the others have their memory.
func (b *rancBuild) checkLeftOut() error {
	for number, core := range b.cores {
		if core == nil {
			continue
		}
		if core.neurons == nil && len(b.used[number]) > 0 { // read as empty: all neurons idle
			core.neurons, core.connections = make([]rancNeuron, b.neurons), layout.NewPlane(b.axons, b.neurons)
			for n := range core.neurons {
				core.neurons[n] = rancIdle
			}
			core.where = func(n int) string { return fmt.Sprintf("%s: neuron %d", csramName(number), n) }
		}
		for n := range core.neurons {
			if used := b.used[number]; core.neurons[n] != rancIdle && (used == nil || !used[n]) {
				return fmt.Errorf("%s: a neuron that %s does not name; export the layout again, or take that file away to import plain RANC", core.where(n), besideName)
			}
		}
	}
	return nil
}

// finishBeside puts labels, levels and maps on what the memories gave.
func (b *rancBuild) finishBeside(beside *rancBeside) error {
	for k, from := range beside.Cores {
		core := &b.l.Cores[k]
		for _, a := range from.Axons {
			if a[0] < 0 || int(a[0]) >= b.axons {
				return fmt.Errorf("%s: cores[%d] has axon %d; want 0..%d", besideName, k, a[0], b.axons-1)
			}
			core.Axons[a[0]].Label = layout.Label{Layer: a[1], Neuron: a[2]}
		}
		if memory := b.cores[b.numbers[k]]; memory != nil {
			for a, t := range memory.types {
				core.Axons[a].Type = t
			}
		}
		for _, c := range from.Columns {
			column := &core.Columns[c[0]]
			column.Label, column.Level = layout.Label{Layer: c[1], Neuron: c[2]}, c[3]
		}
		for _, n := range from.Zero {
			if n < 0 || int(n) >= b.neurons || core.Columns[n].Reset != layout.Clear || core.Columns[n].Role != layout.Spiking {
				return fmt.Errorf("%s: cores[%d]: column %d is to reset to zero; want one that its memory lets clear", besideName, k, n)
			}
			column := &core.Columns[n]
			column.Reset = layout.ToZero
			column.Dynamics = layout.Dynamics{Floor: layout.Bounce, Beta: -b.cores[b.numbers[k]].neurons[n].negative}
		}
	}
	for _, e := range beside.InputMap {
		b.l.InputMap = append(b.l.InputMap, layout.InputEntry{Input: e[0], Core: e[1], Axon: e[2], Delay: e[3]})
	}
	for _, e := range beside.OutputMap {
		b.l.OutputMap = append(b.l.OutputMap, layout.OutputEntry{Core: e[0], Column: e[1], Class: e[2]})
	}
	return b.checkBus()
}

// checkBus demands that the columns which the memories send to the bus are the ones
// that the host reads, under the same line.
func (b *rancBuild) checkBus() error {
	lines := map[layout.Link]int32{}
	for _, e := range b.l.OutputMap {
		lines[layout.Link{Core: e.Core, Column: e.Column}] = busLine(b.l, e.Class)
	}
	for _, o := range b.outputs {
		at := layout.Link{Core: o.Core, Column: o.Column}
		if line, read := lines[at]; !read || line != o.Index {
			return fmt.Errorf("%s: core %d column %d spikes to output %d, which its output map does not say; export the layout again, or take the file away to import plain RANC", besideName, o.Core, o.Column, o.Index)
		}
		delete(lines, at)
	}
	for _, e := range b.l.OutputMap {
		if _, left := lines[layout.Link{Core: e.Core, Column: e.Column}]; left {
			return fmt.Errorf("%s: its output map reads core %d column %d, which does not spike to the output bus; export the layout again", besideName, e.Core, e.Column)
		}
	}
	return nil
}

// encodeBeside gives the bytes of the file.
func (b *rancBeside) encode() ([]byte, error) {
	text, err := json.Marshal(b)
	return append(text, '\n'), err
}
