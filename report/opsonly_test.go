package report

import (
	"strings"
	"testing"

	"tritloom/ledger"
)

// The constants of each estimator, by hand: 1000 synaptic ops and 10 updates.
func TestOpsOnlyByHand(t *testing.T) {
	want := map[string]float64{
		"26 pJ a synaptic op":    26000e-12,
		"0.9 pJ an accumulation": 900e-12,
		"KerasSpiking, loihi":    (27100 + 810) * 1e-12,
		"snnTorch, cpu":          1010 * 8.6e-9,
		"2.5 pJ a synaptic op":   2500e-12,
	}
	for _, o := range OpsOnlyEstimators {
		if got := o.Joules(1000, 10); !near(got, want[o.Name]) {
			t.Errorf("%s: %g J, want %g J", o.Name, got, want[o.Name])
		}
		if strings.TrimSpace(o.Source) == "" {
			t.Errorf("%s has no source", o.Name)
		}
	}
	if len(want) != len(OpsOnlyEstimators) {
		t.Errorf("%d estimators, %d worked by hand", len(OpsOnlyEstimators), len(want))
	}
}

func TestOpsOnlyFiguresArePerInference(t *testing.T) {
	var counts ledger.Counts
	counts[ledger.SynapticOp], counts[ledger.NeuronTouched], counts[ledger.NeuronIdle] = 400, 30, 10
	f := opsOnlyFigures(&counts, 4, 5.2e-9) // 100 ops and 10 updates an inference
	if !near(f[0].Joules, 2.6e-9) || !near(f[0].Ratio, 0.5) {
		t.Errorf("26 pJ × 100 gives %g J, %g of the figure; want 2.6e-9 and 0.5", f[0].Joules, f[0].Ratio)
	}
	if want := (2710 + 810) * 1e-12; !near(f[2].Joules, want) {
		t.Errorf("KerasSpiking gives %g J, want %g", f[2].Joules, want)
	}
	if got := opsOnlyFigures(&counts, 4, 0)[0].Ratio; got != 0 {
		t.Errorf("ratio to nothing is %g, want 0", got)
	}
}
