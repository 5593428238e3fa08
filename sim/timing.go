package sim

import (
	"tritloom/hwmodel"
	"tritloom/ledger"
)

// analytic is the timing model that works out the length of a tick from the
// events of that tick. With n(k, c) the events of kind k at core c in the tick
// and t(k) their latency in quanta:
//
//	busy(c)   = Σ over core-side kinds k of n(k, c) · t(k)
//	ready(s)  = max(busy(core of s), ready(r) + hops(r) · t(psum_hop) over the
//	            sender r that feeds s)                 for every column s of a chain
//	finish(c) = max(busy(c), ready(s) over the columns s of c)
//	route     = max over the packets of the tick of
//	            dx · t(hop_x) + dy · t(hop_y) + t(packet_core)
//	            + t(packet_tile) if it stays in its tile
//	work      = max over c of finish(c) + route + t(barrier) on barrier chips
//
// A core works alone and one event after another; packets do not meet. On
// barrier chips a tick lasts as long as its work. On chips with a fixed tick
// it lasts the fixed length, and more work than that is a violation: the run
// goes on and says so. core_busy is busy(c), core_waiting what is left of the
// tick, or nothing in an overrun.
//
// Example, all latencies 1 quantum; it is the first case of testdata/ticks.txt.
// Core 0 takes one input (input_spike 1, axon_write 1), reads its row (axon_read
// 1, row_read 1, bits_read 4, synaptic_op 1), evaluates two columns (touched 1,
// idle 1) and sends both sums (psum_send 2): busy(0) = 13. Cores 1 and 2 are busy
// for 12 each. A sum of core 0 crosses 2 links to core 1, which adds its own and
// passes it over 2 links to core 2: ready = max(12, 13+2) = 15, then finish(2) =
// max(12, 15+2) = 17. Core 2 fires into itself: route = packet_core 1 +
// packet_tile 1 = 2. With the barrier's 1 the tick lasts 17 + 2 + 1 = 20 quanta;
// core 0 waits 20 - 13 = 7 of them.
type analytic struct {
	p         *program
	latencies *hwmodel.Latencies
	fixed     uint64     // quanta of a fixed tick, 0 on barrier chips
	barrier   bool       // ticks end at a barrier
	ready     [][]uint64 // [core][column], of columns that received in this tick
}

// coreSide says which kinds keep a core itself busy. The others happen on the
// mesh, between ticks, or are no actions (core_tick and the time kinds).
var coreSide = [ledger.NumKinds]bool{
	ledger.AxonWrite: true, ledger.AxonRead: true, ledger.AxonMerge: true,
	ledger.RowRead: true, ledger.BitsRead: true, ledger.SynapticOp: true,
	ledger.NeuronTouched: true, ledger.NeuronIdle: true, ledger.SpikeEmitted: true,
	ledger.PsumSend: true, ledger.ADCConversion: true, ledger.DACRow: true,
	ledger.InputSpike: true, ledger.ControlSpike: true,
	ledger.OutputSpike: true, ledger.OutputScore: true,
	ledger.StateReset: true, ledger.ConfigWrite: true,
}

func newAnalytic(p *program, latencies *hwmodel.Latencies) *analytic {
	tick := p.image.Capabilities.Tick
	a := &analytic{p: p, latencies: latencies, barrier: tick.Kind == hwmodel.TickBarrier}
	for c := range p.cores {
		a.ready = append(a.ready, make([]uint64, len(p.cores[c].columns)))
	}
	if !a.barrier {
		a.fixed = tick.Quanta
	}
	return a
}

// tickTime is what the model says of one tick, in quanta.
type tickTime struct {
	work   uint64 // what the tick needs
	length uint64 // what it lasts
}

// overrun tells whether a fixed tick was too short.
func (t tickTime) overrun() bool { return t.work > t.length }

// time works out the tick the engine has just simulated and charges the time
// kinds to the wave that owns the tick.
func (a *analytic) time(e *engine, owner int32) tickTime {
	busy := make([]uint64, len(a.p.cores))
	longest := uint64(0)
	for c := range busy {
		busy[c] = a.busy(&e.tally.tick[c])
		longest = max(longest, busy[c])
	}
	for _, sent := range e.sent { // senders come before those they feed
		column := a.p.column(sent.from)
		ready := busy[sent.from.Core]
		if e.received[sent.from.Core][sent.from.Column] {
			ready = max(ready, a.ready[sent.from.Core][sent.from.Column])
		}
		arrival := ready + column.psumHops*a.latencies[ledger.PsumHop]
		a.ready[column.Psum.Core][column.Psum.Column] = arrival
		longest = max(longest, arrival)
	}
	t := tickTime{work: longest + e.farthest}
	if a.barrier {
		t.work += a.latencies[ledger.Barrier]
		t.length = t.work
	} else {
		t.length = a.fixed
	}
	for c := range busy {
		e.tally.charge(c, owner, ledger.CoreBusy, busy[c])
		e.tally.charge(c, owner, ledger.CoreWaiting, t.length-min(t.length, busy[c]))
	}
	return t
}

func (a *analytic) busy(counts *ledger.Counts) uint64 {
	var quanta uint64
	for k, n := range counts {
		if coreSide[k] {
			quanta += n * a.latencies[k]
		}
	}
	return quanta
}

// routeQuanta is how long a spike packet takes from core to core.
func routeQuanta(mesh hwmodel.Mesh, from, to place, latencies *hwmodel.Latencies) uint64 {
	dx, dy := distance(from, to)
	quanta := dx*latencies[ledger.HopX] + dy*latencies[ledger.HopY] + latencies[ledger.PacketCore]
	if tileOf(mesh, from) == tileOf(mesh, to) {
		quanta += latencies[ledger.PacketTile]
	}
	return quanta
}
