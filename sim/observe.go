package sim

import (
	"context"

	"tritloom/layout"
)

// State is what columns carry from tick to tick.
type State interface {
	// Potential is what a column carries into the coming tick; 0 for columns that
	// keep none, see KeepsPotential.
	Potential(core, column int) int64
	// Current is the current a column carries into the coming tick; 0 for columns
	// without one.
	Current(core, column int) int64
}

// Observer sees every tick of a simulation, in order, before the tick is closed. The
// step and all it holds, and the state, are the observer's only until it returns. An
// error ends the run and is handed on as it is.
type Observer func(step *Step, chip State) error

// KeepsPotential tells whether a column carries a potential from tick to tick:
// spiking columns that do not clear, and score columns that add up over the steps of
// a wave.
func KeepsPotential(l *layout.Layout, at layout.Link) bool {
	column := l.Column(at)
	return keepsState(column) || column.Role == layout.Score && l.Schedule.StepCount() > 1
}

// observed lets an observer see the state of any engine.
type observed struct{ engine engine }

func (o observed) Potential(core, column int) int64 { return o.engine.potential(core, column) }
func (o observed) Current(core, column int) int64   { return o.engine.current(core, column) }

// watcher hands ticks to an observer.
type watcher struct {
	observe Observer
	step    Step // over and over, so that watching allocates nothing
}

func (o *Options) watcher() *watcher {
	if o.Observe == nil {
		return nil
	}
	return &watcher{observe: o.Observe}
}

// tick shows the tick that the engine has just simulated and not closed.
func (w *watcher) tick(tick uint64, e engine, spent tickTime) error {
	w.step.fill(tick, e, spent)
	return w.observe(&w.step, observed{e})
}

// fill writes a tick over the step.
func (s *Step) fill(tick uint64, e engine, spent tickTime) {
	out := e.outcome()
	s.Tick, s.Lost, s.Clipped, s.Counts = tick, out.lost, out.clipped, e.tally().tick
	s.Quanta, s.Overrun, s.Critical = spent.length, spent.overrun(), spent.critical
	s.Spikes, s.Scores, s.PartialSums = s.Spikes[:0], s.Scores[:0], s.PartialSums[:0]
	for _, f := range out.spikes {
		s.Spikes = append(s.Spikes, Spike{int32(tick), f.core, f.column})
	}
	for _, v := range out.scores {
		s.Scores = append(s.Scores, Value{v.core, v.column, v.value})
	}
	for _, v := range out.sent {
		s.PartialSums = append(s.PartialSums, Value{v.from.Core, v.from.Column, v.value})
	}
}

// runInOrder simulates the samples one after another on this goroutine: those that
// meet on the chip, and those whose ticks somebody watches. Samples that never meet
// run on an empty chip each, watched or not: their errors name the same ticks.
func (m *Machine) runInOrder(ctx context.Context, src Source, r *recorder) ([]part, error) {
	s, err := m.newStream(1)
	if err != nil {
		return nil, err
	}
	if !m.schedule.independent(m.program) {
		err := s.run(ctx, 0, src.Len(), src.Bits, r.add)
		return []part{s.part()}, err
	}
	for i := range src.Len() {
		if err := s.run(ctx, i, 1, src.Bits, r.add); err != nil {
			return nil, err
		}
	}
	return []part{s.part()}, nil
}
