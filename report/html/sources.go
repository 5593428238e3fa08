package html

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/report"
)

// source is one paper, table or reason, and the prices that rest on it.
type source struct {
	Number int
	Text   string
	Uses   []use
}

// use is a price that rests on a source.
type use struct {
	Anchor, Kind string
	Price        string // with its interval, voltage and evidence
	Derivation   string
}

// sourceList numbers sources in the order of their first use.
type sourceList struct {
	list []source
}

// cite gives the number of a leaf's source.
func (s *sourceList) cite(anchor string, l report.Leaf) int {
	u := use{Anchor: anchor, Kind: l.Kind, Price: priceText(l), Derivation: l.Derivation}
	for i := range s.list {
		if s.list[i].Text == l.Source {
			s.list[i].Uses = append(s.list[i].Uses, u)
			return s.list[i].Number
		}
	}
	s.list = append(s.list, source{Number: len(s.list) + 1, Text: l.Source, Uses: []use{u}})
	return len(s.list)
}

// priceText is a price with everything that is said of it but where it is from.
func priceText(l report.Leaf) string {
	switch l.State {
	case hwmodel.ZeroFact:
		return "zero, stated as a fact"
	case hwmodel.Unknown:
		return "unknown"
	}
	if l.Price == nil {
		return ""
	}
	text := report.SI(l.Price.Nominal, "J") + " " + intervalText(*l.Price)
	if l.VoltageV > 0 {
		text += fmt.Sprintf(", %g V", l.VoltageV)
	}
	if l.Scope != "" {
		text += ", " + string(l.Scope)
	}
	if l.Evidence != "" {
		text += ", " + string(l.Evidence)
	}
	return text
}

// gap is a kind of event whose joules are missing from the figure.
type gap struct {
	Kind, Count, Why string
}

// gaps lists what the figure lacks.
func gaps(e *report.Energy) []gap {
	var list []gap
	for _, l := range e.Leaves {
		if l.Missing != "" {
			list = append(list, gap{l.Kind, report.Mean(l.PerInference), l.Missing})
		}
	}
	return list
}
