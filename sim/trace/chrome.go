package trace

import (
	"encoding/json"
	"fmt"

	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// Processes of the trace: the chip's ticks, and its cores with a thread each.
const (
	ticksProcess = 0
	coresProcess = 1
)

// chrome is trace.json in the Trace Event Format, object form, that chrome://tracing
// and Perfetto read: an event a line, times in microseconds.
//
// A core's busy time is one complete event from the start of the tick. Timing says
// how long a core works and not when in the tick a spike leaves, so that instants of
// spikes stand at the end of the busy time, when all of them have left. Where a fixed
// tick is overrun, an event ends with its tick, and its quanta say what was needed.
type chrome struct {
	out       *text
	quantumPS int64
	names     [][]string // [core][column], in quotes
	now       uint64     // quanta, at the start of the coming tick
	err       error      // the first one
}

func beginChrome(out *text, o *Options) (Writer, error) {
	l := o.Layout
	c := &chrome{out: out, quantumPS: l.Capabilities.Tick.QuantumPS}
	fmt.Fprintf(out, `{"displayTimeUnit":"ns","otherData":{"format":"tritloom trace 1","chip":%s,"quantum_ps":"%d"},"traceEvents":[`, quoted(l.Chip), c.quantumPS)
	c.name("process_name", ticksProcess, 0, "chip "+l.Chip, "\n")
	c.name("thread_name", ticksProcess, 0, "ticks", ",\n")
	c.name("process_name", coresProcess, 0, "cores", ",\n")
	for core := range l.Cores {
		at := &l.Cores[core]
		c.name("thread_name", coresProcess, core, fmt.Sprintf("core %d at %d,%d", core, at.X, at.Y), ",\n")
		fmt.Fprintf(out, ",\n"+`{"name":"thread_sort_index","ph":"M","pid":%d,"tid":%d,"args":{"sort_index":%d}}`, coresProcess, core, core)
		names := make([]string, len(at.Columns))
		for n := range names {
			if at.Columns[n].Role == layout.Spiking {
				names[n] = quoted(nameOf(l, layout.Link{Core: int32(core), Column: int32(n)}))
			}
		}
		c.names = append(c.names, names)
	}
	return c, nil
}

// quoted is a text as JSON; strings always encode.
func quoted(words string) string {
	data, err := json.Marshal(words)
	if err != nil {
		panic("sim/trace: " + err.Error())
	}
	return string(data)
}

// name writes a metadata event.
func (c *chrome) name(what string, pid, tid int, name, before string) {
	fmt.Fprintf(c.out, `%s{"name":"%s","ph":"M","pid":%d,"tid":%d,"args":{"name":%s}}`, before, what, pid, tid, quoted(name))
}

func (c *chrome) Tick(step *sim.Step, _ sim.State) error {
	c.event("tick", `"tick"`, "X", ticksProcess, 0, 0)
	c.duration(step.Quanta)
	c.out.put(`,"args":{"tick":`)
	c.out.number(step.Tick)
	c.out.put("}}")
	c.counter(uint64(len(step.Spikes)))
	if step.Overrun {
		c.event("overrun", `"tick overrun"`, "i", ticksProcess, 0, step.Quanta)
		c.out.put(`,"s":"p"}`)
	}
	spikes := step.Spikes
	for core := range step.Counts {
		busy := step.Counts[core][ledger.CoreBusy]
		shown := min(busy, step.Quanta)
		if busy > 0 {
			c.event("core", `"busy"`, "X", coresProcess, core, 0)
			c.duration(shown)
			c.out.put(`,"args":{"tick":`)
			c.out.number(step.Tick)
			c.out.put(`,"quanta":`)
			c.out.number(busy)
			c.out.put("}}")
		}
		for ; len(spikes) > 0 && int(spikes[0].Core) == core; spikes = spikes[1:] {
			column := spikes[0].Column
			c.event("spike", c.names[core][column], "i", coresProcess, core, shown)
			c.out.put(`,"s":"t","args":{"tick":`)
			c.out.number(step.Tick)
			c.out.put(`,"neuron":`)
			c.out.integer(int64(column))
			c.out.put("}}")
		}
	}
	c.now += step.Quanta
	return c.flush()
}

// event begins one, up to and with its start, so many quanta into the tick.
func (c *chrome) event(category, name, phase string, pid, tid int, after uint64) {
	c.out.put(",\n", `{"name":`, name, `,"cat":"`, category, `","ph":"`, phase, `","pid":`)
	c.out.integer(int64(pid))
	c.out.put(`,"tid":`)
	c.out.integer(int64(tid))
	c.out.put(`,"ts":`)
	c.time(c.now + after)
}

func (c *chrome) duration(quanta uint64) {
	c.out.put(`,"dur":`)
	c.time(quanta)
}

func (c *chrome) time(quanta uint64) {
	if err := c.out.microseconds(quanta, c.quantumPS); err != nil && c.err == nil {
		c.err = err
	}
}

// counter writes how many spikes the tick that begins has.
func (c *chrome) counter(spikes uint64) {
	c.event("spikes", `"spikes"`, "C", ticksProcess, 0, 0)
	c.out.put(`,"args":{"spikes":`)
	c.out.number(spikes)
	c.out.put("}}")
}

// flush writes and gives the first error.
func (c *chrome) flush() error {
	if c.err != nil {
		return c.err
	}
	return c.out.Flush()
}

func (c *chrome) End() error {
	c.counter(0)
	c.out.put("\n]}\n")
	return c.flush()
}
