package sim

import (
	"fmt"

	"tritloom/internal/bits"
	"tritloom/layout"
	"tritloom/ledger"
)

// batchScore is the score of a class: the counter of a score column, or a bias
// and the spikes of columns.
type batchScore struct {
	chain  int // first block of the counter, or -1: made of start and fired
	planes int
	start  []uint64
	fired  bits.List
}

// planScores plans the scores of all classes.
func (b *planner) planScores() error {
	b.scores = make([]batchScore, b.image.Readout.Neurons)
	read := make([][]int, len(b.scores)) // spiking columns by class
	for class := range b.scores {
		b.scores[class].chain = -1
	}
	for t := range b.ticks {
		for i := range b.ticks[t].columns {
			c := &b.ticks[t].columns[i]
			column := b.column(c.at)
			switch {
			case column.class == noClass:
			case column.Role == layout.Score:
				b.scores[column.class] = batchScore{chain: c.chain, planes: c.planes}
			case b.image.Schedule.OutputTicks > 0:
				read[column.class] = append(read[column.class], c.fired)
			}
		}
	}
	for class := range b.scores {
		s := &b.scores[class]
		if s.chain >= 0 {
			continue
		}
		bias := int64(0)
		if b.image.CountsSpikes() {
			bias = int64(b.image.OutputBias[class])
		}
		s.planes, s.fired = bits.PlanesFor(bias, bias+int64(len(read[class]))), bits.NewList(read[class], nil, zeroBlock)
		if s.planes > bits.MaxPlanes {
			return fmt.Errorf("sim: the score of class %d starts at %d, which takes %d bits; batches hold %d", class, bias, s.planes, bits.MaxPlanes)
		}
		s.start = bits.Constant(bias, s.planes)
	}
	return nil
}

// batchResult is what a batch made. It is good until the next run.
type batchResult struct {
	*batch
	samples int
	mask    bits.Block      // of the samples there are
	cores   []ledger.Counts // over all samples
	layers  []uint64        // spikes by label layer, the readout last
	kinds   []ledger.Kind   // of the counters that ended
	pages   pages           // of kinds
	values  pages           // scores by class
	classes []bits.Block    // planes of the class that wins
}

// pages holds counters of every sample: 32 bits each, two a square.
type pages struct{ planes, words []bits.Square }

// put makes a counter number i, its highest plane being its sign.
func (p *pages) put(i int, counter []bits.Block) {
	for len(p.planes) <= i/2 {
		p.planes, p.words = append(p.planes, bits.Square{}), append(p.words, bits.Square{})
	}
	rows := p.planes[i/2][i%2*32:][:32]
	for r := copy(rows, counter); r < len(rows); r++ {
		rows[r] = counter[len(counter)-1]
	}
}

// turn makes the values of all counters readable.
func (p *pages) turn(k bits.Kernels) {
	for i := range p.planes {
		k.Transpose(&p.words[i], &p.planes[i])
	}
}

// value is counter i of a sample.
func (p *pages) value(i, sample int) int32 {
	return int32(p.words[i/2][sample%64][sample/64] >> (i % 2 * 32))
}

// addTo adds counter i of every sample, none of them negative.
func (p *pages) addTo(sums []uint64, i int) {
	page, shift := &p.words[i/2], i%2*32
	for first := 0; first < len(sums); first += 64 {
		part := sums[first:min(first+64, len(sums))]
		for s := range part {
			part[s] += uint64(uint32(page[s][first/64] >> shift))
		}
	}
}

// open starts the result of so many samples.
func (r *batchResult) open(samples int) {
	r.samples, r.mask = samples, bits.Block{}
	for w := range r.mask {
		switch {
		case samples >= 64*w+64:
			r.mask[w] = ^uint64(0)
		case samples > 64*w:
			r.mask[w] = 1<<(samples-64*w) - 1
		}
	}
}

// count sums up all planned counts, by sample and by core.
func (r *batchResult) count() {
	planned := newCountTable(len(r.p.cores))
	for c := range r.p.constants {
		for k, n := range r.p.constants[c] {
			planned[k][c] = n * uint64(r.samples)
		}
	}
	r.layers = make([]uint64, len(r.p.image.Layers)+1)
	r.kinds = r.kinds[:0]
	clear(r.scratch[:])
	before := uint64(0)
	for i := range r.p.counts {
		c := &r.p.counts[i]
		counter := r.scratch[:c.planes]
		for j := range c.terms {
			r.kernels.Add(counter[c.terms[j].shift:], r.matrix, &c.terms[j].list)
		}
		total := r.kernels.Total(counter, &r.mask)
		planned[c.kind][c.core] += total - before
		if c.layer >= 0 && c.layer < len(r.layers) {
			r.layers[c.layer] += total - before
		}
		before = total
		if c.last {
			r.pages.put(len(r.kinds), counter)
			r.kinds = append(r.kinds, c.kind)
			clear(counter)
			before = 0
		}
	}
	r.pages.turn(r.kernels)
	r.p.settle(planned)
	r.cores = r.cores[:0]
	for c := range r.p.cores {
		r.cores = append(r.cores, planned.at(c))
	}
}

// record writes what every sample pays into a table of so many rows, all zero.
func (r *batchResult) record(t *countTable) {
	for k, n := range r.p.constant {
		if n == 0 {
			continue
		}
		for i := range t[k] {
			t[k][i] = n
		}
	}
	for i, kind := range r.kinds {
		r.pages.addTo(t[kind], i)
	}
	r.p.settle(t)
}

// score finds all scores, and the class of every sample.
func (r *batchResult) score() {
	width := 0
	for class := range r.p.scores {
		width = max(width, r.p.scores[class].planes)
	}
	best, other := make([]bits.Block, width), make([]bits.Block, width)
	r.classes = r.classes[:0]
	for class := range r.p.scores {
		s := &r.p.scores[class]
		counter := r.scratch[:s.planes]
		if s.chain >= 0 {
			counter = r.chains[s.chain:][:s.planes]
		} else {
			r.kernels.Begin(counter, nil, s.start, r.matrix, &s.fired)
		}
		r.values.put(class, counter)
		for p := copy(other, counter); p < width; p++ {
			other[p] = counter[s.planes-1]
		}
		if class == 0 {
			copy(best, other)
		} else {
			r.elect(class, best, other)
		}
	}
	r.values.turn(r.kernels)
}

// elect makes a class the class of the samples in which its score is greater
// than the best before it.
func (r *batchResult) elect(class int, best, score []bits.Block) {
	for len(r.classes) < bits.PlanesFor(0, int64(class))-1 {
		r.classes = append(r.classes, bits.Block{})
	}
	last := len(best) - 1
	for w := range len(bits.Block{}) {
		greater := uint64(0)
		for p := range last {
			greater = score[p][w]&^best[p][w] | greater&^(score[p][w]^best[p][w])
		}
		greater = best[last][w]&^score[last][w] | greater&^(score[last][w]^best[last][w])
		for p := range best {
			best[p][w] ^= greater & (best[p][w] ^ score[p][w])
		}
		for p := range r.classes {
			r.classes[p][w] &^= greater
			if class>>p&1 != 0 {
				r.classes[p][w] |= greater
			}
		}
	}
}

// class is the class of a sample, see argmax.
func (r *batchResult) class(sample int) int {
	if len(r.p.scores) == 0 {
		return -1
	}
	class := 0
	for p := range r.classes {
		if bits.Get(r.classes[p][:], sample) {
			class |= 1 << p
		}
	}
	return class
}

// wave is the wave of a sample without its spikes and counts, as the reference engine
// makes it.
func (r *batchResult) wave(sample int) Wave {
	w := Wave{Sample: sample, Scores: make([]int32, len(r.p.scores)), Class: r.class(sample)}
	for class := range w.Scores {
		w.Scores[class] = r.values.value(class, sample)
	}
	return w
}

// spikes are the spikes of a sample.
func (r *batchResult) spikes(sample int) (list []Spike) {
	for _, f := range r.p.firing {
		if bits.Get(r.matrix[f.block][:], sample) {
			list = append(list, Spike{f.level, f.at.Core, f.at.Column})
		}
	}
	return list
}
