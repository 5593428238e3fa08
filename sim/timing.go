package sim

import (
	"tritloom/hwmodel"
	"tritloom/ledger"
)

// timing says how long a tick takes.
type timing interface {
	// time works out the tick that the engine has just simulated and not closed.
	time(e engine) tickTime
}

// tickTime is what a model says of one tick, in quanta.
type tickTime struct {
	work     uint64   // what the tick needs
	length   uint64   // what it lasts
	busy     []uint64 // [core] of the core's own work
	critical int      // the core that ended last, or to which the last packet came; -1: not known
}

// untimed is a tick that no model looked at.
var untimed = tickTime{critical: -1}

// overrun tells whether a fixed tick was too short.
func (t tickTime) overrun() bool { return t.work > t.length }

// charge adds the time kinds to the wave that owns the tick.
func (t tickTime) charge(counts *tally, owner int32) {
	for c, busy := range t.busy {
		counts.charge(c, owner, ledger.CoreBusy, busy)
		counts.charge(c, owner, ledger.CoreWaiting, t.length-min(t.length, busy))
	}
}

// clock turns the work of a tick into its length.
type clock struct {
	fixed   uint64 // quanta of a fixed tick, 0 on barrier chips
	barrier uint64 // quanta of a barrier
}

func newClock(tick hwmodel.Tick, latencies *hwmodel.Latencies) clock {
	if tick.Kind == hwmodel.TickBarrier {
		return clock{barrier: latencies[ledger.Barrier]}
	}
	return clock{fixed: tick.Quanta}
}

func (c clock) length(work uint64) tickTime {
	if c.fixed > 0 {
		return tickTime{work: work, length: c.fixed, critical: -1}
	}
	return tickTime{work: work + c.barrier, length: work + c.barrier, critical: -1}
}

// analytic is the timing model in which nothing is ever in the way of a packet: the
// time of a tick follows from its timetable alone. With the latencies of the chip,
//
//	t(c)      begins with what core c does before it evaluates columns, and grows
//	          evaluation by evaluation
//	sum       leaves when its column has been evaluated and the sum it is added to is
//	          there; it is at the next column psum_hop a link later
//	packet    leaves when its column has been evaluated and its partial sum is there;
//	          it is written dx · hop_x + dy · hop_y + packet_core + packet_tile within
//	          the tile + axon_write an axon later
//	work      = the latest t(c), sum or packet + barrier on barrier chips
//
// A tick of a barrier chip lasts as long as its work. On chips with a fixed tick it
// lasts the fixed length, and more work than that is a violation: the run goes on
// and says so. core_busy is how long a core's own work takes, core_waiting what is
// left of the tick. Contention only adds to this: see cycle.
//
// Example, all latencies 1 quantum; it is the first case of testdata/ticks.txt.
// Core 0 takes one input (input_spike 1, axon_write 1), reads its row (axon_read
// 1, row_read 1, bits_read 4, synaptic_op 1): 9. It evaluates two columns and sends
// both sums (evaluation 1 and psum_send 1 each): at 11 and 13. The first sum crosses
// 2 links to core 1, which has evaluated its column at 11 too and adds and passes on
// the sum when it is there, at 13; it is at core 2, again 2 links away, at 15. Core 2
// has evaluated its column since 11 and fires at 15. Its spike goes to itself:
// packet_core 1 + packet_tile 1 + axon_write 1, at 18. With the barrier's 1 the tick
// lasts 19 quanta.
type analytic struct {
	clock
	table   *timetable
	now     []uint64   // [core]
	done    []int      // [core]: tasks done
	arrival [][]uint64 // [core][column]: when the partial sum of this tick is there
}

func newAnalytic(p *program, latencies *hwmodel.Latencies) *analytic {
	a := &analytic{
		clock: newClock(p.image.Capabilities.Tick, latencies), table: newTimetable(p, latencies),
		now: make([]uint64, len(p.cores)), done: make([]int, len(p.cores)),
	}
	for c := range p.cores {
		a.arrival = append(a.arrival, make([]uint64, len(p.cores[c].columns)))
	}
	return a
}

func (a *analytic) time(e engine) tickTime {
	a.table.fill(e)
	p, latest := a.table.p, uint64(0)
	for c := range a.now {
		a.now[c], a.done[c] = a.table.cores[c].begin, 0
	}
	for _, sent := range e.outcome().sent { // in this order a sum is there before it is added to
		c := sent.from.Core
		leaves := a.do(int(c), &a.table.cores[c].tasks[a.done[c]])
		a.done[c]++
		column := p.column(sent.from)
		there := leaves + column.psumHops*a.table.latencies[ledger.PsumHop]
		a.arrival[column.Psum.Core][column.Psum.Column] = there
		latest = max(latest, there)
	}
	for c := range a.now {
		list := &a.table.cores[c]
		for i := a.done[c]; i < len(list.tasks); i++ {
			t := &list.tasks[i]
			if leaves := a.do(c, t); t.sends == spikePacket {
				latest = max(latest, leaves+p.cores[c].columns[t.column].farthest)
			}
		}
		a.now[c] += list.end
		latest = max(latest, a.now[c])
	}
	t := a.length(latest)
	t.busy = a.now // a core works without a pause
	return t
}

// do advances a core's clock over one task and says when what it sends can leave.
func (a *analytic) do(c int, t *task) uint64 {
	a.now[c] += t.work
	if t.await {
		return max(a.now[c], a.arrival[c][t.column])
	}
	return a.now[c]
}
