package sim

import (
	"context"
	"fmt"
	"sync"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// Machine is a chip image ready to run. It keeps no state between runs and may
// be used by several goroutines.
type Machine struct {
	options  Options // the engine is never EngineAuto
	program  *program
	schedule *schedule
	batch    *batchProgram // engine batch only

	imageHash func() string // found once
}

// New prepares an image. It refuses images and options that are not valid, and
// what this engine cannot simulate.
func New(l *layout.Layout, o Options) (*Machine, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p, err := prepare(l, &o)
	if err != nil {
		return nil, err
	}
	s, err := newSchedule(p, o.Scenario)
	if err != nil {
		return nil, err
	}
	m := &Machine{options: o, program: p, schedule: s, imageHash: sync.OnceValue(l.Hash)}
	return m, m.chooseEngine()
}

// chooseEngine prepares batches where they are asked for, or are as good.
func (m *Machine) chooseEngine() (err error) {
	o := &m.options
	switch o.Engine {
	case EngineBatch:
		if m.batch, err = newBatchProgram(m.program, m.schedule); err != nil {
			return fmt.Errorf("%w; choose engine %q", err, EngineAuto)
		}
	case EngineAuto:
		o.Engine = o.tickEngine(m.program)
		if o.ticksWanted() != nil {
			return nil
		}
		if m.batch, err = newBatchProgram(m.program, m.schedule); err == nil {
			o.Engine = EngineBatch
		}
	case EngineFast:
		return canFast(m.program)
	}
	return nil
}

// Run simulates all samples of a source and hands every wave to observe, in
// the order of samples; observe may be nil and ends the run by an error. The
// record lacks what the image does not say: data, its hash, correct decisions.
func (m *Machine) Run(ctx context.Context, src Source, observe func(Wave) error) (*ledger.Run, error) {
	r := &recorder{observe: observe, samples: newCountTable(src.Len()), latency: make([]uint64, src.Len())}
	var parts []part
	var err error
	switch {
	case m.batch != nil:
		parts, err = m.runBatches(ctx, src, r)
	case m.options.Observe == nil && m.schedule.independent(m.program):
		parts, err = m.runApart(ctx, src, r)
	default:
		parts, err = m.runInOrder(ctx, src, r)
	}
	if err != nil {
		return nil, err
	}
	return m.record(r, src.Len(), parts), nil
}

// newStream makes one of so many chips that are simulated at once.
func (m *Machine) newStream(chips int) (*stream, error) {
	o := m.options
	if chips > 1 {
		o.Threads = 1
	}
	e, err := o.engine(m.program, m.schedule.maxDelay, !m.schedule.independent(m.program))
	if err != nil {
		return nil, err
	}
	if f, ok := e.(*fast); ok {
		f.keepsSums = o.Timing != TimingNone || o.Observe != nil
	}
	timing, err := o.timing(m.program)
	s := newStream(m.program, m.schedule, e, timing)
	s.watch, s.omitSpikes = o.watcher(), o.OmitSpikes
	return s, err
}

// recorder takes the waves in order.
type recorder struct {
	observe func(Wave) error
	samples *countTable
	latency []uint64
}

func (r *recorder) add(w *Wave) error {
	r.samples.put(w.Sample, &w.Counts)
	r.latency[w.Sample] = w.LatencyQuanta
	if r.observe == nil {
		return nil
	}
	return r.observe(*w)
}

// part is what one worker counted of a run, over all its samples.
type part struct {
	cores   []ledger.Counts
	outside ledger.Counts
	sums    *totals
	timing  timing // nil: none
}

// part is what a stream has counted so far.
func (s *stream) part() part {
	t := s.engine.tally()
	return part{t.cores, t.outside, &s.sums, s.timing}
}

// runApart simulates every sample on an empty chip, several at once.
func (m *Machine) runApart(ctx context.Context, src Source, r *recorder) ([]part, error) {
	streams := make([]*stream, min(m.options.Workers, max(1, src.Len())))
	for i := range streams {
		var err error
		if streams[i], err = m.newStream(len(streams)); err != nil {
			return nil, err
		}
	}
	var reading sync.Mutex
	bits := func(i int, dst encode.Bits) {
		reading.Lock()
		defer reading.Unlock()
		src.Bits(i, dst)
	}
	simulate := func(ctx context.Context, s *stream, sample int) (wave *Wave, err error) {
		err = s.run(ctx, sample, 1, bits, func(w *Wave) error { wave = w; return nil })
		return wave, err
	}
	if err := inOrder(ctx, src.Len(), streams, simulate, r.add); err != nil {
		return nil, err
	}
	parts := make([]part, len(streams))
	for i, s := range streams {
		parts[i] = s.part()
	}
	return parts, nil
}

// record writes down the run.
func (m *Machine) record(r *recorder, samples int, parts []part) *ledger.Run {
	l := m.program.image
	run := &ledger.Run{
		Format: ledger.RunFormat, Chip: l.Chip, Capabilities: l.Capabilities.Hash(), Network: l.Network, Layout: m.imageHash(),
		Engine: m.options.Engine, Scenario: m.options.Scenario, Samples: samples,
		Ticks:     m.schedule.summary(samples),
		Timing:    ledger.Timing{Model: TimingNone},
		CoresUsed: len(l.Cores), CoresChip: l.Capabilities.Mesh.Cores(), Cores: make([]ledger.Counts, len(l.Cores)),
		Kinds:     ledger.KindNames(),
		PerSample: r.samples.series(), Variation: m.program.variation.record(),
	}
	for c := range l.Cores {
		run.Places = append(run.Places, ledger.Place{X: l.Cores[c].X, Y: l.Cores[c].Y})
	}
	var sums totals
	sums.layers = make([]uint64, len(l.Layers)+1)
	for _, p := range parts {
		for c := range run.Cores {
			run.Cores[c].Add(&p.cores[c])
		}
		run.Outside.Add(&p.outside)
		sums.add(p.sums)
	}
	run.Layers = layerSpikes(l, sums.layers)
	run.Violations = sums.violations()
	if m.options.Timing != TimingNone {
		run.Timing = m.timing(&sums, r.latency)
		run.Timing.Network = m.networkOf(parts)
	}
	return run
}

func (m *Machine) timing(sums *totals, latency []uint64) ledger.Timing {
	tick := m.program.image.Capabilities.Tick
	t := ledger.Timing{Model: m.options.Timing, QuantumPS: tick.QuantumPS, Latency: map[string]uint64{}, Total: sums.quanta, PerSample: latency, Longest: sums.longest}
	for k, quanta := range m.options.Latencies {
		if quanta != 0 {
			t.Latency[ledger.Kind(k).String()] = quanta
		}
	}
	if tick.Kind == hwmodel.TickFixed {
		t.Tick = tick.Quanta
	}
	return t
}

// networkOf merges what the workers saw of the routers.
func (m *Machine) networkOf(parts []part) *ledger.Network {
	var all *networkTotals
	for _, p := range parts {
		switch c, ok := p.timing.(*cycle); {
		case !ok:
			return nil
		case all == nil:
			all = c.total
		default:
			all.merge(c.total)
		}
	}
	return all.record(m.program.image.Capabilities.Mesh.Width)
}

func (t *totals) add(o *totals) {
	for i, n := range o.layers {
		t.layers[i] += n
	}
	t.quanta += o.quanta
	t.longest = max(t.longest, o.longest)
	for _, v := range []struct{ to, from *ledger.Violation }{{&t.overrun, &o.overrun}, {&t.lost, &o.lost}, {&t.clipped, &o.clipped}} {
		if v.from.Count > 0 {
			note(v.to, v.from.First, v.from.Count)
		}
	}
}

// violations lists the broken promises, if any.
func (t *totals) violations() []ledger.Violation {
	list := []ledger.Violation{}
	for _, v := range []struct {
		what string
		seen ledger.Violation
	}{
		{"tick overrun: the work of a tick is longer than the fixed tick", t.overrun},
		{"spikes lost: they reached a core on a tick at which no wave was due there", t.lost},
		{"ADC range exceeded: the sum of a column leaves the width of a conversion and was clipped", t.clipped},
	} {
		if v.seen.Count > 0 {
			v.seen.What = v.what
			list = append(list, v.seen)
		}
	}
	return list
}

// layerSpikes names the layers; the readout has a row only if it spikes.
func layerSpikes(l *layout.Layout, spikes []uint64) []ledger.LayerSpikes {
	list, columns := []ledger.LayerSpikes{}, spikingColumns(l)
	for i, label := range l.Layers {
		list = append(list, ledger.LayerSpikes{Name: label.Name, Neurons: label.Neurons, Columns: columns[i], Spikes: spikes[i]})
	}
	if n := spikes[len(l.Layers)]; n > 0 {
		list = append(list, ledger.LayerSpikes{Name: l.Readout.Name, Neurons: l.Readout.Neurons, Columns: columns[len(l.Layers)], Spikes: n})
	}
	return list
}

// spikingColumns counts the columns that may fire, by label layer.
func spikingColumns(l *layout.Layout) []int {
	counts := make([]int, len(l.Layers)+1)
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[n]
			if layer := int(column.Label.Layer); column.Role == layout.Spiking && layer >= 0 && layer < len(counts) {
				counts[layer]++
			}
		}
	}
	return counts
}
