package interop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// rancLine is a line of bits and where it stands.
type rancLine struct {
	bits  []byte // of '0' and '1'
	where string // file:line
}

// rancFolder is a folder on disk or in memory.
type rancFolder interface {
	names() ([]string, error)
	has(name string) bool
	read(name string) ([]byte, error) // at most rancMaxText bytes; errors start with the name
}

// diskFolder is a folder that others made.
type diskFolder struct{ fs.FS }

func (d diskFolder) names() ([]string, error) {
	entries, err := fs.ReadDir(d, ".")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, rancReason(err)
}

func (d diskFolder) has(name string) bool {
	_, err := fs.Stat(d, name)
	return err == nil
}

func (d diskFolder) read(name string) ([]byte, error) {
	info, err := fs.Stat(d, name)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; a RANC folder holds it", name, rancReason(err))
	}
	if !info.Mode().IsRegular() { // a pipe would never end
		return nil, fmt.Errorf("%s: not a regular file; a RANC folder holds text", name)
	}
	file, err := d.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; make it readable", name, rancReason(err))
	}
	defer file.Close() // nothing was written
	text, err := io.ReadAll(io.LimitReader(file, rancMaxText+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; copy it again", name, rancReason(err))
	}
	if len(text) > rancMaxText {
		return nil, fmt.Errorf("%s: more than %d bytes; want a file of RANC", name, rancMaxText)
	}
	return bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")), nil // some editors' byte-order mark
}

// rancReason is the cause without the path, which the message names itself.
func rancReason(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// memoryFolder is a folder that was not written yet.
type memoryFolder map[string][]byte

func (m memoryFolder) names() ([]string, error) { return slices.Sorted(maps.Keys(m)), nil }
func (m memoryFolder) has(name string) bool     { return m[name] != nil }
func (m memoryFolder) read(name string) ([]byte, error) {
	if m[name] == nil {
		return nil, fmt.Errorf("%s: not there; a RANC folder holds it", name)
	}
	return m[name], nil
}

// bitLines are the lines of bits in a text. Comments are lines of several words, or
// whose first character is neither 0 nor 1.
func bitLines(name string, text []byte) ([]rancLine, error) {
	var lines []rancLine
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] != '0' && line[0] != '1' || bytes.ContainsAny(line, " \t") {
			continue
		}
		for i, b := range line {
			if b != '0' && b != '1' {
				return nil, fmt.Errorf("%s:%d: %q at character %d; want only 0 and 1, or a comment such as // text", name, number, string(rune(b)), i+1)
			}
		}
		lines = append(lines, rancLine{line, fmt.Sprintf("%s:%d", name, number)})
	}
	return lines, nil
}

// bitReader takes fields off the front of a line.
type bitReader struct{ rest []byte }

func (r *bitReader) unsigned(width int) int32 {
	v := int32(0)
	for _, b := range r.rest[:width] {
		v = v<<1 | int32(b-'0')
	}
	r.rest = r.rest[width:]
	return v
}

func (r *bitReader) signed(width int) int32 {
	v := r.unsigned(width)
	if v>>(width-1) == 1 {
		v -= 1 << width
	}
	return v
}

// bitWriter puts fields after each other.
type bitWriter struct{ text []byte }

// put writes the lowest bits of v, which holds for signed numbers too.
func (w *bitWriter) put(v int32, width int) {
	for i := width - 1; i >= 0; i-- {
		w.text = append(w.text, '0'+byte(v>>i&1))
	}
}

// countLines are the numbers of a text, one a line.
func countLines(name string, text []byte) (counts []int, total int, err error) {
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		word := strings.TrimSpace(line)
		if word == "" || strings.HasPrefix(word, "//") {
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > rancMaxText {
			return nil, 0, fmt.Errorf("%s:%d: %.40q; want a count, one a tick", name, number, word)
		}
		if len(counts) == rancMaxTicks {
			return nil, 0, fmt.Errorf("%s:%d: more than %d ticks; cut the recording", name, number, rancMaxTicks)
		}
		counts, total = append(counts, n), min(total+n, 2*rancMaxText)
	}
	return counts, total, nil
}
