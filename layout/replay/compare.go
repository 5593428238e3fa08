package replay

import (
	"fmt"
	"slices"

	"tritloom/layout"
)

// Recorder turns the columns that fire into output events, as the case records
// them.
type Recorder struct {
	Events  []Event // so far, of the compared ticks
	PerTick []int   // how many each compared tick had

	first  int
	bitmap bool
	index  map[layout.Link]int32
}

// Recorder makes one that has seen nothing.
func (c *Case) Recorder() *Recorder {
	r := &Recorder{first: c.FirstTick, bitmap: c.Bitmap, index: make(map[layout.Link]int32, len(c.Outputs))}
	for _, o := range c.Outputs {
		r.index[layout.Link{Core: o.Core, Column: o.Column}] = o.Index
	}
	return r
}

// Tick takes the columns that fired in a tick, by core and column. Ticks come one
// after another from 0.
func (r *Recorder) Tick(tick int, fired []layout.Link) {
	if tick < r.first {
		return
	}
	start := len(r.Events)
	for _, at := range fired {
		if index, recorded := r.index[at]; recorded {
			r.Events = append(r.Events, Event{int32(tick), index})
		}
	}
	if r.bitmap {
		seen := r.Events[start:]
		slices.SortFunc(seen, func(a, b Event) int { return int(a.Index) - int(b.Index) })
		r.Events = r.Events[:start+len(slices.Compact(seen))]
	}
	r.PerTick = append(r.PerTick, len(r.Events)-start)
}

// Missing stands for a spike that is not there.
const Missing = -1

// Difference is the first place at which two recordings part.
type Difference struct {
	Tick     int32 `json:"tick"`
	Spike    int   `json:"spike"`    // which one of the tick's, from 0
	Expected int32 `json:"expected"` // output index, or Missing
	Got      int32 `json:"got"`      // output index, or Missing
	Agreed   int   `json:"agreed"`   // compared ticks before it, all equal
}

func (d Difference) String() string {
	say := func(index int32) string {
		if index == Missing {
			return "no more spikes"
		}
		return fmt.Sprintf("output %d", index)
	}
	ticks := fmt.Sprintf("%d compared ticks", d.Agreed)
	if d.Agreed == 1 {
		ticks = "1 compared tick"
	}
	return fmt.Sprintf("tick %d, spike %d of the tick: expected %s, got %s; %s before it agree", d.Tick, d.Spike, say(d.Expected), say(d.Got), ticks)
}

// Compare finds the first difference between recorded and produced events, both
// by rising tick from tick first on; nil if there is none.
func Compare(expected, got []Event, first int) *Difference {
	start := 0 // the first event of the tick under comparison
	for i := 0; i < len(expected) || i < len(got); i++ {
		e, g := at(expected, i), at(got, i)
		if e == g {
			if i > 0 && expected[i-1].Tick != e.Tick {
				start = i
			}
			continue
		}
		// The earlier of the two is there; the other list has nothing more
		// in that tick.
		d := &Difference{Tick: min(e.Tick, g.Tick), Expected: e.Index, Got: g.Index}
		if e.Tick > d.Tick {
			d.Expected = Missing
		}
		if g.Tick > d.Tick {
			d.Got = Missing
		}
		if i > 0 && expected[i-1].Tick == d.Tick {
			d.Spike = i - start
		}
		d.Agreed = int(d.Tick) - first
		return d
	}
	return nil
}

// at is an event, or one after the end of time.
func at(events []Event, i int) Event {
	if i < len(events) {
		return events[i]
	}
	return Event{Tick: 1<<31 - 1, Index: Missing}
}

// Difference compares produced events with the recorded ones.
func (c *Case) Difference(got []Event) *Difference { return Compare(c.Expected, got, c.FirstTick) }
