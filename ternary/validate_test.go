package ternary

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"tritloom/encode"
)

func TestValidate(t *testing.T) {
	conv := func(n *Network) *Window { return &n.Layers[0].Map }
	for _, c := range []struct {
		change func(n *Network)
		reason string
	}{
		{func(n *Network) {}, ""},
		{func(n *Network) { n.Encoder.Scheme = "gray" }, "known are"},
		{func(n *Network) {
			n.Encoder = encode.Encoder{Scheme: encode.Threshold, Features: []encode.Feature{{On: []int64{1}}}}
		}, "the encoder makes 1 bits; the network takes 18"},
		{func(n *Network) { n.Inputs = 0 }, "0 inputs; want 1.."},
		{func(n *Network) { n.Steps = 0 }, "0 steps; want 1.."},
		{func(n *Network) { n.Alphabet = nil }, "alphabet []; want distinct integers in rising order"},
		{func(n *Network) { n.Alphabet = []int8{1, 0, -1} }, "alphabet [1 0 -1]"},
		{func(n *Network) { n.Alphabet = []int8{0, 0} }, "alphabet [0 0]"},
		{func(n *Network) { n.Alphabet = []int8{0, 1} }, "weight of row 0, input 1 is -1; the alphabet is [0 1]"},
		{func(n *Network) { n.Layers = make([]Layer, MaxLayers+1) }, "4097 layers; at most 4096"},
		{func(n *Network) { n.Origin = json.RawMessage("{") }, "origin is not JSON"},
		{func(n *Network) { n.Layers[2].From = []int{2} }, `layer 2 "two words": source 2; want -1 (the input) or an earlier layer`},
		{func(n *Network) { n.Layers[2].From = []int{-2} }, "source -2"},
		{func(n *Network) { n.Layers[4].Outputs = 0 }, "0 neurons; want 1.."},
		{func(n *Network) { n.Layers[4].Op = "median" }, `operation "median"; known are`},
		{func(n *Network) { n.Layers[4].Weights = n.Layers[4].Weights[1:] }, "3 weights for 2 rows of 2"},
		{func(n *Network) { n.Layers[4].Theta = n.Layers[4].Theta[1:] }, "1 thresholds for 2 neurons"},
		{func(n *Network) { n.Layers[4].Neuron.Reset = "" }, `reset ""; want "zero" or "subtract"`},
		{func(n *Network) { n.Layers[4].Neuron.Leak = 1 }, "an if neuron has leak 1"},
		{func(n *Network) { n.Layers[4].Neuron.Model = "adex" }, `neuron model "adex"`},
		{func(n *Network) { n.Layers[4].Neuron.Model = Step }, "a step neuron keeps no potential"},
		{func(n *Network) { n.Layers[3].Outputs-- }, "concatenates 28 bits; claims 27"},
		{func(n *Network) { n.Layers[3].Theta = []int32{1} }, "concat has no thresholds or weights"},
		{func(n *Network) { n.Layers[1].Neuron.Model = IF }, "or is stateless"},
		{func(n *Network) { n.Layers[1].Map.OutChannels = 1; n.Layers[1].Outputs = 4 }, "or keeps its 2 channels"},
		{func(n *Network) { conv(n).StrideH = 0 }, "must be 1.."},
		{func(n *Network) { conv(n).PadH = 2 }, "padding 2×1; want at least 0 and less than the kernel 2×2"},
		{func(n *Network) { conv(n).KernelH = 6 }, "kernel 6×2 is larger than the padded map 5×5"},
		{func(n *Network) { conv(n).Channels = 1 }, "sources give 18 bits; the map 1×3×3 holds 9"},
		{func(n *Network) { n.Layers[0].Outputs = 31 }, "the window makes 32 neurons; the layer claims 31"},
		{func(n *Network) { conv(n).Groups = 3 }, "3 groups do not divide 2 and 2 channels"},
		{func(n *Network) {
			*conv(n) = Window{1 << 22, 1 << 21, 1 << 21, 1, 1, 1, 1, 1, 0, 0, 1}
			n.Layers[0].From = nil
		}, "holds more than 16777216 bits"},
		{func(n *Network) { n.Readout.From = []int{7} }, `readout "out": source 7`},
		{func(n *Network) { n.Readout.Outputs = 0 }, "0 classes; want 1.."},
		{func(n *Network) { n.Classes = n.Classes[1:] }, "2 class names for 3 scores"},
		{func(n *Network) { n.Readout.Bias = nil }, "0 biases for 3 scores"},
		{func(n *Network) { n.Readout.Mode = "max" }, `mode "max"; known are`},
		{func(n *Network) { n.Readout.Mode = Count }, "count counts spikes; it has neither weights nor biases"},
		{func(n *Network) { n.Readout = Readout{Mode: Count, From: []int{5}, Outputs: 2}; n.Classes = nil }, "want as many neurons as scores"},
		{func(n *Network) { n.Readout = Readout{Mode: Vote, From: []int{5}, Outputs: 4}; n.Classes = nil }, "want at least as many neurons as scores"},
		{func(n *Network) { n.Steps = 1 << 20; n.Layers[5].Neuron.Leak = -4096 }, `layer 5 "d": a neuron may reach 4297064448 in 1048576 steps; sums must stay within ±2147483647`},
		{func(n *Network) { n.Layers[4].Theta[0] = math.MinInt32 }, `layer 4 "d": a neuron may reach 4294967298 in 2 steps`},
		{func(n *Network) { n.Readout.Bias[0] = math.MaxInt32 - 3 }, `readout "out": a score may reach 2147483648 in 2 steps`},
		{func(n *Network) { n.Readout.Bias[0] = math.MaxInt32 - 4 }, ""},
	} {
		n := parse(t, story)
		c.change(n)
		err := n.Validate()
		if c.reason == "" && err != nil || c.reason != "" && (err == nil || !strings.Contains(err.Error(), c.reason) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %v; want one line with %q", err, c.reason)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		limit   int
		factors []int
		want    bool
	}{
		{12, []int{3, 4}, true}, {11, []int{3, 4}, false}, {12, []int{13}, false}, {1, nil, true},
		{1 << 24, []int{1 << 22, 1 << 21, 1 << 21}, false}, {7, []int{2, 3, 1}, true}, {7, []int{2, 2, 2}, false},
	} {
		if got := within(c.limit, c.factors...); got != c.want {
			t.Errorf("product of %v within %d: %v", c.factors, c.limit, got)
		}
	}
}
