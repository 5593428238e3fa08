package sweep

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"tritloom/internal/container"
)

// Options say how a sweep is run; none of them changes its table.
type Options struct {
	Jobs   int    // points at once; 1 or more
	Shard  Shard  // Whole, or the part to do
	Output string // CSV file; a shard's name is put into it
	Tool   string // version of the program: a journal of another one is refused
	// Progress is called after every point; it may be nil.
	Progress func(done, total int)
}

// Table is a filled table, or a shard of one.
type Table struct {
	File    string // where it was written
	Header  []string
	Rows    [][]string // in the order of points
	Resumed int        // points that an earlier process had finished
}

// Interrupted is the error of a sweep that was cancelled: what was finished is kept.
type Interrupted struct{ Done, Total int }

func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted: %d of %d points done; the same command goes on", e.Done, e.Total)
}

// ShardFile is the name of a shard's table.
func ShardFile(output string, h Shard) string {
	if h == Whole {
		return output
	}
	ext := filepath.Ext(output)
	return fmt.Sprintf("%s.shard-%d-of-%d%s", output[:len(output)-len(ext)], h.Index, h.Count, ext)
}

// Run fills the table and writes it. Finished points stand in a journal beside it
// until then, from which the next Run goes on.
func (s *Sweep) Run(ctx context.Context, o Options) (*Table, error) {
	file := ShardFile(o.Output, o.Shard)
	if err := writable(file); err != nil {
		return nil, err
	}
	points := o.Shard.points(s.Points())
	head := journalHead{journalFormat, o.Shard.String(), s.identity(o.Tool)}
	j, err := openJournal(file+journalSuffix, head, func(l journalLine) bool { return s.belongs(l, o.Shard) })
	if err != nil {
		return nil, err
	}
	resumed := len(j.done)
	if err := s.fill(ctx, j, points, o); err != nil {
		return nil, keep(err, j)
	}
	t := &Table{File: file, Header: s.header(), Resumed: resumed}
	for _, point := range points {
		t.Rows = append(t.Rows, j.done[point])
	}
	if o.Shard == Whole {
		s.addFront(t)
	} else {
		t.addSweep(hashOf(head.Identity))
	}
	text, err := t.CSV()
	if err == nil {
		err = container.WriteAtomic(file, text)
	}
	if err != nil {
		return nil, keep(err, j)
	}
	return t, j.remove()
}

// keep leaves the journal behind an error, which is the one to report.
func keep(err error, j *journal) error {
	if closed := j.close(); err == nil {
		return closed
	}
	return err
}

// belongs tells whether a line of a journal can be of this sweep.
func (s *Sweep) belongs(l journalLine, h Shard) bool {
	if l.Point < 0 || l.Point >= s.Points() || l.Point%h.Count != h.Index || len(l.Row) != len(s.header()) {
		return false
	}
	return l.Row[0] == fmt.Sprint(l.Point)
}

// keeper keeps finished points.
type keeper interface {
	has(point int) bool
	add(point int, row []string) error
}

// fill runs the points that are not done. The first that cannot be kept ends the others,
// and its error is the one to report, as the same command could not go on either.
func (s *Sweep) fill(ctx context.Context, kept keeper, points []int, o Options) error {
	left := slices.DeleteFunc(slices.Clone(points), kept.has)
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done := len(points) - len(left)
	var mu sync.Mutex
	var failed error
	next := make(chan int)
	var workers sync.WaitGroup
	for range max(1, min(o.Jobs, len(left))) {
		workers.Go(func() {
			for point := range next {
				row, err := s.row(inner, point)
				if err != nil { // cancelled
					return
				}
				err = kept.add(point, row)
				mu.Lock()
				if err != nil {
					failed = cmp.Or(failed, err)
					cancel()
					mu.Unlock()
					return
				}
				if done++; o.Progress != nil {
					o.Progress(done, len(points))
				}
				mu.Unlock()
			}
		})
	}
	s.hand(inner, left, next)
	workers.Wait()
	if failed == nil && done < len(points) {
		return &Interrupted{done, len(points)}
	}
	return failed
}

// hand gives points to workers until there are none, or nobody takes them.
func (s *Sweep) hand(ctx context.Context, points []int, next chan<- int) {
	defer close(next)
	for _, point := range points {
		select {
		case next <- point:
		case <-ctx.Done():
			return
		}
	}
}
