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

// Notes are what a reader of the dense engines must know, a sentence each.
func (b *Baseline) Notes() []string { return sentences(b.words()) }

// BreakEvenText is the break-even of a dense engine for a table.
func (e Engine) BreakEvenText() string { return e.even() }

// Verdict says in sentences what remains of the weights' ratios once all that is
// stored is counted.
func (m *Memory) Verdict() []string { return sentences(m.verdict()) }

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
