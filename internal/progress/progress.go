// Package progress prints how far a long computation has come, at most once per
// interval, for a person who waits. It writes whole lines without control codes,
// for log files. Nothing it knows may reach a result: the clock lives only here.
package progress

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Reporter prints progress lines. A nil Reporter is silent, so that callers need no
// case for quiet runs. It may be used from several goroutines.
type Reporter struct {
	w     io.Writer
	every time.Duration
	now   func() time.Time
	start time.Time

	mu   sync.Mutex
	last time.Time
}

// New returns a Reporter that prints to w at most once per interval, first after
// one interval has passed. A nil w gives a nil, silent Reporter.
func New(w io.Writer, every time.Duration) *Reporter {
	return newWithClock(w, every, time.Now)
}

func newWithClock(w io.Writer, every time.Duration, now func() time.Time) *Reporter {
	if w == nil {
		return nil
	}
	return &Reporter{w: w, every: every, now: now, start: now(), last: now()}
}

// Update prints the line that text makes if a line is due; otherwise text is not
// called, so it may cost something. A writer that fails is ignored: losing a
// progress line must not end the work.
func (r *Reporter) Update(text func() string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.last) >= r.every {
		r.last = now
		fmt.Fprintln(r.w, text())
	}
}

// Done prints a last line with the time since New, whether one is due or not.
func (r *Reporter) Done(text string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.w, "%s (%s)\n", text, short(r.now().Sub(r.start)))
}

// Left estimates the time to the end from the share done so far, such as
// "1m5s left"; it is "? left" while nothing is done and for a nil Reporter.
func (r *Reporter) Left(done, total int) string {
	if r == nil || done <= 0 || total < done {
		return "? left"
	}
	perItem := r.now().Sub(r.start).Seconds() / float64(done)
	return short(time.Duration(perItem*float64(total-done)*float64(time.Second))) + " left"
}

// short keeps three digits or so: nobody waits for milliseconds of an hour.
func short(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
