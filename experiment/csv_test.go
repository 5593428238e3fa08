package experiment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/internal/seed"
	"tritloom/sim"
)

// table is a made-up CSV file: a cloud of points around a centre of its own for
// each class.
type table struct {
	name              string
	classes, features int
	rows              []int              // of each class in turn; the last one stands for those that follow
	label             int                // place of the label among the columns; -1 is last
	option            string             // --label
	header            bool               // names f0, f1, ... and kind
	class             func(c int) string // as written; default: its number
	cell              func(v float64, row, feature int) string
	end               string // of a line; default "\n"
	quoted            bool
}

// text writes the table. Centres lie four standard deviations apart in a third of
// the features, so that classes can be told apart, but not from every column.
func (c table) text(r *rand.Rand) string {
	centres := make([][]float64, c.classes)
	for class := range centres {
		for range c.features {
			centres[class] = append(centres[class], float64(r.IntN(3))*4)
		}
	}
	var lines [][]string
	for class := range c.classes {
		for range c.rows[min(class, len(c.rows)-1)] {
			var cells []string
			for f := range c.features {
				cells = append(cells, c.write(centres[class][f]+r.NormFloat64(), len(lines), f))
			}
			lines = append(lines, c.place(cells, c.called(class)))
		}
	}
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if c.header {
		var names []string
		for f := range c.features {
			names = append(names, fmt.Sprintf("f%d", f))
		}
		lines = slices.Insert(lines, 0, c.place(names, "kind"))
	}
	var b strings.Builder
	for _, cells := range lines {
		b.WriteString(strings.Join(cells, ",") + c.end)
		if c.end == "" {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// write gives a value up to six decimals, more in some rows than in others.
func (c table) write(v float64, row, feature int) string {
	if c.cell != nil {
		return c.cell(v, row, feature)
	}
	return strconv.FormatFloat(v, 'f', (row+feature)%7, 64)
}

func (c table) called(class int) string {
	if c.class == nil {
		return strconv.Itoa(class)
	}
	return c.class(class)
}

func (c table) place(cells []string, label string) []string {
	at := c.label
	if at < 0 {
		at = len(cells)
	}
	cells = slices.Insert(cells, at, label)
	if c.quoted {
		for i := range cells {
			cells[i] = `"` + strings.ReplaceAll(cells[i], `"`, `""`) + `"`
		}
	}
	return cells
}

func letters(c int) string { return "class " + string(rune('A'+c)) }

var tables = []table{
	{name: "two classes, four columns", classes: 2, features: 3, rows: []int{60}, label: -1},
	{name: "header, label first", classes: 3, features: 4, rows: []int{50}, option: "first", header: true, class: letters},
	{name: "label in the middle, by name", classes: 4, features: 9, rows: []int{40}, label: 5, option: "kind", header: true, class: letters},
	{name: "label in the middle, by number", classes: 4, features: 9, rows: []int{40}, label: 5, option: "6"},
	{name: "ten classes", classes: 10, features: 20, rows: []int{30}, label: -1, header: true},
	{name: "ten classes, 64 columns, CRLF", classes: 10, features: 63, rows: []int{24}, label: -1, end: "\r\n", class: letters},
	{name: "quoted, odd names", classes: 3, features: 6, rows: []int{40}, label: -1, header: true, quoted: true,
		class: func(c int) string { return []string{`say "A"`, "b, and more", "größer als 日本"}[c] }},
	{name: "imbalance 20 to 1", classes: 3, features: 8, rows: []int{200, 40, 10}, label: -1},
	{name: "a class of one row and one of two", classes: 4, features: 8, rows: []int{60, 60, 2, 1}, label: -1, class: letters},
	{name: "labels that are fractions", classes: 3, features: 5, rows: []int{40}, label: -1, class: func(c int) string { return fmt.Sprintf("%d.5", c) }},
	{name: "negative labels", classes: 3, features: 5, rows: []int{40}, label: -1, class: func(c int) string { return strconv.Itoa(c - 1) }},
	{name: "whole numbers", classes: 5, features: 12, rows: []int{30}, label: -1, cell: func(v float64, _, _ int) string { return fmt.Sprintf("%.0f", 10*v) }},
	{name: "timestamps and millionths", classes: 3, features: 6, rows: []int{40}, label: -1, header: true, cell: func(v float64, _, f int) string {
		if f == 0 {
			return fmt.Sprintf("%.0f", 1700000000+86400*v)
		}
		return fmt.Sprintf("%.9f", v/1e6)
	}},
	{name: "exponents", classes: 3, features: 6, rows: []int{40}, label: -1, cell: func(v float64, row, f int) string {
		return strconv.FormatFloat(v*1e-9, "eEf"[(row+f)%3], [3]int{3, 4, 12}[(row+f)%3], 64)
	}},
	{name: "constant columns", classes: 3, features: 9, rows: []int{40}, label: -1, cell: func(v float64, _, f int) string {
		if f%2 == 0 {
			return "7"
		}
		return fmt.Sprintf("%.2f", v)
	}},
	{name: "2,000 columns", classes: 3, features: 1999, rows: []int{30}, label: -1, header: true},
	{name: "few distinct values, so equal rows", classes: 2, features: 5, rows: []int{100}, label: -1, cell: func(v float64, _, _ int) string {
		return map[bool]string{false: "0", true: "1"}[v > 4]
	}},
}

// Files of many shapes go the whole way from text to a simulated chip, with
// nothing said but the file, perhaps the label column, and the hidden width.
// Their classes can be told apart, so the accuracy is far above chance: what was
// read is what was written.
func TestCSVFilesFromTextToChip(t *testing.T) {
	chip := load(t, "ternary256")
	for i, c := range tables {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "made.csv")
			if err := os.WriteFile(path, []byte(c.text(seed.Sub(21, seed.TestInput, i))), 0o666); err != nil {
				t.Fatal(err)
			}
			open := dataset.OpenOptions{LabelColumn: c.option}
			job := irisJob()
			job.Data, job.Encode = experiment.Data{Ref: "csv:" + path, Open: open}, ""
			n, summary := trainIris(t, job)
			test, err := dataset.OpenPart("csv:"+path+":test", "", open)
			if err != nil {
				t.Fatal(err)
			}
			c.checkSplit(t, test.Set)
			l, compiled, err := experiment.Compile(n, chip, compiler.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			run, comparison, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Network: n, Part: test, Options: sim.DefaultOptions()})
			if err != nil {
				t.Fatal(err)
			}
			if !compiled.Lifted || !comparison.Exact() || comparison.Samples != test.Len() || run.Correct != summary.Accuracy.Correct {
				t.Errorf("lifted %v, comparison %+v, %d correct on the chip and %d in the network", compiled.Lifted, comparison, run.Correct, summary.Accuracy.Correct)
			}
			if chance := c.largestShare(); summary.Accuracy.Value < chance+0.6*(1-chance) {
				t.Errorf("accuracy %.3f; the largest class alone gives %.3f, and the clouds lie far apart", summary.Accuracy.Value, chance)
			}
			t.Logf("%d bits, accuracy %.3f", n.Inputs, summary.Accuracy.Value)
		})
	}
}

// checkSplit holds the split against the table: every class is in every part
// where it has three rows, in the shares of all rows.
func (c table) checkSplit(t *testing.T, s *dataset.Set) {
	t.Helper()
	if s.Features() != c.features || len(s.Classes) != c.classes {
		t.Fatalf("%d features and %d classes read; want %d and %d", s.Features(), len(s.Classes), c.features, c.classes)
	}
	split, err := s.Split("")
	if err != nil {
		t.Fatal(err)
	}
	train, validation, test := s.Counts(split.Train), s.Counts(split.Validation), s.Counts(split.Test)
	for class := range c.classes {
		at := slices.Index(s.Classes, c.called(class))
		if at < 0 {
			t.Fatalf("class %q is lost: %q", c.called(class), s.Classes)
		}
		rows := c.rows[min(class, len(c.rows)-1)]
		wantTest := max((rows+2)/5, min(1, rows/2))
		wantValidation := max((rows-wantTest+2)/5, min(1, (rows-wantTest)/2))
		if got, want := [3]int{train[at], validation[at], test[at]}, [3]int{rows - wantTest - wantValidation, wantValidation, wantTest}; got != want {
			t.Errorf("class %q of %d rows: %v for train, validation, test; want %v", s.Classes[at], rows, got, want)
		}
	}
}

// largestShare is the accuracy of always naming the largest class.
func (c table) largestShare() float64 {
	total := 0
	for class := range c.classes {
		total += c.rows[min(class, len(c.rows)-1)]
	}
	return float64(slices.Max(c.rows)) / float64(total)
}
