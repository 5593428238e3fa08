package sim

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Timing models.
const (
	TimingNone     = "none"     // spikes and counts only
	TimingAnalytic = "analytic" // length of every tick from its event counts
)

// Options tunes a simulation. Start from DefaultOptions and change fields.
type Options struct {
	// Engine is EngineReference, EngineFast or EngineBatch. It never changes a result,
	// only how long it takes and what is refused.
	Engine string
	// Seed starts the random generators of stochastic neurons, one a core.
	Seed uint64
	// Scenario says how waves follow each other.
	Scenario ledger.Scenario
	// Timing is TimingNone or TimingAnalytic. It never changes a spike or an
	// activity count.
	Timing string
	// Latencies is how many quanta an event of each kind takes; analytic only.
	Latencies hwmodel.Latencies
	// Workers is how many samples may be simulated at once, where samples are
	// independent of each other. It never changes a result.
	Workers int
}

// DefaultOptions simulates one wave at a time, without timing, on one thread.
func DefaultOptions() Options {
	return Options{Engine: EngineReference, Seed: 1, Scenario: ledger.SingleStream, Timing: TimingNone, Workers: 1}
}

// maxLatency keeps any tick far below 2^64 quanta: 2^32 events of 2^31 quanta.
const maxLatency = 1 << 31

// Validate refuses options that name no simulation.
func (o Options) Validate() error {
	if o.Engine != EngineReference {
		return fmt.Errorf("sim.Options.Engine = %q; want %q", o.Engine, EngineReference)
	}
	if o.Scenario != ledger.SingleStream && o.Scenario != ledger.Offline {
		return fmt.Errorf("sim.Options.Scenario = %q; want %q or %q", o.Scenario, ledger.SingleStream, ledger.Offline)
	}
	if o.Timing != TimingNone && o.Timing != TimingAnalytic {
		return fmt.Errorf("sim.Options.Timing = %q; want %q or %q", o.Timing, TimingNone, TimingAnalytic)
	}
	if o.Workers < 1 {
		return fmt.Errorf("sim.Options.Workers = %d; want 1 or more", o.Workers)
	}
	for k, quanta := range o.Latencies {
		if quanta > maxLatency {
			return fmt.Errorf("sim.Options.Latencies: %s takes %d quanta; want at most %d", ledger.Kind(k), quanta, maxLatency)
		}
	}
	return nil
}

// engine makes the engine of the options.
func (o *Options) engine(p *program, maxDelay int) (engine, error) {
	return newReference(p, maxDelay, o.Seed), nil
}

// timing makes the timing model of the options, nil for none.
func (o *Options) timing(p *program) (timing, error) {
	if o.Timing == TimingAnalytic {
		return newAnalytic(p, &o.Latencies), nil
	}
	return nil, nil
}
