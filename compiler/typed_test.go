package compiler_test

import (
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/compiler/lift"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ternary"
)

// typedChip is a chip of typed-binary cores like TrueNorth's, of any size: one
// destination a neuron, no partial sums, no score ports, no wave gate.
func typedChip(axons, neurons, width, height int) *hwmodel.Chip {
	chip := smallChip(axons, neurons, width, height)
	c := &chip.Capabilities
	c.Core.SynapseMode, c.Core.SynapseBits, c.Core.AxonTypes, c.Core.WeightBits = hwmodel.TypedBinary, 1, 4, 9
	c.Neuron.PotentialBits, c.Neuron.ThresholdBits, c.Neuron.LeakBits = 20, 18, 9
	c.Spikes.Destinations, c.Psum.Bits, c.Host = 1, 0, hwmodel.Host{}
	return chip
}

// What is lifted from a typed-binary image is the network with comparators for
// scores, copies, signs and all.
func TestTypedLiftIsCanonical(t *testing.T) {
	stream := seed.Stream(41, seed.TestNetwork)
	copies := 0
	for i := range 300 {
		n := randomnet.Any(stream, randomnet.Limits{Inputs: 24, Layers: 3, Width: 12, Classes: 5, Ops: i%2 == 1})
		compared, err := ternary.Compared(n)
		if err != nil {
			t.Fatal(err)
		}
		canon, err := ternary.Canonical(compared)
		if err != nil {
			t.Fatal(err)
		}
		l, report, err := compiler.Compile(n, typedChip(64, 24, 24, 24), compiler.DefaultOptions())
		if err != nil {
			if len(canon.Network.Layers) == 0 && strings.Contains(err.Error(), "one class always wins") {
				continue
			}
			if strings.Contains(err.Error(), "axon types hold") { // a source heard twice may weigh more than ±2
				continue
			}
			t.Fatalf("network %d: %v", i, err)
		}
		lifted, err := lift.Lift(l)
		if err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if d := ternary.Diff(canon.Network, lifted); d != "" {
			t.Fatalf("network %d: %s", i, d)
		}
		if report.Cores < report.LowerBound.Cores() {
			t.Errorf("network %d: %d cores under a lower bound of %d", i, report.Cores, report.LowerBound.Cores())
		}
		for _, layer := range report.Layers {
			if strings.HasPrefix(layer.Method, "copies×") {
				copies++
			}
		}
	}
	if copies < 100 {
		t.Errorf("only %d layers needed copies", copies)
	}
}

// Two classes, two inputs, worked by hand: s0 = a, s1 = b. The comparator
// [a - b >= 0] hears a with +1 and b with -1; class 0 wins if it fires, class 1
// if it does not.
func TestTypedByHand(t *testing.T) {
	n := &ternary.Network{Inputs: 2, Steps: 1, Alphabet: ternary.Ternary}
	n.Readout = ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{ternary.Input}, Outputs: 2, Weights: []int8{1, 0, 0, 1}, Bias: []int32{0, 0}}
	l, _, err := compiler.Compile(n, typedChip(8, 8, 2, 2), compiler.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Cores) != 1 || len(l.InputMap) != 2 || len(l.OutputMap) != 2 || l.Schedule.TicksPerInference != 2 {
		t.Fatalf("%d cores, %d input entries, %d classes read, %d ticks; want 1, 2, 2, 2", len(l.Cores), len(l.InputMap), len(l.OutputMap), l.Schedule.TicksPerInference)
	}
	count := map[int32]int{}
	for _, column := range l.Cores[0].Columns {
		if column.Role != layout.Unused {
			count[column.Label.Layer]++
			if column.Theta != 0 {
				t.Errorf("threshold %d; want 0, with the threshold kept as leak", column.Theta)
			}
		}
	}
	// The comparator feeds a +1 axon (class 0) and a -1 axon (class 1): two copies.
	if count[0] != 2 || count[1] != 2 {
		t.Errorf("%d comparator and %d winner columns; want 2 and 2", count[0], count[1])
	}
}

func TestTypedRefusals(t *testing.T) {
	n := randomnet.Dense(seed.Stream(42, seed.TestNetwork), 40, 20, 4)
	for _, c := range []struct {
		name   string
		change func(*hwmodel.Capabilities)
		want   string
	}{
		{"fan-in", func(c *hwmodel.Capabilities) { c.Core.Axons = 16 }, `layer "hidden1": neuron`},
		{"the mask that would fit", func(c *hwmodel.Capabilities) { c.Core.Axons = 16 }, "{kind: uniform, fan_in: 16}"},
		{"narrow weights", func(c *hwmodel.Capabilities) { c.Core.WeightBits = 2 }, "comparators need -2..2"},
		{"few types", func(c *hwmodel.Capabilities) { c.Core.AxonTypes = 2 }, "2 axon types hold [1 -1]"},
		{"narrow leaks", func(c *hwmodel.Capabilities) { c.Neuron.LeakBits = 2 }, "which is kept as leak; the chip holds thresholds -1..2"},
		{"resets", func(c *hwmodel.Capabilities) { c.Neuron.Reset = []string{hwmodel.ResetZero} }, "reset by [zero]"},
		{"few cores", func(c *hwmodel.Capabilities) { c.Mesh.Width, c.Mesh.Height = 1, 1 }, "the chip has 1"},
		{"short delays", func(c *hwmodel.Capabilities) { c.Spikes.DelayMaxTicks = 0 }, "waits 1 ticks for it; the chip delays at most 0"},
		{"multicast", func(c *hwmodel.Capabilities) { c.Spikes.Destinations = 0 }, "any number of destinations"},
	} {
		chip := typedChip(64, 32, 8, 8)
		c.change(&chip.Capabilities)
		if _, _, err := compiler.Compile(n, chip, compiler.DefaultOptions()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.name, err, c.want)
		}
	}
}
