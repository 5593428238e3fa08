package sim

import (
	"math/rand/v2"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// chipShape bounds a random chip.
type chipShape struct {
	cores, axons, columns int // at most; the sizes themselves are random too
	exact                 bool
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
	l := &layout.Layout{Chip: "random", Inputs: 1, Capabilities: randomCapabilities(r, size(shape.axons), size(shape.columns))}
	caps := &l.Capabilities
	l.Schedule = layout.Schedule{TicksPerInference: 1 + r.IntN(5), InitiationInterval: 1}
	l.Schedule.InitiationInterval = l.Schedule.TicksPerInference
	if caps.Host.WaveGate && l.Schedule.TicksPerInference > 2 && r.IntN(2) == 0 {
		l.Schedule.Steps = 2
	}
	l.Layers = []layout.LayerLabel{{Name: "h", Neurons: 1}}
	l.Readout = layout.LayerLabel{Name: "r", Neurons: 1}
	if !caps.Host.ScorePorts {
		l.OutputBias, l.Schedule.OutputTicks = []int32{0}, 1
	}
	places := r.Perm(caps.Mesh.Cores())
	for c := range size(shape.cores) {
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
	return l
}

func randomCapabilities(r *rand.Rand, axons, columns int) hwmodel.Capabilities {
	coin := func() bool { return r.IntN(2) == 0 }
	caps := mustParse("chip c ternary\ninputs 1\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\n").Capabilities
	caps.Core.Axons, caps.Core.Neurons = axons, columns
	if coin() {
		caps.Core.SynapseMode, caps.Core.SynapseBits, caps.Core.AxonTypes, caps.Core.WeightBits = hwmodel.TypedBinary, 1, 1+r.IntN(4), 2+r.IntN(8)
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
		caps.Tick = hwmodel.Tick{Kind: hwmodel.TickFixed, Quanta: 1 + uint64(r.IntN(2000)), QuantumPS: 1000}
	}
	n := &caps.Neuron
	n.PotentialBits, n.ThresholdBits, n.LeakBits = 6+r.IntN(20), 4+r.IntN(12), r.IntN(9)
	n.Reset = []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract, hwmodel.ResetKeep}
	n.Saturates, n.NegativeThreshold, n.ResetPotential, n.LeakReversal = r.IntN(4) > 0, coin(), coin(), coin()
	if coin() {
		n.Stochastic, n.RandomBits = true, 1+r.IntN(12)
	}
	if coin() {
		n.DecayBits = 1 + r.IntN(12)
	}
	if coin() {
		n.RefractoryMaxTicks = 1 + r.IntN(5)
	}
	return caps
}

// randomCore fills a core. plain cores keep to what kernels do.
func randomCore(r *rand.Rand, l *layout.Layout, c int) {
	core, caps := &l.Cores[c], &l.Capabilities
	plain, uniform := r.IntN(2) == 0, r.IntN(2) == 0
	reset, density := layout.Reset(r.IntN(len(layout.Resets))), r.IntN(101)
	weight := between(r, hwmodel.SignedRange, caps.Core.WeightBits)
	for n := range core.Columns {
		if r.IntN(5) > 0 {
			core.Columns[n] = randomColumn(r, l, plain, reset)
			if uniform && caps.Core.SynapseMode == hwmodel.TypedBinary {
				for t := range caps.Core.AxonTypes {
					core.Columns[n].TypeWeights[t] = []int32{weight, -max(weight, -weight), 0}[r.IntN(3)]
				}
			}
		}
	}
	for a := range core.Axons {
		if r.IntN(5) == 0 {
			continue
		}
		core.Axons[a] = layout.Axon{Label: layout.Label{Layer: layout.InputLabel}}
		if caps.Core.SynapseMode == hwmodel.TypedBinary {
			core.Axons[a].Type = uint8(r.IntN(caps.Core.AxonTypes))
		}
		for n := range core.Columns {
			if core.Columns[n].Role != layout.Unused && r.IntN(100) < density {
				core.Planes[r.IntN(len(core.Planes))].Put(a, n, true)
			}
		}
	}
}

// between is a number within a signed width.
func between(r *rand.Rand, span func(int) (int64, int64), bits int) int32 {
	low, high := span(bits)
	return int32(low + r.Int64N(high-low+1))
}

func randomColumn(r *rand.Rand, l *layout.Layout, plain bool, reset layout.Reset) layout.Column {
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
	column.Theta = between(r, hwmodel.SignedRange, min(caps.Neuron.ThresholdBits, 4+r.IntN(6)))
	if column.Reset = reset; !plain && r.IntN(3) == 0 {
		column.Reset = layout.Reset(r.IntN(len(layout.Resets)))
	}
	if !plain || r.IntN(20) == 0 {
		column.Dynamics = randomDynamics(r, caps, &column)
	} else if caps.Neuron.NegativeThreshold && column.Reset != layout.Clear && r.IntN(2) == 0 {
		column.Dynamics.Floor, column.Dynamics.Beta = layout.Floor(1+r.IntN(2)), between(r, hwmodel.SignedRange, caps.Neuron.ThresholdBits)
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
