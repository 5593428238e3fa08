package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// toyNetwork on toyLayout, by hand. Weights: 10 at 2 bits. Thresholds: rows
// [1 1 0] and [-1 0 1] reach -1..2, so -1..3 fits 3 bits, two of them; biases
// 0 and 1 fit 2 bits, two of them; 10 bits in all. Crosspoints: 2 cores × 16 ×
// 2 bits = 64, of them (3·2 + 2·2) × 2 = 20 at used axons and neurons. Neuron
// records: 8 × 40 bits, 4 of them used, each 8 threshold + 8 potential + 24.
func TestMemoryByHand(t *testing.T) {
	n := toyNetwork()
	m, err := NewMemory(n, toyLayout(toyChip(t), n))
	if err != nil {
		t.Fatal(err)
	}
	type rung struct {
		Name        string
		Added, Bits int64
		FP64, Int8  float64
	}
	var got []rung
	for _, r := range m.Ladder {
		fp64, _ := r.Ratios.Get("fp64")
		int8, _ := r.Ratios.Get("int8")
		got = append(got, rung{r.Name, r.Added, r.Bits, fp64, int8})
	}
	if diff := cmp.Diff([]rung{
		{"weights alone", 20, 20, 32, 4},
		{"thresholds and biases", 10, 30, 640. / 30, 80. / 30},
		{"crosspoints as placed", 0, 30, 640. / 30, 80. / 30},
		{"unused crosspoints", 44, 74, 640. / 74, 80. / 74},
		{"neuron state and routing", 150, 224, 640. / 224, 80. / 224},
		{"unused neurons", 160, 384, 640. / 384, 80. / 384},
	}, got); diff != "" {
		t.Errorf("ladder (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Bits{
		{"weights at used axons and neurons", 20, false},
		{"thresholds", 32, false},
		{"potentials and leaks", 32, false},
		{"routing: destinations, links, roles", 96, false},
		{"unused crosspoints", 44, true},
		{"unused neurons", 160, true},
	}, m.Kinds); diff != "" {
		t.Errorf("stored bits (-want +got):\n%s", diff)
	}
	if m.StoredBits != 384 || m.StrandedBits != 204 || m.PerWeight != 38.4 {
		t.Errorf("stored %d, stranded %d, %g a weight; want 384, 204, 38.4", m.StoredBits, m.StrandedBits, m.PerWeight)
	}
	want := Utilisation{Cores: Used{2, 4}, Axons: Used{5, 8}, Neurons: Used{4, 8}, Synapses: Used{6, 32}}
	if m.Utilisation != want {
		t.Errorf("utilisation %+v, want %+v", m.Utilisation, want)
	}
}

// typedLayout turns the toy chip into one of one-bit crosspoints, where input 0
// takes an axon for + and an axon for -.
func typedLayout(t *testing.T) *layout.Layout {
	chip := toyChip(t)
	chip.Capabilities.Core.SynapseMode = hwmodel.TypedBinary
	chip.Capabilities.Core.SynapseBits, chip.Capabilities.Core.AxonTypes, chip.Capabilities.Core.WeightBits = 1, 4, 3
	core := layout.NewCore(chip.Capabilities.Core)
	for a, input := range []int32{0, 0, 1} {
		core.Axons[a].Label = layout.Label{Layer: layout.InputLabel, Neuron: input}
	}
	core.Columns[0].Role, core.Columns[1].Role = layout.Spiking, layout.Spiking
	return &layout.Layout{Capabilities: chip.Capabilities, Network: toyNetwork().Hash(), Cores: []layout.Core{core}}
}

// 3 axons × 2 neurons × 1 bit = 6 bits, 2 of them on the second line of input 0.
func TestAxonDoubling(t *testing.T) {
	m, err := NewMemory(toyNetwork(), typedLayout(t))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	sum := int64(0)
	for _, b := range m.Kinds {
		got[b.Name] = b.Bits
		sum += b.Bits
	}
	want := map[string]int64{
		"weights at used axons and neurons": 4, "axon doubling": 2, "thresholds": 16,
		"weight tables": 24, "potentials and leaks": 16, "routing: destinations, links, roles": 24,
		"unused crosspoints": 10, "unused neurons": 80,
	}
	if diff := cmp.Diff(want, got); diff != "" || sum != m.StoredBits {
		t.Errorf("stored %d, kinds add up to %d (-want +got):\n%s", m.StoredBits, sum, diff)
	}
	if last := m.Ladder[len(m.Ladder)-1]; last.Bits != m.StoredBits {
		t.Errorf("the ladder ends at %d bits of %d", last.Bits, m.StoredBits)
	}
}

// A neuron's record narrower than its declared parts still adds up.
func TestNarrowNeuronRecord(t *testing.T) {
	l := toyLayout(toyChip(t), toyNetwork())
	l.Capabilities.Core.NeuronBits = 12
	m, err := NewMemory(toyNetwork(), l)
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, b := range m.Kinds {
		sum += b.Bits
	}
	if sum != m.StoredBits || m.Kinds[2].Bits != 4*4 || m.Kinds[3].Bits != 0 {
		t.Errorf("kinds %v add up to %d of %d", m.Kinds, sum, m.StoredBits)
	}
}

func TestShareOfNothing(t *testing.T) {
	if got := (Used{0, 0}).Share(); got != 0 {
		t.Errorf("nothing of nothing is %g, want 0", got)
	}
}

func TestMemoryOfAnotherNetwork(t *testing.T) {
	n := toyNetwork()
	l := toyLayout(toyChip(t), n)
	n.Layers[0].Weights[2] = 1
	if _, err := NewMemory(n, l); err == nil || !strings.HasPrefix(err.Error(), "the layout was compiled from network sha256:") {
		t.Errorf("error %v, want one that names both networks", err)
	}
}
