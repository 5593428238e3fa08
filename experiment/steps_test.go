package experiment_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/experiment"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// digitsOverSteps trains 256-32-10 on the digits, compiles it and simulates every
// test image against it.
func digitsOverSteps(t *testing.T, steps int) (*ternary.Network, *experiment.TrainSummary, *report.Report, *ledger.Run) {
	t.Helper()
	n, summary, err := experiment.Train(context.Background(), experiment.TrainJob{
		Data: experiment.Data{Ref: "digits"}, Shape: hidden("32"), Options: trainer.DefaultOptions(), Steps: steps,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	chip := load(t, "ternary256")
	l, compiled, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	o := sim.DefaultOptions()
	o.Timing, o.Latencies, o.Workers = sim.TimingAnalytic, chip.Latencies(), 2
	run, comparison, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Network: n, Part: part(t, "digits"), Options: o})
	if err != nil {
		t.Fatal(err)
	}
	if !comparison.Exact() || comparison.Samples != 360 || comparison.Steps != steps || len(run.Violations) != 0 {
		t.Fatalf("%d steps: %+v, violations %v", steps, comparison, run.Violations)
	}
	if run.Correct != summary.Accuracy.Correct || compiled.TicksPerInference != 1+steps || compiled.Cores != 1 {
		t.Errorf("%d steps: the chip is right %d times, the network %d; %d ticks on %d cores", steps, run.Correct, summary.Accuracy.Correct, compiled.TicksPerInference, compiled.Cores)
	}
	r, err := report.New(report.Subject{Run: run, Chip: chip, Network: n, Layout: l}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	return n, summary, r, run
}

// One step and eight on the digits, from data to joules: no spike differs at any
// step, potentials are set back once an inference each, and eight steps cost some
// eight times what one does.
func TestDigitsOverSteps(t *testing.T) {
	n, _, once, first := digitsOverSteps(t, 1)
	m, summary, eight, run := digitsOverSteps(t, 8)
	kept := uint64(run.Layers[0].Columns)
	if kept < 25 || run.Total()[ledger.StateReset] != 360*kept || first.Total()[ledger.StateReset] != 0 {
		t.Errorf("%d state resets by %d columns over 360 inferences, %d in one step", run.Total()[ledger.StateReset], kept, first.Total()[ledger.StateReset])
	}
	if ratio := eight.Energy.Nominal / once.Energy.Nominal; ratio < 6 || ratio > 9 {
		t.Errorf("eight steps take %.2f times the energy of one", ratio)
	}
	const column = "per column and inference  and step"
	if !strings.Contains(eight.String(), column) || strings.Contains(once.String(), column) {
		t.Errorf("the table of spikes does not say how many there are a step")
	}
	s := summary.OverSteps
	if m.Steps != 8 || m.Layers[0].Neuron != (ternary.Neuron{Model: ternary.IF, Reset: ternary.Subtract}) || s == nil || s.Loss >= s.FirstLoss || !s.LocalOptimum {
		t.Errorf("%d steps, %+v, %+v", m.Steps, m.Layers[0].Neuron, s)
	}
	if s.OneShot.Hash != hashWithoutOrigin(n) {
		t.Errorf("the weights come from %s; one step gives %s", s.OneShot.Hash, hashWithoutOrigin(n))
	}
	var origin struct{ Steps *experiment.StepsSummary }
	if err := json.Unmarshal(m.Origin, &origin); err != nil || origin.Steps == nil || *origin.Steps != *s {
		t.Errorf("the file says it was made by %s", m.Origin)
	}
	t.Logf("1 step: %s, %s; 8 steps: %s, %s", once.Accuracy, report.SI(once.Energy.Nominal, "J"), eight.Accuracy, report.SI(eight.Energy.Nominal, "J"))
}

// hashWithoutOrigin is the hash before a job says how the network was made.
func hashWithoutOrigin(n *ternary.Network) string {
	bare := *n
	bare.Origin = nil
	return bare.Hash()
}

// Steps and models of a shape's file count like the option, which only fills in
// what the file leaves out.
func TestStepsOfAFile(t *testing.T) {
	train := func(text string, steps int) (*ternary.Network, error) {
		spec, err := netspec.ParseYAML("net.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		job := irisJob()
		job.Steps, job.Shape = steps, func(int, int) (netspec.Spec, error) { return spec, nil }
		n, _, err := experiment.Train(context.Background(), job, nil)
		return n, err
	}
	lif := ternary.Neuron{Model: ternary.LIF, Reset: ternary.ToZero, Leak: -1}
	for _, c := range []struct {
		text  string
		steps int
		want  ternary.Neuron
	}{
		{"steps: 3\nlayers: [{shape: [6], model: lif, reset: zero, leak: -1}]\n", 0, lif},
		{"layers: [{shape: [6], model: lif, reset: zero, leak: -1}]\n", 3, lif},
		{"steps: 3\nlayers: [{shape: [6]}]\n", 3, ternary.Neuron{Model: ternary.IF, Reset: ternary.Subtract}},
		{"layers: [{shape: [6], reset: zero}]\n", 3, ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}},
		{"steps: 3\nlayers: [{shape: [6]}]\n", 0, ternary.Neuron{Model: ternary.Step}},
	} {
		n, err := train(c.text, c.steps)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if n.Steps != 3 || n.Layers[0].Neuron != c.want {
			t.Errorf("%q with %d steps: %d steps, %+v; want 3, %+v", c.text, c.steps, n.Steps, n.Layers[0].Neuron, c.want)
		}
	}
	for _, c := range []struct {
		text  string
		steps int
		want  string
	}{
		{"steps: 3\nlayers: [{shape: [6]}]\n", 4, "--steps 4, and the --net file says steps: 3; leave one of them out"},
		{"layers: [{shape: [6]}]\n", experiment.MaxSteps + 1, "want 1..1000"},
		{"layers: [{shape: [6]}, {shape: [4]}]\n", 2, "2 hidden layers over 2 steps"},
		{"steps: 3\nlayers: [{shape: [3], model: if, reset: zero}]\nreadout: {mode: count}\n", 0, "the readout a count"},
	} {
		if _, err := train(c.text, c.steps); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q with %d steps: error %v; want one that says %q", c.text, c.steps, err, c.want)
		}
	}
}

// A search cut short and resumed gives the network over steps of one left alone.
func TestStepsAfterResume(t *testing.T) {
	job := irisJob()
	job.Steps = 4
	want, _ := trainIris(t, job)
	path := t.TempDir() + "/net.npz.checkpoint"
	open := func(resume bool) *experiment.Checkpoint {
		c, err := experiment.OpenCheckpoint(experiment.CheckpointOptions{Path: path, Resume: resume})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	job.Checkpoint = open(false)
	_, cut, err := experiment.Train(ctx, job, nil)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := job.Checkpoint.Finish(); !left || err != nil || cut.OverSteps.StoppedBy != string(trainer.StoppedInterrupted) {
		t.Fatalf("%v, %v, %+v", left, err, cut.OverSteps)
	}
	other := job
	other.Steps, other.Checkpoint = 5, open(true)
	if _, _, err := experiment.Train(context.Background(), other, nil); err == nil || !strings.Contains(err.Error(), "began with steps 4, and this is 5") {
		t.Errorf("resumed with other steps: %v", err)
	}
	job.Checkpoint = open(true)
	got, _ := trainIris(t, job)
	if d := ternary.Diff(want, got); d != "" {
		t.Errorf("resumed: %s", d)
	}
}
