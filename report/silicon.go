package report

import (
	"fmt"

	"tritloom/hwmodel"
)

// Silicon is a published dense ternary chip and what it was measured at: the rival
// of every chip for ternary networks. It ran another network on other data, so its
// figures are set beside a run, not against it, and also where they are the better ones.
//
// Two comparisons are made. Joules an inference are what was measured, but the smaller
// network takes fewer by construction. Joules a dense operation, a weight position met
// once, take size out, but the published one is a peak.
type Silicon struct {
	System      string  `json:"system"`
	NodeNM      float64 `json:"node_nm"`
	VoltageV    float64 `json:"voltage_v"`
	Network     string  `json:"network"`
	Data        string  `json:"data"`
	Accuracy    float64 `json:"accuracy"`
	EnergyJ     float64 `json:"energy_j"` // an inference
	PerSecondHz float64 `json:"inferences_per_second_hz"`
	Scope       string  `json:"scope"` // what EnergyJ covers, as far as published
	// PeakOpsPerJ is the best energy efficiency published, in operations a joule.
	PeakOpsPerJ float64 `json:"peak_operations_per_joule"`
	PeakScope   string  `json:"peak_scope"` // what that covers, as far as published
	Source      string  `json:"source"`
}

// Silicons is the one list of them.
var Silicons = []Silicon{
	{
		System: "TCN-CUTIE", NodeNM: 22, VoltageV: 0.5, Network: "9-layer CNN, 96 channels a layer", Data: "CIFAR-10", Accuracy: 0.86,
		EnergyJ: 2.72e-6, PerSecondHz: 3200,
		Scope: "an inference as printed in the abstract, which does not say what of the system-on-chip around the accelerator it covers; " +
			"the 12.2 mW printed beside it over 3,200 inferences/s would be 3.81 µJ",
		PeakOpsPerJ: 1036e12,
		PeakScope: "the peak energy efficiency of the abstract, 1036 TOp/s/W, its inverse 965 aJ an operation: a best case, which no application is said to reach, " +
			"and the abstract prints no count of operations an inference; nor whether a weight position met is one operation, or two as by custom a multiplication and an addition are, which would be 1.93 fJ",
		Source: "Scherer et al., TCN-CUTIE, arXiv 2212.00688, abstract (22 nm FDX, measured)",
	},
}

// PeakOperation is joules a weight position at the peak: one operation, or, as the
// field also counts, two.
func (s Silicon) PeakOperation() (one, two float64) {
	return 1 / s.PeakOpsPerJ, 2 / s.PeakOpsPerJ
}

// BesideSilicon is a published chip beside a run, under every scope of the run.
type BesideSilicon struct {
	Silicon
	Beside []Standing `json:"beside"`
}

// Standing is how a published chip stands beside a run under one scope.
type Standing struct {
	Scope      Scope                `json:"scope"`
	Boundary   hwmodel.BoundaryName `json:"boundary"`
	EnergyJ    float64              `json:"run_energy_j"` // of an inference of the run
	LowerBound bool                 `json:"run_lower_bound"`
	Ratio      float64              `json:"ratio"`      // of the chip's energy an inference over the run's
	Wins       bool                 `json:"takes_less"` // the chip, an inference, than the run's nominal figure
	// Operations of the run's network, made dense: weight positions an inference. The
	// run's joules over them are OperationJ, PeakRatio the chip's peak over that, at one
	// operation a position; at two it is twice that.
	Operations uint64  `json:"dense_operations"`
	OperationJ float64 `json:"run_operation_j"`
	PeakRatio  float64 `json:"peak_operation_ratio"`
}

// besideSilicon sets every published chip beside the run's figures at the boundary of
// the report, for a network of so many dense operations an inference.
func besideSilicon(covers []Cover, boundary hwmodel.BoundaryName, operations uint64) []BesideSilicon {
	list := make([]BesideSilicon, len(Silicons))
	for i, s := range Silicons {
		list[i].Silicon = s
		for _, c := range covers {
			if c.Boundary == boundary {
				list[i].Beside = append(list[i].Beside, s.beside(c, operations))
			}
		}
	}
	return list
}

func (s Silicon) beside(c Cover, operations uint64) Standing {
	st := Standing{Scope: c.Scope, Boundary: c.Boundary, EnergyJ: c.Energy.Nominal, LowerBound: c.LowerBound, Wins: s.EnergyJ < c.Energy.Nominal, Operations: operations}
	if operations > 0 {
		st.OperationJ = st.EnergyJ / float64(operations)
	}
	if st.EnergyJ > 0 {
		st.Ratio = s.EnergyJ / st.EnergyJ
	}
	if st.OperationJ > 0 {
		one, _ := s.PeakOperation()
		st.PeakRatio = one / st.OperationJ
	}
	return st
}

// siliconTable shows them, with what keeps the figures from being a race.
func (r *Report) siliconTable() string {
	if len(r.Silicon) == 0 {
		return ""
	}
	t := table{align: "llllrrr"}
	t.add("", "silicon", "network", "data", "accuracy", "an inference", "a dense operation")
	chip := "simulated"
	if r.Chip.Hypothetical {
		chip = "simulated, hypothetical"
	}
	for _, st := range r.Silicon[0].Beside {
		t.add("this run, "+scopeWords[st.Scope], chip, networkText(r), r.Data, Percent(r.Accuracy.Value), st.EnergyText(), st.OperationText())
	}
	words := sourceList{}
	text := ""
	for _, s := range r.Silicon {
		t.add(fmt.Sprintf("%s %s %s %s", s.System, words.cite(s.Scope), words.cite(s.PeakScope), words.cite(s.Source)), fmt.Sprintf("%g nm, %g V", s.NodeNM, s.VoltageV),
			s.Network, s.Data, Percent(s.Accuracy), SI(s.EnergyJ, "J"), s.PeakText())
		for _, verdict := range s.Verdicts() {
			text += "  " + verdict + "\n"
		}
	}
	return "Published dense ternary silicon, of another network on other data\n" + t.String() + text + words.String()
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
