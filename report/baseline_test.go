package report

import (
	"math"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// toyNetwork has 10 weights, 6 not zero, 3 + 2 inputs, 2 neurons + 2 scores;
// rows of the toy chip hold 8 bits.
//
//	ternary: 2·10 + 5 = 25 bits, 4 rows: 16 + 10 additions + 8 = 34 pJ
//	int8:    80 + 40 = 120 bits, 15 rows: 60 + 10 MACs of 1 + 0.2 + 8 = 80 pJ
//	fp32:    320 + 160 = 480 bits, 60 rows: 240 + 10 MACs of 1 + 3.7 + 0.9 + 8 = 304 pJ
//
// and 80 pJ static each. Three spiking inferences take 357 pJ inside cores, of
// them 240 static and 12 for 12 neurons that would cost 1 pJ each if idle, so
// 105 with the activity; 24 synaptic ops on 6 synapses are 4/3 spikes a synapse.
// Break-even with ternary: 119 - 35 with activity, where fixed is 84; so
// 4/3 · (114 - 84)/35; int8: 4/3 · (160 - 84)/35; fp32: 4/3 · (384 - 84)/35. Operations above one a synapse
// are not those of the network, so the limit of one does not hold. The toy chip states no
// node, so the 0.2, 3.7 and 0.9 pJ of 45 nm stay; no bound is known of them.
func TestBaselineByHand(t *testing.T) {
	chip := toyChip(t)
	b, err := NewBaseline(toyRun(chip), chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	wantInterval(t, "spiking", b.Spiking, 119, 65, 227)
	if !near(b.SpikesPerSynapse, 4./3) || b.LowerBound || b.NoGated == "" || len(b.Engines) != 3 || b.SpikeRate != b.SpikesPerSynapse {
		t.Errorf("%g spikes a synapse, lower bound %v, gated left out %q, %d engines; want 4/3, false, a reason, 3", b.SpikesPerSynapse, b.LowerBound, b.NoGated, len(b.Engines))
	}
	for i, want := range []struct {
		name                  string
		bits                  uint64
		operations            float64
		nominal, low, high    float64
		ratio, breakEvenTimes float64
	}{
		{"ternary", 25, 10, 114, 8 + 10 + 4 + 40, 32 + 10 + 16 + 160, 114. / 119, 30. / 35},
		{"int8", 120, 10, 160, 30 + 12 + 4 + 40, 120 + 12 + 16 + 160, 160. / 119, 76. / 35},
		{"fp32", 480, 10, 384, 120 + 56 + 4 + 40, 480 + 56 + 16 + 160, 384. / 119, 300. / 35},
	} {
		e := b.Engines[i]
		wantInterval(t, want.name, e.Joules, want.nominal, want.low, want.high)
		if e.Name != want.name || e.BitsRead != want.bits || !near(e.Operations, want.operations) || e.Neurons != 4 {
			t.Errorf("engine %+v, want %+v", e, want)
		}
		if !near(e.Ratio, want.ratio) || e.BreakEven == nil || !near(*e.BreakEven, 4./3*want.breakEvenTimes) || e.NoBreakEven != "" {
			t.Errorf("%s: ratio %g, break-even %v; want %g, 4/3·%g", e.Name, e.Ratio, e.BreakEven, want.ratio, want.breakEvenTimes)
		}
	}
}

// sparseRun does each of the network's operations once at most: 3 of 6 synapses,
// 2 rows, 4 columns, 2 scores. Spikes take 2·4 + 3 + 3·2 + 1 + 4·20 = 98 pJ, of
// them 4·1 + 80 without a spike, so 14 with activity.
func sparseRun(chip *hwmodel.Chip) *ledger.Run {
	run := newRun(chip, 1, eventsOf{
		ledger.RowRead: {2}, ledger.SynapticOp: {3}, ledger.NeuronTouched: {3}, ledger.NeuronIdle: {1},
		ledger.OutputScore: {2}, ledger.CoreTick: {4},
	})
	run.Layers = []ledger.LayerSpikes{{Name: "hidden", Neurons: 2, Columns: 2, Spikes: 1}}
	return run
}

// Dense ternary takes 114 pJ: room of 114 - 84 = 30 is above twice 14, more than
// the 6 synapses can do, as int8's 76 and fp32's 300 are. With zeros gated it takes
// 16 + 3 + 8 + 80 = 107, of them 3 with activity: 0.5 · (104 - 84)/(14 - 3) =
// 0.91 spikes a synapse.
func TestZerosGated(t *testing.T) {
	chip := toyChip(t)
	b, err := NewBaseline(sparseRun(chip), chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	if b.NoGated != "" || len(b.Engines) != 4 || !near(b.SpikesPerSynapse, 0.5) {
		t.Fatalf("%d engines, gated left out %q, %g spikes a synapse; want 4, no reason, 0.5", len(b.Engines), b.NoGated, b.SpikesPerSynapse)
	}
	wantInterval(t, "spiking", b.Spiking, 98, 4+3+3+1+40, 16+3+12+1+160)
	for _, i := range []int{0, 2, 3} {
		if e := b.Engines[i]; e.BreakEven != nil || e.NoBreakEven != EvenUnreachable || e.even() != "not reachable" {
			t.Errorf("%s: break-even %v, %q; want none that a one-shot network reaches", e.Name, e.BreakEven, e.NoBreakEven)
		}
	}
	gated := b.Engines[1]
	wantInterval(t, gated.Name, gated.Joules, 107, 8+3+4+40, 32+3+16+160)
	if gated.Name != "ternary, zeros gated" || gated.Operations != 3 || gated.BitsRead != 25 || gated.BreakEven == nil || !near(*gated.BreakEven, 0.5*20/11) {
		t.Errorf("gated engine %+v, want 3 operations, 25 bits, break-even 10/11", gated)
	}
}

// Four steps, so counts of 0 to 4 in 3 bits: 2·10 + 3·5 = 35 bits are 5 rows, 20 pJ;
// with 10 additions and 8 pJ for neurons that is 38 pJ, and 58 if each addition is done
// bit by bit. The run is the sparse one, with an input every 5 ticks: 84 pJ fixed, of
// them 80 static, and 14 that follow 0.5 spikes a synapse. Shown once, the input takes
// 5 - 3 = 2 ticks: 80·2/5 = 32 pJ static. A synapse has 4 spikes at most.
//
//	ternary      38 + 32 = 70 pJ: less than the 84 without a spike, never
//	bit by bit   58 + 32 = 90 pJ: 0.5·(90 - 84)/14 = 0.21 spikes a synapse, a quarter of it a step
//	int8         80 + 32 = 112 pJ: 0.5·(112 - 84)/14 = 1
//	fp32        304 + 32 = 336 pJ: 0.5·(336 - 84)/14 = 9: not reachable
func TestStepsByHand(t *testing.T) {
	chip, n := toyChip(t), toyNetwork()
	n.Steps = 4
	run := sparseRun(chip)
	run.Ticks = ledger.Ticks{Total: 5, PerInference: 5, InitiationInterval: 5}
	b, err := NewBaseline(run, chip, n)
	if err != nil {
		t.Fatal(err)
	}
	if b.Steps != 4 || b.Bits != 3 || b.Ticks != 5 || b.DenseTicks != 2 || !near(b.SpikeRate, 0.125) || !strings.Contains(b.NoGated, "runs once") || len(b.Engines) != 4 {
		t.Fatalf("baseline %+v; want 4 steps, 3 bits, 2 of 5 ticks, a rate of 0.125, no gated engine, 4 engines", b)
	}
	if words := b.words(); !strings.Contains(words, "occupies the chip for 2 of this run's 5 ticks") {
		t.Errorf("words do not say how long the dense network runs:\n%s", words)
	}
	for i, want := range []struct {
		name       string
		bits       uint64
		operations float64
		nominal    float64
		breakEven  float64 // 0: none
		why        string
	}{
		{"ternary, inputs of 3 bits", 35, 10, 70, 0, EvenNever},
		{"ternary, inputs of 3 bits, added bit by bit", 35, 30, 90, 0.5 * 6 / 14, ""},
		{"int8", 120, 10, 112, 1, ""},
		{"fp32", 480, 10, 336, 0, EvenUnreachable},
	} {
		e := b.Engines[i]
		if e.Name != want.name || e.BitsRead != want.bits || !near(e.Operations, want.operations) || !near(e.Joules.Nominal, want.nominal*pJ) {
			t.Errorf("engine %+v, want %+v", e, want)
		}
		if e.NoBreakEven != want.why {
			t.Errorf("%s: no break-even because %q, want %q", e.Name, e.NoBreakEven, want.why)
		}
		if want.breakEven == 0 {
			if e.BreakEven != nil || e.BreakEvenRate != nil {
				t.Errorf("%s: break-even %v, want none", e.Name, e.BreakEven)
			}
			continue
		}
		if e.BreakEven == nil || math.Abs(*e.BreakEven-want.breakEven) > 1e-9 || e.BreakEvenRate == nil || math.Abs(*e.BreakEvenRate-want.breakEven/4) > 1e-9 {
			t.Errorf("%s: break-even %v, rate %v; want %g and a quarter of it", e.Name, e.BreakEven, e.BreakEvenRate, want.breakEven)
		}
	}
}

// A price of waiting is scaled like the price of a tick: of 5 ticks and 60 waiting
// quanta of 1 pJ, 140 pJ static, one shot pays two fifths.
func TestDenseStaticByTime(t *testing.T) {
	chip, n := toyChip(t), toyNetwork()
	n.Steps = 4
	chip.Prices[ledger.CoreWaiting] = chip.Prices[ledger.CoreTick]
	chip.Prices[ledger.CoreWaiting].Kind = ledger.CoreWaiting
	run := newRun(chip, 1, eventsOf{ledger.RowRead: {2}, ledger.SynapticOp: {3}, ledger.CoreTick: {4}, ledger.CoreBusy: {40}, ledger.CoreWaiting: {3}})
	run.Ticks = ledger.Ticks{Total: 5, PerInference: 5, InitiationInterval: 5}
	b, err := NewBaseline(run, chip, n)
	if err != nil {
		t.Fatal(err)
	}
	if e := b.Engines[0]; !near(e.Joules.Nominal, (38+(4+3)*20*2./5)*pJ) {
		t.Errorf("dense ternary takes %g pJ, want 38 and two fifths of 140", e.Joules.Nominal/pJ)
	}
}

func TestOneShot(t *testing.T) {
	for _, c := range []struct {
		ticks uint64
		steps int
		want  uint64
	}{{1, 1, 1}, {7, 1, 7}, {9, 8, 2}, {8, 8, 1}, {4, 8, 1}, {16, 8, 9}} {
		if got := oneShot(c.ticks, c.steps); got != c.want {
			t.Errorf("%d ticks at %d steps: %d, want %d", c.ticks, c.steps, got, c.want)
		}
	}
}

// Bits that hold 0 to T.
func TestActivationBits(t *testing.T) {
	for steps, want := range map[int]uint64{1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 7: 3, 8: 4, 15: 4, 16: 5} {
		if got := activationBits(steps); got != want {
			t.Errorf("%d steps take %d bits, want %d", steps, got, want)
		}
	}
}

// Operations that are not the network's, each once, are not an engine's.
func TestNoGatedEngine(t *testing.T) {
	for _, c := range []struct {
		change func(*hwmodel.Chip, *ledger.Run)
		want   string
	}{
		{func(c *hwmodel.Chip, r *ledger.Run) {
			c.Capabilities.Host.WaveGate = false
			r.Capabilities = c.Capabilities.Hash()
		}, "without a wave gate"},
		{func(_ *hwmodel.Chip, r *ledger.Run) { r.Layers[0].Columns = 3 }, "layer hidden has copies"},
		{func(_ *hwmodel.Chip, r *ledger.Run) { r.Layers[0].Columns = 0 }, "does not say how many columns"},
		{func(_ *hwmodel.Chip, r *ledger.Run) { r.Layers = append(r.Layers, r.Layers[0]) }, "neurons that the network does not have"},
		{func(_ *hwmodel.Chip, r *ledger.Run) {
			r.PerSample = append(r.PerSample, ledger.SampleSeries{Kind: "control_spike", Counts: []uint64{1}})
			r.Cores[0][ledger.ControlSpike]++
		}, "control spikes"},
	} {
		chip := toyChip(t)
		run := sparseRun(chip)
		c.change(chip, run)
		b, err := NewBaseline(run, chip, toyNetwork())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.NoGated, c.want) || len(b.Engines) != 3 {
			t.Errorf("%d engines, reason %q; want 3 and one with %q", len(b.Engines), b.NoGated, c.want)
		}
	}
}

// At the break-even activity both sides take the same energy.
func TestBreakEvenIsWhereEnergiesMeet(t *testing.T) {
	chip := toyChip(t)
	b, err := NewBaseline(sparseRun(chip), chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	gated := b.Engines[1]
	scale := *gated.BreakEven / b.SpikesPerSynapse
	if spikes, dense := 84+scale*14, 104+scale*3; !near(spikes, dense) {
		t.Errorf("at break-even spikes take %g pJ, the dense engine %g", spikes, dense)
	}
}

// Where idle neurons alone cost more than a dense inference, no sparsity helps.
func TestNoBreakEven(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.NeuronIdle] = chip.Prices[ledger.RowRead]
	run := newRun(chip, 1, eventsOf{ledger.RowRead: {4}, ledger.SynapticOp: {6}, ledger.NeuronIdle: {100}})
	b, err := NewBaseline(run, chip, toyNetwork())
	if err != nil {
		t.Fatal(err)
	}
	if even := b.Engines[0].BreakEven; even != nil {
		t.Errorf("break-even at %g, want none: 400 pJ are spent without a spike", *even)
	}
	if why := b.Engines[0].NoBreakEven; why != EvenNever {
		t.Errorf("no break-even because %q; want %q", why, EvenNever)
	}
}

// A kernel is stored once and summed at every place.
func TestDenseSizeOfAConvolution(t *testing.T) {
	n := &ternary.Network{
		Inputs: 9,
		Layers: []ternary.Layer{{
			Op: ternary.Conv2D, From: []int{ternary.Input}, Outputs: 4, Weights: []int8{1, 0, -1, 1},
			Map: ternary.Window{Channels: 1, Height: 3, Width: 3, OutChannels: 1, KernelH: 2, KernelW: 2, StrideH: 1, StrideW: 1, Groups: 1},
		}, {Op: ternary.Or, From: []int{0}, Outputs: 1}},
		Readout: ternary.Readout{From: []int{1}, Outputs: 2, Weights: []int8{1, -1}},
	}
	if got, want := denseSize(n), (dense{stored: 6, summed: 18, nonzero: 14, inputs: 10, neurons: 6}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNoBaseline(t *testing.T) {
	chip := toyChip(t)
	chip.Prices[ledger.RowRead] = hwmodel.Price{Kind: ledger.RowRead, State: hwmodel.Unknown, Source: "not published"}
	if _, err := NewBaseline(toyRun(chip), chip, toyNetwork()); err == nil || !strings.Contains(err.Error(), "no memory model") {
		t.Errorf("error %v, want one about the memory model", err)
	}
}
