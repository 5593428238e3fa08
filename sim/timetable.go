package sim

import (
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// timetable is what every core had to do in a tick, in the order it does it, with
// how long each thing takes when nothing is in its way. Both timing models start
// from it. A core
//
//  1. takes what the host writes into it, and resets state if a wave starts
//  2. reads its scheduler and, on axon-major chips, the row of each active axon,
//     with one synaptic op after another; on analogue chips it drives the rows
//  3. evaluates its senders, in the one order in which every chain of partial sums
//     can be walked, and sends each one's sum
//  4. evaluates its other columns, rising; a spike is handed to the router, a score
//     or an output spike to the port, before the next column
//
// On analogue chips every evaluation begins with a conversion, one after another. On
// neuron-major chips a column's own row is read, and its ops done, when it is
// evaluated. A core never waits for a partial sum: sums are added where they arrive,
// beside the core's other work, and what a column sends leaves when both are ready.
// Spikes that arrive are written into the scheduler beside it too. Merges take no
// time of their own, as the write that merges is counted.
type timetable struct {
	p         *program
	latencies *hwmodel.Latencies
	cores     []worklist
}

// worklist is one core's part of a tick.
type worklist struct {
	begin uint64 // quanta of 1 and 2
	tasks []task // of 3 and 4, in order
	end   uint64 // quanta after the last task
}

// task is a stretch of work that ends with the evaluation of a column that sends.
type task struct {
	work   uint64 // quanta of evaluations since the last task, of the column itself too
	await  bool   // what is sent leaves when the column's partial sum is there
	column int32
	sends  sending
	sum    int // number in outcome.sent of a partial sum
}

// sending is what leaves the core when a task is done.
type sending uint8

const (
	partialSum sending = iota
	spikePacket
)

func newTimetable(p *program, latencies *hwmodel.Latencies) *timetable {
	return &timetable{p: p, latencies: latencies, cores: make([]worklist, len(p.cores))}
}

// fill writes down the tick that the engine has just simulated and not yet closed.
func (t *timetable) fill(e engine) {
	out := e.outcome()
	for c := range t.cores {
		counts := &e.tally().tick[c]
		t.cores[c] = worklist{begin: t.begin(counts), tasks: t.cores[c].tasks[:0]}
	}
	for i, s := range out.sent {
		list := &t.cores[s.from.Core]
		list.tasks = append(list.tasks, task{
			await: s.fed, work: t.evaluation(e, s.from, s.touched) + t.latencies[ledger.PsumSend],
			column: s.from.Column, sends: partialSum, sum: i,
		})
	}
	spikes := out.spikes
	for c := range t.cores {
		spikes = t.heads(e, c, spikes)
	}
}

// begin is what a core does before it evaluates columns.
func (t *timetable) begin(counts *ledger.Counts) uint64 {
	written := counts[ledger.InputSpike] + counts[ledger.ControlSpike]
	quanta := written * t.latencies[ledger.AxonWrite]
	for _, k := range [...]ledger.Kind{ledger.InputSpike, ledger.ControlSpike, ledger.StateReset, ledger.AxonRead, ledger.DACRow} {
		quanta += counts[k] * t.latencies[k]
	}
	if t.p.neuronMajor {
		return quanta
	}
	for _, k := range [...]ledger.Kind{ledger.RowRead, ledger.BitsRead, ledger.SynapticOp} {
		quanta += counts[k] * t.latencies[k]
	}
	return quanta
}

// heads adds the tasks of a core's columns that are no senders. spikes are those of
// this core and of later ones.
func (t *timetable) heads(e engine, c int, spikes []firing) []firing {
	if t.p.neuronMajor || t.p.cores[c].scores {
		return t.headsEach(e, c, spikes)
	}
	list, core, next := &t.cores[c], &t.p.cores[c], int32(0)
	work := uint64(0)
	upTo := func(n int32) {
		touched, idle := e.heads(c, next, n)
		work += uint64(touched)*t.latencies[ledger.NeuronTouched] + uint64(idle)*t.latencies[ledger.NeuronIdle] + uint64(touched+idle)*t.conversion()
		next = n
	}
	for ; len(spikes) > 0 && int(spikes[0].core) == c; spikes = spikes[1:] {
		n := spikes[0].column
		upTo(n + 1)
		work += t.emission(&core.columns[n])
		if len(core.columns[n].flights) > 0 {
			list.tasks = append(list.tasks, task{work: work, await: core.columns[n].fed, column: n, sends: spikePacket})
			work = 0
		}
	}
	upTo(int32(len(core.columns)))
	list.end = work
	return spikes
}

// conversion is what the converter of an analogue core takes, column after column.
func (t *timetable) conversion() uint64 {
	if t.p.analogue.pairs {
		return t.latencies[ledger.ADCConversion]
	}
	return 0
}

// emission is what a spike takes its core.
func (t *timetable) emission(column *columnProgram) uint64 {
	quanta := t.latencies[ledger.SpikeEmitted]
	if column.class != noClass {
		quanta += t.latencies[ledger.OutputSpike]
	}
	return quanta
}

// headsEach is heads where columns differ in more than whether they received anything.
func (t *timetable) headsEach(e engine, c int, spikes []firing) []firing {
	list, core := &t.cores[c], &t.p.cores[c]
	work := uint64(0)
	e.evaluated(c, func(n int32, touched bool) {
		column := &core.columns[n]
		if column.Role == layout.Sender {
			return
		}
		work += t.evaluation(e, layout.Link{Core: int32(c), Column: n}, touched)
		if column.Role == layout.Score && e.outcome().scored(c, n) {
			work += t.latencies[ledger.OutputScore]
		}
		if len(spikes) == 0 || int(spikes[0].core) != c || spikes[0].column != n {
			return
		}
		spikes = spikes[1:]
		work += t.emission(column)
		if len(column.flights) > 0 {
			list.tasks = append(list.tasks, task{work: work, await: column.fed, column: n, sends: spikePacket})
			work = 0
		}
	})
	list.end = work
	return spikes
}

// evaluation is how long a column itself takes.
func (t *timetable) evaluation(e engine, at layout.Link, touched bool) uint64 {
	quanta := t.latencies[ledger.NeuronIdle]
	if touched {
		quanta = t.latencies[ledger.NeuronTouched]
	}
	quanta += t.conversion()
	if t.p.neuronMajor {
		quanta += t.latencies[ledger.RowRead] + t.p.rowBits*t.latencies[ledger.BitsRead] + e.opsAt(at)*t.latencies[ledger.SynapticOp]
	}
	return quanta
}
