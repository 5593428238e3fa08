package verify_test

import (
	"context"
	"testing"

	"tritloom/compiler"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// Networks whose weights are small integers, on crosspoints of four bits: the proof
// holds, nothing that is simulated differs, and single faults are caught.
func TestIntegersEqualTheNetwork(t *testing.T) {
	stream := seed.Stream(45, seed.TestNetwork)
	tried := map[verify.FaultKind]int{}
	beyond := 0
	for i := range 120 {
		n := randomnet.Any(stream, randomnet.Limits{Inputs: 30, Layers: 4, Width: 20, Classes: 6, Ops: i%2 == 1})
		if i%3 == 0 { // weights of any size within the crosspoints
			n = randomnet.Dense(stream, 8+stream.IntN(30), 5+stream.IntN(20), 4)
			n.Alphabet = nil
			for w := int8(-8); w < 8; w++ {
				n.Alphabet = append(n.Alphabet, w)
			}
			for k := range n.Layers[0].Weights {
				n.Layers[0].Weights[k] *= int8(stream.IntN(8))
			}
		}
		canon, err := ternary.Canonical(n)
		if err != nil {
			t.Fatal(err)
		}
		if len(canon.Network.Alphabet) > len(ternary.Ternary) {
			beyond++
		}
		chip := smallChip(t, 8+stream.IntN(12), 8+stream.IntN(12))
		core := &chip.Capabilities.Core
		core.SynapseMode, core.SynapseBits, core.WeightBits = hwmodel.KBit, 4, 4
		l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if err := verify.Proof(n, l); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		in := randomnet.NewInputs(stream, n.Inputs, 8)
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			for _, engine := range []string{sim.EngineReference, sim.EngineBatch} {
				o := sim.DefaultOptions()
				o.Scenario, o.Engine = scenario, engine
				run, c, err := verify.Simulate(context.Background(), n, l, o, in, nil)
				if err != nil {
					t.Fatalf("network %d, %s, %s: %v", i, scenario, engine, err)
				}
				if !c.Exact() || len(run.Violations) != 0 {
					t.Fatalf("network %d, %s, %s: %+v, violations %v", i, scenario, engine, c, run.Violations)
				}
			}
		}
		if i%6 == 0 {
			tryFaults(t, i, n, l, stream, 10, tried)
		}
	}
	if beyond < 30 || tried["crosspoint"] < 150 {
		t.Errorf("%d of 120 networks have other weights than -1, 0 and +1, %d faults at crosspoints; want many of both", beyond, tried["crosspoint"])
	}
}
