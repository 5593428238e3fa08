package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// sameAsReference compares batches on every path with the reference engine:
// every wave in full, the counts of every core and the spikes of every layer.
func sameAsReference(t *testing.T, l *layout.Layout, s samples) {
	t.Helper()
	run, waves := simulate(t, l, options(ledger.SingleStream, TimingNone, 1), s)
	program := batchOf(t, l)
	for _, path := range bits.Available() {
		b := newBatch(program, path)
		cores, layers := make([]ledger.Counts, len(l.Cores)), make([]uint64, len(l.Layers)+1)
		for first := 0; first < len(s); first += bits.Lanes {
			part := s[first:min(first+bits.Lanes, len(s))]
			r, err := b.run(part)
			if err != nil {
				t.Fatal(err)
			}
			paid := newCountTable(len(part))
			r.record(paid)
			for i, got := range r.waves(first, paid, false) {
				if diff := cmp.Diff(waves[first+i], got); diff != "" {
					t.Fatalf("path %v: sample %d (-reference +batch):\n%s", path, first+i, diff)
				}
			}
			for c := range cores {
				cores[c].Add(&r.cores[c])
			}
			for i, n := range r.layers {
				layers[i] += n
			}
		}
		if diff := cmp.Diff(run.Cores, cores); diff != "" {
			t.Errorf("path %v: cores (-reference +batch):\n%s", path, diff)
		}
		if diff := cmp.Diff(run.Layers, layerSpikes(l, layers)); diff != "" {
			t.Errorf("path %v: layers (-reference +batch):\n%s", path, diff)
		}
	}
}

// twists turn images into others that no compiler makes.
var twists = []struct {
	name string
	do   func(r *rand.Rand, l *layout.Layout)
}{
	{"plain", func(*rand.Rand, *layout.Layout) {}},
	{"shared axons", shareAxons},
	{"controls", addControls},
	{"typed-binary", makeTyped},
	{"kbit", makeIntegers},
	{"differential", makePairs},
	{"counted spikes", countSpikes},
	{"neuron-major", func(_ *rand.Rand, l *layout.Layout) { l.Capabilities.Core.ReadOrder = hwmodel.NeuronMajor }},
	{"all", func(r *rand.Rand, l *layout.Layout) {
		makeTyped(r, l)
		countSpikes(r, l)
		addControls(r, l)
		shareAxons(r, l)
	}},
}

// TestBatchMatchesReference: random images as they are, and twisted.
func TestBatchMatchesReference(t *testing.T) {
	for _, twist := range twists {
		t.Run(twist.name, func(t *testing.T) {
			i := 0
			each(t, 100, true, func(t *testing.T, d dense, l *layout.Layout, _ []tiles, s samples) {
				r := seed.Sub(2, seed.TestNetwork, i)
				twist.do(r, l)
				if i%50 == 0 {
					s = randomSamples(r, bits.Lanes+70, d.inputs)
				}
				i++
				sameAsReference(t, l, s)
			})
		})
	}
}

// shareAxons sends inputs and spikes to other axons of the same core, where
// they meet others.
func shareAxons(r *rand.Rand, l *layout.Layout) {
	axons := l.Capabilities.Core.Axons
	for i := range l.InputMap {
		if r.IntN(3) == 0 {
			l.InputMap[i].Axon = int32(r.IntN(axons))
		}
	}
	slices.SortFunc(l.InputMap, func(a, b layout.InputEntry) int {
		return slices.Compare([]int32{a.Input, a.Core, a.Axon, a.Delay}, []int32{b.Input, b.Core, b.Axon, b.Delay})
	})
	l.InputMap = slices.Compact(l.InputMap)
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			dests := l.Cores[c].Columns[n].Dests
			for i := range dests {
				if r.IntN(3) == 0 {
					dests[i].Axon = int32(r.IntN(axons))
				}
			}
			slices.SortFunc(dests, func(a, b layout.Dest) int {
				return slices.Compare([]int32{a.Core, a.Axon, a.Delay}, []int32{b.Core, b.Axon, b.Delay})
			})
			l.Cores[c].Columns[n].Dests = slices.Compact(dests)
		}
	}
}

// addControls writes control spikes to axons of cores whose columns are due.
func addControls(r *rand.Rand, l *layout.Layout) {
	for range 1 + r.IntN(6) {
		c := r.IntN(len(l.Cores))
		tick := int32(-1)
		for n := range l.Cores[c].Columns {
			if column := &l.Cores[c].Columns[n]; column.Role != layout.Unused {
				tick = column.Level
			}
		}
		l.Schedule.Controls = append(l.Schedule.Controls, layout.Control{Tick: tick, Core: int32(c), Axon: int32(r.IntN(l.Capabilities.Core.Axons))})
	}
}

// makeTyped makes crosspoints binary and gives axons types and columns weights.
func makeTyped(r *rand.Rand, l *layout.Layout) {
	core := &l.Capabilities.Core
	core.SynapseMode, core.SynapseBits, core.AxonTypes, core.WeightBits = hwmodel.TypedBinary, 1, layout.AxonTypes, 9
	l.Capabilities.Neuron.ThresholdBits = 16
	for c := range l.Cores {
		at := &l.Cores[c]
		for w := range at.Planes[0].Words {
			at.Planes[0].Words[w] |= at.Planes[1].Words[w]
		}
		at.Planes = at.Planes[:1]
		for a := range at.Axons {
			if at.Axons[a].Label != layout.NoLabel {
				at.Axons[a].Type = uint8(r.IntN(layout.AxonTypes))
			}
		}
		for n := range at.Columns {
			if at.Columns[n].Role == layout.Unused {
				continue
			}
			for i := range at.Columns[n].TypeWeights {
				at.Columns[n].TypeWeights[i] = int32(r.IntN(25) - 12)
			}
		}
	}
}

// countSpikes makes score columns fire, and the host count.
func countSpikes(r *rand.Rand, l *layout.Layout) {
	l.Schedule.OutputTicks = 1
	for range l.Readout.Neurons {
		l.OutputBias = append(l.OutputBias, int32(r.IntN(4)-1))
	}
	for _, e := range l.OutputMap {
		column := l.Column(layout.Link{Core: e.Core, Column: e.Column})
		column.Role, column.Theta = layout.Spiking, int32(r.IntN(7)-3)
	}
}

// Two inputs and a control spike meet on one axon: one row is read, and two
// spikes vanish if all three come.
const shared = `chip shared ternary axons 2 neurons 2 gate on
inputs 2
layer h 1
readout class 1
ticks 2 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from h/0
row 0 +0
row 1 0-
column 0 spike >= 1 level 0 is h/0 to 0:1@1
column 1 score leak 5 level 1 is class/0
input 0 to 0:0
input 1 to 0:0
output 0 from 0:1
`

func TestBatchMerges(t *testing.T) {
	for controls := range 3 {
		l := mustParse(shared)
		for range controls {
			l.Schedule.Controls = append(l.Schedule.Controls, layout.Control{Tick: 0, Core: 0, Axon: 0})
		}
		sameAsReference(t, l, parseSamples("00 01 10 11"))
	}
}

func TestCanBatch(t *testing.T) {
	change := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(shared) }
	for _, c := range []struct{ text, want string }{
		{shared, ""},
		{change("gate on", "gate off"), `chip "shared" has no wave gate`},
		{change(">= 1 level", ">= 1 reset subtract level"), `core 0 column 0 resets by subtract and keeps its potential; batches need reset clear`},
		{change("gate on", "gate on stochastic on random 4", "level 0 is", "random_threshold 1 level 0 is"), `core 0 column 0 has neuron dynamics`},
		{change("ticks 2 interval 1", "ticks 3 interval 2 steps 2"), `waves of 2 steps; batches need one step`},
		{change("0:1@1", "0:1@2"), `a spike of core 0 column 0 comes to core 0 axon 1 at tick 2 of a wave of 2 ticks and would meet the next wave`},
		{change("0:1@1", "0:1@2", "ticks 2", "ticks 3"), `at tick 2 of a wave, when no column of the core is due, and would be lost`},
		{change("input 1 to 0:0", "input 1 to 0:0@2"), `input 1 comes to core 0 axon 0 at tick 2`},
		{change("gate on", "gate on merge add"), `input 1 meets another on core 0 axon 0 at tick 0 of a wave, and spikes that meet add up on this chip`},
		{change("gate on", "gate on potential 3 leak 4"), `the potential of core 0 column 1 might reach -1..0 with a leak of 5; the chip holds -4..3`},
	} {
		l, err := layout.ParseText(c.text)
		if err != nil {
			t.Fatal(err)
		}
		switch err := CanBatch(l, ledger.SingleStream); {
		case c.want == "" && err != nil:
			t.Errorf("error %v; want none", err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("error %v; want one line with %q", err, c.want)
		}
	}
}

func TestBatchRefusesSamples(t *testing.T) {
	b := benchmarkBatch(t, mustParse(shared), bits.Pure)
	for _, c := range []struct {
		inputs samples
		want   string
	}{
		{nil, "a batch of 0 samples; want 1..512"},
		{make(samples, 513), "a batch of 513 samples; want 1..512"},
		{parseSamples("01 011"), "sample 1 of a batch has 3 bits; the layout has 2 inputs"},
	} {
		if _, err := b.run(c.inputs); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want %q", err, c.want)
		}
	}
}

// FuzzBatch simulates whatever image a text describes both ways.
func FuzzBatch(f *testing.F) {
	f.Add(shared)
	for i := range 6 {
		r := seed.Sub(9, seed.TestNetwork, i)
		l, _ := randomDense(r).image(r, 3, 3, true)
		f.Add(l.Text())
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := layout.ParseText(text)
		if err != nil || len(l.Cores)*l.Capabilities.Core.Axons*l.Capabilities.Core.Neurons > 5000 || l.Inputs > 1000 || l.Schedule.TicksPerInference > 100 {
			return // not an image, or one that only takes long
		}
		if CanBatch(l, ledger.SingleStream) != nil {
			return
		}
		sameAsReference(t, l, randomSamples(seed.Stream(1, seed.TestInput), 4, l.Inputs))
	})
}

func benchmarkBatch(t testing.TB, l *layout.Layout, path bits.Path) *batch {
	return newBatch(batchOf(t, l), path)
}

// batchOf is the batch program of an image that has one.
func batchOf(t testing.TB, l *layout.Layout) *batchProgram {
	t.Helper()
	p, err := newProgram(l, new(hwmodel.Latencies))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSchedule(p, ledger.SingleStream)
	if err != nil {
		t.Fatal(err)
	}
	program, err := newBatchProgram(p, s)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// BenchmarkBatch simulates 784-512-10 with random weights on cores of 256 × 256,
// counts by sample and by core included. Rates are of this machine and one
// thread.
func BenchmarkBatch(b *testing.B) {
	for _, percent := range []int{12, 25, 67} {
		r := seed.Stream(1, seed.TestNetwork)
		l := sparseImage(r, percent)
		inputs := randomSamples(r, bits.Lanes, 784)
		m, err := New(l, DefaultOptions())
		if err != nil {
			b.Fatal(err)
		}
		run, err := m.Run(context.Background(), inputs, nil)
		if err != nil {
			b.Fatal(err)
		}
		total := run.Total()
		for _, path := range bits.Available() {
			b.Run(fmt.Sprintf("net=784-512-10/density=p%d/cores=%d/path=%v", percent, len(l.Cores), path), func(b *testing.B) {
				batch := benchmarkBatch(b, l, path)
				for b.Loop() {
					if _, err := batch.run(inputs); err != nil {
						b.Fatal(err)
					}
				}
				seconds := b.Elapsed().Seconds()
				b.ReportMetric(float64(b.N*len(inputs))/seconds, "images/s")
				b.ReportMetric(float64(b.N)*float64(total[ledger.SynapticOp])/seconds/1e9, "Gsynaptic_ops/s")
				b.ReportMetric(float64(b.N*len(inputs))*float64(synapsesOf(l))/seconds/1e9, "Gsynapse/s")
			})
		}
	}
}

// sparseImage is 784-512-10 with so many weights of a hundred not zero.
func sparseImage(r *rand.Rand, percent int) *layout.Layout {
	d := dense{inputs: 784}
	width := d.inputs
	for _, n := range []int{512, 10} {
		var l denseLayer
		for range n {
			row := make([]int32, width)
			for i := range row {
				if r.IntN(100) < percent {
					row[i] = int32(2*r.IntN(2) - 1)
				}
			}
			l.weights, l.theta = append(l.weights, row), append(l.theta, 1)
		}
		d.layers, width = append(d.layers, l), n
	}
	l, _ := d.image(r, 256, 256, true)
	return l
}

// synapsesOf counts the crosspoints that are not zero.
func synapsesOf(l *layout.Layout) int {
	n := 0
	for c := range l.Cores {
		for p := range l.Cores[c].Planes {
			n += bits.Count(l.Cores[c].Planes[p].Words)
		}
	}
	return n
}

// TestBatchRandomInputWidths crosses the squares of 64 inputs.
func TestBatchRandomInputWidths(t *testing.T) {
	for _, inputs := range []int{63, 64, 65, 130} {
		r := seed.Sub(3, seed.TestNetwork, inputs)
		d := randomTernary(r, inputs, 9, 3)
		l, _ := d.image(r, 40, 5, true)
		var s samples
		for range 3 {
			in := encode.NewBits(inputs)
			for i := range inputs {
				in.Put(i, r.IntN(2) == 0)
			}
			s = append(s, in)
		}
		sameAsReference(t, l, s)
	}
}
