package sim

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
	"tritloom/layout"
	"tritloom/ledger"
)

// fast is the event-driven engine. Spikes are bits in the schedulers of cores, one
// cache line each; a core with no spike and nothing of its own to do is not looked at;
// kernels add up rows and update 256 neurons at a time, and what a kernel cannot do
// exactly is done column by column. It shares nothing with the reference but the
// program it starts from, the tally it counts into and the random numbers.
//
// Work is divided among crews by ranges of logical cores. In a tick a crew writes only
// to schedulers of its own cores; spikes for other cores wait in queues that their
// owner takes in when all crews have had their turn, in the order of crews, so that
// the number of crews shows nowhere.
type fast struct {
	p         *fastProgram
	kernels   *bits.RowKernels
	counts    *tally
	seed      uint64
	tagged    bool   // spikes say which wave they belong to; else e.wave pays for everything
	keepsSums bool   // partial sums are listed for who looks
	looked    bool   // somebody looks at every tick, so that nothing may be left for later
	today     uint64 // the tick to come, or at work
	wave      int32
	sums      []int32 // [pair of bundles]: partial sums of this tick
	state     []coreState
	ring      []uint64              // [core][slot]: spikes by axon, then writes and merges not yet counted
	v         [][bits.Columns]int32 // [block]: the potentials, one after another
	crews     []crew
	share     int    // cores of a crew; the last one may have fewer
	far       bool   // the chip is larger than the processor's nearer caches, so that memory is asked ahead
	lanes     *lanes // nil: no core has a short way
	phases    []func(*crew, []duty)
	result    outcome
}

// coreState is what a core keeps from tick to tick.
type coreState struct {
	tags   []int32    // [slot][axon]: wave of the first spike; tagged only
	extras [][]uint16 // [slot]: axons of second and later spikes; merge "add" only
	blocks []blockState
	random generator
	work   *work  // of the last tick; nil where a crew's own will do
	book   events // not in the tally yet
	rest   rest
}

// blockState is the neurons of a block.
type blockState struct {
	v       *[bits.Columns]int32
	current []int32
	rest    []uint16
	wild    bool // a potential is outside params.Low and params.High
}

// nearCores of 30 KB fit a second-level cache of a few megabytes, where asking for what
// is needed next takes longer than getting it.
const nearCores = 128

// newFast makes an engine with room for delays up to maxDelay. tagged asks for spikes
// that know their wave, which takes one thread and does not let cores sleep; looked
// for everything of a tick to be there after it.
func newFast(p *program, maxDelay int, o *Options, tagged, looked bool) (*fast, error) {
	made, err := newFastProgram(p, maxDelay)
	if err != nil {
		return nil, err
	}
	cores := len(made.cores)
	e := &fast{
		p: made, kernels: bits.Rows(o.Path), counts: newTally(cores), seed: o.Seed,
		tagged: tagged, looked: looked, keepsSums: looked, state: make([]coreState, cores),
	}
	e.far = cores > nearCores
	threads := min(max(1, o.Threads), cores)
	if tagged {
		threads = 1
	}
	e.share = (cores + threads - 1) / threads
	for first := 0; first < cores; first += e.share {
		e.crews = append(e.crews, newCrew(e, first, min(e.share, cores-first)))
	}
	for k := range e.crews {
		e.crews[k].queues = make([][]wire, len(e.crews))
	}
	e.phases = []func(*crew, []duty){(*crew).turns, (*crew).takeIn}
	if e.p.phased {
		e.phases = []func(*crew, []duty){(*crew).integrations, (*crew).passSums, (*crew).updates, (*crew).takeIn}
	}
	e.sums = make([]int32, len(made.senders))
	e.ring = slab[uint64](cores * made.ring * made.slotWords)
	e.v = slab[[bits.Columns]int32](made.blocks)
	for c := range e.state {
		e.prepareState(c)
	}
	e.lanes = newLanes(e)
	e.clear()
	return e, nil
}

func (e *fast) prepareState(c int) {
	s, core := &e.state[c], &e.p.cores[c]
	if e.tagged {
		s.tags = make([]int32, e.p.ring*e.p.axons)
	}
	if e.p.add {
		s.extras = make([][]uint16, e.p.ring)
	}
	s.blocks = make([]blockState, len(core.blocks))
	for b := range core.blocks {
		s.blocks[b].v = &e.v[core.first+b]
		if core.blocks[b].state {
			s.blocks[b].current = make([]int32, bits.Columns)
			s.blocks[b].rest = make([]uint16, bits.Columns)
		}
	}
	if e.p.phased || e.looked {
		s.work = newWork(len(core.blocks))
	}
}

func (e *fast) now() uint64       { return e.today }
func (e *fast) outcome() *outcome { return &e.result }
func (e *fast) tally() *tally     { return e.counts }

func (e *fast) clear() {
	e.today = 0
	e.counts.forgetWaves()
	clear(e.ring)
	clear(e.v)
	for c := range e.state {
		s := &e.state[c]
		for i := range s.extras {
			s.extras[i] = s.extras[i][:0]
		}
		s.random, s.rest = newGenerator(e.seed, c), rest{}
		if s.work != nil {
			s.work.done = never
		}
		for b := range s.blocks {
			e.restBlock(c, b)
		}
	}
	for k := range e.crews {
		e.crews[k].clear()
	}
}

// restBlock sets the spiking neurons of a block back.
func (e *fast) restBlock(c, b int) {
	block, s := &e.p.cores[c].blocks[b], &e.state[c].blocks[b]
	bits.Each(block.spiking[:], func(n int) {
		s.v[n] = 0
		if block.initial != nil {
			s.v[n] = block.initial[n]
		}
	})
	clear(s.current)
	clear(s.rest)
	s.wild = block.outside(s.v)
}

// outside tells whether a potential of a spiking column is outside the bounds from
// which a kernel may go on.
func (b *fastBlock) outside(v *[bits.Columns]int32) bool {
	outside := false
	bits.Each(b.spiking[:], func(n int) { outside = outside || v[n] < b.params.Low || v[n] > b.params.High })
	return outside
}

func (e *fast) resetState(wave int32) {
	for c := range e.state {
		e.leaveLane(c)
		e.wake(c)
		for b := range e.state[c].blocks {
			if kept := e.p.cores[c].blocks[b].keeps; kept > 0 {
				e.restBlock(c, b)
				e.counts.charge(c, wave, ledger.StateReset, uint64(kept))
			}
		}
	}
}

func (e *fast) checkDrained() error {
	for c := range e.state {
		for n := range e.p.columns {
			if v := e.potential(c, n); v != 0 {
				return undrained(e.today, c, n, v)
			}
		}
	}
	return nil
}

func (e *fast) potential(core, column int) int64 {
	if e.inLane(core) && e.lanes.cores[core].narrow {
		return int64(e.lanes.v[core][column])
	}
	e.catchUp(core)
	return int64(e.state[core].blocks[column/bits.Columns].v[column%bits.Columns])
}

func (e *fast) current(core, column int) int64 {
	if current := e.state[core].blocks[column/bits.Columns].current; current != nil {
		return int64(current[column%bits.Columns])
	}
	return 0
}

func (e *fast) hostWrite(core, axon, delay int, wave int32, kind ledger.Kind) {
	e.counts.charge(core, wave, kind, 1)
	e.wave = wave
	e.crews[core/e.share].write(core, axon, delay, wave)
}

// tick simulates the coming tick and takes in what the crews counted.
func (e *fast) tick(duties []duty) error {
	e.result.clear()
	for _, d := range duties {
		if d.wave != noWave {
			e.wave = d.wave
		}
	}
	if _, err := e.run(1, duties, nil); err != nil {
		return err
	}
	e.settle()
	for k := range e.crews {
		crew := &e.crews[k]
		e.result.spikes = append(e.result.spikes, crew.spikes...)
		e.result.scores = append(e.result.scores, crew.scores...)
		e.result.lost += crew.lost
		e.result.clipped += crew.clipped
		crew.spikes, crew.scores, crew.lost, crew.clipped = crew.spikes[:0], crew.scores[:0], 0, 0
	}
	return nil
}

// lastTick is what the last tick evaluated of a block, and what of it received
// anything.
func (e *fast) lastTick(core, b int) (evaluated, touched *bits.Mask) {
	w := e.state[core].work
	switch {
	case e.state[core].rest.asleep:
		return &e.p.cores[core].blocks[b].used, new(bits.Mask)
	case w.done != e.today-1:
		return new(bits.Mask), new(bits.Mask)
	}
	return &w.blocks[b].evaluated, &w.blocks[b].touched
}

func (e *fast) evaluated(core int, f func(column int32, touched bool)) {
	for b := range e.p.cores[core].blocks {
		first := e.p.cores[core].blocks[b].first
		columns, touched := e.lastTick(core, b)
		bits.Each(columns[:], func(n int) { f(int32(first+n), touched[n/64]>>(n%64)&1 == 1) })
	}
}

func (e *fast) heads(core int, from, to int32) (touched, idle int) {
	for b := int(from) / bits.Columns; b < len(e.p.cores[core].blocks) && b*bits.Columns < int(to); b++ {
		block := &e.p.cores[core].blocks[b]
		columns, received := e.lastTick(core, b)
		for i := range columns {
			x := columns[i] & (block.spiking[i] | block.scores[i]) & within(block.first+i*64, int(from), int(to))
			touched += mathbits.OnesCount64(x & received[i])
			idle += mathbits.OnesCount64(x &^ received[i])
		}
	}
	return touched, idle
}

// within is the bits of a word, of which the lowest is column first, in [from, to).
func within(first, from, to int) uint64 {
	low, high := max(from-first, 0), min(to-first, 64)
	if low >= high {
		return 0
	}
	return ^uint64(0) >> (64 - (high - low)) << low
}

func (e *fast) opsAt(at layout.Link) uint64 {
	w := e.state[at.Core].work
	if w.done != e.today-1 {
		return 0
	}
	ops, n := uint64(0), at.Column%bits.Columns
	for _, a := range w.axons[:w.active] {
		row := &e.p.cores[at.Core].blocks[at.Column/bits.Columns].rows[a]
		ops += (row[n/64] | row[4+n/64]) >> (n % 64) & 1
	}
	return ops
}

// axonsOf lists the bits of words, rising.
func axonsOf(list []uint16, words []uint64) []uint16 {
	for w, x := range words {
		for ; x != 0; x &= x - 1 {
			list = append(list, uint16(w*64+mathbits.TrailingZeros64(x)))
		}
	}
	return list
}
