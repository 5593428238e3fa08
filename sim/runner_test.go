package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// TestRunnerIsTheStepper runs chips blindly and compares sums and potentials with
// stepping; cores sleep most here.
func TestRunnerIsTheStepper(t *testing.T) {
	cases := 400
	if testing.Short() {
		cases = 50
	}
	for i := range cases {
		r := seed.Sub(2, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 6, axons: 20, columns: 20})
		l.Capabilities.Host.WaveGate, l.Schedule.Steps = false, 0
		b := newBlindRace(t, r, fmt.Sprintf("case %d", i), l)
		for range 4 {
			if !b.advance(r.IntN(3), 1+r.IntN(60)) {
				break
			}
		}
	}
}

// TestRunnerIsTheStepperInLanes does the same on whole cores that may take the short
// way, driven hard enough to be thrown out of it. Half of the chips are taken for large.
func TestRunnerIsTheStepperInLanes(t *testing.T) {
	cases := 60
	if testing.Short() {
		cases = 20
	}
	var inside, narrow, struck, able int
	for i := range cases {
		r := seed.Sub(5, seed.TestNetwork, i)
		b := newBlindRace(t, r, fmt.Sprintf("case %d", i), laneChip(r))
		for _, runner := range b.runners {
			if e, ok := runner.engine.(*fast); ok {
				e.far = i%2 == 0
			}
		}
		for range 4 {
			if !b.advance([]int{0, 3, 200, 2000}[r.IntN(4)], 1+r.IntN(30)) {
				break
			}
			e := b.runners[0].engine.(*fast)
			for c := range e.state {
				if e.lanes == nil || !e.lanes.cores[c].able {
					continue
				}
				able++
				if e.inLane(c) {
					inside++
				}
				if e.inLane(c) && e.lanes.cores[c].narrow {
					narrow++
				}
				if e.lanes.cores[c].strikes > 0 {
					struck++
				}
			}
		}
	}
	t.Logf("of %d looks at cores with lanes %d find them inside, %d on 16 bits, %d thrown out before", able, inside, narrow, struck)
	if inside < able/3 {
		t.Errorf("%d of %d looks find a core in its lane; want many", inside, able)
	}
	if bits.Rows(bits.Best()).UpdateNarrow != nil && (narrow == 0 || struck == 0) {
		t.Errorf("%d looks find a core on 16 bits and %d one thrown out; want some of both", narrow, struck)
	}
}

// blindRace is runners of a chip and the stepper that they are held to.
type blindRace struct {
	t       *testing.T
	r       *rand.Rand
	name    string
	l       *layout.Layout
	stepper *Stepper
	counts  []ledger.Counts
	clipped uint64
	runners []*Runner
}

func newBlindRace(t *testing.T, r *rand.Rand, name string, l *layout.Layout) *blindRace {
	t.Helper()
	b := &blindRace{t: t, r: r, name: name, l: l, counts: make([]ledger.Counts, len(l.Cores))}
	o := raceOptions(r)
	o.Timing, o.Latencies = TimingNone, hwmodel.Latencies{}
	var err error
	if b.stepper, err = NewStepper(l, o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	enter := func(o Options) {
		made, err := NewRunner(l, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.runners = append(b.runners, made)
	}
	enter(o.with(EngineFast, bits.Best(), 1))
	for k := range 3 {
		path := bits.Available()[r.IntN(len(bits.Available()))]
		enter(o.with([]string{EngineFast, EngineAuto, EngineFast}[k], path, []int{1, 1, 2 << r.IntN(2)}[k]))
	}
	enter(o.with(EngineReference, bits.Best(), 1))
	return b
}

func (o Options) with(engine string, path bits.Path, threads int) Options {
	o.Engine, o.Path, o.Threads = engine, path, threads
	return o
}

// advance injects spikes and lets all run for some ticks; false after an error, which
// must be that of all, after as many ticks.
func (b *blindRace) advance(spikes, ticks int) bool {
	b.t.Helper()
	for range spikes {
		core, axon := b.r.IntN(len(b.l.Cores)), b.r.IntN(b.l.Capabilities.Core.Axons)
		for _, runner := range b.runners {
			if err := runner.Inject(core, axon); err != nil {
				b.t.Fatal(err)
			}
		}
		if err := b.stepper.Inject(core, axon, 0); err != nil {
			b.t.Fatal(err)
		}
	}
	var failed error
	done := uint64(0)
	for ; done < uint64(ticks) && failed == nil; done++ {
		var step Step
		if step, failed = b.stepper.Tick(); failed != nil {
			break
		}
		for c := range b.counts {
			b.counts[c].Add(&step.Counts[c])
		}
		b.clipped += step.Clipped
	}
	for k, runner := range b.runners {
		got, err := runner.Advance(context.Background(), uint64(ticks))
		if errorText(err) != errorText(failed) || got != done {
			b.fail(k, "%d ticks, error %v; want %d, %v", got, err, done, failed)
		}
		if failed == nil {
			b.compare(k, runner)
		}
	}
	return failed == nil
}

func (b *blindRace) compare(k int, runner *Runner) {
	b.t.Helper()
	if got := runner.Clipped(); got != b.clipped {
		b.fail(k, "%d conversions clipped; want %d", got, b.clipped)
	}
	for c, got := range runner.Counts() {
		if got != b.counts[c] {
			b.fail(k, "core %d:\n%s\nwant\n%s", c, countText(&got), countText(&b.counts[c]))
		}
		for n := range b.l.Cores[c].Columns {
			if want, got := b.stepper.Potential(c, n), runner.Potential(c, n); want != got {
				b.fail(k, "potential %d of core %d column %d; want %d", got, c, n, want)
			}
		}
	}
}

func (b *blindRace) fail(runner int, format string, args ...any) {
	b.t.Helper()
	b.t.Fatalf("%s, runner %d: %s\n%s", b.name, runner, fmt.Sprintf(format, args...), chipText(b.l))
}

// laneChip makes whole cores of plain neurons with one destination each, some of them
// firing without input; now and then a neuron that keeps its core out of its lane.
func laneChip(r *rand.Rand) *layout.Layout {
	caps := plainCapabilities
	caps.Core.Axons, caps.Core.Neurons = 200+r.IntN(100), 1+r.IntN(256)
	caps.Core.SynapseMode, caps.Core.SynapseBits, caps.Core.AxonTypes, caps.Core.WeightBits = hwmodel.TypedBinary, 1, 4, 9
	caps.Mesh = hwmodel.Mesh{Width: 3, Height: 2, TileWidth: 2, TileHeight: 1, Routing: "xy"}
	caps.Spikes = hwmodel.Spikes{Destinations: 2, DelayMaxTicks: 1 + r.IntN(4), AxonMerge: hwmodel.MergeOr}
	caps.Psum.Bits, caps.Host = 0, hwmodel.Host{}
	n := &caps.Neuron
	n.PotentialBits, n.ThresholdBits, n.LeakBits = 14+r.IntN(19), 14, 6
	n.Reset, n.Saturates = []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract}, r.IntN(4) > 0
	l := &layout.Layout{Chip: "lanes", Inputs: 1, Capabilities: caps, OutputBias: []int32{0}}
	l.Schedule = layout.Schedule{TicksPerInference: 1, InitiationInterval: 1, OutputTicks: 1}
	l.Layers, l.Readout = []layout.LayerLabel{{Name: "h", Neurons: 1}}, layout.LayerLabel{Name: "r", Neurons: 1}
	for c := range 3 + r.IntN(4) {
		core := layout.NewCore(caps.Core)
		core.X, core.Y = c%3, c/3
		l.Cores = append(l.Cores, core)
	}
	for c := range l.Cores {
		core, reset := &l.Cores[c], []layout.Reset{layout.Clear, layout.ToZero, layout.Subtract, layout.Subtract}[r.IntN(4)]
		weight, theta, leak := 1+r.Int32N([]int32{1, 100}[r.IntN(2)]), 1+r.Int32N(1<<(1+r.IntN(12))), r.Int32N(31)
		weights := [layout.AxonTypes]int32{weight, -weight, weight, 0}
		if r.IntN(3) == 0 { // down to the ends of any width
			weights[0], weights[1], weights[2] = -100, -100, -100
		}
		for n := range core.Columns {
			column := &core.Columns[n]
			if r.IntN(8) == 0 {
				continue
			}
			*column = layout.Column{
				Role: layout.Spiking, Reset: reset, Theta: theta, Leak: r.Int32N(2*leak+1) - leak, Psum: layout.NoLink,
				TypeWeights: weights, Dests: []layout.Dest{laneDest(r, l)},
			}
			if c == 0 && r.IntN(4) > 0 {
				column.Theta = column.Leak - r.Int32N(3) // drives the others
			}
		}
		if last := &core.Columns[len(core.Columns)-1]; last.Role == layout.Spiking && r.IntN(6) == 0 {
			last.Dests = nil
		}
		density := r.IntN(5)
		for a := range core.Axons {
			core.Axons[a] = layout.Axon{Type: uint8(r.IntN(3)), Label: layout.Label{Layer: layout.InputLabel}}
			for n := range core.Columns {
				core.Planes[0].Put(a, n, core.Columns[n].Role == layout.Spiking && r.IntN(8) < density)
			}
		}
	}
	if r.IntN(4) == 0 {
		makePairs(r, l)
		if r.IntN(3) == 0 {
			l.Capabilities.Core.ADCBits = 2 + r.IntN(6)
		}
	}
	return l
}

func laneDest(r *rand.Rand, l *layout.Layout) layout.Dest {
	return layout.Dest{
		Core: int32(r.IntN(len(l.Cores))), Axon: int32(r.IntN(l.Capabilities.Core.Axons)), Delay: 1 + r.Int32N(int32(l.Capabilities.Spikes.DelayMaxTicks)),
	}
}

// TestAdvanceStopsAndGoesOn stops runners by a context before and in the middle of their
// ticks; what they did until then and what they do after must make the whole.
func TestAdvanceStopsAndGoesOn(t *testing.T) {
	for i := range 10 {
		r := seed.Sub(6, seed.TestNetwork, i)
		b := newBlindRace(t, r, fmt.Sprintf("case %d", i), laneChip(r))
		for k, runner := range b.runners {
			over, cancel := context.WithCancel(context.Background())
			cancel()
			if done, err := runner.Advance(over, 5); done != 0 || err != context.Canceled {
				t.Errorf("runner %d: %d ticks and error %v of a context that is over; want none", k, done, err)
			}
			done, err := runner.Advance(&shortContext{Context: context.Background(), asked: 4}, 20)
			if err == nil || done == 0 || done >= 20 || runner.Ticks() != done {
				t.Fatalf("runner %d: %d ticks of 20, %d by its own count, error %v; want some and an error", k, done, runner.Ticks(), err)
			}
			runner.Counts()
			if _, err := runner.Advance(context.Background(), 20-done); err != nil && !strings.Contains(err.Error(), "leaves its") {
				t.Fatalf("runner %d: %v", k, err)
			}
			if runner.Ticks() != 20 {
				return // it failed, as others will
			}
		}
		for range 20 {
			step, err := b.stepper.Tick()
			if err != nil {
				t.Fatal(err)
			}
			for c := range b.counts {
				b.counts[c].Add(&step.Counts[c])
			}
		}
		for k, runner := range b.runners {
			b.compare(k, runner)
		}
	}
}

// shortContext is over after it was asked so many times.
type shortContext struct {
	context.Context
	asked int
}

func (c *shortContext) Err() error {
	if c.asked--; c.asked < 0 {
		return context.Canceled
	}
	return nil
}
