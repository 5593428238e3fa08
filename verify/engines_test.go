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
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// TestEveryEngineEqualsTheNetwork runs networks of the size of the digits demo on both
// kinds of chips: no neuron differs with any engine, and the records are one.
func TestEveryEngineEqualsTheNetwork(t *testing.T) {
	for _, name := range []string{"ternary256", "truenorth"} {
		chip, err := hwmodel.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		stream := seed.Stream(31, seed.TestNetwork)
		n := randomnet.Dense(stream, 256, 60, 10)
		l, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		samples := 60
		if chip.Capabilities.Host.WaveGate {
			samples = bits.Lanes + 8 // two batches
		}
		in := randomnet.NewInputs(stream, n.Inputs, samples)
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			t.Run(name+"/"+string(scenario), func(t *testing.T) {
				want := record(t, n, l, in, sim.EngineReference, bits.Pure, scenario)
				engines := []string{sim.EngineFast}
				if err := sim.CanBatch(l, scenario); (err == nil) != chip.Capabilities.Host.WaveGate {
					t.Errorf("CanBatch says %v on a chip with wave_gate: %v", err, chip.Capabilities.Host.WaveGate)
				} else if err == nil {
					engines = append(engines, sim.EngineBatch)
				}
				for _, engine := range engines {
					for _, path := range bits.Available() {
						if diff := cmp.Diff(want, record(t, n, l, in, engine, path, scenario)); diff != "" {
							t.Errorf("engine %s, path %v: the record differs (-reference +this):\n%s", engine, path, diff)
						}
					}
				}
			})
		}
	}
}

// record is the record of a run without the engine's name. Every neuron is compared.
func record(t *testing.T, n *ternary.Network, l *layout.Layout, in sim.Source, engine string, path bits.Path, scenario ledger.Scenario) *ledger.Run {
	t.Helper()
	o := sim.DefaultOptions()
	o.Engine, o.Path, o.Scenario, o.Workers = engine, path, scenario, 2
	run, c, err := verify.Simulate(context.Background(), n, l, o, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Exact() || c.Samples != in.Len() || run.Engine != engine {
		t.Errorf("engine %s ran as %s, path %v: %+v", engine, run.Engine, path, c)
	}
	run.Engine = ""
	return run
}
