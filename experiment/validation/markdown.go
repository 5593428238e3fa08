package validation

import (
	"fmt"
	"strings"

	"tritloom/testdata"
)

// Command makes the document again.
const Command = "tritloom validate --markdown VALIDATION.md"

// roleWords say what a table of a role holds.
var roleWords = map[Role]string{
	Anchor:        "Anchors: the prices were made from these, so that they must come out.",
	Closure:       "Closure: arithmetic on what the prices were made from must give the totals that are printed beside it.",
	Interpolation: "Interpolation: nothing was made from these, but they lie between anchors.",
	Extrapolation: "Extrapolation: nothing was made from these, and they are beyond the anchors in rate, synapses, voltage, tick or bits: in at least one of them, and not always in all. They count in the headline.",
	CrossSetup:    "Other set-ups: another part, board, network or paper. They count in the headline.",
	Control:       "Negative controls: models known to be wrong. Each must miss at least one row it is held against. Those that miss every row by construction are labelled so: that they miss is no merit of the rows.",
	Gap:           "Known gaps: what the model cannot say, or sources that contradict each other. A gap that no longer shows is a failure too.",
}

// Markdown is the whole of VALIDATION.md: the rows, and after them the measurements that
// other commands made, which are written by hand.
func (result *Result) Markdown() (string, error) {
	measured, err := testdata.Validation.ReadFile("validation/measured.md")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# What was measured, and against what\n\n")
	fmt.Fprintf(&b, "The first part is written by `%s`: do not edit it here. Its rows are the files of\n`testdata/validation`; the second part is `testdata/validation/measured.md`.\n\n", Command)
	b.WriteString("## Published figures\n\n")
	b.WriteString("**" + result.Headline.String() + "**\n\n")
	b.WriteString("Prices in, published figures out: every row is a file that states the published figure,\nhow the model's is worked out, the tolerance and the rule it follows from. `error` is the\nnominal figure over the published one; `[low, high]` is what the intervals of the prices allow.\n")
	for _, role := range Roles {
		result.roleTable(&b, roleWords[role], func(r *RowResult) bool { return r.Role == role && (!role.Headline() || r.uncounted() == "") })
		if role == CrossSetup {
			result.roleTable(&b, uncountedWords, func(r *RowResult) bool { return r.Role.Headline() && r.uncounted() != "" })
		}
	}
	result.refitTable(&b)
	result.coverageText(&b)
	result.rules(&b)
	b.WriteString("\n")
	b.Write(measured)
	return b.String(), nil
}

// cell keeps a text from breaking its table.
func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }

func line(b *strings.Builder, cells ...string) {
	for i := range cells {
		cells[i] = cell(cells[i])
	}
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func header(b *strings.Builder, cells ...string) {
	line(b, cells...)
	b.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
}

// uncountedWords stand over the rows of the two roles above that the headline leaves out.
const uncountedWords = "Not in the headline: beyond the anchors or of another set-up too, but the same measurement as another row, one that an end of a price follows from, or one that asks for an interval and not for a nominal figure. They are gates all the same."

func (result *Result) roleTable(b *strings.Builder, words string, holds func(*RowResult) bool) {
	fmt.Fprintf(b, "\n%s\n\n", words)
	header(b, "row", "what", "chip", "published", "model", "[low, high]", "error", "tolerance", "verdict")
	for i := range result.Rows {
		r := &result.Rows[i]
		if !holds(r) {
			continue
		}
		for _, cells := range r.cells() {
			if why := r.uncounted(); r.Role.Headline() && why != "" {
				cells[len(cells)-1] += "; " + why
			}
			line(b, append([]string{cells[0], r.Title, r.conditions()}, cells[2:]...)...)
		}
	}
}

// conditions are the chip and what it is operated at.
func (r *RowResult) conditions() string {
	text := r.Chip
	if r.VoltageV > 0 {
		text += fmt.Sprintf(", %g V", r.VoltageV)
	}
	if r.TickUS > 0 {
		text += fmt.Sprintf(", tick %g µs", r.TickUS)
	}
	return text
}

func (result *Result) refitTable(b *strings.Builder) {
	f := result.Refit
	if f == nil {
		return
	}
	fmt.Fprintf(b, "\n### Each measured power predicted by the others\n\n%s\n\n", f.summary())
	header(b, "point", "measured", "residual of the fit to all", "error if left out")
	for _, p := range f.Points {
		line(b, p.ID, figureText(p.MeasuredW*1e3)+" mW", percent(p.Residual), percent(p.LeftOut))
	}
}

// coverageText says how many figures the intervals hold, and which do not count and why.
func (result *Result) coverageText(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Interval coverage\n\n%s\n\nNot counted are gaps, which are known to be off, and rows that are not independent or whose intervals say little:\n\n", result.Coverage.String())
	header(b, "row", "why it does not count")
	for _, l := range result.Coverage.LeftOut {
		line(b, l.ID, l.Why)
	}
}

// rules lists, row by row, why the tolerance is what it is, and where the figure is from.
func (result *Result) rules(b *strings.Builder) {
	b.WriteString("\n### Why each tolerance, and where each figure is from\n\n")
	header(b, "row", "rule of the tolerance", "source", "read again", "note")
	for i := range result.Rows {
		r := &result.Rows[i]
		line(b, r.ID, r.Tolerance.Rule, r.Source, orDash(r.Checked), orDash(r.note()))
	}
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// note is the row's, and the remarks of its figures.
func (r *RowResult) note() string {
	notes := []string{}
	if r.Note != "" {
		notes = append(notes, r.Note)
	}
	if r.MissesAll != "" {
		notes = append(notes, "misses every row by construction: "+r.MissesAll)
	}
	for i := range r.Figures {
		if f := &r.Figures[i]; f.Remark != "" {
			notes = append(notes, strings.TrimSpace(f.Name+" "+f.Remark))
		}
	}
	return strings.Join(notes, "; ")
}
