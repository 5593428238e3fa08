package ternary

import (
	"encoding/json"
	"strings"
	"testing"
)

// Every single change of the story must be seen, and named in one line.
func TestDiffNamesTheFirstDifference(t *testing.T) {
	for _, c := range []struct {
		change func(n *Network)
		want   string
	}{
		{func(n *Network) {}, ""},
		{func(n *Network) { n.Origin = json.RawMessage("{}") }, ""},
		{func(n *Network) { n.Layers[4].Map.KernelH = 7 }, ""}, // a dense layer has no window
		{func(n *Network) { n.Inputs = 3 }, "inputs: 18 against 3"},
		{func(n *Network) { n.Steps = 9 }, "steps: 2 against 9"},
		{func(n *Network) { n.Alphabet = []int8{0, 1} }, "alphabet: [-1 0 1] against [0 1]"},
		{func(n *Network) { n.Layers = n.Layers[:6] }, "layers: 7 against 6"},
		{func(n *Network) { n.Layers[1].Name = "all" }, `layer 1 "any": name against "all"`},
		{func(n *Network) { n.Layers[1].Op = And }, `layer 1 "any": operation or against and`},
		{func(n *Network) { n.Layers[1].From = []int{Input} }, `layer 1 "any": sources [0] against [-1]`},
		{func(n *Network) { n.Layers[1].Outputs++ }, `layer 1 "any": 8 neurons against 9`},
		{func(n *Network) { n.Layers[0].Map.PadH = 0 }, `layer 0 "c1": window {`},
		{func(n *Network) { n.Layers[5].Neuron.Leak = 0 }, `layer 5 "d": neuron model {Model:lif Reset:zero Leak:-1} against {Model:lif Reset:zero Leak:0}`},
		{func(n *Network) { n.Layers[0].Weights[6] = 0 }, `layer 0 "c1": kernel 1, input 2: weight -1 against +0`},
		{func(n *Network) { n.Layers[5].Weights[3] = -1 }, `layer 5 "d": neuron 1, input 1: weight +1 against -1`},
		{func(n *Network) { n.Layers[5].Weights = nil }, `layer 5 "d": 6 weights against 0`},
		{func(n *Network) { n.Layers[0].Theta[3] = 0 }, `layer 0 "c1": neuron 3: threshold 4 against 0`},
		{func(n *Network) { n.Layers[0].Theta = nil }, `layer 0 "c1": 32 values of threshold against 0`},
		{func(n *Network) { n.Readout.Name = "in" }, `readout "out": name against "in"`},
		{func(n *Network) { n.Readout.Mode = Vote }, `readout "out": mode sum against vote`},
		{func(n *Network) { n.Readout.From = nil }, `readout "out": sources [5 6] against []`},
		{func(n *Network) { n.Readout.Outputs = 4 }, `readout "out": 3 scores against 4`},
		{func(n *Network) { n.Readout.Weights[4] = 1 }, `readout "out": score 1, input 0: weight -1 against +1`},
		{func(n *Network) { n.Readout.Bias[1] = 0 }, `readout "out": score 1: bias 7 against 0`},
		{func(n *Network) { n.Classes[0] = "1" }, `classes: ["one"`},
		{func(n *Network) { n.Encoder.Scheme = "thermometer" }, `encoder: scheme "threshold" against "thermometer"`},
		{func(n *Network) { n.Encoder.Features = n.Encoder.Features[:2] }, "encoder: 18 features against 2"},
		{func(n *Network) { n.Encoder.Features[3].On[0] = 9 }, "encoder: feature 3: "},
	} {
		a, b := parse(t, story), parse(t, story)
		c.change(b)
		got := Diff(a, b)
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%q; want %q", got, c.want)
		}
		if a.Equal(b) != (c.want == "") {
			t.Errorf("Equal says %v where Diff says %q", a.Equal(b), got)
		}
	}
}
