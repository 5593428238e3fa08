package sim

import (
	"fmt"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/layout"
	"tritloom/ledger"
)

// The batch engine evaluates an inference of many samples at once, one bit a
// sample. It can do so where a wave is a pure function of its input: no column keeps
// anything from one tick to the next, every spike arrives on a tick at which columns
// of its core are evaluated, and waves that overlap never meet (batchoverlap.go).
//
// It has no ticks and no schedulers. Every column, every axon that several
// sources share, and every input bit is a block of bits.Lanes samples, and an
// axon with one source is its source's block. Columns are sums of rows of
// blocks (batchplan.go); event counts are sums of rows as well (batchcount.go).

// CanBatch tells why a layout cannot be simulated in batches in a scenario, or nil.
func CanBatch(l *layout.Layout, scenario ledger.Scenario) error {
	p, err := newProgram(l, new(hwmodel.Latencies))
	if err != nil {
		return err
	}
	s, err := newSchedule(p, scenario)
	if err != nil {
		return err
	}
	_, err = newBatchProgram(p, s)
	return err
}

// batchProgram is a program made ready for batches. It is never changed after
// that, so any number of batches may share it.
type batchProgram struct {
	*program
	schedule  *schedule
	blocks    int // in all
	inputs    int // number of the block of input 0; the rest follow, and fill squares
	ticks     []batchTick
	firing    []firingBlock   // spiking columns by level, core, column
	chains    int             // blocks of the counters of all chains
	scores    []batchScore    // by class
	counts    []batchCount    // by kind, then core
	constants []ledger.Counts // what every wave costs, by core
	constant  ledger.Counts   // and in all
}

// Blocks that every batch has.
const (
	zeroBlock  = 0 // no sample
	onesBlock  = 1 // all samples
	firstInput = 2
)

// firingBlock says where the spikes of a column are.
type firingBlock struct {
	at    layout.Link
	level int32
	block int
}

// batch evaluates batches of up to bits.Lanes samples, on one thread.
type batch struct {
	p       *batchProgram
	kernels bits.Kernels
	matrix  []bits.Block
	chains  []bits.Block
	scratch [bits.MaxPlanes]bits.Block
	result  batchResult
}

func newBatch(p *batchProgram, path bits.Path) *batch {
	b := &batch{p: p, kernels: bits.KernelsOf(path), matrix: make([]bits.Block, p.blocks), chains: make([]bits.Block, p.chains)}
	for w := range b.matrix[onesBlock] {
		b.matrix[onesBlock][w] = ^uint64(0)
	}
	b.result.batch = b
	return b
}

// run evaluates the inputs. The result is good until the next run.
func (b *batch) run(inputs []encode.Bits) (*batchResult, error) {
	if len(inputs) < 1 || len(inputs) > bits.Lanes {
		return nil, fmt.Errorf("sim: a batch of %d samples; want 1..%d", len(inputs), bits.Lanes)
	}
	for i, in := range inputs {
		if in.Len() != b.p.image.Inputs {
			return nil, fmt.Errorf("sim: sample %d of a batch has %d bits; the layout has %d inputs", i, in.Len(), b.p.image.Inputs)
		}
	}
	b.load(inputs)
	for i := range b.p.ticks {
		b.evaluate(&b.p.ticks[i])
	}
	b.result.open(len(inputs))
	b.result.score()
	b.result.count()
	return &b.result, nil
}

// load turns packed inputs into blocks.
func (b *batch) load(inputs []encode.Bits) {
	for w := range bits.Words(b.p.image.Inputs) {
		square := b.square(w)
		if len(inputs) < bits.Lanes {
			*square = bits.Square{}
		}
		for s, in := range inputs {
			square[s%64][s/64] = in.Words()[w]
		}
		b.kernels.Transpose(square, square)
	}
}

// square is the blocks of 64 inputs.
func (b *batch) square(w int) *bits.Square {
	return (*bits.Square)(b.matrix[b.p.inputs+64*w:][:64])
}

// noStart starts a counter at 0.
var noStart [bits.MaxPlanes]uint64

// evaluate is one tick of the wave of every sample.
func (b *batch) evaluate(t *batchTick) {
	for i := range t.merged { // the union of the sources, as what they touch
		m := &t.merged[i]
		b.kernels.Begin(b.scratch[:m.planes], &b.matrix[m.block], noStart[:m.planes], b.matrix, &m.sources)
	}
	for i := range t.columns {
		b.column(&t.columns[i])
	}
}

// column evaluates a chain of columns, or a part of one.
func (b *batch) column(c *batchColumn) {
	var touched *bits.Block
	if c.touched != zeroBlock {
		touched = &b.matrix[c.touched]
	}
	if c.any != nil {
		b.kernels.Begin(b.scratch[:c.anyPlanes], touched, noStart[:c.anyPlanes], b.matrix, c.any)
		touched = nil
	}
	counter, terms := b.chains[c.chain:][:c.planes], c.terms
	if c.fired != zeroBlock && len(terms) == 1 && terms[0].shift == 0 {
		if c.first {
			b.kernels.Fire(&b.matrix[c.fired], touched, c.start, b.matrix, &terms[0].list)
		} else {
			b.kernels.FireOn(&b.matrix[c.fired], counter, b.matrix, &terms[0].list)
		}
		return
	}
	if c.first {
		b.kernels.Begin(counter, touched, c.start, b.matrix, &terms[0].list)
		terms = terms[1:]
	}
	for i := range terms {
		b.kernels.Add(counter[terms[i].shift:], b.matrix, &terms[i].list)
	}
	if c.fired != zeroBlock {
		b.kernels.FireOn(&b.matrix[c.fired], counter, b.matrix, &bits.List{})
	}
}
