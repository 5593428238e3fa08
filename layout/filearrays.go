package layout

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/internal/container"
)

// columnFields is the one list of arrays that hold one int32 a column, in
// shape [cores][neurons].
var columnFields = []struct {
	name string
	get  func(*Column) int32
	set  func(*Column, int32) bool // false: the value fits no column
}{
	{"role", func(c *Column) int32 { return int32(c.Role) }, func(c *Column, v int32) bool { c.Role = Role(v); return int32(c.Role) == v }},
	{"reset", func(c *Column) int32 { return int32(c.Reset) }, func(c *Column, v int32) bool { c.Reset = Reset(v); return int32(c.Reset) == v }},
	{"theta", func(c *Column) int32 { return c.Theta }, func(c *Column, v int32) bool { c.Theta = v; return true }},
	{"leak", func(c *Column) int32 { return c.Leak }, func(c *Column, v int32) bool { c.Leak = v; return true }},
	{"level", func(c *Column) int32 { return c.Level }, func(c *Column, v int32) bool { c.Level = v; return true }},
	{"psum_core", func(c *Column) int32 { return c.Psum.Core }, func(c *Column, v int32) bool { c.Psum.Core = v; return true }},
	{"psum_column", func(c *Column) int32 { return c.Psum.Column }, func(c *Column, v int32) bool { c.Psum.Column = v; return true }},
	{"label_layer", func(c *Column) int32 { return c.Label.Layer }, func(c *Column, v int32) bool { c.Label.Layer = v; return true }},
	{"label_neuron", func(c *Column) int32 { return c.Label.Neuron }, func(c *Column, v int32) bool { c.Label.Neuron = v; return true }},
}

// arrays are all numbers of the image, structs turned into arrays.
func (l *Layout) arrays() []container.Array {
	list := append(l.coreArrays(), l.columnArrays()...)
	list = append(list, l.destArrays()...)
	inputs := make([]int32, 0, 4*len(l.InputMap))
	for _, e := range l.InputMap {
		inputs = append(inputs, e.Input, e.Core, e.Axon, e.Delay)
	}
	outputs := make([]int32, 0, 3*len(l.OutputMap))
	for _, e := range l.OutputMap {
		outputs = append(outputs, e.Core, e.Column, e.Class)
	}
	controls := make([]int32, 0, 3*len(l.Schedule.Controls))
	for _, e := range l.Schedule.Controls {
		controls = append(controls, e.Tick, e.Core, e.Axon)
	}
	return append(list,
		container.FromInt32("input_map", []int{len(l.InputMap), 4}, inputs),
		container.FromInt32("output_map", []int{len(l.OutputMap), 3}, outputs),
		container.FromInt32("controls", []int{len(l.Schedule.Controls), 3}, controls))
}

// coreArrays are places, axons and planes.
func (l *Layout) coreArrays() []container.Array {
	cores, axons := len(l.Cores), l.Capabilities.Core.Axons
	var xy, labels []int32
	var types []uint8
	for c := range l.Cores {
		core := &l.Cores[c]
		xy = append(xy, int32(core.X), int32(core.Y))
		for _, a := range core.Axons {
			labels = append(labels, a.Label.Layer, a.Label.Neuron)
			types = append(types, a.Type)
		}
	}
	list := []container.Array{
		container.FromInt32("core_xy", []int{cores, 2}, xy),
		container.FromInt32("axon_label", []int{cores, axons, 2}, labels),
	}
	if l.Capabilities.Core.SynapseMode == hwmodel.TypedBinary {
		list = append(list, container.FromUint8("axon_type", []int{cores, axons}, types))
	}
	for p, name := range PlaneNames(l.Capabilities.Core) {
		list = append(list, l.planeArray(p, name))
	}
	return list
}

// planeArray is plane p of all cores: [cores][axons][bytes of a row], column
// c at bit c%8 of byte c/8.
func (l *Layout) planeArray(p int, name string) container.Array {
	axons, width := l.Capabilities.Core.Axons, rowBytes(l.Capabilities.Core.Neurons)
	data := make([]uint8, 0, len(l.Cores)*axons*width)
	for c := range l.Cores {
		plane := l.Cores[c].Planes[p]
		for a := range axons {
			row := plane.Row(a)
			for b := range width {
				data = append(data, uint8(row[b/8]>>(b%8*8)))
			}
		}
	}
	return container.FromUint8(name, []int{len(l.Cores), axons, width}, data)
}

func rowBytes(columns int) int { return (columns + 7) / 8 }

// columnArrays are the neuron columns without their destinations.
func (l *Layout) columnArrays() []container.Array {
	shape := []int{len(l.Cores), l.Capabilities.Core.Neurons}
	var list []container.Array
	for _, field := range columnFields {
		var values []int32
		for c := range l.Cores {
			for n := range l.Cores[c].Columns {
				values = append(values, field.get(&l.Cores[c].Columns[n]))
			}
		}
		list = append(list, container.FromInt32(field.name, shape, values))
	}
	if dynamics, any := l.dynamicsArray(); any {
		list = append(list, dynamics)
	}
	if l.Capabilities.Core.SynapseMode != hwmodel.TypedBinary {
		return list
	}
	var weights []int32
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			weights = append(weights, l.Cores[c].Columns[n].TypeWeights[:]...)
		}
	}
	return append(list, container.FromInt32("type_weights", append(shape, AxonTypes), weights))
}

// dynamicsArray is [cores][neurons][fields of dynamicsFields]. Files of images
// without dynamics do not have it.
func (l *Layout) dynamicsArray() (a container.Array, any bool) {
	var values []int64
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			d := &l.Cores[c].Columns[n].Dynamics
			any = any || *d != (Dynamics{})
			for _, f := range dynamicsFields {
				values = append(values, f.get(d))
			}
		}
	}
	shape := []int{len(l.Cores), l.Capabilities.Core.Neurons, len(dynamicsFields)}
	return container.FromInt64(dynamicsName, shape, values), any
}

// dynamicsName is the array of neuron dynamics.
const dynamicsName = "dynamics"

// destArrays are the destinations of all columns, one list after another:
// those of column n of core c are start[c*neurons+n] up to the next start.
func (l *Layout) destArrays() []container.Array {
	start := []int64{0}
	var core, axon, delay []int32
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			for _, d := range l.Cores[c].Columns[n].Dests {
				core, axon, delay = append(core, d.Core), append(axon, d.Axon), append(delay, d.Delay)
			}
			start = append(start, int64(len(core)))
		}
	}
	shape := []int{len(core)}
	return []container.Array{
		container.FromInt64("dest_start", []int{len(start)}, start),
		container.FromInt32("dest_core", shape, core),
		container.FromInt32("dest_axon", shape, axon),
		container.FromInt32("dest_delay", shape, delay),
	}
}

// decodeArrays fills the image. Every array's shape is compared with the
// capabilities before anything is made of that size, so memory is bounded by
// the bytes that are really there.
func (l *Layout) decodeArrays(f *container.File) error {
	r := &arrayReader{file: f}
	caps := l.Capabilities.Core
	if err := checkForm(caps); err != nil {
		return err
	}
	cores := len(r.int32s("core_xy", anyLength, 2)) / 2
	arrays := r.columns(cores, caps)
	planes := r.planes(cores, caps)
	labels := r.int32s("axon_label", cores, caps.Axons, 2)
	types := r.axonTypes(cores, caps)
	if r.err != nil {
		return r.err
	}
	xy := r.int32s("core_xy", cores, 2)
	for c := range cores {
		core := NewCore(caps)
		core.X, core.Y = int(xy[2*c]), int(xy[2*c+1])
		for a := range core.Axons {
			i := c*caps.Axons + a
			core.Axons[a] = Axon{types.at(i), Label{labels[2*i], labels[2*i+1]}}
		}
		for n := range core.Columns {
			if err := arrays.fill(&core.Columns[n], c*caps.Neurons+n); err != nil {
				return fmt.Errorf("layout: core %d column %d: %w", c, n, err)
			}
		}
		for p := range core.Planes {
			if err := fillPlane(core.Planes[p], planes[p], c*caps.Axons, caps); err != nil {
				return fmt.Errorf("layout: core %d: plane %q: %w", c, PlaneNames(caps)[p], err)
			}
		}
		l.Cores = append(l.Cores, core)
	}
	l.decodePorts(r)
	return r.finish()
}

// decodePorts fills the host's maps and control spikes.
func (l *Layout) decodePorts(r *arrayReader) {
	for v := r.int32s("input_map", anyLength, 4); len(v) > 0; v = v[4:] {
		l.InputMap = append(l.InputMap, InputEntry{v[0], v[1], v[2], v[3]})
	}
	for v := r.int32s("output_map", anyLength, 3); len(v) > 0; v = v[3:] {
		l.OutputMap = append(l.OutputMap, OutputEntry{v[0], v[1], v[2]})
	}
	for v := r.int32s("controls", anyLength, 3); len(v) > 0; v = v[3:] {
		l.Schedule.Controls = append(l.Schedule.Controls, Control{v[0], v[1], v[2]})
	}
}

// fillPlane copies the rows of one core, from row first of the array on.
func fillPlane(plane Plane, data []uint8, first int, caps hwmodel.Core) error {
	width := rowBytes(caps.Neurons)
	for a := range caps.Axons {
		row, words := data[(first+a)*width:][:width], plane.Row(a)
		for b, v := range row {
			words[b/8] |= uint64(v) << (b % 8 * 8)
		}
		if spare := caps.Neurons % 8; spare != 0 && row[width-1]>>spare != 0 {
			return fmt.Errorf("row %d has a bit beyond column %d; want zeros there", a, caps.Neurons-1)
		}
	}
	return nil
}
