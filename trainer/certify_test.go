package trainer

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tritloom/internal/seed"
	"tritloom/ternary"
)

// bruteForce is the best single change by full evaluation of every one, found
// without any notion of neurons or planes. With adjacent candidates only steps
// to the next value count.
func bruteForce(p problem, net *ternary.Network, loss objective) int64 {
	now, best := plainObjective(net, p.samples, loss, p.options), int64(0)
	try := func() { best = min(best, plainObjective(net, p.samples, loss, p.options)-now) }
	adjacent := p.options.Candidates == CandidatesAdjacent
	tryWeights := func(weights []int8, mask []bool) {
		for i, from := range weights {
			place := slices.Index(net.Alphabet, from)
			for at, to := range net.Alphabet {
				near := at-place == 1 || place-at == 1
				if (mask == nil || mask[i]) && (near || !adjacent) {
					weights[i] = to
					try()
				}
			}
			weights[i] = from
		}
	}
	tryConstants := func(constants []int32, allowed func(k int, v int32) bool) {
		for k, from := range constants {
			for _, move := range []int32{-2, -1, 1, 2} {
				if allowed(k, from+move) && (move*move == 1 || !adjacent) {
					constants[k] = from + move
					try()
				}
			}
			constants[k] = from
		}
	}
	for i := range net.Layers {
		l := &net.Layers[i]
		tryWeights(l.Weights, p.shape.mask(i))
		tryConstants(l.Theta, func(k int, v int32) bool {
			low, high := ternary.Reach(l.Row(k, net.Width(l.From)))
			return low <= v && v <= high+1
		})
	}
	tryWeights(net.Readout.Weights, p.shape.ReadoutMask)
	tryConstants(net.Readout.Bias, func(_ int, v int32) bool { return -biasLimit(net) <= v && v <= biasLimit(net) })
	return best
}

// Networks the search calls optimal are optimal by brute force too, and
// Certify agrees; with one weight spoiled it finds the way back.
func TestLocalOptimumByBruteForceAndPlantedChange(t *testing.T) {
	planted := 0
	for start := range uint64(60) {
		p := randomProblem(t, start)
		p.options.MaxSweeps = 0
		r := must(Train(context.Background(), p.shape, p.samples, nil, p.options, nil))(t)
		if !r.LocalOptimum || r.StoppedBy != StoppedNoChange {
			t.Fatalf("problem %d: stopped by %s, local optimum %v", start, r.StoppedBy, r.LocalOptimum)
		}
		loss := must(newObjective(p.options, scoreSpread(r.Network)))(t)
		if best := bruteForce(p, r.Network, loss); best < 0 {
			t.Fatalf("problem %d: brute force finds a change that gains %d", start, best)
		}
		// A wider search may still gain; a plant's way back must be a candidate.
		if p.options.Candidates == CandidatesAll {
			planted += plant(t, start, p, r.Network, loss)
		}
	}
	if planted < 50 {
		t.Errorf("only %d changes were planted", planted)
	}
}

// plant spoils weights one at a time; wherever that costs, Certify must see
// that something can be gained, and gain what it says.
func plant(t *testing.T, problem uint64, p problem, net *ternary.Network, loss objective) (planted int) {
	t.Helper()
	random := seed.Stream(problem, seed.TestInput)
	for range 10 {
		weights, mask := net.Readout.Weights, p.shape.ReadoutMask
		if n := len(net.Layers); n > 0 && random.IntN(3) > 0 {
			i := random.IntN(n)
			weights, mask = net.Layers[i].Weights, p.shape.mask(i)
		}
		at := random.IntN(len(weights))
		old := weights[at]
		before := plainObjective(net, p.samples, loss, p.options)
		weights[at] = net.Alphabet[random.IntN(len(net.Alphabet))]
		spoiled := plainObjective(net, p.samples, loss, p.options)
		if free(mask, at) && spoiled > before {
			planted++
			found := must(Certify(context.Background(), Shape{net, p.shape.Masks, p.shape.ReadoutMask}, p.samples, p.options))(t)
			if found == nil {
				t.Fatalf("problem %d: a planted loss of %d was certified as optimal", problem, spoiled-before)
			}
			checkImprovement(t, problem, p, net, loss, found, spoiled)
		}
		weights[at] = old
	}
	return planted
}

// checkImprovement makes the change on a copy and evaluates it.
func checkImprovement(t *testing.T, problem uint64, p problem, net *ternary.Network, loss objective, found *Improvement, now int64) {
	t.Helper()
	changed := clone(net)
	weights, constants, from := changed.Readout.Weights, changed.Readout.Bias, changed.Readout.From
	if found.Layer < len(changed.Layers) {
		l := &changed.Layers[found.Layer]
		weights, constants, from = l.Weights, l.Theta, l.From
	}
	if width := changed.Width(from); found.Input == width {
		constants[found.Neuron] = found.To
	} else {
		weights[found.Neuron*width+found.Input] = int8(found.To)
	}
	if after := plainObjective(changed, p.samples, loss, p.options); after-now != found.Gain || found.Gain >= 0 {
		t.Fatalf("problem %d: %v; full evaluation says %d", problem, found, after-now)
	}
}

func TestImprovementSaysWhereAndHowMuch(t *testing.T) {
	found := &Improvement{Layer: 1, Neuron: 2, Input: 3, From: -1, To: 0, Gain: -77}
	if got, want := found.String(), "layer 1, neuron 2, input 3: 0 instead of -1 changes the objective by -77"; got != want {
		t.Errorf("%q; want %q", got, want)
	}
}

func TestCertifyRefusesWhatDoesNotFit(t *testing.T) {
	samples := digitLike(t, 6, 3, 20, 10)
	bad := DefaultOptions()
	bad.Order = "none"
	for _, c := range []struct {
		shape Shape
		o     Options
		want  string
	}{
		{Shape{}, DefaultOptions(), "no network"},
		{Shape{Network: chain(6, nil, 3)}, bad, "training option order"},
		{Shape{Network: chain(6, nil, 4)}, DefaultOptions(), "certified samples have 6 inputs and 3 classes; the network has 6 and 4"},
	} {
		if _, err := Certify(context.Background(), c.shape, samples, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want %q", err, c.want)
		}
	}
}

func TestCertifyGivesUpWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	found, err := Certify(ctx, Shape{Network: chain(6, []int{4}, 3)}, digitLike(t, 6, 3, 20, 10), DefaultOptions())
	if found != nil || err != context.Canceled {
		t.Errorf("found %v, error %v; want nothing, %v", found, err, context.Canceled)
	}
}
