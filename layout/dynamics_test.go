package layout

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/internal/container"
	"tritloom/internal/seed"
)

// livelyText is an image with every word of neuron dynamics, on a chip with every
// capability of neurons, in exactly the form Text writes.
const livelyText = `chip lively typed-binary axons 2 neurons 4 scores off delays 62 potential 9 threshold 8 resets clear,zero,subtract,keep stochastic on random 4 saturates on negative on rest on reversal on decay 12 refractory 6 types 2
inputs 1
readout class 4
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 type 1 from input/0
row 0 1111
row 1 1111
column 0 spike >= 10 reset zero leak -1 weights 3,-2,0,0 initial -5 reset_to 4 floor bounce beta 20 random_threshold 15 random_synapses 2 random_leak 1 leak_reversal 1 level 0 is class/0
column 1 spike >= 10 reset subtract weights 3,-2,0,0 floor hold beta -128 current 1 current_decay 4096 potential_decay 1 refractory 6 level 0 is class/1
column 2 spike >= 10 reset keep weights 3,-2,0,0 floor hold random_synapses 1 level 0 is class/2
column 3 spike >= 10 reset clear weights 3,-2,0,0 random_threshold 7 level 0 is class/3
input 0 to 0:0
`

func lively(t *testing.T) *Layout {
	t.Helper()
	l, err := ParseText(livelyText)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDynamicsText(t *testing.T) {
	l := lively(t)
	if diff := cmp.Diff(livelyText, l.Text()); diff != "" {
		t.Error(diff)
	}
	want := []Dynamics{
		{Initial: -5, ResetTo: 4, Floor: Bounce, Beta: 20, RandomThreshold: 15, RandomSynapses: 2, RandomLeak: true, LeakReversal: true},
		{Floor: Hold, Beta: -128, Current: true, CurrentDecay: 4096, PotentialDecay: 1, Refractory: 6},
		{Floor: Hold, RandomSynapses: 1},
		{RandomThreshold: 7},
	}
	for n, d := range want {
		if diff := cmp.Diff(d, l.Cores[0].Columns[n].Dynamics); diff != "" {
			t.Errorf("column %d (-want +got):\n%s", n, diff)
		}
	}
}

// TestDynamicsWordsRefused writes values that no field holds.
func TestDynamicsWordsRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"floor bounce", "floor 2", `line 10: floor "2"; want one of ["none" "hold" "bounce"]`},
		{"floor bounce", "floor Hold", `line 10: floor "Hold"; want one of ["none" "hold" "bounce"]`},
		{"beta 20", "beta few", `line 10: beta "few"; want a whole number that fits`},
		{"beta 20", "beta 2147483648", `line 10: beta "2147483648"; want a whole number that fits`},
		{"initial -5", "initial -2147483649", `line 10: initial "-2147483649"; want a whole number that fits`},
		{"reset_to 4", "reset_to 4.5", `line 10: reset_to "4.5"; want a whole number that fits`},
		{"random_threshold 15", "random_threshold -1", `line 10: random_threshold "-1"; want a whole number that fits`},
		{"random_threshold 15", "random_threshold 4294967296", `line 10: random_threshold "4294967296"; want a whole number that fits`},
		{"random_synapses 2", "random_synapses 256", `line 10: random_synapses "256"; want a whole number that fits`},
		{"random_leak 1", "random_leak 2", `line 10: random_leak "2"; want a whole number that fits`},
		{"leak_reversal 1", "leak_reversal on", `line 10: leak_reversal "on"; want a whole number that fits`},
		{"current 1", "current -1", `line 11: current "-1"; want a whole number that fits`},
		{"current_decay 4096", "current_decay -1", `line 11: current_decay "-1"; want a whole number that fits`},
		{"potential_decay 1", "potential_decay 0x1", `line 11: potential_decay "0x1"; want a whole number that fits`},
		{"refractory 6 level", "refractory 65536 level", `line 11: refractory "65536"; want a whole number that fits`},
		{"floor bounce", "ceiling bounce", `line 10: "ceiling"; want >=, leak, reset, weights, level, is, to, or a word of neuron dynamics such as initial or floor`},
		{"random 4", "random few", `line 1: random "few": want something like 0`},
		{"saturates on", "saturates yes", `line 1: saturates "yes": want something like off`},
		{"refractory 6 types", "refractory 65536 types", `line 1: capabilities.neuron.refractory_max_ticks = 65536; want 0..65535; see the embedded chips for usual values`},
		{"stochastic on", "stochastic off", `line 1: capabilities.neuron.random_bits = 4, stochastic: false; want 1 or more bits on stochastic chips and 0 on others; change one of the two`},
	} {
		if strings.Count(livelyText, c.old) == 0 {
			t.Fatalf("the image has no %q", c.old)
		}
		_, err := ParseText(strings.Replace(livelyText, c.old, c.new, 1))
		if want := "layout text " + c.want; err == nil || err.Error() != want {
			t.Errorf("%s: got  %v\nwant %s", c.new, err, want)
		}
	}
}

// TestDynamicsRefused changes one thing of an image that has everything.
func TestDynamicsRefused(t *testing.T) {
	column := func(n int, change func(*Column)) func(*Layout) {
		return func(l *Layout) { change(&l.Cores[0].Columns[n]) }
	}
	dynamics := func(n int, change func(*Dynamics)) func(*Layout) {
		return column(n, func(c *Column) { change(&c.Dynamics) })
	}
	neuron := func(change func(*hwmodel.Neuron)) func(*Layout) {
		return func(l *Layout) { change(&l.Capabilities.Neuron) }
	}
	const noPotential = "dynamics of a kept potential with reset clear, which keeps none; want another reset"
	for _, c := range []struct {
		name   string
		change func(*Layout)
		column int
		want   string
	}{
		{"no floors", neuron(func(n *hwmodel.Neuron) { n.NegativeThreshold = false }), 0,
			"floor bounce; the chip has no neuron.negative_threshold; choose a chip that has it"},
		{"no resting potentials", neuron(func(n *hwmodel.Neuron) { n.ResetPotential = false }), 0,
			"initial -5; the chip has no neuron.reset_potential; choose a chip that has it"},
		{"no reset potentials", func(l *Layout) {
			l.Capabilities.Neuron.ResetPotential = false
			l.Cores[0].Columns[0].Dynamics.Initial = 0
		}, 0, "reset_to 4; the chip has no neuron.reset_potential; choose a chip that has it"},
		{"nothing random", neuron(func(n *hwmodel.Neuron) { n.Stochastic, n.RandomBits = false, 0 }), 0,
			"random_threshold 15; the chip has no neuron.stochastic; choose a chip that has it"},
		{"no random synapses", func(l *Layout) {
			l.Capabilities.Neuron.Stochastic, l.Capabilities.Neuron.RandomBits = false, 0
			l.Cores[0].Columns[0].Dynamics.RandomThreshold = 0
		}, 0, "random_synapses 2; the chip has no neuron.stochastic; choose a chip that has it"},
		{"no random leak", func(l *Layout) {
			l.Capabilities.Neuron.Stochastic, l.Capabilities.Neuron.RandomBits = false, 0
			l.Cores[0].Columns[0].Dynamics.RandomThreshold, l.Cores[0].Columns[0].Dynamics.RandomSynapses = 0, 0
		}, 0, "random_leak 1; the chip has no neuron.stochastic; choose a chip that has it"},
		{"no reversal", neuron(func(n *hwmodel.Neuron) { n.LeakReversal = false }), 0,
			"leak_reversal 1; the chip has no neuron.leak_reversal; choose a chip that has it"},
		{"no current", neuron(func(n *hwmodel.Neuron) { n.DecayBits = 0 }), 1,
			"current 1; the chip has no neuron.decay_bits; choose a chip that has it"},
		{"no current decay", func(l *Layout) {
			l.Capabilities.Neuron.DecayBits = 0
			l.Cores[0].Columns[1].Dynamics.Current = false
		}, 1, "current_decay 4096; the chip has no neuron.decay_bits; choose a chip that has it"},
		{"no potential decay", func(l *Layout) {
			l.Capabilities.Neuron.DecayBits = 0
			l.Cores[0].Columns[1].Dynamics.Current, l.Cores[0].Columns[1].Dynamics.CurrentDecay = false, 0
		}, 1, "potential_decay 1; the chip has no neuron.decay_bits; choose a chip that has it"},
		{"no rest", neuron(func(n *hwmodel.Neuron) { n.RefractoryMaxTicks = 0 }), 1,
			"refractory 6; the chip has no neuron.refractory_max_ticks; choose a chip that has it"},

		{"high start", dynamics(0, func(d *Dynamics) { d.Initial = 256 }), 0,
			"initial 256; the chip's potentials hold -255..255 with either sign"},
		{"low start", dynamics(0, func(d *Dynamics) { d.Initial = -257 }), 0,
			"initial -257; the chip's potentials hold -255..255 with either sign"},
		{"a start without its opposite", dynamics(0, func(d *Dynamics) { d.Initial = -256 }), 0,
			"initial -256; the chip's potentials hold -255..255 with either sign"},
		{"high reset", dynamics(0, func(d *Dynamics) { d.ResetTo = 256 }), 0,
			"reset_to 256; the chip's potentials hold -255..255 with either sign"},
		{"a reset without its opposite", dynamics(0, func(d *Dynamics) { d.ResetTo = -256 }), 0,
			"reset_to -256; the chip's potentials hold -255..255 with either sign"},
		{"wide beta", dynamics(0, func(d *Dynamics) { d.Beta = 128 }), 0,
			"beta 128; the chip's thresholds hold -128..127"},
		{"low beta", dynamics(1, func(d *Dynamics) { d.Beta = -129 }), 1,
			"beta -129; the chip's thresholds hold -128..127"},
		{"wide mask", dynamics(0, func(d *Dynamics) { d.RandomThreshold = 16 }), 0,
			"random_threshold 16; random numbers are 0..15"},
		{"type beyond the chip's", dynamics(0, func(d *Dynamics) { d.RandomSynapses = 4 }), 0,
			"random_synapses 4; the chip has 2 axon types, so want 0..3"},
		{"more than all of the current", dynamics(1, func(d *Dynamics) { d.CurrentDecay = 4097 }), 1,
			"decays 4097 and 1; the chip holds 0..4096"},
		{"more than all of the potential", dynamics(1, func(d *Dynamics) { d.PotentialDecay = 4097 }), 1,
			"decays 4096 and 4097; the chip holds 0..4096"},
		{"long rest", dynamics(1, func(d *Dynamics) { d.Refractory = 7 }), 1,
			"refractory 7; the chip allows 0..6 ticks"},
		{"unknown floor", dynamics(0, func(d *Dynamics) { d.Floor = 3 }), 0,
			"floor 3; known are 0..2"},

		{"beta of no floor", dynamics(0, func(d *Dynamics) { d.Floor = NoFloor }), 0,
			"beta 20 without a floor; want 0, or floor hold or bounce"},
		{"decay of no current", dynamics(1, func(d *Dynamics) { d.Current = false }), 1,
			"current_decay 4096 without a current; want 0, or current 1"},
		{"reset potential of a subtracting column", column(0, func(c *Column) { c.Reset = Subtract }), 0,
			"reset_to 4 with reset subtract; only reset zero goes to a potential"},
		{"reset potential of a keeping column", column(0, func(c *Column) { c.Reset = Keep }), 0,
			"reset_to 4 with reset keep; only reset zero goes to a potential"},
		{"random leak of 0", column(0, func(c *Column) { c.Leak, c.Dynamics.LeakReversal = 0, false }), 0,
			"a random or reversing leak of 0; want a leak, or neither"},
		{"reversing leak of 0", column(0, func(c *Column) { c.Leak, c.Dynamics.RandomLeak = 0, false }), 0,
			"a random or reversing leak of 0; want a leak, or neither"},
		{"start of a clearing column", dynamics(3, func(d *Dynamics) { d.Initial = 1 }), 3, noPotential},
		{"floor of a clearing column", dynamics(3, func(d *Dynamics) { d.Floor = Hold }), 3, noPotential},
		{"decay of a clearing column", dynamics(3, func(d *Dynamics) { d.PotentialDecay = 1 }), 3, noPotential},
		{"reversal of a clearing column", column(3, func(c *Column) { c.Leak, c.Dynamics.LeakReversal = 1, true }), 3, noPotential},
		{"rest of a clearing column", dynamics(3, func(d *Dynamics) { d.Refractory = 1 }), 3, noPotential},
		{"current of a clearing column", dynamics(3, func(d *Dynamics) { d.Current = true }), 3, noPotential},

		{"a reset the chip lacks", neuron(func(n *hwmodel.Neuron) { n.Reset = []string{"clear", "zero", "subtract"} }), 2,
			"resets by keep; the chip's neurons reset by [clear zero subtract]"},
		{"dynamics of a score", column(2, func(c *Column) { c.Role = Score }), 2,
			"a score column has neuron dynamics; only spiking columns do"},
		{"dynamics of a sender", column(2, func(c *Column) { c.Role = Sender }), 2,
			"a send column has neuron dynamics; only spiking columns do"},
	} {
		l := lively(t)
		c.change(l)
		want := "layout: core 0: column " + string(rune('0'+c.column)) + ": " + c.want
		if err := l.Validate(); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", c.name, err, want)
		}
		if _, err := l.Encode("test"); err == nil {
			t.Errorf("%s: was encoded", c.name)
		}
	}
}

// enliven gives a valid image's chip every capability of neurons and its spiking
// columns random dynamics.
func enliven(r *rand.Rand, l *Layout) {
	n := &l.Capabilities.Neuron
	n.Reset = append(n.Reset, hwmodel.ResetKeep)
	n.Stochastic, n.RandomBits, n.Saturates = true, 1+r.IntN(24), true
	n.NegativeThreshold, n.ResetPotential, n.LeakReversal = true, true, true
	n.DecayBits, n.RefractoryMaxTicks = 1+r.IntN(16), 1+r.IntN(65535)
	for c := range l.Cores {
		for i := range l.Cores[c].Columns {
			column := &l.Cores[c].Columns[i]
			if column.Role != Spiking {
				continue
			}
			if column.Reset == Subtract && r.IntN(2) == 0 {
				column.Reset = Keep
			}
			d := &column.Dynamics
			d.RandomThreshold = uint32(r.IntN(1 << n.RandomBits))
			d.RandomSynapses = uint8(r.IntN(1 << l.Capabilities.Core.AxonTypes))
			d.RandomLeak = column.Leak != 0 && r.IntN(2) == 0
			if column.Reset == Clear {
				continue
			}
			d.Initial = int32(r.IntN(2000) - 1000)
			if column.Reset == ToZero {
				d.ResetTo = int32(r.IntN(2000) - 1000)
			}
			if d.Floor = Floor(r.IntN(len(Floors))); d.Floor != NoFloor {
				d.Beta = int32(r.IntN(2000) - 1000)
			}
			d.LeakReversal = column.Leak != 0 && r.IntN(2) == 0
			if d.Current = r.IntN(2) == 0; d.Current {
				d.CurrentDecay = uint32(r.IntN(1<<n.DecayBits + 1))
			}
			d.PotentialDecay = uint32(r.IntN(1<<n.DecayBits + 1))
			d.Refractory = uint16(r.IntN(n.RefractoryMaxTicks + 1))
		}
	}
}

// TestDynamicsAreKept writes images with dynamics as files and as texts and reads
// them back.
func TestDynamicsAreKept(t *testing.T) {
	for i := range 60 {
		r := seed.Sub(6, seed.TestNetwork, i)
		want := randomImage(r)
		before := want.Hash()
		enliven(r, want)
		if err := want.Validate(); err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		if want.Hash() == before {
			t.Fatalf("image %d: the hash does not cover dynamics", i)
		}
		data, err := want.Encode("test")
		if err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		got, err := Decode("memory", data)
		if err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("image %d differs after reading its file (-written +read):\n%s", i, diff)
		}
		if again, err := got.Encode("test"); err != nil || !bytes.Equal(data, again) {
			t.Fatalf("image %d: rewriting gives other bytes (%v)", i, err)
		}
		if got, err = ParseText(want.Text()); err != nil {
			t.Fatalf("image %d: %v\n%s", i, err, want.Text())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("image %d differs after reading its text (-written +read):\n%s", i, diff)
		}
	}
}

// TestDynamicsArrayRefused damages the array of a file.
func TestDynamicsArrayRefused(t *testing.T) {
	good, _ := lively(t).dynamicsArray()
	values, err := good.Int64s()
	if err != nil {
		t.Fatal(err)
	}
	fields := len(dynamicsFields)
	for want, change := range map[string]func(v []int64) ([]int64, []int){
		`core 0 column 1: floor 3 is no such number`: func(v []int64) ([]int64, []int) { v[fields+2] = 3; return v, []int{1, 4, fields} },
		`has shape [1 3 12]; want [1 4 12]`:          func(v []int64) ([]int64, []int) { return v[:3*fields], []int{1, 3, fields} },
	} {
		f := lively(t).container("test")
		v, shape := change(append([]int64{}, values...))
		array, err := f.Array(dynamicsName)
		if err != nil {
			t.Fatal(err)
		}
		*array = container.FromInt64(dynamicsName, shape, v)
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode("bad.npz", data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v; want one with %q", err, want)
		}
	}
}

// TestCapabilityWords sets each capability of neurons alone and reads it back.
func TestCapabilityWords(t *testing.T) {
	for words, set := range map[string]func(*hwmodel.Neuron){
		"stochastic on random 24": func(n *hwmodel.Neuron) { n.Stochastic, n.RandomBits = true, 24 },
		"saturates on":            func(n *hwmodel.Neuron) { n.Saturates = true },
		"negative on":             func(n *hwmodel.Neuron) { n.NegativeThreshold = true },
		"rest on":                 func(n *hwmodel.Neuron) { n.ResetPotential = true },
		"reversal on":             func(n *hwmodel.Neuron) { n.LeakReversal = true },
		"decay 16":                func(n *hwmodel.Neuron) { n.DecayBits = 16 },
		"refractory 63":           func(n *hwmodel.Neuron) { n.RefractoryMaxTicks = 63 },
		"resets zero,keep":        func(n *hwmodel.Neuron) { n.Reset = []string{"zero", "keep"} },
	} {
		want := textDefaults(hwmodel.TernarySynapse)
		set(&want.Neuron)
		text := "chip c ternary " + words + "\ninputs 1\nreadout r 1\nticks 1 interval 1\n"
		l, err := ParseText(text)
		if err != nil {
			t.Errorf("%s: %v", words, err)
			continue
		}
		if diff := cmp.Diff(want, l.Capabilities); diff != "" {
			t.Errorf("%s (-want +got):\n%s", words, diff)
		}
		if diff := cmp.Diff(text, l.Text()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", words, diff)
		}
	}
}
