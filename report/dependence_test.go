package report

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

func TestEveryKindSaysWhatItFollows(t *testing.T) {
	for k, f := range follows {
		if f.what == "" || f.why == "" {
			t.Errorf("%s follows %q because %q", ledger.Kind(k), f.what, f.why)
		}
	}
}

// silent is what a run without a spike counts, kind by kind: what moves with
// spikes is gone, every evaluated column idles, and under a fixed tick every
// quantum is waited. On a barrier chip the length of a silent tick is not in
// the record, so only waiting, whose price is static, is kept.
func silent(run *ledger.Run, chip *hwmodel.Chip) eventsOf {
	kept := eventsOf{}
	add := func(to, from ledger.Kind) {
		for _, s := range run.PerSample {
			if s.Kind != from.String() {
				continue
			}
			if kept[to] == nil {
				kept[to] = make([]uint64, run.Samples)
			}
			for i := range run.Samples {
				kept[to][i] += s.At(i)
			}
		}
	}
	for _, k := range []ledger.Kind{
		ledger.PsumSend, ledger.PsumHop, ledger.ADCConversion, ledger.ControlSpike, ledger.OutputScore, ledger.StateReset,
		ledger.Barrier, ledger.ConfigWrite, ledger.CoreTick, ledger.NeuronIdle, ledger.CoreWaiting,
	} {
		add(k, k)
	}
	add(ledger.NeuronIdle, ledger.NeuronTouched)
	if chip.Capabilities.Tick.Kind == hwmodel.TickFixed {
		add(ledger.CoreWaiting, ledger.CoreBusy)
	}
	return kept
}

func TestIndependentShareIsThatOfASilentRun(t *testing.T) {
	busy := toyChip(t)
	busy.Prices[ledger.CoreBusy] = busy.Prices[ledger.RowRead]         // 4 pJ, marginal
	busy.Prices[ledger.CoreWaiting] = busy.Prices[ledger.CoreTick]     // static
	busy.Prices[ledger.CoreWaiting].Nominal = 0.25 * hwmodel.Picojoule // and cheaper
	for name, chip := range map[string]*hwmodel.Chip{"unit": loadChip(t, "unit"), "toy": toyChip(t), "busy": busy} {
		for seed := range uint64(50) {
			run := randomRun(chip, rand.New(rand.NewPCG(seed, 2)))
			for _, boundary := range hwmodel.Boundaries {
				o := EnergyOptions{UsedCores, boundary}
				all, err := PriceRun(run, chip, o)
				if err != nil {
					t.Fatal(err)
				}
				rest, err := PriceRun(zeroTimed(newRun(chip, run.Samples, silent(run, chip))), chip, o)
				if err != nil {
					t.Fatal(err)
				}
				if want := rest.Nominal / all.Nominal; !near(all.ActivityIndependentShare, want) {
					t.Errorf("%s, seed %d, %s: share %g; want %g, that of the run without spikes", name, seed, boundary, all.ActivityIndependentShare, want)
				}
			}
		}
	}
}

// 3 touched and 5 idle columns: at 2 and 1 pJ all 8 pay 1 pJ whatever happens;
// at 2 and 4 pJ all 8 pay 2. 1 score at 0, 10 hops at 3 pJ follow the spikes,
// 2 core ticks at 20 pJ are static.
func TestCheaperOfTouchedAndIdleIsIndependent(t *testing.T) {
	for _, c := range []struct{ idle, fixed, total float64 }{
		{1, 8 + 40, 6 + 5 + 30 + 40},
		{2, 16 + 40, 6 + 10 + 30 + 40},
		{4, 16 + 40, 6 + 20 + 30 + 40},
		{0, 40, 6 + 30 + 40},
	} {
		chip := toyChip(t)
		chip.Prices[ledger.NeuronIdle].Nominal = c.idle * hwmodel.Picojoule
		run := newRun(chip, 1, eventsOf{ledger.NeuronTouched: {3}, ledger.NeuronIdle: {5}, ledger.HopX: {10}, ledger.CoreTick: {2}})
		e, err := PriceRun(run, chip, EnergyOptions{UsedCores, hwmodel.BoundaryChip})
		if err != nil {
			t.Fatal(err)
		}
		if want := c.fixed / c.total; !near(e.ActivityIndependentShare, want) {
			t.Errorf("idle at %g pJ: share %g; want %g", c.idle, e.ActivityIndependentShare, want)
		}
	}
}

// The CSV alone gives the energy back: counts times prices.
func TestCSVHoldsTheEnergy(t *testing.T) {
	chip := loadChip(t, "unit") // 1 pJ an event
	run := randomRun(chip, rand.New(rand.NewPCG(1, 3)))
	header, rows := readCSV(t, run, chip, EnergyOptions{UsedCores, hwmodel.BoundaryHost})
	kinds := ledger.KindNames()
	if got, want := fmt.Sprint(header[5:]), fmt.Sprint(kinds); got != want {
		t.Fatalf("columns %s; want every kind in the ledger's order: %s", got, want)
	}
	for i, row := range rows {
		sum := 0.0
		for _, n := range row[5:] {
			sum += n
		}
		if joules := row[1] / pJ; !(joules > sum-1e-6 && joules < sum+1e-6) {
			t.Errorf("sample %d: %g pJ; its events are %g", i, joules, sum)
		}
	}
}
