// Package replay holds recorded-spikes cases: a chip image, the spikes that the
// host injects, and the output spikes that some other machine - silicon, an FPGA,
// another simulator - was seen to give. Times are ticks, counted from the first
// tick of a chip at rest.
//
// The package compares what was recorded with what was produced. It runs
// nothing: layouts know no simulator (package experiment drives one).
package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"tritloom/layout"
)

// Limits on what a case may claim.
const (
	MaxTicks = 1 << 24
	MaxIndex = layout.MaxWidth // output indexes are below this
	maxName  = 200             // bytes
)

// Case is one recording.
type Case struct {
	Name   string
	Layout *layout.Layout
	Ticks  int // how many are run
	// FirstTick is the first that is compared; earlier ones are run only,
	// because a chip may say something before any input has reached its outputs.
	FirstTick int
	Seed      uint64   // of stochastic neurons
	Stimuli   []Spike  // what the host injects, sorted by tick, core, axon
	Outputs   []Output // which columns were recorded, sorted by core, column
	// Expected are the recorded spikes in order: by tick, and within a tick by
	// core and column of who fired. It speaks of FirstTick..Ticks-1.
	Expected []Event
	// Bitmap says that a bit an index and tick was recorded: the events of a
	// tick rise by index, and columns that share an index make one event.
	Bitmap bool
}

// Spike is in slot Tick of an axon's scheduler. Several on one axon and tick
// meet there as they do on the chip.
type Spike struct{ Tick, Core, Axon int32 }

// Output says under which index the spikes of a column are recorded. Columns may
// share an index.
type Output struct{ Core, Column, Index int32 }

// Event is a recorded spike, at the tick in which the neuron fires.
type Event struct{ Tick, Index int32 }

// Validate checks every bound; a valid case is safe to run.
func (c *Case) Validate() error {
	if c.Layout == nil {
		return fmt.Errorf("replay: no layout; a case carries the image it runs")
	}
	if err := c.Layout.Validate(); err != nil {
		return err
	}
	if c.Layout.Capabilities.Host.WaveGate {
		return fmt.Errorf("replay: chip %q has a wave gate, and recorded spikes have no waves; want a chip that evaluates its columns every tick", c.Layout.Chip)
	}
	if len(c.Name) > maxName || strings.ContainsFunc(c.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("replay: name %.60q; want at most %d bytes of printable text", c.Name, maxName)
	}
	if c.Ticks < 1 || c.Ticks > MaxTicks {
		return fmt.Errorf("replay: %d ticks; want 1..%d", c.Ticks, MaxTicks)
	}
	if c.FirstTick < 0 || c.FirstTick >= c.Ticks {
		return fmt.Errorf("replay: compared from tick %d; the case runs ticks 0..%d", c.FirstTick, c.Ticks-1)
	}
	for _, check := range []func() error{c.validateStimuli, c.validateOutputs, c.validateExpected} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Case) validateStimuli() error {
	cores, axons := len(c.Layout.Cores), c.Layout.Capabilities.Core.Axons
	for i, s := range c.Stimuli {
		if s.Tick < 0 || int(s.Tick) >= c.Ticks || s.Core < 0 || int(s.Core) >= cores || s.Axon < 0 || int(s.Axon) >= axons {
			return fmt.Errorf("replay: stimulus %d goes to axon %d of core %d at tick %d; there are ticks 0..%d and %d cores of %d axons",
				i, s.Axon, s.Core, s.Tick, c.Ticks-1, cores, axons)
		}
		if i > 0 && compareSpikes(c.Stimuli[i-1], s) > 0 {
			return fmt.Errorf("replay: stimuli %d and %d are out of order; want them by tick, core, axon", i-1, i)
		}
	}
	return nil
}

func compareSpikes(a, b Spike) int {
	return cmp.Or(cmp.Compare(a.Tick, b.Tick), cmp.Compare(a.Core, b.Core), cmp.Compare(a.Axon, b.Axon))
}

func (c *Case) validateOutputs() error {
	for i, o := range c.Outputs {
		column := c.Layout.Column(layout.Link{Core: o.Core, Column: o.Column})
		if column == nil || column.Role != layout.Spiking {
			return fmt.Errorf("replay: output %d is column %d of core %d, which is no spiking column; want one of the layout's", i, o.Column, o.Core)
		}
		if o.Index < 0 || o.Index >= MaxIndex {
			return fmt.Errorf("replay: output %d has index %d; want 0..%d", i, o.Index, MaxIndex-1)
		}
		if i > 0 && compareOutputs(c.Outputs[i-1], o) >= 0 {
			return fmt.Errorf("replay: outputs %d and %d are out of order or one column; want them by core, column", i-1, i)
		}
	}
	return nil
}

func compareOutputs(a, b Output) int {
	return cmp.Or(cmp.Compare(a.Core, b.Core), cmp.Compare(a.Column, b.Column))
}

func (c *Case) validateExpected() error {
	for i, e := range c.Expected {
		if int(e.Tick) < c.FirstTick || int(e.Tick) >= c.Ticks || e.Index < 0 || e.Index >= MaxIndex {
			return fmt.Errorf("replay: recorded spike %d has tick %d and index %d; want ticks %d..%d and indexes 0..%d",
				i, e.Tick, e.Index, c.FirstTick, c.Ticks-1, MaxIndex-1)
		}
		if i == 0 {
			continue
		}
		before := c.Expected[i-1]
		if before.Tick > e.Tick || c.Bitmap && before.Tick == e.Tick && before.Index >= e.Index {
			return fmt.Errorf("replay: recorded spikes %d and %d are out of order (ticks %d and %d, indexes %d and %d); want rising ticks, and in a bitmap rising indexes",
				i-1, i, before.Tick, e.Tick, before.Index, e.Index)
		}
	}
	return nil
}

// Sort brings stimuli and outputs into the order that Validate wants.
func (c *Case) Sort() {
	slices.SortFunc(c.Stimuli, compareSpikes)
	slices.SortFunc(c.Outputs, compareOutputs)
}

// String is a short summary.
func (c *Case) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "recorded spikes %q on chip %s, %d cores\n", c.Name, c.Layout.Chip, len(c.Layout.Cores))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "ticks\t%d, compared from tick %d\n", c.Ticks, c.FirstTick)
	fmt.Fprintf(w, "injected spikes\t%d\n", len(c.Stimuli))
	fmt.Fprintf(w, "recorded columns\t%d\n", len(c.Outputs))
	order := "in order"
	if c.Bitmap {
		order = "a bit an index and tick"
	}
	fmt.Fprintf(w, "recorded spikes\t%d, %s\n", len(c.Expected), order)
	w.Flush() // a strings.Builder never fails
	return b.String()
}
