// Package damage spoils sound files in a thousand ways and holds a reader to
// what every reader of outside bytes promises: no panic, no hang, no more memory
// than a stated bound, and an error of one line.
//
// It serves tests only. Every damaged file follows from the number of its trial,
// and a finding names that number and the edits made, so that it comes again.
// The package knows zip and container files, but not what any of them mean.
package damage

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

const (
	// trials is how many damaged files a reader is given.
	trials = 1000
	// patience is the time after which a reader is taken to hang. Reading takes
	// milliseconds; the rest is room for a busy machine.
	patience = 10 * time.Second
	// longestError is the length of the longest message that still helps, in bytes.
	longestError = 10_000
)

// Edit damages a file and says how, in a few words. The argument is not changed.
type Edit func(r *rand.Rand, file []byte) (damaged []byte, how string)

// Reader is a reader of files and what it promises.
type Reader struct {
	// Good are sound files, which Read must accept undamaged.
	Good [][]byte
	// Random is the stream of one trial.
	Random func(trial int) *rand.Rand
	// Edits are the ways to damage a file; trials take turns.
	Edits []Edit
	// Read reads a file, and fails the test itself where the reader accepts
	// what it should not.
	Read func(file []byte) error
	// Bound is the most that reading a file of so many bytes may allocate in
	// all, whether it is freed again or not, in bytes.
	Bound func(size int) uint64
}

// Thousand gives the reader its sound files and then a thousand damaged ones. It
// returns how many damaged ones were accepted, and the most bytes that one took.
func (d Reader) Thousand(t testing.TB) (accepted int, most uint64) {
	t.Helper()
	for i, file := range d.Good {
		if took, err, broken := d.try(file); err != nil || broken != nil {
			t.Fatalf("sound file %d: %v, %v after %d bytes; want it read", i, err, broken, took)
		}
	}
	for trial := range trials {
		file, how := d.file(trial)
		took, err, broken := d.try(file)
		if broken != nil {
			t.Fatalf("trial %d, sound file %d with %s: %v", trial, trial%len(d.Good), how, broken)
		}
		if err == nil {
			accepted++
		}
		most = max(most, took)
	}
	t.Logf("%d of %d damaged files accepted; at most %d bytes allocated for one", accepted, trials, most)
	return accepted, most
}

// file is the damaged file of a trial.
func (d Reader) file(trial int) (file []byte, how string) {
	edit := d.Edits[trial/len(d.Good)%len(d.Edits)]
	return edit(d.Random(trial), d.Good[trial%len(d.Good)])
}

// result is what a reader did: err is its answer, broken a promise.
type result struct{ err, broken error }

// try reads one file. took is what was allocated meanwhile, in bytes.
func (d Reader) try(file []byte) (took uint64, err, broken error) {
	var before, after runtime.MemStats
	done := make(chan result, 1)
	runtime.ReadMemStats(&before)
	go func() { done <- d.read(file) }()
	clock := time.NewTimer(patience)
	defer clock.Stop()
	select {
	case r := <-done:
		runtime.ReadMemStats(&after)
		took = after.TotalAlloc - before.TotalAlloc
		if bound := d.Bound(len(file)); r.broken == nil && took > bound {
			r.broken = fmt.Errorf("%d bytes allocated for a file of %d; want at most %d", took, len(file), bound)
		}
		return took, r.err, r.broken
	case <-clock.C:
		return 0, nil, fmt.Errorf("still reading a file of %d bytes after %s", len(file), patience)
	}
}

func (d Reader) read(file []byte) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r.broken = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	err := d.Read(file)
	if err != nil && (strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > longestError) {
		return result{err, fmt.Errorf("refused with %q; want one line of at most %d bytes", err, longestError)}
	}
	return result{err: err}
}
