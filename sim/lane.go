package sim

import (
	"math"
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// lanes are the short way through a tick: cores of up to 256 plain neurons with one
// destination each, on chips that nobody looks at tick by tick. A tick of a large chip waits for memory, and a core
// in its lane takes half of it: potentials and leaks of 16 bits while they fit, and
// everything else it must know in two cache lines.
//
// A core leaves its lane when a potential comes near the end of its width, and after a
// tick in which nothing happened to it, as only the long way puts cores to sleep. It
// comes back once it is awake and its potentials fit, those of 16 bits on 16 bits.
type lanes struct {
	cores []lane
	v     [][bits.Columns]int16 // [core]
	leak  [][bits.Columns]int16 // [core]
	theta [][]int16             // of lanes, equal ones shared
	short bool                  // there are kernels of 16 bits
}

// lane is one core's, two cache lines.
type lane struct {
	columns bits.Mask
	params  bits.Narrow
	able    bool  // the core may be in it
	narrow  bool  // it is there on 16 bits
	strikes uint8 // how often a potential left 16 bits
	theta   uint32
	step    uint32 // between thresholds, in bytes; 0 where they are one value

	// Counted in the lane and not yet in the core's book.
	ticks, reads, ops, touched, spikes, hopX, hopY, tiles uint64
	written                                               uint64 // writes, and merges in the high half
}

// mostStrikes is when a core gives 16 bits up: its neurons live beyond them. A lane that
// could never be on 16 bits has them from the start.
const mostStrikes = 8

// newLanes finds out which cores may use one; nil if none may.
func newLanes(e *fast) *lanes {
	if e.looked || e.tagged || e.p.gated || e.p.phased || e.p.add || e.p.axons > bits.Columns {
		return nil
	}
	l := &lanes{cores: slab[lane](len(e.state)), short: e.kernels.UpdateNarrow != nil}
	l.v, l.leak = slab[[bits.Columns]int16](len(e.state)), slab[[bits.Columns]int16](len(e.state))
	known, any := map[int16]uint32{}, false
	for c := range l.cores {
		if l.prepare(e.p, c, known) {
			any = true
		}
	}
	if !any {
		return nil
	}
	return l
}

// prepare makes the lane of a core, if it may have one.
func (l *lanes) prepare(program *fastProgram, c int, known map[int16]uint32) bool {
	if len(program.cores[c].blocks) != 1 || program.cores[c].clips {
		return false
	}
	block := &program.cores[c].blocks[0]
	p := block.params
	if block.special != nil || block.noise != nil || block.types != nil || block.used != block.spiking || block.used == (bits.Mask{}) ||
		block.fans != (bits.Mask{}) || block.outputs != (bits.Mask{}) {
		return false
	}
	reach := block.reach
	for n := range p.Theta { // taking off a negative threshold adds
		reach = max(reach, block.reach-int64(p.Theta[n]))
	}
	low, high := max(int64(p.Low), math.MinInt16+reach), min(int64(p.High), math.MaxInt16-reach)
	lane := &l.cores[c]
	lane.columns, lane.able = block.used, true
	if low > high || !l.short {
		lane.strikes, low, high = mostStrikes, 0, 0
	}
	lane.params = bits.Narrow{Scale: int16(p.Scale), Unfired: int16(p.Unfired), Fired: int16(p.Fired), Low: int16(low), High: int16(high)}
	l.leak[c] = p.Leak
	l.thresholds(lane, p, known)
	return true
}

// thresholds keeps those of a core, once for all cores where they are one value.
func (l *lanes) thresholds(lane *lane, p *bits.Params, known map[int16]uint32) {
	first, uniform := -1, true
	bits.Each(lane.columns[:], func(n int) {
		if first < 0 {
			first = n
		}
		uniform = uniform && p.Theta[n] == p.Theta[first]
	})
	if !uniform {
		lane.theta, lane.step = uint32(len(l.theta)), 64
		l.theta = append(l.theta, p.Theta[:])
		return
	}
	at, ok := known[p.Theta[first]]
	if !ok {
		at = uint32(len(l.theta))
		all := make([]int16, bits.Thresholds32)
		for n := range all {
			all[n] = p.Theta[first]
		}
		l.theta = append(l.theta, all)
		known[p.Theta[first]] = at
	}
	lane.theta = at
}

// inLane tells whether a core is in its lane.
func (e *fast) inLane(c int) bool {
	k := &e.crews[c/e.share]
	return e.lanes != nil && bits.Get(k.inside, c-k.first)
}

// enterLane takes a core into its lane if its potentials fit.
func (e *fast) enterLane(c int) {
	l := e.lanes
	if l == nil || !l.cores[c].able || e.inLane(c) {
		return
	}
	lane, s := &l.cores[c], &e.state[c].blocks[0]
	if s.wild {
		return
	}
	lane.narrow = lane.strikes < mostStrikes
	for n, v := range s.v {
		if !lane.narrow || v < int32(lane.params.Low) || v > int32(lane.params.High) {
			lane.narrow = false
			break
		}
		l.v[c][n] = int16(v)
	}
	k := &e.crews[c/e.share]
	bits.Set(k.inside, c-k.first)
}

// leaveLane brings what a core did in its lane to where the long way goes on.
func (e *fast) leaveLane(c int) {
	if !e.inLane(c) {
		return
	}
	s := &e.state[c].blocks[0]
	if e.lanes.cores[c].narrow {
		for n, v := range e.lanes.v[c] {
			s.v[n] = int32(v)
		}
	}
	s.wild = e.p.cores[c].blocks[0].outside(s.v)
	e.countLane(c)
	k := &e.crews[c/e.share]
	bits.Flip(k.inside, c-k.first)
}

// countLane takes what was counted in a lane into the core's book.
func (e *fast) countLane(c int) {
	l, book := &e.lanes.cores[c], &e.state[c].book
	book.reads += l.reads
	book.ops += l.ops
	book.touched += l.touched
	book.idle += l.ticks*uint64(e.p.cores[c].used) - l.touched
	book.spikes += l.spikes
	book.cores += l.spikes
	book.hopX += l.hopX
	book.hopY += l.hopY
	book.tiles += l.tiles
	book.writes += l.written & (oneMerge - 1)
	book.merges += l.written / oneMerge
	l.ticks, l.reads, l.ops, l.touched, l.spikes, l.hopX, l.hopY, l.tiles, l.written = 0, 0, 0, 0, 0, 0, 0, 0, 0
}

// laneWork is a core on its way through its lane.
type laneWork struct {
	core   int       // -1: none
	spikes bits.Mask // active axons
	listed bits.Listed
	axons  []uint16 // of listed, filled up with rows of zeros
	active int
	fired  bits.Mask
	counts [bits.Columns]int8
	seen   bits.SignRow
	mask   bits.SignRow
}

// laneTurns is a tick of the cores in their lanes. Four are at work at a time, a step of
// its own each: the first takes its spikes and asks the memory for all they need, the
// second is integrated and updated and asks for the destinations of its spikes, the
// third asks for the schedulers these go to, the fourth sends them.
func (k *crew) laneTurns(visit []uint64) {
	turn := 0
	step := func(core int) {
		at := func(age int) *laneWork { return &k.lane[(turn-age+2*len(k.lane))%len(k.lane)] }
		w := at(0)
		if w.core = core; core >= 0 {
			k.laneOpen(w)
		}
		if w := at(1); w.core >= 0 {
			k.laneUpdate(w)
		}
		if w := at(2); w.core >= 0 && k.e.far { // what was asked for in the last step is here
			k.aim(w.core, 0, &w.fired)
		}
		if w := at(3); w.core >= 0 {
			k.laneFire(w)
		}
		turn++
	}
	for i := range k.lane {
		k.lane[i].core = -1
	}
	for i, x := range visit {
		for ; x != 0; x &= x - 1 {
			step(k.first + i*64 + mathbits.TrailingZeros64(x))
		}
	}
	for range 3 {
		step(-1)
	}
}

// ahead is how many cores before its turn a core's scheduler and lane are asked for.
const ahead = 3

// laneOpen takes the spikes of a core.
func (k *crew) laneOpen(w *laneWork) {
	e, c := k.e, w.core
	slot, number := e.slot(c, 0)
	if next := c + ahead; e.far && next < len(e.state) {
		soon, _ := e.slot(next, 0)
		bits.PrefetchLine(&soon[0])
		bits.PrefetchLine(&e.lanes.cores[next].columns)
		bits.PrefetchLine(&e.lanes.cores[next].written)
	}
	k.waiting(number)[c-k.first] = 0
	copy(w.spikes[:], slot[:e.p.axonWords]) // words behind them are always zero
	w.active = e.kernels.List(&w.listed, &w.spikes)
	end := w.active
	for ; end%bits.GroupRows != 0; end++ {
		w.listed[end] = uint16(e.p.axons)
	}
	w.axons = w.listed[:end]
	if w.active > bits.MostRows {
		return // not a short way any more; the slot stays as it is
	}
	l := &e.lanes.cores[c]
	if l.written += slot[e.p.axonWords]; l.written&(oneMerge>>1) != 0 {
		e.countLane(c) // before its low half is full
	}
	clear(slot)
	if e.far && !l.narrow {
		e.kernels.Prefetch(e.p.rows[c*(e.p.axons+1):][:e.p.axons+1], w.axons, &e.v[c], &e.p.params[c])
	} else if e.far {
		e.kernels.PrefetchNarrow(e.p.rows[c*(e.p.axons+1):][:e.p.axons+1], w.axons, &e.lanes.v[c], &e.lanes.leak[c])
	}
}

// laneUpdate integrates and updates a core.
func (k *crew) laneUpdate(w *laneWork) {
	e, c := k.e, w.core
	l := &e.lanes.cores[c]
	if w.active > bits.MostRows {
		k.longWay(w)
		return
	}
	copy(w.mask[:4], l.columns[:])
	copy(w.mask[4:], l.columns[:])
	l.ops += e.kernels.Count(&w.counts, &w.seen, e.p.rows[c*(e.p.axons+1):][:e.p.axons+1], w.axons, &w.mask)
	var outside bool
	if l.narrow {
		outside = e.kernels.UpdateNarrow(&e.lanes.v[c], &w.counts, &e.lanes.leak[c], e.lanes.theta[l.theta], int(l.step), &l.params, &l.columns, &w.fired)
	} else {
		outside = e.kernels.Update(&e.v[c], &w.counts, &e.p.params[c], &l.columns, &w.fired)
	}
	l.ticks++
	l.reads += uint64(w.active)
	for i := range l.columns {
		l.touched += uint64(mathbits.OnesCount64(w.seen[i] | w.seen[4+i]))
	}
	switch {
	case outside:
		if l.narrow {
			l.strikes++
		}
		e.leaveLane(c)
	case w.active == 0 && w.fired == (bits.Mask{}):
		e.leaveLane(c)
	}
	if e.far {
		k.lookUp(c, 0, &w.fired)
	}
}

// longWay is for a tick with more spikes than a kernel takes at once.
func (k *crew) longWay(w *laneWork) {
	k.e.leaveLane(w.core)
	long := k.workOf(w.core, 0)
	if k.open(w.core, long, nil); k.integrate(w.core, long) {
		k.update(w.core, long)
		k.fire(w.core, long)
	}
	w.core = -1
}

// laneFire sends the spikes.
func (k *crew) laneFire(w *laneWork) {
	sent := k.fireSingle(w.core, 0, &w.fired)
	l := &k.e.lanes.cores[w.core]
	l.spikes += sent.spikes
	l.hopX += sent.hopX
	l.hopY += sent.hopY
	l.tiles += sent.tiles
}
