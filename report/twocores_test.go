package report_test

import (
	"context"
	"math"
	"testing"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// twoCores is one layer of two neurons on core 0 and one score on core 1, a hop
// apart; the chip has a third core, which holds nothing.
const twoCores = `
chip twocores ternary axons 2 neurons 2 mesh 3x1 tile 1x1 gate on
inputs 2
layer hidden 2
readout class 1
ticks 2 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from input/1
row 0 +-
row 1 +0
column 0 spike >= 2 reset clear level 0 is hidden/0 to 1:0@1
column 1 spike >= 0 reset clear level 0 is hidden/1 to 1:1@1
core 1 at 1,0
axon 0 from hidden/0
axon 1 from hidden/1
row 0 +0
row 1 -0
column 0 score leak 3 level 1 is class/0
input 0 to 0:0
input 1 to 0:1
output 0 from 1:0
`

// samples is input bits in memory.
type samples [][]int

func (s samples) Len() int { return len(s) }

func (s samples) Bits(i int, dst encode.Bits) {
	for j, bit := range s[i] {
		dst.Put(j, bit == 1)
	}
}

// Three samples by hand. Core 0 has hidden 0 = [x0 + x1 >= 2] and hidden 1 =
// [-x0 >= 0]; core 1 scores 3 + hidden 0 - hidden 1.
//
//	sample 11, tick 0: 2 inputs are written and read; rows "+-" and "+0": 2 rows of
//	  2 columns × 2 bits = 8 bits, 3 synaptic ops. Hidden 0 sums to 2 and fires,
//	  hidden 1 to -1: 2 touched, 1 spike, 1 packet over 1 hop, 1 write at core 1.
//	  tick 1: 1 read, 1 row, 4 bits, 1 op, 1 touched, 1 score.
//	sample 01, tick 0: 1 input, write, read, row "+0" of 4 bits, 1 op. Hidden 0 sums
//	  to 1, hidden 1 received nothing and fires at 0 >= 0: 1 touched, 1 idle, 1
//	  spike, 1 packet, 1 hop, 1 write.
//	  tick 1: 1 read, 1 row, 4 bits, 1 op, 1 touched, 1 score.
//	sample 10, tick 0: 1 input, write, read, row "+-" of 4 bits, 2 ops, sums 1 and
//	  -1: 2 touched, no spike.
//	  tick 1: the score's column is idle, 1 score.
//
//	kind           events of the three   price    pJ
//	input_spike    2 + 1 + 1     =  4     2        8
//	axon_write     3 + 2 + 1     =  6     3       18
//	axon_read      3 + 2 + 1     =  6     5       30
//	row_read       3 + 2 + 1     =  6     7       42
//	bits_read      12 + 8 + 4    = 24    11      264
//	synaptic_op    4 + 2 + 2     =  8    13      104
//	neuron_touched 3 + 2 + 2     =  7    17      119
//	neuron_idle    0 + 1 + 1     =  2    19       38
//	spike_emitted  1 + 1 + 0     =  2    23       46
//	packet_core    1 + 1 + 0     =  2    29       58
//	hop_x          1 + 1 + 0     =  2    31       62
//	output_score   1 + 1 + 1     =  3    37      111
//	                                      sum    900, 300 an inference
//
// Static: core_tick takes 101 pJ, 97 to 103. One at a time an inference holds the
// chip for 2 ticks, overlapped for 1, the interval between two inputs:
//
//	single stream, used cores:  300 + 2 cores × 2 ticks × 101 = 704, 688 to 712
//	single stream, whole chip:  300 + 3 cores × 2 ticks × 101 = 906, 882 to 918
//	offline,       used cores:  300 + 2 cores × 1 tick  × 101 = 502, 494 to 506
//	offline,       whole chip:  300 + 3 cores × 1 tick  × 101 = 603, 591 to 609
//
// Offline the run has 4 ticks and the last one, the drain, belongs to no sample: 2 ×
// 101 = 202 pJ apart, 303 with the unused core. The whole run is 900 + 6 ticks × 2 ×
// 101 = 2112 or 900 + 6 × 3 × 101 = 2718 pJ one at a time, and 900 + 4 × 2 × 101 =
// 1708 or 900 + 4 × 3 × 101 = 2112 pJ overlapped.
func TestTwoCoresByHand(t *testing.T) {
	chip := load(t, "testdata/twocores.yaml")
	l, err := layout.ParseText(twoCores)
	if err != nil {
		t.Fatal(err)
	}
	l.Capabilities = chip.Capabilities
	if err := l.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		scenario           ledger.Scenario
		scope              report.Scope
		nominal, low, high float64 // pJ an inference
		apart, run         float64 // pJ
	}{
		{ledger.SingleStream, report.UsedCores, 704, 688, 712, 0, 2112},
		{ledger.SingleStream, report.WholeChip, 906, 882, 918, 0, 2718},
		{ledger.Offline, report.UsedCores, 502, 494, 506, 202, 1708},
		{ledger.Offline, report.WholeChip, 603, 591, 609, 303, 2112},
	} {
		o := sim.DefaultOptions()
		o.Scenario, o.Timing, o.Latencies = c.scenario, sim.TimingAnalytic, chip.Latencies()
		m, err := sim.New(l, o)
		if err != nil {
			t.Fatal(err)
		}
		run, err := m.Run(context.Background(), samples{{1, 1}, {0, 1}, {1, 0}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := report.New(report.Subject{Run: run, Chip: chip, Layout: l}, report.Options{Energy: report.EnergyOptions{Scope: c.scope, Boundary: hwmodel.BoundaryHost}})
		if err != nil {
			t.Fatal(err)
		}
		e := r.Energy
		for _, f := range []struct {
			name      string
			got, want float64 // pJ
		}{
			{"nominal", e.Nominal, c.nominal}, {"low", e.Low, c.low}, {"high", e.High, c.high},
			{"apart", e.Outside.Nominal, c.apart}, {"run", e.Run.Nominal, c.run}, {"roll-up", r.Rollup.Joules.Nominal, c.run},
			{"always on", e.ActivityIndependentShare * e.Nominal, c.nominal - 300 + (7*17+2*17+111)/3.0}, // of 9 updates each at least 17, and every score
		} {
			if math.Abs(f.got/hwmodel.Picojoule-f.want) > 1e-9 {
				t.Errorf("%s %s: %s is %.10g pJ, want %g", c.scenario, c.scope, f.name, f.got/hwmodel.Picojoule, f.want)
			}
		}
		for _, cover := range r.Covers { // the same four stand in every report of the scenario
			if cover.Scope == c.scope && cover.Boundary == hwmodel.BoundaryHost && cover.Energy != e.Interval {
				t.Errorf("%s %s: listed as %+v", c.scenario, c.scope, cover.Energy)
			}
		}
	}
}

// On unit every joule is an event: the whole report of a simulated run, and every
// node of its roll-up, are sums of the ledger's counts, 1 pJ each.
func TestOnUnitEveryJouleIsAnEvent(t *testing.T) {
	b := newBench(t, "unit")
	for _, o := range everyOption(b) {
		if o.Timing == sim.TimingNone {
			continue // unit prices quanta, which nobody would have counted
		}
		run := b.simulate(t, o)
		total := run.Total()
		for _, scope := range report.Scopes {
			r, err := report.New(report.Subject{Run: run, Chip: b.chip, Network: b.net, Layout: b.l}, report.Options{Energy: report.EnergyOptions{Scope: scope, Boundary: hwmodel.BoundaryHost}})
			if err != nil {
				t.Fatal(err)
			}
			events := total.Sum()
			if scope == report.WholeChip { // a core tick and the quanta of every tick, for every unused core
				events += uint64(run.CoresChip-run.CoresUsed) * (run.Ticks.Total + run.Timing.Total)
			}
			wantEvents(t, "run", r.Energy.Run, events)
			if counted := eventsIn(t, r.Rollup); counted != events {
				t.Errorf("%s %s %s: the roll-up holds %d events, the ledger %d", o.Scenario, o.Timing, scope, counted, events)
			}
			outside := uint64(math.Round(r.Energy.Outside.Nominal / hwmodel.Picojoule))
			wantEvents(t, "samples", report.Interval{
				Nominal: r.Energy.Nominal * float64(run.Samples), Low: r.Energy.Low * float64(run.Samples), High: r.Energy.High * float64(run.Samples),
			}, events-outside)
			leaves := uint64(0)
			for _, leaf := range r.Energy.Leaves {
				leaves += leaf.Count
			}
			if leaves != events-outside || scope == report.UsedCores && outside != run.Outside.Sum() {
				t.Errorf("%s %s %s: %d events in leaves and %d outside, %d in all", o.Scenario, o.Timing, scope, leaves, outside, events)
			}
			if r.Energy.LowerBound || r.Energy.MonteCarlo.P97_5 != r.Energy.Nominal {
				t.Errorf("%s %s %s: lower bound %v, draws %+v of exact prices", o.Scenario, o.Timing, scope, r.Energy.LowerBound, r.Energy.MonteCarlo)
			}
		}
	}
}

// wantEvents compares joules with events of 1 pJ; 1e-12 is the rounding of sums.
func wantEvents(t *testing.T, what string, got report.Interval, events uint64) {
	t.Helper()
	want := float64(events) * hwmodel.Picojoule
	for _, joules := range []float64{got.Nominal, got.Low, got.High} {
		if math.Abs(joules-want) > 1e-12*want {
			t.Errorf("%s: %g J, want %d events of 1 pJ", what, joules, events)
		}
	}
}

// eventsIn counts a node's events, and checks that its joules are as many.
func eventsIn(t *testing.T, n *report.Node) uint64 {
	t.Helper()
	sum := uint64(0)
	for _, e := range n.Events {
		sum += e.Value
	}
	for i := range n.Parts {
		sum += eventsIn(t, &n.Parts[i])
	}
	wantEvents(t, n.Name, n.Joules, sum)
	return sum
}
