package sim

import (
	"tritloom/layout"
	"tritloom/ledger"
)

// reference is the engine of obvious loops over active axons and columns, one tick
// at a time. It is the definition that faster engines are compared with.
type reference struct {
	p        *program
	counts   *tally
	tickToDo uint64     // the tick to come, or being simulated
	slots    [][]slot   // [core][tick mod ring]: the axon schedulers
	neurons  [][]neuron // [core][column]
	random   []generator
	seed     uint64
	weights  [][]int32  // [core][axon · columns + column]: the effective weight of every crosspoint
	sums     [][]int64  // [core][column]: A, then A + received
	ops      [][]uint64 // [core][column]: synaptic ops of this tick
	received [][]bool   // [core][column]: a partial sum came in this tick
	wasRun   [][]bool   // [core][column]: evaluated in this tick
	result   outcome
}

// neuron is the state of a column that keeps any.
type neuron struct {
	potential int64
	current   int64
	rest      uint16 // ticks of rest to come after a spike
}

// slot is the axon bits of one tick to come.
type slot struct {
	cells []cell // [axon]
	set   int    // cells that hold a spike
}

// cell is the spikes on one axon.
type cell struct {
	spikes uint64
	wave   int32 // of the spike that came first
}

// newReference makes an engine at tick 0 with room for delays up to maxDelay.
func newReference(p *program, maxDelay int, seed uint64) *reference {
	e := &reference{p: p, counts: newTally(len(p.cores)), random: make([]generator, len(p.cores)), seed: seed}
	for c := range p.cores {
		axons, columns := len(p.image.Cores[c].Axons), len(p.cores[c].columns)
		ring := make([]slot, maxDelay+1)
		for s := range ring {
			ring[s].cells = make([]cell, axons)
		}
		e.slots = append(e.slots, ring)
		e.weights = append(e.weights, weightsOf(p.image, c))
		e.neurons = append(e.neurons, make([]neuron, columns))
		e.sums = append(e.sums, make([]int64, columns))
		e.ops = append(e.ops, make([]uint64, columns))
		e.received = append(e.received, make([]bool, columns))
		e.wasRun = append(e.wasRun, make([]bool, columns))
	}
	e.clear()
	return e
}

// weightsOf lists the effective weight of every crosspoint of a core.
func weightsOf(l *layout.Layout, c int) []int32 {
	axons, columns := len(l.Cores[c].Axons), len(l.Cores[c].Columns)
	weights := make([]int32, 0, axons*columns)
	for a := range axons {
		for n := range columns {
			weights = append(weights, l.Weight(c, a, n))
		}
	}
	return weights
}

func (e *reference) now() uint64       { return e.tickToDo }
func (e *reference) outcome() *outcome { return &e.result }
func (e *reference) tally() *tally     { return e.counts }

func (e *reference) potential(core, column int) int64 { return e.neurons[core][column].potential }
func (e *reference) current(core, column int) int64   { return e.neurons[core][column].current }

func (e *reference) evaluated(core int, f func(column int32, touched bool)) {
	for n, run := range e.wasRun[core] {
		if run {
			f(int32(n), e.touched(layout.Link{Core: int32(core), Column: int32(n)}))
		}
	}
}

func (e *reference) heads(core int, from, to int32) (touched, idle int) {
	e.evaluated(core, func(n int32, received bool) {
		switch {
		case n < from || n >= to || e.p.cores[core].columns[n].Role == layout.Sender:
		case received:
			touched++
		default:
			idle++
		}
	})
	return touched, idle
}

// touched tells whether a column received anything in this tick.
func (e *reference) touched(at layout.Link) bool {
	return e.ops[at.Core][at.Column] > 0 || e.received[at.Core][at.Column]
}

func (e *reference) opsAt(at layout.Link) uint64 { return e.ops[at.Core][at.Column] }

// tick simulates one tick.
func (e *reference) tick(duties []duty) error {
	e.result.clear()
	for c := range e.p.cores {
		e.integrate(c, duties)
		e.convert(c)
	}
	if err := e.passPartialSums(duties); err != nil {
		return err
	}
	for c := range e.p.cores {
		if err := e.update(c, duties); err != nil {
			return err
		}
	}
	e.tickToDo++
	return nil
}

// runs tells whether columns of a level are evaluated.
func (e *reference) runs(level int32, duties []duty) bool {
	return !e.p.gated || duties[level].wave != noWave
}

// integrate is steps (a) and (b) for one core.
func (e *reference) integrate(c int, duties []duty) {
	core := &e.p.cores[c]
	evaluated := false
	clear(e.wasRun[c])
	for _, g := range core.groups {
		if !e.runs(g.level, duties) {
			continue
		}
		evaluated = true
		for _, n := range g.columns {
			e.sums[c][n], e.ops[c][n], e.received[c][n], e.wasRun[c][n] = 0, 0, false, true
		}
	}
	slot := e.slotAt(c, 0)
	if slot.set == 0 {
		return
	}
	for a := range slot.cells {
		if slot.cells[a].spikes == 0 {
			continue
		}
		if evaluated {
			e.readRow(c, a, slot.cells[a], duties)
		} else {
			e.result.lost += slot.cells[a].spikes
		}
		slot.cells[a] = cell{}
	}
	slot.set = 0
}

// readRow adds one active axon's row to the sums of the evaluated columns, once a
// spike, in the order of columns.
func (e *reference) readRow(c, axon int, active cell, duties []duty) {
	e.counts.charge(c, active.wave, ledger.AxonRead, active.spikes)
	if e.p.analogue.pairs {
		e.counts.charge(c, active.wave, ledger.DACRow, active.spikes)
	}
	if !e.p.neuronMajor {
		e.counts.charge(c, active.wave, ledger.RowRead, active.spikes)
		e.counts.charge(c, active.wave, ledger.BitsRead, active.spikes*e.p.rowBits)
	}
	core, kind := &e.p.cores[c], e.p.image.Cores[c].Axons[axon].Type
	row := e.weights[c][axon*len(core.columns):][:len(core.columns)]
	for range active.spikes {
		for n, w := range row {
			if w == 0 || !e.wasRun[c][n] {
				continue
			}
			e.ops[c][n]++
			add := int64(w)
			if core.columns[n].Dynamics.RandomSynapses>>kind&1 == 1 {
				add = chance(w, e.random[c].draw(e.p.randomBits))
			}
			if v := e.p.variation; v != nil && add != 0 {
				add = int64(v.gains[c][axon*len(core.columns)+n])
			}
			e.sums[c][n] += add
		}
	}
}

// convert makes integers of the currents of an analogue core's evaluated columns.
func (e *reference) convert(c int) {
	if !e.p.analogue.pairs {
		return
	}
	for n, run := range e.wasRun[c] {
		if !run {
			continue
		}
		sum := e.sums[c][n]
		if e.p.variation != nil {
			sum = nearest(sum, unit)
		}
		if e.sums[c][n] = e.p.analogue.clip(sum); e.sums[c][n] != sum {
			e.result.clipped++
		}
	}
}

// passPartialSums is step (c): every chain from its first sender to its head.
func (e *reference) passPartialSums(duties []duty) error {
	for _, from := range e.p.senders {
		column := e.p.column(from)
		if !e.runs(column.Level, duties) {
			continue
		}
		sum := e.sums[from.Core][from.Column]
		if err := e.checkWidth(from, "partial sum", sum, e.p.image.Capabilities.Psum.Bits); err != nil {
			return err
		}
		wave := duties[column.Level].wave
		e.chargeUpdate(from, wave)
		e.counts.charge(int(from.Core), wave, ledger.PsumSend, 1)
		e.counts.charge(int(from.Core), wave, ledger.PsumHop, column.psumHops)
		e.sums[column.Psum.Core][column.Psum.Column] += sum
		e.result.sent = append(e.result.sent, sentSum{from, sum, e.received[from.Core][from.Column], e.touched(from)})
		e.received[column.Psum.Core][column.Psum.Column] = true
	}
	return nil
}

// update is steps (d) and (e) for the heads of one core.
func (e *reference) update(c int, duties []duty) error {
	core := &e.p.cores[c]
	for _, n := range core.heads {
		column := &core.columns[n]
		if !e.runs(column.Level, duties) {
			continue
		}
		at, duty := layout.Link{Core: int32(c), Column: n}, duties[column.Level]
		e.chargeUpdate(at, duty.wave)
		if column.Role == layout.Score {
			if err := e.score(at, duty); err != nil {
				return err
			}
			continue
		}
		fired, err := e.step(at)
		if err != nil {
			return err
		}
		if fired {
			e.fire(at, duty.wave)
		}
	}
	return nil
}

// chargeUpdate counts the evaluation of a column of any role.
func (e *reference) chargeUpdate(at layout.Link, wave int32) {
	c, ops := int(at.Core), e.ops[at.Core][at.Column]
	if e.p.neuronMajor {
		e.counts.charge(c, wave, ledger.RowRead, 1)
		e.counts.charge(c, wave, ledger.BitsRead, e.p.rowBits)
	}
	if e.p.analogue.pairs {
		e.counts.charge(c, wave, ledger.ADCConversion, 1)
	}
	if !e.touched(at) {
		e.counts.charge(c, wave, ledger.NeuronIdle, 1)
		return
	}
	e.counts.charge(c, wave, ledger.SynapticOp, ops)
	e.counts.charge(c, wave, ledger.NeuronTouched, 1)
}

// fire sends a spike to every destination.
func (e *reference) fire(at layout.Link, wave int32) {
	column, c := e.p.column(at), int(at.Core)
	e.result.spikes = append(e.result.spikes, firing{at.Core, at.Column, wave})
	e.counts.charge(c, wave, ledger.SpikeEmitted, 1)
	if column.class != noClass {
		e.counts.charge(c, wave, ledger.OutputSpike, 1)
	}
	e.counts.charge(c, wave, ledger.PacketCore, column.route.cores)
	e.counts.charge(c, wave, ledger.PacketTile, column.route.tiles)
	e.counts.charge(c, wave, ledger.HopX, column.route.hopX)
	e.counts.charge(c, wave, ledger.HopY, column.route.hopY)
	for _, d := range column.Dests {
		e.write(int(d.Core), int(d.Axon), int(d.Delay), wave)
	}
}

// write puts a spike into the slot of the tick now + delay.
func (e *reference) write(core, axon, delay int, wave int32) {
	e.counts.charge(core, wave, ledger.AxonWrite, 1)
	slot := e.slotAt(core, delay)
	at := &slot.cells[axon]
	switch {
	case at.spikes == 0:
		*at = cell{1, wave}
		slot.set++
	case e.p.add:
		at.spikes++
	default:
		e.counts.charge(core, wave, ledger.AxonMerge, 1)
	}
}

func (e *reference) slotAt(core, delay int) *slot {
	ring := e.slots[core]
	return &ring[(e.tickToDo+uint64(delay))%uint64(len(ring))]
}

// hostWrite is a spike the host writes; kind says what for.
func (e *reference) hostWrite(core, axon, delay int, wave int32, kind ledger.Kind) {
	e.counts.charge(core, wave, kind, 1)
	e.write(core, axon, delay, wave)
}

// clear empties the chip.
func (e *reference) clear() {
	e.tickToDo = 0
	e.counts.forgetWaves()
	for c := range e.slots {
		for n := range e.neurons[c] {
			e.neurons[c][n] = neuron{potential: int64(e.p.cores[c].columns[n].Dynamics.Initial)}
		}
		e.random[c] = newGenerator(e.seed, c)
		for s := range e.slots[c] {
			e.slots[c][s].set = 0
			clear(e.slots[c][s].cells)
		}
	}
}

// resetState sets every kept potential back at the start of a wave.
func (e *reference) resetState(wave int32) {
	for c := range e.p.cores {
		for _, n := range e.p.cores[c].heads {
			if column := e.p.cores[c].columns[n].Column; keepsState(column) {
				e.neurons[c][n] = neuron{potential: int64(column.Dynamics.Initial)}
				e.counts.charge(c, wave, ledger.StateReset, 1)
			}
		}
	}
}

// checkDrained demands that bursts have ended: every kept potential is 0 again
// when a wave starts, without a reset.
func (e *reference) checkDrained() error {
	for c := range e.p.cores {
		for _, n := range e.p.cores[c].heads {
			if v := e.neurons[c][n].potential; v != 0 {
				return undrained(e.tickToDo, c, int(n), v)
			}
		}
	}
	return nil
}
