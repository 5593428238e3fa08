package report

import (
	"strings"
	"unicode/utf8"
)

// table lays cells out in columns for a screen of fixed-width letters. align
// has one letter a column: l or r.
type table struct {
	align string
	rows  [][]string
}

func (t *table) add(cells ...string) {
	if len(cells) > len(t.align) {
		panic("report: a table row has more cells than columns")
	}
	t.rows = append(t.rows, cells)
}

// String writes the rows, indented by two spaces, columns two spaces apart.
func (t *table) String() string {
	widths := make([]int, len(t.align))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		line := ""
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if t.align[i] == 'r' {
				cell = padding + cell
			} else {
				cell += padding
			}
			line += "  " + cell
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
