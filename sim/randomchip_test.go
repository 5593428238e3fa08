package sim

import (
	"math/rand/v2"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// chipShape bounds a random chip.
type chipShape struct {
	cores, axons, columns int  // at most; the sizes themselves are random too
	exact                 bool // cores have all axons and columns
}

// randomChip makes a valid layout that means nothing: random capabilities, crosspoints,
// neurons of every kind the chip has, destinations, chains of partial sums.
func randomChip(r *rand.Rand, shape chipShape) *layout.Layout {
	size := func(most int) int {
		if shape.exact {
			return most
		}
		return 1 + r.IntN(most)
	}
	l := &layout.Layout{Chip: "random", Inputs: 1 + r.IntN(4), Capabilities: randomCapabilities(r, size(shape.axons), size(shape.columns))}
	caps := &l.Capabilities
	l.Schedule.TicksPerInference = 1 + r.IntN(5)
	if caps.Host.WaveGate && l.Schedule.TicksPerInference > 2 && r.IntN(2) == 0 {
		l.Schedule.Steps = 2
	}
	l.Schedule.InitiationInterval = l.Schedule.StepCount() + r.IntN(l.Schedule.TicksPerInference-l.Schedule.StepCount()+1)
	l.Layers = []layout.LayerLabel{{Name: "h", Neurons: 1}}
	l.Readout = layout.LayerLabel{Name: "r", Neurons: 1}
	if !caps.Host.ScorePorts {
		l.OutputBias, l.Schedule.OutputTicks = []int32{0}, 1
	}
	places := r.Perm(caps.Mesh.Cores())
	for c := range 1 + r.IntN(shape.cores) {
		core := layout.NewCore(caps.Core)
		core.X, core.Y = places[c]%caps.Mesh.Width, places[c]/caps.Mesh.Width
		l.Cores = append(l.Cores, core)
	}
	for c := range l.Cores {
		randomCore(r, l, c)
	}
	if caps.Psum.Bits > 0 && r.IntN(2) == 0 {
		chainSums(r, l)
	}
	randomPorts(r, l)
	return l
}

// randomPorts connects inputs and control spikes to axons.
func randomPorts(r *rand.Rand, l *layout.Layout) {
	for i := range l.Inputs {
		for axon := range min(3, l.Capabilities.Core.Axons) {
			if r.IntN(2) == 0 {
				l.InputMap = append(l.InputMap, layout.InputEntry{Input: int32(i), Core: 0, Axon: int32(axon), Delay: int32(r.IntN(l.Capabilities.Spikes.DelayMaxTicks + 1))})
			}
		}
	}
	if r.IntN(4) == 0 {
		l.Schedule.Controls = []layout.Control{{Tick: int32(r.IntN(l.Schedule.TicksPerInference)), Core: int32(len(l.Cores) - 1)}}
	}
}

// plainCapabilities is where random ones start.
var plainCapabilities = mustParse("chip c ternary\ninputs 1\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\n").Capabilities

func randomCapabilities(r *rand.Rand, axons, columns int) hwmodel.Capabilities {
	coin := func() bool { return r.IntN(2) == 0 }
	caps := plainCapabilities
	caps.Core.Axons, caps.Core.Neurons = axons, columns
	if coin() {
		caps.Core.SynapseMode, caps.Core.SynapseBits, caps.Core.AxonTypes, caps.Core.WeightBits = hwmodel.TypedBinary, 1, 1+r.IntN(4), 2+r.IntN(8)
	} else if r.IntN(3) == 0 {
		caps.Core.SynapseMode = hwmodel.Differential
		if r.IntN(4) > 0 {
			caps.Core.ADCBits = 1 + r.IntN(5)
		}
	}
	if coin() {
		caps.Core.ReadOrder = hwmodel.NeuronMajor
	}
	caps.Mesh = hwmodel.Mesh{Width: 3, Height: 2, TileWidth: 1 + r.IntN(3), TileHeight: 1 + r.IntN(2), Routing: "xy"}
	caps.Spikes = hwmodel.Spikes{Destinations: r.IntN(3), DelayMaxTicks: 1 + r.IntN(6), AxonMerge: hwmodel.MergeOr}
	if r.IntN(3) == 0 {
		caps.Spikes.AxonMerge = hwmodel.MergeAdd
	}
	caps.Psum.Bits = []int{0, 8, 16}[r.IntN(3)]
	caps.Host = hwmodel.Host{ScorePorts: caps.Psum.Bits > 0 && coin(), WaveGate: coin()}
	if coin() {
		caps.Tick = hwmodel.Tick{Kind: hwmodel.TickFixed, Quanta: 1 + uint64(r.IntN([]int{100, 2000}[r.IntN(2)])), QuantumPS: 1000}
	}
	n := &caps.Neuron
	n.PotentialBits, n.ThresholdBits, n.LeakBits = 5+r.IntN([]int{4, 21}[r.IntN(2)]), 4+r.IntN(16), r.IntN(9)
	n.Reset = []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract, hwmodel.ResetKeep}
	n.Saturates, n.NegativeThreshold, n.ResetPotential, n.LeakReversal = r.IntN(4) > 0, coin(), coin(), coin()
	if coin() {
		n.Stochastic, n.RandomBits = true, 1+r.IntN([]int{6, 18}[r.IntN(2)])
	}
	if coin() {
		n.DecayBits = 1 + r.IntN(12)
	}
	if coin() {
		n.RefractoryMaxTicks = 1 + r.IntN(5)
	}
	return caps
}

// coreStyle is what the columns of a core have in common, so that some cores as a
// whole can be updated by kernels, and some can sleep.
type coreStyle struct {
	plain  bool // they keep to what kernels do, but for the odd one
	odd    int
	calm   bool // they do not fire without input,
	slow   bool // or only after some ticks of it
	floors bool
	beta   int32 // of plain columns, at least
	reset  layout.Reset
	noisy  int  // percent of plain columns with random thresholds
	full   bool // no column is unused
	theta  int  // width of thresholds, in bits
}

func randomStyle(r *rand.Rand, caps *hwmodel.Capabilities) coreStyle {
	s := coreStyle{plain: r.IntN(2) == 0, odd: -1, calm: r.IntN(3) == 0, slow: r.IntN(2) == 0, floors: r.IntN(2) == 0, reset: layout.Reset(r.IntN(len(layout.Resets)))}
	if r.IntN(8) == 0 {
		s.odd = r.IntN(caps.Core.Neurons)
	}
	s.full, s.theta = r.IntN(4) == 0 || caps.Core.Neurons > 64 && r.IntN(2) == 0, min(caps.Neuron.ThresholdBits, 4+r.IntN(6))
	if r.IntN(8) == 0 {
		s.theta = caps.Neuron.ThresholdBits
	}
	if caps.Neuron.Stochastic {
		s.noisy = []int{0, 0, 50, 100}[r.IntN(4)]
	}
	if s.beta = between(r, hwmodel.SignedRange, caps.Neuron.ThresholdBits); r.IntN(4) > 0 {
		s.beta = max(s.beta, -(s.beta + 1))
	}
	return s
}

// randomCore fills a core.
func randomCore(r *rand.Rand, l *layout.Layout, c int) {
	core, caps := &l.Cores[c], &l.Capabilities
	style, uniform, density := randomStyle(r, caps), r.IntN(2) == 0, r.IntN(9)
	weight := between(r, hwmodel.SignedRange, caps.Core.WeightBits)
	for n := range core.Columns {
		if style.full || r.IntN(5) > 0 {
			core.Columns[n] = randomColumn(r, l, n, style)
			if uniform && caps.Core.SynapseMode == hwmodel.TypedBinary {
				for t := range caps.Core.AxonTypes {
					core.Columns[n].TypeWeights[t] = []int32{weight, -max(weight, -weight), 0}[r.IntN(3)]
				}
			}
		}
	}
	used := layout.NewPlane(1, len(core.Columns))
	for n := range core.Columns {
		used.Put(0, n, core.Columns[n].Role != layout.Unused)
	}
	for a := range core.Axons {
		if r.IntN(5) == 0 {
			continue
		}
		core.Axons[a] = layout.Axon{Label: layout.Label{Layer: layout.InputLabel}}
		if caps.Core.SynapseMode == hwmodel.TypedBinary {
			core.Axons[a].Type = uint8(r.IntN(caps.Core.AxonTypes))
		}
		for w, columns := range used.Words {
			bits := columns & randomWord(r, density)
			sign := uint64(0)
			if len(core.Planes) > 1 {
				sign = r.Uint64()
				core.Planes[1].Row(a)[w] = bits & sign
			}
			core.Planes[0].Row(a)[w] = bits &^ sign
		}
	}
}

// randomWord has about eighths/8 of its bits set.
func randomWord(r *rand.Rand, eighths int) uint64 {
	if eighths == 8 {
		return ^uint64(0)
	}
	word := uint64(0)
	for k := range 3 { // a bit of eighths, lowest first, halves what is set or what is not
		if eighths>>k&1 == 1 {
			word |= r.Uint64()
		} else {
			word &= r.Uint64()
		}
	}
	return word
}

// between is a number within a signed width.
func between(r *rand.Rand, span func(int) (int64, int64), bits int) int32 {
	low, high := span(bits)
	return int32(low + r.Int64N(high-low+1))
}

func randomColumn(r *rand.Rand, l *layout.Layout, n int, style coreStyle) layout.Column {
	caps := &l.Capabilities
	column := layout.UnusedColumn
	column.Role, column.Label = layout.Spiking, layout.Label{}
	column.Level = int32(r.IntN(l.Schedule.TicksPerInference - l.Schedule.StepCount() + 1))
	column.Leak = between(r, hwmodel.SignedRange, caps.Neuron.LeakBits)
	if r.IntN(2) == 0 {
		column.Leak = 0
	}
	if caps.Core.SynapseMode == hwmodel.TypedBinary {
		for t := range caps.Core.AxonTypes {
			column.TypeWeights[t] = between(r, hwmodel.SignedRange, caps.Core.WeightBits)
		}
	}
	if caps.Host.ScorePorts && r.IntN(6) == 0 {
		column.Role = layout.Score
		return column
	}
	_, most := hwmodel.SignedRange(caps.Neuron.ThresholdBits)
	column.Theta = between(r, hwmodel.SignedRange, style.theta)
	if style.calm {
		column.Leak = min(column.Leak, -column.Leak)
		column.Theta = max(1, column.Theta, -(column.Theta + 1))
		if style.slow && caps.Neuron.LeakBits > 1 {
			column.Leak = r.Int32N(3) - 1
		}
	}
	plain := style.plain && n != style.odd
	if column.Reset = style.reset; !plain && r.IntN(3) == 0 {
		column.Reset = layout.Reset(r.IntN(len(layout.Resets)))
	}
	if !plain {
		column.Dynamics = randomDynamics(r, caps, &column)
	} else if r.IntN(100) < style.noisy {
		mask := 1<<caps.Neuron.RandomBits - 1
		if r.IntN(100) < style.noisy { // often all columns within what kernels add to a threshold
			mask = min(mask, 1<<13-1)
		}
		column.Dynamics.RandomThreshold = uint32(1 + r.IntN(mask))
	}
	if plain && style.floors && caps.Neuron.NegativeThreshold && column.Reset != layout.Clear && r.IntN(2) == 0 {
		column.Dynamics.Floor, column.Dynamics.Beta = layout.Floor(1+r.IntN(2)), min(style.beta+r.Int32N(8), int32(most))
	}
	column.Dests = randomDests(r, l)
	return column
}

func randomDynamics(r *rand.Rand, caps *hwmodel.Capabilities, c *layout.Column) layout.Dynamics {
	var d layout.Dynamics
	coin := func(has bool) bool { return has && r.IntN(2) == 0 }
	n, keeps := &caps.Neuron, c.Reset != layout.Clear
	rest := func() int32 { return between(r, hwmodel.SignedRange, n.PotentialBits-1) }
	if coin(n.ResetPotential && keeps) {
		d.Initial = rest()
	}
	if coin(n.ResetPotential && c.Reset == layout.ToZero) {
		d.ResetTo = rest()
	}
	if coin(n.NegativeThreshold && keeps) {
		d.Floor, d.Beta = layout.Floor(1+r.IntN(2)), between(r, hwmodel.SignedRange, min(n.ThresholdBits, 3+r.IntN(8)))
	}
	if n.Stochastic {
		if coin(true) {
			d.RandomThreshold = uint32(r.IntN(1 << n.RandomBits))
		}
		if coin(true) {
			d.RandomSynapses = uint8(r.IntN(1 << max(1, caps.Core.AxonTypes)))
		}
		d.RandomLeak = coin(c.Leak != 0)
	}
	d.LeakReversal = coin(n.LeakReversal && c.Leak != 0 && keeps)
	if n.DecayBits > 0 && keeps {
		if d.Current = coin(true); d.Current {
			d.CurrentDecay = uint32(r.IntN(1<<n.DecayBits + 1))
		}
		d.PotentialDecay = uint32(r.IntN(1<<n.DecayBits + 1))
	}
	if coin(n.RefractoryMaxTicks > 0 && keeps) {
		d.Refractory = uint16(r.IntN(n.RefractoryMaxTicks + 1))
	}
	return d
}

func randomDests(r *rand.Rand, l *layout.Layout) []layout.Dest {
	most := l.Capabilities.Spikes.Destinations
	if most == 0 {
		most = 4
	}
	var list []layout.Dest
	for range r.IntN(most + 1) {
		list = append(list, layout.Dest{
			Core: int32(r.IntN(len(l.Cores))), Axon: int32(r.IntN(l.Capabilities.Core.Axons)), Delay: int32(1 + r.IntN(l.Capabilities.Spikes.DelayMaxTicks)),
		})
	}
	slices.SortFunc(list, func(a, b layout.Dest) int {
		return slices.Compare([]int32{a.Core, a.Axon, a.Delay}, []int32{b.Core, b.Axon, b.Delay})
	})
	return slices.Compact(list)
}

// chainSums turns columns into senders, one after another, each to a column that comes
// later in a random order and takes no sum yet.
func chainSums(r *rand.Rand, l *layout.Layout) {
	var all []layout.Link
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if l.Cores[c].Columns[n].Role != layout.Unused {
				all = append(all, layout.Link{Core: int32(c), Column: int32(n)})
			}
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	fed := map[layout.Link]bool{}
	for i, at := range all {
		if r.IntN(3) > 0 {
			continue
		}
		for _, to := range all[i+1:] {
			target := l.Column(to)
			if fed[to] || target.Level != l.Column(at).Level {
				continue
			}
			from := l.Column(at)
			*from = layout.Column{Role: layout.Sender, Level: from.Level, TypeWeights: from.TypeWeights, Psum: to, Label: from.Label}
			fed[to] = true
			break
		}
	}
}
