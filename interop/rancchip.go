package interop

import (
	"tritloom/hwmodel"
	"tritloom/layout"
)

// makeChip describes RANC at the size of this grid. Nothing says how long a tick
// takes or what it costs, so ticks are barriers and the chip has no prices.
func (b *rancBuild) makeChip() error {
	low, high, weightLow, weightHigh := int64(-256), int64(255), int64(-256), int64(255)
	err := b.eachUsed(func(core *rancCore, n int) error {
		v := &core.neurons[n]
		// Thresholds, leak and the negated negative threshold share a width of
		// 9 bits and more; -(-256) takes the tenth.
		for _, x := range []int32{v.positive, -v.negative, v.leak} {
			low, high = min(low, int64(x)), max(high, int64(x))
		}
		for _, w := range v.weights {
			weightLow, weightHigh = min(weightLow, int64(w)), max(weightHigh, int64(w))
		}
		return nil
	})
	b.l = &layout.Layout{Chip: "ranc", Capabilities: hwmodel.Capabilities{
		Core: hwmodel.Core{
			Axons: b.axons, Neurons: b.neurons, SynapseMode: hwmodel.TypedBinary, SynapseBits: 1, AxonTypes: layout.AxonTypes,
			WeightBits: signedBits(weightLow, weightHigh),
			ReadOrder:  hwmodel.NeuronMajor, // the core walks its memory, a neuron a line
			NeuronBits: rancFixedBits + indexBits(b.axons),
		},
		Neuron: hwmodel.Neuron{
			// RANC declares 9 bits, but what its simulator and its FPGA agree on
			// neither saturates nor wraps. In 32 bits no run of 256 axons and
			// weights of 9 bits can leave the width before tick 32,000, and one
			// that does is an error, never another number.
			PotentialBits: 32,
			ThresholdBits: max(10, signedBits(low, high)), LeakBits: max(rancFieldBits, signedBits(low, high)),
			Reset:             []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract},
			NegativeThreshold: true, ResetPotential: true,
		},
		Spikes: hwmodel.Spikes{Destinations: 1, DelayMaxTicks: b.delayMax, AxonMerge: hwmodel.MergeOr},
		Tick:   hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1},
		Mesh:   hwmodel.Mesh{Width: b.width, Height: b.height, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}}
	return err
}

// signedBits is the width that holds low to high.
func signedBits(low, high int64) int {
	for bits := 1; ; bits++ {
		if l, h := hwmodel.SignedRange(bits); l <= low && high <= h {
			return bits
		}
	}
}
