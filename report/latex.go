package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tritloom/hwmodel"
)

// PaperRow is one run in a table for a paper.
type PaperRow struct {
	Report *Report
	// Network is its shape, such as "784-512-10"; empty: the start of its hash.
	Network string
}

// LaTeX writes the runs as one table of plain LaTeX with the rules of booktabs. Its
// caption says what every figure covers: chip, voltage, tick, scope, scenario,
// boundary, evidence, intervals. Tool is the program and version, "tritloom 0.1.0".
// The keys it cites are those of BibTeX for the same rows.
func LaTeX(rows []PaperRow, tool string) string {
	chips := len(groupsOf(rows)) > 1
	head := []string{"Network", "Data", "Accuracy (\\%)", "Cores", "Energy per inference", "Latency", "Energy $\\times$ delay"}
	align := "llrrrrr"
	if chips {
		head, align = append([]string{"Chip"}, head...), "l"+align
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%% Written by %s. Needs \\usepackage{booktabs}; its keys are in the .bib file of the same report.\n", comment(tool))
	for i, row := range rows {
		r := row.Report
		fmt.Fprintf(&b, "%% row %d: network %s, layout %s, capabilities %s, prices %s\n", i+1, comment(r.Network), comment(r.Layout), comment(r.Chip.Capabilities), comment(r.Chip.Prices))
	}
	fmt.Fprintf(&b, "\\begin{table}[t]\n  \\centering\n  \\caption{%s}\n  \\label{tab:energy-%s}\n", caption(rows), digest(rows))
	fmt.Fprintf(&b, "  \\begin{tabular}{@{}%s@{}}\n    \\toprule\n    %s \\\\\n    \\midrule\n", align, strings.Join(head, " & "))
	for _, row := range rows {
		cells := row.cells()
		if chips {
			cells = append([]string{escapeTeX(row.Report.Chip.Name)}, cells...)
		}
		fmt.Fprintf(&b, "    %s \\\\\n", strings.Join(cells, " & "))
	}
	b.WriteString("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n")
	return b.String()
}

// cells is a row of the table.
func (p PaperRow) cells() []string {
	r := p.Report
	network := p.Network
	if network == "" {
		network = short(r.Network)
	}
	least := ""
	if r.Energy.LowerBound {
		least = "at least "
	}
	latency, edp := fmt.Sprintf("%d ticks", r.Ticks.PerInference), "unknown"
	if r.Latency != nil {
		latency = SI(r.Latency.Mean, "s")
	}
	if r.EDP != nil {
		edp = least + SI(*r.EDP, "J·s")
	}
	a := r.Accuracy
	cells := []string{
		network, r.Data, fmt.Sprintf("%.1f [%.1f, %.1f]", 100*a.Value, 100*a.CI95[0], 100*a.CI95[1]),
		fmt.Sprintf("%d", r.Chip.CoresUsed), energyText(r.Energy.Interval, r.Energy.LowerBound), latency, edp,
	}
	for i := range cells {
		cells[i] = escapeTeX(cells[i])
	}
	return cells
}

// caption says once what is common to rows, and for each chip what is its own.
func caption(rows []PaperRow) string {
	var b strings.Builder
	b.WriteString("Energy per inference, simulated event by event with tritloom~\\cite{tritloom} and priced with published figures. ")
	for _, row := range groupsOf(rows) {
		r := row.Report
		b.WriteString(escapeTeX(groupText(r)) + " ")
		if keys := citedKeys(r); len(keys) > 0 {
			fmt.Fprintf(&b, "Prices of %s from~\\cite{%s}. ", escapeTeX(r.Chip.Name), strings.Join(keys, ","))
		}
	}
	b.WriteString("Energies are nominal [low, high]: all prices at their low and at their high bounds, not the spread over samples. ")
	var samples []int
	for _, row := range rows {
		if n := row.Report.Samples; !slices.Contains(samples, n) {
			samples = append(samples, n)
		}
	}
	counts := make([]string, len(samples))
	for i, n := range samples {
		counts[i] = Count(n)
	}
	fmt.Fprintf(&b, "Accuracies are over %s samples, with the exact 95\\,\\%% interval of Clopper and Pearson.", strings.Join(counts, " or "))
	return b.String()
}

// groupText is the sentences on one chip under one set of options.
func groupText(r *Report) string {
	e := r.Energy
	text := r.Chip.String() + ": scope " + r.Chip.ScopeText(e.Scope) + "; scenario " + scenarioWords[e.Scenario] + "; boundary " + BoundaryLine(e.Boundary) + "; "
	text += Percent(e.ActivityIndependentShare) + " of the energy is independent of activity; evidence: " + evidenceMix(e) + "."
	if r.Chip.Hypothetical {
		text += " This chip is hypothetical: no such silicon exists."
	}
	if moved := r.Chip.Moved(); len(moved) > 0 {
		text += " Its prices are " + strings.Join(moved, " and ") + ": " + r.Chip.Title + "."
	}
	if approximate := r.Approximate(); approximate != "" {
		text += " The run is approximate: " + approximate + "."
	}
	if e.LowerBound {
		text += " Its energies are lower bounds: no price or count for " + strings.Join(e.Unpriced, ", ") + "."
	}
	for _, note := range e.Notes {
		text += " Note: " + note + "."
	}
	if assumed := assumedKinds(e); len(assumed) > 0 {
		text += " Assumed, not published: " + strings.Join(assumed, ", ") + "."
	}
	return text
}

// evidenceMix is "80.0 % measured, 20.0 % estimated".
func evidenceMix(e *Energy) string {
	var parts []string
	for _, grade := range e.ByEvidence {
		share := 0.0
		if e.Nominal > 0 {
			share = grade.Value / e.Nominal
		}
		parts = append(parts, Percent(share)+" "+grade.Name)
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// assumedKinds lists the priced kinds whose price is a choice.
func assumedKinds(e *Energy) []string {
	var kinds []string
	for _, l := range e.Leaves {
		if l.State == hwmodel.Priced && l.Evidence == hwmodel.Assumed {
			kinds = append(kinds, l.Kind)
		}
	}
	return kinds
}

// groupsOf keeps one row of those that a caption says the same of.
func groupsOf(rows []PaperRow) []PaperRow {
	var list []PaperRow
	var seen []string
	for _, row := range rows {
		text := groupText(row.Report) + row.Report.Chip.Prices
		if !slices.Contains(seen, text) {
			list, seen = append(list, row), append(seen, text)
		}
	}
	return list
}

// texLetters are letters that mean something to LaTeX or that its old fonts lack.
var texLetters = map[rune]string{
	'\\': "\\textbackslash{}", '{': "\\textbraceleft{}", '}': "\\textbraceright{}", '$': "\\$", '&': "\\&", '#': "\\#", '%': "\\%", '_': "\\_",
	'~': "\\textasciitilde{}", '^': "\\textasciicircum{}", '<': "\\textless{}", '>': "\\textgreater{}", '|': "\\textbar{}", '"': "''",
	'µ': "$\\mu$", '×': "$\\times$", '·': "\\,", '–': "--", '—': "---", '≥': "$\\geq$", '≤': "$\\leq$", '−': "$-$", '²': "$^2$", 'Ω': "$\\Omega$", 'α': "$\\alpha$", 'β': "$\\beta$", 'γ': "$\\gamma$", 'δ': "$\\delta$", 'θ': "$\\theta$", 'λ': "$\\lambda$", 'σ': "$\\sigma$", '°': "$^\\circ$", '±': "$\\pm$",
}

// Letters that stand for TeX of our own while text is escaped. Text itself cannot
// hold them: its controls are gone before.
const (
	thinSpace = '\x00'
	power     = '\x01'
	powerEnd  = '\x02'
)

var (
	unitSpace  = regexp.MustCompile(`(\d) (%|[afpnµmkMGT]?(?:J·s|J|s|W|Hz|V)\b)`)
	scientific = regexp.MustCompile(`\b(\d\.\d\d)e([+-])0*(\d+)\b`)
)

// lastTeXLetter is the last of the letters that LaTeX's engines of 8 bits know of
// themselves: Latin with its accents.
const lastTeXLetter = 'ſ'

// escapeTeX makes text safe in LaTeX and BibTeX: no letter keeps a meaning, braces
// balance, and a number stays with its unit.
func escapeTeX(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = unitSpace.ReplaceAllString(text, "${1}"+string(thinSpace)+"${2}")
	text = scientific.ReplaceAllString(text, "${1}"+string(power)+"${2}${3}"+string(powerEnd))
	var b strings.Builder
	for _, r := range text {
		switch tex, special := texLetters[r]; {
		case special:
			b.WriteString(tex)
		case r == thinSpace:
			b.WriteString("\\,")
		case r == power:
			b.WriteString("$\\times 10^{")
		case r == powerEnd:
			b.WriteString("}$")
		case r > lastTeXLetter:
			fmt.Fprintf(&b, "{[}U+%04X{]}", r) // so that a common engine goes on, and a reader sees what is missing
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// comment keeps text on its line.
func comment(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, text)
}
