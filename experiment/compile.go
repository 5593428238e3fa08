package experiment

import (
	"tritloom/compiler"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
	"tritloom/verify"
)

// CompileSummary is what a compilation says of its layout.
type CompileSummary struct {
	Chip               string                 `json:"chip"`
	Hypothetical       bool                   `json:"hypothetical_chip"`
	Cores              int                    `json:"cores"`
	CoresLowerBound    int                    `json:"cores_lower_bound"`
	TicksPerInference  int                    `json:"ticks_per_inference"`
	InitiationInterval int                    `json:"initiation_interval_ticks"`
	Layers             []compiler.LayerReport `json:"layers"`
	Utilisation        Utilisation            `json:"utilisation"`
	BitsPerWeight      float64                `json:"bits_per_weight"` // stored bits of the used cores over weights of the network
	Psums              int                    `json:"psums_per_inference"`
	Readout            verify.Readout         `json:"readout"`
	Lifted             bool                   `json:"lifted"` // the image was read back and equals the network, with comparators where winners decide
	FoldedNeurons      int                    `json:"folded_neurons"`
	Hash               string                 `json:"hash"`
	CompileS           float64                `json:"compile_s"`
}

// Utilisation holds the used share of what the used cores hold.
type Utilisation struct {
	Axons    float64 `json:"axons"`
	Neurons  float64 `json:"neurons"`
	Synapses float64 `json:"synapses"`
}

// Compile maps a network onto a chip and proves the image before giving it
// away: what is lifted from it is the network.
func Compile(n *ternary.Network, chip *hwmodel.Chip, o compiler.Options) (*layout.Layout, *CompileSummary, error) {
	l, report, err := compiler.Compile(n, chip, o)
	if err != nil {
		return nil, nil, err
	}
	if err := verify.Proof(n, l); err != nil {
		return nil, nil, err
	}
	u := l.Usage()
	s := &CompileSummary{
		Chip: chip.Name, Hypothetical: chip.Hypothetical, Cores: report.Cores, CoresLowerBound: report.LowerBound.Cores(),
		TicksPerInference: l.Schedule.TicksPerInference, InitiationInterval: l.Schedule.InitiationInterval,
		Layers: report.Layers, Psums: report.PsumsPerInference, Readout: verify.ReadoutOf(l), Lifted: true, FoldedNeurons: len(report.Folded), Hash: l.Hash(),
		Utilisation: Utilisation{share(u.Axons, u.AxonsHeld), share(u.Columns, u.ColumnsHeld), share(u.Synapses, u.SynapsesHeld)},
	}
	if w := n.Size().Weights; w > 0 {
		s.BitsPerWeight = float64(u.StoredBits()) / float64(w)
	}
	return l, s, nil
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
