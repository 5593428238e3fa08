package dataset

import (
	"bytes"
	"errors"
)

// Bounds of a CSV file. Images of MNIST size as CSV are about 110 MB.
const (
	MaxCSVBytes   = 1 << 28 // bytes, decompressed
	MaxCSVColumns = 1 << 16
)

// byteOrderMark is what some programs write in front of UTF-8 text.
const byteOrderMark = "\ufeff"

var (
	errQuote   = errors.New("quoted cell does not end on its line; close the quote")
	errAfter   = errors.New("text after the closing quote; double a quote inside a cell")
	errColumns = errors.New("more than 65536 columns; allowed 1..65536")
)

// cell is one cell of a line: its text and the byte column where it starts,
// counted from 1.
type cell struct {
	text   []byte
	column int
}

// cutCells appends the cells of a line to cells[:0]. Cells are separated by
// commas; spaces around them do not count; a cell in double quotes may hold
// commas and doubled quotes, but no line break: numbers and labels need none,
// and so one line bounds one record.
func cutCells(line []byte, cells []cell) ([]cell, error) {
	cells = cells[:0]
	for at := 0; ; {
		if len(cells) == MaxCSVColumns {
			return cells, errColumns
		}
		at += len(line[at:]) - len(bytes.TrimLeft(line[at:], " \t"))
		text, next, err := cutCell(line, at)
		cells = append(cells, cell{text, at + 1})
		if err != nil || next > len(line) {
			return cells, err
		}
		at = next
	}
}

// cutCell cuts the cell that starts at the given byte and says where the next
// one starts: past the end of the line if there is none.
func cutCell(line []byte, at int) (text []byte, next int, err error) {
	if at < len(line) && line[at] == '"' {
		return cutQuoted(line, at)
	}
	end := len(line)
	if comma := bytes.IndexByte(line[at:], ','); comma >= 0 {
		end = at + comma
	}
	return bytes.TrimRight(line[at:end], " \t"), end + 1, nil
}

func cutQuoted(line []byte, at int) (text []byte, next int, err error) {
	from, doubled := at+1, false
	for i := from; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			doubled = true
			i++
			continue
		}
		text = line[from:i]
		if doubled {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
		rest := bytes.TrimLeft(line[i+1:], " \t")
		if len(rest) > 0 && rest[0] != ',' {
			return text, 0, errAfter
		}
		return text, len(line) - len(rest) + 1, nil
	}
	return nil, 0, errQuote
}

// eachLine calls visit with every line that is not blank and its number from 1,
// without its line end, until one fails.
func eachLine(text []byte, visit func(number int, line []byte) error) error {
	for number := 1; len(text) > 0; number++ {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := visit(number, line); err != nil {
			return err
		}
	}
	return nil
}
