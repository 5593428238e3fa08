package layout

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/internal/container"
)

// arrayReader takes arrays of known shape out of a file and remembers the
// first thing that was wrong.
type arrayReader struct {
	file *container.File
	used []string
	err  error
}

// anyLength stands for an axis whose extent the file decides.
const anyLength = -1

// array finds an array and compares its shape with what is wanted.
func (r *arrayReader) array(name string, shape ...int) *container.Array {
	if r.err != nil {
		return nil
	}
	a, err := r.file.Array(name)
	if err != nil {
		r.err = err
		return nil
	}
	if !slices.Contains(r.used, name) {
		r.used = append(r.used, name)
	}
	same := slices.EqualFunc(a.Shape, shape, func(got, want int) bool { return got == want || want == anyLength })
	if !same {
		r.err = fmt.Errorf("layout: array %q has shape %v; want %v, where %d stands for any length", name, a.Shape, shape, anyLength)
		return nil
	}
	return a
}

func (r *arrayReader) int32s(name string, shape ...int) []int32 {
	return take(r, r.array(name, shape...), container.Array.Int32s)
}

func (r *arrayReader) int64s(name string, shape ...int) []int64 {
	return take(r, r.array(name, shape...), container.Array.Int64s)
}

func (r *arrayReader) uint8s(name string, shape ...int) []uint8 {
	return take(r, r.array(name, shape...), container.Array.Uint8s)
}

func take[T any](r *arrayReader, a *container.Array, items func(container.Array) ([]T, error)) []T {
	if a == nil {
		return nil
	}
	v, err := items(*a)
	if err != nil {
		r.err = err
	}
	return v
}

// finish reports the first error, or an array that nobody asked for: nothing
// in a file is silently ignored.
func (r *arrayReader) finish() error {
	if r.err != nil {
		return r.err
	}
	for _, a := range r.file.Arrays {
		if !slices.Contains(r.used, a.Name) {
			return fmt.Errorf("layout: array %q is not part of a layout file; compile the layout again", a.Name)
		}
	}
	return nil
}

// planes reads the bit planes, one slice a plane.
func (r *arrayReader) planes(cores int, caps hwmodel.Core) [][]uint8 {
	var planes [][]uint8
	for _, name := range PlaneNames(caps) {
		planes = append(planes, r.uint8s(name, cores, caps.Axons, rowBytes(caps.Neurons)))
	}
	return planes
}

// axonTypes are the types of all axons, or none where the mode has none.
type axonTypes []uint8

func (r *arrayReader) axonTypes(cores int, caps hwmodel.Core) axonTypes {
	if caps.SynapseMode != hwmodel.TypedBinary {
		return nil
	}
	return r.uint8s("axon_type", cores, caps.Axons)
}

func (t axonTypes) at(i int) uint8 {
	if t == nil {
		return 0
	}
	return t[i]
}

// columnArrays are the arrays of neuron columns as read.
type columnArrays struct {
	fields            [][]int32 // in the order of columnFields
	weights           []int32   // typed-binary, else nil
	dynamics          []int64   // nil if the image has none
	start             []int64
	core, axon, delay []int32
}

func (r *arrayReader) columns(cores int, caps hwmodel.Core) *columnArrays {
	a := &columnArrays{}
	for _, field := range columnFields {
		a.fields = append(a.fields, r.int32s(field.name, cores, caps.Neurons))
	}
	if caps.SynapseMode == hwmodel.TypedBinary {
		a.weights = r.int32s("type_weights", cores, caps.Neurons, AxonTypes)
	}
	if _, err := r.file.Array(dynamicsName); err == nil {
		a.dynamics = r.int64s(dynamicsName, cores, caps.Neurons, len(dynamicsFields))
	}
	a.start = r.int64s("dest_start", cores*caps.Neurons+1)
	a.core = r.int32s("dest_core", anyLength)
	a.axon = r.int32s("dest_axon", len(a.core))
	a.delay = r.int32s("dest_delay", len(a.core))
	if r.err == nil {
		r.err = a.checkStart()
	}
	return a
}

// checkStart demands that the lists of destinations follow one another and
// hold all of them.
func (a *columnArrays) checkStart() error {
	last := len(a.start) - 1
	if a.start[0] != 0 || a.start[last] != int64(len(a.core)) {
		return fmt.Errorf("layout: dest_start runs from %d to %d; want 0 to %d", a.start[0], a.start[last], len(a.core))
	}
	for i := range last {
		if a.start[i+1] < a.start[i] {
			return fmt.Errorf("layout: dest_start falls from %d to %d at entry %d; want it never to fall", a.start[i], a.start[i+1], i+1)
		}
	}
	return nil
}

// fill makes column number i, counted over all cores.
func (a *columnArrays) fill(column *Column, i int) error {
	for f, field := range columnFields {
		if v := a.fields[f][i]; !field.set(column, v) {
			return fmt.Errorf("%s %d is no such number", field.name, v)
		}
	}
	if a.weights != nil {
		copy(column.TypeWeights[:], a.weights[i*AxonTypes:])
	}
	if a.dynamics != nil {
		for k, f := range dynamicsFields {
			if v := a.dynamics[i*len(dynamicsFields)+k]; !f.set(&column.Dynamics, v) {
				return fmt.Errorf("%s %d is no such number", f.word, v)
			}
		}
	}
	for d := a.start[i]; d < a.start[i+1]; d++ {
		column.Dests = append(column.Dests, Dest{a.core[d], a.axon[d], a.delay[d]})
	}
	return nil
}
