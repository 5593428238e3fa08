package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/layout"
)

// batchTick is what a tick of a wave evaluates, in this order.
type batchTick struct {
	merged  []batchMerge
	columns []batchColumn
}

// batchMerge is an axon that several sources share.
type batchMerge struct {
	block   int
	planes  int
	sources bits.List
}

// batchColumn is a chain of columns to evaluate, or a part of one. Who touched a
// column counts only for the first of a chain, as a partial sum comes to the
// others; so a chain is its first column and all the others together. Both add to
// one counter, but a column that fires at once has none.
type batchColumn struct {
	at        layout.Link // the last one of the part
	first     bool        // the counter begins at start
	touched   int         // block of who touched it; zeroBlock: it always is
	fired     int         // block of its spikes; zeroBlock: it sends or scores
	chain     int         // first block of the counter
	planes    int
	start     []uint64   // a counter at the leak, or at leak - threshold
	terms     []weighted // of the sum; first starts with one at shift 0
	any       *bits.List // rows that touch it, where the terms do not say
	anyPlanes int
}

// weighted is rows of one power of two.
type weighted struct {
	shift int
	list  bits.List
}

// planner makes a batchProgram.
type planner struct {
	*batchProgram
	fired   [][]int         // [core][column] blocks; zeroBlock: does not fire
	touched [][]int         // [core][column] blocks; zeroBlock: always touched
	depth   [][]int         // [core][column] senders before it
	slots   [][]slotSources // [core], as the core's groups of columns
}

// newBatchProgram prepares a program, or says why it cannot be batched.
func newBatchProgram(p *program, s *schedule) (*batchProgram, error) {
	if err := canBatch(p); err != nil {
		return nil, err
	}
	b := &planner{batchProgram: &batchProgram{program: p, schedule: s, inputs: firstInput}}
	b.blocks = firstInput + 64*bits.Words(p.image.Inputs)
	b.placeColumns()
	b.openSlots()
	if err := b.arrivals(); err != nil {
		return nil, err
	}
	if err := b.overlaps(); err != nil {
		return nil, err
	}
	if err := b.mergeAxons(); err != nil {
		return nil, err
	}
	if b.blocks > bits.MaxRows {
		return nil, fmt.Errorf("sim: a batch needs %d blocks of samples; rows can name %d", b.blocks, bits.MaxRows)
	}
	if err := b.planColumns(); err != nil {
		return nil, err
	}
	if err := b.planScores(); err != nil {
		return nil, err
	}
	if err := b.planCounts(); err != nil {
		return nil, err
	}
	b.pack()
	return b.batchProgram, nil
}

// canBatch refuses chips, schedules and columns whose waves are more than a
// function of their input.
func canBatch(p *program) error {
	l := p.image
	if !p.gated {
		return fmt.Errorf("sim: chip %q has no wave gate, so columns work on every tick; batches need a wave gate", l.Chip)
	}
	if l.Bursts() {
		return fmt.Errorf("sim: scores leave as bursts over %d ticks; batches need columns that decide on one tick", l.Schedule.OutputTicks)
	}
	if p.steps > 1 {
		return fmt.Errorf("sim: waves of %d steps; batches need one step", p.steps)
	}
	if p.variation != nil {
		return errors.New("sim: conductances vary; batches need one weight for all cells")
	}
	for c := range p.cores {
		if p.cores[c].clips {
			return fmt.Errorf("sim: a sum of core %d may leave the %d..%d that a conversion holds; batches need conversions that hold all", c, p.analogue.low, p.analogue.high)
		}
		for n := range p.cores[c].columns {
			if err := canBatchColumn(p.cores[c].columns[n].Column); err != nil {
				return fmt.Errorf("sim: core %d column %d %w", c, n, err)
			}
		}
	}
	return nil
}

// canBatchColumn is the one place that knows which columns a sum of bits is
// enough for.
func canBatchColumn(column *layout.Column) error {
	if column.Dynamics != (layout.Dynamics{}) {
		return errors.New("has neuron dynamics; batches need columns that add, leak and compare")
	}
	if keepsState(column) {
		return fmt.Errorf("resets by %s and keeps its potential; batches need reset %s", column.Reset, layout.Clear)
	}
	return nil
}

// pack lays all rows out in the order in which they are read.
func (b *planner) pack() {
	var lists []*bits.List
	for t := range b.ticks {
		for i := range b.ticks[t].merged {
			lists = append(lists, &b.ticks[t].merged[i].sources)
		}
		for i := range b.ticks[t].columns {
			for j := range b.ticks[t].columns[i].terms {
				lists = append(lists, &b.ticks[t].columns[i].terms[j].list)
			}
		}
	}
	for i := range b.counts {
		for j := range b.counts[i].terms {
			lists = append(lists, &b.counts[i].terms[j].list)
		}
	}
	bits.Pack(lists)
}

func (b *planner) newBlock() int { b.blocks++; return b.blocks - 1 }

// placeColumns gives every column its blocks and its place in a chain.
func (b *planner) placeColumns() {
	for c := range b.cores {
		columns := len(b.cores[c].columns)
		b.fired = append(b.fired, make([]int, columns))
		b.touched = append(b.touched, make([]int, columns))
		b.depth = append(b.depth, make([]int, columns))
	}
	for _, from := range b.senders {
		to := b.column(from).Psum
		b.depth[to.Core][to.Column] = b.depth[from.Core][from.Column] + 1
	}
	b.used(func(at layout.Link, column *columnProgram) {
		if column.Role == layout.Spiking {
			b.fired[at.Core][at.Column] = b.newBlock()
			b.firing = append(b.firing, firingBlock{at, column.Level, b.blocks - 1})
		}
		if b.depth[at.Core][at.Column] == 0 {
			b.touched[at.Core][at.Column] = b.newBlock()
		}
	})
	slices.SortStableFunc(b.firing, func(x, y firingBlock) int { return cmp.Compare(x.level, y.level) })
}

// used calls f for every used column, by core and column.
func (b *planner) used(f func(at layout.Link, column *columnProgram)) {
	for c := range b.cores {
		for n := range b.cores[c].columns {
			if column := &b.cores[c].columns[n]; column.Role != layout.Unused {
				f(layout.Link{Core: int32(c), Column: int32(n)}, column)
			}
		}
	}
}

// planColumns plans the sums of all columns, chain by chain.
func (b *planner) planColumns() error {
	before := map[layout.Link]layout.Link{}
	for _, from := range b.senders {
		before[b.column(from).Psum] = from
	}
	var failed error
	b.used(func(head layout.Link, column *columnProgram) {
		if column.Role == layout.Sender || failed != nil {
			return
		}
		chain := []layout.Link{head}
		for at, ok := before[head]; ok; at, ok = before[at] {
			chain = append(chain, at)
		}
		slices.Reverse(chain)
		failed = b.planChain(chain)
	})
	for t := range b.ticks {
		slices.SortStableFunc(b.ticks[t].columns, func(x, y batchColumn) int {
			return cmp.Or(compareFirst(x.first, y.first), cmp.Compare(x.at.Core, y.at.Core),
				cmp.Compare(len(x.terms), len(y.terms)), compareTerms(x.terms, y.terms))
		})
	}
	return failed
}

// compareFirst brings the first parts of all chains before the others.
func compareFirst(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

// compareTerms brings lists of one shape together, see bits.List.Compare.
func compareTerms(x, y []weighted) int {
	return slices.CompareFunc(x, y, func(a, b weighted) int { return a.list.Compare(&b.list) })
}

// planChain plans the columns from the first sender to the head.
func (b *planner) planChain(chain []layout.Link) error {
	head := b.column(chain[len(chain)-1])
	low, high, err := b.reach(chain)
	if err != nil {
		return err
	}
	start := int64(head.Leak)
	if head.Role == layout.Spiking { // a sum at or beyond the threshold is one at or beyond zero
		start = -min(max(int64(head.Theta)-int64(head.Leak), low), high+1)
	}
	planes := bits.PlanesFor(low+start, high+start)
	if planes > bits.MaxPlanes {
		at := chain[len(chain)-1]
		return fmt.Errorf("sim: the sum of core %d column %d reaches %d..%d, which takes %d bits; batches hold %d", at.Core, at.Column, low, high, planes, bits.MaxPlanes)
	}
	first := batchColumn{at: chain[0], chain: b.chains, planes: planes, first: true, touched: b.touchedOf(chain[0]), start: bits.Constant(start, planes)}
	b.chains += planes
	tick, rest := &b.ticks[head.Level], chain[1:]
	if len(rest) == 0 {
		first.fired = b.firedOf(chain[0])
	}
	b.planTerms(&first, chain[:1])
	tick.columns = append(tick.columns, first)
	if len(rest) > 0 {
		last := batchColumn{at: rest[len(rest)-1], chain: first.chain, planes: planes, fired: b.firedOf(rest[len(rest)-1])}
		b.planTerms(&last, rest)
		tick.columns = append(tick.columns, last)
	}
	return nil
}

func (b *planner) firedOf(at layout.Link) int   { return b.fired[at.Core][at.Column] }
func (b *planner) touchedOf(at layout.Link) int { return b.touched[at.Core][at.Column] }

// planTerms lists the rows of the sums of some columns of a chain.
func (b *planner) planTerms(c *batchColumn, columns []layout.Link) {
	var terms terms
	var rows []int
	for _, at := range columns {
		b.synapses(at, func(row int, weight int64) {
			terms.add(row, weight)
			rows = append(rows, row)
		})
	}
	c.terms = terms.lists(c.first)
	if c.first && len(c.terms) > 1 { // powers of two may cancel
		list := bits.NewList(rows, nil, zeroBlock)
		c.any, c.anyPlanes = &list, bits.PlanesFor(0, int64(len(rows)))
	}
	c.terms = slices.DeleteFunc(c.terms, func(w weighted) bool { return w.shift >= c.planes }) // 0 modulo the counter
}

// synapses calls f for every synapse of a column that a spike may come to.
func (b *planner) synapses(at layout.Link, f func(row int, weight int64)) {
	slot := b.slot(at.Core, b.column(at).Level)
	for axon, row := range slot.rows {
		if row == zeroBlock {
			continue
		}
		if w := b.image.Weight(int(at.Core), axon, int(at.Column)); w != 0 {
			f(row, int64(w))
		}
	}
}

// terms collects weighted rows by power of two.
type terms struct{ plus, minus [][]int }

// add takes a weight apart into powers of two, no two of them neighbours: as few
// as there can be, if they may be taken off as well.
func (t *terms) add(row int, weight int64) {
	for shift := 0; weight != 0; shift++ {
		for len(t.plus) <= shift {
			t.plus, t.minus = append(t.plus, nil), append(t.minus, nil)
		}
		if weight&1 != 0 {
			digit := 2 - weight&3 // 1 or -1, whichever leaves a multiple of four
			weight -= digit
			if digit > 0 {
				t.plus[shift] = append(t.plus[shift], row)
			} else {
				t.minus[shift] = append(t.minus[shift], row)
			}
		}
		weight /= 2
	}
}

// lists makes lists of the rows; whole asks for one at shift 0 in any case.
func (t *terms) lists(whole bool) []weighted {
	var list []weighted
	if whole && len(t.plus) == 0 {
		return []weighted{{}}
	}
	for shift := range t.plus {
		if len(t.plus[shift])+len(t.minus[shift]) > 0 || whole && shift == 0 {
			list = append(list, weighted{shift, bits.NewList(t.plus[shift], t.minus[shift], zeroBlock)})
		}
	}
	return list
}

// reach adds up the least and the greatest sum of a chain, every row for itself,
// and refuses chains that might leave the chip's widths on the way: batches do
// not look.
func (b *planner) reach(chain []layout.Link) (low, high int64, err error) {
	var sureLow, sureHigh int64 // of control spikes, which always come
	for depth, at := range chain {
		b.synapses(at, func(row int, w int64) {
			low, high = low+min(0, w), high+max(0, w)
			if row == onesBlock {
				sureLow, sureHigh = sureLow+min(0, w), sureHigh+max(0, w)
			}
		})
		column, what, width, leak := b.column(at), "partial sum", b.image.Capabilities.Psum.Bits, int64(0)
		if depth == len(chain)-1 {
			what, width, leak = "potential", b.image.Capabilities.Neuron.PotentialBits, int64(column.Leak)
		}
		from, to := low+sureHigh, high+sureLow
		if least, most := hwmodel.SignedRange(width); from+min(0, leak) < least || to+max(0, leak) > most {
			return 0, 0, fmt.Errorf("sim: the %s of core %d column %d might reach %d..%d with a leak of %d; the chip holds %d..%d, and batches do not look at single sums",
				what, at.Core, at.Column, from, to, leak, least, most)
		}
	}
	return low, high, nil
}
