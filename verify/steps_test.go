package verify_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/experiment/randomnet"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// keepers counts the columns of an image that keep a potential.
func keepers(l *layout.Layout) (n uint64) {
	for c := range l.Cores {
		for k := range l.Cores[c].Columns {
			if l.Cores[c].Columns[k].Keeps() {
				n++
			}
		}
	}
	return n
}

// withSteps draws networks of one to six steps until one keeps a potential that is
// not folded away, or until one does not.
func withSteps(stream *rand.Rand, i int, keeps bool) *ternary.Network {
	return ternaryNetwork(stream, func() *ternary.Network {
		for {
			n := randomnet.Any(stream, randomnet.Limits{Inputs: 24, Layers: 3, Width: 16, Classes: 6, Ops: i%2 == 1, Steps: 6})
			c, err := ternary.Canonical(n)
			if err == nil && keeps == slices.ContainsFunc(c.Network.Layers, func(l ternary.Layer) bool { return l.Neuron.Model != ternary.Step }) {
				return n
			}
		}
	})
}

// Networks of up to six steps, of step, if and lif neurons in one another, with
// either reset and leaks of either sign: the image lifts to the network, every
// simulated spike of every step, by either engine, is the network's, and every kept potential is set
// back once an inference.
func TestSimulationEqualsNetworkAtEveryStep(t *testing.T) {
	stream := seed.Stream(34, seed.TestNetwork)
	kept, late, pipelined := 0, 0, 0
	for i := range 600 {
		n := withSteps(stream, i, i%3 != 2)
		l, _, err := compiler.Compile(n, smallChip(t, 8+stream.IntN(12), 8+stream.IntN(12)), compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if err := verify.Proof(n, l); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		in := randomnet.NewInputs(stream, n.Inputs, 8)
		for k, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline, ledger.SingleStream, ledger.Offline} {
			o := sim.DefaultOptions()
			o.Scenario, o.Engine = scenario, []string{sim.EngineReference, sim.EngineFast}[k/2]
			run, c, err := verify.Simulate(context.Background(), n, l, o, in, func(w sim.Wave) error {
				for _, s := range w.Spikes {
					if s.Tick > l.Cores[s.Core].Columns[s.Column].Level {
						late++
					}
				}
				return nil
			})
			if err != nil {
				t.Fatalf("network %d, %s: %v", i, scenario, err)
			}
			if !c.Exact() || c.Samples != 8 || c.Steps != n.Steps {
				t.Fatalf("network %d of %d steps, %s: %+v", i, n.Steps, scenario, c)
			}
			if len(run.Violations) != 0 {
				t.Fatalf("network %d, %s: violations %v", i, scenario, run.Violations)
			}
			if got, want := run.Total()[ledger.StateReset], 8*keepers(l); got != want {
				t.Fatalf("network %d, %s: %d state resets in 8 inferences; want %d", i, scenario, got, want)
			}
		}
		if keepers(l) > 0 {
			kept++
		} else if n.Steps > 1 && l.Schedule.InitiationInterval < l.Schedule.TicksPerInference {
			pipelined++
		}
	}
	if kept < 400 || late < 20_000 || pipelined < 15 {
		t.Errorf("%d networks keep potentials, %d spikes after the first step, %d networks overlap over steps; the test has no bite", kept, late, pipelined)
	}
}

// Potentials may fill their width: a chip just wide enough for what the checker has
// proved runs the worst input without leaving it, and a bit less is refused.
func TestProvedWidthsHold(t *testing.T) {
	n := &ternary.Network{
		Inputs: 3, Steps: 5, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 2, Neuron: ternary.Neuron{Model: ternary.LIF, Reset: ternary.Subtract, Leak: -1},
			Weights: []int8{-1, -1, 0, 1, 1, 1}, Theta: []int32{-2, 1}, // falls by 3 a step, or climbs by 1, as its spikes add 2; climbs by 2
		}},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{0}, Outputs: 1, Weights: []int8{1, 1}, Bias: []int32{2}},
	}
	for _, c := range []struct {
		bits int
		want string
	}{{5, ""}, {4, "the potential of neuron 0 can reach -15..5 in 5 steps; the chip holds -8..7; with these thresholds 2 steps would fit"}} {
		chip := smallChip(t, 8, 8)
		chip.Capabilities.Neuron.PotentialBits = c.bits
		l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d bits: error %v; want one that says %q", c.bits, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, cmp, err := verify.Simulate(context.Background(), n, l, sim.DefaultOptions(), randomnet.NewInputs(seed.Stream(35, seed.TestInput), 3, 30), nil); err != nil || !cmp.Exact() {
			t.Errorf("%d bits: %+v, %v", c.bits, cmp, err)
		}
	}
}

// A spike that is missing at one step is named with sample, step and neuron.
func TestComparisonNamesTheStep(t *testing.T) {
	n := &ternary.Network{
		Inputs: 1, Steps: 4, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1, Neuron: ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero},
			Weights: []int8{1}, Theta: []int32{3},
		}},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Count, From: []int{0}, Outputs: 1},
	}
	l, _, err := compiler.Compile(n, smallChip(t, 8, 8), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	heads, err := l.Heads()
	if err != nil {
		t.Fatal(err)
	}
	l.Column(heads[0][0][0]).Theta = 4 // one step late
	_, c, err := verify.Simulate(context.Background(), n, l, sim.DefaultOptions(), randomnet.NewInputs(seed.Stream(36, seed.TestInput), 1, 2), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.SpikeMismatches != 2 || c.ScoreMismatches != 0 || !strings.HasPrefix(c.First, "sample 1, step 2: h neuron 0 fires 0 times") || c.Unproved == "" {
		t.Errorf("%+v; want two mismatches, the first at step 2 of sample 1", c)
	}
}

// Every bit of the words that steps, potentials and resets live in, one after the
// other, in images of every reset and model: each is noticed.
func TestEveryBitOfPotentialsIsCaught(t *testing.T) {
	stream := seed.Stream(37, seed.TestNetwork)
	for i := range 12 {
		n := withSteps(stream, i, true)
		l, _, err := compiler.Compile(n, smallChip(t, 10, 10), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		canon, err := verify.Canonical(n, l)
		if err != nil {
			t.Fatal(err)
		}
		try := func(f verify.Fault) {
			f.Flip(l)
			if verify.Lifts(canon.Network, l) == nil {
				t.Errorf("image %d: %s is not noticed", i, f)
			}
			f.Flip(l)
		}
		for bit := range uint(32) {
			for _, field := range []string{"ticks", "interval", "output ticks", "steps"} {
				try(verify.Fault{Kind: "schedule", Field: field, Bit: bit})
			}
			for c := range l.Cores {
				for k := range l.Cores[c].Columns {
					try(verify.Fault{Kind: "leak", Core: c, Index: k, Field: "leak", Bit: bit})
					try(verify.Fault{Kind: "threshold", Core: c, Index: k, Field: "theta", Bit: bit})
					if bit < 8 {
						try(verify.Fault{Kind: "reset", Core: c, Index: k, Field: "reset", Bit: bit})
						try(verify.Fault{Kind: "role", Core: c, Index: k, Field: "role", Bit: bit})
					}
				}
			}
		}
	}
}

// Random faults of every kind in images of several steps.
func TestEveryFaultOverStepsIsCaught(t *testing.T) {
	stream := seed.Stream(38, seed.VerifyFault)
	tried := map[verify.FaultKind]int{}
	for i := range 30 {
		n := ternaryNetwork(stream, func() *ternary.Network {
			return randomnet.Any(stream, randomnet.Limits{Inputs: 30, Layers: 3, Width: 20, Classes: 6, Ops: i%2 == 1, Steps: 6})
		})
		l, _, err := compiler.Compile(n, smallChip(t, 10+stream.IntN(12), 10+stream.IntN(12)), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		tryFaults(t, i, n, l, stream, 10, tried)
	}
	for _, kind := range verify.FaultKinds() {
		if tried[kind] < 100 && kind != "output bias" && kind != "control spike" { // this chip reads scores
			t.Errorf("only %d faults of kind %s were tried", tried[kind], kind)
		}
	}
}
