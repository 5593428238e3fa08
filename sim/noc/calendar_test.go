package noc

import (
	"slices"
	"testing"

	"tritloom/internal/seed"
)

// TestCalendarIsASortedList files at random, near and far, and compares with a
// list that is searched.
func TestCalendarIsASortedList(t *testing.T) {
	r := seed.Stream(9, seed.TestInput)
	for run := range 100 {
		var c calendar
		c.reset()
		var list []dated
		push := func(at uint64) {
			id := int32(r.IntN(1000))
			c.push(at, id)
			list = append(list, dated{at, id})
		}
		for range 1 + r.IntN(30) {
			push(r.Uint64N(300))
		}
		for {
			first := never
			for _, d := range list {
				first = min(first, d.at)
			}
			if got := c.next(); got != first {
				t.Fatalf("run %d: next is %d, want %d", run, got, first)
			}
			if first == never {
				break
			}
			now := first - r.Uint64N(first-c.now+1) // other lists may be due before
			got := slices.Clone(c.take(now))
			var want []int32
			list = slices.DeleteFunc(list, func(d dated) bool {
				if d.at == now {
					want = append(want, d.id)
				}
				return d.at == now
			})
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("run %d: %v is due at %d, want %v", run, got, now, want)
			}
			for range r.IntN(3) {
				if now < 2000 {
					push(now + 1 + r.Uint64N(1+r.Uint64N(3*window)))
				}
			}
		}
	}
}
