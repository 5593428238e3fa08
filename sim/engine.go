package sim

import (
	"cmp"
	"slices"

	"tritloom/layout"
	"tritloom/ledger"
)

// Engines.
const (
	EngineReference = "reference" // the obvious loops, kept for ever as what the others must equal
	EngineFast      = "fast"      // packed rows, kernels, idle cores skipped, worker threads
	EngineBatch     = "batch"     // 512 samples at a time, a bit each, where CanBatch; it has no ticks
	EngineAuto      = "auto"      // batch where that gives all that is asked for, else fast, else reference
)

// engine advances a chip tick by tick. All engines make the same spikes, scores,
// potentials and activity counts, and errors at the same tick and column.
type engine interface {
	// clear empties the chip: no spike under way, potentials at rest, random
	// generators at their start, tick 0. Tallies go on.
	clear()
	// hostWrite writes a spike of the host into the slot of the coming tick plus
	// delay; kind says what for.
	hostWrite(core, axon, delay int, wave int32, kind ledger.Kind)
	// resetState sets kept potentials, currents and rests back when a wave starts.
	resetState(wave int32)
	// checkDrained demands that kept potentials are 0 when a wave starts.
	checkDrained() error
	// tick simulates the coming tick. duties says for every level what its columns
	// work for. The tick's counts stay in the tally until it closes the tick.
	tick(duties []duty) error
	now() uint64 // the coming tick
	outcome() *outcome
	tally() *tally
	// evaluated calls f for every column the last tick evaluated at a core, rising,
	// and says whether it received anything.
	evaluated(core int, f func(column int32, touched bool))
	// heads counts the evaluated columns of a core in [from, to) that are no senders, by
	// whether they received anything.
	heads(core int, from, to int32) (touched, idle int)
	// opsAt is the number of synaptic ops of a column in the last tick; neuron-major
	// chips only.
	opsAt(at layout.Link) uint64
	potential(core, column int) int64
	current(core, column int) int64
}

// duty is what the columns of a level work for in a tick.
type duty struct {
	wave int32 // noWave on a chip with a wave gate: not evaluated
	last bool  // the last tick of the wave there: score columns hand out their sums
}

// outcome is what a tick did, besides its counts.
type outcome struct {
	spikes []firing     // by core and column
	scores []scoreValue // by core and column
	sent   []sentSum    // in the order of program.senders
	lost   uint64       // spikes that no column was there to see

	clipped uint64 // conversions whose sum left their width
}

// scored tells whether a column is among the scores.
func (o *outcome) scored(core int, column int32) bool {
	_, found := slices.BinarySearchFunc(o.scores, column, func(v scoreValue, n int32) int {
		return cmp.Or(cmp.Compare(int(v.core), core), cmp.Compare(v.column, n))
	})
	return found
}

func (o *outcome) clear() {
	o.spikes, o.scores, o.sent, o.lost, o.clipped = o.spikes[:0], o.scores[:0], o.sent[:0], 0, 0
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
	from    layout.Link
	value   int64
	fed     bool // the sender had received one itself
	touched bool // or its synapses something
}
