package report

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
)

// Memory says what storing a network takes, first as a network and then on
// the used cores of a chip, in bits. The axon schedulers come on top.
//
// Every ratio divides the bits that the same number of weights takes in
// another form by the bits counted here. The other form gets its thresholds
// or biases for free, so the ratios are never too good.
type Memory struct {
	Weights      int64           `json:"weights"` // places for a weight, zeros included
	WeightBits   int64           `json:"weight_bits"`
	Ratios       Object[float64] `json:"ratios"` // of the weights alone, by form
	Ladder       []Rung          `json:"ladder"` // from the weights alone to all that is stored
	Kinds        []Bits          `json:"on_chip"`
	StoredBits   int64           `json:"stored_bits"`   // sum of Kinds
	StrandedBits int64           `json:"stranded_bits"` // those of Kinds that no neuron can use
	PerWeight    float64         `json:"bits_per_weight"`
	Utilisation  Utilisation     `json:"utilisation"`
}

// Rung is one step from the weights alone to all that is stored.
type Rung struct {
	Name   string          `json:"name"`
	Added  int64           `json:"added_bits"` // negative where a step stores less
	Bits   int64           `json:"bits"`       // with all steps before
	Ratios Object[float64] `json:"ratios"`
}

// Bits is one kind of stored bits.
type Bits struct {
	Name     string `json:"name"`
	Bits     int64  `json:"bits"`
	Stranded bool   `json:"stranded"`
}

// Used is how much of something is used.
type Used struct {
	Used      int `json:"used"`
	Available int `json:"available"`
}

// Share is the used part; 0 where nothing is available.
func (u Used) Share() float64 {
	if u.Available == 0 {
		return 0
	}
	return float64(u.Used) / float64(u.Available)
}

// Utilisation says how full the used cores are. A synapse is used if its
// weight is not zero.
type Utilisation struct {
	Cores    Used `json:"cores"`
	Axons    Used `json:"axons"`
	Neurons  Used `json:"neurons"`
	Synapses Used `json:"synapses"`
}

// NewMemory counts the bits of a network and of the layout compiled from it.
func NewMemory(n *ternary.Network, l *layout.Layout) (*Memory, error) {
	if hash := n.Hash(); l.Network != hash {
		return nil, fmt.Errorf("the layout was compiled from network %s; this network is %s; name the network the layout was compiled from, or compile this one",
			short(l.Network), short(hash))
	}
	usage := l.Usage()
	size := n.Size()
	m := &Memory{
		Weights: size.Weights, WeightBits: size.WeightBits,
		Kinds: onChip(l, usage), StoredBits: int64(usage.StoredBits()),
		Utilisation: Utilisation{
			Cores:    Used{usage.Cores, usage.CoresChip},
			Axons:    Used{usage.Axons, usage.AxonsHeld},
			Neurons:  Used{usage.Columns, usage.ColumnsHeld},
			Synapses: Used{usage.Synapses, usage.SynapsesHeld},
		},
	}
	if size.Weights > 0 {
		m.PerWeight = float64(m.StoredBits) / float64(size.Weights)
	}
	for _, b := range m.Kinds {
		if b.Stranded {
			m.StrandedBits += b.Bits
		}
	}
	m.Ladder = ladder(l, usage, size)
	m.Ratios = m.Ladder[0].Ratios
	return m, nil
}

// ladder climbs from the weights alone to all stored bits.
func ladder(l *layout.Layout, u layout.Usage, size ternary.Size) []Rung {
	var rungs []Rung
	bits := int64(0)
	add := func(name string, added int64) {
		bits += added
		rungs = append(rungs, Rung{name, added, bits, ratios(size.Weights, bits)})
	}
	small := size.ThresholdBits + size.BiasBits
	doubling := doublingBits(l)
	neuronBits := int64(l.Capabilities.Core.NeuronBits)
	add("weights alone", size.WeightBits)
	add("thresholds and biases", small)
	add("crosspoints as placed", int64(u.CrosspointBitsReachable)-doubling-size.WeightBits)
	if doubling > 0 {
		add("axon doubling", doubling)
	}
	add("unused crosspoints", int64(u.CrosspointBits-u.CrosspointBitsReachable))
	add("neuron state and routing", int64(u.Columns)*neuronBits-small)
	add("unused neurons", int64(u.NeuronBits)-int64(u.Columns)*neuronBits)
	return rungs
}

// ratios compares so many weights in every other form with bits counted here.
func ratios(weights, bits int64) Object[float64] {
	var list Object[float64]
	for _, b := range ternary.Baselines {
		ratio := 0.0
		if bits > 0 {
			ratio = float64(weights*int64(b.Bits)) / float64(bits)
		}
		list = append(list, Entry[float64]{b.Name, ratio})
	}
	return list
}

// onChip sorts the stored bits of the used cores by what they are for.
func onChip(l *layout.Layout, u layout.Usage) []Bits {
	caps, columns := l.Capabilities, int64(u.Columns)
	rest := caps.Core.NeuronBits
	take := func(bits int) int64 { // of a neuron's record, which may be narrower than its parts
		bits = min(bits, rest)
		rest -= bits
		return columns * int64(bits)
	}
	doubling := doublingBits(l)
	list := []Bits{{"weights at used axons and neurons", int64(u.CrosspointBitsReachable) - doubling, false}}
	if doubling > 0 {
		list = append(list, Bits{"axon doubling", doubling, false})
	}
	list = append(list, Bits{"thresholds", take(caps.Neuron.ThresholdBits), false})
	if caps.Core.SynapseMode == hwmodel.TypedBinary {
		list = append(list, Bits{"weight tables", take(caps.Core.AxonTypes * caps.Core.WeightBits), false})
	}
	list = append(list,
		Bits{"potentials and leaks", take(caps.Neuron.PotentialBits + caps.Neuron.LeakBits), false},
		Bits{"routing: destinations, links, roles", take(rest), false},
		Bits{"unused crosspoints", int64(u.CrosspointBits - u.CrosspointBitsReachable), true},
		Bits{"unused neurons", int64(u.NeuronBits) - columns*int64(caps.Core.NeuronBits), true})
	return list
}

// doublingBits counts the crosspoints of axons that repeat the source of
// another axon of the same core: one line for + and one for -.
func doublingBits(l *layout.Layout) int64 {
	bits := int64(0)
	for c := range l.Cores {
		seen := map[layout.Label]bool{}
		repeated, columns := 0, 0
		for _, a := range l.Cores[c].Axons {
			if a.Label != layout.NoLabel && seen[a.Label] {
				repeated++
			}
			seen[a.Label] = true
		}
		for n := range l.Cores[c].Columns {
			if l.Cores[c].Columns[n].Role != layout.Unused {
				columns++
			}
		}
		bits += int64(repeated * columns * l.Capabilities.Core.SynapseBits)
	}
	return bits
}
