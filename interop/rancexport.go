package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"tritloom/hwmodel"
	"tritloom/internal/container"
	"tritloom/layout"
)

// ExportRANC gives a layout as the files of a RANC folder: core memories, the
// input and configuration of RANC's simulator, and tritloom.json with what these
// have no field for. ImportRANC reads the same layout back; what RANC cannot hold
// is refused with its place. The files are read back and compared before they are
// returned.
//
// The grid is the smallest one around the layout's places, with a row more if the
// output bus finds no free place in it. Classes become lines of the bus by their
// number. RANC declares potentials of 9 bits: sums beyond them are its simulator's
// to hold, and are not checked here.
func ExportRANC(l *layout.Layout) ([]container.NamedFile, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	e := &rancExport{l: l, lines: map[layout.Link]int32{}}
	for _, step := range []func() error{e.checkChip, e.findGrid, e.findLines, e.makeCores} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	files, err := e.files()
	if err != nil {
		return nil, err
	}
	folder := memoryFolder{}
	for _, f := range files {
		folder[f.Name] = f.Data
	}
	back, err := importFolder(folder, DefaultRANCOptions())
	if err != nil {
		return nil, fmt.Errorf("RANC does not hold this layout: %w", err)
	}
	if back.Layout.Hash() != l.Hash() {
		return nil, fmt.Errorf("RANC does not hold this layout exactly: it reads back as %s, not %s", back.Layout.Hash(), l.Hash())
	}
	return files, nil
}

// rancExport is an export under way.
type rancExport struct {
	ranc
	l     *layout.Layout
	lines map[layout.Link]int32 // of the columns that the host reads
}

// checkChip refuses chips whose cores work another way.
func (e *rancExport) checkChip() error {
	caps := &e.l.Capabilities
	chip := fmt.Sprintf("chip %q", e.l.Chip)
	switch {
	case caps.Core.SynapseMode != hwmodel.TypedBinary:
		return fmt.Errorf("%s: %s synapses; RANC has %s ones; compile for a chip that has them, such as truenorth", chip, caps.Core.SynapseMode, hwmodel.TypedBinary)
	case caps.Host.WaveGate:
		return fmt.Errorf("%s: a wave gate; RANC evaluates every neuron on every tick; compile for a chip without one, such as truenorth", chip)
	case caps.Spikes.AxonMerge != hwmodel.MergeOr:
		return fmt.Errorf("%s: spikes that meet on an axon become %q; in RANC they become one, %q", chip, caps.Spikes.AxonMerge, hwmodel.MergeOr)
	}
	e.axons, e.neurons, e.delayMax = caps.Core.Axons, caps.Core.Neurons, 1<<rancTickBits
	return nil
}

// findGrid finds the smallest grid, and a place for the bus.
func (e *rancExport) findGrid() error {
	taken := map[[2]int]bool{}
	for c := range e.l.Cores {
		core := &e.l.Cores[c]
		e.width, e.height = max(e.width, core.X+1), max(e.height, core.Y+1)
		taken[[2]int{core.X, core.Y}] = true
	}
	if e.width == 0 {
		return fmt.Errorf("layout: no cores; RANC has at least one")
	}
	e.bus = [2]int{0, e.height}
	for i := range e.width * e.height {
		if at := [2]int{i % e.width, i / e.width}; !taken[at] {
			e.bus = at
			break
		}
	}
	e.height = max(e.height, e.bus[1]+1)
	if err := e.checkSize(len(e.l.Cores)); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	e.cores = make([]*rancCore, e.width*e.height)
	return nil
}

// busLine is the line of the bus that stands for a class: its number, or what an
// import called it.
func busLine(l *layout.Layout, class int32) int32 {
	if l.Readout.Name == rancBus && int(class) < len(l.Classes) {
		if line, err := strconv.ParseUint(l.Classes[class], 10, 16); err == nil {
			return int32(line)
		}
	}
	return class
}

func (e *rancExport) findLines() error {
	most := int32(1)<<indexBits(e.axons) - 1
	e.outputs = 1
	for _, o := range e.l.OutputMap {
		at := layout.Link{Core: o.Core, Column: o.Column}
		line := busLine(e.l, o.Class)
		if line > most {
			return fmt.Errorf("core %d column %d: read as output %d; RANC's destination axon holds 0..%d for cores of %d axons", at.Core, at.Column, line, most, e.axons)
		}
		if _, twice := e.lines[at]; twice {
			return fmt.Errorf("core %d column %d: read for two classes; RANC sends a spike to one place", at.Core, at.Column)
		}
		e.lines[at] = line
		e.outputs = max(e.outputs, int(line)+1)
	}
	return nil
}

// makeCores fills the grid.
func (e *rancExport) makeCores() error {
	for c := range e.l.Cores {
		from := &e.l.Cores[c]
		core := &rancCore{x: from.X, y: from.Y, connections: from.Planes[0]}
		for _, a := range from.Axons {
			core.types = append(core.types, a.Type)
		}
		for n := range from.Columns {
			v := rancIdle
			if column := &from.Columns[n]; column.Role != layout.Unused {
				var err error
				if v, err = e.neuron(layout.Link{Core: int32(c), Column: int32(n)}); err != nil {
					return fmt.Errorf("core %d column %d: %w", c, n, err)
				}
			}
			core.neurons = append(core.neurons, v)
		}
		e.cores[core.x+e.width*core.y] = core
	}
	return nil
}

// neuron is a column as RANC's fields.
func (e *rancExport) neuron(at layout.Link) (v rancNeuron, err error) {
	column, from := e.l.Column(at), &e.l.Cores[at.Core]
	d := column.Dynamics
	v = rancNeuron{potential: d.Initial, reset: d.ResetTo, leak: column.Leak, positive: column.Theta, negative: -d.Beta, weights: column.TypeWeights}
	if err := holdable(column); err != nil {
		return v, err
	}
	switch column.Reset {
	case layout.Clear:
		v.negative = column.Theta // a potential that does not fire is below it, and is reset too
	case layout.Subtract:
		v.linear = true
	}
	line, read := e.lines[at]
	switch {
	case read && len(column.Dests) > 0:
		return v, fmt.Errorf("read by the host and spikes to %d axons; RANC sends a spike to one place", len(column.Dests))
	case len(column.Dests) > 1:
		return v, fmt.Errorf("%d destinations; RANC has one", len(column.Dests))
	case read:
		v.dx, v.dy, v.axon = int32(e.bus[0]-from.X), int32(e.bus[1]-from.Y), line
	case len(column.Dests) == 0:
		return v, fmt.Errorf("spikes to nowhere; RANC sends every spike to an axon or to the output bus")
	default:
		to := column.Dests[0]
		v.dx, v.dy = int32(e.l.Cores[to.Core].X-from.X), int32(e.l.Cores[to.Core].Y-from.Y)
		v.axon, v.tick = to.Axon, to.Delay-1
	}
	return v, e.checkFields(&v)
}

// holdable refuses what RANC's neurons do not do.
func holdable(column *layout.Column) error {
	d := &column.Dynamics
	switch {
	case column.Role != layout.Spiking:
		return fmt.Errorf("a %s column; RANC's neurons spike", column.Role)
	case d.Stochastic():
		return fmt.Errorf("stochastic; RANC's neurons draw no random numbers")
	case d.LeakReversal:
		return fmt.Errorf("a leak that follows the sign of the potential; RANC's leak does not")
	case d.Current, d.PotentialDecay != 0:
		return fmt.Errorf("a current or a decay; RANC has neither")
	case d.Refractory != 0:
		return fmt.Errorf("rests for %d ticks after a spike; RANC's neurons do not", d.Refractory)
	case column.Reset == layout.Keep:
		return fmt.Errorf("reset %s; RANC has clear, zero and subtract", column.Reset)
	case column.Reset != layout.Clear && d.Floor != layout.Bounce:
		return fmt.Errorf("reset %s with floor %s; RANC resets below a negative threshold, which is floor bounce", column.Reset, d.Floor)
	}
	return nil
}

// checkFields compares every field with its width.
func (e *rancExport) checkFields(v *rancNeuron) error {
	low, high := hwmodel.SignedRange(rancFieldBits)
	for _, f := range []struct {
		name  string
		value int32
	}{
		{"initial potential", v.potential}, {"reset potential", v.reset}, {"weight of type 0", v.weights[0]}, {"weight of type 1", v.weights[1]},
		{"weight of type 2", v.weights[2]}, {"weight of type 3", v.weights[3]}, {"leak", v.leak}, {"threshold", v.positive},
		{"negative threshold", v.negative}, {"dx to its destination", v.dx}, {"dy to its destination", v.dy},
	} {
		if int64(f.value) < low || int64(f.value) > high {
			return fmt.Errorf("%s %d; RANC's field holds %d..%d", f.name, f.value, low, high)
		}
	}
	if int(v.tick) >= e.delayMax {
		return fmt.Errorf("a delay of %d ticks; RANC holds 1..%d", v.tick+1, e.delayMax)
	}
	return nil
}

// files are all of them, by name.
func (e *rancExport) files() ([]container.NamedFile, error) {
	var list []container.NamedFile
	empty := &rancCore{connections: layout.NewPlane(e.axons, e.neurons), neurons: make([]rancNeuron, e.neurons), types: make([]uint8, e.axons)}
	for n := range empty.neurons {
		empty.neurons[n] = rancIdle
	}
	for number, core := range e.cores {
		if core == nil {
			core = empty
		}
		list = append(list, container.NamedFile{Name: csramName(number), Data: e.memory(core)}, container.NamedFile{Name: typesName(number), Data: typesText(core)})
	}
	input, config := e.simulator()
	for _, f := range []struct {
		name  string
		value any
	}{{rancConfig, config}, {rancInput, input}} {
		text, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		list = append(list, container.NamedFile{Name: f.name, Data: append(text, '\n')})
	}
	beside, err := besideOf(e.l, [2]int{e.width, e.height}, e.bus).encode()
	return append(list, container.NamedFile{Name: besideName, Data: beside}), err
}

// memory is the text of a csram file.
func (e *rancExport) memory(core *rancCore) []byte {
	var w bitWriter
	for n, v := range core.neurons {
		for a := e.axons - 1; a >= 0; a-- {
			w.put(truth(core.connections.Get(a, n)), 1)
		}
		w.put(v.potential, rancFieldBits)
		w.put(v.reset, rancFieldBits)
		for _, weight := range v.weights {
			w.put(weight, rancFieldBits)
		}
		w.put(v.leak, rancFieldBits)
		w.put(v.positive, rancFieldBits)
		w.put(v.negative, rancFieldBits)
		w.put(truth(v.linear), 1)
		w.put(v.dx, rancFieldBits)
		w.put(v.dy, rancFieldBits)
		w.put(v.axon, indexBits(e.axons))
		w.put(v.tick, rancTickBits)
		w.text = append(w.text, '\n')
	}
	return w.text
}

func truth(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// typesText is the text of a tc file.
func typesText(core *rancCore) []byte {
	var w bitWriter
	for _, t := range core.types {
		w.put(int32(t), 2)
		w.text = append(w.text, '\n')
	}
	return bytes.Clone(w.text)
}

// simulator is the same grid as the simulator's JSON; it takes places that are not
// named for empty cores.
func (e *rancExport) simulator() (*rancJSONInput, *rancJSONConfig) {
	place := [2]int32{int32(e.bus[0]), int32(e.bus[1])}
	outputs := int32(e.outputs)
	input := &rancJSONInput{Packets: [][]rancJSONPacket{}, Bus: &rancJSONBus{&place, &outputs}}
	// The scheduler of n slots holds destination ticks up to n - 2 and no longer ones.
	config := &rancJSONConfig{Neurons: e.neurons, Axons: e.axons, Width: e.width, Height: e.height, Weights: layout.AxonTypes, MaxOffset: e.delayMax + 1}
	for _, core := range e.cores {
		if core == nil {
			continue
		}
		at := [2]int32{int32(core.x), int32(core.y)}
		made := rancJSONCore{At: &at, Axons: []int32{}, Neurons: []rancJSONNeuron{}, Connections: [][]int8{}}
		for _, t := range core.types {
			made.Axons = append(made.Axons, int32(t))
		}
		for n := range core.neurons {
			v := core.neurons[n]
			mode, offset := truth(v.linear), [2]int32{v.dx, v.dy}
			made.Neurons = append(made.Neurons, rancJSONNeuron{
				ResetPotential: &v.reset, Weights: v.weights[:], Leak: &v.leak, Positive: &v.positive, Negative: &v.negative,
				Offset: &offset, Axon: &v.axon, Tick: &v.tick, Potential: &v.potential, ResetMode: &mode,
			})
			row := make([]int8, e.axons)
			for a := range row {
				row[a] = int8(truth(core.connections.Get(a, n)))
			}
			made.Connections = append(made.Connections, row)
		}
		input.Cores = append(input.Cores, made)
	}
	return input, config
}
