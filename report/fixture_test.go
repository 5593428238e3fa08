package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
	"testing"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/ternary"
)

func loadChip(t testing.TB, name string) *hwmodel.Chip {
	t.Helper()
	chip, err := hwmodel.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

// toyChip is testdata/toy.yaml: 2×2 cores of 4×4, ticks of 100 quanta of 10 ns.
func toyChip(t testing.TB) *hwmodel.Chip { return loadChip(t, "testdata/toy.yaml") }

// eventsOf says how often a kind happened in each sample.
type eventsOf map[ledger.Kind][]uint64

// newRun makes a record of one wave at a time on two cores; core 1 gets the
// smaller half of every count.
func newRun(chip *hwmodel.Chip, samples int, events eventsOf) *ledger.Run {
	run := &ledger.Run{
		Format: ledger.RunFormat, Chip: chip.Name, Capabilities: chip.Capabilities.Hash(),
		Engine: "reference", Scenario: ledger.SingleStream, Data: "toy:test", Samples: samples,
		Ticks:     ledger.Ticks{Total: 2 * uint64(samples), PerInference: 2, InitiationInterval: 2},
		Timing:    ledger.Timing{Model: "none"},
		CoresUsed: 2, CoresChip: chip.Capabilities.Mesh.Cores(),
		Cores: make([]ledger.Counts, 2), Kinds: ledger.KindNames(),
	}
	for k := range ledger.Kind(ledger.NumKinds) {
		counts, ok := events[k]
		if !ok {
			continue
		}
		run.PerSample = append(run.PerSample, ledger.SampleSeries{Kind: k.String(), Counts: counts})
		sum := uint64(0)
		for i := range samples {
			sum += run.PerSample[len(run.PerSample)-1].At(i)
		}
		run.Cores[0][k] += sum - sum/2
		run.Cores[1][k] += sum / 2
	}
	return run
}

// toyRun is three samples on the toy chip.
func toyRun(chip *hwmodel.Chip) *ledger.Run {
	run := newRun(chip, 3, eventsOf{
		ledger.AxonWrite:     {5, 6, 7},
		ledger.AxonRead:      {4, 5, 6},
		ledger.RowRead:       {4, 5, 6},
		ledger.BitsRead:      {32, 40, 48},
		ledger.SynapticOp:    {6, 8, 10},
		ledger.NeuronTouched: {4},
		ledger.SpikeEmitted:  {1, 2, 2},
		ledger.PacketCore:    {1, 2, 2},
		ledger.HopX:          {1, 2, 2},
		ledger.InputSpike:    {3, 4, 4},
		ledger.OutputScore:   {2},
		ledger.CoreTick:      {4},
	})
	run.Correct = 2
	run.Layers = []ledger.LayerSpikes{{Name: "hidden", Neurons: 2, Columns: 2, Spikes: 5}}
	return run
}

// withTiming adds the analytic times of a chip of fixed ticks: a sample takes
// two ticks of 100 quanta, however long its cores work.
func withTiming(run *ledger.Run) *ledger.Run {
	run.Timing = ledger.Timing{Model: "analytic", QuantumPS: 10000, Tick: 100, Total: 600, PerSample: []uint64{200, 200, 200}, Longest: 40}
	busy, waiting := []uint64{60, 70, 80}, []uint64{340, 330, 320} // of 2 cores × 200 quanta
	run.PerSample = append(run.PerSample,
		ledger.SampleSeries{Kind: ledger.CoreBusy.String(), Counts: busy},
		ledger.SampleSeries{Kind: ledger.CoreWaiting.String(), Counts: waiting})
	run.Cores[0][ledger.CoreBusy], run.Cores[0][ledger.CoreWaiting] = 210, 990
	return run
}

// toyNetwork is 3 inputs, 2 hidden neurons, 2 classes: 10 weights, 6 not zero.
func toyNetwork() *ternary.Network {
	return &ternary.Network{
		Inputs: 3, Steps: 1, Alphabet: ternary.Ternary,
		Layers: []ternary.Layer{{
			Name: "hidden", Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 2,
			Weights: []int8{1, 1, 0, -1, 0, 1}, Theta: []int32{1, 1},
			Neuron: ternary.Neuron{Model: ternary.Step},
		}},
		Readout: ternary.Readout{Name: "readout", Mode: ternary.Sum, From: []int{0}, Outputs: 2, Weights: []int8{1, 0, 0, 1}, Bias: []int32{0, 1}},
	}
}

// toyLayout holds toyNetwork on two cores of the toy chip: 3 axons × 2 neurons
// and 2 axons × 2 score columns.
func toyLayout(chip *hwmodel.Chip, n *ternary.Network) *layout.Layout {
	l := &layout.Layout{
		Chip: chip.Name, Capabilities: chip.Capabilities, Network: n.Hash(), Inputs: 3,
		Layers:  []layout.LayerLabel{{Name: "hidden", Neurons: 2}},
		Readout: layout.LayerLabel{Name: "readout", Neurons: 2},
		Cores:   []layout.Core{layout.NewCore(chip.Capabilities.Core), layout.NewCore(chip.Capabilities.Core)},
	}
	l.Cores[1].X = 1
	for a := range int32(3) {
		l.Cores[0].Axons[a].Label = layout.Label{Layer: layout.InputLabel, Neuron: a}
	}
	for j := range int32(2) {
		l.Cores[0].Columns[j].Role = layout.Spiking
		l.Cores[1].Axons[j].Label = layout.Label{Layer: 0, Neuron: j}
		l.Cores[1].Columns[j].Role = layout.Score
		l.Cores[1].Planes[0].Put(int(j), int(j), true)
	}
	for j := range 2 {
		for a, w := range n.Layers[0].Row(j, 3) {
			l.Cores[0].Planes[0].Put(a, j, w > 0)
			l.Cores[0].Planes[1].Put(a, j, w < 0)
		}
	}
	return l
}

// near compares joules; 1e-12 is the rounding of sums of a few dozen products.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b)) }

const pJ = hwmodel.Picojoule

func wantInterval(t *testing.T, what string, got Interval, nominal, low, high float64) {
	t.Helper()
	if !near(got.Nominal, nominal*pJ) || !near(got.Low, low*pJ) || !near(got.High, high*pJ) {
		t.Errorf("%s is %g [%g, %g] pJ, want %g [%g, %g] pJ", what, got.Nominal/pJ, got.Low/pJ, got.High/pJ, nominal, low, high)
	}
}

// readCSV reads the table of samples back; empty cells are 0.
func readCSV(t *testing.T, run *ledger.Run, chip *hwmodel.Chip, o EnergyOptions) (header []string, rows [][]float64) {
	t.Helper()
	var b bytes.Buffer
	if err := WritePerSampleCSV(&b, run, chip, o); err != nil {
		t.Fatal(err)
	}
	cells, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range cells[1:] {
		row := make([]float64, len(line))
		for i, cell := range line {
			if cell == "" {
				continue
			}
			if row[i], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		rows = append(rows, row)
	}
	return cells[0], rows
}
