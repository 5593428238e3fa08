package layout_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// handImage is a whole image by hand, on two cores of 3 axons × 3 columns:
//
//	core 0: axons 0, 1 hear inputs 0, 1. Column 0 sends +in0 -in1 to core 1.
//	core 1: axon 0 hears input 2. Column 1 adds +in2 and is neuron h0, θ = 1.
//	        axon 1 hears h0 a tick later; column 2 scores it, bias -3.
func handImage() *layout.Layout {
	caps := hwmodel.Capabilities{
		Core: hwmodel.Core{
			Axons: 3, Neurons: 3, SynapseMode: hwmodel.TernarySynapse, SynapseBits: 2, AxonTypes: 1, WeightBits: 2,
			ReadOrder: hwmodel.AxonMajor, NeuronBits: 32,
		},
		Neuron: hwmodel.Neuron{PotentialBits: 8, ThresholdBits: 8, LeakBits: 8, Reset: []string{hwmodel.ResetClear}},
		Spikes: hwmodel.Spikes{DelayMaxTicks: 3, AxonMerge: hwmodel.MergeOr},
		Psum:   hwmodel.Psum{Bits: 8},
		Host:   hwmodel.Host{ScorePorts: true, WaveGate: true},
		Tick:   hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1000},
		Mesh:   hwmodel.Mesh{Width: 2, Height: 1, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}
	l := &layout.Layout{
		Chip: "hand", Capabilities: caps, Network: "sha256:hand", Inputs: 3,
		Layers:  []layout.LayerLabel{{Name: "h", Neurons: 1}},
		Readout: layout.LayerLabel{Name: "class", Neurons: 1},
		InputMap: []layout.InputEntry{
			{Input: 0, Core: 0, Axon: 0}, {Input: 1, Core: 0, Axon: 1}, {Input: 2, Core: 1, Axon: 0},
		},
		OutputMap: []layout.OutputEntry{{Core: 1, Column: 2, Class: 0}},
		Schedule:  layout.Schedule{TicksPerInference: 2, InitiationInterval: 1},
	}
	a, b := layout.NewCore(caps.Core), layout.NewCore(caps.Core)
	b.X = 1
	a.Axons[0].Label, a.Axons[1].Label = layout.Label{Layer: layout.InputLabel, Neuron: 0}, layout.Label{Layer: layout.InputLabel, Neuron: 1}
	b.Axons[0].Label, b.Axons[1].Label = layout.Label{Layer: layout.InputLabel, Neuron: 2}, layout.Label{Layer: 0, Neuron: 0}
	a.Planes[0].Put(0, 0, true)
	a.Planes[1].Put(1, 0, true)
	b.Planes[0].Put(0, 1, true)
	b.Planes[0].Put(1, 2, true)
	a.Columns[0] = layout.Column{Role: layout.Sender, Psum: layout.Link{Core: 1, Column: 1}, Label: layout.Label{Layer: 0, Neuron: 0}}
	b.Columns[1] = layout.Column{
		Role: layout.Spiking, Theta: 1, Psum: layout.NoLink, Label: layout.Label{Layer: 0, Neuron: 0},
		Dests: []layout.Dest{{Core: 1, Axon: 1, Delay: 1}},
	}
	b.Columns[2] = layout.Column{Role: layout.Score, Leak: -3, Level: 1, Psum: layout.NoLink, Label: layout.Label{Layer: 1, Neuron: 0}}
	l.Cores = []layout.Core{a, b}
	return l
}

func TestHandImageIsSound(t *testing.T) {
	l := handImage()
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	heads, err := l.Heads()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][][]layout.Link{{{{Core: 1, Column: 1}}}, {{{Core: 1, Column: 2}}}}, heads); d != "" {
		t.Errorf("heads (-want +got):\n%s", d)
	}
	for _, w := range []struct{ core, axon, column, want int }{{0, 0, 0, 1}, {0, 1, 0, -1}, {0, 2, 0, 0}, {1, 0, 1, 1}, {1, 1, 2, 1}} {
		if got := l.Weight(w.core, w.axon, w.column); int(got) != w.want {
			t.Errorf("weight of core %d axon %d column %d is %d; want %d", w.core, w.axon, w.column, got, w.want)
		}
	}
}

func TestUsageByHand(t *testing.T) {
	want := layout.Usage{
		Cores: 2, CoresChip: 2, Axons: 4, AxonsHeld: 6, Columns: 3, ColumnsHeld: 6, Synapses: 4, SynapsesHeld: 18, SenderColumns: 1,
		CrosspointBits: 36, NeuronBits: 192,
		CrosspointBitsReachable: (2*1 + 2*2) * 2, // core 0: 2 axons × 1 column; core 1: 2 × 2; two bits each
	}
	if d := cmp.Diff(want, handImage().Usage()); d != "" {
		t.Errorf("usage (-want +got):\n%s", d)
	}
}

// Every rule of the checker, broken once. The message names the place.
func TestCheckRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*layout.Layout)
		want   string
	}{
		{"no input", func(l *layout.Layout) { l.Inputs = 0 }, "0 input bits"},
		{"absurd input", func(l *layout.Layout) { l.Inputs = layout.MaxWidth + 1 }, "16777217 input bits"},
		{"negative layer", func(l *layout.Layout) { l.Readout.Neurons = -1 }, `layer 1 "class" has -1 neurons`},
		{"absurd schedule", func(l *layout.Layout) { l.Schedule.TicksPerInference = 1 << 20 }, "1048576 ticks per inference"},
		{"class names", func(l *layout.Layout) { l.Classes = []string{"a", "b"} }, "2 class names for 1 scores"},
		{"too many cores", func(l *layout.Layout) { l.Cores = append(l.Cores, layout.NewCore(l.Capabilities.Core)) }, "3 cores; the chip has 2"},
		{"off the mesh", func(l *layout.Layout) { l.Cores[1].X = 2 }, "core 1 is at 2,0; the mesh is 2×1"},
		{"same place", func(l *layout.Layout) { l.Cores[1].X = 0 }, "cores 0 and 1 are both at 0,0"},
		{"another synapse mode", func(l *layout.Layout) {
			l.Capabilities.Core.SynapseMode, l.Capabilities.Core.SynapseBits, l.Capabilities.Core.WeightBits = hwmodel.KBit, 4, 4
		}, "2 planes; the chip has 3, 3, 4"},
		{"wide weights", func(l *layout.Layout) {
			l.Capabilities.Core.SynapseMode, l.Capabilities.Core.SynapseBits, l.Capabilities.Core.WeightBits = hwmodel.KBit, 17, 17
		}, "kbit synapses of 17 bits; images hold 1..16 bits a weight"},
		{"both cells of a pair", func(l *layout.Layout) {
			l.Capabilities.Core.SynapseMode = hwmodel.Differential
			l.Cores[0].Planes[1].Put(0, 0, true)
		}, "core 0: axon 0: a crosspoint of columns 0..63 is both"},
		{"missing axons", func(l *layout.Layout) { l.Cores[0].Axons = l.Cores[0].Axons[:2] }, "core 0: 2 axons"},
		{"short plane", func(l *layout.Layout) { l.Cores[0].Planes[1].Words = nil }, "core 0: plane 1 holds 0 words"},
		{"both signs", func(l *layout.Layout) { l.Cores[0].Planes[1].Put(0, 0, true) }, "core 0: axon 0: a crosspoint of columns 0..63 is both"},
		{"synapse in an unused column", func(l *layout.Layout) { l.Cores[0].Planes[0].Put(0, 2, true) }, "core 0: axon 0: has a synapse on column 2, which is unused"},
		{"synapse beyond the columns", func(l *layout.Layout) { l.Cores[0].Planes[0].Words[0] |= 1 << 40 }, "core 0: axon 0: has a synapse on column 40"},
		{"synapse in an unused row", func(l *layout.Layout) { l.Cores[0].Planes[0].Put(2, 0, true) }, "core 0: axon 2: has a synapse on column 0, but no spike"},
		{"type of an unused axon", func(l *layout.Layout) { l.Cores[0].Axons[2].Type = 1 }, "core 0: axon 2: unused, yet of type 1"},
		{"axon type", func(l *layout.Layout) { l.Cores[0].Axons[0].Type = 1 }, "core 0: axon 0: type 1; the chip has types 0..0"},
		{"axon label", func(l *layout.Layout) { l.Cores[0].Axons[0].Label.Neuron = 3 }, "neuron 3 of layer -1, which has 3"},
		{"axon label of a score", func(l *layout.Layout) { l.Cores[0].Axons[0].Label.Layer = 1 }, "label names layer 1; sources are -1"},
		{"axon label of another source", func(l *layout.Layout) { l.Cores[0].Axons[0].Label.Neuron = 2 }, "labelled input 2, but input 0 arrives"},
		{"a named axon that hears nothing", func(l *layout.Layout) { l.Cores[0].Axons[2].Label = layout.Label{Layer: 0} }, "labelled h 0, but nothing arrives"},
		{"unused column with a threshold", func(l *layout.Layout) { l.Cores[0].Columns[1].Theta = 1 }, "core 0: column 1: unused, yet"},
		{"sender with a threshold", func(l *layout.Layout) { l.Cores[0].Columns[0].Theta = 1 }, "core 0: column 0: a sender has no threshold (1)"},
		{"sender to nowhere", func(l *layout.Layout) { l.Cores[0].Columns[0].Psum.Column = 0 }, "core 0 column 0 sends to core 1 column 0"},
		{"sender to another neuron", func(l *layout.Layout) { l.Cores[0].Columns[0].Psum.Column = 2 }, "core 0 column 0 is a part of h 0 at level 0 and sends to a part of class 0"},
		{"sender to itself", func(l *layout.Layout) { l.Cores[0].Columns[0].Psum = layout.Link{} }, "sends to core 0 column 0"},
		{"head with a link", func(l *layout.Layout) { l.Cores[1].Columns[1].Psum = layout.Link{} }, "core 1: column 1: has a psum link"},
		{"two senders into one column", func(l *layout.Layout) { l.Cores[0].Columns[1] = l.Cores[0].Columns[0] }, "receives from core 0 column 0 and from core 0 column 1"},
		{"a circle", func(l *layout.Layout) {
			l.Cores[1].Columns[1] = layout.Column{Role: layout.Sender, Label: l.Cores[1].Columns[1].Label}
		}, "form a circle"},
		{"wide threshold", func(l *layout.Layout) { l.Cores[1].Columns[1].Theta = 128 }, "core 1: column 1: threshold 128; the chip holds -128..127"},
		{"wide leak", func(l *layout.Layout) { l.Cores[1].Columns[2].Leak = -129 }, "core 1: column 2: leak -129"},
		{"leak of a spiking column", func(l *layout.Layout) { l.Cores[1].Columns[1].Leak = 1 }, "h 0 resets by clear with leak 1"},
		{"reset", func(l *layout.Layout) {
			l.Cores[1].Columns[1].Reset = layout.ToZero
			l.Capabilities.Neuron.Reset = append(l.Capabilities.Neuron.Reset, hwmodel.ResetZero)
		}, "h 0 resets by zero"},
		{"a reset the chip lacks", func(l *layout.Layout) { l.Cores[1].Columns[1].Reset = layout.ToZero }, "resets by zero; the chip's neurons reset by [clear]"},
		{"unknown reset", func(l *layout.Layout) { l.Cores[1].Columns[1].Reset = 7 }, "reset 7"},
		{"unknown role", func(l *layout.Layout) { l.Cores[1].Columns[1].Role = 9 }, "role 9"},
		{"type weights", func(l *layout.Layout) { l.Cores[1].Columns[1].TypeWeights[0] = 1 }, "weight 1 for axon type 0"},
		{"no score port", func(l *layout.Layout) { l.Capabilities.Host.ScorePorts = false }, "the chip has no score ports"},
		{"threshold of a score", func(l *layout.Layout) { l.Cores[1].Columns[2].Theta = 1 }, "a score column has no threshold (1)"},
		{"level beyond the schedule", func(l *layout.Layout) { l.Cores[1].Columns[2].Level = 2 }, "level 2; an inference has ticks 0..1"},
		{"level of a neuron", func(l *layout.Layout) { l.Cores[1].Columns[2].Level = 0 }, "h 0 arrives at core 1 axon 1 at level 1 and meets class 0"},
		{"level of a sender", func(l *layout.Layout) { l.Cores[0].Columns[0].Level = 1 }, "is a part of h 0 at level 1"},
		{"destination core", func(l *layout.Layout) { l.Cores[1].Columns[1].Dests[0].Core = 2 }, "destination 0 is axon 1 of core 2"},
		{"destination axon", func(l *layout.Layout) { l.Cores[1].Columns[1].Dests[0].Axon = 2 }, "core 1 axon 2 is labelled nothing, but h 0 arrives"},
		{"destination taken", func(l *layout.Layout) { l.Cores[1].Columns[1].Dests[0].Axon = 0 }, "core 1 axon 0 is fed by input 2 and by h 0"},
		{"delay 0", func(l *layout.Layout) { l.Cores[1].Columns[1].Dests[0].Delay = 0 }, "has delay 0; the chip allows 1..3"},
		{"delay", func(l *layout.Layout) { l.Cores[1].Columns[1].Dests[0].Delay = 2 }, "h 0 arrives at core 1 axon 1 at level 2"},
		{"no destination", func(l *layout.Layout) {
			l.Cores[1].Columns[1].Dests = nil
			l.Cores[1].Axons[1].Label = layout.NoLabel
			l.Cores[1].Planes[0].Put(1, 2, false)
		}, "h 0 spikes to nowhere"},
		{"same destination twice", func(l *layout.Layout) {
			d := l.Cores[1].Columns[1].Dests
			l.Cores[1].Columns[1].Dests = append(d, d[0])
		}, "destinations 0 and 1 are out of order or equal"},
		{"a useless delivery", func(l *layout.Layout) { l.Cores[1].Planes[0].Put(0, 1, false) }, "input 2 arrives at core 1 axon 0, which has no synapse"},
		{"column label", func(l *layout.Layout) { l.Cores[1].Columns[1].Label.Neuron = 1 }, "sends to a part of h 1 at level 0"},
		{"neuron label on a score", func(l *layout.Layout) { l.Cores[1].Columns[2].Label.Layer = 0 }, "core 1 column 2 is a score column labelled h 0"},
		{"label of no layer", func(l *layout.Layout) { l.Cores[1].Columns[2].Label.Layer = 5 }, "core 1 column 2 is labelled neuron 0 of layer 5, which is none"},
		{"neuron without a column", func(l *layout.Layout) { l.Layers[0].Neurons = 2 }, "h 1 has no column"},
		{"input map input", func(l *layout.Layout) { l.InputMap[2].Input = 3 }, "input map entry 2 puts input 3"},
		{"input map order", func(l *layout.Layout) { l.InputMap[1].Input = 0; l.InputMap[1].Axon = 0 }, "input map entries 0 and 1 are out of order or equal"},
		{"input map delay", func(l *layout.Layout) { l.InputMap[2].Delay = 1 }, "input 2 arrives at core 1 axon 0 at level 1"},
		{"output map column", func(l *layout.Layout) { l.OutputMap[0].Column = 1 }, "which is no score column"},
		{"output map class", func(l *layout.Layout) { l.OutputMap[0].Class = 1 }, "reads class 1"},
		{"unread class", func(l *layout.Layout) { l.OutputMap = nil }, "0 classes are read; there are 1"},
		{"schedule", func(l *layout.Layout) { l.Schedule.TicksPerInference = 3 }, "needs 2 every 1"},
		{"interval", func(l *layout.Layout) { l.Schedule.InitiationInterval = 0 }, "initiation interval of 0"},
		{"control spike", func(l *layout.Layout) { l.Schedule.Controls = []layout.Control{{Tick: 5}} }, "control spike 0"},
		{"narrow link", func(l *layout.Layout) { l.Capabilities.Psum.Bits = 1 }, "the partial sum of h 0 at core 0 column 0 can reach -1..1; the chip holds -1..0"},
		{"narrow potential", func(l *layout.Layout) {
			l.Capabilities.Neuron.PotentialBits = 2
			l.Cores[1].Columns[2].Leak = -3
		}, "can reach"},
	} {
		l := handImage()
		c.change(l)
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line that says %q", c.name, err, c.want)
		}
	}
}
