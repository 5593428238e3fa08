package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// readCSVFile reads a CSV file, decompressed if its name ends in .gz, into a
// set that is split into stratified fifths.
func readCSVFile(s *Set, path, labelColumn string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w; want a CSV file, plain or .gz", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("%s: not a file; want a CSV file, plain or .gz", path)
	}
	if err := readCSV(s, f, path, labelColumn); err != nil {
		return err
	}
	s.splitFifths()
	return nil
}

// readCSV fills values, shape, decimals, labels and classes of a set. It goes
// over the text twice: the first time to check every cell and to learn how many
// decimal places each column needs, the second time to store the integers.
func readCSV(s *Set, r io.Reader, file, labelColumn string) error {
	text, err := readBounded(r, file, MaxCSVBytes)
	if err != nil {
		return err
	}
	t := &table{file: file, labels: newLabelColumn()}
	if err := t.readHead(text, labelColumn); err != nil {
		return err
	}
	if err := eachLine(text, t.measure); err != nil {
		return err
	}
	classes, labels, err := t.labels.classes(t)
	if err != nil {
		return err
	}
	t.store(s, text)
	s.Classes, s.Labels = classes, labels
	s.Shape = []int{len(t.scales)}
	s.Notes = append(s.Notes, t.notes...)
	return nil
}

// readBounded reads all of r, decompressed, but no more than limit bytes.
func readBounded(r io.Reader, file string, limit int64) ([]byte, error) {
	if strings.HasSuffix(file, ".gz") {
		z, err := gzip.NewReader(bufio.NewReader(r))
		if err != nil {
			return nil, fmt.Errorf("%s: no gzip file (%v); decompress it by hand or fetch it again", file, err)
		}
		r = z
	}
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; fetch it again", file, err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s: more than %d bytes; allowed up to that; cut the file or turn it into idx", file, limit)
	}
	if text = bytes.TrimPrefix(text, []byte(byteOrderMark)); len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s: empty file; want rows of numbers and a label", file)
	}
	return text, nil
}

// table is a CSV file being read.
type table struct {
	file     string
	header   []string // column names; nil without a header
	headLine int      // line of the header; 0 without one
	columns  int
	label    int // index of the label column
	labels   *labelColumn
	scales   []scale // one a feature
	notes    []string

	cells   []cell // scratch
	scratch []byte // scratch
}

// errorAt says where in the file something is wrong.
func (t *table) errorAt(line, column int, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %w", t.file, line, column, fmt.Errorf(format, args...))
}

// columnName is how errors and notes call a column: its number from 1 and its
// name if it has one.
func (t *table) columnName(column int) string {
	if t.header == nil || t.header[column] == "" {
		return fmt.Sprintf("column %d", column+1)
	}
	return fmt.Sprintf("column %d (%s)", column+1, shown(t.header[column]))
}

// featureName is the name of the column that a feature stands in.
func (t *table) featureName(feature int) string {
	if feature >= t.label {
		feature++
	}
	return t.columnName(feature)
}

// cut cuts a line into cells and holds their number against the first line's.
func (t *table) cut(line int, text []byte) error {
	var err error
	if t.cells, err = cutCells(text, t.cells); err != nil {
		return t.errorAt(line, t.cells[len(t.cells)-1].column, "%w", err)
	}
	if t.columns > 0 && len(t.cells) != t.columns {
		return t.errorAt(line, t.cells[len(t.cells)-1].column, "%d cells; want %d as in the first row; complete the row or drop it", len(t.cells), t.columns)
	}
	return nil
}

// measure checks a line, gathers its label and widens the scales.
func (t *table) measure(line int, text []byte) error {
	if line == t.headLine {
		return nil
	}
	if err := t.cut(line, text); err != nil {
		return err
	}
	feature := 0
	for column, c := range t.cells {
		if column == t.label {
			if err := t.labels.add(c.text); err != nil {
				return t.errorAt(line, c.column, "%s: %q %w", t.columnName(column), clip(c.text), err)
			}
			continue
		}
		d, err := t.decimal(c)
		if err != nil {
			return t.errorAt(line, c.column, "%s: %q %w", t.columnName(column), clip(c.text), err)
		}
		t.scales[feature].add(d)
		feature++
	}
	return nil
}

var (
	errEmptyCell = errors.New("is empty; want a decimal such as 12 or -0.5; fill the cell, or drop the row or the column")
	errMissing   = errors.New("is not a number; want a decimal such as 12, -0.5 or 1.5e-3; fill the cell, or drop the row or the column")
	errTooLarge  = errors.New("is too large; allowed below 10^15 in size; rescale the column")
)

func (t *table) decimal(c cell) (decimal, error) {
	if len(c.text) == 0 {
		return decimal{}, errEmptyCell
	}
	d, err := parseDecimal(c.text, t.scratch)
	if err == errNotNumber && isMissing(string(c.text)) {
		return d, errMissing
	}
	if err != nil {
		return d, err
	}
	t.scratch = d.digits
	if len(d.digits) > 0 && d.size() > maxDigits {
		return d, errTooLarge
	}
	return d, nil
}

// store writes the integers of all rows; measure has checked every cell.
func (t *table) store(s *Set, text []byte) {
	rounded := make([]int, len(t.scales))
	counting := newCounting(len(t.scales))
	s.values.reserve(len(t.labels.rows) * len(t.scales))
	_ = eachLine(text, func(line int, row []byte) error {
		if line == t.headLine {
			return nil
		}
		t.cells, _ = cutCells(row, t.cells)
		feature := 0
		for column, c := range t.cells {
			if column == t.label {
				continue
			}
			d, _ := parseDecimal(c.text, t.scratch)
			n, exact := d.integer(int(t.scales[feature].decimals()))
			if !exact {
				rounded[feature]++
			}
			counting.add(feature, n)
			s.values.push(n)
			feature++
		}
		return nil
	})
	t.noteDecimals(s, rounded)
	t.noteCounting(counting)
}

// noteDecimals sets the decimals and says which columns lost digits.
func (t *table) noteDecimals(s *Set, rounded []int) {
	s.Decimals = nil
	for feature, sc := range t.scales {
		places := sc.decimals()
		if places > 0 && s.Decimals == nil {
			s.Decimals = make([]uint8, len(t.scales))
		}
		if places > 0 {
			s.Decimals[feature] = places
		}
		if rounded[feature] > 0 {
			t.notes = append(t.notes, fmt.Sprintf("%s: %d values rounded half to even to %d decimal places, so that none has more than %d digits",
				t.featureName(feature), rounded[feature], places, maxDigits))
		}
	}
}
