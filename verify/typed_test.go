package verify_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// typedChip is the unit chip turned into a small TrueNorth: typed-binary cores,
// one destination a neuron, no partial sums, score ports or wave gate.
func typedChip(t testing.TB, axons, neurons int) *hwmodel.Chip {
	chip := smallChip(t, axons, neurons)
	c := &chip.Capabilities
	c.Core.SynapseMode, c.Core.SynapseBits, c.Core.AxonTypes, c.Core.WeightBits = hwmodel.TypedBinary, 1, 4, 9
	c.Neuron.PotentialBits, c.Neuron.ThresholdBits, c.Neuron.LeakBits = 20, 18, 9
	c.Spikes.Destinations, c.Psum.Bits, c.Host = 1, 0, hwmodel.Host{}
	return chip
}

// undecided draws networks until one's decision depends on its input.
func undecided(t testing.TB, stream *rand.Rand) *ternary.Network {
	for {
		n := randomnet.Dense(stream, 5+stream.IntN(25), 3+stream.IntN(15), 2+stream.IntN(5))
		compared, err := ternary.Compared(n)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ternary.Canonical(compared); err == nil && len(c.Network.Layers) > 0 {
			return n
		}
	}
}

// On typed-binary cores every copy of every neuron, comparators included, fires
// as the network says, although neurons also fire on idle ticks.
func TestTypedSimulationEqualsNetwork(t *testing.T) {
	stream := seed.Stream(27, seed.TestNetwork)
	idle := uint64(0)
	for i := range 120 {
		n := undecided(t, stream)
		l, _, err := compiler.Compile(n, typedChip(t, 64, 40), compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if err := verify.Proof(n, l); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		in := randomnet.NewInputs(stream, n.Inputs, 8)
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			o := sim.DefaultOptions()
			o.Scenario = scenario
			run, c, err := verify.Simulate(context.Background(), n, l, o, in, func(w sim.Wave) error {
				for _, s := range w.Spikes {
					if s.Tick != l.Cores[s.Core].Columns[s.Column].Level {
						idle++
					}
				}
				return nil
			})
			if err != nil {
				t.Fatalf("network %d, %s: %v", i, scenario, err)
			}
			if !c.Exact() || c.Samples != 8 || len(run.Violations) != 0 {
				t.Fatalf("network %d, %s: %+v, violations %v", i, scenario, c, run.Violations)
			}
			if total := run.Total(); total[ledger.OutputSpike] < 8 {
				t.Fatalf("network %d, %s: %d spikes left the chip; every sample has a winner", i, scenario, total[ledger.OutputSpike])
			}
		}
	}
	if idle == 0 {
		t.Error("no neuron fired on an idle tick; the test has no bite")
	}
}

// burstNetwork has scores that hear some 15 of 40 neurons each, so that two of them
// together hear more than a core of 20 axons takes, while each alone fits.
func burstNetwork(stream *rand.Rand) *ternary.Network {
	n := randomnet.Dense(stream, 8+stream.IntN(8), 40, 3+stream.IntN(4))
	for c := range n.Readout.Outputs {
		row := n.Readout.Row(c, 40)
		for _, i := range stream.Perm(40)[:18] {
			row[i] = 0
		}
	}
	return n
}

// Where comparators do not fit, scores drain as bursts: every score comes out
// exactly, neurons that would fire without input stay silent meanwhile, and
// every potential is back at zero without a reset.
func TestBurstsEqualScores(t *testing.T) {
	stream := seed.Stream(33, seed.TestNetwork)
	bursts, strobes := 0, 0
	tried := map[verify.FaultKind]int{}
	for i := range 40 {
		n := burstNetwork(stream)
		l, _, err := compiler.Compile(n, typedChip(t, 20, 40), compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if !l.Bursts() {
			continue
		}
		bursts++
		strobes += len(l.Schedule.Controls)
		if err := verify.Proof(n, l); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		run, c, err := verify.Simulate(context.Background(), n, l, sim.DefaultOptions(), randomnet.NewInputs(stream, n.Inputs, 12), nil)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		total := run.Total()
		if !c.Exact() || c.Samples != 12 || len(run.Violations) != 0 || total[ledger.StateReset] != 0 || total[ledger.OutputSpike] == 0 {
			t.Fatalf("network %d: %+v, violations %v, %d resets, %d output spikes", i, c, run.Violations, total[ledger.StateReset], total[ledger.OutputSpike])
		}
		tryFaults(t, i, n, l, stream, 5, tried)
	}
	if bursts < 20 || strobes < 30 || tried["control spike"] < 100 {
		t.Errorf("%d images with bursts, %d control spikes, %d faults in those; the test has no bite", bursts, strobes, tried["control spike"])
	}
}

// A burst drains over many ticks, so it needs a chip that evaluates every tick
// and takes thresholds off; elsewhere the network is refused, and an image that
// claims otherwise is too.
func TestBurstsNeedTheirChip(t *testing.T) {
	stream := seed.Stream(34, seed.TestNetwork)
	tried := 0
	for range 20 {
		n := burstNetwork(stream)
		l, _, err := compiler.Compile(n, typedChip(t, 20, 40), compiler.DefaultOptions())
		if err != nil || !l.Bursts() {
			continue
		}
		tried++
		for _, c := range []struct {
			name   string
			change func(*hwmodel.Capabilities)
			want   string
		}{
			{"a wave gate", func(c *hwmodel.Capabilities) { c.Host.WaveGate = true }, "wave gate"},
			{"no subtraction", func(c *hwmodel.Capabilities) { c.Neuron.Reset = []string{hwmodel.ResetClear} }, "resets by subtract"},
		} {
			chip := typedChip(t, 20, 40)
			c.change(&chip.Capabilities)
			if _, _, err := compiler.Compile(n, chip, compiler.DefaultOptions()); err == nil || !strings.Contains(err.Error(), `layer "compare"`) {
				t.Errorf("%s: compiling says %v; want that comparators do not fit", c.name, err)
			}
			image := *l
			c.change(&image.Capabilities)
			if err := image.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: the checker says %v; want %q", c.name, err, c.want)
			}
		}
	}
	if tried == 0 {
		t.Error("no network needed a burst")
	}
}

// tryFaults puts so many faults of every kind into an image, demands that each
// is caught, and counts them in tried.
func tryFaults(t *testing.T, i int, n *ternary.Network, l *layout.Layout, stream *rand.Rand, each int, tried map[verify.FaultKind]int) {
	t.Helper()
	canon, err := verify.Canonical(n, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range verify.FaultKinds() {
		for range each {
			f, ok := verify.RandomFault(l, kind, stream)
			if !ok {
				continue
			}
			f.Flip(l)
			if verify.Lifts(canon.Network, l) == nil {
				t.Errorf("image %d: %s is not noticed", i, f)
			}
			f.Flip(l)
			tried[kind]++
		}
	}
}

// Single faults in typed-binary images, weight tables, axon types and output
// biases included.
func TestEveryTypedFaultIsCaught(t *testing.T) {
	stream := seed.Stream(28, seed.VerifyFault)
	tried := map[verify.FaultKind]int{}
	for i := range 20 {
		n := undecided(t, stream)
		l, _, err := compiler.Compile(n, typedChip(t, 64, 40), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		tryFaults(t, i, n, l, stream, 10, tried)
	}
	for _, kind := range verify.FaultKinds() {
		if tried[kind] < 100 && kind != "control spike" { // decisions need none; see TestBurstsEqualScores
			t.Errorf("only %d faults of kind %s were tried", tried[kind], kind)
		}
	}
}
