package report

import (
	"fmt"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// The words that every form of a report uses: text, page, table of a paper.

// Words is the scope as a reader meets it: "used cores".
func (s Scope) Words() string { return scopeWords[s] }

// ScenarioWords is a scenario as a reader meets it, with what it means.
func ScenarioWords(s ledger.Scenario) string { return scenarioWords[s] }

// BoundaryWords is a boundary as a reader meets it, with what it contains.
func BoundaryWords(b hwmodel.BoundaryName) string { return boundaryWords[b] }

// BoundaryLine says besides what the widest boundary still leaves out.
func BoundaryLine(b hwmodel.BoundaryName) string { return boundaryLine(b) }

// ScopeText is "used cores (2 of 4)" or "whole chip (4 cores, 2 of them used)".
func (c ChipID) ScopeText(s Scope) string { return c.scopeText(s) }

// Mean writes a number of events that was divided by the number of samples.
func Mean(n float64) string { return mean(n) }

// Percent writes a share of one: "13.6 %".
func Percent(share float64) string { return percent(share) }

// Times writes a ratio: "5.3x", "0.56x".
func Times(ratio float64) string { return times(ratio) }

// Notes are what a reader of the dense engines must know, a sentence each.
func (b *Baseline) Notes() []string { return sentences(b.words()) }

// BreakEvenText is the break-even of a dense engine for a table.
func (e Engine) BreakEvenText() string { return e.even() }

// Verdict says in sentences what remains of the weights' ratios once all that is
// stored is counted.
func (m *Memory) Verdict() []string { return sentences(m.verdict()) }

// ConditionNotes says how the conditions of the figure differ from those of the
// simulation, a sentence each.
func (r *Report) ConditionNotes() []string { return r.conditionNotes() }

// Text says where the draws lie beside a nominal figure.
func (m MonteCarlo) Text(nominal float64, lowerBound bool) string { return m.text(nominal, lowerBound) }

// Verdicts say plainly who takes less energy, a sentence a scope, and that it decides
// nothing.
func (s BesideSilicon) Verdicts() []string { return s.verdicts() }

// BreakEvenRateText is the break-even a step for a table.
func (e Engine) BreakEvenRateText() string { return e.evenOf(e.BreakEvenRate) }

// projected is the word for prices moved to another technology node.
const projected = "projected"

// Moved says in which way the prices were moved away from what is known of the
// chip; nothing if they were not. The chip's title tells.
func (c ChipID) Moved() []string {
	var list []string
	for _, m := range []struct{ mark, word string }{{", projected to ", projected}, {", extrapolated ", "extrapolated"}} {
		if strings.Contains(c.Title, m.mark) {
			list = append(list, m.word)
		}
	}
	return list
}

// Approximate says that the run simulated a made chip whose cells vary, so that its
// spikes, decisions and accuracy are that chip's and not the network's; empty if they
// do not.
func (r *Report) Approximate() string {
	v := r.Variation
	if v == nil {
		return ""
	}
	return fmt.Sprintf("the cells of the simulated chip vary by %d/1024 (standard deviation, seed %d); its spikes are not the network's", v.ConductanceSD1024, v.Seed)
}

// RouterNotes is what timing cycle by cycle saw of the routers, a sentence each.
func (r *Report) RouterNotes() []string { return sentences(routersText(r.Routers)) }

// sentences takes a text of lines apart.
func sentences(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
