package progress

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock is a hand-moved clock.
type clock struct{ t time.Time }

func (c *clock) now() time.Time           { return c.t }
func (c *clock) pass(d time.Duration)     { c.t = c.t.Add(d) }
func fixed(s string) (text func() string) { return func() string { return s } }
func start(every time.Duration) (*Reporter, *strings.Builder, *clock) {
	c := &clock{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	out := &strings.Builder{}
	return newWithClock(out, every, c.now), out, c
}

func TestLinesAreRateLimited(t *testing.T) {
	r, out, c := start(time.Second)
	for i := range 35 { // one update each 0.1 s: lines are due at 1 s, 2 s, 3 s
		r.Update(func() string { return fmt.Sprintf("update %d, %s", i, r.Left(i, 70)) })
		c.pass(100 * time.Millisecond)
	}
	r.Done("stopped")
	// At 1.0 s 10 of 70 took 1 s, so 60 take 6 s; at 2.0 s and 3.0 s alike.
	want := "update 10, 6s left\nupdate 20, 5s left\nupdate 30, 4s left\nstopped (3.5s)\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestTextIsNotMadeWhenNoLineIsDue(t *testing.T) {
	r, out, c := start(time.Second)
	c.pass(999 * time.Millisecond)
	r.Update(func() string { t.Error("text was made before a line was due"); return "" })
	c.pass(time.Millisecond)
	r.Update(fixed("due"))
	r.Update(func() string { t.Error("text was made twice in one interval"); return "" })
	if out.String() != "due\n" {
		t.Errorf("printed %q, want one line", out)
	}
}

func TestLeft(t *testing.T) {
	r, _, c := start(time.Second)
	c.pass(100 * time.Second)
	for _, x := range []struct {
		done, total int
		want        string
	}{
		{0, 10, "? left"}, {11, 10, "? left"}, {10, 10, "0s left"},
		{50, 51, "2s left"}, {8, 10, "25s left"}, {1, 55, "1h30m0s left"}, {2000, 2003, "200ms left"},
	} {
		if got := r.Left(x.done, x.total); got != x.want {
			t.Errorf("Left(%d, %d) after 100 s = %q, want %q", x.done, x.total, got, x.want)
		}
	}
}

func TestNilIsSilent(t *testing.T) {
	r := New(nil, time.Second)
	if r != nil {
		t.Fatal("New(nil) is not nil")
	}
	r.Update(func() string { t.Error("a nil reporter made a text"); return "" })
	r.Done("end")
	if got := r.Left(1, 2); got != "? left" {
		t.Errorf("Left = %q", got)
	}
}

type brokenWriter struct{ calls int }

func (b *brokenWriter) Write([]byte) (int, error) {
	b.calls++
	return 0, errors.New("closed")
}

func TestBrokenWriterDoesNotEndTheWork(t *testing.T) {
	w := &brokenWriter{}
	r := New(w, 0)
	r.Update(fixed("a"))
	r.Done("b")
	if w.calls != 2 {
		t.Errorf("%d writes, want 2", w.calls)
	}
}
