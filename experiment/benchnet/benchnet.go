// Package benchnet builds the chips that simulators are timed on: all cores busy, all
// neurons alike, at a known rate. They compute nothing.
package benchnet

import (
	"context"
	"fmt"
	"math/rand/v2"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// Size of a core of both networks.
const (
	Axons   = 256
	Neurons = 256
)

// Synapses of a row of the peers' network.
const peerSynapses = 32

// MaxCores bounds what is built: a million cores would be 60 GB of layout.
const MaxCores = 16384

// Peers is the network on which other simulators were measured: an axon connects to 32
// random neurons of its core, half of the axons with weight +100 and half with -100;
// a neuron adds a leak of 50 to 150 in every tick, fires at 100·period, and takes the
// threshold off, so that it fires every period ticks in the mean; a random permutation
// joins all neurons with all axons, a tick away.
func Peers(ctx context.Context, cores, period int, s uint64) (*layout.Layout, error) {
	if period < 1 || period > 300 {
		return nil, fmt.Errorf("benchnet: a spike every %d ticks; want 1..300, so that the threshold fits 16 bits", period)
	}
	l, err := empty(cores, "benchmark")
	if err != nil {
		return nil, err
	}
	r := seed.Stream(s, seed.BenchNetwork)
	targets := r.Perm(cores * Axons)
	for c := range l.Cores {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		core := &l.Cores[c]
		for a := range core.Axons {
			core.Axons[a] = layout.Axon{Type: uint8(a % 2), Label: layout.Label{Layer: 0}}
			connect(r, core, a, peerSynapses)
		}
		for n := range core.Columns {
			core.Columns[n] = layout.Column{
				Role: layout.Spiking, Reset: layout.Subtract, Theta: int32(100 * period), Leak: 50 + r.Int32N(101),
				TypeWeights: [layout.AxonTypes]int32{100, -100}, Psum: layout.NoLink,
				Dynamics: layout.Dynamics{Floor: layout.Bounce, Beta: 100_000_000},
				Dests:    []layout.Dest{to(targets[c*Neurons+n], 1)},
			}
		}
	}
	return l, nil
}

// Characterisation is the recipe behind TrueNorth's published power (Merolla et al.
// 2014): all neurons stochastic, random targets, delays uniform in 1 to 15 ticks, 128
// synapses an axon, 20 spikes a second of 1,000 ticks. How its neurons kept that rate
// is not published; here a leak of 8 meets a threshold of 397 and a random number of
// three bits, 400 in the mean and so 1/50 a tick, and the synapses, ±1 alike, add
// nothing in the mean.
func Characterisation(ctx context.Context, cores int, s uint64) (*layout.Layout, error) {
	return Recurrent(ctx, Recipe{Cores: cores, Synapses: 128, Leak: 8, Threshold: 397, RandomThreshold: 7}, s)
}

// Recipe is a network of TrueNorth's characterisation: every neuron sends each spike
// to one axon of one core, after a delay uniform in 1 to 15 ticks.
type Recipe struct {
	Cores    int
	Synapses int // set crosspoints of an axon, weight +1 for half of the axons and -1 for the others
	// A neuron adds Leak in every tick and fires where its potential reaches Threshold
	// and a random number, which are then taken off; RandomThreshold is the number's mask.
	Leak, Threshold, RandomThreshold int32
	// OneToOne joins every neuron with an axon of its own, by a random permutation, so
	// that no two spikes meet on an axon and merge. Else targets are drawn one by one.
	OneToOne bool
}

// Recurrent builds the network of a recipe. A million neurons take seconds, so that the
// context may end it.
func Recurrent(ctx context.Context, recipe Recipe, s uint64) (*layout.Layout, error) {
	if recipe.Synapses < 0 || recipe.Synapses > Neurons {
		return nil, fmt.Errorf("benchnet: %d synapses an axon; want 0..%d", recipe.Synapses, Neurons)
	}
	if recipe.Threshold < 1 || recipe.RandomThreshold < 0 || recipe.RandomThreshold > 255 {
		return nil, fmt.Errorf("benchnet: a threshold of %d and a random mask of %d; want 1 or more, and 0..255", recipe.Threshold, recipe.RandomThreshold)
	}
	l, err := empty(recipe.Cores, "characterisation")
	if err != nil {
		return nil, err
	}
	caps := &l.Capabilities
	caps.Neuron.Stochastic, caps.Neuron.RandomBits = true, 8
	r := seed.Stream(s, seed.BenchNetwork)
	target := func(int) int { return r.IntN(recipe.Cores * Axons) }
	if recipe.OneToOne {
		own := r.Perm(recipe.Cores * Axons)
		target = func(neuron int) int { return own[neuron] }
	}
	mean := max(1, recipe.Threshold+(recipe.RandomThreshold+1)/2-1) // 400 of 397 and three bits
	for c := range l.Cores {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		core := &l.Cores[c]
		for a := range core.Axons {
			core.Axons[a] = layout.Axon{Type: uint8(a % 2), Label: layout.Label{Layer: 0}}
			connect(r, core, a, recipe.Synapses)
		}
		for n := range core.Columns {
			core.Columns[n] = layout.Column{
				Role: layout.Spiking, Reset: layout.Subtract, Theta: recipe.Threshold, Leak: recipe.Leak,
				TypeWeights: [layout.AxonTypes]int32{1, -1}, Psum: layout.NoLink,
				Dynamics: layout.Dynamics{RandomThreshold: uint32(recipe.RandomThreshold), Initial: r.Int32N(mean)},
				Dests:    []layout.Dest{to(target(c*Neurons+n), 1+r.Int32N(15))},
			}
		}
	}
	return l, nil
}

func to(target int, delay int32) layout.Dest {
	return layout.Dest{Core: int32(target / Axons), Axon: int32(target % Axons), Delay: delay}
}

// connect sets distinct random crosspoints of a row.
func connect(r *rand.Rand, core *layout.Core, axon, synapses int) {
	for set := 0; set < synapses; {
		if n := r.IntN(Neurons); !core.Planes[0].Get(axon, n) {
			core.Planes[0].Put(axon, n, true)
			set++
		}
	}
}

// empty makes cores of a chip that can do what both networks of spikes need.
func empty(cores int, name string) (*layout.Layout, error) {
	return emptyOf(cores, name, func(*hwmodel.Capabilities) {})
}

// emptyOf makes cores of a chip that is changed before, on the smallest mesh that holds
// them, no wider than it must be.
func emptyOf(cores int, name string, change func(*hwmodel.Capabilities)) (*layout.Layout, error) {
	if cores < 1 || cores > MaxCores {
		return nil, fmt.Errorf("benchnet: %d cores; want 1..%d", cores, MaxCores)
	}
	width := 1
	for width*width < cores {
		width++
	}
	height := (cores + width - 1) / width
	caps := hwmodel.Capabilities{
		Core: hwmodel.Core{
			Axons: Axons, Neurons: Neurons, SynapseMode: hwmodel.TypedBinary, SynapseBits: 1,
			AxonTypes: 4, WeightBits: 9, ReadOrder: hwmodel.AxonMajor, NeuronBits: 154,
		},
		Neuron: hwmodel.Neuron{
			PotentialBits: 32, ThresholdBits: 32, LeakBits: 9, Reset: []string{hwmodel.ResetSubtract},
			Saturates: true, NegativeThreshold: true, ResetPotential: true,
		},
		Spikes: hwmodel.Spikes{Destinations: 1, DelayMaxTicks: 15, AxonMerge: hwmodel.MergeOr},
		Tick:   hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1000},
		Mesh:   hwmodel.Mesh{Width: width, Height: height, TileWidth: 1, TileHeight: 1, Routing: "xy", BufferPackets: 4},
	}
	change(&caps)
	l := &layout.Layout{
		Chip: name, Capabilities: caps, Inputs: 1,
		Layers: []layout.LayerLabel{{Name: "neurons", Neurons: Neurons * cores}}, Readout: layout.LayerLabel{Name: "none"},
		OutputBias: []int32{}, Schedule: layout.Schedule{TicksPerInference: 1, InitiationInterval: 1, OutputTicks: 1},
	}
	for c := range cores {
		core := layout.NewCore(caps.Core)
		core.X, core.Y = c%width, c/width
		l.Cores = append(l.Cores, core)
	}
	return l, nil
}

// Latencies of the benchmark chip in quanta of 1 ns: 1 for each synaptic op, neuron,
// spike, delivery and hop, as the peers were measured with.
func Latencies() hwmodel.Latencies {
	var l hwmodel.Latencies
	for _, k := range []ledger.Kind{
		ledger.SynapticOp, ledger.NeuronTouched, ledger.NeuronIdle, ledger.SpikeEmitted,
		ledger.PacketCore, ledger.HopX, ledger.HopY,
	} {
		l[k] = 1
	}
	return l
}
