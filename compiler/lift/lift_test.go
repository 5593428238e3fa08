package lift_test

import (
	"strings"
	"testing"

	"tritloom/compiler/lift"
	"tritloom/layout"
	"tritloom/ternary"
)

// image is written by hand: two cores, a neuron whose sum crosses them, and a
// score. No compiler has touched it.
const image = `chip hand ternary axons 3 neurons 3 mesh 2x1 tile 1x1 psum 8
network sha256:hand
inputs 3
layer h 1
readout class 1
ticks 2 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from input/1
row 0 +00
row 1 -00
column 0 send level 0 is h/0 to 1:1
core 1 at 1,0
axon 0 from input/2
axon 1 from h/0
row 0 0+0
row 1 00+
column 1 spike >= 1 reset clear level 0 is h/0 to 1:1@1
column 2 score level 1 leak -3 is class/0
input 0 to 0:0
input 1 to 0:1
input 2 to 1:0
output 0 from 1:2
`

func hand(t *testing.T) *layout.Layout {
	t.Helper()
	l, err := layout.ParseText(image)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLiftByHand(t *testing.T) {
	got, err := lift.Lift(hand(t))
	if err != nil {
		t.Fatal(err)
	}
	want := &ternary.Network{
		Inputs: 3, Steps: 1, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1,
			Weights: []int8{1, -1, 1}, Theta: []int32{1}, Neuron: ternary.Neuron{Model: ternary.Step},
		}},
		Readout: ternary.Readout{Name: "class", Mode: ternary.Sum, From: []int{0}, Outputs: 1, Weights: []int8{1}, Bias: []int32{-3}},
	}
	if d := ternary.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Steps, resets and leaks are the image's too; a leak of 0 is no leak.
func TestLiftOfStepsByHand(t *testing.T) {
	for _, c := range []struct {
		column string
		want   ternary.Neuron
	}{
		{"spike >= 1 reset zero level 0", ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}},
		{"spike >= 1 reset subtract level 0 leak -2", ternary.Neuron{Model: ternary.LIF, Reset: ternary.Subtract, Leak: -2}},
	} {
		text := strings.Replace(image, "ticks 2 interval 1", "ticks 5 interval 5 steps 4", 1)
		text = strings.Replace(text, "spike >= 1 reset clear level 0", c.column, 1)
		l, err := layout.ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		l.Capabilities.Host.WaveGate = true
		got, err := lift.Lift(l)
		if err != nil {
			t.Fatal(err)
		}
		if got.Steps != 4 || got.Layers[0].Neuron != c.want || got.Layers[0].Theta[0] != 1 {
			t.Errorf("%s: %d steps, %+v of threshold %d; want 4, %+v, 1", c.column, got.Steps, got.Layers[0].Neuron, got.Layers[0].Theta[0], c.want)
		}
	}
}

// What the wires say counts: weights move with the input map, whatever the
// labels of columns are called.
func TestStructureComesFromTheImage(t *testing.T) {
	l := hand(t)
	l.Cores[0].Planes[1].Put(1, 0, false)
	l.Cores[0].Planes[0].Put(1, 0, true)
	got, err := lift.Lift(l)
	if err != nil {
		t.Fatal(err)
	}
	if w := got.Layers[0].Weights[1]; w != 1 {
		t.Errorf("weight of input 1 is %d; the crosspoint says 1", w)
	}
}

func TestLiftRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*layout.Layout)
		want   string
	}{
		{"an image that is not sound", func(l *layout.Layout) { l.OutputMap = nil }, "0 classes are read"},
		{"an input heard twice", func(l *layout.Layout) { // input 0 on a second axon of the chain's other core
			l.InputMap[2].Input = 0
			l.InputMap[1], l.InputMap[2] = l.InputMap[2], l.InputMap[1]
			l.Cores[1].Axons[0].Label.Neuron = 0
		}, `layer 0 "h": neuron 0 hears input 0 with weight 2 in all`},
	} {
		l := hand(t)
		c.change(l)
		if _, err := lift.Lift(l); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one that says %q", c.name, err, c.want)
		}
	}
}
