package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// overrunWords begin the violation of a fixed tick that was too short.
const overrunWords = "tick overrun"

// Retick is the run as if it had been simulated with the chip's tick. The length
// of a fixed tick changes no event and no work, only how long cores wait; so it
// may be chosen after the simulation, if the chips differ in tick.quanta alone and
// every tick of the run fits. The hash of the layout stays: it names the image
// that was simulated. A run of the chip's own capabilities is handed back as it is.
func Retick(run *ledger.Run, chip *hwmodel.Chip) (*ledger.Run, error) {
	if run.Capabilities == chip.Capabilities.Hash() {
		return run, nil
	}
	if !chip.Capabilities.DiffersInTick(run.Capabilities, run.Timing.Tick) { // without timing a run has no tick
		return nil, otherKind(run, chip)
	}
	to := chip.Capabilities.Tick.Quanta
	if err := fits(run, to); err != nil {
		return nil, err
	}
	moved := *run
	moved.Capabilities = chip.Capabilities.Hash()
	moved.Violations = slices.DeleteFunc(slices.Clone(run.Violations), isOverrun)
	moved.Timing = retimed(run.Timing, to)
	if err := rewait(&moved, run, to); err != nil {
		return nil, err
	}
	return &moved, moved.Validate()
}

// fits refuses a tick that the run's work does not fit, and one of which there
// would be too many quanta to count.
func fits(run *ledger.Run, to uint64) error {
	length := func(quanta uint64) string {
		return fmt.Sprintf("%s (%s quanta)", SI(float64(quanta)*float64(run.Timing.QuantumPS)*picosecond, "s"), Count(quanta))
	}
	if run.Timing.Longest > to {
		return fmt.Errorf("a tick of %s is too short for this run: its longest tick takes %s of work; choose a tick at least as long",
			length(to), length(run.Timing.Longest))
	}
	if to > math.MaxUint64/max(1, run.Ticks.Total)/uint64(max(1, run.CoresChip)) {
		return fmt.Errorf("%s ticks of %s on %s cores are beyond counting; choose a shorter tick", Count(run.Ticks.Total), length(to), Count(run.CoresChip))
	}
	for _, quanta := range append([]uint64{run.Timing.Total}, run.Timing.PerSample...) {
		if from := run.Timing.Tick; quanta%from != 0 || quanta/from > run.Ticks.Total {
			return fmt.Errorf("run record: a time of %s quanta is not 0..%s ticks of %s; simulate again", Count(quanta), Count(run.Ticks.Total), Count(from))
		}
	}
	return nil
}

func isOverrun(v ledger.Violation) bool { return strings.HasPrefix(v.What, overrunWords) }

// retimed stretches every time that is a whole number of ticks. What happens
// within a tick, the longest work and the routers' packets, stays.
func retimed(t ledger.Timing, to uint64) ledger.Timing {
	t.PerSample = slices.Clone(t.PerSample)
	for i := range t.PerSample {
		t.PerSample[i] = t.PerSample[i] / t.Tick * to
	}
	t.Total = t.Total / t.Tick * to
	t.Tick = to
	return t
}

// rewait fills in what is left of ticks of the new length: by core, by sample,
// and outside samples.
func rewait(moved, run *ledger.Run, to uint64) error {
	short := false
	wait := func(c *ledger.Counts) uint64 {
		all := c[ledger.CoreTick] * to
		short = short || c[ledger.CoreTick] > math.MaxUint64/to || all < c[ledger.CoreBusy]
		return all - c[ledger.CoreBusy]
	}
	moved.Cores = slices.Clone(run.Cores)
	for i := range moved.Cores {
		moved.Cores[i][ledger.CoreWaiting] = wait(&moved.Cores[i])
	}
	moved.Outside[ledger.CoreWaiting] = wait(&moved.Outside)
	waits := make([]uint64, run.Samples)
	for i := range waits {
		var c ledger.Counts
		for _, s := range run.PerSample {
			if k, _ := ledger.KindByName(s.Kind); k == ledger.CoreTick || k == ledger.CoreBusy {
				c[k] = s.At(i)
			}
		}
		waits[i] = wait(&c)
	}
	moved.PerSample = withSeries(run.PerSample, ledger.CoreWaiting, waits)
	if short {
		return fmt.Errorf("run record: cores are busy for longer than their ticks last; simulate again")
	}
	return nil
}

// withSeries replaces the series of the last kind, in the form a simulation
// writes: one count for all samples that agree, and none if it is zero.
func withSeries(list []ledger.SampleSeries, last ledger.Kind, counts []uint64) []ledger.SampleSeries {
	list = slices.DeleteFunc(slices.Clone(list), func(s ledger.SampleSeries) bool { return s.Kind == last.String() })
	if len(counts) > 0 && !slices.ContainsFunc(counts, func(n uint64) bool { return n != counts[0] }) {
		counts = counts[:1]
	}
	if len(counts) > 1 || len(counts) == 1 && counts[0] != 0 {
		list = append(list, ledger.SampleSeries{Kind: last.String(), Counts: counts})
	}
	return list
}
