package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// paperRow is the toy run as a row of a paper.
func paperRow(t *testing.T) PaperRow {
	t.Helper()
	chip := toyChip(t)
	r, err := New(Subject{Run: withTiming(toyRun(chip)), Chip: chip}, Options{Energy: DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	r.Network, r.Layout = "sha256:0123456789abcdef", "sha256:fedcba9876543210"
	return PaperRow{Report: r, Network: "3-2-2"}
}

func TestTableSaysWhatItCovers(t *testing.T) {
	row := paperRow(t)
	table := LaTeX([]PaperRow{row}, "tritloom 9.9")
	i := row.Report.Energy.Interval
	for _, want := range []string{
		"\\toprule", "\\midrule", "\\bottomrule", "3-2-2", "toy:test", "66.7 [9.4, 99.2]",
		escapeTeX(energyText(i, row.Report.Energy.LowerBound)), escapeTeX(SI(row.Report.Latency.Mean, "s")), escapeTeX(SI(*row.Report.EDP, "J·s")),
		"scope used cores (2 of 4)", "scenario single stream", "boundary with host ports", "0.8\\,V", "tick 1.00\\,$\\mu$s",
		"This chip is hypothetical: no such silicon exists", "independent of activity; evidence:", "95\\,\\% interval", "over 3 samples",
		"network sha256:0123456789abcdef", "tritloom 9.9",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is not in the table:\n%s", want, table)
		}
	}
	for _, grade := range row.Report.Energy.ByEvidence {
		if !strings.Contains(table, grade.Name) {
			t.Errorf("grade %s is not in the caption", grade.Name)
		}
	}
	if again := LaTeX([]PaperRow{paperRow(t)}, "tritloom 9.9"); again != table {
		t.Error("two tables of one report differ")
	}
	checkTeX(t, table)
}

func TestTableOfALowerBound(t *testing.T) {
	row := paperRow(t)
	row.Report.Energy.LowerBound, row.Report.Energy.Unpriced = true, []string{"hop_x"}
	row.Report.Energy.Leaves[0].Evidence = hwmodel.Assumed
	row.Report.Latency, row.Report.EDP, row.Network = nil, nil, ""
	table := LaTeX([]PaperRow{row}, "tritloom")
	for _, want := range []string{"at least ", "no upper bound", "lower bounds: no price or count for hop\\_x", "Assumed, not published: " + escapeTeX(row.Report.Energy.Leaves[0].Kind), "2 ticks", "unknown", "sha256:0123456789ab &"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is not in the table:\n%s", want, table)
		}
	}
	checkTeX(t, table)
}

func TestRowsOfTwoChips(t *testing.T) {
	a, b := paperRow(t), paperRow(t)
	b.Report.Chip.Name, b.Report.Chip.Prices, b.Report.Chip.Hypothetical = "other", "sha256:other", false
	table := LaTeX([]PaperRow{a, b, a}, "tritloom")
	if !strings.Contains(table, "Chip & Network") || strings.Count(table, "boundary with host ports") != 2 {
		t.Errorf("want a column of chips and two groups in the caption:\n%s", table)
	}
	if bib := BibTeX([]PaperRow{a, b, a}, "tritloom"); strings.Count(bib, "@misc{tritloom,") != 1 {
		t.Errorf("want one entry of the tool:\n%s", bib)
	}
	checkTeX(t, table)
}

var (
	citation = regexp.MustCompile(`\\cite\{([^}]*)\}`)
	bibKey   = regexp.MustCompile(`(?m)^@misc\{([^,]*),$`)
)

func TestEveryCitationHasItsEntry(t *testing.T) {
	row := paperRow(t)
	table, bib := LaTeX([]PaperRow{row}, "tritloom 9.9"), BibTeX([]PaperRow{row}, "tritloom 9.9")
	entries := map[string]bool{}
	for _, m := range bibKey.FindAllStringSubmatch(bib, -1) {
		if entries[m[1]] {
			t.Errorf("key %s twice", m[1])
		}
		entries[m[1]] = true
	}
	cited := map[string]bool{}
	for _, m := range citation.FindAllStringSubmatch(table, -1) {
		for _, key := range strings.Split(m[1], ",") {
			cited[key] = true
			if !entries[key] {
				t.Errorf("\\cite{%s} has no entry", key)
			}
		}
	}
	sources := map[string]bool{}
	for _, l := range row.Report.Energy.Leaves {
		if l.State == hwmodel.Priced && l.Evidence != hwmodel.Assumed && !strings.HasPrefix(l.Source, "assumed") {
			sources[l.Source] = true
			if !strings.Contains(bib, "{{"+escapeTeX(l.Source)+"}}") {
				t.Errorf("source %q has no entry", l.Source)
			}
		}
	}
	if len(entries) != len(sources)+1 || len(cited) != len(entries) {
		t.Errorf("%d entries, %d cited, for %d sources and the tool", len(entries), len(cited), len(sources))
	}
	if !strings.Contains(bib, "layout sha256:fedcba987654,") || !strings.Contains(bib, "tritloom 9.9") {
		t.Error("the tool's entry lacks its version or the run's hashes")
	}
	checkTeX(t, bib)
}

func TestEntriesSayWhatTheSourceSays(t *testing.T) {
	price := Interval{1e-12, 1e-12, 2e-12}
	leaf := func(source string, e hwmodel.Evidence) Leaf {
		return Leaf{Kind: ledger.HopX.String(), State: hwmodel.Priced, Price: &price, Source: source, Evidence: e}
	}
	r := &Report{Energy: &Energy{Leaves: []Leaf{
		leaf("Merolla 2014 (Science), doi 10.1126/science.1254642; 100 % of it", hwmodel.Measured),
		leaf("Yan, arXiv 2409.08290", hwmodel.Derived),
		leaf("assumed: nobody says", hwmodel.Assumed),
		leaf("{unbalanced \\ source", hwmodel.Estimated),
	}}}
	bib := BibTeX([]PaperRow{{Report: r}}, "tritloom")
	for _, want := range []string{
		"@misc{merolla2014-", "year = {2014}", "doi = {10.1126/science.1254642},", "100\\,\\% of it", "eprint = {2409.08290}", "\\textbraceleft{}unbalanced",
		"hop\\_x on", "measured",
	} {
		if !strings.Contains(bib, want) {
			t.Errorf("%q is not in\n%s", want, bib)
		}
	}
	if strings.Contains(bib, "nobody says") {
		t.Error("an assumption stands as a work that could be cited")
	}
	if a, b := sourceKey("Merolla 2014, table 1"), sourceKey("Merolla 2014, table 2"); a == b || !strings.HasPrefix(a, "merolla2014-") {
		t.Errorf("keys %s and %s of two sources", a, b)
	}
	checkTeX(t, bib)
}

func TestHostileTextInTeX(t *testing.T) {
	const evil = `\input{/etc/passwd} % $x_1^2$ #1 & ~ {} } { "a" <b> |` + "\n\x00\u2028@misc{evil,"
	row := paperRow(t)
	r := row.Report
	row.Network, r.Data, r.Chip.Name, r.Chip.Tick, r.Network, r.Layout = evil, evil, evil, evil, evil, evil
	r.Energy.LowerBound, r.Energy.Unpriced = true, []string{evil}
	for i := range r.Energy.Leaves {
		r.Energy.Leaves[i].Source, r.Energy.Leaves[i].Kind = evil, evil
	}
	for _, text := range []string{LaTeX([]PaperRow{row}, evil), BibTeX([]PaperRow{row}, evil)} {
		checkTeX(t, text)
	}
}

func TestEscapeTeX(t *testing.T) {
	for text, want := range map[string]string{
		"12.5 nJ [8.68 nJ]":     "12.5\\,nJ [8.68\\,nJ]",
		"5 % of 3.45e-19 J·s":   "5\\,\\% of 3.45$\\times 10^{-19}$\\,J\\,s",
		"sha256:12e05 a_b":      "sha256:12e05 a\\_b",
		"\x00\x01\x02\n{":       "    \\textbraceleft{}",
		"10.2 µs, 3 Watts, 2 V": "10.2\\,$\\mu$s, 3 Watts, 2\\,V",
	} {
		if got := escapeTeX(text); got != want {
			t.Errorf("%q becomes %q; want %q", text, got, want)
		}
	}
}

// TestTeXCompiles runs the real programs where they are installed; checkTeX is what
// holds everywhere.
func TestTeXCompiles(t *testing.T) {
	for _, program := range []string{"pdflatex", "bibtex"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("left out: the table is not set, for want of %s", program)
		}
	}
	row := paperRow(t)
	row.Report.Data = `hostile \input{x} % $x_1^2$ #1 & ~ {} } { "a" <b> | µ × ·`
	row.Report.Energy.Leaves[0].Source = row.Report.Data
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("table.tex", LaTeX([]PaperRow{row}, "tritloom 9.9"))
	write("sources.bib", BibTeX([]PaperRow{row}, "tritloom 9.9"))
	write("main.tex", `\documentclass{article}\usepackage{booktabs}\begin{document}\input{table}\bibliographystyle{plain}\bibliography{sources}\end{document}`)
	for _, command := range [][]string{{"pdflatex", "-halt-on-error", "main"}, {"bibtex", "main"}, {"pdflatex", "-halt-on-error", "main"}, {"pdflatex", "-halt-on-error", "main"}} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			if strings.Contains(string(out), "booktabs.sty' not found") {
				t.Skip("left out: the table is not set, for want of booktabs")
			}
			t.Fatalf("%v: %v\n%s", command, err, out)
		} else if command[0] == "bibtex" && strings.Contains(string(out), "Warning--") {
			t.Errorf("bibtex: %s", out)
		}
	}
	log, err := os.ReadFile(filepath.Join(folder, "main.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"undefined", "Missing character"} {
		if strings.Contains(string(log), bad) {
			t.Errorf("the log says %q", bad)
		}
	}
}

// checkTeX checks form without TeX: outside comments braces balance and no letter
// with a meaning stands bare where text was put in.
func checkTeX(t *testing.T, text string) {
	t.Helper()
	depth := 0
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "%") {
			continue
		}
		bare := regexp.MustCompile(`\\[a-zA-Z]+|\\.`).ReplaceAllString(line, "")
		if strings.Count(bare, "$")%2 != 0 || strings.ContainsAny(bare, "%#") {
			t.Errorf("line %d: a bare letter with a meaning: %s", i+1, line)
		}
		for _, r := range bare {
			switch r {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 {
				t.Fatalf("line %d closes more than was opened: %s", i+1, line)
			}
			if r < ' ' {
				t.Errorf("line %d: control letter %q", i+1, r)
			}
		}
		if command := regexp.MustCompile(`\\(input|include|write|openout|catcode|def)\b`).FindString(line); command != "" {
			t.Errorf("line %d: command %s", i+1, command)
		}
	}
	if depth != 0 {
		t.Errorf("%d braces stay open", depth)
	}
}
