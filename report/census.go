package report

import (
	"fmt"
	"math"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// census is what a run counts under a scope. The cores of the run are taken as
// they are; under WholeChip every unused core adds its core ticks and, where
// time was modelled, its waiting quanta.
type census struct {
	run     *ledger.Run
	series  []series
	unused  uint64 // cores the scope adds
	samples ledger.Counts
	outside ledger.Counts // fill, drain, idle ticks: of no sample
	idle    ledger.Counts // what the unused cores add, contained in samples and outside
}

// series is ledger.SampleSeries with its kind looked up.
type series struct {
	kind ledger.Kind
	ledger.SampleSeries
}

// newCensus checks the run and that it belongs to the chip, or would with
// another length of its ticks; then it is taken as if it had that one.
func newCensus(run *ledger.Run, chip *hwmodel.Chip, scope Scope) (*census, error) {
	if err := run.Validate(); err != nil {
		return nil, err
	}
	if err := checkTimes(run); err != nil {
		return nil, err
	}
	run, err := Retick(run, chip)
	if err != nil {
		return nil, err
	}
	c := &census{run: run, outside: run.Outside}
	if scope == WholeChip {
		c.unused = uint64(run.CoresChip - run.CoresUsed)
	}
	for _, s := range run.PerSample {
		kind, _ := ledger.KindByName(s.Kind) // Validate knows it
		c.series = append(c.series, series{kind, s})
	}
	for i := range run.Samples {
		counts := c.sample(i)
		c.samples.Add(&counts)
	}
	c.addUnused()
	return c, nil
}

// otherKind refuses prices of another kind of chip: the counts of a run depend
// on what its chip can do.
func otherKind(run *ledger.Run, chip *hwmodel.Chip) error {
	if run.Chip == chip.Name {
		return fmt.Errorf("the run was simulated on a chip %q of other capabilities (%s) than this one (%s); give the chip file or the --tick it was compiled for, or compile the network again",
			run.Chip, short(run.Capabilities), short(chip.Capabilities.Hash()))
	}
	return fmt.Errorf("the run was simulated on chip %q (capabilities %s) and cannot be priced as %q (capabilities %s); compile the network again for %q",
		run.Chip, short(run.Capabilities), chip.Name, short(chip.Capabilities.Hash()), chip.Name)
}

// short keeps the start of a hash, enough to tell two apart.
func short(hash string) string { return hash[:min(len(hash), len("sha256:")+12)] }

// checkTimes refuses a record whose ticks, cores and samples cannot be.
func checkTimes(run *ledger.Run) error {
	ticks, samples := run.Ticks, uint64(run.Samples)
	switch {
	case run.Samples == 0:
		return fmt.Errorf("run record: it holds no samples, so nothing can be said per inference; simulate at least one")
	case run.CoresUsed < 1 || run.CoresUsed > run.CoresChip:
		return fmt.Errorf("run record: %d used cores of %d; want 1..%d; simulate again", run.CoresUsed, run.CoresChip, run.CoresChip)
	case ticks.InitiationInterval > ticks.Total/samples:
		return fmt.Errorf("run record: %d samples at %d ticks each in %d ticks; simulate again", samples, ticks.InitiationInterval, ticks.Total)
	case uint64(run.CoresChip) > math.MaxUint64/max(1, ticks.Total, run.Timing.Total):
		return fmt.Errorf("run record: %d ticks of %d cores are beyond counting; simulate again", ticks.Total, run.CoresChip)
	case timed(run) && len(run.Timing.PerSample) != run.Samples:
		return fmt.Errorf("run record: %d latencies for %d samples; simulate again", len(run.Timing.PerSample), run.Samples)
	case timed(run) && run.Timing.QuantumPS < 1:
		return fmt.Errorf("run record: quantum_ps is %d; want at least 1; simulate again", run.Timing.QuantumPS)
	}
	return nil
}

// timed tells whether the run has a timing model, so that quanta were counted.
func timed(run *ledger.Run) bool { return run.Timing.Model != "none" }

// sample gives the counts of one sample, unused cores included.
func (c *census) sample(i int) ledger.Counts {
	var counts ledger.Counts
	for _, s := range c.series {
		counts[s.kind] = s.At(i)
	}
	if c.unused > 0 {
		waiting := c.interval(&counts)
		counts[ledger.CoreTick] += c.unused * c.run.Ticks.InitiationInterval
		counts[ledger.CoreWaiting] += c.unused * waiting
	}
	return counts
}

// interval is how many quanta belong to a sample: from its start to the start
// of the next. A fixed tick has a fixed length; on a barrier chip every used
// core is busy or waits in every quantum, so their sum tells. Counts are those
// of the used cores.
func (c *census) interval(counts *ledger.Counts) uint64 {
	switch {
	case !timed(c.run):
		return 0
	case c.run.Timing.Tick > 0:
		return c.run.Ticks.InitiationInterval * c.run.Timing.Tick
	}
	return (counts[ledger.CoreBusy] + counts[ledger.CoreWaiting]) / uint64(c.run.CoresUsed)
}

// addUnused charges the rest of the run's ticks and quanta of unused cores to
// no sample.
func (c *census) addUnused() {
	if c.unused == 0 {
		return
	}
	used := c.run.Total()
	all := c.unused * c.run.Ticks.Total
	c.idle[ledger.CoreTick] = all
	c.outside[ledger.CoreTick] += all - c.unused*c.run.Ticks.InitiationInterval*uint64(c.run.Samples)
	if !timed(c.run) {
		return
	}
	ofSamples := c.samples[ledger.CoreWaiting] - (used[ledger.CoreWaiting] - c.run.Outside[ledger.CoreWaiting])
	c.idle[ledger.CoreWaiting] = max(ofSamples, c.unused*c.run.Timing.Total)
	c.outside[ledger.CoreWaiting] += c.idle[ledger.CoreWaiting] - ofSamples
}

// total is everything the scope counts.
func (c *census) total() ledger.Counts {
	sum := c.samples
	sum.Add(&c.outside)
	return sum
}
