package sim

import (
	"fmt"

	"tritloom/ledger"
)

// noWave is whom events outside every wave are charged to.
const noWave = -1

// tally holds all counts of an engine: what happened in this tick by core,
// since the beginning by core, and by wave. Every event enters once, through
// charge, so the two ways of adding agree by construction.
type tally struct {
	tick    []ledger.Counts // [core], this tick
	cores   []ledger.Counts // [core], all ticks closed so far
	outside ledger.Counts   // events of no wave
	first   int32           // number of waves[0]
	waves   []*ledger.Counts
}

func newTally(cores int) *tally {
	return &tally{tick: make([]ledger.Counts, cores), cores: make([]ledger.Counts, cores)}
}

// openWave starts to collect for the next wave.
func (t *tally) openWave() { t.waves = append(t.waves, new(ledger.Counts)) }

// closeWave gives what the oldest wave has collected.
func (t *tally) closeWave() ledger.Counts {
	counts := *t.waves[0]
	t.waves = t.waves[1:]
	t.first++
	return counts
}

// charge counts n events of a kind at a core, for a wave or for none.
func (t *tally) charge(core int, wave int32, kind ledger.Kind, n uint64) {
	t.tick[core][kind] += n
	if wave == noWave {
		t.outside[kind] += n
		return
	}
	if i := wave - t.first; i < 0 || int(i) >= len(t.waves) {
		panic(fmt.Sprintf("sim: %s charged to wave %d; open are %d from %d", kind, wave, len(t.waves), t.first))
	}
	t.waves[wave-t.first][kind] += n
}

// chargeTick counts what a tick costs whatever happens in it. A barrier is one
// event of the whole chip and stands in the row of core 0.
func (t *tally) chargeTick(owner int32, barrier bool) {
	for c := range t.tick {
		t.charge(c, owner, ledger.CoreTick, 1)
	}
	if barrier {
		t.charge(0, owner, ledger.Barrier, 1)
	}
}

// forgetWaves starts numbering waves anew, as a run on an empty chip does.
func (t *tally) forgetWaves() { t.first, t.waves = 0, nil }

// closeTick moves the tick's counts to the totals.
func (t *tally) closeTick() {
	for c := range t.tick {
		t.cores[c].Add(&t.tick[c])
		t.tick[c] = ledger.Counts{}
	}
}

// series turns the counts of samples into the columns of a run record: one for
// every kind that any sample has, one entry if all samples agree.
func series(samples []ledger.Counts) []ledger.SampleSeries {
	list := []ledger.SampleSeries{}
	for k := range ledger.Kind(ledger.NumKinds) {
		counts := make([]uint64, len(samples))
		any, equal := false, true
		for i := range samples {
			counts[i] = samples[i][k]
			any = any || counts[i] != 0
			equal = equal && counts[i] == counts[0]
		}
		if !any {
			continue
		}
		if equal {
			counts = counts[:1]
		}
		list = append(list, ledger.SampleSeries{Kind: k.String(), Counts: counts})
	}
	return list
}
