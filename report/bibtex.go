package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tritloom/hwmodel"
)

// bibSource is one source of prices.
type bibSource struct {
	key, text string
	uses      []string // prices that rest on it
}

// BibTeX writes an entry for tritloom, with the starts of the hashes that name the
// runs (the table has them in full, in comments), and one
// for every source of a price that was used. An entry says what the chip file says
// of the source and no more: no author, title or journal is made up. A key depends
// on the source's text alone, so it stays the same from report to report.
func BibTeX(rows []PaperRow, tool string) string {
	var b strings.Builder
	b.WriteString(toolEntry(rows, tool))
	var sources []bibSource
	for _, row := range rows {
		sources = addSources(sources, row.Report)
	}
	for _, s := range sources {
		b.WriteString("\n" + s.entry())
	}
	return b.String()
}

func toolEntry(rows []PaperRow, tool string) string {
	var runs []string
	for _, row := range rows {
		r := row.Report
		runs = append(runs, fmt.Sprintf("network %s, layout %s, chip %s with capabilities %s and prices %s, data %s",
			short(r.Network), short(r.Layout), r.Chip.Name, short(r.Chip.Capabilities), short(r.Chip.Prices), r.Data))
	}
	return fmt.Sprintf("@misc{tritloom,\n  key = {tritloom},\n  title = {{%s: ternary networks on simulated neuromorphic chips}},\n  note = {%s}\n}\n",
		escapeTeX(tool), escapeTeX("Runs: "+strings.Join(runs, "; ")))
}

// addSources adds the sources of a report's prices, each once, in the order of
// their first use.
func addSources(list []bibSource, r *Report) []bibSource {
	for _, l := range r.Energy.Leaves {
		if !cited(l) {
			continue
		}
		use := fmt.Sprintf("%s on %s: %s [%s, %s], %s", l.Kind, r.Chip.Name, SI(l.Price.Nominal, "J"), SI(l.Price.Low, "J"), SI(l.Price.High, "J"), l.Evidence)
		i := slices.IndexFunc(list, func(s bibSource) bool { return s.text == l.Source })
		if i < 0 {
			list = append(list, bibSource{key: sourceKey(l.Source), text: l.Source})
			i = len(list) - 1
		}
		if !slices.Contains(list[i].uses, use) {
			list[i].uses = append(list[i].uses, use)
		}
	}
	return list
}

// cited tells whether a leaf's joules rest on something that was published. What
// was assumed has no work to cite.
func cited(l Leaf) bool {
	return l.State == hwmodel.Priced && l.Price != nil && l.Source != "" && l.Evidence != hwmodel.Assumed && !strings.HasPrefix(l.Source, "assumed")
}

// citedKeys are the keys of a report's sources.
func citedKeys(r *Report) []string {
	var keys []string
	for _, s := range addSources(nil, r) {
		keys = append(keys, s.key)
	}
	return keys
}

var (
	firstWork = regexp.MustCompile(`^([A-Za-z]+)\D{0,40}?((?:19|20)\d\d)\b`)
	firstWord = regexp.MustCompile(`[A-Za-z]+`)
	doi       = regexp.MustCompile(`\b10\.\d{4,9}/[^\s;,()\[\]{}\\%]+`)
	arXiv     = regexp.MustCompile(`arXiv[: ]\s*(\d{4}\.\d{4,5})`)
)

// sourceKey is "merolla2014-3fa2b1c": what the source begins with, and a digest of
// all of it, because one paper may stand in several sources.
func sourceKey(text string) string {
	name := strings.ToLower(firstWord.FindString(text))
	if m := firstWork.FindStringSubmatch(text); m != nil {
		name = strings.ToLower(m[1]) + m[2]
	}
	if name == "" {
		name = "source"
	}
	return name + "-" + hash7(text)
}

// hash7 is a digest to tell texts apart.
func hash7(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:7]
}

// digest names a table by the runs and prices in it.
func digest(rows []PaperRow) string {
	var b strings.Builder
	for _, row := range rows {
		r := row.Report
		fmt.Fprintln(&b, r.Network, r.Layout, r.Chip.Prices, r.Data, r.Options.Energy.Scope, r.Options.Energy.Boundary)
	}
	return hash7(b.String())
}

func (s bibSource) entry() string {
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s,\n  key = {%s},\n  title = {{%s}},\n", s.key, s.key, escapeTeX(s.text))
	if m := firstWork.FindStringSubmatch(s.text); m != nil {
		fmt.Fprintf(&b, "  year = {%s},\n", m[2])
	}
	if m := doi.FindString(s.text); m != "" {
		fmt.Fprintf(&b, "  doi = {%s},\n", strings.TrimRight(m, ".:"))
	}
	if m := arXiv.FindStringSubmatch(s.text); m != nil {
		fmt.Fprintf(&b, "  eprint = {%s},\n  archiveprefix = {arXiv},\n", m[1])
	}
	fmt.Fprintf(&b, "  note = {Prices: %s}\n}\n", escapeTeX(strings.Join(s.uses, "; ")))
	return b.String()
}
