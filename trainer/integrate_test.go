package trainer

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// stepNeurons are all models and resets, leaks of either sign.
func stepNeurons() []ternary.Neuron {
	list := []ternary.Neuron{{Model: ternary.Step}}
	for _, reset := range []ternary.Reset{ternary.ToZero, ternary.Subtract} {
		list = append(list, ternary.Neuron{Model: ternary.IF, Reset: reset})
		for _, leak := range []int32{-2, -1, 1, 2} {
			list = append(list, ternary.Neuron{Model: ternary.LIF, Reset: reset, Leak: leak})
		}
	}
	return list
}

// The table of firings against the plain evaluator, for every kind of neuron, sum,
// threshold and number of steps of a small range; and the ends of the range of
// thresholds fire at every step and at none.
func TestFiringsAreTheEvaluators(t *testing.T) {
	const reach = 3
	for _, neuron := range stepNeurons() {
		for steps := 1; steps <= 6; steps++ {
			for theta := int32(-8); theta <= 24; theta++ {
				n := &ternary.Network{
					Inputs: 2 * reach, Steps: steps, Alphabet: ternary.Ternary,
					Layers:  []ternary.Layer{{Op: ternary.Dense, From: []int{ternary.Input}, Outputs: 1, Weights: []int8{1, 1, 1, -1, -1, -1}, Theta: []int32{theta}, Neuron: neuron}},
					Readout: ternary.Readout{Mode: ternary.Count, From: []int{0}, Outputs: 1},
				}
				for sum := int32(-reach); sum <= reach; sum++ {
					row := encodeSum(sum, reach)
					if got, want := firings(neuron, sum, theta, steps), n.Eval(row).Scores[0]; got != want {
						t.Fatalf("%+v, sum %d, threshold %d, %d steps: fires %d times; the evaluator says %d", neuron, sum, theta, steps, got, want)
					}
				}
			}
			first, last := thetaRange(neuron, -reach, reach, steps)
			for sum := int32(-reach); sum <= reach; sum++ {
				if firings(neuron, sum, int32(first), steps) != int32(steps) || firings(neuron, sum, int32(last), steps) != 0 {
					t.Errorf("%+v, %d steps: the range of thresholds %d..%d does not lead from always to never", neuron, steps, first, last)
				}
			}
			if firings(neuron, -reach, int32(first)+1, steps) == int32(steps) || firings(neuron, reach, int32(last)-1, steps) == 0 {
				t.Errorf("%+v, %d steps: the range of thresholds %d..%d is too wide", neuron, steps, first, last)
			}
		}
	}
}

// integrationProblem is a random one-shot network of one hidden layer, and what is
// to become of it.
func integrationProblem(t testing.TB, start uint64) (p problem, like *ternary.Network) {
	for offset := uint64(0); ; offset += 1000 {
		p = randomProblem(t, start+offset)
		n := p.shape.Network
		if len(n.Layers) != 1 || p.options.ZerosPercent == 0 {
			continue
		}
		random := seed.Stream(start, seed.TestInput)
		if p.options.Objective == ObjectiveCrossEntropy {
			p.options.TemperatureMilli = max(p.options.TemperatureMilli, 500)
		}
		like = clone(n)
		like.Steps = 1 + random.IntN(8)
		neurons := stepNeurons()
		like.Layers[0].Neuron = neurons[random.IntN(len(neurons))]
		return p, like
	}
}

// Every trial of random networks gains what two full runs of the plain evaluator
// say, and what is kept is exact.
func TestIntegrationTrialsAreExact(t *testing.T) {
	trials := 0
	for start := range uint64(40) {
		p, like := integrationProblem(t, start)
		found := must(Train(context.Background(), p.shape, p.samples, nil, p.options, nil))(t)
		g := must(newIntegration(found.Network, like, p.samples, p.options))(t)
		full := func() (total int64) {
			for i := range p.samples.Len() {
				total += int64(g.loss.loss(g.net.Eval(p.samples.Bits(i)).Scores, p.samples.Label(i)))
			}
			return total
		}
		if g.total != full() {
			t.Fatalf("problem %d: first loss %d; the evaluator says %d", start, g.total, full())
		}
		random := seed.Stream(start, seed.TestInput)
		for k := range g.coordinates() {
			value, low, high := g.coordinate(k)
			for range 4 {
				old, next := *value, int32(low+random.Int64N(high-low+1))
				gain := g.weigh(k, next, false)
				before := g.total
				*value = next
				after := full()
				*value = old
				if gain != after-before {
					t.Fatalf("problem %d, coordinate %d to %d: gain %d; the evaluator says %d", start, k, next, gain, after-before)
				}
				trials++
			}
			g.improve(k)
			if g.total != full() {
				t.Fatalf("problem %d: loss %d after coordinate %d; the evaluator says %d", start, g.total, k, full())
			}
		}
	}
	if trials < 500 {
		t.Errorf("only %d trials were compared", trials)
	}
}

// The loss never rises, errors are the evaluator's, weights stay, equal inputs give
// equal networks, and at the end no trial helps.
func TestIntegrate(t *testing.T) {
	changed := 0
	for start := range uint64(60) {
		p, like := integrationProblem(t, start)
		found := must(Train(context.Background(), p.shape, p.samples, nil, p.options, nil))(t)
		p.options.MaxSweeps = 0
		r := must(Integrate(context.Background(), found.Network, like, p.samples, p.samples, p.options, nil))(t)
		again := must(Integrate(context.Background(), found.Network, like, p.samples, nil, p.options, nil))(t)
		if d := ternary.Diff(r.Network, again.Network); d != "" || r.Network.Steps != like.Steps || r.Network.Layers[0].Neuron != like.Layers[0].Neuron {
			t.Fatalf("problem %d: twice, and %s; neurons %+v", start, d, r.Network.Layers[0].Neuron)
		}
		if r.Loss > r.FirstLoss || !r.LocalOptimum || r.StoppedBy != StoppedNoChange {
			t.Errorf("problem %d: %+v", start, r)
		}
		errors := 0
		for i := range p.samples.Len() {
			if r.Network.Eval(p.samples.Bits(i)).Class != p.samples.Label(i) {
				errors++
			}
		}
		if r.TrainErrors != errors || r.ValidationErrors != errors || again.ValidationErrors != -1 {
			t.Errorf("problem %d: %d and %d errors; the evaluator makes %d", start, r.TrainErrors, r.ValidationErrors, errors)
		}
		if d := cmp.Diff(found.Network.Layers[0].Weights, r.Network.Layers[0].Weights) + cmp.Diff(found.Network.Readout.Weights, r.Network.Readout.Weights); d != "" {
			t.Errorf("problem %d: weights changed: %s", start, d)
		}
		if r.Accepted > 0 {
			changed++
		}
	}
	if changed < 25 {
		t.Errorf("only %d searches changed anything", changed)
	}
}

// A cancelled search gives the network it has.
func TestIntegrateInterrupted(t *testing.T) {
	p, like := integrationProblem(t, 3)
	found := must(Train(context.Background(), p.shape, p.samples, nil, p.options, nil))(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := must(Integrate(ctx, found.Network, like, p.samples, nil, p.options, nil))(t)
	if r.StoppedBy != StoppedInterrupted || r.LocalOptimum || r.Loss != r.FirstLoss || r.Candidates != 0 {
		t.Errorf("%+v", r)
	}
}

func TestIntegrateRefuses(t *testing.T) {
	deep := &ternary.Network{Inputs: 2, Steps: 4, Alphabet: ternary.Ternary}
	for i := range 2 {
		deep.Layers = append(deep.Layers, ternary.Layer{Name: fmt.Sprint("h", i), Op: ternary.Dense, From: []int{i - 1}, Outputs: 2, Weights: make([]int8, 4), Theta: make([]int32, 2), Neuron: ternary.Neuron{Model: ternary.IF, Reset: ternary.Subtract}})
	}
	deep.Readout = ternary.Readout{Mode: ternary.Sum, From: []int{1}, Outputs: 2, Weights: make([]int8, 4), Bias: make([]int32, 2)}
	count := clone(deep)
	count.Layers, count.Readout = count.Layers[:1], ternary.Readout{Mode: ternary.Count, From: []int{0}, Outputs: 2}
	for _, c := range []struct {
		name string
		net  *ternary.Network
		want string
	}{
		{"two hidden layers", deep, "2 hidden layers over 4 steps"},
		{"a readout without weights", count, "the readout a count"},
	} {
		if err := CanIntegrate(c.net); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "1 step") {
			t.Errorf("%s: error %v; want one that says %q and a way out", c.name, err, c.want)
		}
	}
}

// encodeSum is an input of 2·reach bits, weighted +1 and then -1, with the given sum.
func encodeSum(sum, reach int32) encode.Bits {
	row := encode.NewBits(int(2 * reach))
	for k := range max(sum, -sum) {
		if sum > 0 {
			row.Put(int(k), true)
		} else {
			row.Put(int(reach+k), true)
		}
	}
	return row
}
