package sim

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// engine is the reference engine: the obvious loops over active axons and
// columns, one tick at a time. It is the definition that faster engines are
// compared with.
type engine struct {
	p         *program
	tally     *tally
	now       uint64       // the tick to come, or being simulated
	slots     [][]slot     // [core][tick mod ring]: the axon schedulers
	potential [][]int64    // [core][column], of spiking columns that keep one
	sums      [][]int64    // [core][column]: A, then A + received
	ops       [][]uint64   // [core][column]: synaptic ops of this tick
	received  [][]bool     // [core][column]: a partial sum came in this tick
	spikes    []firing     // of this tick, by core and column
	scores    []scoreValue // of this tick, by core and column
	sent      []sentSum    // of this tick, in the order of program.senders
	farthest  uint64       // quanta of the slowest spike packet of this tick
	lost      uint64       // spikes of this tick that no column was there to see
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

// firing is a spike; wave is noWave if no wave is charged for it.
type firing struct {
	core, column int32
	wave         int32
}

// scoreValue is what a score column hands to the host.
type scoreValue struct {
	core, column int32
	value        int64
}

// sentSum is a partial sum on a link.
type sentSum struct {
	from  layout.Link
	value int64
}

// newEngine makes an engine at tick 0 with room for delays up to maxDelay.
func newEngine(p *program, maxDelay int) *engine {
	e := &engine{p: p, tally: newTally(len(p.cores))}
	for c := range p.cores {
		axons, columns := len(p.image.Cores[c].Axons), len(p.cores[c].columns)
		ring := make([]slot, maxDelay+1)
		for s := range ring {
			ring[s].cells = make([]cell, axons)
		}
		e.slots = append(e.slots, ring)
		e.potential = append(e.potential, make([]int64, columns))
		e.sums = append(e.sums, make([]int64, columns))
		e.ops = append(e.ops, make([]uint64, columns))
		e.received = append(e.received, make([]bool, columns))
	}
	return e
}

// tick simulates one tick. waves says for every level which wave its columns
// work for; with a wave gate, columns of levels at noWave are not evaluated.
// The tick's counts stay in tally.tick until tally.closeTick.
func (e *engine) tick(waves []int32) error {
	e.spikes, e.scores, e.sent, e.farthest, e.lost = e.spikes[:0], e.scores[:0], e.sent[:0], 0, 0
	for c := range e.p.cores {
		e.integrate(c, waves)
	}
	if err := e.passPartialSums(waves); err != nil {
		return err
	}
	for c := range e.p.cores {
		if err := e.update(c, waves); err != nil {
			return err
		}
	}
	e.now++
	return nil
}

// runs tells whether columns of a level are evaluated.
func (e *engine) runs(level int32, waves []int32) bool {
	return !e.p.gated || waves[level] != noWave
}

// integrate is steps (a) and (b) for one core.
func (e *engine) integrate(c int, waves []int32) {
	core := &e.p.cores[c]
	evaluated := false
	for _, g := range core.groups {
		if !e.runs(g.level, waves) {
			continue
		}
		evaluated = true
		for _, n := range g.columns {
			e.sums[c][n], e.ops[c][n], e.received[c][n] = 0, 0, false
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
			e.readRow(c, a, slot.cells[a], waves)
		} else {
			e.lost += slot.cells[a].spikes
		}
		slot.cells[a] = cell{}
	}
	slot.set = 0
}

// readRow adds one active axon's row to the sums of the evaluated columns.
func (e *engine) readRow(c, axon int, active cell, waves []int32) {
	e.tally.charge(c, active.wave, ledger.AxonRead, active.spikes)
	e.tally.charge(c, active.wave, ledger.RowRead, active.spikes)
	e.tally.charge(c, active.wave, ledger.BitsRead, active.spikes*e.p.rowBits)
	core, sums, ops := &e.p.cores[c], e.sums[c], e.ops[c]
	row := core.weights[axon*len(core.columns):][:len(core.columns)]
	for _, g := range core.groups {
		if !e.runs(g.level, waves) {
			continue
		}
		for _, n := range g.columns {
			if w := row[n]; w != 0 {
				sums[n] += int64(w) * int64(active.spikes)
				ops[n] += active.spikes
			}
		}
	}
}

// passPartialSums is step (c): every chain from its first sender to its head.
func (e *engine) passPartialSums(waves []int32) error {
	for _, from := range e.p.senders {
		column := e.p.column(from)
		if !e.runs(column.Level, waves) {
			continue
		}
		sum := e.sums[from.Core][from.Column]
		if err := e.checkWidth(from, "partial sum", sum, e.p.image.Capabilities.Psum.Bits); err != nil {
			return err
		}
		wave := waves[column.Level]
		e.chargeUpdate(from, wave)
		e.tally.charge(int(from.Core), wave, ledger.PsumSend, 1)
		e.tally.charge(int(from.Core), wave, ledger.PsumHop, column.psumHops)
		e.sums[column.Psum.Core][column.Psum.Column] += sum
		e.received[column.Psum.Core][column.Psum.Column] = true
		e.sent = append(e.sent, sentSum{from, sum})
	}
	return nil
}

// update is steps (d) and (e) for the heads of one core.
func (e *engine) update(c int, waves []int32) error {
	core := &e.p.cores[c]
	for _, n := range core.heads {
		column := &core.columns[n]
		if !e.runs(column.Level, waves) {
			continue
		}
		at, wave := layout.Link{Core: int32(c), Column: n}, waves[column.Level]
		e.chargeUpdate(at, wave)
		v := e.potential[c][n] + e.sums[c][n]
		if err := e.checkPotential(at, v); err != nil {
			return err
		}
		v += int64(column.Leak)
		if err := e.checkPotential(at, v); err != nil {
			return err
		}
		if column.Role == layout.Score {
			e.tally.charge(c, wave, ledger.OutputScore, 1)
			e.scores = append(e.scores, scoreValue{at.Core, at.Column, v})
			continue
		}
		fired := v >= int64(column.Theta)
		if fired {
			e.fire(at, wave)
		}
		v = afterReset(column.Column, v, fired)
		if err := e.checkPotential(at, v); err != nil {
			return err
		}
		e.potential[c][n] = v
	}
	return nil
}

// afterReset is the potential a spiking column keeps.
func afterReset(column *layout.Column, v int64, fired bool) int64 {
	switch {
	case column.Reset == layout.Clear, fired && column.Reset == layout.ToZero:
		return 0
	case fired && column.Reset == layout.Subtract:
		return v - int64(column.Theta)
	}
	return v
}

// chargeUpdate counts the evaluation of a column of any role.
func (e *engine) chargeUpdate(at layout.Link, wave int32) {
	c, ops := int(at.Core), e.ops[at.Core][at.Column]
	if ops == 0 && !e.received[at.Core][at.Column] {
		e.tally.charge(c, wave, ledger.NeuronIdle, 1)
		return
	}
	e.tally.charge(c, wave, ledger.SynapticOp, ops)
	e.tally.charge(c, wave, ledger.NeuronTouched, 1)
}

// fire sends a spike to every destination.
func (e *engine) fire(at layout.Link, wave int32) {
	column, c := e.p.column(at), int(at.Core)
	e.spikes = append(e.spikes, firing{at.Core, at.Column, wave})
	e.tally.charge(c, wave, ledger.SpikeEmitted, 1)
	if column.class != noClass {
		e.tally.charge(c, wave, ledger.OutputSpike, 1)
	}
	e.tally.charge(c, wave, ledger.PacketCore, column.route.cores)
	e.tally.charge(c, wave, ledger.PacketTile, column.route.tiles)
	e.tally.charge(c, wave, ledger.HopX, column.route.hopX)
	e.tally.charge(c, wave, ledger.HopY, column.route.hopY)
	e.farthest = max(e.farthest, column.farthest)
	for _, d := range column.Dests {
		e.write(int(d.Core), int(d.Axon), int(d.Delay), wave)
	}
}

// write puts a spike into the slot of the tick now + delay.
func (e *engine) write(core, axon, delay int, wave int32) {
	e.tally.charge(core, wave, ledger.AxonWrite, 1)
	slot := e.slotAt(core, delay)
	at := &slot.cells[axon]
	switch {
	case at.spikes == 0:
		*at = cell{1, wave}
		slot.set++
	case e.p.add:
		at.spikes++
	default:
		e.tally.charge(core, wave, ledger.AxonMerge, 1)
	}
}

func (e *engine) slotAt(core, delay int) *slot {
	ring := e.slots[core]
	return &ring[(e.now+uint64(delay))%uint64(len(ring))]
}

// hostWrite is a spike the host writes; kind says what for.
func (e *engine) hostWrite(core, axon, delay int, wave int32, kind ledger.Kind) {
	e.tally.charge(core, wave, kind, 1)
	e.write(core, axon, delay, wave)
}

// chargeTick counts what a tick costs whatever happens in it. A barrier is one
// event of the whole chip and stands in the row of core 0.
func (e *engine) chargeTick(owner int32) {
	for c := range e.p.cores {
		e.tally.charge(c, owner, ledger.CoreTick, 1)
	}
	if e.p.image.Capabilities.Tick.Kind == hwmodel.TickBarrier {
		e.tally.charge(0, owner, ledger.Barrier, 1)
	}
}

// clear empties the chip: no spike under way, no potential, tick 0. The tally
// goes on, except for waves.
func (e *engine) clear() {
	e.now, e.tally.first, e.tally.waves = 0, 0, nil
	for c := range e.slots {
		clear(e.potential[c])
		for s := range e.slots[c] {
			e.slots[c][s].set = 0
			clear(e.slots[c][s].cells)
		}
	}
}

// resetState sets every kept potential to 0 at the start of a wave.
func (e *engine) resetState(wave int32) {
	for c := range e.p.cores {
		for _, n := range e.p.cores[c].heads {
			if keepsState(e.p.cores[c].columns[n].Column) {
				e.potential[c][n] = 0
				e.tally.charge(c, wave, ledger.StateReset, 1)
			}
		}
	}
}

// checkDrained demands that bursts have ended: every kept potential is 0 again
// when a wave starts, without a reset.
func (e *engine) checkDrained() error {
	for c := range e.p.cores {
		for _, n := range e.p.cores[c].heads {
			if v := e.potential[c][n]; v != 0 {
				return fmt.Errorf("sim: tick %d: core %d column %d starts a wave with potential %d; its burst must have drained; give the schedule more output ticks", e.now, c, n, v)
			}
		}
	}
	return nil
}

func (e *engine) checkPotential(at layout.Link, v int64) error {
	return e.checkWidth(at, "potential", v, e.p.image.Capabilities.Neuron.PotentialBits)
}

// checkWidth refuses to go on with a number the chip could not hold.
func (e *engine) checkWidth(at layout.Link, what string, v int64, bits int) error {
	if low, high := hwmodel.SignedRange(bits); v < low || v > high {
		return fmt.Errorf("sim: tick %d: core %d column %d: %s %d leaves its %d bits (%d..%d); check the layout, or use a chip with wider sums",
			e.now, at.Core, at.Column, what, v, bits, low, high)
	}
	return nil
}
