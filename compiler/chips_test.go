package compiler_test

import "tritloom/hwmodel"

// smallChip is a chip of ternary cores of any size; the prices play no part in
// compiling.
func smallChip(axons, neurons, width, height int) *hwmodel.Chip {
	return &hwmodel.Chip{Name: "small", Capabilities: hwmodel.Capabilities{
		Core: hwmodel.Core{
			Axons: axons, Neurons: neurons, SynapseMode: hwmodel.TernarySynapse, SynapseBits: 2, AxonTypes: 1, WeightBits: 2,
			ReadOrder: hwmodel.AxonMajor, NeuronBits: 64,
		},
		Neuron: hwmodel.Neuron{PotentialBits: 16, ThresholdBits: 16, LeakBits: 16, Reset: []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract}},
		Spikes: hwmodel.Spikes{DelayMaxTicks: 15, AxonMerge: hwmodel.MergeOr},
		Psum:   hwmodel.Psum{Bits: 16},
		Host:   hwmodel.Host{ScorePorts: true, WaveGate: true},
		Tick:   hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1000},
		Mesh:   hwmodel.Mesh{Width: width, Height: height, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}}
}
