package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"tritloom/internal/container"
	"tritloom/report"
)

// journal keeps finished points while a sweep runs: a head that says which sweep this
// is, and a line a point, each on the disk before the next is begun. A line that was
// cut by the end of the process is the last one, and is done again.
type journal struct {
	file string
	mu   sync.Mutex
	f    *os.File
	done map[int][]string
}

const journalFormat = "tritloom-sweep-journal/1"

// journalHead is the first line.
type journalHead struct {
	Format   string                `json:"format"`
	Shard    string                `json:"shard"`
	Identity report.Object[string] `json:"identity"`
}

// journalLine is a finished point.
type journalLine struct {
	Point int      `json:"point"`
	Row   []string `json:"row"`
}

// journalSuffix makes the journal's name from the output's.
const journalSuffix = ".journal"

// openJournal goes on with a journal, or begins one. A journal of another sweep, and
// one that another process writes to, are refused.
func openJournal(file string, head journalHead, known func(journalLine) bool) (*journal, error) {
	f, err := lockedFile(file, func() (*os.File, error) { return os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o666) })
	if err != nil {
		return nil, err
	}
	j := &journal{file: file, f: f, done: map[int][]string{}}
	if err := j.begin(head, known); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

// lockTries bounds how often a journal may vanish before it is locked.
const lockTries = 100

// lockedFile opens a journal for this process alone. Another one may end between the
// opening and the lock, and take its journal away: what is locked then is a file
// without a name, and the journal is opened again.
func lockedFile(file string, open func() (*os.File, error)) (*os.File, error) {
	busy := fmt.Errorf("%s: another process fills this table; let it end, or name another output with -o", file)
	for range lockTries {
		f, err := open()
		if err != nil {
			return nil, cannot(file, err)
		}
		if !lock(f) {
			f.Close()
			return nil, busy
		}
		ours, err1 := f.Stat()
		named, err2 := os.Stat(file)
		if err1 == nil && err2 == nil && os.SameFile(ours, named) {
			return f, nil
		}
		f.Close()
	}
	return nil, busy
}

func (j *journal) begin(head journalHead, known func(journalLine) bool) error {
	text, err := io.ReadAll(j.f)
	if err != nil {
		return cannot(j.file, err)
	}
	whole, err := j.read(text, head, known)
	if err != nil {
		return err
	}
	if err := j.f.Truncate(int64(whole)); err != nil {
		return cannot(j.file, err)
	}
	if _, err := j.f.Seek(int64(whole), io.SeekStart); err != nil {
		return cannot(j.file, err)
	}
	if whole > 0 {
		return nil
	}
	if err := j.write(head); err != nil {
		return err
	}
	if err := container.SyncFolder(filepath.Dir(j.file)); err != nil { // or the name of a new file may be lost
		return cannot(j.file, err)
	}
	return nil
}

// read takes over the lines of a journal and gives how many bytes of it are whole. A
// head that was cut is begun anew: nothing followed it.
func (j *journal) read(text []byte, head journalHead, known func(journalLine) bool) (whole int, err error) {
	for number := 1; ; number++ {
		end := bytes.IndexByte(text[whole:], '\n')
		if end < 0 {
			return whole, nil
		}
		line, last := text[whole:whole+end], whole+end+1 == len(text)
		if number == 1 {
			err = j.checkHead(line, head)
		} else {
			err = j.take(line, known)
		}
		if err != nil {
			if number > 1 && last { // a torn write may leave its length and not its bytes
				return whole, nil
			}
			if number > 1 {
				err = fmt.Errorf("%s:%d: %w; remove the file to start anew", j.file, number, err)
			}
			return 0, err
		}
		whole += end + 1
	}
}

func (j *journal) checkHead(line []byte, head journalHead) error {
	var have journalHead
	if err := strictJSON(line, &have); err != nil || have.Format != journalFormat {
		return fmt.Errorf("%s: not a journal of this version of a sweep; remove it to start anew, or name another output with -o", j.file)
	}
	what := differs(have.Identity, head.Identity)
	if have.Shard != head.Shard {
		what = "shard " + have.Shard
	}
	if what != "" {
		return fmt.Errorf("%s: holds finished points of another sweep: %s differs; remove it to start anew, undo the change to go on, or name another output with -o", j.file, what)
	}
	return nil
}

func (j *journal) take(line []byte, known func(journalLine) bool) error {
	var l journalLine
	if err := strictJSON(line, &l); err != nil || !known(l) {
		return errors.New("no finished point of this sweep")
	}
	j.done[l.Point] = l.Row
	return nil
}

func strictJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the value")
	}
	return nil
}

// write puts a line on the disk.
func (j *journal) write(value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if _, err := j.f.Write(append(text, '\n')); err != nil {
		return cannot(j.file, err)
	}
	if err := j.f.Sync(); err != nil {
		return cannot(j.file, err)
	}
	return nil
}

// has tells whether a point is finished.
func (j *journal) has(point int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, ok := j.done[point]
	return ok
}

// add keeps a finished point.
func (j *journal) add(point int, row []string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.write(journalLine{point, row}); err != nil {
		return err
	}
	j.done[point] = row
	return nil
}

// close leaves the journal for the next start.
func (j *journal) close() error { return j.f.Close() }

// remove ends the journal, once the table is written.
func (j *journal) remove() error {
	err := os.Remove(j.file)
	return errors.Join(err, j.f.Close())
}

func cannot(file string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("cannot keep finished points in %s: %w; name an output in a folder you may write to", filepath.Clean(file), err)
}

// writable tells whether a table can be written, before the first point. Beside a
// device or a pipe there is no place for a journal.
func writable(file string) error {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return fmt.Errorf("%s is no regular file; a sweep keeps finished points beside its table, so name a file with -o", file)
	}
	return container.Writable(file)
}
