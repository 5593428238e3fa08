package report_test

import (
	"context"
	"math"
	"testing"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/encode"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// TestNeuroBenchEqualsThePlainEvaluator counts activations and operations as the
// harness does, on the network by itself, and compares them with what the simulated
// chip counted.
func TestNeuroBenchEqualsThePlainEvaluator(t *testing.T) {
	t.Run("steps=1", func(t *testing.T) { compareWithEvaluator(t, "24,12", 1) })
	t.Run("steps=3", func(t *testing.T) { compareWithEvaluator(t, "16", 3) })
}

func compareWithEvaluator(t *testing.T, hidden string, steps int) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	o := trainer.DefaultOptions()
	o.MaxSweeps = 1
	n, _, err := experiment.Train(context.Background(), experiment.TrainJob{
		Data: experiment.Data{Ref: "digits"}, Options: o, Steps: steps,
		Shape: func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden(hidden, inputs, classes) },
	}, nil)
	must(err)
	chip, err := hwmodel.Load("ternary256")
	must(err)
	l, _, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	must(err)
	part, err := dataset.OpenPart("digits:test[0:30]", dataset.PartTest, dataset.OpenOptions{})
	must(err)
	run, _, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Part: part, Options: sim.DefaultOptions()})
	must(err)
	got, err := report.NewNeuroBench(report.Subject{Run: run, Chip: chip, Network: n, Layout: l})
	must(err)

	canon, err := ternary.Canonical(n)
	must(err)
	samples, err := experiment.NewEncoded(part, &n.Encoder)
	must(err)
	operations, active, places := 0, 0, 0
	for i := range part.Len() {
		in := encode.NewBits(n.Inputs)
		samples.Bits(i, in)
		for _, spikes := range canon.Network.Eval(in).Spikes {
			step := countStep(canon.Network, in, spikes)
			operations, active, places = operations+step.operations, active+step.active, places+step.places
		}
	}
	acs, sparsity := float64(operations)/float64(part.Len()), 1-float64(active)/float64(places)
	if got.SynapticOperations.EffectiveACs == nil || math.Abs(*got.SynapticOperations.EffectiveACs-acs) > 1e-9 {
		t.Errorf("%v effective ACs; the plain evaluator does %v", got.SynapticOperations.EffectiveACs, acs)
	}
	if got.ActivationSparsity == nil || math.Abs(*got.ActivationSparsity-sparsity) > 1e-12 {
		t.Errorf("activation sparsity %v; the plain evaluator's is %v", got.ActivationSparsity, sparsity)
	}
	if operations == 0 || active == 0 {
		t.Error("the network is silent, so that nothing was compared")
	}
}

// stepCount is what one step of one sample adds.
type stepCount struct{ operations, active, places int }

// countStep counts every nonzero weight that meets an active input, and every
// neuron.
func countStep(n *ternary.Network, in encode.Bits, spikes []encode.Bits) (c stepCount) {
	count := func(weights []int8, from []int) {
		var bits []bool
		for _, source := range from {
			b := in
			if source != ternary.Input {
				b = spikes[source]
			}
			for j := range b.Len() {
				bits = append(bits, b.Get(j))
			}
		}
		for k, w := range weights {
			if w != 0 && bits[k%len(bits)] {
				c.operations++
			}
		}
	}
	for j := range n.Layers {
		count(n.Layers[j].Weights, n.Layers[j].From)
		c.places += n.Layers[j].Outputs
		c.active += spikes[j].Count()
	}
	count(n.Readout.Weights, n.Readout.From)
	return c
}
