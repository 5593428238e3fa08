package benchnet

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
)

// Sizes and units of the branch network.
const (
	branchBits      = 8
	branchWeight    = 127  // stands for a weight of 0.05
	branchThreshold = 2540 // stands for 1
	branchBias      = branchThreshold / 5
)

// MaxBranchCores bounds what Branches builds.
const MaxBranchCores = 4096

// Branches is the network whose energy was measured over its size on Loihi: branches
// of layers of 256 neurons, all of a layer connected with all of the next by weights
// uniform in -0.05 to 0.05, here integers of 8 bits. A layer is a core. Biases and
// input of the measured network are not published; here a neuron adds a bias uniform
// between 0 and a fifth of its threshold in every tick, so that one left alone fires
// every ten ticks in the mean, and starts at a random potential.
func Branches(branches, layers int, s uint64) (*layout.Layout, error) {
	if branches < 1 || layers < 1 || branches*layers > MaxBranchCores {
		return nil, fmt.Errorf("benchnet: %d branches of %d layers; want 1..%d cores in all", branches, layers, MaxBranchCores)
	}
	l, err := emptyOf(branches*layers, "branches", func(c *hwmodel.Capabilities) {
		c.Core.SynapseMode, c.Core.SynapseBits, c.Core.AxonTypes, c.Core.WeightBits = hwmodel.KBit, branchBits, 1, branchBits
		c.Neuron.LeakBits = 13
	})
	if err != nil {
		return nil, err
	}
	r := seed.Stream(s, seed.BenchNetwork)
	for c := range l.Cores {
		core := &l.Cores[c]
		last := c%layers == layers-1
		for a := range core.Axons {
			core.Axons[a] = layout.Axon{Label: layout.Label{Layer: 0}}
			for n := range core.Columns {
				if err := core.SetInteger(a, n, r.Int32N(2*branchWeight+1)-branchWeight); err != nil {
					return nil, err
				}
			}
		}
		for n := range core.Columns {
			column := layout.Column{
				Role: layout.Spiking, Reset: layout.Subtract, Theta: branchThreshold, Leak: r.Int32N(branchBias + 1), Psum: layout.NoLink,
				Dynamics: layout.Dynamics{Floor: layout.Bounce, Beta: 100_000_000, Initial: r.Int32N(branchThreshold)},
			}
			if !last {
				column.Dests = []layout.Dest{to((c+1)*Neurons+n, 1)}
			}
			core.Columns[n] = column
		}
	}
	return l, nil
}
