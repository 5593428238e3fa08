// Package trace writes down a simulation tick by tick, in forms that spreadsheets,
// trace viewers and waveform viewers read.
//
// A trace is a stream: a writer keeps what the next tick needs and nothing else, so
// that a run of any length takes the memory of one. Equal runs give equal bytes.
// Ticks are counted from the first one of the simulation; sample i starts at tick
// i × the initiation interval of the run record. Times are integers, in quanta of
// the chip, until they are written; no float stands between.
//
// The files are valid after any number of ticks, once End has been called: a run cut
// short leaves a trace of what it did.
package trace

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"tritloom/layout"
	"tritloom/sim"
)

// Options says what is traced.
type Options struct {
	Layout *layout.Layout
	// Timed tells whether ticks have a length: the simulation has a timing model.
	Timed bool
	// Potentials are the columns whose potentials are written, by core and column;
	// nil: all that keep one, see Kept.
	Potentials []layout.Link
}

// Writer writes one trace.
type Writer interface {
	// Tick writes what a tick did.
	Tick(step *sim.Step, chip sim.State) error
	// End writes what the form wants after the last tick. It does not close the
	// file.
	End() error
}

// Format is a form of trace.
type Format struct {
	Name       string // as users call it
	File       string // name in a folder of traces
	Holds      string // for people
	NeedsTimes bool   // makes no sense without a timing model
	begin      func(out *text, o *Options) (Writer, error)
}

// Formats is the one list of forms.
var Formats = []Format{
	{"spikes", "spikes.csv", "a row a spike", false, beginSpikes},
	{"potentials", "potentials.csv", "a row a tick and column that keeps its potential", false, beginPotentials},
	{"messages", "messages.csv", "a row a spike's destination or partial sum", false, beginMessages},
	{"series", "series.csv", "a row a tick: spikes, messages, events, length", false, beginSeries},
	{"chrome-trace", "trace.json", "a track a core, for chrome://tracing and ui.perfetto.dev", true, beginChrome},
	{"vcd", "trace.vcd", "a wire a neuron, for waveform viewers", false, beginVCD},
}

// ByName finds a form.
func ByName(name string) (*Format, bool) {
	for i := range Formats {
		if Formats[i].Name == name {
			return &Formats[i], true
		}
	}
	return nil, false
}

// New begins a trace.
func (f *Format) New(w io.Writer, o Options) (Writer, error) {
	if f.NeedsTimes && !o.Timed {
		return nil, fmt.Errorf("it needs the length of every tick, which timing %q does not know; choose timing %q", sim.TimingNone, sim.TimingAnalytic)
	}
	if o.Potentials == nil {
		o.Potentials = Kept(o.Layout)
	}
	return f.begin(&text{bufio.NewWriter(w)}, &o)
}

// Recorder writes any number of traces of one simulation.
type Recorder struct {
	writers []Writer
	ticks   uint64
}

// Add makes the recorder write one more trace.
func (r *Recorder) Add(w Writer) { r.writers = append(r.writers, w) }

// Observe writes a tick to all traces. It is a sim.Observer.
func (r *Recorder) Observe(step *sim.Step, chip sim.State) error {
	for _, w := range r.writers {
		if err := w.Tick(step, chip); err != nil {
			return err
		}
	}
	r.ticks++
	return nil
}

// Ticks is how many ticks have been written.
func (r *Recorder) Ticks() uint64 { return r.ticks }

// End ends all traces.
func (r *Recorder) End() error {
	for _, w := range r.writers {
		if err := w.End(); err != nil {
			return err
		}
	}
	return nil
}

// text is what a trace is written to. Errors stay until Flush, which every tick ends
// with.
type text struct{ *bufio.Writer }

func (t *text) put(words ...string) {
	for _, w := range words {
		t.WriteString(w)
	}
}

func (t *text) number(n uint64) { t.Write(strconv.AppendUint(t.AvailableBuffer(), n, 10)) }

func (t *text) integer(n int64) { t.Write(strconv.AppendInt(t.AvailableBuffer(), n, 10)) }

// cells writes a comma and an integer, again and again.
func (t *text) cells(integers ...int64) {
	for _, n := range integers {
		t.WriteByte(',')
		t.integer(n)
	}
}

// labelled gives the name of the layer a column stands for; none if it has no label.
func labelled(l *layout.Layout, label layout.Label) (layer string, ok bool) {
	switch i := int(label.Layer); {
	case i >= 0 && i < len(l.Layers):
		return l.Layers[i].Name, true
	case i == len(l.Layers):
		return l.Readout.Name, true
	}
	return "", false
}

// nameOf is a column for people: layer/neuron, or its number.
func nameOf(l *layout.Layout, at layout.Link) string {
	label := l.Column(at).Label
	if layer, ok := labelled(l, label); ok {
		return fmt.Sprintf("%s/%d", layer, label.Neuron)
	}
	return fmt.Sprintf("neuron %d", at.Column)
}
