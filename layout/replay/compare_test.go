package replay

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
	"tritloom/layout"
)

func TestDifference(t *testing.T) {
	expected := []Event{{1, 5}, {1, 2}, {3, 5}}
	for _, c := range []struct {
		name string
		got  []Event
		want string // "" for none
	}{
		{"equal", []Event{{1, 5}, {1, 2}, {3, 5}}, ""},
		{"another output", []Event{{1, 5}, {1, 4}, {3, 5}}, "tick 1, spike 1 of the tick: expected output 2, got output 4; 0 compared ticks before it agree"},
		{"another order", []Event{{1, 2}, {1, 5}, {3, 5}}, "tick 1, spike 0 of the tick: expected output 5, got output 2; 0 compared ticks before it agree"},
		{"one missing", []Event{{1, 5}, {3, 5}}, "tick 1, spike 1 of the tick: expected output 2, got no more spikes; 0 compared ticks before it agree"},
		{"one too many", []Event{{1, 5}, {1, 2}, {2, 9}, {3, 5}}, "tick 2, spike 0 of the tick: expected no more spikes, got output 9; 1 compared tick before it agree"},
		{"the last missing", []Event{{1, 5}, {1, 2}}, "tick 3, spike 0 of the tick: expected output 5, got no more spikes; 2 compared ticks before it agree"},
		{"one after the last", []Event{{1, 5}, {1, 2}, {3, 5}, {3, 6}}, "tick 3, spike 1 of the tick: expected no more spikes, got output 6; 2 compared ticks before it agree"},
		{"late", []Event{{1, 5}, {1, 2}, {4, 5}}, "tick 3, spike 0 of the tick: expected output 5, got no more spikes; 2 compared ticks before it agree"},
		{"nothing", nil, "tick 1, spike 0 of the tick: expected output 5, got no more spikes; 0 compared ticks before it agree"},
	} {
		got := ""
		if d := Compare(expected, c.got, 1); d != nil {
			got = d.String()
		}
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
	if d := Compare(nil, nil, 0); d != nil {
		t.Errorf("two empty recordings differ: %v", d)
	}
}

// Any changed, added or removed event is found, and at its own tick.
func TestEveryChangeIsFound(t *testing.T) {
	for trial := range 2000 {
		r := seed.Sub(4, seed.TestInput, trial)
		var events []Event
		for tick := range int32(6) {
			for range r.IntN(3) {
				events = append(events, Event{tick, int32(r.IntN(4))})
			}
		}
		if len(events) == 0 {
			continue
		}
		k := r.IntN(len(events))
		changed := append([]Event(nil), events...)
		changed[k].Index += 7
		d := Compare(events, changed, 0)
		if d == nil || d.Tick != events[k].Tick || d.Expected != events[k].Index || d.Got != changed[k].Index || d.Agreed != int(d.Tick) {
			t.Fatalf("trial %d: %v with event %d changed: %v", trial, events, k, d)
		}
		shorter := append(append([]Event(nil), events[:k]...), events[k+1:]...)
		there, back := Compare(events, shorter, 0), Compare(shorter, events, 0)
		if there == nil || back == nil || there.Expected != back.Got || there.Got != back.Expected || there.Tick != events[k].Tick || back.Spike != there.Spike {
			t.Fatalf("trial %d: %v without event %d: %v, and the other way round %v", trial, events, k, there, back)
		}
	}
}

func TestRecorder(t *testing.T) {
	c := sound(t)
	c.Outputs[1].Index = 2
	fired := []layout.Link{{Core: 0, Column: 0}, {Core: 0, Column: 1}, {Core: 0, Column: 2}} // column 2 is not recorded
	for _, x := range []struct {
		bitmap bool
		shared int32 // index of column 1
		want   []Event
	}{
		{false, 2, []Event{{1, 5}, {1, 2}, {2, 5}}},
		{true, 2, []Event{{1, 2}, {1, 5}, {2, 5}}},
		{false, 5, []Event{{1, 5}, {1, 5}, {2, 5}}},
		{true, 5, []Event{{1, 5}, {2, 5}}},
	} {
		c.Bitmap, c.Outputs[1].Index = x.bitmap, x.shared
		r := c.Recorder()
		r.Tick(0, fired) // before the first compared tick
		r.Tick(1, fired)
		r.Tick(2, fired[:1])
		r.Tick(3, nil)
		if diff := cmp.Diff(x.want, r.Events); diff != "" {
			t.Errorf("bitmap %v, index %d (-want +got):\n%s", x.bitmap, x.shared, diff)
		}
		if diff := cmp.Diff([]int{len(x.want) - 1, 1, 0}, r.PerTick); diff != "" {
			t.Errorf("bitmap %v, index %d: a tick (-want +got):\n%s", x.bitmap, x.shared, diff)
		}
	}
}

func ExampleCompare() {
	recorded := []Event{{Tick: 1, Index: 5}, {Tick: 3, Index: 5}}
	produced := []Event{{Tick: 1, Index: 5}, {Tick: 3, Index: 6}}
	fmt.Println(Compare(recorded, produced, 0))
	// Output: tick 3, spike 0 of the tick: expected output 5, got output 6; 3 compared ticks before it agree
}
