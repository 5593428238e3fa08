package sim

import (
	"context"
	"fmt"

	"tritloom/encode"
	"tritloom/layout"
	"tritloom/ledger"
)

// Source gives the input bits of samples.
type Source interface {
	// Len is the number of samples.
	Len() int
	// Bits writes the input bits of sample i into dst, whose width is the
	// layout's Inputs and whose bits may be anything before. It is called by
	// one goroutine at a time, once a sample, in any order.
	Bits(i int, dst encode.Bits)
}

// Spike is a neuron firing.
type Spike struct {
	Tick         int32 // of the wave, its input tick being 0
	Core, Column int32
}

// Wave is everything one inference made.
type Wave struct {
	Sample int
	// Spikes are in order of tick, core, column. On chips without a wave gate
	// columns also fire at other ticks of the wave than their level.
	Spikes []Spike
	Scores []int32 // by class
	Class  int     // the highest score, ties to the lowest class; -1 without scores
	Counts ledger.Counts
	// LatencyQuanta is from the start of the input tick to the end of the
	// decision tick; 0 without timing.
	LatencyQuanta uint64
}

// stream drives an engine through consecutive waves, as the host does.
type stream struct {
	p          *program
	schedule   *schedule
	engine     engine
	timing     timing   // nil: none
	watch      *watcher // nil: nobody
	omitSpikes bool
	sums       totals
	duties     []duty // [level], see schedule.duty

	// Of the run at hand.
	origin uint64 // tick of the whole simulation at which it starts
	clock  uint64 // quanta since then
	count  int    // waves
	open   []*openWave
	first  int // wave number of open[0]
}

// openWave is a wave on the chip.
type openWave struct {
	Wave
	bits    encode.Bits
	started uint64 // quanta
}

// totals is what a stream adds up besides the engine's tally.
type totals struct {
	layers                 []uint64 // spikes by label layer, the readout last
	quanta                 uint64
	longest                uint64
	overrun, lost, clipped ledger.Violation
}

func newStream(p *program, s *schedule, e engine, timing timing) *stream {
	return &stream{
		p: p, schedule: s, engine: e, timing: timing,
		duties: make([]duty, p.levels),
		sums:   totals{layers: make([]uint64, len(p.image.Layers)+1)},
	}
}

// run simulates samples first .. first+count-1 as one stream on an empty chip
// and hands every wave to done, in order.
func (s *stream) run(ctx context.Context, first, count int, bits func(i int, dst encode.Bits), done func(*Wave) error) error {
	s.engine.clear()
	s.origin, s.clock, s.count, s.open, s.first = uint64(first)*s.schedule.step, 0, count, nil, 0
	for t := range s.schedule.ticks(count) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, starts := s.schedule.due(t, 0, count); starts {
			if err := s.start(first+s.first+len(s.open), bits); err != nil {
				return err
			}
		}
		s.writeInputs(t)
		for level := range s.duties {
			s.duties[level] = s.schedule.duty(t, uint64(level), count)
		}
		if err := s.engine.tick(s.duties); err != nil {
			return fmt.Errorf("sample %d: %w", first+min(int(t/s.schedule.step), count-1), err)
		}
		s.collect(t)
		if err := s.closeTick(t); err != nil {
			return err
		}
		if _, ends := s.schedule.due(t, s.schedule.lastAge, count); ends {
			if err := s.finish(done); err != nil {
				return err
			}
		}
	}
	for len(s.open) > 0 {
		if err := s.finish(done); err != nil {
			return err
		}
	}
	return nil
}

// start puts the next wave on the chip.
func (s *stream) start(sample int, bits func(i int, dst encode.Bits)) error {
	w := &openWave{bits: encode.NewBits(s.p.image.Inputs), started: s.clock}
	w.Sample, w.Scores = sample, make([]int32, s.p.image.Readout.Neurons)
	copy(w.Scores, s.p.image.OutputBias)
	bits(sample, w.bits)
	s.engine.tally().openWave()
	s.open = append(s.open, w)
	if s.p.image.Bursts() {
		return s.engine.checkDrained()
	}
	s.engine.resetState(int32(s.first + len(s.open) - 1))
	return nil
}

// writeInputs writes what the host owes to every wave at tick t.
func (s *stream) writeInputs(t uint64) {
	for age := range s.schedule.inputs {
		wave, ok := s.schedule.due(t, uint64(age), s.count)
		if !ok {
			continue
		}
		bits := s.open[int(wave)-s.first].bits
		for _, in := range s.schedule.inputs[age] {
			if bits.Get(int(in.Input)) {
				s.engine.hostWrite(int(in.Core), int(in.Axon), 0, wave, ledger.InputSpike)
			}
		}
		for _, c := range s.schedule.controls[age] {
			s.engine.hostWrite(int(c.Core), int(c.Axon), 0, wave, ledger.ControlSpike)
		}
	}
}

// collect hands the spikes and scores of tick t to their waves.
func (s *stream) collect(t uint64) {
	for _, f := range s.engine.outcome().spikes {
		if layer := s.p.image.Cores[f.core].Columns[f.column].Label.Layer; layer >= 0 && int(layer) < len(s.sums.layers) {
			s.sums.layers[layer]++
		}
		if f.wave != noWave && !s.omitSpikes {
			w := s.open[int(f.wave)-s.first]
			age := t - uint64(f.wave)*s.schedule.step
			w.Spikes = append(w.Spikes, Spike{int32(age), f.core, f.column})
		}
		// The host listens to an output column from its tick of a wave on; what
		// the column fires before and after is counted and scores nothing.
		column := s.p.column(layout.Link{Core: f.core, Column: f.column})
		if column.class == noClass {
			continue
		}
		for late := range s.p.image.Schedule.OutputTicks {
			if wave, ok := s.schedule.due(t, uint64(column.Level)+uint64(late), s.count); ok {
				s.open[int(wave)-s.first].Scores[column.class]++
			}
		}
	}
	for _, v := range s.engine.outcome().scores {
		column := s.p.column(layout.Link{Core: v.core, Column: v.column})
		if wave, ok := s.schedule.due(t, uint64(column.Level)+uint64(s.p.steps)-1, s.count); ok && column.class != noClass {
			s.open[int(wave)-s.first].Scores[column.class] = int32(v.value)
		}
	}
	if lost := s.engine.outcome().lost; lost > 0 {
		note(&s.sums.lost, s.origin+t, lost)
	}
	if clipped := s.engine.outcome().clipped; clipped > 0 {
		note(&s.sums.clipped, s.origin+t, clipped)
	}
}

// closeTick charges what belongs to the tick as a whole, times it, and shows it to
// whoever watches.
func (s *stream) closeTick(t uint64) error {
	owner := s.schedule.owner(t, s.count)
	s.engine.tally().chargeTick(owner, s.p.barrier)
	spent := untimed
	if s.timing != nil {
		spent = s.timing.time(s.engine)
		spent.charge(s.engine.tally(), owner)
		if spent.overrun() {
			note(&s.sums.overrun, s.origin+t, 1)
		}
		s.clock += spent.length
		s.sums.quanta += spent.length
		s.sums.longest = max(s.sums.longest, spent.work)
	}
	if s.watch != nil {
		if err := s.watch.tick(s.origin+t, s.engine, spent); err != nil {
			return err
		}
	}
	s.engine.tally().closeTick()
	if wave, ok := s.schedule.due(t, s.schedule.perInference-1, s.count); ok {
		w := s.open[int(wave)-s.first]
		w.LatencyQuanta = s.clock - w.started
	}
	return nil
}

// finish takes the oldest wave off and hands it on.
func (s *stream) finish(done func(*Wave) error) error {
	w := &s.open[0].Wave
	s.open = s.open[1:]
	s.first++
	w.Counts = s.engine.tally().closeWave()
	w.Class = argmax(w.Scores)
	return done(w)
}

// note counts a violation.
func note(v *ledger.Violation, tick, n uint64) {
	if v.Count == 0 || tick < v.First {
		v.First = tick
	}
	v.Count += n
}

// argmax is the index of the highest score, the lowest on a tie, -1 of none.
func argmax(scores []int32) int {
	best := -1
	for c, s := range scores {
		if best < 0 || s > scores[best] {
			best = c
		}
	}
	return best
}
