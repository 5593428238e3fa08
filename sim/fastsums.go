package sim

import (
	"cmp"
	"slices"

	"tritloom/internal/bits"
	"tritloom/layout"
)

// fastSender is a column that sends its partial sum on.
type fastSender struct {
	at  layout.Link
	fed bool
	sum int // number of its pair, counted over all bundles
}

// bundle is the senders of one block whose sums go to one block at one level, and of
// which each is the n-th of its chain: sums of one bundle never wait for each other.
type bundle struct {
	depth     int
	from, to  layout.Link // core, block
	level     int32
	hops      uint64    // mesh links, of all pairs
	receivers bits.Mask // columns of to
	first     int       // number of its first pair
	pairs     []pair
}

// pair is a sender and its receiver, numbered within their blocks.
type pair struct{ from, to uint8 }

// bundleSenders sorts the senders of a program into bundles.
func (f *fastProgram) bundleSenders(p *program) {
	type key struct {
		depth    int
		from, to layout.Link
		level    int32
	}
	depth, at := map[layout.Link]int{}, map[key]int{}
	block := func(l layout.Link) layout.Link { return layout.Link{Core: l.Core, Column: l.Column / bits.Columns} }
	for _, from := range p.senders { // each comes after the one that feeds it
		column := p.column(from)
		depth[column.Psum] = depth[from] + 1
		k := key{depth[from], block(from), block(column.Psum), column.Level}
		i, known := at[k]
		if !known {
			i = len(f.bundles)
			at[k] = i
			f.bundles = append(f.bundles, bundle{depth: k.depth, from: k.from, to: k.to, level: k.level})
		}
		b, to := &f.bundles[i], column.Psum.Column%bits.Columns
		b.hops += column.psumHops
		b.receivers[to/64] |= 1 << (to % 64)
		b.pairs = append(b.pairs, pair{from: uint8(from.Column % bits.Columns), to: uint8(to)})
	}
	slices.SortStableFunc(f.bundles, func(a, b bundle) int { return cmp.Compare(a.depth, b.depth) })
	f.listSenders(p)
}

// listSenders says where in the bundles each sender is.
func (f *fastProgram) listSenders(p *program) {
	numbers := map[layout.Link]int{}
	for i := range f.bundles {
		b := &f.bundles[i]
		b.first = len(numbers)
		for _, pair := range b.pairs {
			numbers[layout.Link{Core: b.from.Core, Column: b.from.Column*bits.Columns + int32(pair.from)}] = len(numbers)
		}
	}
	for _, at := range p.senders {
		f.senders = append(f.senders, fastSender{at, p.column(at).fed, numbers[at]})
	}
}

// passSums is step (c): all chains, bundle by bundle.
func (k *crew) passSums([]duty) {
	if k.first != 0 {
		return
	}
	e := k.e
	if k.err = e.crewError(); k.err != nil {
		return // an error of integration, of any crew, comes before those of later steps
	}
	low, high := signedRange(e.p.psumBits)
	least, most := int32(0), int32(0)
	for i := range e.p.bundles {
		b := &e.p.bundles[i]
		w := e.state[b.from.Core].work
		if w.done != e.today || !w.evaluates(b.from.Column*bits.Columns+int32(b.pairs[0].from)) {
			continue
		}
		from, to := &w.blocks[b.from.Column], &e.state[b.to.Core].work.blocks[b.to.Column]
		from.widen(e, e.p.cores[b.from.Core].blocks[b.from.Column].params.Scale)
		to.widen(e, e.p.cores[b.to.Core].blocks[b.to.Column].params.Scale)
		sent := e.sums[b.first:][:len(b.pairs)]
		for j, p := range b.pairs {
			sum := from.sums[p.from]
			sent[j] = sum
			least, most = min(least, sum), max(most, sum)
			to.sums[p.to] += sum
		}
		to.touched, to.fed = union(&to.touched, &b.receivers), union(&to.fed, &b.receivers)
		e.billTo(int(b.from.Core), w.waveOf(b.from.Column*bits.Columns+int32(b.pairs[0].from)), &events{sums: uint64(len(b.pairs)), sumHops: b.hops})
	}
	if int64(least) < low || int64(most) > high || e.keepsSums {
		k.listSums(low, high)
	}
}

// listSums writes down the sums of a tick in the order of the senders, up to the first
// that leaves its width.
func (k *crew) listSums(low, high int64) {
	e := k.e
	e.result.sent = e.result.sent[:0]
	for i := range e.p.senders {
		s := &e.p.senders[i]
		w := e.state[s.at.Core].work
		if w.done != e.today || !w.evaluates(s.at.Column) {
			continue
		}
		if sum := int64(e.sums[s.sum]); sum < low || sum > high {
			k.err = tooWide(e.today, s.at, "partial sum", sum, e.p.psumBits)
			return
		}
		e.result.sent = append(e.result.sent, sentSum{from: s.at, value: int64(e.sums[s.sum]), fed: s.fed, touched: w.touched(s.at.Column)})
	}
}
