package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on the labels of a file.
const (
	maxClasses    = 4096 // different labels
	maxLabelBytes = 200  // bytes of one label
)

var (
	errNoLabel     = errors.New("is no label; want a class name or number; fill the cell, drop the row, or choose another label column")
	errOddLabel    = fmt.Errorf("is no label; want up to %d bytes of printable UTF-8 text; rename the class", maxLabelBytes)
	errManyClasses = fmt.Errorf("is one label too many; allowed up to %d different ones; choose another label column", maxClasses)
)

// labelColumn gathers the labels of a file in the order they appear.
type labelColumn struct {
	rows  []int32          // one a sample: index into names
	names []string         // as written
	index map[string]int32 // name to index
}

func newLabelColumn() *labelColumn { return &labelColumn{index: map[string]int32{}} }

func (l *labelColumn) add(text []byte) error {
	i, ok := l.index[string(text)]
	if !ok {
		if isMissing(string(text)) {
			return errNoLabel
		}
		if !isPrintable(text) {
			return errOddLabel
		}
		if len(l.names) == maxClasses {
			return errManyClasses
		}
		i = int32(len(l.names))
		l.names = append(l.names, string(text))
		l.index[string(text)] = i
	}
	l.rows = append(l.rows, i)
	return nil
}

// isPrintable says whether a label can stand in a table or a JSON file.
func isPrintable(text []byte) bool {
	if len(text) > maxLabelBytes || !utf8.Valid(text) {
		return false
	}
	return !bytes.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// classes sorts the labels into classes: by number if all of them are whole
// numbers, else by name. Numbers written differently, such as 1 and 1.0, are
// one class, which becomes a note.
func (l *labelColumn) classes(t *table) (classes []string, labels []int32, err error) {
	column := t.columnName(t.label)
	if len(l.rows) == 0 {
		return nil, nil, fmt.Errorf("%s: a header but no rows; want rows of numbers and a label", t.file)
	}
	canonical, compare := l.canonical()
	classes = slices.Clone(canonical)
	slices.SortFunc(classes, compare)
	classes = slices.Compact(classes)
	if len(classes) < len(canonical) {
		t.notes = append(t.notes, fmt.Sprintf("%s: %d ways of writing %d numbers are merged", column, len(canonical), len(classes)))
	}
	if len(classes) < 2 {
		return nil, nil, fmt.Errorf("%s: %s holds one label only, %q; want 2 or more; choose another label column", t.file, column, classes[0])
	}
	if 3*len(classes) > len(l.rows) {
		return nil, nil, fmt.Errorf("%s: %s holds %d different labels in %d rows; want 3 rows a class on average; choose another label column",
			t.file, column, len(classes), len(l.rows))
	}
	labels = make([]int32, len(l.rows))
	for row, i := range l.rows {
		class, _ := slices.BinarySearchFunc(classes, canonical[i], compare)
		labels[row] = int32(class)
	}
	return classes, labels, nil
}

// canonical gives each name its canonical form and the order of the forms.
func (l *labelColumn) canonical() ([]string, func(a, b string) int) {
	byNumber := make([]string, len(l.names))
	for i, name := range l.names {
		d, err := parseDecimal([]byte(name), nil)
		if err != nil || d.places() > 0 || len(d.digits) > 0 && d.size() > maxDigits {
			return l.names, strings.Compare
		}
		n, _ := d.integer(0)
		byNumber[i] = strconv.FormatInt(n, 10)
	}
	return byNumber, compareNumber
}

func compareNumber(a, b string) int {
	x, _ := strconv.ParseInt(a, 10, 64)
	y, _ := strconv.ParseInt(b, 10, 64)
	return int(max(-1, min(1, x-y)))
}
