package compiler

import (
	"testing"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
)

// unitOf is a dense unit of all +1 from the input.
func unitOf(inputs, neurons int) unit {
	u := unit{name: "u", neurons: neurons, weights: make([]int8, inputs*neurons), theta: make([]int32, neurons)}
	for i := range u.weights {
		u.weights[i] = 1
	}
	for i := range inputs {
		u.sources = append(u.sources, layout.Label{Layer: layout.InputLabel, Neuron: int32(i)})
	}
	return u
}

func spoilNetwork() *ternary.Network {
	u := unitOf(20, 6)
	v := unitOf(6, 3)
	return &ternary.Network{
		Inputs: 20, Steps: 1, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "h", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 6, Neuron: ternary.Neuron{Model: ternary.Step},
			Weights: u.weights, Theta: []int32{1, 2, 3, 4, 5, 6},
		}},
		Readout: ternary.Readout{Name: "c", Mode: ternary.Sum, From: []int{0}, Outputs: 3, Weights: v.weights, Bias: v.theta},
	}
}

func spoilChip() *hwmodel.Chip {
	return &hwmodel.Chip{Name: "spoil", Capabilities: hwmodel.Capabilities{
		Core:   hwmodel.Core{Axons: 8, Neurons: 8, SynapseMode: hwmodel.TernarySynapse, SynapseBits: 2, AxonTypes: 1, WeightBits: 2, ReadOrder: hwmodel.AxonMajor, NeuronBits: 64},
		Neuron: hwmodel.Neuron{PotentialBits: 12, ThresholdBits: 12, LeakBits: 12, Reset: []string{hwmodel.ResetClear}},
		Spikes: hwmodel.Spikes{DelayMaxTicks: 3, AxonMerge: hwmodel.MergeOr},
		Psum:   hwmodel.Psum{Bits: 12}, Host: hwmodel.Host{ScorePorts: true, WaveGate: true},
		Tick: hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1000},
		Mesh: hwmodel.Mesh{Width: 4, Height: 4, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}}
}

// Bounds worked by hand for cores of 8 axons × 4 neurons.
func TestLowerBoundByHand(t *testing.T) {
	core := hwmodel.Core{Axons: 8, Neurons: 4}
	for _, c := range []struct {
		inputs, neurons int
		want            Bound
	}{
		{8, 4, Bound{1, 1, 1}},    // exactly one core
		{9, 4, Bound{2, 2, 2}},    // 36 of 32 crosspoints; two columns a neuron; 9 axons
		{4, 9, Bound{2, 3, 2}},    // 36 crosspoints; 9 columns; 4 inputs × 3 axons = 12
		{16, 1, Bound{1, 1, 2}},   // 16 crosspoints, 2 columns, 16 axons
		{17, 10, Bound{6, 8, 7}},  // 170; 3 columns each = 30; 17 × 3 = 51 axons
		{1, 16, Bound{1, 4, 1}},   // 16 columns in fours; 4 axons
		{32, 8, Bound{8, 8, 8}},   // two columns of cores, four rows
		{100, 1, Bound{4, 4, 13}}, // 13 columns; 100 axons
	} {
		if got := lowerBound([]unit{unitOf(c.inputs, c.neurons)}, core); got != c.want {
			t.Errorf("%d inputs × %d neurons: bound %+v; want %+v", c.inputs, c.neurons, got, c.want)
		}
	}
}

// Two layers that hear the same inputs at the same level share axons: 8 axons
// hold both.
func TestPiecesShareAxons(t *testing.T) {
	units := []unit{unitOf(8, 2), unitOf(8, 2)}
	p := packBest(units, []cutting{{direct: true}, {direct: true}}, hwmodel.Core{Axons: 8, Neurons: 4})
	if len(p.bins) != 1 || p.axons != 8 || p.columns != 4 {
		t.Errorf("%d cores, %d axons, %d columns; want 1, 8, 4", len(p.bins), p.axons, p.columns)
	}
	units[1].level = 1 // at another tick the same input needs an axon of its own
	p = packBest(units, []cutting{{direct: true}, {direct: true}}, hwmodel.Core{Axons: 8, Neurons: 4})
	if len(p.bins) != 2 || p.axons != 16 {
		t.Errorf("at two levels: %d cores, %d axons; want 2, 16", len(p.bins), p.axons)
	}
}

// Leftover inputs of two column groups share a core: 18 inputs × 6 neurons on
// cores of 16 × 3 leave 2 inputs over in each group.
func TestLeftoversShareACore(t *testing.T) {
	units := []unit{unitOf(18, 6)}
	p := packBest(units, []cutting{{rows: 16}}, hwmodel.Core{Axons: 16, Neurons: 6})
	if len(p.bins) != 2 {
		t.Errorf("%d cores; want 2", len(p.bins))
	}
	p = packBest(units, []cutting{{rows: 16}}, hwmodel.Core{Axons: 16, Neurons: 3})
	if len(p.bins) != 4 {
		t.Errorf("%d cores of 3 columns; want 4: 12 columns in all", len(p.bins))
	}
}

// The placement search ends in a local optimum whose cost is what its places
// cost when added up plainly.
func TestPlacementCostIsExact(t *testing.T) {
	s := &state{original: spoilNetwork(), chip: spoilChip(), caps: spoilChip().Capabilities, options: Options{Seed: 3}}
	if err := runPasses(s, passes); err != nil {
		t.Fatal(err)
	}
	traffic := s.traffic
	at := append([]site(nil), s.places...)
	cost := descend(at, traffic, hwmodel.Mesh{})
	var plain int64
	for i := range traffic {
		for j := range traffic {
			dx, dy := hwmodel.Distance(at[i].x, at[i].y, at[j].x, at[j].y)
			plain += traffic[i][j] * int64(dx+dy)
		}
	}
	if cost != plain {
		t.Errorf("the search says %d links; added up they are %d", cost, plain)
	}
	for i := range at {
		if at[i] != s.places[i] {
			t.Fatalf("descending again moves core %d: the search had not ended", i)
		}
	}
}

// Short chains take the best of all orders: here by brute force over the
// mesh's distances; long chains stay permutations.
func TestShortestPath(t *testing.T) {
	s := &state{places: []site{{0, 0}, {3, 0}, {1, 0}, {2, 0}, {0, 1}, {3, 1}, {1, 1}, {2, 1}}}
	if got := s.pathLength(s.shortestPath([]int{0, 1, 2, 3})); got != 3 {
		t.Errorf("four cores in a row: path of %d links; want 3", got)
	}
	long := s.shortestPath([]int{0, 1, 2, 3, 4, 5, 6, 7})
	seen := map[int]bool{}
	for _, b := range long {
		seen[b] = true
	}
	if len(long) != 8 || len(seen) != 8 || s.pathLength(long) != 7 {
		t.Errorf("eight cores in a 4×2 block: %v of %d links; want all of them in 7", long, s.pathLength(long))
	}
}
