package interop

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"tritloom/layout"
	"tritloom/layout/replay"
)

// rancBus is the name of the readout of imported layouts; its classes are the
// columns that spike to the bus, and a class is named after its bus line.
const rancBus = "bus"

// rancBuild turns a grid into a layout.
type rancBuild struct {
	*ranc
	l       *layout.Layout
	used    map[int][]bool // by core number: which neurons are not left out
	numbers []int          // core numbers, by logical number
	logical map[int]int32  // and back
	outputs []replay.Output
	notes   []string
}

// build makes the layout, and the case if there is a record. Without beside, the
// layout has labels and maps made up of places.
func (g *ranc) build(record *rancRecord, after int, beside *rancBeside) (*RANC, error) {
	b := &rancBuild{ranc: g, used: map[int][]bool{}, logical: map[int]int32{}}
	steps := []func() error{b.findUsed, b.checkDestinations, b.checkPackets, b.findCores, b.makeChip, b.makeColumns, b.makeInputs, b.makeOutputs}
	if beside != nil {
		steps = []func() error{
			func() error { return b.takeBeside(beside) }, b.checkDestinations, b.checkPackets, b.makeColumns,
			func() error { return b.finishBeside(beside) },
		}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if err := b.l.Validate(); err != nil {
		if beside != nil {
			return nil, fmt.Errorf("%s: does not fit the core memories: %w; take the file away to import plain RANC", besideName, err)
		}
		return nil, fmt.Errorf("the grid is no layout: %w", err)
	}
	r := &RANC{Layout: b.l, Notes: b.notes}
	if record == nil {
		return r, nil
	}
	c, err := b.record(record, after)
	if err != nil {
		return nil, err
	}
	r.Case = c
	return r, nil
}

// findUsed marks the neurons that may fire.
func (b *rancBuild) findUsed() error {
	for number, core := range b.cores {
		if core == nil || core.neurons == nil {
			continue
		}
		connected := make([]bool, b.neurons)
		for a := range b.axons {
			for n := range connected {
				connected[n] = connected[n] || core.connections.Get(a, n)
			}
		}
		used := make([]bool, b.neurons)
		for n := range used {
			used[n] = connected[n] || b.mayFireAlone(&core.neurons[n])
			if used[n] && [2]int{core.x, core.y} == b.bus {
				return fmt.Errorf("%s: a neuron at %d,%d, where the output bus is; say where the bus is, or empty the core", core.where(n), core.x, core.y)
			}
		}
		if slices.Contains(used, true) {
			b.used[number] = used
		}
	}
	return nil
}

// mayFireAlone tells whether a neuron without connections might ever fire: one
// that comes to rest in a few ticks never does.
func (b *rancBuild) mayFireAlone(n *rancNeuron) bool {
	v := int64(n.potential)
	for range 8 {
		before := v
		v += int64(n.leak)
		switch {
		case v >= int64(n.positive):
			return true
		case v < int64(n.negative), v == int64(n.negative) && b.symmetric:
			if n.linear {
				v -= int64(n.negative)
			} else {
				v = -int64(n.reset)
			}
		}
		if v == before {
			return false
		}
	}
	return true
}

// target is where a neuron of a core spikes to.
func (b *rancBuild) target(core *rancCore, n int) (number int, bus bool) {
	x, y := core.x+int(core.neurons[n].dx), core.y+int(core.neurons[n].dy)
	return x + b.width*y, [2]int{x, y} == b.bus
}

// checkDestinations demands that every spike arrives somewhere.
func (b *rancBuild) checkDestinations() error {
	return b.eachUsed(func(core *rancCore, n int) error {
		v := &core.neurons[n]
		x, y := core.x+int(v.dx), core.y+int(v.dy)
		_, bus := b.target(core, n)
		lines := b.axons
		if bus {
			lines = b.ranc.outputs
		}
		switch {
		case !bus && !b.inside(x, y):
			return fmt.Errorf("%s: spikes to %d,%d; want a core of the grid of %d×%d or the output bus at %d,%d; correct dx and dy, or the grid or the bus", core.where(n), x, y, b.width, b.height, b.bus[0], b.bus[1])
		case v.axon < 0 || int(v.axon) >= lines:
			what := "axon"
			if bus {
				what = "output"
			}
			return fmt.Errorf("%s: spikes to %s %d; want 0..%d; correct the destination axon", core.where(n), what, v.axon, lines-1)
		case v.tick < 0 || int(v.tick) >= b.delayMax:
			return fmt.Errorf("%s: destination tick %d; want 0..%d, what the scheduler holds", core.where(n), v.tick, b.delayMax-1)
		case b.symmetric && v.linear && v.negative != 0:
			return fmt.Errorf("%s: linear reset with negative_threshold %d and neuron_reset_type 1, which resets at the threshold too; only 0 is exact there; use neuron_reset_type 0, or threshold 0", core.where(n), v.negative)
		}
		return nil
	})
}

// eachUsed visits the used neurons by core number.
func (b *rancBuild) eachUsed(visit func(core *rancCore, n int) error) error {
	for number, core := range b.cores {
		for n, used := range b.used[number] {
			if !used {
				continue
			}
			if err := visit(core, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *rancBuild) checkPackets() error {
	for _, p := range b.packets {
		switch {
		case [2]int{int(p.x), int(p.y)} == b.bus:
			return fmt.Errorf("%s: a packet for %d,%d, where the output bus is; want a core", p.where, p.x, p.y)
		case !b.inside(int(p.x), int(p.y)):
			return fmt.Errorf("%s: a packet for %d,%d; want a core of the grid of %d×%d", p.where, p.x, p.y, b.width, b.height)
		case p.axon < 0 || int(p.axon) >= b.axons:
			return fmt.Errorf("%s: a packet for axon %d; want 0..%d", p.where, p.axon, b.axons-1)
		}
	}
	return nil
}

// findCores gives logical numbers to the cores that stay, in the order of their
// RANC numbers, which is the order in which they emit.
func (b *rancBuild) findCores() error {
	stay := map[int]bool{}
	for number := range b.used {
		stay[number] = true
	}
	for _, p := range b.packets {
		stay[int(p.x)+b.width*int(p.y)] = true
	}
	err := b.eachUsed(func(core *rancCore, n int) error {
		if number, bus := b.target(core, n); !bus {
			stay[number] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	for number := range b.cores {
		if stay[number] {
			b.logical[number] = int32(len(b.numbers))
			b.numbers = append(b.numbers, number)
		}
	}
	switch left := len(b.cores) - len(b.numbers); {
	case len(b.numbers) == 0:
		return fmt.Errorf("no neuron on the grid of %d×%d can fire; want at least one", b.width, b.height)
	case left > 0:
		b.notes = append(b.notes, fmt.Sprintf("%d of %d places of the grid are empty, reached by nothing and left out", left, len(b.cores)))
	}
	if err := b.checkSize(len(b.numbers)); err != nil {
		return err
	}
	return nil
}

// makeColumns fills the cores with what RANC's fields say.
func (b *rancBuild) makeColumns() error {
	for k, number := range b.numbers {
		core := layout.NewCore(b.l.Capabilities.Core)
		core.X, core.Y = number%b.width, number/b.width
		if from := b.cores[number]; from != nil {
			for n, used := range b.used[number] {
				if used {
					core.Columns[n] = b.column(from, n)
					core.Columns[n].Label = layout.Label{Layer: int32(k), Neuron: int32(n)}
				}
			}
			if from.neurons != nil {
				core.Planes[0] = from.connections
			}
		}
		b.l.Cores = append(b.l.Cores, core)
	}
	return nil
}

// column is a neuron as a column, without its label; spikes to the bus are noted.
func (b *rancBuild) column(core *rancCore, n int) layout.Column {
	v := &core.neurons[n]
	negative := v.negative
	if b.symmetric && !v.linear {
		negative++ // V <= N is V < N+1; linear ones are 0, where both are the same
	}
	c := layout.Column{Role: layout.Spiking, Theta: v.positive, Leak: v.leak, TypeWeights: v.weights, Psum: layout.NoLink}
	switch {
	case !v.linear && v.reset == 0 && v.potential == 0 && negative >= v.positive:
		c.Reset = layout.Clear
	case v.linear:
		c.Reset = layout.Subtract
		c.Dynamics = layout.Dynamics{Initial: v.potential, Floor: layout.Bounce, Beta: -negative}
	default:
		c.Reset = layout.ToZero
		c.Dynamics = layout.Dynamics{Initial: v.potential, ResetTo: v.reset, Floor: layout.Bounce, Beta: -negative}
	}
	number, bus := b.target(core, n)
	if bus {
		at := b.logical[core.x+b.width*core.y]
		b.outputs = append(b.outputs, replay.Output{Core: at, Column: int32(n), Index: v.axon})
	} else {
		c.Dests = []layout.Dest{{Core: b.logical[number], Axon: v.axon, Delay: v.tick + 1}}
	}
	return c
}

// makeInputs labels axons by what feeds them. An axon that has a synapse and that
// no neuron feeds is an input, and so is one that a packet names.
func (b *rancBuild) makeInputs() error {
	l := b.l
	stimulated := map[[2]int32]bool{}
	for _, p := range b.packets {
		stimulated[[2]int32{b.logical[int(p.x)+b.width*int(p.y)], p.axon}] = true
	}
	for c := range l.Cores {
		l.Layers = append(l.Layers, layout.LayerLabel{Name: fmt.Sprintf("core%d", b.numbers[c]), Neurons: b.neurons})
		for n := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[n]
			for _, d := range column.Dests {
				if axon := &l.Cores[d.Core].Axons[d.Axon]; axon.Label == layout.NoLabel { // the first that feeds it
					axon.Label = column.Label
				}
			}
		}
	}
	for c := range l.Cores {
		core := &l.Cores[c]
		for a := range core.Axons {
			axon := &core.Axons[a]
			connected := slices.ContainsFunc(core.Planes[0].Row(a), func(w uint64) bool { return w != 0 })
			named := stimulated[[2]int32{int32(c), int32(a)}]
			if named || connected && axon.Label == layout.NoLabel {
				input := int32(len(l.InputMap))
				l.InputMap = append(l.InputMap, layout.InputEntry{Input: input, Core: int32(c), Axon: int32(a)})
				if axon.Label == layout.NoLabel {
					axon.Label = layout.Label{Layer: layout.InputLabel, Neuron: input}
				}
			}
			if from := b.cores[b.numbers[c]]; axon.Label != layout.NoLabel && from != nil && from.types != nil {
				axon.Type = from.types[a]
			}
		}
	}
	l.Inputs = max(1, len(l.InputMap))
	return nil
}

// makeOutputs lets the host read the columns that spike to the bus.
func (b *rancBuild) makeOutputs() error {
	l := b.l
	l.Readout.Name = rancBus
	l.Schedule = layout.Schedule{TicksPerInference: 1, InitiationInterval: 1}
	if len(b.outputs) == 0 {
		return nil
	}
	l.Schedule.OutputTicks = 1
	byIndex := slices.Clone(b.outputs)
	slices.SortFunc(byIndex, func(x, y replay.Output) int {
		return cmp.Or(cmp.Compare(x.Index, y.Index), cmp.Compare(x.Core, y.Core), cmp.Compare(x.Column, y.Column))
	})
	for class, o := range byIndex {
		l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: o.Core, Column: o.Column, Class: int32(class)})
		l.Classes = append(l.Classes, strconv.Itoa(int(o.Index)))
	}
	l.Readout.Neurons = len(byIndex)
	l.OutputBias = make([]int32, len(byIndex))
	return nil
}
