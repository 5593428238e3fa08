package verify_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/compiler"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// pairsChip is a chip whose crosspoints are pairs of analogue cells, and whose
// conversions hold so many bits, 0 for all.
func pairsChip(t testing.TB, axons, neurons, adc int) *hwmodel.Chip {
	chip := smallChip(t, axons, neurons)
	chip.Capabilities.Core.SynapseMode, chip.Capabilities.Core.ADCBits = hwmodel.Differential, adc
	return chip
}

// Networks of any shape on pairs of analogue cells: the proof holds, nothing that is
// simulated differs, and no conversion clips, however narrow it is: what does not fit
// one is cut into parts.
func TestPairsEqualTheNetwork(t *testing.T) {
	stream := seed.Stream(41, seed.TestNetwork)
	cut := 0
	for i := range 200 {
		n := ternaryNetwork(stream, func() *ternary.Network {
			return randomnet.Any(stream, randomnet.Limits{Inputs: 30, Layers: 4, Width: 20, Classes: 6, Ops: i%2 == 1})
		})
		axons, neurons, adc := 8+stream.IntN(30), 8+stream.IntN(30), []int{0, 2, 3, 4, 5}[i%5]
		chip := pairsChip(t, axons, neurons, adc)
		l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d, conversions of %d bits: %v", i, adc, err)
		}
		wide, _, err := compiler.Compile(n, pairsChip(t, axons, neurons, 0), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if l.Usage().SenderColumns > wide.Usage().SenderColumns {
			cut++
		}
		if err := verify.Proof(n, l); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		in := randomnet.NewInputs(stream, n.Inputs, 8)
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			for _, engine := range []string{sim.EngineReference, sim.EngineFast, sim.EngineBatch} {
				o := sim.DefaultOptions()
				o.Scenario, o.Engine = scenario, engine
				run, c, err := verify.Simulate(context.Background(), n, l, o, in, nil)
				if err != nil {
					t.Fatalf("network %d, %s, %s: %v", i, scenario, engine, err)
				}
				total := run.Total()
				if !c.Exact() || len(run.Violations) != 0 {
					t.Fatalf("network %d, %s, %s: %+v, violations %v", i, scenario, engine, c, run.Violations)
				}
				if total[ledger.DACRow] != total[ledger.AxonRead] || total[ledger.ADCConversion] != total[ledger.NeuronTouched]+total[ledger.NeuronIdle] || total[ledger.BitsRead] != 0 {
					t.Fatalf("network %d, %s, %s: %d rows driven, %d conversions, %d bits read", i, scenario, engine, total[ledger.DACRow], total[ledger.ADCConversion], total[ledger.BitsRead])
				}
			}
		}
	}
	if cut < 40 {
		t.Errorf("narrow conversions cut %d of 200 networks further; want many", cut)
	}
}

// The network of the digits demo on pairs and on ternary crosspoints: one record but
// for what the converters did and the bits that are not read.
func TestPairsAreTernaryWithConverters(t *testing.T) {
	chip, err := hwmodel.Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	stream := seed.Stream(42, seed.TestNetwork)
	n := randomnet.Dense(stream, 256, 60, 10)
	in := randomnet.NewInputs(stream, n.Inputs, bits.Lanes+8)
	compile := func() *ledger.Run {
		l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		var first *ledger.Run
		for _, engine := range []string{sim.EngineReference, sim.EngineFast, sim.EngineBatch} {
			for _, path := range bits.Available() {
				run := record(t, n, l, in, engine, path, ledger.Offline)
				if first == nil {
					first = run
				}
				if diff := cmp.Diff(first, run); diff != "" {
					t.Errorf("engine %s, path %v (-reference +this):\n%s", engine, path, diff)
				}
			}
		}
		return first
	}
	digital := compile()
	chip.Capabilities.Core.SynapseMode = hwmodel.Differential
	pairs := compile()
	digital.Layout, digital.Capabilities = pairs.Layout, pairs.Capabilities
	for c := range digital.Cores {
		counts := &digital.Cores[c]
		counts[ledger.BitsRead], counts[ledger.DACRow], counts[ledger.ADCConversion] = 0, counts[ledger.RowRead], counts[ledger.NeuronTouched]+counts[ledger.NeuronIdle]
	}
	if diff := cmp.Diff(digital.Cores, pairs.Cores); diff != "" {
		t.Errorf("cores (-ternary +pairs):\n%s", diff)
	}
	digital.Outside, digital.Cores, digital.PerSample = pairs.Outside, pairs.Cores, pairs.PerSample
	if diff := cmp.Diff(digital, pairs); diff != "" {
		t.Errorf("the rest of the record (-ternary +pairs):\n%s", diff)
	}
}

// Single faults in images of pairs, hashes ignored: every one is refused by the checker
// or changes the lifted network.
func TestEveryFaultInPairsIsCaught(t *testing.T) {
	stream := seed.Stream(43, seed.VerifyFault)
	tried := map[verify.FaultKind]int{}
	for i := range 20 {
		n := ternaryNetwork(stream, func() *ternary.Network {
			return randomnet.Any(stream, randomnet.Limits{Inputs: 40, Layers: 4, Width: 30, Classes: 8, Ops: i%3 == 2})
		})
		l, _, err := compiler.Compile(n, pairsChip(t, 10+stream.IntN(12), 10+stream.IntN(12), []int{0, 4}[i%2]), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		tryFaults(t, i, n, l, stream, 20, tried)
	}
	if tried["crosspoint"] < 400 {
		t.Errorf("%d faults at crosspoints; want many", tried["crosspoint"])
	}
}

// Variation is measured, not hidden: a comparison counts what differs.
func TestVariationIsCompared(t *testing.T) {
	stream := seed.Stream(44, seed.TestNetwork)
	n := randomnet.Dense(stream, 64, 40, 10)
	l, _, err := compiler.Compile(n, pairsChip(t, 64, 64, 0), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	in := randomnet.NewInputs(stream, n.Inputs, 60)
	before := uint64(0)
	for _, sd := range []int{1, 50, 400} {
		o := sim.DefaultOptions()
		o.Engine, o.Variation, o.ConductanceSD1024 = sim.EngineAuto, true, sd
		run, c, err := verify.Simulate(context.Background(), n, l, o, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if run.Variation == nil || run.Variation.ConductanceSD1024 != sd || c.Unproved != "" {
			t.Errorf("%+v, unproved %q; want a variation of %d on a proved image", run.Variation, c.Unproved, sd)
		}
		differ := uint64(c.SpikeMismatches)
		if c.Exact() != (differ == 0 && c.ScoreMismatches == 0) || differ < before || sd == 400 && differ == 0 {
			t.Errorf("variation of %d/1024: %d spikes and %d scores differ, exact: %v; with less %d did", sd, differ, c.ScoreMismatches, c.Exact(), before)
		}
		before = differ
	}
}
