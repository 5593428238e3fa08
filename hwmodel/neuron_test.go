package hwmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// neuronKeys are the keys of neurons that a chip file may leave out, with values
// other than what their absence means. They replace line 26 of the unit chip.
const neuronKeys = `    stochastic: true
    random_bits: 8
    saturates: true
    negative_threshold: true
    reset_potential: true
    leak_reversal: true
    decay_bits: 12
    refractory_max_ticks: 63
`

// withNeuronKeys is the unit chip with all of them, one passage replaced.
func withNeuronKeys(t *testing.T, old, new string) string {
	t.Helper()
	text := edited(t, "    stochastic: false\n", neuronKeys)
	if strings.Count(text, old) != 1 {
		t.Fatalf("the chip holds %q %d times; want once", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, new, 1)
}

func TestNeuronKeys(t *testing.T) {
	const resets = "reset: [clear, zero, subtract]"
	chip, err := Parse("c.yaml", []byte(withNeuronKeys(t, resets, "reset: [clear, zero, subtract, keep]")), resolveChip)
	if err != nil {
		t.Fatal(err)
	}
	want := Neuron{
		PotentialBits: 24, ThresholdBits: 24, LeakBits: 24, Reset: []string{"clear", "zero", "subtract", "keep"},
		Stochastic: true, RandomBits: 8, Saturates: true, NegativeThreshold: true, ResetPotential: true, LeakReversal: true,
		DecayBits: 12, RefractoryMaxTicks: 63,
	}
	if diff := cmp.Diff(want, chip.Capabilities.Neuron); diff != "" {
		t.Error(diff)
	}
	plain := mustParse(t, "unit", chipText(t, "unit"))
	if chip.Capabilities.Hash() == plain.Capabilities.Hash() {
		t.Error("the hash of capabilities does not cover what neurons have")
	}
	stated := edited(t, "    stochastic: false\n", "    stochastic: false\n    random_bits: 0\n    saturates: false\n    decay_bits: 0\n")
	same, err := Parse("c.yaml", []byte(stated), resolveChip)
	if err != nil {
		t.Fatal(err)
	}
	if same.Capabilities.Hash() != plain.Capabilities.Hash() {
		t.Error("to say that a chip lacks something gives another hash than not to speak of it")
	}
}

// TestNeuronKeysLeftOut leaves out one key after another: the chip lacks it.
func TestNeuronKeysLeftOut(t *testing.T) {
	for line, lacks := range map[string]func(*Neuron) bool{
		"    saturates: true\n":          func(n *Neuron) bool { return !n.Saturates },
		"    negative_threshold: true\n": func(n *Neuron) bool { return !n.NegativeThreshold },
		"    reset_potential: true\n":    func(n *Neuron) bool { return !n.ResetPotential },
		"    leak_reversal: true\n":      func(n *Neuron) bool { return !n.LeakReversal },
		"    decay_bits: 12\n":           func(n *Neuron) bool { return n.DecayBits == 0 },
		"    refractory_max_ticks: 63\n": func(n *Neuron) bool { return n.RefractoryMaxTicks == 0 },
	} {
		chip, err := Parse("c.yaml", []byte(withNeuronKeys(t, line, "")), resolveChip)
		if err != nil {
			t.Errorf("without %q: %v", line, err)
		} else if !lacks(&chip.Capabilities.Neuron) {
			t.Errorf("without %q: %+v", line, chip.Capabilities.Neuron)
		}
	}
}

// TestNeuronKeysRefused holds every error to its exact words and place.
func TestNeuronKeysRefused(t *testing.T) {
	const known = "known here are potential_bits, threshold_bits, leak_bits, reset, stochastic, random_bits, saturates, negative_threshold, reset_potential, leak_reversal, decay_bits, refractory_max_ticks"
	for _, c := range []struct{ old, new, want string }{
		{"random_bits: 8", "random_bits: 25",
			"c.yaml:27:5: capabilities.neuron.random_bits = 25; want 0..24; see the embedded chips for usual values"},
		{"random_bits: 8", "random_bits: -1",
			"c.yaml:27:5: capabilities.neuron.random_bits = -1; want 0..24; see the embedded chips for usual values"},
		{"random_bits: 8", "random_bits: 0",
			"c.yaml:27:5: capabilities.neuron.random_bits = 0, stochastic: true; want 1 or more bits on stochastic chips and 0 on others; change one of the two"},
		{"stochastic: true", "stochastic: false",
			"c.yaml:27:5: capabilities.neuron.random_bits = 8, stochastic: false; want 1 or more bits on stochastic chips and 0 on others; change one of the two"},
		{"stochastic: true", "stochastic: often",
			`c.yaml:26:5: capabilities.neuron.stochastic holds "often"; want true or false; write one of the two`},
		{"random_bits: 8", "random_bits: few",
			`c.yaml:27:5: capabilities.neuron.random_bits holds "few"; want a whole number; write one, such as 12`},
		{"saturates: true", "saturates: 1",
			`c.yaml:28:5: capabilities.neuron.saturates holds "1"; want true or false; write one of the two`},
		{"negative_threshold: true", "negative_threshold: -1",
			`c.yaml:29:5: capabilities.neuron.negative_threshold holds "-1"; want true or false; write one of the two`},
		{"reset_potential: true", "reset_potential: [0]",
			"c.yaml:30:5: capabilities.neuron.reset_potential holds a list; want true or false; write one of the two"},
		{"leak_reversal: true", "leak_reversal:",
			"c.yaml:31:5: capabilities.neuron.leak_reversal holds nothing; want true or false; write one of the two"},
		{"decay_bits: 12", "decay_bits: 17",
			"c.yaml:32:5: capabilities.neuron.decay_bits = 17; want 0..16; see the embedded chips for usual values"},
		{"decay_bits: 12", "decay_bits: 1.5",
			`c.yaml:32:5: capabilities.neuron.decay_bits holds "1.5"; want a whole number; write one, such as 12`},
		{"refractory_max_ticks: 63", "refractory_max_ticks: 65536",
			"c.yaml:33:5: capabilities.neuron.refractory_max_ticks = 65536; want 0..65535; see the embedded chips for usual values"},
		{"refractory_max_ticks: 63", "refractory_ticks: 63",
			`c.yaml:33:5: unknown field "refractory_ticks"; ` + known + `; did you mean "refractory_max_ticks"?`},
		{"saturates: true", "saturate: true",
			`c.yaml:28:5: unknown field "saturate"; ` + known + `; did you mean "saturates"?`},
		{"saturates: true", "random_bits: 8",
			`c.yaml:28:5: "random_bits" stands twice; want each key once; keep one`},
		{"    random_bits: 8\n", "",
			"c.yaml:21:3: capabilities.neuron.random_bits = 0, stochastic: true; want 1 or more bits on stochastic chips and 0 on others; change one of the two"},
		{"    stochastic: true\n", "",
			"c.yaml:21:3: neuron lacks stochastic, whether synapses, leaks and thresholds may be random; want every capability; state it, or extend a chip that does"},
	} {
		_, err := Parse("c.yaml", []byte(withNeuronKeys(t, c.old, c.new)), resolveChip)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.new, err, c.want)
		}
	}
}
