package sim

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/ledger"
)

// Timing models.
const (
	TimingNone     = "none"     // spikes and counts only
	TimingAnalytic = "analytic" // length of every tick as if no packet met another
	TimingCycle    = "cycle"    // cores and routers quantum by quantum
)

// Options tunes a simulation. Start from DefaultOptions and change fields.
type Options struct {
	// Engine is EngineReference, EngineFast, EngineBatch or EngineAuto. It never changes
	// a result, only how long it takes and what is refused. A record says what ran.
	Engine string
	// Seed starts the random generators of stochastic neurons, one a core, and the
	// draw of a chip with Variation.
	Seed uint64
	// Variation simulates one made chip instead of the ideal one: the cells of analogue
	// pairs vary by ConductanceSD1024, or by the chip's own core.conductance_sd_1024
	// where that is 0, drawn with Seed when the image is loaded. It changes results: see
	// variation in this package, and ledger.Run.Variation. Engine reference only.
	Variation bool
	// ConductanceSD1024 is the standard deviation of a cell, in 1/1024 of the ideal
	// one, with Variation only; 0: the chip's own.
	ConductanceSD1024 int
	// Scenario says how waves follow each other.
	Scenario ledger.Scenario
	// Timing is TimingNone, TimingAnalytic or TimingCycle. It never changes a spike or an
	// activity count.
	Timing string
	// Latencies is how many quanta an event of each kind takes; with a timing
	// model only.
	Latencies hwmodel.Latencies
	// Path is the kernels of the fast and the batch engine, bits.Pure for plain Go. It
	// never changes a result.
	Path bits.Path
	// Threads is how many goroutines of the fast engine share one chip, each with a
	// range of cores; 0 is 1. Chips of several Workers have one each. It never changes
	// a result.
	Threads int
	// Workers is how many samples may be simulated at once, where samples are
	// independent of each other. It never changes a result.
	Workers int
	// Observe sees every tick, in order; nil: nobody does. With it samples are
	// simulated one after another. It never changes a result.
	Observe Observer
	// OmitSpikes hands waves out without their Spikes, which no record holds: a batch
	// knows how many there are without looking for each.
	OmitSpikes bool
}

// DefaultOptions simulates one wave at a time, without timing, on one thread.
func DefaultOptions() Options {
	return Options{Engine: EngineFast, Seed: 1, Scenario: ledger.SingleStream, Timing: TimingNone, Workers: 1, Path: bits.Best()}
}

// MostConductanceSD is the widest variation of a cell, half of the ideal one.
const MostConductanceSD = 512

// maxLatency keeps any tick far below 2^64 quanta: 2^32 events of 2^31 quanta.
const maxLatency = 1 << 31

// Validate refuses options that name no simulation.
func (o Options) Validate() error {
	if !slices.Contains([]string{EngineReference, EngineFast, EngineBatch, EngineAuto}, o.Engine) {
		return fmt.Errorf("sim.Options.Engine = %q; want %q, %q, %q or %q", o.Engine, EngineReference, EngineFast, EngineBatch, EngineAuto)
	}
	if !slices.Contains(bits.Available(), o.Path) {
		return fmt.Errorf("sim.Options.Path = %d; this build on this processor has %v", o.Path, bits.Available())
	}
	if o.Threads < 0 {
		return fmt.Errorf("sim.Options.Threads = %d; want 1 or more, 0 for 1", o.Threads)
	}
	if o.Scenario != ledger.SingleStream && o.Scenario != ledger.Offline {
		return fmt.Errorf("sim.Options.Scenario = %q; want %q or %q", o.Scenario, ledger.SingleStream, ledger.Offline)
	}
	if o.Timing != TimingNone && o.Timing != TimingAnalytic && o.Timing != TimingCycle {
		return fmt.Errorf("sim.Options.Timing = %q; want %q, %q or %q", o.Timing, TimingNone, TimingAnalytic, TimingCycle)
	}
	if o.ConductanceSD1024 < 0 || o.ConductanceSD1024 > MostConductanceSD || o.ConductanceSD1024 > 0 && !o.Variation {
		return fmt.Errorf("sim.Options.ConductanceSD1024 = %d; want 1..%d with Variation, or 0 for the chip's own", o.ConductanceSD1024, MostConductanceSD)
	}
	if o.Workers < 1 {
		return fmt.Errorf("sim.Options.Workers = %d; want 1 or more", o.Workers)
	}
	for k, quanta := range o.Latencies {
		if quanta > maxLatency {
			return fmt.Errorf("sim.Options.Latencies: %s takes %d quanta; want at most %d", ledger.Kind(k), quanta, maxLatency)
		}
	}
	if o.Engine == EngineBatch {
		return o.ticksWanted()
	}
	return nil
}

// ticksWanted says what these options want of ticks, which batches do not have.
func (o *Options) ticksWanted() error {
	switch {
	case o.Timing != TimingNone:
		return fmt.Errorf("sim: timing %q needs the ticks themselves, which engine %q does not have; choose engine %q, or timing %q", o.Timing, EngineBatch, EngineFast, TimingNone)
	case o.Observe != nil:
		return fmt.Errorf("sim: an observer or a trace needs the ticks themselves, which engine %q does not have; choose engine %q", EngineBatch, EngineFast)
	}
	return nil
}

// tickEngine is the engine of the options where there are ticks.
func (o *Options) tickEngine(p *program) string {
	switch {
	case o.Engine != EngineAuto: // auto is batch at best, and batches have no ticks
		return o.Engine
	case canFast(p) != nil:
		return EngineReference
	}
	return EngineFast
}

// engine makes the engine of the options. tagged: several waves may be on the chip at
// once, and each event is charged to its own.
func (o *Options) engine(p *program, maxDelay int, tagged bool) (engine, error) {
	switch o.tickEngine(p) {
	case EngineReference:
		return newReference(p, maxDelay, o.Seed), nil
	case EngineBatch:
		return nil, fmt.Errorf("sim: engine %q runs samples and has no ticks to step through; choose engine %q", EngineBatch, EngineFast)
	}
	return newFast(p, maxDelay, o, tagged, true)
}

// timing makes the timing model of the options, nil for none.
func (o *Options) timing(p *program) (timing, error) {
	switch o.Timing {
	case TimingAnalytic:
		return newAnalytic(p, &o.Latencies), nil
	case TimingCycle:
		m, err := newCycle(p, &o.Latencies)
		if err != nil {
			return nil, err // not a nil *cycle in a timing that is not nil
		}
		return m, nil
	}
	return nil, nil
}
