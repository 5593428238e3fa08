package sim

import (
	"context"
	"sync"

	"tritloom/encode"
	"tritloom/internal/bits"
	"tritloom/ledger"
)

// batchWorker is a batch evaluator with room for its inputs and its sums.
type batchWorker struct {
	*batch
	inputs []encode.Bits
	cores  []ledger.Counts
	sums   totals
}

func newBatchWorker(p *batchProgram, path bits.Path, samples int) *batchWorker {
	w := &batchWorker{batch: newBatch(p, path), cores: make([]ledger.Counts, len(p.cores))}
	w.sums.layers = make([]uint64, len(p.image.Layers)+1)
	for range min(samples, bits.Lanes) {
		w.inputs = append(w.inputs, encode.NewBits(p.image.Inputs))
	}
	return w
}

// runBatches evaluates batches of bits.Lanes samples, one a worker at a time.
func (m *Machine) runBatches(ctx context.Context, src Source, r *recorder) ([]part, error) {
	batches := (src.Len() + bits.Lanes - 1) / bits.Lanes
	workers := make([]*batchWorker, min(m.options.Workers, batches))
	for i := range workers {
		workers[i] = newBatchWorker(m.batch, m.options.Path, src.Len())
	}
	var reading sync.Mutex
	evaluate := func(_ context.Context, w *batchWorker, number int) ([]Wave, error) {
		first := number * bits.Lanes
		inputs := w.inputs[:min(bits.Lanes, src.Len()-first)]
		reading.Lock()
		for i := range inputs {
			src.Bits(first+i, inputs[i])
		}
		reading.Unlock()
		result, err := w.run(inputs)
		if err != nil {
			return nil, err
		}
		w.add(result)
		paid := r.samples.stretch(first, len(inputs)) // every batch has its own
		result.record(paid)
		if r.observe == nil {
			return nil, nil
		}
		return result.waves(first, paid, m.options.OmitSpikes), nil
	}
	show := func(waves []Wave) error {
		for i := range waves {
			if err := r.observe(waves[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := inOrder(ctx, batches, workers, evaluate, show); err != nil {
		return nil, err
	}
	parts := []part{m.batch.drain(src.Len())}
	for _, w := range workers {
		parts = append(parts, part{cores: w.cores, sums: &w.sums})
	}
	return parts, nil
}

// add adds what a batch counted.
func (w *batchWorker) add(r *batchResult) {
	for c := range w.cores {
		w.cores[c].Add(&r.cores[c])
	}
	for i, n := range r.layers {
		w.sums.layers[i] += n
	}
}

// drain is the ticks after the interval of the last wave, which no wave pays.
func (b *batchProgram) drain(waves int) part {
	p := part{cores: make([]ledger.Counts, len(b.cores)), sums: &totals{}}
	ticks := b.schedule.summary(waves).Drain
	for c := range p.cores {
		p.cores[c][ledger.CoreTick] = ticks
	}
	if b.barrier {
		p.cores[0][ledger.Barrier] = ticks
	}
	for c := range p.cores {
		p.outside.Add(&p.cores[c])
	}
	return p
}

// waves are the waves of all samples of the batch, which pay what the table says.
func (r *batchResult) waves(first int, paid *countTable, omitSpikes bool) []Wave {
	waves := make([]Wave, r.samples)
	for i := range waves {
		w := &waves[i]
		*w = r.wave(i)
		w.Sample, w.Counts = first+i, paid.at(i)
		if !omitSpikes {
			w.Spikes = r.spikes(i)
		}
	}
	return waves
}
