package sim

import (
	"context"
	"fmt"

	"tritloom/layout"
	"tritloom/ledger"
)

// Runner runs a chip for many ticks without anybody looking at each: for benchmarks
// and for networks that drive themselves. With engine fast or auto and without timing it
// keeps nothing of the layout, which may be forgotten.
type Runner struct {
	rules  rules
	cores  int
	axons  int
	engine engine
	timing timing
	duties []duty
	ticks  uint64
	time   RunTime
	clips  uint64
}

// RunTime is what the timing model said of the ticks so far, in quanta.
type RunTime struct {
	Total    uint64
	Longest  uint64 // of one tick
	Overruns uint64
}

// NewRunner makes a chip at rest. Options.Scenario and Workers do not matter. Chips with
// a wave gate evaluate nothing without waves, and are refused.
func NewRunner(l *layout.Layout, o Options) (*Runner, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p, err := prepare(l, &o)
	if err != nil {
		return nil, err
	}
	if p.gated {
		return nil, fmt.Errorf("sim: chip %q has a wave gate and evaluates nothing without waves; run samples through it, or step it", l.Chip)
	}
	r := &Runner{
		rules: p.rules, cores: len(p.cores), axons: l.Capabilities.Core.Axons, duties: make([]duty, p.levels),
	}
	for i := range r.duties {
		r.duties[i] = duty{onlyWave, true}
	}
	if r.timing, err = o.timing(p); err != nil {
		return nil, err
	}
	if o.tickEngine(p) == EngineFast {
		r.engine, err = newFast(p, longestDelay(l), &o, false, r.timing != nil)
	} else {
		r.engine, err = o.engine(p, longestDelay(l), false)
	}
	if err != nil {
		return nil, err
	}
	r.engine.tally().openWave()
	return r, nil
}

// longestDelay is the longest delay of any destination, at least 1.
func longestDelay(l *layout.Layout) int {
	longest := 1
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			for _, d := range l.Cores[c].Columns[n].Dests {
				longest = max(longest, int(d.Delay))
			}
		}
	}
	return longest
}

// Inject writes a spike into the coming tick and counts it as an input spike.
func (r *Runner) Inject(core, axon int) error {
	if core < 0 || core >= r.cores || axon < 0 || axon >= r.axons {
		return fmt.Errorf("sim: spike for core %d axon %d; want cores 0..%d and axons 0..%d", core, axon, r.cores-1, r.axons-1)
	}
	r.engine.hostWrite(core, axon, 0, onlyWave, ledger.InputSpike)
	return nil
}

// Advance simulates ticks until ctx is done, and says how many; a tick that ends in an
// error is not among them. After an error that is not the context's the runner is of no
// more use.
func (r *Runner) Advance(ctx context.Context, ticks uint64) (done uint64, err error) {
	if e, ok := r.engine.(*fast); ok && r.timing == nil {
		e.wave = onlyWave
		done, err = e.run(ticks, r.duties, ctx)
		r.ticks += done
		return done, err
	}
	for ; done < ticks && err == nil; done++ {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = r.engine.tick(r.duties); err != nil {
			break
		}
		if r.timing != nil {
			t := r.timing.time(r.engine)
			t.charge(r.engine.tally(), onlyWave)
			r.time.Total += t.length
			r.time.Longest = max(r.time.Longest, t.work)
			if t.overrun() {
				r.time.Overruns++
			}
		}
		r.clips += r.engine.outcome().clipped
		r.engine.tally().closeTick()
		r.ticks++
	}
	return done, err
}

// Ticks is how many ticks have been simulated.
func (r *Runner) Ticks() uint64 { return r.ticks }

// Clipped is how many conversions so far had a sum that left their width.
func (r *Runner) Clipped() uint64 {
	n := r.clips
	if e, ok := r.engine.(*fast); ok {
		for k := range e.crews {
			n += e.crews[k].clipped
		}
	}
	return n
}

// Time is what the timing model says so far.
func (r *Runner) Time() RunTime { return r.time }

// Counts are all events so far, by logical core.
func (r *Runner) Counts() []ledger.Counts {
	if e, ok := r.engine.(*fast); ok {
		e.settle()
	}
	t := r.engine.tally()
	t.closeTick()
	list := make([]ledger.Counts, r.cores)
	for c := range list {
		list[c] = t.cores[c]
		list[c][ledger.CoreTick] += r.ticks
	}
	if r.rules.barrier {
		list[0][ledger.Barrier] += r.ticks
	}
	return list
}

// Potential is what a column carries into the coming tick.
func (r *Runner) Potential(core, column int) int64 { return r.engine.potential(core, column) }
