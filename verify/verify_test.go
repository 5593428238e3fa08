package verify_test

import (
	"context"
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
