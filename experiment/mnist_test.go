package experiment_test

import (
	"context"
	"os"
	"testing"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// fieldsShape is the shape that README and VALIDATION train for TrueNorth.
func fieldsShape(t *testing.T) netspec.Spec {
	t.Helper()
	const file = "../testdata/nets/mnist-fields.yaml"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := netspec.ParseYAML(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// The published shape is what it says: 81 neurons that may hear 121 pixels.
func TestMNISTFieldsShape(t *testing.T) {
	n, masks, err := fieldsShape(t).Build(784, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	for j := range n.Layers[0].Outputs {
		heard := 0
		for _, free := range masks[0][j*784 : (j+1)*784] {
			if free {
				heard++
			}
		}
		if heard != 121 {
			t.Errorf("neuron %d may hear %d pixels; want 121", j, heard)
		}
	}
	if n.Layers[0].Outputs != 81 {
		t.Errorf("%d neurons; want 81", n.Layers[0].Outputs)
	}
}

// Full MNIST on both chips: two sweeps of training, then all 10,000 test
// images, every neuron compared.
func TestFullMNISTOnBothChips(t *testing.T) {
	dir := os.Getenv("TRITLOOM_DATA")
	if dir == "" {
		t.Skip("left out: full MNIST on both chips, set TRITLOOM_DATA")
	}
	data := experiment.Data{Ref: "mnist", Open: dataset.OpenOptions{Dir: dir}}
	spec, o := fieldsShape(t), trainer.DefaultOptions()
	o.MaxSweeps = 2
	n, summary, err := experiment.Train(context.Background(), experiment.TrainJob{
		Data: data, Options: o, Shape: func(int, int) (netspec.Spec, error) { return spec, nil },
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Accuracy.Total != 10_000 || summary.Accuracy.Value < 0.85 {
		t.Errorf("test accuracy %s; want at least 85 %% of 10,000", summary.Accuracy)
	}
	for _, name := range []string{"ternary256", "truenorth"} {
		simulateMNIST(t, n, name, data, summary.Accuracy.Correct)
	}
	t.Logf("full MNIST ran: %s", summary.Accuracy)
}

func simulateMNIST(t *testing.T, n *ternary.Network, name string, data experiment.Data, correct int) {
	t.Helper()
	chip := load(t, name)
	l, _, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	test, err := dataset.OpenPart("mnist:test", dataset.PartTest, data.Open)
	if err != nil {
		t.Fatal(err)
	}
	options := sim.Options{Engine: sim.EngineReference, Seed: 1, Scenario: ledger.SingleStream, Timing: sim.TimingAnalytic, Latencies: chip.Latencies(), Workers: 2}
	run, c, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Network: n, Part: test, Options: options})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Exact() || c.Samples != 10_000 || run.Correct != correct {
		t.Errorf("%s: %+v, %d right; want exact and %d", name, c, run.Correct, correct)
	}
}
