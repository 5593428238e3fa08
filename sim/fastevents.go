package sim

import "tritloom/ledger"

// events are what happened at a core and is not in the tally yet.
type events struct {
	reads, ops, touched, idle        uint64
	spikes, cores, tiles, hopX, hopY uint64
	outputs, scores, sums, sumHops   uint64
	writes, merges                   uint64
}

// billTo counts events of a wave: at once where waves are told apart, else in the
// core's book.
func (e *fast) billTo(core int, wave int32, ev *events) {
	if e.tagged {
		e.enter(core, wave, ev)
		return
	}
	book := &e.state[core].book
	book.reads += ev.reads
	book.ops += ev.ops
	book.touched += ev.touched
	book.idle += ev.idle
	book.spikes += ev.spikes
	book.cores += ev.cores
	book.tiles += ev.tiles
	book.hopX += ev.hopX
	book.hopY += ev.hopY
	book.outputs += ev.outputs
	book.scores += ev.scores
	book.sums += ev.sums
	book.sumHops += ev.sumHops
}

// enter puts events into the tally.
func (e *fast) enter(core int, wave int32, ev *events) {
	rows, driven, converted := ev.reads, uint64(0), uint64(0)
	if e.p.neuronMajor {
		rows = ev.touched + ev.idle
	}
	if e.p.analogue.pairs {
		driven, converted = ev.reads, ev.touched+ev.idle
	}
	for _, count := range [...]struct {
		kind ledger.Kind
		n    uint64
	}{
		{ledger.AxonWrite, ev.writes}, {ledger.AxonMerge, ev.merges},
		{ledger.AxonRead, ev.reads}, {ledger.RowRead, rows}, {ledger.BitsRead, rows * e.p.rowBits},
		{ledger.SynapticOp, ev.ops}, {ledger.NeuronTouched, ev.touched}, {ledger.NeuronIdle, ev.idle},
		{ledger.SpikeEmitted, ev.spikes}, {ledger.PacketCore, ev.cores}, {ledger.PacketTile, ev.tiles},
		{ledger.HopX, ev.hopX}, {ledger.HopY, ev.hopY},
		{ledger.OutputSpike, ev.outputs}, {ledger.OutputScore, ev.scores},
		{ledger.PsumSend, ev.sums}, {ledger.PsumHop, ev.sumHops},
		{ledger.DACRow, driven}, {ledger.ADCConversion, converted},
	} {
		if count.n != 0 {
			e.counts.charge(core, wave, count.kind, count.n)
		}
	}
}

// settle brings the tally up to the coming tick.
func (e *fast) settle() {
	if e.tagged {
		return
	}
	e.countPending()
	for c := range e.state {
		s := &e.state[c]
		e.countIdle(c)
		if e.lanes != nil {
			e.countLane(c)
		}
		if s.book != (events{}) {
			e.enter(c, e.wave, &s.book)
			s.book = events{}
		}
	}
}
