package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"tritloom/internal/seed"
)

// makeBlobs is blobs FILE CLASSES COLUMNS FORM: a CSV file of 40 rows a class, the
// label among the columns. Each class has a centre of its own, four standard
// deviations from the next in every column where they differ. Forms are:
//
//	plain    numbers only, the label last
//	names    a header, class names, the label in the column "kind" in the middle
//	windows  a byte-order mark, CRLF, everything in quotes, the label first
func makeBlobs(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg)
	if len(args) != 4 {
		ts.Fatalf("usage: blobs FILE CLASSES COLUMNS FORM")
	}
	classes, err := strconv.Atoi(args[1])
	ts.Check(err)
	columns, err := strconv.Atoi(args[2])
	ts.Check(err)
	form, ok := blobForms[args[3]]
	if !ok {
		ts.Fatalf("no form %q", args[3])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(form(blobRows(classes, columns-1))), 0o666))
}

// blobRow is a sample as text, and its class.
type blobRow struct {
	cells []string
	class int
}

func blobRows(classes, features int) []blobRow {
	r := seed.Stream(31, seed.TestInput)
	centres := make([]float64, classes*features)
	for i := range centres {
		centres[i] = 4 * float64(r.IntN(3)-1)
	}
	var rows []blobRow
	for i := range 40 * classes {
		row := blobRow{class: i % classes}
		for f := range features {
			v := centres[row.class*features+f] + r.NormFloat64()
			row.cells = append(row.cells, strconv.FormatFloat(v, 'f', (i+f)%6, 64))
		}
		rows = append(rows, row)
	}
	return rows
}

var blobForms = map[string]func([]blobRow) string{
	"plain": func(rows []blobRow) string {
		var b strings.Builder
		for _, row := range rows {
			fmt.Fprintf(&b, "%s,%d\n", strings.Join(row.cells, ","), row.class)
		}
		return b.String()
	},
	"names": func(rows []blobRow) string {
		var b strings.Builder
		half := len(rows[0].cells) / 2
		for f := range rows[0].cells {
			if f == half {
				b.WriteString("kind,")
			}
			fmt.Fprintf(&b, "f%d,", f)
		}
		text := strings.TrimSuffix(b.String(), ",") + "\n"
		for _, row := range rows {
			text += fmt.Sprintf("%s,größe %c,%s\n", strings.Join(row.cells[:half], ","), 'A'+row.class, strings.Join(row.cells[half:], ","))
		}
		return text
	},
	"windows": func(rows []blobRow) string {
		text := "\ufeff"
		for _, row := range rows {
			text += fmt.Sprintf("\"kind %d\",\"%s\"\r\n", row.class, strings.Join(row.cells, `","`))
		}
		return text
	},
}
