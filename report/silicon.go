package report

import (
	"fmt"
	"strings"
)

// Silicon is a published dense ternary chip and what it was measured at: the rival
// of every chip for ternary networks. It ran another network on other data, so its
// figure is set beside a run, not against it, and also where it is the better one.
type Silicon struct {
	System      string  `json:"system"`
	NodeNM      float64 `json:"node_nm"`
	VoltageV    float64 `json:"voltage_v"`
	Network     string  `json:"network"`
	Data        string  `json:"data"`
	Accuracy    float64 `json:"accuracy"`
	EnergyJ     float64 `json:"energy_j"` // an inference
	PerSecondHz float64 `json:"inferences_per_second_hz"`
	Scope       string  `json:"scope"` // what the figure covers, as far as published
	Source      string  `json:"source"`
}

// Silicons is the one list of them.
var Silicons = []Silicon{
	{
		System: "TCN-CUTIE", NodeNM: 22, VoltageV: 0.5, Network: "9-layer CNN, 96 channels a layer", Data: "CIFAR-10", Accuracy: 0.86,
		EnergyJ: 2.72e-6, PerSecondHz: 3200,
		Scope: "as printed in the abstract, which does not say what of the system-on-chip around the accelerator it covers; " +
			"the 12.2 mW printed beside it over 3,200 inferences/s would be 3.81 µJ",
		Source: "Scherer et al., TCN-CUTIE, arXiv 2212.00688, abstract (22 nm FDX, measured)",
	},
}

// BesideSilicon is a published chip beside a run.
type BesideSilicon struct {
	Silicon
	Ratio float64 `json:"ratio"` // its energy over that of an inference of the run
	Wins  bool    `json:"takes_less"`
}

// besideSilicon sets every published chip beside the run's figure.
func besideSilicon(e *Energy) []BesideSilicon {
	list := make([]BesideSilicon, len(Silicons))
	for i, s := range Silicons {
		list[i] = BesideSilicon{Silicon: s, Wins: s.EnergyJ < e.Nominal}
		if e.Nominal > 0 {
			list[i].Ratio = s.EnergyJ / e.Nominal
		}
	}
	return list
}

// siliconTable shows them, with what keeps the two figures from being a race.
func (r *Report) siliconTable() string {
	if len(r.Silicon) == 0 {
		return ""
	}
	t := table{align: "llllrrr"}
	t.add("", "silicon", "network", "data", "accuracy", "energy", "vs this run")
	chip := "simulated"
	if r.Chip.Hypothetical {
		chip = "simulated, hypothetical"
	}
	t.add("this run", chip, networkText(r), r.Data, percent(r.Accuracy.Value), SI(r.Energy.Nominal, "J"))
	words := sourceList{}
	text := ""
	for _, s := range r.Silicon {
		t.add(fmt.Sprintf("%s %s %s", s.System, words.cite(s.Scope), words.cite(s.Source)), fmt.Sprintf("%g nm, %g V", s.NodeNM, s.VoltageV),
			s.Network, s.Data, percent(s.Accuracy), SI(s.EnergyJ, "J"), times(s.Ratio))
		text += "  " + s.verdict(r) + "\n"
	}
	return "Published dense ternary silicon, of another network on other data\n" + t.String() + text + words.String()
}

// verdict says plainly who takes less, and that it decides nothing.
func (s BesideSilicon) verdict(r *Report) string {
	e := r.Energy
	word, least := "more", ""
	if s.Wins {
		word = "less"
	}
	if e.LowerBound {
		least = "at least "
	}
	boundary, _, _ := strings.Cut(boundaryWords[e.Boundary], " (")
	return fmt.Sprintf("An inference of %s takes %s energy than one of this run (%s%s; %s, %s); network, data, accuracy and node differ, so this ranks neither.",
		s.System, word, least, SI(e.Nominal, "J"), scopeWords[e.Scope], boundary)
}

// networkText says how large the run's network is.
func networkText(r *Report) string {
	neurons := 0
	for _, l := range r.Layers {
		neurons += l.Neurons
	}
	if r.Memory != nil {
		return fmt.Sprintf("%s neurons, %s weights", Count(neurons), Count(r.Memory.Weights))
	}
	return Count(neurons) + " neurons"
}
