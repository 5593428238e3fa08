package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// errStop ends a walk over lines once enough of them were seen.
var errStop = errors.New("stop")

// readHead learns from the first two lines how many columns there are, which
// one holds the label and whether the first line is a header.
func (t *table) readHead(text []byte, labelColumn string) error {
	var head [][]string
	err := eachLine(text, func(line int, row []byte) error {
		if err := t.cut(line, row); err != nil {
			return err
		}
		var texts []string
		for _, c := range t.cells {
			texts = append(texts, string(c.text))
		}
		if head = append(head, texts); len(head) == 2 {
			return errStop
		}
		t.headLine, t.columns = line, len(texts)
		return t.checkForm(row)
	})
	if err != nil && err != errStop {
		return err
	}
	if t.label, err = findLabel(head[0], labelColumn); err != nil {
		return t.errorAt(t.headLine, 1, "%w", err)
	}
	t.scales = make([]scale, t.columns-1)
	if t.isHeader(head, labelColumn) {
		t.header = head[0]
	} else {
		t.headLine = 0
	}
	return nil
}

// checkForm looks at the first line for what makes a file no table of commas.
func (t *table) checkForm(row []byte) error {
	if bytes.IndexByte(row, 0) >= 0 {
		return t.errorAt(t.headLine, bytes.IndexByte(row, 0)+1, "a zero byte, as in UTF-16 text or a spreadsheet's own format; want CSV in UTF-8; save the file so")
	}
	if at := bytes.IndexByte(row, '\r'); at >= 0 {
		return t.errorAt(t.headLine, at+1, "a carriage return inside a line; want lines that end in LF or CRLF; save the file so")
	}
	if t.columns >= 2 {
		return nil
	}
	found := ""
	for _, other := range []struct{ separator, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
		if bytes.Contains(row, []byte(other.separator)) {
			found = ", and " + other.name + " in it"
			break
		}
	}
	return t.errorAt(t.headLine, 1, "1 column%s; want 2 or more separated by commas, features and a label; save the file with commas", found)
}

// findLabel is the index of the label column, given the first row. A number is
// always a column number: a number in the first row is data.
func findLabel(first []string, wanted string) (int, error) {
	columns := len(first)
	if n, err := strconv.Atoi(wanted); err == nil && n >= 1 && n <= columns {
		return n - 1, nil
	} else if err != nil {
		if at, err := findName(first, wanted); at >= 0 || err != nil {
			return at, err
		}
	}
	switch wanted {
	case "first":
		return 0, nil
	case "last", "":
		return columns - 1, nil
	}
	return 0, fmt.Errorf("label column %q: no such column; want first, last, 1..%d or one of %s", wanted, columns, shown(strings.Join(first, ",")))
}

// findName is the index of the one cell that reads name, or -1.
func findName(cells []string, name string) (int, error) {
	at := slices.Index(cells, name)
	if at < 0 || name == "" {
		return -1, nil
	}
	if next := slices.Index(cells[at+1:], name); next >= 0 {
		return 0, fmt.Errorf("label column %q: columns %d and %d have that name; name it by number, 1..%d", name, at+1, at+2+next, len(cells))
	}
	return at, nil
}

// isHeader says whether the first row names the columns: it holds a feature
// cell that is text, or the label column was found in it by name, or its label
// is text while the next row's is a number. Cells that stand for a missing
// number are not text. A row with both text and numbers becomes a note, since
// it might as well be a damaged first sample.
func (t *table) isHeader(head [][]string, labelColumn string) bool {
	texts, numbers := 0, 0
	for i, c := range head[0] {
		if i == t.label {
			continue
		}
		if isText(c) {
			texts++
		} else if !isMissing(c) {
			numbers++
		}
	}
	if texts > 0 && numbers > 0 {
		t.notes = append(t.notes, fmt.Sprintf("line %d is read as a header, because %d of its %d feature cells are text", t.headLine, texts, t.columns-1))
	}
	label := head[0][t.label]
	named := labelColumn == label && isText(label)
	differs := len(head) > 1 && isText(label) && !isText(head[1][t.label]) && !isMissing(head[1][t.label])
	return texts > 0 || named || differs
}

// isText says whether a cell is neither a number nor a missing one.
func isText(cell string) bool {
	_, err := parseDecimal([]byte(cell), nil)
	return err == errNotNumber && !isMissing(cell)
}

// isMissing says whether a cell stands for no number: empty, NaN or infinite,
// as other programs write them.
func isMissing(cell string) bool {
	switch strings.ToLower(strings.TrimLeft(cell, "+-")) {
	case "", "nan", "na", "n/a", "null", "none", "inf", "infinity", "?":
		return true
	}
	return false
}
