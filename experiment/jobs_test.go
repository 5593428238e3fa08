package experiment_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/encode"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

func hidden(widths string) func(int, int) (netspec.Spec, error) {
	return func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden(widths, inputs, classes) }
}

func irisJob() experiment.TrainJob {
	o := trainer.DefaultOptions()
	o.MaxSweeps = 3
	return experiment.TrainJob{Data: experiment.Data{Ref: "iris"}, Encode: "thermometer:4", Shape: hidden("12"), Options: o}
}

func trainIris(t *testing.T, job experiment.TrainJob) (*ternary.Network, *experiment.TrainSummary) {
	t.Helper()
	n, summary, err := experiment.Train(context.Background(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n, summary
}

func part(t *testing.T, ref string) dataset.Part {
	t.Helper()
	p, err := dataset.OpenPart(ref, dataset.PartTest, dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func load(t *testing.T, chip string) *hwmodel.Chip {
	t.Helper()
	c, err := hwmodel.Load(chip)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The whole way on Iris: the summary's figures are those of the network, the
// image is proved, every simulated neuron agrees, and the run prices.
func TestIrisFromDataToJoules(t *testing.T) {
	n, summary := trainIris(t, irisJob())
	test := part(t, "iris:test")
	src, err := experiment.NewEncoded(test, &n.Encoder)
	if err != nil {
		t.Fatal(err)
	}
	correct, bits := 0, encode.NewBits(n.Inputs)
	for i := range test.Len() {
		src.Bits(i, bits)
		if n.Eval(bits).Class == int(test.Label(i)) {
			correct++
		}
	}
	if summary.Accuracy.Correct != correct || summary.Accuracy.Total != 30 || summary.Samples != (experiment.PartSizes{Train: 96, Validation: 24, Test: 30}) {
		t.Errorf("summary says %+v of %+v; counted %d of 30", summary.Accuracy, summary.Samples, correct)
	}
	if summary.Memory.RatioFP64 != 32 || summary.Hash != n.Hash() {
		t.Errorf("ratio %g, hash %s; want 32 and %s", summary.Memory.RatioFP64, summary.Hash, n.Hash())
	}
	chip := load(t, "ternary256")
	l, compiled, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if !compiled.Lifted || compiled.Cores != len(l.Cores) || compiled.CoresLowerBound > compiled.Cores {
		t.Errorf("compiled %+v; the image has %d cores", compiled, len(l.Cores))
	}
	run, comparison, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Network: n, Part: test, Options: sim.DefaultOptions()})
	if err != nil {
		t.Fatal(err)
	}
	if !comparison.Exact() || comparison.Samples != 30 || run.Correct != correct || run.Data != "iris@fifth:test" || run.DataHash != test.Set.Checksum() {
		t.Errorf("comparison %+v, run of %s with %d correct; want exact, iris@fifth:test, %d", comparison, run.Data, run.Correct, correct)
	}
	if _, err := report.PriceRun(run, chip, report.DefaultEnergyOptions()); err != nil {
		t.Error(err)
	}
}

// On the chip unit every event is a picojoule, so the energy of the whole run
// is the sum of all rows of its ledger.
func TestEnergyOnUnitIsTheSumOfTheLedger(t *testing.T) {
	n, _ := trainIris(t, irisJob())
	chip := load(t, "unit")
	l, _, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
		o := sim.DefaultOptions()
		o.Scenario, o.Timing, o.Latencies = scenario, sim.TimingAnalytic, chip.Latencies()
		run, _, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Part: part(t, "iris:test"), Options: o})
		if err != nil {
			t.Fatal(err)
		}
		energy, err := report.PriceRun(run, chip, report.DefaultEnergyOptions())
		if err != nil {
			t.Fatal(err)
		}
		total := run.Total()
		want := float64(total.Sum()) * hwmodel.Picojoule
		if difference := energy.Run.Nominal - want; difference > 1e-9*want || difference < -1e-9*want { // 1e-9: float sum of some 30 terms
			t.Errorf("%s: %g J; the ledger's %d events make %g J", scenario, energy.Run.Nominal, total.Sum(), want)
		}
	}
}

// Training on all rows leaves nothing to validate, and says so.
func TestAllRowsTakeInValidation(t *testing.T) {
	job := irisJob()
	job.AllRows = true
	all, summary := trainIris(t, job)
	some, _ := trainIris(t, irisJob())
	if summary.ValidationError != nil || summary.Hash == some.Hash() || !strings.Contains(string(all.Origin), `"all_rows":true`) {
		t.Errorf("on all rows: validation error %v, origin %s; want none, all_rows, and another network", summary.ValidationError, all.Origin)
	}
}

// Cancelling leaves a valid network.
func TestCancelledTrainingLeavesANetwork(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	n, summary, err := experiment.Train(ctx, irisJob(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Validate(); err != nil || summary.StoppedBy != string(trainer.StoppedInterrupted) {
		t.Errorf("network %v, stopped by %s; want a valid one, interrupted", err, summary.StoppedBy)
	}
}

func TestEqualSeedsGiveEqualNetworks(t *testing.T) {
	encoded := func() []byte {
		n, _ := trainIris(t, irisJob())
		data, err := n.Encode("test")
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(encoded(), encoded()) {
		t.Error("one seed gave two networks")
	}
}

// The summaries carry the published names.
func TestSummariesKeepTheirNames(t *testing.T) {
	for _, c := range []struct {
		value any
		names string
	}{
		{experiment.TrainSummary{}, "algorithm seed data architecture train_error validation_error test_error accuracy train_s cpu_s sweeps candidates accepted local_optimum weights memory hash"},
		{experiment.TrainMemory{}, "weight_bits ratio_fp64 ratio_fp32 ratio_int8"},
		{experiment.CompileSummary{}, "chip cores cores_lower_bound ticks_per_inference initiation_interval_ticks layers utilisation bits_per_weight lifted folded_neurons hash compile_s"},
	} {
		text, err := json.Marshal(c.value)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(text, &fields); err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(c.names) {
			if _, ok := fields[name]; !ok {
				t.Errorf("%T has no field %q", c.value, name)
			}
		}
	}
}

// renamed is Iris with one class under another name.
func renamed(t *testing.T) dataset.Part {
	t.Helper()
	p := part(t, "iris:test")
	set := *p.Set
	set.Classes = []string{"setosa", "versicolor", "zebra"}
	p.Set = &set
	return p
}

func TestJobsRefuse(t *testing.T) {
	n, _ := trainIris(t, irisJob())
	l, _, err := experiment.Compile(n, load(t, "ternary256"), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	simulate := func(p dataset.Part) error {
		_, _, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Part: p, Options: sim.DefaultOptions()})
		return err
	}
	train := func(change func(*experiment.TrainJob)) error {
		job := irisJob()
		change(&job)
		_, _, err := experiment.Train(context.Background(), job, nil)
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"data of another width", simulate(part(t, "digits:test")), "the data has 64 features; the network's encoder takes 4"},
		{"other classes", simulate(renamed(t)), `the network was trained on ["setosa" "versicolor" "virginica"]`},
		{"no samples", simulate(dataset.Part{Set: part(t, "iris").Set, Ref: "iris:none"}), "iris:none has no samples"},
		{"training on test rows", train(func(j *experiment.TrainJob) { j.Data.Ref = "iris:test" }), `names the part "test"`},
		{"patience without validation rows", train(func(j *experiment.TrainJob) { j.AllRows, j.Options.Patience = true, 2 }), "--all-rows trains on them"},
		{"unknown data", train(func(j *experiment.TrainJob) { j.Data.Ref = "irises" }), "irises"},
		{"unknown encoder", train(func(j *experiment.TrainJob) { j.Encode = "fourier:3" }), "fourier"},
		{"another width", train(func(j *experiment.TrainJob) {
			j.Shape = func(int, int) (netspec.Spec, error) { return netspec.Parse("784-100-10") }
		}), "784"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) || strings.Contains(c.err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line that says %q", c.name, c.err, c.want)
		}
	}
}
