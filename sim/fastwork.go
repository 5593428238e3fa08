package sim

import (
	"fmt"
	"math"
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// work is what a core found out about itself in a tick.
type work struct {
	done    uint64   // the tick
	axons   []uint16 // active, rising; a repeated axon is a repeated spike; filled up with rows of zeros
	active  int      // of them
	tags    []int32  // [active axon]: its spike's wave; tagged only
	shares  []share  // evaluated columns by the wave they work for
	blocks  []blockWork
	extra   bool // an axon has several spikes
	fired   bool // some column did
	changed bool // a neuron that no kernel updates changed, or the core drew a random number
}

// never is no tick.
const never = ^uint64(0)

// share is the columns that work for one wave, a mask a block.
type share struct {
	wave    int32
	columns []bits.Mask
}

// blockWork is a block's part of a tick.
type blockWork struct {
	evaluated bits.Mask
	touched   bits.Mask    // they received something
	fed       bits.Mask    // they received a partial sum
	last      bits.Mask    // score columns that hand out their sums
	fired     bits.Mask    // they fired
	mask      bits.SignRow // what a kernel counts; here as kernels would make it escape
	seen      bits.SignRow // and what it saw
	counts    [bits.Columns]int8
	sums      [bits.Columns]int32
	wide      bool     // sums hold, else counts do
	list      []uint16 // scratch
}

func newWork(blocks int) *work { return &work{done: never, blocks: make([]blockWork, blocks)} }

// has tells a mask's bit of a column.
func has(m *bits.Mask, column int32) bool {
	n := column % bits.Columns
	return m[n/64]>>(n%64)&1 == 1
}

func (w *work) block(column int32) *blockWork { return &w.blocks[column/bits.Columns] }

func (w *work) evaluates(column int32) bool { return has(&w.block(column).evaluated, column) }
func (w *work) touched(column int32) bool   { return has(&w.block(column).touched, column) }

// waveOf is the wave a column works for.
func (w *work) waveOf(column int32) int32 {
	for i := range w.shares {
		if has(&w.shares[i].columns[column/bits.Columns], column) {
			return w.shares[i].wave
		}
	}
	return noWave
}

// widen turns counts into sums.
func (b *blockWork) widen(e *fast, scale int32) {
	if !b.wide {
		clear(b.sums[:])
		e.kernels.Widen(&b.sums, &b.counts, scale)
		b.wide = true
	}
}

// evaluate finds the columns that are due in a tick: all used ones without a wave gate.
func (w *work) evaluate(e *fast, c int, duties []duty) {
	core := &e.p.cores[c]
	if !e.p.gated && !e.tagged { // all columns, for the one wave there is
		w.shares = core.always
		for b := range core.blocks {
			bw := &w.blocks[b]
			bw.evaluated, bw.fed, bw.last = core.blocks[b].used, bits.Mask{}, core.blocks[b].scores
		}
		return
	}
	w.shares = w.shares[:0]
	for b := range w.blocks[:len(core.blocks)] {
		w.blocks[b].evaluated, w.blocks[b].fed, w.blocks[b].last = bits.Mask{}, bits.Mask{}, bits.Mask{}
	}
	for l := range core.levels {
		level := &core.levels[l]
		d := duties[level.level]
		if e.p.gated && d.wave == noWave {
			continue
		}
		wave := e.wave
		if e.tagged {
			wave = d.wave
		}
		s := w.shareOf(wave, len(core.blocks))
		for b, m := range level.columns {
			for i, x := range m {
				s.columns[b][i] |= x
				w.blocks[b].evaluated[i] |= x
				if d.last {
					w.blocks[b].last[i] |= x
				}
			}
		}
	}
}

// shareOf finds the columns of a wave, or begins with none.
func (w *work) shareOf(wave int32, blocks int) *share {
	for i := range w.shares {
		if w.shares[i].wave == wave {
			return &w.shares[i]
		}
	}
	if len(w.shares) == cap(w.shares) {
		w.shares = append(w.shares, share{})
	} else {
		w.shares = w.shares[:len(w.shares)+1]
	}
	s := &w.shares[len(w.shares)-1]
	s.wave = wave
	if len(s.columns) < blocks {
		s.columns = make([]bits.Mask, blocks)
	}
	clear(s.columns)
	return s
}

// open takes the spikes of a core's tick and asks the memory for what they need.
func (k *crew) open(c int, w *work, duties []duty) {
	e := k.e
	e.wake(c)
	w.done, w.changed = e.today, false
	k.take(c, w)
	w.evaluate(e, c, duties)
	core := &e.p.cores[c]
	for b := range core.blocks {
		if !e.far {
			break
		}
		e.kernels.Prefetch(core.blocks[b].rows, w.axons, e.state[c].blocks[b].v, core.blocks[b].params)
	}
}

// integrate adds up the rows of an opened core, step (b). It tells whether columns are
// to be updated.
func (k *crew) integrate(c int, w *work) bool {
	e := k.e
	if len(w.shares) == 0 {
		k.lost += uint64(w.active)
		return false
	}
	if w.extra && int64(w.active)*int64(e.p.heaviest) > math.MaxInt32/2 { // the other half is for a partial sum
		k.err = fmt.Errorf("sim: tick %d: core %d takes in %d spikes of weights up to %d; engine %q sums in 32 bits; simulate with engine %q",
			e.today, c, w.active, e.p.heaviest, EngineFast, EngineReference)
		return false
	}
	e.billReads(c, w)
	core := &e.p.cores[c]
	for b := range core.blocks {
		block, bw := &core.blocks[b], &w.blocks[b]
		for i := range w.shares {
			s := &w.shares[i]
			ops := e.count(block, bw, w.axons, &s.columns[b])
			if i == 0 {
				bw.touched = bits.Mask{}
			}
			for j := range bw.touched {
				bw.touched[j] |= bw.seen[j] | bw.seen[4+j]
			}
			if e.tagged {
				e.enter(c, s.wave, &events{ops: ops})
			} else {
				e.state[c].book.ops += ops
			}
		}
	}
	if core.random {
		e.drawSynapses(c, w)
	}
	if core.clips {
		k.clipped += e.convert(c, w)
	}
	return true
}

// convert clips the sums of a core whose conversions may, and says how many it did.
func (e *fast) convert(c int, w *work) (clipped uint64) {
	for b := range e.p.cores[c].blocks {
		bw := &w.blocks[b]
		bw.widen(e, e.p.cores[c].blocks[b].params.Scale)
		bits.Each(bw.evaluated[:], func(n int) {
			sum := int64(bw.sums[n])
			if within := e.p.analogue.clip(sum); within != sum {
				bw.sums[n] = int32(within)
				clipped++
			}
		})
	}
	return clipped
}

func union(a, b *bits.Mask) bits.Mask {
	return bits.Mask{a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]}
}

// billReads counts the active axons, by the waves of their spikes.
func (e *fast) billReads(c int, w *work) {
	if !e.tagged {
		e.state[c].book.reads += uint64(w.active)
		return
	}
	for start := 0; start < w.active; {
		end := start + 1
		for end < w.active && w.tags[end] == w.tags[start] {
			end++
		}
		e.enter(c, w.tags[start], &events{reads: uint64(end - start)})
		start = end
	}
}

// count adds up the rows of a block, of columns of one share. Columns of other shares
// get their sums too, which are theirs as well.
func (e *fast) count(block *fastBlock, bw *blockWork, axons []uint16, columns *bits.Mask) (ops uint64) {
	copy(bw.mask[:4], columns[:])
	copy(bw.mask[4:], columns[:])
	bw.wide = block.types != nil
	switch {
	case bw.wide:
		return e.countTyped(block, bw, axons)
	case len(axons) <= bits.MostRows:
		return e.kernels.Count(&bw.counts, &bw.seen, block.rows, axons, &bw.mask)
	}
	clear(bw.sums[:])
	bw.wide = true
	var seen bits.SignRow
	for len(axons) > 0 {
		n := min(mostFastRows, len(axons))
		ops += e.kernels.Count(&bw.counts, &bw.seen, block.rows, axons[:n], &bw.mask)
		join(&seen, &bw.seen)
		e.kernels.Widen(&bw.sums, &bw.counts, block.params.Scale)
		axons = axons[n:]
	}
	bw.seen = seen
	return ops
}

// mostFastRows is whole groups of rows within what a kernel adds up.
const mostFastRows = bits.MostRows / bits.GroupRows * bits.GroupRows

func join(a, b *bits.SignRow) {
	for i := range a {
		a[i] |= b[i]
	}
}

// countTyped adds up rows type by type: the counts of a type's axons times the size of
// each column's weight for it. The rows have the weight's sign.
func (e *fast) countTyped(block *fastBlock, bw *blockWork, axons []uint16) (ops uint64) {
	clear(bw.sums[:])
	var seen bits.SignRow
	for t := range block.types {
		kind := &block.types[t]
		for start := 0; start < len(axons); {
			list := bw.list[:0]
			for ; start < len(axons) && len(list) < mostFastRows; start++ {
				if a := int(axons[start]); a < e.p.axons && bits.Get(kind.axons, a) {
					list = append(list, uint16(a))
				}
			}
			if bw.list = list; len(list) == 0 {
				continue
			}
			for len(list)%bits.GroupRows != 0 {
				list = append(list, uint16(e.p.axons))
			}
			ops += e.kernels.Count(&bw.counts, &bw.seen, block.rows, list, &bw.mask)
			join(&seen, &bw.seen)
			for n, count := range bw.counts {
				bw.sums[n] += int32(count) * kind.sizes[n]
			}
		}
	}
	bw.seen = seen
	return ops
}

// drawSynapses makes the sums of columns with stochastic synapses, in the order of
// draws: axon by axon, column by column.
func (e *fast) drawSynapses(c int, w *work) {
	core, random := &e.p.cores[c], &e.state[c].random
	for b := range core.blocks {
		bw := &w.blocks[b]
		bw.widen(e, core.blocks[b].params.Scale)
		bits.Each(core.blocks[b].random[:], func(n int) { bw.sums[n] = 0 })
	}
	for _, a := range w.axons[:w.active] {
		for b := range core.blocks {
			block, bw := &core.blocks[b], &w.blocks[b]
			for i := range block.random {
				row := &block.rows[a]
				for x := (row[i] | row[4+i]) & block.random[i] & bw.evaluated[i]; x != 0; x &= x - 1 {
					n := i*64 + mathbits.TrailingZeros64(x)
					weight, stochastic := e.p.synapse(core, block, int(a), n)
					if stochastic {
						bw.sums[n] += int32(chance(weight, random.draw(e.p.randomBits)))
						w.changed = true
					} else {
						bw.sums[n] += weight
					}
				}
			}
		}
	}
}
