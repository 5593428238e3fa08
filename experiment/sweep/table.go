package sweep

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"tritloom/internal/container"
)

// CSV is the table as text: equal tables are equal bytes.
func (t *Table) CSV() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(t.Header); err != nil {
		return nil, err
	}
	if err := w.WriteAll(t.Rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// addFront adds the Pareto column.
func (s *Sweep) addFront(t *Table) {
	words := s.front(t.Header, t.Rows)
	t.add(paretoColumn, func(i int) string { return words[i] })
}

// addSweep adds which sweep a shard is of, so that shards of two are not joined.
func (t *Table) addSweep(identity string) {
	t.add(sweepColumn, func(int) string { return identity[:16] })
}

func (t *Table) add(name string, cell func(i int) string) {
	t.Header = append(slices.Clip(t.Header), name)
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = append(slices.Clip(row), cell(i))
	}
	t.Rows = rows
}

// Cell is a cell of a row by the name of its column; empty where there is none.
func (t *Table) Cell(row int, column string) string {
	if at := slices.Index(t.Header, column); at >= 0 {
		return t.Rows[row][at]
	}
	return ""
}

// Front lists the rows of the Pareto front.
func (t *Table) Front() []int { return t.rowsWhere(paretoColumn, onFront) }

// Failed lists the rows that have an error.
func (t *Table) Failed() []int {
	var list []int
	for i := range t.Rows {
		if t.Cell(i, errorColumn) != "" {
			list = append(list, i)
		}
	}
	return list
}

// LowerBounds lists the rows whose energy lacks the joules of some events.
func (t *Table) LowerBounds() []int { return t.rowsWhere(boundColumn, "true") }

func (t *Table) rowsWhere(column, word string) []int {
	var list []int
	for i := range t.Rows {
		if t.Cell(i, column) == word {
			list = append(list, i)
		}
	}
	return list
}

// shardName finds the numbers in the name of a shard's table.
var shardName = regexp.MustCompile(`\.shard-([0-9]+)-of-([0-9]+)(\.[^.]*)?$`)

// Merge joins the tables of all shards beside the output to the table that one Run
// would have written, and writes it.
func (s *Sweep) Merge(output, tool string) (*Table, error) {
	if err := writable(output); err != nil {
		return nil, err
	}
	count, err := s.shardCount(output)
	if err != nil {
		return nil, err
	}
	t := &Table{File: output, Header: s.header(), Rows: make([][]string, s.Points())}
	identity := hashOf(s.identity(tool))[:16]
	for i := range count {
		if err := s.mergeShard(t, ShardFile(output, Shard{i, count}), Shard{i, count}, identity); err != nil {
			return nil, err
		}
	}
	s.addFront(t)
	text, err := t.CSV()
	if err != nil {
		return nil, err
	}
	return t, container.WriteAtomic(output, text)
}

// shardCount finds into how many shards the sweep was divided.
func (s *Sweep) shardCount(output string) (int, error) {
	folder, base := filepath.Dir(output), filepath.Base(output)
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, fmt.Errorf("cannot look for shards of %s: %w", output, err)
	}
	found := map[int][]int{}
	counts := []int{}
	for _, file := range files {
		name := file.Name()
		m := shardName.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		i, _ := strconv.Atoi(m[1])
		n, err := strconv.Atoi(m[2])
		if err != nil || n < 2 || n > maxShards || ShardFile(base, Shard{i, n}) != name {
			continue
		}
		if found[n] == nil {
			counts = append(counts, n)
		}
		found[n] = append(found[n], i)
	}
	switch {
	case len(counts) == 0:
		return 0, fmt.Errorf("no shards of %s; run the sweep with --shard 0/N to --shard N-1/N first, and the same -o", output)
	case len(counts) > 1:
		slices.Sort(counts)
		return 0, fmt.Errorf("%s was divided into %d and into %d shards; remove the tables of one division", output, counts[0], counts[1])
	}
	n := counts[0]
	for i := range n {
		if !slices.Contains(found[n], i) {
			return 0, fmt.Errorf("%s is missing; run the sweep with --shard %d/%d", ShardFile(output, Shard{i, n}), i, n)
		}
	}
	return n, nil
}

// maxTable bounds a shard's table on disk.
const maxTable = 4 << 30

// mergeShard takes over the rows of a shard, each in its place.
func (s *Sweep) mergeShard(t *Table, file string, h Shard, identity string) error {
	text, err := container.ReadText(file, "a shard of the sweep, such as --shard writes", maxTable)
	if err != nil {
		return err
	}
	again := fmt.Sprintf("run the sweep with --shard %s again", h)
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w; %s", file, err, again)
	}
	want := append(s.header(), sweepColumn)
	points := h.points(s.Points())
	if len(records) != len(points)+1 || !slices.Equal(records[0], want) {
		return fmt.Errorf("%s: not this shard of %s: other columns, or not %d rows; %s", file, s.File, len(points), again)
	}
	last := len(want) - 1
	for i, row := range records[1:] {
		if row[last] != identity {
			return fmt.Errorf("%s:%d: a row of another sweep, or of %s before it was changed; %s", file, i+2, s.File, again)
		}
		if row[0] != strconv.Itoa(points[i]) {
			return fmt.Errorf("%s:%d: point %.20q; want %d; %s", file, i+2, row[0], points[i], again)
		}
		t.Rows[points[i]] = row[:last:last]
	}
	return nil
}
