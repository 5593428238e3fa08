package report

import (
	"fmt"
	"strings"
)

// EnergyText is joules an inference of the run, for a table.
func (st Standing) EnergyText() string { return st.least() + SI(st.EnergyJ, "J") }

// OperationText is joules a dense operation of the run, for a table.
func (st Standing) OperationText() string {
	if st.Operations == 0 {
		return "no weights"
	}
	return st.least() + SI(st.OperationJ, "J")
}

func (st Standing) least() string {
	if st.LowerBound {
		return "at least "
	}
	return ""
}

// PeakText is joules an operation at the peak, for a table.
func (s Silicon) PeakText() string {
	one, _ := s.PeakOperation()
	return SI(one, "J") + " at peak"
}

// Verdicts say plainly who takes less, scope by scope and in both comparisons, and
// that it decides nothing.
func (s BesideSilicon) Verdicts() []string {
	var list []string
	for _, st := range s.Beside {
		boundary, _, _ := strings.Cut(boundaryWords[st.Boundary], " (")
		list = append(list, fmt.Sprintf("Beside %s, %s: %s; %s.", scopeWords[st.Scope], boundary, s.inferenceVerdict(st), s.operationVerdict(st)))
	}
	return append(list,
		"Energy an inference is of networks of unlike size: the smaller one takes less by construction. A dense operation is one weight position met once; it takes size out, "+
			"but the published figure is a peak and no application's, where this run's is its whole energy under that scope over its positions. Network, data, accuracy and node differ in both, so neither ranks the two.")
}

func (s BesideSilicon) inferenceVerdict(st Standing) string {
	word := st.more()
	if st.Wins {
		word = "less energy"
	}
	return fmt.Sprintf("an inference of %s takes %s, %s to this run's %s", s.System, word, SI(s.EnergyJ, "J"), st.EnergyText())
}

// more is how the run takes less: beside a lower bound, only of what is priced.
func (st Standing) more() string {
	if st.LowerBound {
		return "more energy than what is priced here"
	}
	return "more energy"
}

// operationVerdict holds for one and for two operations a weight position, or says
// that it depends.
func (s BesideSilicon) operationVerdict(st Standing) string {
	if st.Operations == 0 {
		return "this run's network has no weights to count operations by"
	}
	one, two := s.PeakOperation()
	word := "more or less energy as operations are counted"
	switch {
	case two < st.OperationJ:
		word = "less energy"
	case one >= st.OperationJ:
		word = st.more()
	}
	return fmt.Sprintf("a dense operation of %s at its peak takes %s, %s to %s beside this run's %s (%s operations)",
		s.System, word, SI(one, "J"), SI(two, "J"), st.OperationText(), Count(st.Operations))
}
