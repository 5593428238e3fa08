package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/sweep"
)

// folder is a place for a sweep, its files and its table.
type folder struct {
	t    *testing.T
	path string
}

func newFolder(t *testing.T) folder { return folder{t, t.TempDir()} }

func (f folder) at(name string) string { return filepath.Join(f.path, name) }

func (f folder) write(name, text string) string {
	f.t.Helper()
	if err := os.WriteFile(f.at(name), []byte(text), 0o666); err != nil {
		f.t.Fatal(err)
	}
	return f.at(name)
}

func (f folder) read(name string) []byte {
	f.t.Helper()
	text, err := os.ReadFile(f.at(name))
	if err != nil {
		f.t.Fatal(err)
	}
	return text
}

func (f folder) exists(name string) bool {
	_, err := os.Stat(f.at(name))
	return err == nil
}

func (f folder) load() *sweep.Sweep {
	f.t.Helper()
	s, err := sweep.Load(f.at("s.yaml"), dataset.OpenOptions{})
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func (f folder) run(s *sweep.Sweep, o sweep.Options) *sweep.Table {
	f.t.Helper()
	t, err := f.try(f.t.Context(), s, o)
	if err != nil {
		f.t.Fatal(err)
	}
	return t
}

func (f folder) try(ctx context.Context, s *sweep.Sweep, o sweep.Options) (*sweep.Table, error) {
	o.Output, o.Tool = f.at(o.Output), "test"
	if o.Shard == (sweep.Shard{}) {
		o.Shard = sweep.Whole
	}
	return s.Run(ctx, o)
}

// fast are networks trained in milliseconds and samples simulated in as many.
const fast = "chip: ternary256\ndata: \"iris:test[0:10]\"\n"

// twoHundred is chip × net: 200 points over five networks and 40 chips, of which some
// cannot be.
const twoHundred = `chip: ternary256
data: iris:test
train: {sweeps: 1}
grid:
  core.axons: [0, 8, 16, 32, 256]
  core.neurons: [16, 64, 128, 256]
  prices.bits_read.scale: [1, 2.5]
  hidden: [2, 4, 8, 12, 16]
`

// Two hundred points, interrupted at several moments and resumed, give the bytes of a
// sweep left alone, for one and two jobs.
func TestTwoHundredPointsInterrupted(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", twoHundred)
	whole := f.run(f.load(), sweep.Options{Jobs: 1, Output: "whole.csv"})
	if len(whole.Rows) != 200 || len(whole.Failed()) != 40 || len(whole.Front()) == 0 || f.exists("whole.csv.journal") {
		t.Fatalf("%d rows, %d failed, front %v; want 200, the 40 of no axons, some", len(whole.Rows), len(whole.Failed()), whole.Front())
	}
	if got := whole.Cell(0, "error"); !strings.HasPrefix(got, "capabilities.core.axons = 0; want 1..65536") || whole.Cell(0, "accuracy") != "" {
		t.Errorf("the first row: error %q, accuracy %q", got, whole.Cell(0, "accuracy"))
	}
	f.run(f.load(), sweep.Options{Jobs: 2, Output: "two.csv"})
	if !bytes.Equal(f.read("whole.csv"), f.read("two.csv")) {
		t.Error("one and two jobs write different tables")
	}

	stops := []int{1, 2, 57, 120, 190}
	before := 0
	for _, stop := range stops {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := f.try(ctx, f.load(), sweep.Options{Jobs: 1 + stop%2, Output: "cut.csv", Progress: func(done, total int) {
			if done >= stop {
				cancel()
			}
		}})
		cancel()
		var cut *sweep.Interrupted
		if !errors.As(err, &cut) || cut.Total != 200 || cut.Done < stop || cut.Done <= before || !strings.Contains(err.Error(), "the same command goes on") {
			t.Fatalf("stopped after %d points: %v", stop, err)
		}
		if before = cut.Done; f.exists("cut.csv") || !f.exists("cut.csv.journal") {
			t.Errorf("stopped after %d points: want a journal and no table", stop)
		}
	}
	last := f.run(f.load(), sweep.Options{Jobs: 2, Output: "cut.csv"})
	if last.Resumed != before || !bytes.Equal(f.read("whole.csv"), f.read("cut.csv")) || f.exists("cut.csv.journal") {
		t.Errorf("resumed %d points of %d; equal tables: %v", last.Resumed, before, bytes.Equal(f.read("whole.csv"), f.read("cut.csv")))
	}
}

// A journal cut anywhere, also within its last line, gives the same table.
func TestTornJournals(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", fast+"train: {sweeps: 1}\ngrid: {hidden: [2, 4], core.axons: [8, 32, 256]}\n")
	f.run(f.load(), sweep.Options{Jobs: 1, Output: "whole.csv"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := f.try(ctx, f.load(), sweep.Options{Jobs: 1, Output: "cut.csv", Progress: func(done, _ int) {
		if done == 3 {
			cancel()
		}
	}})
	if err == nil {
		t.Fatal("not interrupted")
	}
	journal := f.read("cut.csv.journal")
	lines := bytes.SplitAfter(journal, []byte("\n"))
	try := func(name string, text []byte, resumed int) {
		t.Helper()
		f.write("cut.csv.journal", string(text))
		table := f.run(f.load(), sweep.Options{Jobs: 1, Output: "cut.csv"})
		if table.Resumed != resumed || !bytes.Equal(f.read("whole.csv"), f.read("cut.csv")) {
			t.Errorf("%s: resumed %d; want %d; equal tables: %v", name, table.Resumed, resumed, bytes.Equal(f.read("whole.csv"), f.read("cut.csv")))
		}
	}
	try("whole", journal, 3)
	try("without its last end of line", journal[:len(journal)-1], 2)
	try("cut in its last line", journal[:len(journal)-20], 2)
	try("cut in its head", lines[0][:10], 0)
	try("empty", nil, 0)
	try("with a last line of zeros", append(slices.Clone(journal), append(make([]byte, 30), '\n')...), 3)

	bad := bytes.Join([][]byte{lines[0], []byte("{\"point\":1\n"), lines[2]}, nil)
	f.write("cut.csv.journal", string(bad))
	if _, err := f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "cut.csv"}); err == nil || !strings.Contains(err.Error(), "cut.csv.journal:2: no finished point of this sweep; remove the file to start anew") {
		t.Errorf("damage in the middle: %v", err)
	}
	if !bytes.Equal(f.read("cut.csv.journal"), bad) {
		t.Error("a damaged journal was changed")
	}
}

// A journal goes on with the sweep it was begun for and no other.
func TestChangedSweeps(t *testing.T) {
	f := newFolder(t)
	f.write("mine.yaml", "extends: ternary256\n")
	text := "chip: mine.yaml\ndata: \"iris:test[0:10]\"\ntrain: {sweeps: 1}\ngrid: {hidden: [2, 4], core.axons: [32, 256]}\n"
	f.write("s.yaml", text)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := f.try(ctx, f.load(), sweep.Options{Jobs: 1, Output: "t.csv", Progress: func(int, int) { cancel() }}); err == nil {
		t.Fatal("not interrupted")
	}
	journal := f.read("t.csv.journal")
	refused := func(o sweep.Options, what string) {
		t.Helper()
		_, err := f.try(t.Context(), f.load(), o)
		if err == nil || !strings.Contains(err.Error(), "holds finished points of another sweep: "+what+" differs; remove it to start anew") {
			t.Errorf("want a refusal by %s; got %v", what, err)
		}
		if !bytes.Equal(f.read("t.csv.journal"), journal) {
			t.Errorf("%s: the journal was changed", what)
		}
	}
	for change, what := range map[[2]string]string{
		{"[2, 4]", "[2, 8]"}:           "axis hidden",
		{"sweeps: 1", "sweeps: 2"}:     "fixed values",
		{"[0:10]", "[0:11]"}:           "data iris:test[0:11]",
		{"core.axons", "core.neurons"}: "columns",
	} {
		f.write("s.yaml", strings.Replace(text, change[0], change[1], 1))
		if what == "data iris:test[0:11]" {
			what = "fixed values"
		}
		refused(sweep.Options{Jobs: 1, Output: "t.csv"}, what)
	}
	f.write("s.yaml", text)
	f.write("mine.yaml", "extends: ternary256\nprices: {axon_merge: {zero: for a test}}\n")
	f.run(f.load(), sweep.Options{Jobs: 1, Output: "other.csv"}) // the reason of a zero is no number
	f.write("mine.yaml", "extends: ternary256\nprices: {axon_merge: {unknown: for a test}}\n")
	refused(sweep.Options{Jobs: 1, Output: "t.csv"}, "chip mine.yaml")
	f.write("mine.yaml", "extends: ternary256\n")
	f.write("s.yaml", "# comments, engines and fronts change no row\nengine: reference\npareto: [cores]\n"+text)
	if table := f.run(f.load(), sweep.Options{Jobs: 2, Output: "t.csv"}); table.Resumed != 1 {
		t.Errorf("resumed %d points; want 1", table.Resumed)
	}
	f.write("t.csv.journal", "hello\n")
	if _, err := f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "t.csv"}); err == nil || !strings.Contains(err.Error(), "not a journal of this version") {
		t.Errorf("no journal: %v", err)
	}
}

// Shards, in any order, merge to the table that one run writes.
func TestShards(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", fast+"train: {sweeps: 1}\ngrid: {hidden: [2, 4], core.axons: [0, 8, 32, 256], core.neurons: [64, 256]}\n")
	f.run(f.load(), sweep.Options{Jobs: 1, Output: "whole.csv"})
	for _, i := range []int{2, 0} {
		table := f.run(f.load(), sweep.Options{Jobs: 2, Output: "part.csv", Shard: sweep.Shard{Index: i, Count: 3}})
		if table.File != f.at("part.shard-"+strconv.Itoa(i)+"-of-3.csv") || slices.Contains(table.Header, "pareto") {
			t.Errorf("shard %d: file %s, header %v", i, table.File, table.Header)
		}
		for k, row := range table.Rows {
			if row[0] != strconv.Itoa(i+3*k) {
				t.Errorf("shard %d: row %d is point %s", i, k, row[0])
			}
		}
	}
	merge := func(want string) {
		t.Helper()
		if _, err := f.load().Merge(f.at("part.csv"), "test"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("merge: %v; want %s", err, want)
		}
		if f.exists("part.csv") {
			t.Error("a merge that failed wrote a table")
		}
	}
	merge("part.shard-1-of-3.csv is missing; run the sweep with --shard 1/3")
	f.run(f.load(), sweep.Options{Jobs: 2, Output: "part.csv", Shard: sweep.Shard{Index: 1, Count: 3}})

	good := string(f.read("part.shard-1-of-3.csv"))
	f.write("part.shard-1-of-3.csv", good[:len(good)-30])
	merge("part.shard-1-of-3.csv: ")
	f.write("part.shard-1-of-3.csv", string(f.read("part.shard-0-of-3.csv")))
	merge("not this shard")
	f.write("part.shard-1-of-3.csv", good)
	f.write("part.shard-0-of-2.csv", good)
	merge("divided into 2 and into 3 shards")
	if err := os.Remove(f.at("part.shard-0-of-2.csv")); err != nil {
		t.Fatal(err)
	}
	text := string(f.read("s.yaml"))
	f.write("s.yaml", strings.Replace(text, "sweeps: 1", "sweeps: 2", 1))
	merge("a row of another sweep")
	f.write("s.yaml", text)

	if _, err := f.load().Merge(f.at("part.csv"), "test"); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.read("whole.csv"), f.read("part.csv")) {
		t.Error("merged shards differ from the whole")
	}
	if _, err := f.load().Merge(f.at("none.csv"), "test"); err == nil || !strings.Contains(err.Error(), "no shards of ") {
		t.Errorf("no shards: %v", err)
	}
}

func TestParseShard(t *testing.T) {
	if h, err := sweep.ParseShard("3/4"); err != nil || h != (sweep.Shard{Index: 3, Count: 4}) {
		t.Errorf("3/4: %v %v", h, err)
	}
	for _, bad := range []string{"", "1", "4/4", "-1/4", "1/0", "1/4x", " 1/4", "01/4", "1/100001"} {
		if h, err := sweep.ParseShard(bad); err == nil || !strings.Contains(err.Error(), "want I/N") {
			t.Errorf("%q: %v %v", bad, h, err)
		}
	}
}

// Two processes cannot fill one table.
func TestOneProcessATable(t *testing.T) {
	f := newFolder(t)
	f.write("s.yaml", fast+"train: {sweeps: 1}\ngrid: {hidden: [2, 4]}\n")
	var second error
	f.run(f.load(), sweep.Options{Jobs: 1, Output: "t.csv", Progress: func(done, _ int) {
		if done == 1 {
			_, second = f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "t.csv"})
		}
	}})
	if second == nil || !strings.Contains(second.Error(), "another process fills this table") {
		t.Errorf("the second: %v", second)
	}
	if _, err := f.try(t.Context(), f.load(), sweep.Options{Jobs: 1, Output: "none/t.csv"}); err == nil || !strings.Contains(err.Error(), "make the folder first") {
		t.Errorf("no folder: %v", err)
	}
}
