package interop

import (
	"context"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/experiment"
	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/sim"
)

// neuronText is a line of a core of 4 axons, as RANC writes it.
func neuronText(connections string, v rancNeuron) string {
	w := bitWriter{[]byte(connections)}
	for _, f := range []int32{v.potential, v.reset, v.weights[0], v.weights[1], v.weights[2], v.weights[3], v.leak, v.positive, v.negative} {
		w.put(f, 9)
	}
	w.put(truth(v.linear), 1)
	w.put(v.dx, 9)
	w.put(v.dy, 9)
	w.put(v.axon, 2)
	w.put(v.tick, 4)
	return string(w.text) + "\n"
}

// handFolder is a grid of 2×1 cores of 4 axons and 2 neurons, the bus beyond its
// right edge. Core 0 neuron 0 fires for axon 0 and reaches core 1 axon 2 in two
// ticks; core 1 neuron 1 counts by 3 and fires on output 3 at 5, linear.
func handFolder() memoryFolder {
	relay := rancNeuron{positive: 1, negative: 1, dx: 1, axon: 2, tick: 1, weights: [4]int32{1, -1, 0, 0}}
	count := rancNeuron{positive: 5, negative: -2, linear: true, dx: 1, axon: 3, weights: [4]int32{0, 3, 0, 0}}
	idle := neuronText("0000", rancIdle)
	return memoryFolder{
		"csram_000.mem": []byte("// a relay\n" + neuronText("0001", relay) + idle),
		"csram_001.mem": []byte(idle + neuronText("0100", count)),
		"tc_000.mem":    []byte("00\n01\n00\n00\n"),
		"tc_001.mem":    []byte("00\n00\n01\n00\n"),
		// Packets at ticks 0, 0 (for tick 2, by its tick field) and 1.
		rancInputs:    []byte("000000000" + "000000000" + "00" + "0000\n" + "000000000" + "000000000" + "00" + "0010\n" + "000000000" + "000000000" + "00" + "0000\n"),
		rancNumInputs: []byte("2\n1\n0\n"),
		// The relay fires at ticks 0, 1, 2; the counter hears 3 at ticks 2, 3, 4:
		// 3, 6 (fires, 1 left), 4.
		rancCorrect:    []byte("11\n"),
		rancNumOutputs: []byte("0\n1\n0\n"),
	}
}

func handOptions() RANCOptions {
	o := DefaultRANCOptions()
	o.Width, o.Height, o.Bus = 2, 1, &[2]int{2, 0}
	return o
}

func TestRANCByHand(t *testing.T) {
	im, err := importFolder(handFolder(), handOptions())
	if err != nil {
		t.Fatal(err)
	}
	c := im.Case
	if c.FirstTick != 2 || c.Ticks != 5 || len(c.Stimuli) != 3 {
		t.Errorf("ticks %d..%d, %d injected; want 2..4 and 3", c.FirstTick, c.Ticks-1, len(c.Stimuli))
	}
	r, err := experiment.Replay(context.Background(), c, sim.DefaultOptions())
	if err != nil || r.First != nil || cmp.Diff([]int{0, 1, 0}, r.PerTick) != "" {
		t.Errorf("%+v, %v", r, err)
	}
	relay, count := im.Layout.Cores[0].Columns[0], im.Layout.Cores[1].Columns[1]
	if relay.Reset != layout.Clear || relay.Theta != 1 || relay.Dynamics != (layout.Dynamics{}) || relay.Dests[0] != (layout.Dest{Core: 1, Axon: 2, Delay: 2}) {
		t.Errorf("the relay is %+v; want a step neuron that reaches core 1 axon 2 in 2 ticks", relay)
	}
	if count.Reset != layout.Subtract || count.Dynamics != (layout.Dynamics{Floor: layout.Bounce, Beta: 2}) {
		t.Errorf("the counter is %+v; want reset subtract, floor bounce at -2", count)
	}
}

// The canonical form of a neuron that keeps nothing behaves as its fields say.
func TestClearIsAbsoluteWithoutPotential(t *testing.T) {
	for trial := range 300 {
		r := seed.Sub(31, seed.TestInput, trial)
		v := rancNeuron{positive: int32(r.IntN(9) - 4), leak: int32(r.IntN(5) - 2)}
		v.negative = v.positive + int32(r.IntN(3))
		column := (&rancBuild{ranc: &ranc{width: 1, height: 1, bus: [2]int{0, 0}}}).column(&rancCore{neurons: []rancNeuron{v}}, 0)
		if column.Reset != layout.Clear || column.Theta != v.positive {
			t.Fatalf("%+v became %+v", v, column)
		}
		potential := int32(0)
		for range 20 {
			sum := int32(r.IntN(11) - 5)
			fires := potential+sum+v.leak >= v.positive
			switch potential += sum + v.leak; {
			case potential >= v.positive:
				potential = v.reset
			case potential < v.negative:
				potential = -v.reset
			}
			if want := sum+column.Leak >= column.Theta; fires != want || potential != 0 {
				t.Fatalf("%+v with sum %d: fires %v with %d left; a step neuron %v with 0", v, sum, fires, potential, want)
			}
		}
	}
}

func TestRANCFolderRefuses(t *testing.T) {
	idle := neuronText("0000", rancIdle)
	far := rancNeuron{positive: 1, negative: 1, dx: 1, dy: 1}
	for _, c := range []struct {
		want   string
		change func(memoryFolder, *RANCOptions)
	}{
		{"config.json: not there, and nothing else says the grid; give it, such as --grid 4x3", func(f memoryFolder, o *RANCOptions) { o.Width, o.Height = 0, 0 }},
		{"input.json: not there, and nothing else says where the output bus is; give its place, such as --bus 0,2", func(f memoryFolder, o *RANCOptions) { o.Bus = nil }},
		{"csram_*.mem: a grid of 600×1 cores; want 1..512 along either side", func(f memoryFolder, o *RANCOptions) { o.Width = 600 }},
		{"csram_002.mem: not there; a grid of 3×1 has cores 0..2; copy the file, or say another grid", func(f memoryFolder, o *RANCOptions) { o.Width = 3; o.Bus = &[2]int{3, 0} }},
		{"csram_001.mem: a grid of 1×1 has cores 0..0; say another grid, or take the file away", func(f memoryFolder, o *RANCOptions) { o.Width = 1; o.Bus = &[2]int{1, 0} }},
		{"tc_001.mem: not there; a RANC folder holds it", func(f memoryFolder, _ *RANCOptions) { delete(f, "tc_001.mem") }},
		{"csram_000.mem:2: \"2\" at character 3; want only 0 and 1", func(f memoryFolder, _ *RANCOptions) { f["csram_000.mem"][13] = '2' }},
		{"csram_001.mem: 1 lines of bits; want 2, a neuron a line, as in the first core", func(f memoryFolder, _ *RANCOptions) { f["csram_001.mem"] = []byte(idle) }},
		{"csram_001.mem:2: 109 bits; want 110 for 4 axons", func(f memoryFolder, _ *RANCOptions) { f["csram_001.mem"] = []byte(idle + idle[1:]) }},
		{"csram_000.mem:1: 50 bits, which is no neuron", func(f memoryFolder, _ *RANCOptions) { f["csram_000.mem"] = []byte(strings.Repeat("0", 50)) }},
		{"csram_000.mem: no line of bits; want a neuron a line", func(f memoryFolder, _ *RANCOptions) { f["csram_000.mem"] = []byte("# nothing\n") }},
		{"tc_000.mem: 3 lines of bits; want 4, an axon a line", func(f memoryFolder, _ *RANCOptions) { f["tc_000.mem"] = []byte("00\n00\n00\n") }},
		{"tc_000.mem:2: 3 bits; want 2, an axon type", func(f memoryFolder, _ *RANCOptions) { f["tc_000.mem"] = []byte("00\n001\n00\n00\n") }},
		{"csram_000.mem:1: spikes to 1,1; want a core of the grid of 2×1 or the output bus at 2,0", func(f memoryFolder, _ *RANCOptions) { f["csram_000.mem"] = []byte(neuronText("0001", far) + idle) }},
		{"csram_000.mem:2: a neuron at 0,0, where the output bus is", func(f memoryFolder, o *RANCOptions) { o.Bus = &[2]int{0, 0} }},
		{"tb_input.txt: not there", func(f memoryFolder, _ *RANCOptions) { delete(f, rancInputs) }},
		{"tb_input.txt: 3 packets; tb_num_inputs.txt counts 4", func(f memoryFolder, _ *RANCOptions) { f[rancNumInputs] = []byte("2\n2\n") }},
		{`tb_num_inputs.txt:2: "-1"; want a count, one a tick`, func(f memoryFolder, _ *RANCOptions) { f[rancNumInputs] = []byte("2\n-1\n") }},
		{"tb_input.txt:2: 23 bits; want 24: dx 9, dy 9, axon 2, tick 4", func(f memoryFolder, _ *RANCOptions) {
			f[rancInputs] = append(f[rancInputs][:48:48], f[rancInputs][49:]...)
		}},
		{"tb_input.txt:1: a packet for 2,0, where the output bus is", func(f memoryFolder, _ *RANCOptions) { f[rancInputs][7] = '1' }},
		{"tb_input.txt:1: a packet for -256,0; want a core of the grid of 2×1", func(f memoryFolder, _ *RANCOptions) { f[rancInputs][0] = '1' }},
		{"tb_correct.txt: 1 output spikes; tb_num_outputs.txt counts 2", func(f memoryFolder, _ *RANCOptions) { f[rancNumOutputs] = []byte("2\n") }},
		{"tb_num_outputs.txt: no counts", func(f memoryFolder, _ *RANCOptions) { f[rancNumOutputs] = []byte("\n") }},
		{"tb_correct.txt:1: 17 bits; want an output index of at most 16", func(f memoryFolder, _ *RANCOptions) { f[rancCorrect] = []byte("00000000000000001\n") }},
		{`tritloom.json: format ""; want "tritloom-ranc/1"`, func(f memoryFolder, _ *RANCOptions) { f[besideName] = []byte("{}") }},
		{"tritloom.json:1: ", func(f memoryFolder, _ *RANCOptions) { f[besideName] = []byte("{") }},
	} {
		folder, o := handFolder(), handOptions()
		c.change(folder, &o)
		_, err := importFolder(folder, o)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line that starts with %q", err, c.want)
		}
	}
}

func TestRANCExportRefuses(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*layout.Layout, *layout.Column)
	}{
		{"wave gate; RANC evaluates every neuron", func(l *layout.Layout, _ *layout.Column) { l.Capabilities.Host.WaveGate = true }},
		{`become "add"`, func(l *layout.Layout, _ *layout.Column) { l.Capabilities.Spikes.AxonMerge = "add" }},
		{"core 0 column 0: reset keep", func(_ *layout.Layout, c *layout.Column) { c.Reset = layout.Keep }},
		{"core 0 column 0: reset subtract with floor none", func(_ *layout.Layout, c *layout.Column) { c.Reset = layout.Subtract }},
		{"core 0 column 0: reset zero with floor hold", func(_ *layout.Layout, c *layout.Column) {
			c.Reset, c.Dynamics.Floor = layout.ToZero, layout.Hold
		}},
		{"core 0 column 0: stochastic", func(_ *layout.Layout, c *layout.Column) { c.Dynamics.RandomThreshold = 1 }},
		{"core 0 column 0: a leak that follows the sign", func(_ *layout.Layout, c *layout.Column) {
			c.Reset, c.Dynamics.LeakReversal, c.Leak = layout.Subtract, true, 1
		}},
		{"core 0 column 0: threshold 256; RANC's field holds -256..255", func(_ *layout.Layout, c *layout.Column) { c.Theta = 256 }},
		{"core 0 column 0: spikes to nowhere", func(_ *layout.Layout, c *layout.Column) { c.Dests = nil }},
		{"core 0 column 0: 2 destinations; RANC has one", func(l *layout.Layout, c *layout.Column) {
			l.Capabilities.Spikes.Destinations = 0
			c.Dests = []layout.Dest{{Core: 0, Axon: 0, Delay: 1}, {Core: 0, Axon: 1, Delay: 1}}
		}},
		{"core 0 column 0: a delay of 17 ticks; RANC holds 1..16", func(l *layout.Layout, c *layout.Column) {
			l.Capabilities.Spikes.DelayMaxTicks, c.Dests[0].Delay = 17, 17
		}},
		{"core 1 column 1: read by the host and spikes to 1 axons", func(l *layout.Layout, _ *layout.Column) {
			l.Cores[1].Columns[1].Dests = []layout.Dest{{Core: 0, Axon: 0, Delay: 1}}
		}},
	} {
		im, err := importFolder(handFolder(), handOptions())
		if err != nil {
			t.Fatal(err)
		}
		caps := &im.Layout.Capabilities
		caps.Neuron = truenorth().Capabilities.Neuron
		if _, err := ExportRANC(im.Layout); err != nil {
			t.Fatal(err)
		}
		c.change(im.Layout, &im.Layout.Cores[0].Columns[0])
		if _, err := ExportRANC(im.Layout); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line with %q", err, c.want)
		}
	}
	ternary, err := layout.ParseText("chip t ternary axons 1 neurons 1\ninputs 1\nreadout r 0\nticks 1 interval 1\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ExportRANC(ternary); err == nil || !strings.Contains(err.Error(), `chip "t": ternary synapses`) {
		t.Errorf("ternary cores: %v", err)
	}
}

// tryRANC holds an import to what every one must keep.
func tryRANC(t *testing.T, folder memoryFolder, o RANCOptions) error {
	r, err := importFolder(folder, o)
	if err != nil {
		return err
	}
	if err := r.Layout.Validate(); err != nil {
		t.Errorf("accepted and not valid: %v", err)
	}
	if r.Case != nil {
		if err := r.Case.Validate(); err != nil {
			t.Errorf("accepted, and its case is not valid: %v", err)
		}
	}
	return nil
}

// A thousand damaged files of folders: no panic, no more memory than the folder
// is worth, one line.
func TestThousandDamagedRANCFiles(t *testing.T) {
	plain := handFolder()
	full := folderOf(t, rancLayout(seed.Sub(21, seed.TestNetwork, 3)))
	for _, c := range []struct {
		folder memoryFolder
		file   string
		o      RANCOptions
	}{
		{plain, "csram_000.mem", handOptions()}, {plain, "tc_001.mem", handOptions()}, {plain, rancInputs, handOptions()},
		{plain, rancNumOutputs, handOptions()}, {full, besideName, DefaultRANCOptions()},
	} {
		t.Run(c.file, func(t *testing.T) {
			reader := damage.Reader{
				Good: [][]byte{c.folder[c.file]}, Edits: []damage.Edit{damage.Text},
				Bound:  func(size int) uint64 { return 16<<20 + 1024*uint64(size) },
				Random: func(trial int) *rand.Rand { return seed.Sub(32, seed.TestInput, trial) },
				Read: func(file []byte) error {
					damaged := maps.Clone(c.folder)
					damaged[c.file] = file
					return tryRANC(t, damaged, c.o)
				},
			}
			if accepted, _ := reader.Thousand(t); accepted > 900 {
				t.Errorf("%d damaged files accepted; damage should be felt", accepted)
			}
		})
	}
}

func FuzzRANCFolder(f *testing.F) {
	hand := handFolder()
	f.Add(string(hand["csram_000.mem"]), string(hand["tc_000.mem"]), string(hand[rancInputs]), string(hand[rancNumInputs]), string(hand[rancCorrect]), string(hand[rancNumOutputs]), "")
	full := folderOf(f, rancLayout(seed.Sub(21, seed.TestNetwork, 3)))
	f.Add(string(full["csram_000.mem"]), string(full["tc_000.mem"]), "", "", "", "", string(full[besideName]))
	f.Fuzz(func(t *testing.T, memory, types, inputs, numInputs, correct, numOutputs, beside string) {
		folder := memoryFolder{"csram_000.mem": []byte(memory), "tc_000.mem": []byte(types)}
		for name, text := range map[string]string{rancInputs: inputs, rancNumInputs: numInputs, rancCorrect: correct, rancNumOutputs: numOutputs, besideName: beside} {
			if text != "" {
				folder[name] = []byte(text)
			}
		}
		o := DefaultRANCOptions()
		if beside == "" {
			o.Width, o.Height, o.Bus = 1, 1, &[2]int{1, 0}
		}
		if err := tryRANC(t, folder, o); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
	})
}
