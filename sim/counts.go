package sim

import (
	"fmt"
	"slices"

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

// countTable is the counts of many, of samples or of cores, kind by kind.
type countTable [ledger.NumKinds][]uint64

func newCountTable(rows int) *countTable {
	var t countTable
	for k := range t {
		t[k] = make([]uint64, rows)
	}
	return &t
}

// put sets the counts of row i.
func (t *countTable) put(i int, c *ledger.Counts) {
	for k, n := range c {
		t[k][i] = n
	}
}

// at is the counts of row i.
func (t *countTable) at(i int) (c ledger.Counts) {
	for k := range t {
		c[k] = t[k][i]
	}
	return c
}

// stretch is so many rows from the first one on. They stay those of the table.
func (t *countTable) stretch(first, rows int) *countTable {
	var part countTable
	for k := range t {
		part[k] = t[k][first:][:rows:rows]
	}
	return &part
}

// series makes the columns of a run record out of samples: one for every kind that any
// sample has, one entry if all samples agree.
func (t *countTable) series() []ledger.SampleSeries {
	list := []ledger.SampleSeries{}
	for k, counts := range t {
		if len(counts) == 0 {
			continue
		}
		first := counts[0]
		if !slices.ContainsFunc(counts, func(n uint64) bool { return n != first }) {
			counts = []uint64{first}
		}
		if len(counts) > 1 || first != 0 {
			list = append(list, ledger.SampleSeries{Kind: ledger.Kind(k).String(), Counts: counts})
		}
	}
	return list
}
