package sweep

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fullDisk keeps no point, and Ctrl-C comes while it tries.
type fullDisk struct{ interrupt func() }

var errFull = errors.New("no space left")

func (fullDisk) has(int) bool { return false }

func (d fullDisk) add(int, []string) error {
	d.interrupt()
	return errFull
}

// A point that could not be kept is told, also where the sweep was interrupted then:
// the same command would not go on.
func TestUnkeptPointsAreTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(file, []byte("chip: unit\ndata: \"iris:test[0:2]\"\ntrain: {hidden: 2, sweeps: 1}\ngrid: {compile_seed: [1, 2, 3]}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Load(file, openNowhere)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if err := s.fill(ctx, fullDisk{cancel}, []int{0, 1, 2}, Options{Jobs: 2}); !errors.Is(err, errFull) {
		t.Errorf("interrupted and not kept: %v", err)
	}
	if err := s.fill(t.Context(), fullDisk{func() {}}, []int{0, 1, 2}, Options{Jobs: 2}); !errors.Is(err, errFull) {
		t.Errorf("not kept: %v", err)
	}
	var cut *Interrupted
	if err := s.fill(ctx, fullDisk{cancel}, []int{0, 1, 2}, Options{Jobs: 2}); !errors.As(err, &cut) || cut.Done != 0 || cut.Total != 3 {
		t.Errorf("interrupted before the first point: %v", err)
	}
}

// A journal that another process takes away between its opening and its lock is opened
// again, so that points are never kept in a file without a name.
func TestJournalTakenAway(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.csv.journal")
	opened := 0
	open := func(last int) func() (*os.File, error) {
		return func() (*os.File, error) {
			f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o666)
			if opened++; opened <= last {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
				if opened%2 == 0 { // and a third process begins one of its own
					if err := os.WriteFile(file, nil, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
			return f, err
		}
	}
	f, err := lockedFile(file, open(3))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ours, err1 := f.Stat()
	named, err2 := os.Stat(file)
	if err1 != nil || err2 != nil || !os.SameFile(ours, named) || opened != 4 {
		t.Errorf("opened %d times, %v, %v; want the file that has the name, at the fourth time", opened, err1, err2)
	}
	f.Close()
	if _, err := lockedFile(file, open(1<<30)); err == nil || !strings.Contains(err.Error(), "another process fills this table") {
		t.Errorf("a journal that is always taken away: %v", err)
	}
}

// What a plot says of its chips does not hang on its first row.
func TestHypotheticalChips(t *testing.T) {
	row := func(chip, hypothetical string) []string {
		return []string{chip, hypothetical, "offline", "used_cores", "host"}
	}
	for _, test := range []struct {
		rows [][]string
		want string
	}{
		{[][]string{row("", ""), row("unit", "true")}, "unit, hypothetical, offline, used_cores, boundary host"},
		{[][]string{row("unit", "true"), row("", "")}, "unit, hypothetical, offline, used_cores, boundary host"},
		{[][]string{row("truenorth", "false"), row("", "")}, "truenorth, offline, used_cores, boundary host"},
		{[][]string{row("unit", "true"), row("truenorth", "false")}, "several chips, some hypothetical, offline, used_cores, boundary host"},
	} {
		table := Table{Header: []string{"chip", "hypothetical", "scenario", "scope", "boundary"}, Rows: test.rows}
		if got := table.coverage(); got != test.want {
			t.Errorf("%v: %s; want %s", test.rows, got, test.want)
		}
	}
}
