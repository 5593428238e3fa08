package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/internal/container"
	"tritloom/internal/seed"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
)

// exported is a network as its file and back.
func exported(t *testing.T, n *ternary.Network) *Imported {
	t.Helper()
	data, err := ExportNPZ(n, "test")
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := container.DecodeForeign("export.npz", data, container.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	shape, err := ShapeOf("export.npz", arrays)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.Inputs, o.Activation = Bipolar, Bipolar // an export says its levels itself
	im, err := ImportNPZ("export.npz", arrays, shape, o)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// trained looks like what a trainer leaves: masks as zeros, thresholds out of
// reach, names and an encoder, sources that skip.
func trained(t *testing.T) *ternary.Network {
	t.Helper()
	shape := netspec.Spec{Inputs: []int{6}, Classes: 3, Layers: []netspec.Layer{{Shape: []int{5}}, {Name: "skip", Shape: []int{4}, From: []string{"input", "hidden1"}}},
		Readout: netspec.Readout{From: []string{"hidden1", "skip"}}}
	n, _, err := shape.Build(6, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := seed.Stream(2, seed.TestNetwork)
	fill := func(weights []int8) {
		for i := range weights {
			weights[i] = int8(r.IntN(3) - 1)
		}
	}
	for i := range n.Layers {
		fill(n.Layers[i].Weights)
		for j := range n.Layers[i].Theta {
			n.Layers[i].Theta[j] = int32(r.IntN(41) - 20)
		}
	}
	fill(n.Readout.Weights)
	copy(n.Readout.Bias, []int32{-5, 0, 7})
	n.Classes = []string{"setosa", "with\nnewline", ""}
	n.Encoder, err = encode.Fit(encode.Spec{Scheme: encode.Thermometer, Bits: 2, Cuts: []int64{15, 40}, Decimals: 1}, nil, 3, []uint8{1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestExportIsTheNetwork(t *testing.T) {
	n := trained(t)
	if d := ternary.Diff(n, exported(t, n).Network); d != "" {
		t.Errorf("export and import: %s", d)
	}
	n.Layers[0].Neuron = ternary.Neuron{Model: ternary.LIF, Reset: ternary.ToZero, Leak: -1}
	n.Steps = 4
	n.Readout = ternary.Readout{Name: "readout", Mode: ternary.Vote, From: []int{1}, Outputs: 3}
	if d := ternary.Diff(n, exported(t, n).Network); d != "" {
		t.Errorf("export and import of a network with potentials: %s", d)
	}
}

// What was imported from elsewhere survives the way out and in, too.
func TestExportOfAnImport(t *testing.T) {
	for _, name := range []string{"bn_net", "ternary_net"} {
		arrays, shape := golden(t, name)
		im, err := ImportNPZ(name, arrays, shape, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		back := exported(t, im.Network)
		if d := ternary.Diff(im.Network, back.Network); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if r, err := back.Replay(context.Background()); err != nil || r.Samples != 0 || r.Compared() != 0 {
			t.Errorf("%s: an export replays %+v, %v; want nothing", name, r, err)
		}
	}
}

func TestExportIsDeterministicAndBare(t *testing.T) {
	n := trained(t)
	one, err := ExportNPZ(n, "test")
	two, again := ExportNPZ(n, "test")
	if err != nil || again != nil || !bytes.Equal(one, two) {
		t.Errorf("two exports differ (%v, %v)", err, again)
	}
	f, err := container.Decode("export.npz", one, "arrays", container.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var header struct{ Network string }
	if err := json.Unmarshal(f.Header, &header); err != nil || header.Network != n.Hash() {
		t.Errorf("header %s (%v); want the network's hash %s", f.Header, err, n.Hash())
	}
	w, err := f.Array("skip.weight")
	if err != nil || w.Dtype != container.Int8 || w.Shape[0] != 4 || w.Shape[1] != 11 {
		t.Errorf("skip.weight is %+v (%v); want int8 [4 11]", w, err)
	}
}

func TestWhatAnExportCannotHold(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ternary.Network)
		want   string
	}{
		{"invalid", func(n *ternary.Network) { n.Steps = 0 }, "network: 0 steps"},
		{"alphabet", func(n *ternary.Network) { n.Alphabet = []int8{-2, -1, 0, 1, 2} }, "its alphabet is [-2 -1 0 1 2]; arrays are written for [-1 0 1]"},
		{"convolution", func(n *ternary.Network) {
			n.Layers[1] = ternary.Layer{Name: "join", Op: ternary.Concat, From: []int{0}, Outputs: 5, Neuron: ternary.Neuron{Model: ternary.Step}}
			n.Readout = ternary.Readout{Name: "readout", Mode: ternary.Vote, From: []int{1}, Outputs: 3}
		}, `layer 1 "join" is concat; arrays are written for dense layers`},
		{"readout's name", func(n *ternary.Network) { n.Readout.Name = "out" }, `does not hold this network exactly: readout "out": name against "readout"`},
		{"layer's name", func(n *ternary.Network) { n.Layers[1].Name = "outputs" }, `layer 2 is called "outputs"`},
		{"one name twice", func(n *ternary.Network) { n.Layers[1].Name = "hidden1" }, "the name is taken"},
	} {
		n := trained(t)
		c.change(n)
		if _, err := ExportNPZ(n, "test"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
}
