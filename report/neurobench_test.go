package report

import (
	"encoding/json"
	"strings"
	"testing"

	"tritloom/ledger"
	"tritloom/ternary"
)

// benchSubject is the toy network on the toy chip, whose run holds what it does.
func benchSubject(t *testing.T) Subject {
	chip := toyChip(t)
	n := toyNetwork()
	l := toyLayout(chip, n)
	run := toyRun(chip)
	run.Network, run.Layout = n.Hash(), l.Hash()
	// Three samples of 6 nonzero weights: 4 + 6 + 2 operations; 5 spikes of 2 neurons.
	run.PerSample[4].Counts = []uint64{4, 6, 2}
	if run.PerSample[4].Kind != ledger.SynapticOp.String() {
		t.Fatalf("series 4 of the toy run is %s", run.PerSample[4].Kind)
	}
	run.Cores[0][ledger.SynapticOp], run.Cores[1][ledger.SynapticOp] = 8, 4
	return Subject{Run: run, Chip: chip, Network: n, Layout: l}
}

func TestNeuroBenchByHand(t *testing.T) {
	s := benchSubject(t)
	b, err := NewNeuroBench(s)
	if err != nil {
		t.Fatal(err)
	}
	// 10 weights of 2 bits. The rows 1 1 0 and -1 0 1 reach 0..2 and -1..1, so thresholds
	// lie in -1..3: 3 bits each. Biases 0 and 1: 2 bits each. 20 + 6 + 4 = 30 bits: 4 bytes.
	if b.Footprint != 4 {
		t.Errorf("footprint %d bytes; want 4", b.Footprint)
	}
	// Zeros: 2 of 6 in hidden, 2 of 4 in the readout.
	if b.ConnectionSparsity != 0.4 {
		t.Errorf("connection sparsity %v; want 4 of 10", b.ConnectionSparsity)
	}
	if b.ActivationSparsity == nil || !near(*b.ActivationSparsity, 1-5.0/6) {
		t.Errorf("activation sparsity %v; want 1 - 5 spikes of 2 neurons × 3 samples", b.ActivationSparsity)
	}
	o := b.SynapticOperations
	if o.EffectiveMACs != 0 || o.EffectiveACs == nil || *o.EffectiveACs != 4 || o.Dense != 10 {
		t.Errorf("synaptic operations %+v; want 0 MACs, (4 + 6 + 2)/3 ACs, 6 + 4 dense", o)
	}
	if !near(b.ClassificationAccuracy, 2.0/3) || b.Samples != 3 || b.ChipFootprint != bytesOf(int64(s.Layout.Usage().StoredBits())) {
		t.Errorf("accuracy %v of %d samples, %d bytes on the chip", b.ClassificationAccuracy, b.Samples, b.ChipFootprint)
	}
	text, err := b.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"Footprint", "ConnectionSparsity", "ClassificationAccuracy", "ActivationSparsity", "SynapticOperations", "notes"} {
		if keys[key] == nil {
			t.Errorf("the file lacks %s", key)
		}
	}
	for _, metric := range []string{"Footprint", "ConnectionSparsity", "ClassificationAccuracy", "ActivationSparsity", "SynapticOperations"} {
		if note, _ := b.Notes.Get(metric); !strings.HasPrefix(note, "Harness: ") || !strings.Contains(note, "ere: ") && !strings.Contains(note, "Counted by the simulator") {
			t.Errorf("note of %s: %q", metric, note)
		}
	}
}

func TestNeuroBenchStepsAndPotentials(t *testing.T) {
	s := benchSubject(t)
	s.Network.Steps = 3
	s.Network.Layers[0].Neuron = ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}
	s.Layout.Network, s.Run.Network = s.Network.Hash(), s.Network.Hash()
	s.Run.Layout = s.Layout.Hash()
	b, err := NewNeuroBench(s)
	if err != nil {
		t.Fatal(err)
	}
	if b.SynapticOperations.Dense != 30 {
		t.Errorf("%v dense operations; want 3 steps of 10", b.SynapticOperations.Dense)
	}
	if b.ActivationSparsity == nil || !near(*b.ActivationSparsity, 1-5.0/18) {
		t.Errorf("activation sparsity %v; want 1 - 5 of 2 neurons × 3 steps × 3 samples", b.ActivationSparsity)
	}
	// Thresholds 1 and 1 take 2 bits each: 20 + 4 + 4 bits, and 2 potentials.
	want := bytesOf(28 + 2*int64(s.Chip.Capabilities.Neuron.PotentialBits))
	if b.Footprint != want {
		t.Errorf("footprint %d bytes; want %d with potentials", b.Footprint, want)
	}
}

func TestConvolutionOperationsLeavePaddingOut(t *testing.T) {
	// 3 × 3 kernel on 4 × 4 with a border of 1: rows 2 + 3 + 3 + 2 = 10 in each direction.
	w := ternary.Window{Channels: 4, Height: 4, Width: 4, OutChannels: 6, KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 2}
	if got := convolutionOperations(w); got != 10*10*6*2 {
		t.Errorf("%d operations; want 10 × 10 places, 6 channels of 2 inputs", got)
	}
	// Stride 2, no border, 5 wide, kernel 2: positions 0 and 2, all on the map.
	if got := placesOnMap(5, 2, 2, 0, 2); got != 4 {
		t.Errorf("%d places; want 4", got)
	}
}

func TestNeuroBenchSaysWhatItCannotTell(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*Subject)
		want   string
	}{
		{"no wave gate", func(s *Subject) {
			chip := *s.Chip
			s.Chip = &chip
			s.Chip.Capabilities.Host.WaveGate = false
			s.Run.Capabilities = s.Chip.Capabilities.Hash()
		}, "without a wave gate"},
		{"copies", func(s *Subject) { s.Run.Layers[0].Columns = 3 }, "copies of neurons"},
		{"more operations than synapses", func(s *Subject) {
			s.Run.PerSample[4].Counts = []uint64{8, 8, 8}
			s.Run.Cores[0][ledger.SynapticOp], s.Run.Cores[1][ledger.SynapticOp] = 12, 12
		}, "more synaptic operations than"},
	} {
		s := benchSubject(t)
		c.change(&s)
		b, err := NewNeuroBench(s)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		note, _ := b.Notes.Get("ActivationSparsity")
		if b.ActivationSparsity != nil || b.SynapticOperations.EffectiveACs != nil || !strings.Contains(note, c.want) {
			t.Errorf("%s: sparsity %v, operations %v, note %q; want null and %q", c.what, b.ActivationSparsity, b.SynapticOperations.EffectiveACs, note, c.want)
		}
		if b.Footprint == 0 || b.SynapticOperations.Dense == 0 {
			t.Errorf("%s: what does not depend on the run is gone too", c.what)
		}
	}
}

func TestNeuroBenchRefuses(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*Subject)
		want   string
	}{
		{"no network", func(s *Subject) { s.Network = nil }, "network or layout is missing"},
		{"no layout", func(s *Subject) { s.Layout = nil }, "network or layout is missing"},
		{"another network", func(s *Subject) { s.Network = toyNetwork(); s.Network.Layers[0].Weights[0] = 0 }, "this network is"},
		{"another chip", func(s *Subject) { s.Chip = loadChip(t, "unit") }, "cannot be priced"},
	} {
		s := benchSubject(t)
		c.change(&s)
		if _, err := NewNeuroBench(s); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line with %q", c.what, err, c.want)
		}
	}
}
