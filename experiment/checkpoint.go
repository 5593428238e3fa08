package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"tritloom/internal/container"
	"tritloom/trainer"
)

// CheckpointOptions says where a search is kept while it runs.
type CheckpointOptions struct {
	// Path is the file, regular or not there yet.
	Path string
	// Every is the time between two writes; 0 writes only when the clock or an
	// interruption stops the search. It decides nothing but how much is lost.
	Every time.Duration
	// Resume goes on with the search in the file.
	Resume bool
	// Tool is the version of the program, for the file.
	Tool string
	// Failed is told, once, that the file could not be written while the search
	// went on; nil tells nobody.
	Failed func(error)
}

// Checkpoint keeps one search in a file, so that it can go on after its process
// has ended in any way. A nil Checkpoint keeps nothing.
type Checkpoint struct {
	options   CheckpointOptions
	from      *stored // what Resume found
	search    searchIdentity
	stoppedAt *trainer.Checkpoint
	stoppedBy trainer.StopReason
	failed    bool
}

// OpenCheckpoint looks at the file before any work. To resume it must be there
// and sound. Otherwise there must be none, or one of a search whose network was
// written, which the new search will replace like that network: what a killed
// search left is never lost without a word.
func OpenCheckpoint(o CheckpointOptions) (*Checkpoint, error) {
	c := &Checkpoint{options: o}
	_, err := os.Lstat(o.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if o.Resume {
			return nil, fmt.Errorf("%s: no such file, so there is nothing to resume; leave out --resume to start the search", o.Path)
		}
		return c, container.Writable(o.Path)
	}
	found, err := readCheckpoint(o.Path)
	switch {
	case err != nil && o.Resume:
		return nil, fmt.Errorf("%w; without a copy, delete it and leave out --resume to start anew", err)
	case err != nil:
		return nil, fmt.Errorf("%w; it stands where this search would be kept: delete it, or name another output", err)
	case o.Resume:
		c.from = found
	case found.stoppedBy == "":
		at := found.at
		return nil, fmt.Errorf("%s: holds a search that was not finished (%d full sweeps, %d trials); --resume goes on with it, or delete the file to start anew", o.Path, len(at.PerSweep), at.Candidates)
	}
	return c, container.Writable(o.Path)
}

// begin prepares the options of a search; from is where it goes on, or nil.
func (c *Checkpoint) begin(job TrainJob, p *parts, shape trainer.Shape) (o trainer.Options, from *trainer.Checkpoint, err error) {
	o = job.Options
	if c == nil {
		return o, nil, nil
	}
	if c.search, err = identify(job, p, shape); err != nil {
		return o, nil, err
	}
	if c.options.Every > 0 {
		o.Save, o.SaveEvery = c.save, c.options.Every
	}
	if c.from == nil {
		return o, nil, nil
	}
	if difference := c.from.search.difference(c.search); difference != "" {
		return o, nil, fmt.Errorf("%s: began with %s; give the flags of the first start, or delete the file to start anew", c.options.Path, difference)
	}
	return o, c.from.at, nil
}

// resumedAt is how many trials were made before.
func (c *Checkpoint) resumedAt() uint64 {
	if c == nil || c.from == nil {
		return 0
	}
	return c.from.at.Candidates
}

// save writes the file. A search goes on without: a full disk may have room
// again before the network is ready.
func (c *Checkpoint) save(at *trainer.Checkpoint) {
	err := c.write(stored{search: c.search, at: at})
	if err != nil && !c.failed && c.options.Failed != nil {
		c.options.Failed(err)
	}
	c.failed = c.failed || err != nil
}

func (c *Checkpoint) write(s stored) error {
	file, err := s.file(c.options.Tool)
	if err != nil {
		return err
	}
	return container.WriteFile(c.options.Path, file)
}

// end notes how the search ended.
func (c *Checkpoint) end(r *trainer.Result) {
	if c != nil && (r.StoppedBy == trainer.StoppedBudget || r.StoppedBy == trainer.StoppedInterrupted) {
		c.stoppedAt, c.stoppedBy = r.StoppedAt, r.StoppedBy
	}
}

// Finish is for after the network was written. A search that the clock or an
// interruption cut short is left in the file, marked as one whose network is
// safe; of any other search the file is removed. It tells whether one is left.
func (c *Checkpoint) Finish() (left bool, err error) {
	switch {
	case c == nil:
		return false, nil
	case c.stoppedAt != nil:
		err := c.write(stored{search: c.search, at: c.stoppedAt, stoppedBy: c.stoppedBy})
		return err == nil, err
	}
	if err := os.Remove(c.options.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return true, err
	}
	return false, nil
}
