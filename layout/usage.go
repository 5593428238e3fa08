package layout

import (
	"math/bits"

	"tritloom/hwmodel"
)

// Usage says how much of its cores an image uses. Pairs are used and
// available; available counts the used cores only.
type Usage struct {
	Cores                   int `json:"cores"`
	CoresChip               int `json:"cores_chip"`
	Axons                   int `json:"axons"`
	AxonsHeld               int `json:"axons_held"`
	Columns                 int `json:"columns"`
	ColumnsHeld             int `json:"columns_held"`
	Synapses                int `json:"synapses"` // nonzero crosspoints
	SynapsesHeld            int `json:"synapses_held"`
	SenderColumns           int `json:"sender_columns"`            // columns that only pass a partial sum on
	CrosspointBits          int `json:"crosspoint_bits"`           // stored bits of the used cores' crosspoints
	NeuronBits              int `json:"neuron_bits"`               // and of their neuron columns
	CrosspointBitsReachable int `json:"crosspoint_bits_reachable"` // crosspoint bits at used axons and columns of the same core
}

// StoredBits is what the used cores store in all.
func (u Usage) StoredBits() int { return u.CrosspointBits + u.NeuronBits }

// Usage counts.
func (l *Layout) Usage() Usage {
	u := Usage{CoresChip: l.Capabilities.Mesh.Cores()}
	for c := range l.Cores {
		u.add(l.CoreUsage(c))
	}
	return u
}

// add counts the parts of another core; how many cores the chip has stays.
func (u *Usage) add(c Usage) {
	u.Cores += c.Cores
	u.Axons, u.AxonsHeld = u.Axons+c.Axons, u.AxonsHeld+c.AxonsHeld
	u.Columns, u.ColumnsHeld = u.Columns+c.Columns, u.ColumnsHeld+c.ColumnsHeld
	u.SenderColumns += c.SenderColumns
	u.Synapses, u.SynapsesHeld = u.Synapses+c.Synapses, u.SynapsesHeld+c.SynapsesHeld
	u.CrosspointBits += c.CrosspointBits
	u.CrosspointBitsReachable += c.CrosspointBitsReachable
	u.NeuronBits += c.NeuronBits
}

// CoreUsage counts what one core holds and uses.
func (l *Layout) CoreUsage(c int) Usage {
	core := l.Capabilities.Core
	u := Usage{
		Cores: 1, CoresChip: l.Capabilities.Mesh.Cores(),
		AxonsHeld: core.Axons, ColumnsHeld: core.Neurons, SynapsesHeld: core.Axons * core.Neurons,
		CrosspointBits: core.Axons * core.Neurons * core.SynapseBits,
		NeuronBits:     core.Neurons * core.NeuronBits,
	}
	for _, a := range l.Cores[c].Axons {
		if a.Label != NoLabel {
			u.Axons++
		}
	}
	for n := range l.Cores[c].Columns {
		if role := l.Cores[c].Columns[n].Role; role != Unused {
			u.Columns++
			if role == Sender {
				u.SenderColumns++
			}
		}
	}
	u.CrosspointBitsReachable = u.Axons * u.Columns * core.SynapseBits
	u.Synapses = l.synapses(c)
	return u
}

// synapses counts a core's weights that are not zero: crosspoints with a bit in any
// plane and, on typed-binary cores, a weight for the axon's type in the column.
func (l *Layout) synapses(core int) int {
	c, n := &l.Cores[core], 0
	weighted := l.weighted(c)
	for a := range c.Axons {
		for w := range (len(c.Columns) + 63) / 64 {
			set := uint64(0)
			for _, p := range c.Planes {
				set |= p.Row(a)[w]
			}
			if weighted != nil {
				set &= weighted[c.Axons[a].Type][w]
			}
			n += bits.OnesCount64(set)
		}
	}
	return n
}

// weighted marks the columns that give a weight to each axon type, a bit a column;
// nil where the crosspoint alone says the weight.
func (l *Layout) weighted(c *Core) [][]uint64 {
	if l.Capabilities.Core.SynapseMode != hwmodel.TypedBinary {
		return nil
	}
	masks := make([][]uint64, l.Capabilities.Core.AxonTypes)
	for t := range masks {
		masks[t] = make([]uint64, (len(c.Columns)+63)/64)
		for n := range c.Columns {
			if c.Columns[n].TypeWeights[t] != 0 {
				masks[t][n/64] |= 1 << (n % 64)
			}
		}
	}
	return masks
}
