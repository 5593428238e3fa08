package sim

import (
	"fmt"
	"slices"

	"tritloom/layout"
	"tritloom/ledger"
)

// Stepper runs a chip one tick at a time under the caller's hand: for recorded
// spikes, for looking at potentials, and for cases worked out by hand. It uses
// the input map, the output map and the schedule of the layout for nothing.
type Stepper struct {
	p      *program
	engine engine
	timing timing   // nil: none
	delays int      // longest delay an injected spike may have
	watch  *watcher // nil: nobody
	starts []uint64 // ticks at which waves started that may still be due
	duties []duty
}

// onlyWave is what a Stepper charges everything to.
const onlyWave = 0

// Value is an integer that left a column.
type Value struct {
	Core, Column int32
	Value        int64
}

// Step is what one tick did.
type Step struct {
	Tick        uint64
	Spikes      []Spike         // by core and column; Tick counts from the first tick of the stepper
	Scores      []Value         // by core and column
	PartialSums []Value         // as sent, every sender after the one that feeds it
	Counts      []ledger.Counts // [core], of this tick; with injected spikes since the last one
	Lost        uint64          // spikes that reached a core with no evaluated column
	Clipped     uint64          // conversions whose sum left their width
	Quanta      uint64          // length of the tick; 0 without timing
	Overrun     bool            // the tick needed more than its fixed length
	Critical    int             // timing cycle by cycle: the core that ended last; else -1
}

// NewStepper makes a chip at rest. Options.Scenario and Workers do not matter; an
// observer sees every tick before Tick returns.
func NewStepper(l *layout.Layout, o Options) (*Stepper, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p, err := prepare(l, &o)
	if err != nil {
		return nil, err
	}
	delays := l.Capabilities.Spikes.DelayMaxTicks
	e, err := o.engine(p, delays, false)
	if err != nil {
		return nil, err
	}
	s := &Stepper{p: p, delays: delays, engine: e, watch: o.watcher(), duties: make([]duty, p.levels)}
	s.engine.tally().openWave()
	s.timing, err = o.timing(p)
	return s, err
}

// StartWave makes the coming tick the input tick of a wave, as the host does:
// kept potentials are reset, and on chips with a wave gate columns of level L
// are evaluated L ticks later.
func (s *Stepper) StartWave() {
	s.engine.resetState(onlyWave)
	if !slices.Contains(s.starts, s.engine.now()) {
		s.starts = append(s.starts, s.engine.now())
	}
}

// Inject writes a spike into the slot of the coming tick plus delay, 0 to the
// chip's longest delay, and counts it as an input spike.
func (s *Stepper) Inject(core, axon, delay int) error {
	if core < 0 || core >= len(s.p.cores) {
		return fmt.Errorf("sim: spike for core %d; want 0..%d", core, len(s.p.cores)-1)
	}
	if axons := len(s.p.image.Cores[core].Axons); axon < 0 || axon >= axons {
		return fmt.Errorf("sim: spike for core %d axon %d; want 0..%d", core, axon, axons-1)
	}
	if delay < 0 || delay > s.delays {
		return fmt.Errorf("sim: spike for core %d axon %d with delay %d; want 0..%d ticks", core, axon, delay, s.delays)
	}
	s.engine.hostWrite(core, axon, delay, onlyWave, ledger.InputSpike)
	return nil
}

// Tick simulates one tick. After an error the stepper is of no more use.
func (s *Stepper) Tick() (Step, error) {
	now := s.engine.now()
	s.starts = slices.DeleteFunc(s.starts, func(start uint64) bool { return now-start >= uint64(s.p.levels) })
	for level := range s.duties {
		s.duties[level] = s.duty(now, uint64(level))
	}
	if err := s.engine.tick(s.duties); err != nil {
		return Step{}, err
	}
	counts := s.engine.tally()
	counts.chargeTick(onlyWave, s.p.barrier)
	spent := untimed
	if s.timing != nil {
		spent = s.timing.time(s.engine)
		spent.charge(counts, onlyWave)
	}
	if s.watch != nil {
		if err := s.watch.tick(now, s.engine, spent); err != nil {
			return Step{}, err
		}
	}
	var step Step
	step.fill(now, s.engine, spent)
	step.Counts = slices.Clone(counts.tick)
	counts.closeTick()
	return step, nil
}

// duty is what columns of a level work for in a tick: on chips with a wave gate only
// for the steps of waves that started.
func (s *Stepper) duty(now, level uint64) duty {
	if !s.p.gated {
		return duty{onlyWave, true}
	}
	for _, start := range s.starts {
		if step := now - start - level; now >= start+level && step < uint64(s.p.steps) {
			return duty{onlyWave, step == uint64(s.p.steps)-1}
		}
	}
	return duty{wave: noWave}
}

// Potential is what a column carries into the coming tick; 0 for columns that
// keep none.
func (s *Stepper) Potential(core, column int) int64 { return s.engine.potential(core, column) }

// Current is the current a column carries into the coming tick; 0 for columns
// without one.
func (s *Stepper) Current(core, column int) int64 { return s.engine.current(core, column) }
