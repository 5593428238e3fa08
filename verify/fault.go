package verify

import (
	"fmt"
	"math/rand/v2"

	"tritloom/layout"
)

// FaultKind is the kind of cell a fault hits.
type FaultKind string

// Fault is a single flipped bit of an image: a crosspoint, or one bit of one
// field. Flipping it again repairs the image.
type Fault struct {
	Kind  FaultKind
	Core  int
	Index int    // axon, column, or map entry
	Sub   int    // column of a crosspoint's axon, or destination of a column
	Plane int    // bit plane of a crosspoint
	Field string // field of the cell
	Bit   uint   // bit of the field
}

// faultKinds is the one list of what can be hit: where a fault of the kind may
// sit, and how it is put in and taken out.
var faultKinds = []struct {
	kind FaultKind
	pick func(*layout.Layout, *rand.Rand) (Fault, bool)
	flip func(*layout.Layout, Fault)
}{
	{"crosspoint", pickCrosspoint, flipCrosspoint},
	{"role", pickColumn("role"), flipColumnByte},
	{"reset", pickColumn("reset"), flipColumnByte},
	{"threshold", pickColumn("theta"), flipWord(columnWord)},
	{"leak", pickColumn("leak"), flipWord(columnWord)},
	{"level", pickColumn("level"), flipWord(columnWord)},
	{"weight table", pickColumn("weight 0", "weight 1", "weight 2", "weight 3"), flipWord(columnWord)},
	{"dynamics", pickColumn("initial", "reset to", "beta"), flipWord(columnWord)},
	{"psum link", pickColumn("psum core", "psum column"), flipWord(columnWord)},
	{"column label", pickColumn("label layer", "label neuron"), flipWord(columnWord)},
	{"axon label", pickAxon("label layer", "label neuron"), flipWord(axonWord)},
	{"axon type", pickAxonType, flipAxonType},
	{"destination", pickDest("core", "axon"), flipWord(destWord)},
	{"delay", pickDest("delay"), flipWord(destWord)},
	{"input map", pickInput, flipWord(inputWord)},
	{"output map", pickOutput, flipWord(outputWord)},
	{"schedule", pickSchedule, flipSchedule},
	{"output bias", pickOutputBias, flipWord(outputBiasWord)},
	{"control spike", pickControl, flipWord(controlWord)},
}

// FaultKinds lists the kinds.
func FaultKinds() []FaultKind {
	var kinds []FaultKind
	for _, k := range faultKinds {
		kinds = append(kinds, k.kind)
	}
	return kinds
}

// RandomFault draws a fault of a kind, anywhere in the image, unused cells
// included; false if the image has no such cell.
func RandomFault(l *layout.Layout, kind FaultKind, stream *rand.Rand) (Fault, bool) {
	for _, k := range faultKinds {
		if k.kind == kind {
			f, ok := k.pick(l, stream)
			f.Kind = kind
			return f, ok
		}
	}
	panic("verify: unknown fault kind " + string(kind))
}

// Flip puts the fault into the image, or takes it out again.
func (f Fault) Flip(l *layout.Layout) {
	for _, k := range faultKinds {
		if k.kind == f.Kind {
			k.flip(l, f)
			return
		}
	}
	panic("verify: unknown fault kind " + string(f.Kind))
}

func flipWord(word func(*layout.Layout, Fault) *int32) func(*layout.Layout, Fault) {
	return func(l *layout.Layout, f Fault) { *word(l, f) ^= 1 << f.Bit }
}

func flipCrosspoint(l *layout.Layout, f Fault) {
	plane := &l.Cores[f.Core].Planes[f.Plane]
	plane.Put(f.Index, f.Sub, !plane.Get(f.Index, f.Sub))
}

// flipColumnByte flips one of the 8 bits of a column's role or reset.
func flipColumnByte(l *layout.Layout, f Fault) {
	column, bit := &l.Cores[f.Core].Columns[f.Index], byte(1)<<(f.Bit%8)
	if f.Field == "role" {
		column.Role ^= layout.Role(bit)
	} else {
		column.Reset ^= layout.Reset(bit)
	}
}

func pickSchedule(_ *layout.Layout, r *rand.Rand) (Fault, bool) {
	return Fault{Field: []string{"ticks", "interval", "output ticks", "steps"}[r.IntN(4)], Bit: r.UintN(wordBits)}, true
}

func flipSchedule(l *layout.Layout, f Fault) {
	s := &l.Schedule
	*map[string]*int{"ticks": &s.TicksPerInference, "interval": &s.InitiationInterval, "output ticks": &s.OutputTicks, "steps": &s.Steps}[f.Field] ^= 1 << f.Bit
}

func flipAxonType(l *layout.Layout, f Fault) { l.Cores[f.Core].Axons[f.Index].Type ^= 1 << f.Bit }

func (f Fault) String() string {
	switch f.Kind {
	case "crosspoint":
		return fmt.Sprintf("crosspoint of axon %d, column %d of core %d, plane %d", f.Index, f.Sub, f.Core, f.Plane)
	case "destination", "delay":
		return fmt.Sprintf("bit %d of the %s of destination %d of column %d of core %d", f.Bit, f.Field, f.Sub, f.Index, f.Core)
	case "schedule":
		return fmt.Sprintf("bit %d of the schedule's %s", f.Bit, f.Field)
	case "input map", "output map", "output bias", "control spike":
		return fmt.Sprintf("bit %d of the %s of %s entry %d", f.Bit, f.Field, f.Kind, f.Index)
	case "axon label", "axon type":
		return fmt.Sprintf("bit %d of the %s of axon %d of core %d", f.Bit, f.Field, f.Index, f.Core)
	}
	return fmt.Sprintf("bit %d of the %s of column %d of core %d", f.Bit, f.Field, f.Index, f.Core)
}

const wordBits = 32

func pickCrosspoint(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	if len(l.Cores) == 0 {
		return Fault{}, false
	}
	c := l.Capabilities.Core
	return Fault{Core: r.IntN(len(l.Cores)), Index: r.IntN(c.Axons), Sub: r.IntN(c.Neurons), Plane: r.IntN(layout.Planes(c))}, true
}

func pickColumn(fields ...string) func(*layout.Layout, *rand.Rand) (Fault, bool) {
	return func(l *layout.Layout, r *rand.Rand) (Fault, bool) {
		if len(l.Cores) == 0 {
			return Fault{}, false
		}
		return Fault{Core: r.IntN(len(l.Cores)), Index: r.IntN(l.Capabilities.Core.Neurons), Field: fields[r.IntN(len(fields))], Bit: r.UintN(wordBits)}, true
	}
}

func columnWord(l *layout.Layout, f Fault) *int32 {
	c := &l.Cores[f.Core].Columns[f.Index]
	return map[string]*int32{
		"theta": &c.Theta, "leak": &c.Leak, "level": &c.Level,
		"psum core": &c.Psum.Core, "psum column": &c.Psum.Column,
		"label layer": &c.Label.Layer, "label neuron": &c.Label.Neuron,
		"initial": &c.Dynamics.Initial, "reset to": &c.Dynamics.ResetTo, "beta": &c.Dynamics.Beta,
		"weight 0": &c.TypeWeights[0], "weight 1": &c.TypeWeights[1], "weight 2": &c.TypeWeights[2], "weight 3": &c.TypeWeights[3],
	}[f.Field]
}

func pickAxon(fields ...string) func(*layout.Layout, *rand.Rand) (Fault, bool) {
	return func(l *layout.Layout, r *rand.Rand) (Fault, bool) {
		if len(l.Cores) == 0 {
			return Fault{}, false
		}
		return Fault{Core: r.IntN(len(l.Cores)), Index: r.IntN(l.Capabilities.Core.Axons), Field: fields[r.IntN(len(fields))], Bit: r.UintN(wordBits)}, true
	}
}

// pickAxonType draws one of the 8 bits of an axon's type.
func pickAxonType(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	f, ok := pickAxon("type")(l, r)
	f.Bit %= 8
	return f, ok
}

func axonWord(l *layout.Layout, f Fault) *int32 {
	label := &l.Cores[f.Core].Axons[f.Index].Label
	if f.Field == "label layer" {
		return &label.Layer
	}
	return &label.Neuron
}

func pickDest(fields ...string) func(*layout.Layout, *rand.Rand) (Fault, bool) {
	return func(l *layout.Layout, r *rand.Rand) (Fault, bool) {
		var spiking []Fault
		for c := range l.Cores {
			for n := range l.Cores[c].Columns {
				if len(l.Cores[c].Columns[n].Dests) > 0 {
					spiking = append(spiking, Fault{Core: c, Index: n})
				}
			}
		}
		if len(spiking) == 0 {
			return Fault{}, false
		}
		f := spiking[r.IntN(len(spiking))]
		f.Sub = r.IntN(len(l.Cores[f.Core].Columns[f.Index].Dests))
		f.Field, f.Bit = fields[r.IntN(len(fields))], r.UintN(wordBits)
		return f, true
	}
}

func destWord(l *layout.Layout, f Fault) *int32 {
	d := &l.Cores[f.Core].Columns[f.Index].Dests[f.Sub]
	return map[string]*int32{"core": &d.Core, "axon": &d.Axon, "delay": &d.Delay}[f.Field]
}

func pickInput(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	if len(l.InputMap) == 0 {
		return Fault{}, false
	}
	return Fault{Index: r.IntN(len(l.InputMap)), Field: []string{"input", "core", "axon", "delay"}[r.IntN(4)], Bit: r.UintN(wordBits)}, true
}

func inputWord(l *layout.Layout, f Fault) *int32 {
	e := &l.InputMap[f.Index]
	return map[string]*int32{"input": &e.Input, "core": &e.Core, "axon": &e.Axon, "delay": &e.Delay}[f.Field]
}

func pickOutput(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	if len(l.OutputMap) == 0 {
		return Fault{}, false
	}
	return Fault{Index: r.IntN(len(l.OutputMap)), Field: []string{"core", "column", "class"}[r.IntN(3)], Bit: r.UintN(wordBits)}, true
}

func outputWord(l *layout.Layout, f Fault) *int32 {
	e := &l.OutputMap[f.Index]
	return map[string]*int32{"core": &e.Core, "column": &e.Column, "class": &e.Class}[f.Field]
}

func pickOutputBias(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	if len(l.OutputBias) == 0 {
		return Fault{}, false
	}
	return Fault{Index: r.IntN(len(l.OutputBias)), Field: "value", Bit: r.UintN(wordBits)}, true
}

func outputBiasWord(l *layout.Layout, f Fault) *int32 { return &l.OutputBias[f.Index] }

func pickControl(l *layout.Layout, r *rand.Rand) (Fault, bool) {
	if len(l.Schedule.Controls) == 0 {
		return Fault{}, false
	}
	return Fault{Index: r.IntN(len(l.Schedule.Controls)), Field: []string{"tick", "core", "axon"}[r.IntN(3)], Bit: r.UintN(wordBits)}, true
}

func controlWord(l *layout.Layout, f Fault) *int32 {
	e := &l.Schedule.Controls[f.Index]
	return map[string]*int32{"tick": &e.Tick, "core": &e.Core, "axon": &e.Axon}[f.Field]
}
