package compiler_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/compiler"
	"tritloom/compiler/lift"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ternary"
)

// The published count for 784-512-10 on 256 × 256 cores with partial sums is
// 10. Nine is the bound: 784 inputs heard by 512 neurons take two axons each,
// and 512 hidden neurons one, 2080 in all, or 8.1 cores of 256.
func TestTheWellKnownNetworkTakesNineCores(t *testing.T) {
	n := randomnet.Dense(seed.Stream(1, seed.TestNetwork), 784, 512, 10)
	l, report, err := compiler.Compile(n, smallChip(256, 256, 8, 8), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Cores) != 9 || report.Cores != 9 || report.LowerBound.Cores() != 9 {
		t.Errorf("%d cores in the image, %d reported, bound %d; want 9, 9, 9", len(l.Cores), report.Cores, report.LowerBound.Cores())
	}
	want := []compiler.LayerReport{
		{Name: "hidden1", Method: "psum×4", Cores: 9, Neurons: 512, Level: 0},
		{Name: "class", Method: "psum×3", Cores: 3, Neurons: 10, Level: 1},
	}
	if d := cmp.Diff(want, report.Layers); d != "" {
		t.Errorf("layers (-want +got):\n%s", d)
	}
	if report.PsumsPerInference != 3*512+2*10 {
		t.Errorf("%d partial sums an inference; want %d", report.PsumsPerInference, 3*512+2*10)
	}
}

// Dense layers take ceil(in/A)·ceil(out/N) cores at the most, by the plain
// rule; sharing may only save.
func TestDenseNetsNeverExceedThePlainRule(t *testing.T) {
	stream := seed.Stream(2, seed.TestNetwork)
	for range 60 {
		widths := []int{1 + stream.IntN(100), 1 + stream.IntN(60), 1 + stream.IntN(60), 2 + stream.IntN(10)}
		n := randomnet.Dense(stream, widths...)
		_, report, err := compiler.Compile(n, smallChip(16, 16, 12, 12), compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("%v: %v", widths, err)
		}
		plain := 0
		for i := range widths[1:] {
			plain += (widths[i] + 15) / 16 * ((widths[i+1] + 15) / 16)
		}
		if report.Cores > plain || report.Cores < report.LowerBound.Cores() {
			t.Errorf("%v: %d cores; the plain rule takes %d, the bound is %d", widths, report.Cores, plain, report.LowerBound.Cores())
		}
	}
}

// A thousand networks of any shape: what is lifted from the image is the
// network, whatever the size of the cores.
func TestLiftOfCompileIsCanonical(t *testing.T) {
	liftOfCompileIsCanonical(t, seed.Stream(3, seed.TestNetwork), 1000, randomnet.Limits{Inputs: 40, Layers: 4, Width: 30, Classes: 8})
}

// The same over steps: models, resets, leaks and steps are read back too.
func TestLiftOfCompileIsCanonicalOverSteps(t *testing.T) {
	liftOfCompileIsCanonical(t, seed.Stream(9, seed.TestNetwork), 500, randomnet.Limits{Inputs: 40, Layers: 3, Width: 20, Classes: 8, Steps: 6})
}

func liftOfCompileIsCanonical(t *testing.T, stream *rand.Rand, networks int, limits randomnet.Limits) {
	t.Helper()
	compiled := 0
	for i := 0; compiled < networks; i++ {
		limits.Ops = i%2 == 1
		n := randomnet.Any(stream, limits)
		canon, err := ternary.Canonical(n)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if len(canon.Network.Alphabet) != len(ternary.Ternary) {
			continue // a source heard twice adds up to ±2, which ternary crosspoints refuse; see TestRefusals
		}
		compiled++
		size := 8 + stream.IntN(17)
		l, _, err := compiler.Compile(n, smallChip(size, 8+stream.IntN(17), 16, 16), compiler.DefaultOptions())
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		lifted, err := lift.Lift(l)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if d := ternary.Diff(canon.Network, lifted); d != "" {
			t.Fatalf("network %d: %s", i, d)
		}
	}
}

// A layer may listen across several levels; its spikes wait in their delays.
func TestDelaysAlignSkippedLayers(t *testing.T) {
	n := &ternary.Network{Inputs: 2, Steps: 1, Alphabet: ternary.Ternary}
	for i := range 3 {
		n.Layers = append(n.Layers, ternary.Layer{
			Name: fmt.Sprint("h", i), Op: ternary.Dense, From: []int{i - 1}, Outputs: 2, Neuron: ternary.Neuron{Model: ternary.Step},
			Weights: []int8{1, 0, 0, 1}, Theta: []int32{1, 1},
		})
	}
	n.Readout = ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{ternary.Input, 0, 2}, Outputs: 2, Weights: []int8{1, -1, 1, 0, 1, -1, 0, 1, 0, 1, 0, 1}, Bias: []int32{0, 0}}
	l, _, err := compiler.Compile(n, smallChip(8, 8, 4, 4), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	delays := map[int32]bool{}
	for _, e := range l.InputMap {
		delays[e.Delay] = true
	}
	heads, _ := l.Heads()
	early := l.Column(heads[0][0][0])
	var waits []int32
	for _, d := range early.Dests {
		waits = append(waits, d.Delay)
	}
	if !delays[0] || !delays[3] || len(delays) != 2 {
		t.Errorf("inputs are delayed by %v; want 0 for the first layer and 3 for the readout", delays)
	}
	slices.Sort(waits)
	if d := cmp.Diff([]int32{1, 3}, waits); d != "" {
		t.Errorf("delays of the first layer (-want +got):\n%s", d)
	}
	if l.Schedule.TicksPerInference != 4 {
		t.Errorf("%d ticks an inference; want 4", l.Schedule.TicksPerInference)
	}
}

func TestEqualSeedsGiveEqualBytes(t *testing.T) {
	n := randomnet.Dense(seed.Stream(5, seed.TestNetwork), 60, 40, 30, 5)
	image := func(seed uint64) string {
		l, _, err := compiler.Compile(n, smallChip(16, 16, 8, 8), compiler.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		data, err := l.Encode("test")
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first, again := image(1), image(1)
	if first != again {
		t.Error("seed 1 gave two different images")
	}
}

// Every refusal names the layer, the need, what there is, and a way out; all
// problems come at once.
func TestRefusals(t *testing.T) {
	wide := randomnet.Dense(seed.Stream(6, seed.TestNetwork), 40, 20, 4)
	for _, c := range []struct {
		name   string
		net    func() *ternary.Network
		change func(*hwmodel.Capabilities)
		want   []string
	}{
		{"no partial sums", nil, func(c *hwmodel.Capabilities) { c.Psum.Bits = 0 }, []string{`layer "hidden1"`, "hears", "16 axons", "mask of fan-in 16"}},
		{"typed synapses", nil, func(c *hwmodel.Capabilities) { c.Core.SynapseMode = hwmodel.TypedBinary; c.Core.AxonTypes = 4 }, []string{"any number of destinations", "has score ports", "weights have 2 bits", "{kind: uniform, fan_in: 16}", "at least 3 groups"}},
		{"integers of one bit", nil, func(c *hwmodel.Capabilities) {
			c.Core.SynapseMode, c.Core.SynapseBits, c.Core.WeightBits = hwmodel.KBit, 1, 1
		}, []string{`layer "hidden1": neuron 0 has weight 1`, "a crosspoint of 1 bits holds -1..0", "train with an alphabet within"}},
		{"integers of two bits", func() *ternary.Network {
			n := randomnet.Dense(seed.Stream(6, seed.TestNetwork), 40, 20, 4)
			n.Alphabet, n.Layers[0].Weights[0] = []int8{-1, 0, 1, 2}, 2
			return n
		}, func(c *hwmodel.Capabilities) {
			c.Core.SynapseMode, c.Core.SynapseBits, c.Core.WeightBits = hwmodel.KBit, 4, 2
		}, []string{`layer "hidden1": neuron 0 has weight 2`, "a crosspoint of 2 bits holds -2..1"}},
		{"narrow conversions without partial sums", nil, func(c *hwmodel.Capabilities) {
			c.Core.SynapseMode, c.Core.ADCBits, c.Core.Axons, c.Psum.Bits = hwmodel.Differential, 3, 64, 0
		}, []string{`layer "hidden1": neuron 0 sums up to -`, "a conversion holds -4..3 and the chip has no partial sums", "mask of fan-in 3 would fit"}},
		{"conversions of one bit", nil, func(c *hwmodel.Capabilities) {
			c.Core.SynapseMode, c.Core.ADCBits = hwmodel.Differential, 1
		}, []string{`layer "hidden1": neuron 0 sums up to -`, "a conversion of 1 bit holds -1..0", "core.adc_bits of 2 or more would fit"}},
		{"one destination", nil, func(c *hwmodel.Capabilities) { c.Spikes.Destinations = 1 }, []string{"1 destinations", "multicast"}},
		{"no score ports", nil, func(c *hwmodel.Capabilities) { c.Host.ScorePorts = false }, []string{"no score ports", "needs 4"}},
		{"no wave gate", nil, func(c *hwmodel.Capabilities) { c.Host.WaveGate = false }, []string{"no wave gate", "wave_gate: true"}},
		{"other resets", nil, func(c *hwmodel.Capabilities) { c.Neuron.Reset = []string{"zero"} }, []string{"reset by [zero]", "clear"}},
		{"two limits at once", nil, func(c *hwmodel.Capabilities) { c.Psum.Bits = 0; c.Host.ScorePorts = false }, []string{"no score ports", "no partial sums"}},
		{"narrow partial sums", nil, func(c *hwmodel.Capabilities) { c.Psum.Bits = 4 }, []string{"partial sum of hidden1", "the chip holds -8..7"}},
		{"narrow potentials", nil, func(c *hwmodel.Capabilities) { c.Neuron.PotentialBits = 4 }, []string{"the potential of hidden1", "the chip holds -8..7"}},
		{"narrow thresholds", func() *ternary.Network {
			n := randomnet.Dense(seed.Stream(6, seed.TestNetwork), 40, 20, 4)
			n.Layers[0].Theta[3] = 9
			return n
		}, func(c *hwmodel.Capabilities) { c.Neuron.ThresholdBits = 4 }, []string{`layer "hidden1"`, "threshold 9", "-8..7"}},
		{"too few cores", nil, func(c *hwmodel.Capabilities) { c.Mesh.Width, c.Mesh.Height = 2, 1 }, []string{"cores; the chip has 2"}},
		{"weights beyond ternary", func() *ternary.Network {
			n := randomnet.Dense(seed.Stream(6, seed.TestNetwork), 40, 20, 4)
			n.Alphabet, n.Layers[0].Weights[0] = []int8{-1, 0, 1, 2}, 2
			return n
		}, nil, []string{`layer "hidden1"`, "weight 2", "train with the alphabet"}},
		{"short delays", func() *ternary.Network {
			n := randomnet.Dense(seed.Stream(7, seed.TestNetwork), 6, 4, 4, 4)
			n.Readout.From, n.Readout.Weights = []int{0, 1}, append(n.Readout.Weights, n.Readout.Weights...)
			return n
		}, func(c *hwmodel.Capabilities) { c.Spikes.DelayMaxTicks = 1 }, []string{`layer "class"`, "waits 2 ticks", "at most 1"}},
		{"a reset for neurons with potentials", stateful(3, ternary.Neuron{Model: ternary.IF, Reset: ternary.Subtract}), func(c *hwmodel.Capabilities) {
			c.Neuron.Reset = []string{"clear", "zero"}
		}, []string{"reset by [clear zero]", `if neurons of layer "hidden1"`, `need "subtract"`, "train with 1 step"}},
		{"a wave gate for potentials", stateful(3, ternary.Neuron{Model: ternary.IF, Reset: ternary.Subtract}), func(c *hwmodel.Capabilities) { c.Host.WaveGate = false }, []string{"no wave gate"}},
		{"wide leaks", func() *ternary.Network {
			n := stateful(3, ternary.Neuron{Model: ternary.LIF, Reset: ternary.Subtract, Leak: -9})()
			n.Layers[0].Theta = []int32{-10, -10, -10, -10}
			return n
		}, func(c *hwmodel.Capabilities) { c.Neuron.LeakBits = 4 }, []string{`layer "hidden1": its leak is -9`, "-8..7"}},
		// Neuron 0 sums -3..1: it falls by 3 a step, or climbs to 2 and by 1 more.
		{"potentials over steps", stateful(7, ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}), func(c *hwmodel.Capabilities) { c.Neuron.PotentialBits = 5 }, []string{
			`layer "hidden1": the potential of neuron 0 can reach -21..3 in 7 steps`, "the chip holds -16..15", "5 steps would fit"}},
		{"scores over steps", func() *ternary.Network {
			n := stateful(7, ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero})()
			n.Layers[0].Weights = make([]int8, len(n.Layers[0].Weights))
			n.Layers[0].Weights[0], n.Layers[0].Weights[6] = 1, 1
			n.Layers[0].Theta = []int32{1, 2, 9, 9}
			n.Readout.Weights = []int8{1, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0}
			n.Readout.Bias = []int32{0, 0, 0, 0}
			return n
		}, func(c *hwmodel.Capabilities) { c.Neuron.PotentialBits = 4 }, []string{`layer "class": the potential of neuron 0 can reach 0..14 in 7 steps`, "3 steps would fit"}},
		{"more ticks than an image holds", stateful(1<<16, ternary.Neuron{Model: ternary.Step}), func(c *hwmodel.Capabilities) { c.Neuron.PotentialBits, c.Neuron.LeakBits = 32, 32 }, []string{"65536 steps take 65537 ticks", "at most 65535 steps would fit"}},
		{"steps on typed-binary cores", stateful(3, ternary.Neuron{Model: ternary.Step}), func(c *hwmodel.Capabilities) { c.Core.SynapseMode = hwmodel.TypedBinary }, []string{"takes 3 steps", "--steps 1", "ternary256"}},
	} {
		n, chip := wide, smallChip(16, 16, 8, 8)
		if c.net != nil {
			n = c.net()
		}
		if c.change != nil {
			c.change(&chip.Capabilities)
		}
		_, _, err := compiler.Compile(n, chip, compiler.DefaultOptions())
		if err == nil {
			t.Errorf("%s: compiled", c.name)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: error %q does not say %q", c.name, err, part)
			}
		}
	}
}

// stateful is a network 6-4-4 whose first layer has neurons of the given kind, with
// three negative weights and a threshold of 3.
func stateful(steps int, neuron ternary.Neuron) func() *ternary.Network {
	return func() *ternary.Network {
		n := randomnet.Dense(seed.Stream(7, seed.TestNetwork), 6, 4, 4)
		n.Steps, n.Layers[0].Neuron = steps, neuron
		copy(n.Layers[0].Weights, []int8{-1, -1, -1, 1, 0, 0})
		n.Layers[0].Theta[0] = 3
		return n
	}
}

// A wave takes a tick a level and step; it may start when the first level is done
// with the one before, but not while a potential is kept.
func TestScheduleOfSteps(t *testing.T) {
	for _, c := range []struct {
		neuron ternary.Neuron
		want   layout.Schedule
	}{
		{ternary.Neuron{Model: ternary.Step}, layout.Schedule{Steps: 3, TicksPerInference: 4, InitiationInterval: 3}},
		{ternary.Neuron{Model: ternary.LIF, Reset: ternary.ToZero, Leak: 1}, layout.Schedule{Steps: 3, TicksPerInference: 4, InitiationInterval: 4}},
	} {
		l, _, err := compiler.Compile(stateful(3, c.neuron)(), smallChip(16, 16, 8, 8), compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, l.Schedule); d != "" {
			t.Errorf("%s neurons (-want +got):\n%s", c.neuron.Model, d)
		}
	}
}

// A score without any weight still has a column, for its bias.
func TestSilentScoresKeepTheirBias(t *testing.T) {
	n := randomnet.Dense(seed.Stream(8, seed.TestNetwork), 30, 10, 3)
	for _, row := range [][]int8{n.Readout.Row(1, 10)} {
		clear(row)
	}
	n.Readout.Bias[1] = 77
	l, _, err := compiler.Compile(n, smallChip(8, 8, 8, 8), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range l.OutputMap {
		if column := l.Column(layout.Link{Core: e.Core, Column: e.Column}); e.Class == 1 && column.Leak != 77 {
			t.Errorf("the silent class has bias %d; want 77", column.Leak)
		}
	}
}

// The figures are this machine's time for one compilation, proof of widths
// included, and the cores it takes.
func BenchmarkCompile(b *testing.B) {
	for _, widths := range [][]int{{192, 64, 10}, {784, 100, 10}, {784, 512, 10}, {784, 1024, 1024, 10}} {
		b.Run(fmt.Sprintf("chip=256x256/net=%s", strings.ReplaceAll(strings.Trim(fmt.Sprint(widths), "[]"), " ", "-")), func(b *testing.B) {
			n := randomnet.Dense(seed.Stream(1, seed.TestNetwork), widths...)
			cores := 0
			for b.Loop() {
				_, report, err := compiler.Compile(n, smallChip(256, 256, 8, 8), compiler.DefaultOptions())
				if err != nil {
					b.Fatal(err)
				}
				cores = report.Cores
			}
			b.ReportMetric(float64(cores), "cores")
		})
	}
}
