package trainer

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// problem is a random network to train with samples and options.
type problem struct {
	shape   Shape
	samples *Samples
	options Options
}

// randomProblem draws a network of up to 3 hidden layers with sources skipping
// layers (and now and then one source twice), masks, several alphabets, both
// objectives and a penalty.
func randomProblem(t testing.TB, start uint64) problem {
	t.Helper()
	random := seed.Stream(start, seed.TestNetwork)
	alphabets := [][]int8{{-1, 0, 1}, {-1, 1}, {-2, -1, 0, 1, 2}, {-3, 0, 1}, {0, 1, 7}}
	net := &ternary.Network{Inputs: 1 + random.IntN(12), Steps: 1, Alphabet: alphabets[random.IntN(len(alphabets))]}
	for i := range random.IntN(4) {
		l := ternary.Layer{Name: fmt.Sprint("layer ", i), Op: ternary.Dense, From: randomSources(random, i), Outputs: 1 + random.IntN(5), Neuron: ternary.Neuron{Model: ternary.Step}}
		l.Weights, l.Theta = make([]int8, l.Outputs*net.Width(l.From)), make([]int32, l.Outputs)
		net.Layers = append(net.Layers, l)
	}
	r := ternary.Readout{Name: "classes", Mode: ternary.Sum, From: randomSources(random, len(net.Layers)), Outputs: 2 + random.IntN(3)}
	r.Weights, r.Bias = make([]int8, r.Outputs*net.Width(r.From)), make([]int32, r.Outputs)
	net.Readout = r

	p := problem{shape: Shape{Network: net}, options: DefaultOptions(), samples: randomSamples(t, random, net.Inputs, r.Outputs, 1+random.IntN(150))}
	o := &p.options
	o.Seed, o.TemperatureMilli, o.NonzeroPenalty = start, 1+random.IntN(5000), int64(random.IntN(2)*random.IntN(LossOne))
	o.Init = []Init{InitUniform, InitSparse}[random.IntN(2)]
	o.Order = []Order{OrderGreedy, OrderPermutation}[random.IntN(2)]
	o.Candidates = []Candidates{CandidatesAll, CandidatesAdjacent}[random.IntN(2)]
	o.Objective = []Objective{ObjectiveCrossEntropy, ObjectiveHinge}[random.IntN(2)]
	o.ZerosPercent, o.HingeMargin, o.MaxSweeps = 50, int32(1+random.IntN(6)), 4
	if net.Alphabet[0] == -1 && len(net.Alphabet) == 2 {
		o.Init = InitUniform // there is no zero to be sparse with, or to mask with
		return p
	}
	p.shape.Masks = make([][]bool, len(net.Layers))
	for i := range net.Layers {
		p.shape.Masks[i] = randomMask(random, len(net.Layers[i].Weights))
	}
	p.shape.ReadoutMask = randomMask(random, len(r.Weights))
	return p
}

func randomSources(random *rand.Rand, layers int) []int {
	from := []int{layers - 1} // the layer before, or Input
	for random.IntN(3) == 0 {
		from = append(from, random.IntN(layers+1)-1)
	}
	return from
}

func randomMask(random *rand.Rand, n int) []bool {
	if random.IntN(2) == 0 {
		return nil
	}
	mask := make([]bool, n)
	for i := range mask {
		mask[i] = random.IntN(4) > 0
	}
	return mask
}

func randomSamples(t testing.TB, random *rand.Rand, inputs, classes, n int) *Samples {
	t.Helper()
	b := NewBuilder(inputs, classes, n)
	row := encode.NewBits(inputs)
	for range n {
		for i := range inputs {
			row.Put(i, random.IntN(2) == 1)
		}
		b.Add(row, int32(random.IntN(classes)))
	}
	return must(b.Samples())(t)
}

// must gives a value or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// plainObjective is the objective by the network's own definition: every
// sample through ternary's plain evaluator.
func plainObjective(net *ternary.Network, samples *Samples, loss objective, o Options) int64 {
	total := o.NonzeroPenalty * countNonzero(net)
	for i := range samples.Len() {
		total += int64(loss.loss(net.Eval(samples.Bits(i)).Scores, samples.Label(i)))
	}
	return total
}

func countNonzero(net *ternary.Network) (n int64) {
	for _, l := range net.Layers {
		for _, w := range l.Weights {
			if w != 0 {
				n++
			}
		}
	}
	for _, w := range net.Readout.Weights {
		if w != 0 {
			n++
		}
	}
	return n
}

// digitLike makes samples that can be learned: each class has a random
// prototype of bits, of which noise percent are inverted in each sample.
func digitLike(t testing.TB, inputs, classes, n, noise int) *Samples {
	t.Helper()
	random := seed.Stream(7, seed.TestInput)
	prototypes := make([]encode.Bits, classes)
	for c := range prototypes {
		prototypes[c] = encode.NewBits(inputs)
		for i := range inputs {
			prototypes[c].Put(i, random.IntN(3) == 0)
		}
	}
	b := NewBuilder(inputs, classes, n)
	row := encode.NewBits(inputs)
	for range n {
		c := random.IntN(classes)
		for i := range inputs {
			row.Put(i, prototypes[c].Get(i) != (random.IntN(100) < noise))
		}
		b.Add(row, int32(c))
	}
	return must(b.Samples())(t)
}

// chain is a network of dense layers, one after another, weights zero.
func chain(inputs int, hidden []int, classes int) *ternary.Network {
	n := &ternary.Network{Inputs: inputs, Steps: 1, Alphabet: ternary.Ternary}
	from, width := []int{ternary.Input}, inputs
	for i, h := range hidden {
		n.Layers = append(n.Layers, ternary.Layer{
			Name: fmt.Sprint("hidden ", i), Op: ternary.Dense, From: from, Outputs: h,
			Weights: make([]int8, h*width), Theta: make([]int32, h), Neuron: ternary.Neuron{Model: ternary.Step},
		})
		from, width = []int{i}, h
	}
	n.Readout = ternary.Readout{Name: "classes", Mode: ternary.Sum, From: from, Outputs: classes, Weights: make([]int8, classes*width), Bias: make([]int32, classes)}
	return n
}
