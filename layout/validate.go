package layout

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
)

// Limits on what an image may claim beyond its chip.
const (
	MaxWidth = 1 << 24 // inputs, and neurons of one layer
	MaxTicks = 1 << 16 // of one inference
)

// Validate checks that the image is whole and within the chip: shapes,
// indexes, places and canonical values of unused cells. A valid image is safe
// to simulate; whether it means what it should is for Check and lift.
func (l *Layout) Validate() error {
	if err := l.Capabilities.Validate(); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	if err := checkForm(l.Capabilities.Core); err != nil {
		return err
	}
	if types := l.Capabilities.Core.AxonTypes; types > AxonTypes {
		return fmt.Errorf("layout: %d axon types; images hold weights for at most %d", types, AxonTypes)
	}
	if err := l.Encoder.Validate(); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	if w := l.Encoder.Width(); l.Inputs < 1 || l.Inputs > MaxWidth || w != 0 && w != l.Inputs {
		return fmt.Errorf("layout: %d input bits; the encoder makes %d; want 1..%d and the same", l.Inputs, w, MaxWidth)
	}
	for i := range len(l.Layers) + 1 {
		if n := l.layerLabel(i); n.Neurons < 0 || n.Neurons > MaxWidth {
			return fmt.Errorf("layout: layer %d %q has %d neurons; want 0..%d", i, n.Name, n.Neurons, MaxWidth)
		}
	}
	if len(l.Classes) != 0 && len(l.Classes) != l.Readout.Neurons {
		return fmt.Errorf("layout: %d class names for %d scores", len(l.Classes), l.Readout.Neurons)
	}
	if most := l.Capabilities.Mesh.Cores(); len(l.Cores) > most {
		return fmt.Errorf("layout: %d cores; the chip has %d", len(l.Cores), most)
	}
	if err := l.validatePlaces(); err != nil {
		return err
	}
	for c := range l.Cores {
		if err := l.validateCore(c); err != nil {
			return fmt.Errorf("layout: core %d: %w", c, err)
		}
	}
	if err := l.validatePsumLinks(); err != nil {
		return err
	}
	return l.validatePorts()
}

func (l *Layout) validatePlaces() error {
	mesh := l.Capabilities.Mesh
	taken := map[[2]int]int{}
	for c := range l.Cores {
		at := [2]int{l.Cores[c].X, l.Cores[c].Y}
		if at[0] < 0 || at[0] >= mesh.Width || at[1] < 0 || at[1] >= mesh.Height {
			return fmt.Errorf("layout: core %d is at %d,%d; the mesh is %d×%d, from 0,0 to %d,%d", c, at[0], at[1], mesh.Width, mesh.Height, mesh.Width-1, mesh.Height-1)
		}
		if other, ok := taken[at]; ok {
			return fmt.Errorf("layout: cores %d and %d are both at %d,%d", other, c, at[0], at[1])
		}
		taken[at] = c
	}
	return nil
}

func (l *Layout) validateCore(c int) error {
	core, caps := &l.Cores[c], l.Capabilities.Core
	if len(core.Axons) != caps.Axons || len(core.Columns) != caps.Neurons || len(core.Planes) != Planes(caps) {
		return fmt.Errorf("%d axons, %d columns, %d planes; the chip has %d, %d, %d", len(core.Axons), len(core.Columns), len(core.Planes), caps.Axons, caps.Neurons, Planes(caps))
	}
	for p := range core.Planes {
		plane := &core.Planes[p]
		if plane.Columns != caps.Neurons || len(plane.Words) != caps.Axons*plane.Stride() {
			return fmt.Errorf("plane %d holds %d words of %d columns; want %d of %d", p, len(plane.Words), plane.Columns, caps.Axons*plane.Stride(), caps.Neurons)
		}
	}
	for a := range core.Axons {
		if err := l.validateAxon(core, a); err != nil {
			return fmt.Errorf("axon %d: %w", a, err)
		}
	}
	for n := range core.Columns {
		if err := l.validateColumn(c, n); err != nil {
			return fmt.Errorf("column %d: %w", n, err)
		}
	}
	return nil
}

// validateAxon also looks at the row: unused rows and columns hold zeros, and
// no crosspoint is both +1 and -1.
func (l *Layout) validateAxon(core *Core, a int) error {
	axon := core.Axons[a]
	used := axon.Label.Layer != UnusedLabel
	if !used && axon != (Axon{Label: NoLabel}) {
		return fmt.Errorf("unused, yet of type %d and neuron label %d; want 0 and 0", axon.Type, axon.Label.Neuron)
	}
	if most := max(1, l.Capabilities.Core.AxonTypes); int(axon.Type) >= most {
		return fmt.Errorf("type %d; the chip has types 0..%d", axon.Type, most-1)
	}
	if used {
		if err := l.validateSourceLabel(axon.Label); err != nil {
			return err
		}
	}
	if err := validateIntegers(core, a, l.Capabilities.Core); err != nil {
		return err
	}
	stride := core.Planes[0].Stride()
	for w := range stride {
		var any, both uint64
		for p := range core.Planes {
			row := core.Planes[p].Row(a)[w]
			both |= any & row
			any |= row
		}
		if HoldsSigns(l.Capabilities.Core.SynapseMode) && both != 0 {
			return fmt.Errorf("a crosspoint of columns %d..%d is both +1 and -1", w*64, w*64+63)
		}
		for n := w * 64; any != 0 && n < w*64+64; n++ {
			if any>>(n%64)&1 == 0 {
				continue
			}
			if n >= len(core.Columns) || core.Columns[n].Role == Unused {
				return fmt.Errorf("has a synapse on column %d, which is unused", n)
			}
			if !used {
				return fmt.Errorf("has a synapse on column %d, but no spike ever comes to it", n)
			}
		}
	}
	return nil
}

// validateSourceLabel accepts labels of inputs and of layers, not of scores.
func (l *Layout) validateSourceLabel(label Label) error {
	width := l.Inputs
	switch {
	case label.Layer == InputLabel:
	case label.Layer == ControlLabel:
		width = 1
	case label.Layer >= 0 && int(label.Layer) < len(l.Layers):
		width = l.Layers[label.Layer].Neurons
	default:
		return fmt.Errorf("label names layer %d; sources are %d (the input) to %d", label.Layer, InputLabel, len(l.Layers)-1)
	}
	if label.Neuron < 0 || int(label.Neuron) >= width {
		return fmt.Errorf("label names neuron %d of layer %d, which has %d", label.Neuron, label.Layer, width)
	}
	return nil
}

func (l *Layout) validateColumn(c, n int) error {
	column := &l.Cores[c].Columns[n]
	caps := l.Capabilities
	if column.Level < 0 || int(column.Level)+l.Schedule.StepCount() > max(1, l.Schedule.TicksPerInference) {
		return fmt.Errorf("level %d; an inference has ticks 0..%d", column.Level, l.Schedule.TicksPerInference-l.Schedule.StepCount())
	}
	if low, high := hwmodel.SignedRange(caps.Neuron.LeakBits); int64(column.Leak) < low || int64(column.Leak) > high {
		return fmt.Errorf("leak %d; the chip holds %d..%d", column.Leak, low, high)
	}
	if low, high := hwmodel.SignedRange(caps.Neuron.ThresholdBits); int64(column.Theta) < low || int64(column.Theta) > high {
		return fmt.Errorf("threshold %d; the chip holds %d..%d", column.Theta, low, high)
	}
	if err := validateTypeWeights(column, caps.Core); err != nil {
		return err
	}
	if err := validateDynamics(column, &caps); err != nil {
		return err
	}
	switch column.Role {
	case Unused:
		if column.Reset != 0 || column.Theta != 0 || column.Leak != 0 || column.Level != 0 ||
			column.TypeWeights != ([AxonTypes]int32{}) || column.Psum != NoLink || len(column.Dests) != 0 || column.Label != NoLabel {
			return fmt.Errorf("unused, yet not in its one empty state")
		}
		return nil
	case Sender:
		if column.Theta != 0 || column.Leak != 0 || column.Reset != 0 || len(column.Dests) != 0 {
			return fmt.Errorf("a sender has no threshold (%d), leak (%d), reset (%s) or destinations (%d)", column.Theta, column.Leak, column.Reset, len(column.Dests))
		}
	case Spiking:
		if int(column.Reset) >= len(Resets) {
			return fmt.Errorf("reset %d; known are 0..%d", column.Reset, len(Resets)-1)
		}
		if !slices.Contains(caps.Neuron.Reset, column.Reset.String()) {
			return fmt.Errorf("resets by %s; the chip's neurons reset by %v", column.Reset, caps.Neuron.Reset)
		}
	case Score:
		if !caps.Host.ScorePorts {
			return fmt.Errorf("scores to the host; the chip has no score ports")
		}
		if column.Theta != 0 || column.Reset != Clear || len(column.Dests) != 0 {
			return fmt.Errorf("a score column has no threshold (%d), destinations (%d) or other reset than clear (%s)", column.Theta, len(column.Dests), column.Reset)
		}
	default:
		return fmt.Errorf("role %d; known are 0..%d", column.Role, len(Roles)-1)
	}
	if column.Role != Sender && column.Psum != NoLink {
		return fmt.Errorf("has a psum link; only senders do")
	}
	return l.validateDests(column)
}

func validateTypeWeights(column *Column, core hwmodel.Core) error {
	low, high := hwmodel.SignedRange(core.WeightBits)
	for t, w := range column.TypeWeights {
		if w != 0 && (core.SynapseMode != hwmodel.TypedBinary || t >= core.AxonTypes) {
			return fmt.Errorf("weight %d for axon type %d; the chip has no such entry", w, t)
		}
		if w != 0 && (int64(w) < low || int64(w) > high) {
			return fmt.Errorf("weight %d for axon type %d; the chip holds %d..%d", w, t, low, high)
		}
	}
	return nil
}

func (l *Layout) validateDests(column *Column) error {
	spikes := l.Capabilities.Spikes
	if most := spikes.Destinations; most > 0 && len(column.Dests) > most {
		return fmt.Errorf("%d destinations; the chip allows %d", len(column.Dests), most)
	}
	for i, d := range column.Dests {
		if d.Core < 0 || int(d.Core) >= len(l.Cores) || d.Axon < 0 || int(d.Axon) >= l.Capabilities.Core.Axons {
			return fmt.Errorf("destination %d is axon %d of core %d; there are %d cores of %d axons", i, d.Axon, d.Core, len(l.Cores), l.Capabilities.Core.Axons)
		}
		if d.Delay < 1 || int(d.Delay) > spikes.DelayMaxTicks {
			return fmt.Errorf("destination %d has delay %d; the chip allows 1..%d ticks", i, d.Delay, spikes.DelayMaxTicks)
		}
		if i > 0 && compareDests(column.Dests[i-1], d) >= 0 {
			return fmt.Errorf("destinations %d and %d are out of order or equal", i-1, i)
		}
	}
	return nil
}

func compareDests(a, b Dest) int {
	for _, d := range [...]int32{a.Core - b.Core, a.Axon - b.Axon, a.Delay - b.Delay} {
		if d != 0 {
			return int(d)
		}
	}
	return 0
}

// validatePsumLinks checks that links lead from senders to columns that take
// them, at most one into each, and never in a circle.
func (l *Layout) validatePsumLinks() error {
	received := map[Link]Link{}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[n]
			if column.Role != Sender {
				continue
			}
			from, to := Link{int32(c), int32(n)}, column.Psum
			if l.Capabilities.Psum.Bits == 0 {
				return fmt.Errorf("layout: core %d column %d sends a partial sum; the chip has no psum links", c, n)
			}
			target := l.Column(to)
			if target == nil || target.Role == Unused || to == from {
				return fmt.Errorf("layout: core %d column %d sends to core %d column %d, which takes no partial sum", c, n, to.Core, to.Column)
			}
			if other, ok := received[to]; ok {
				return fmt.Errorf("layout: core %d column %d receives from core %d column %d and from core %d column %d; one is allowed", to.Core, to.Column, other.Core, other.Column, c, n)
			}
			received[to] = from
		}
	}
	// Every column has at most one link in and one out, so a circle is a chain
	// without an end.
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			at := Link{int32(c), int32(n)}
			for steps := 0; l.Column(at).Role == Sender; steps++ {
				if steps > len(received) {
					return fmt.Errorf("layout: the psum links through core %d column %d form a circle", c, n)
				}
				at = l.Column(at).Psum
			}
		}
	}
	return nil
}

// Column is the column a link names, or nil if there is none.
func (l *Layout) Column(at Link) *Column {
	if at.Core < 0 || int(at.Core) >= len(l.Cores) || at.Column < 0 || int(at.Column) >= len(l.Cores[at.Core].Columns) {
		return nil
	}
	return &l.Cores[at.Core].Columns[at.Column]
}

// validatePorts checks the host's maps and the schedule.
func (l *Layout) validatePorts() error {
	s := l.Schedule
	if s.TicksPerInference < 1 || s.TicksPerInference > MaxTicks || s.InitiationInterval < 1 || s.InitiationInterval > s.TicksPerInference {
		return fmt.Errorf("layout: %d ticks per inference at an initiation interval of %d; want 1..%d, the interval not the longer", s.TicksPerInference, s.InitiationInterval, MaxTicks)
	}
	if s.Steps < 0 || s.Steps == 1 || s.Steps > s.TicksPerInference {
		return fmt.Errorf("layout: a wave stays %d ticks at a level of %d of an inference; want 0 for one, else 2..%d", s.Steps, s.TicksPerInference, s.TicksPerInference)
	}
	if s.StepCount() > s.InitiationInterval {
		return fmt.Errorf("layout: a wave stays %d ticks at a level and the next one starts after %d; want an interval of %d or more", s.StepCount(), s.InitiationInterval, s.StepCount())
	}
	if l.CountsSpikes() && len(l.OutputBias) != l.Readout.Neurons {
		return fmt.Errorf("layout: %d output biases for %d classes", len(l.OutputBias), l.Readout.Neurons)
	}
	if s.OutputTicks < 0 || s.OutputTicks > s.TicksPerInference || (s.OutputTicks > 0) != l.CountsSpikes() {
		return fmt.Errorf("layout: the host listens for %d of %d ticks; want 0 with score ports, else 1..%d", s.OutputTicks, s.TicksPerInference, s.TicksPerInference)
	}
	for i, e := range l.InputMap {
		if e.Input < 0 || int(e.Input) >= l.Inputs || !l.hasAxon(e.Core, e.Axon) || e.Delay < 0 || int(e.Delay) > l.Capabilities.Spikes.DelayMaxTicks {
			return fmt.Errorf("layout: input map entry %d puts input %d on axon %d of core %d after %d ticks; there are %d inputs, %d cores of %d axons, delays 0..%d",
				i, e.Input, e.Axon, e.Core, e.Delay, l.Inputs, len(l.Cores), l.Capabilities.Core.Axons, l.Capabilities.Spikes.DelayMaxTicks)
		}
		if i > 0 && compareInputs(l.InputMap[i-1], e) >= 0 {
			return fmt.Errorf("layout: input map entries %d and %d are out of order or equal", i-1, i)
		}
	}
	for i, e := range l.OutputMap {
		column := l.Column(Link{e.Core, e.Column})
		if column == nil || column.Role != l.outputRole() || e.Class < 0 || int(e.Class) >= l.Readout.Neurons {
			return fmt.Errorf("layout: output map entry %d reads class %d from core %d column %d, which is no %s column of %d classes", i, e.Class, e.Core, e.Column, l.outputRole(), l.Readout.Neurons)
		}
		if i > 0 && l.OutputMap[i-1].Class >= e.Class {
			return fmt.Errorf("layout: output map entries %d and %d are out of order or equal", i-1, i)
		}
	}
	for i, e := range s.Controls {
		if e.Tick < 0 || int(e.Tick) >= s.TicksPerInference || !l.hasAxon(e.Core, e.Axon) {
			return fmt.Errorf("layout: control spike %d goes to axon %d of core %d at tick %d; there are %d cores of %d axons, and ticks 0..%d",
				i, e.Axon, e.Core, e.Tick, len(l.Cores), l.Capabilities.Core.Axons, s.TicksPerInference-1)
		}
	}
	return nil
}

// outputRole is the role of the columns the host reads.
func (l *Layout) outputRole() Role {
	if l.CountsSpikes() {
		return Spiking
	}
	return Score
}

func (l *Layout) hasAxon(core, axon int32) bool {
	return core >= 0 && int(core) < len(l.Cores) && axon >= 0 && int(axon) < l.Capabilities.Core.Axons
}

func compareInputs(a, b InputEntry) int {
	if a.Input != b.Input {
		return int(a.Input) - int(b.Input)
	}
	return compareDests(Dest{a.Core, a.Axon, a.Delay}, Dest{b.Core, b.Axon, b.Delay})
}
