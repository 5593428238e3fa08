package verify_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// smallChip is the unit chip with cores of another size.
func smallChip(t testing.TB, axons, neurons int) *hwmodel.Chip {
	chip, err := hwmodel.Load("unit")
	if err != nil {
		t.Fatal(err)
	}
	chip.Capabilities.Core.Axons, chip.Capabilities.Core.Neurons = axons, neurons
	return chip
}

// ternaryNetwork draws networks until one fits ternary crosspoints; sources
// heard twice can add up to ±2.
func ternaryNetwork(stream interface{ IntN(int) int }, draw func() *ternary.Network) *ternary.Network {
	for {
		n := draw()
		if c, err := ternary.Canonical(n); err == nil && len(c.Network.Alphabet) == len(ternary.Ternary) {
			return n
		}
	}
}

// Networks of any shape on small cores: the proof holds, and no simulated
// spike, score or decision differs, at one wave at a time and pipelined.
func TestSimulationEqualsNetwork(t *testing.T) {
	stream := seed.Stream(21, seed.TestNetwork)
	for i := range 300 {
		n := ternaryNetwork(stream, func() *ternary.Network {
			return randomnet.Any(stream, randomnet.Limits{Inputs: 30, Layers: 4, Width: 20, Classes: 6, Ops: i%2 == 1})
		})
		l, _, err := compiler.Compile(n, smallChip(t, 8+stream.IntN(12), 8+stream.IntN(12)), compiler.DefaultOptions())
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
			run, c, err := verify.Simulate(context.Background(), n, l, o, in, nil)
			if err != nil {
				t.Fatalf("network %d, %s: %v", i, scenario, err)
			}
			if !c.Exact() || c.Samples != 8 {
				t.Fatalf("network %d, %s: %+v", i, scenario, c)
			}
			if len(run.Violations) != 0 {
				t.Fatalf("network %d, %s: violations %v", i, scenario, run.Violations)
			}
		}
	}
}

// Placement and core size may change hops and cores, never a score.
func TestPlacementNeverChangesScores(t *testing.T) {
	stream := seed.Stream(22, seed.TestNetwork)
	n := randomnet.Dense(stream, 40, 30, 20, 5)
	in := randomnet.NewInputs(stream, 40, 20)
	var first [][]int32
	for i, size := range []int{9, 16, 33, 256} {
		l, _, err := compiler.Compile(n, smallChip(t, size, size), compiler.Options{Seed: uint64(i)})
		if err != nil {
			t.Fatal(err)
		}
		var scores [][]int32
		_, _, err = verify.Simulate(context.Background(), n, l, sim.DefaultOptions(), in, func(w sim.Wave) error {
			scores = append(scores, append([]int32(nil), w.Scores...))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = scores
		}
		if d := cmp.Diff(first, scores); d != "" {
			t.Errorf("cores of %d: scores differ (-cores of 9 +these):\n%s", size, d)
		}
	}
}

// The comparison has teeth: against a network that differs in one weight that
// matters it reports spikes, scores and the place.
func TestComparisonSeesADifference(t *testing.T) {
	stream := seed.Stream(23, seed.TestNetwork)
	n := randomnet.Dense(stream, 20, 12, 4)
	l, _, err := compiler.Compile(n, smallChip(t, 16, 16), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	crossbar := &l.Cores[0].Planes[0]
	for column := range 16 { // all plus weights of one used row gone
		crossbar.Put(0, column, false)
	}
	_, c, err := verify.Simulate(context.Background(), n, l, sim.DefaultOptions(), randomnet.NewInputs(stream, 20, 50), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Exact() || c.SpikeMismatches == 0 || c.Unproved == "" || !strings.Contains(c.First, "hidden1 neuron") {
		t.Errorf("comparison %+v; want spike mismatches in hidden1", c)
	}
	if err := verify.Proof(n, l); err == nil {
		t.Error("the proof holds for a changed image")
	}
}

func TestForeignNetworkIsRefused(t *testing.T) {
	stream := seed.Stream(24, seed.TestNetwork)
	n, other := randomnet.Dense(stream, 10, 5, 2), randomnet.Dense(stream, 10, 5, 2)
	l, _, err := compiler.Compile(n, smallChip(t, 16, 16), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := verify.Proof(other, l); err == nil || !strings.Contains(err.Error(), "was compiled from network "+n.Hash()) {
		t.Errorf("proof: error %v; want one that names the network of the layout", err)
	}
	if _, err := verify.NewComparer(other, l); err == nil || !strings.Contains(err.Error(), "was compiled from network") {
		t.Errorf("comparer: error %v; want one that names the network of the layout", err)
	}
}

// Ten thousand single faults in sixty images, hashes ignored: every one is
// refused by the checker or changes the lifted network.
func TestEveryFaultIsCaught(t *testing.T) {
	stream := seed.Stream(25, seed.VerifyFault)
	const images, faults = 60, 10_000
	caught := map[verify.FaultKind]int{}
	for i := range images {
		n := ternaryNetwork(stream, func() *ternary.Network {
			return randomnet.Any(stream, randomnet.Limits{Inputs: 40, Layers: 4, Width: 30, Classes: 8, Ops: i%3 == 2})
		})
		l, _, err := compiler.Compile(n, smallChip(t, 10+stream.IntN(12), 10+stream.IntN(12)), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		canon, err := ternary.Canonical(n)
		if err != nil {
			t.Fatal(err)
		}
		kinds := verify.FaultKinds()
		for tries := 0; tries < faults/images+1; tries++ {
			kind := kinds[stream.IntN(len(kinds))]
			if tries%3 == 0 {
				kind = "crosspoint" // most cells of an image are crosspoints
			}
			f, ok := verify.RandomFault(l, kind, stream)
			if !ok {
				tries--
				continue
			}
			f.Flip(l)
			if err := verify.Lifts(canon.Network, l); err == nil {
				t.Errorf("image %d: %s is not noticed", i, f)
			}
			f.Flip(l)
			caught[kind]++
		}
		if err := verify.Lifts(canon.Network, l); err != nil {
			t.Fatalf("image %d is not whole again after its faults: %v", i, err)
		}
	}
	total := 0
	for _, kind := range verify.FaultKinds() {
		if caught[kind] < 100 && kind != "output bias" && kind != "control spike" { // this chip reads scores
			t.Errorf("only %d faults of kind %s were tried", caught[kind], kind)
		}
		total += caught[kind]
	}
	if total < faults {
		t.Errorf("%d faults were tried; want %d", total, faults)
	}
	t.Logf("%d faults: %v", total, caught)
}

// Every crosspoint of one image, used or not, one after the other.
func TestEveryCrosspointFlipIsCaught(t *testing.T) {
	stream := seed.Stream(26, seed.TestNetwork)
	n := randomnet.Dense(stream, 30, 9, 3)
	l, _, err := compiler.Compile(n, smallChip(t, 12, 12), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	canon, err := ternary.Canonical(n)
	if err != nil {
		t.Fatal(err)
	}
	for c := range l.Cores {
		for axon := range 12 {
			for column := range 12 {
				for plane := range layout.Planes(l.Capabilities.Core) {
					f := verify.Fault{Kind: "crosspoint", Core: c, Index: axon, Sub: column, Plane: plane}
					f.Flip(l)
					if verify.Lifts(canon.Network, l) == nil {
						t.Errorf("%s is not noticed", f)
					}
					f.Flip(l)
				}
			}
		}
	}
}

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
		tryFaults(t, i, n, l, stream)
	}
	if bursts < 20 || strobes < 30 {
		t.Errorf("%d images with bursts, %d control spikes; the test has no bite", bursts, strobes)
	}
}

// tryFaults puts a few faults of every kind into an image.
func tryFaults(t *testing.T, i int, n *ternary.Network, l *layout.Layout, stream *rand.Rand) {
	t.Helper()
	canon, err := verify.Canonical(n, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range verify.FaultKinds() {
		for range 5 {
			f, ok := verify.RandomFault(l, kind, stream)
			if !ok {
				continue
			}
			f.Flip(l)
			if verify.Lifts(canon.Network, l) == nil {
				t.Errorf("image %d: %s is not noticed", i, f)
			}
			f.Flip(l)
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
		canon, err := verify.Canonical(n, l)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range verify.FaultKinds() {
			for range 10 {
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
	for _, kind := range verify.FaultKinds() {
		if tried[kind] < 100 && kind != "control spike" { // decisions need none; see TestBurstsEqualScores
			t.Errorf("only %d faults of kind %s were tried", tried[kind], kind)
		}
	}
}

// The network everyone counts cores of: nine cores of the ternary chip, proved,
// and every neuron right on every input.
func TestTheWellKnownNetworkSimulatesExactly(t *testing.T) {
	stream := seed.Stream(29, seed.TestNetwork)
	n := randomnet.Dense(stream, 784, 512, 10)
	chip, err := hwmodel.Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := verify.Proof(n, l); err != nil {
		t.Fatal(err)
	}
	o := sim.DefaultOptions()
	o.Timing, o.Latencies = sim.TimingAnalytic, chip.Latencies()
	run, c, err := verify.Simulate(context.Background(), n, l, o, randomnet.NewInputs(stream, 784, 30), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Cores) != 9 || !c.Exact() || c.Samples != 30 || c.Layers[0].OnChip < 500 || len(run.Violations) != 0 {
		t.Errorf("%d cores, %+v, violations %v; want 9 cores, 30 exact samples, no violation", len(l.Cores), c, run.Violations)
	}
}
