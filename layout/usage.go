package layout

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
	core := l.Capabilities.Core
	u := Usage{
		Cores: len(l.Cores), CoresChip: l.Capabilities.Mesh.Cores(),
		AxonsHeld: len(l.Cores) * core.Axons, ColumnsHeld: len(l.Cores) * core.Neurons,
		SynapsesHeld:   len(l.Cores) * core.Axons * core.Neurons,
		CrosspointBits: len(l.Cores) * core.Axons * core.Neurons * core.SynapseBits,
		NeuronBits:     len(l.Cores) * core.Neurons * core.NeuronBits,
	}
	for c := range l.Cores {
		axons, columns := 0, 0
		for _, a := range l.Cores[c].Axons {
			if a.Label != NoLabel {
				axons++
			}
		}
		for n := range l.Cores[c].Columns {
			if role := l.Cores[c].Columns[n].Role; role != Unused {
				columns++
				if role == Sender {
					u.SenderColumns++
				}
			}
		}
		u.Axons, u.Columns = u.Axons+axons, u.Columns+columns
		u.CrosspointBitsReachable += axons * columns * core.SynapseBits
		u.Synapses += l.synapses(c)
	}
	return u
}

func (l *Layout) synapses(core int) int {
	n := 0
	for a := range l.Cores[core].Axons {
		for c := range l.Cores[core].Columns {
			if l.Weight(core, a, c) != 0 {
				n++
			}
		}
	}
	return n
}
