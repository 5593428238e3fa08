package sim

import (
	"context"
	"sync"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// Machine is a chip image ready to run. It keeps no state between runs and may
// be used by several goroutines.
type Machine struct {
	options  Options
	program  *program
	schedule *schedule
}

// New prepares an image. It refuses images and options that are not valid, and
// what this engine cannot simulate.
func New(l *layout.Layout, o Options) (*Machine, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p, err := newProgram(l, &o.Latencies)
	if err != nil {
		return nil, err
	}
	s, err := newSchedule(p, o.Scenario)
	if err != nil {
		return nil, err
	}
	return &Machine{o, p, s}, nil
}

// Run simulates all samples of a source and hands every wave to observe, in
// the order of samples; observe may be nil and ends the run by an error. The
// record lacks what the image does not say: data, its hash, correct decisions.
func (m *Machine) Run(ctx context.Context, src Source, observe func(Wave) error) (*ledger.Run, error) {
	r := &recorder{observe: observe, samples: make([]ledger.Counts, 0, src.Len())}
	var streams []*stream
	var err error
	if m.options.Observe == nil && m.schedule.independent(m.program) {
		streams, err = m.runApart(ctx, src, r)
	} else {
		streams, err = m.runInOrder(ctx, src, r)
	}
	if err != nil {
		return nil, err
	}
	return m.record(r, streams), nil
}

func (m *Machine) newStream() (*stream, error) {
	e, err := m.options.engine(m.program, m.schedule.maxDelay, !m.schedule.independent(m.program))
	if err != nil {
		return nil, err
	}
	timing, err := m.options.timing(m.program)
	s := newStream(m.program, m.schedule, e, timing)
	s.watch = m.options.watcher()
	return s, err
}

// recorder takes the waves in order.
type recorder struct {
	observe func(Wave) error
	samples []ledger.Counts
	latency []uint64
}

func (r *recorder) add(w *Wave) error {
	r.samples = append(r.samples, w.Counts)
	r.latency = append(r.latency, w.LatencyQuanta)
	if r.observe == nil {
		return nil
	}
	return r.observe(*w)
}

// promise is a sample on its way: its wave or its error comes exactly once.
type promise struct {
	sample int
	result chan delivery
}

type delivery struct {
	wave *Wave
	err  error
}

// runApart simulates every sample on an empty chip, several at once. Waves are
// taken in order and sums are integers, so the number of workers shows nowhere.
func (m *Machine) runApart(ctx context.Context, src Source, r *recorder) ([]*stream, error) {
	streams := make([]*stream, min(m.options.Workers, max(1, src.Len())))
	for i := range streams {
		var err error
		if streams[i], err = m.newStream(); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	jobs := make(chan promise)
	ordered := make(chan promise, m.options.Workers) // bounds how far workers run ahead
	working.Go(func() { dispatch(ctx, src.Len(), ordered, jobs) })
	var reading sync.Mutex
	bits := func(i int, dst encode.Bits) {
		reading.Lock()
		defer reading.Unlock()
		src.Bits(i, dst)
	}
	for _, s := range streams {
		working.Go(func() {
			for job := range jobs {
				var o delivery
				o.err = s.run(ctx, job.sample, 1, bits, func(w *Wave) error { o.wave = w; return nil })
				job.result <- o
			}
		})
	}
	for next := range ordered {
		o := <-next.result
		if o.err == nil {
			o.err = r.add(o.wave)
		}
		if o.err != nil {
			return nil, o.err
		}
	}
	return streams, ctx.Err()
}

// dispatch hands out the samples in order, until all are out or ctx ends.
func dispatch(ctx context.Context, samples int, ordered, jobs chan<- promise) {
	defer close(ordered)
	defer close(jobs)
	for i := range samples {
		p := promise{i, make(chan delivery, 1)}
		select {
		case jobs <- p:
		case <-ctx.Done():
			return
		}
		select {
		case ordered <- p:
		case <-ctx.Done():
			return
		}
	}
}

// record writes down the run.
func (m *Machine) record(r *recorder, streams []*stream) *ledger.Run {
	l := m.program.image
	run := &ledger.Run{
		Format: ledger.RunFormat, Chip: l.Chip, Capabilities: l.Capabilities.Hash(), Network: l.Network, Layout: l.Hash(),
		Engine: m.options.Engine, Scenario: m.options.Scenario, Samples: len(r.samples),
		Ticks:     m.schedule.summary(len(r.samples)),
		Timing:    ledger.Timing{Model: TimingNone},
		CoresUsed: len(l.Cores), CoresChip: l.Capabilities.Mesh.Cores(), Cores: make([]ledger.Counts, len(l.Cores)),
		Kinds:     ledger.KindNames(),
		PerSample: series(r.samples),
	}
	var sums totals
	sums.layers = make([]uint64, len(l.Layers)+1)
	for _, s := range streams {
		for c := range run.Cores {
			run.Cores[c].Add(&s.engine.tally().cores[c])
		}
		run.Outside.Add(&s.engine.tally().outside)
		sums.add(&s.sums)
	}
	run.Layers = layerSpikes(l, sums.layers)
	run.Violations = sums.violations()
	if m.options.Timing != TimingNone {
		run.Timing = m.timing(&sums, r.latency)
		run.Timing.Network = m.networkOf(streams)
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

// networkOf merges what the streams saw of the routers.
func (m *Machine) networkOf(streams []*stream) *ledger.Network {
	var all *networkTotals
	for _, s := range streams {
		switch c, ok := s.timing.(*cycle); {
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
	for _, v := range []struct{ to, from *ledger.Violation }{{&t.overrun, &o.overrun}, {&t.lost, &o.lost}} {
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
