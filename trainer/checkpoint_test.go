package trainer

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
	"tritloom/ternary"
)

// Random searches, each stopped again and again at random steps and resumed, in
// turn from what a killed process would have saved and from what an interrupted
// one gives, end with the result of the search left alone: network, counters
// and every sweep.
func TestResumedEqualsUninterrupted(t *testing.T) {
	stops, withBest, withoutMove := 0, 0, 0
	for start := range uint64(40) {
		t.Run(fmt.Sprint("problem=", start), func(t *testing.T) {
			p := randomProblem(t, start)
			random := seed.Stream(start, seed.TestInput)
			p.options.Patience, p.options.MaxSweeps = random.IntN(3), 8*random.IntN(2)
			validation := randomSamples(t, random, p.samples.inputs, p.samples.classes, 1+random.IntN(60))
			want := train(t, p.shape, p.samples, validation, p.options)

			var from *Checkpoint
			for {
				after := 1 + random.IntN(2+2*len(p.shape.Network.Layers)+int(want.Candidates/40))
				saved, result := stopped(t, p, validation, from, after)
				if saved == nil { // no stop before its end
					if diff := cmp.Diff(want, result); diff != "" {
						t.Errorf("(-uninterrupted +resumed):\n%s", diff)
					}
					return
				}
				stops++
				if from = result.StoppedAt; from == nil || random.IntN(2) == 0 {
					from = saved // killed, perhaps at the very end
				}
				if from.Best != nil {
					withBest++
				}
				if from.Step > 0 && len(from.PerSweep) > 0 && from.Accepted == from.PerSweep[len(from.PerSweep)-1].Accepted {
					withoutMove++ // the flag "nothing changed in this sweep" is under test
				}
			}
		})
	}
	if stops < 100 || withBest < 40 || withoutMove < 10 {
		t.Errorf("%d stops, %d with a best network, %d in a sweep without a change: the cases do not cover what they should", stops, withBest, withoutMove)
	}
}

// stopped goes on from a checkpoint, or begins, and is cancelled at the given
// boundary, of which it gives the checkpoint.
func stopped(t *testing.T, p problem, validation *Samples, from *Checkpoint, after int) (saved *Checkpoint, result *Result) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := p.options
	o.Save = func(c *Checkpoint) {
		if after--; after == 0 {
			saved = c
			cancel()
		}
	}
	if from == nil {
		return saved, must(Train(ctx, p.shape, p.samples, validation, o, nil))(t)
	}
	result = must(Resume(ctx, p.shape, p.samples, validation, o, from, nil))(t)
	return saved, result
}

// A checkpoint is a copy: the search that made it and the one that goes on from
// it leave it as it was.
func TestCheckpointsStayAsTheyWere(t *testing.T) {
	shape, samples, o := small(t)
	o.Patience = 2
	validation := digitLike(t, 40, 4, 100, 30)
	var made []*Checkpoint
	var first []string
	print := func(c *Checkpoint) string {
		return fmt.Sprintf("%v %+v %+v", *c.Network, c.PerSweep, c.Best) + fmt.Sprint(c.Step, c.Candidates, c.Accepted)
	}
	o.Save = func(c *Checkpoint) { made, first = append(made, c), append(first, print(c)) }
	train(t, shape, samples, validation, o)
	o.Save = nil
	must(Resume(context.Background(), shape, samples, validation, o, made[len(made)/2], nil))(t)
	for i, c := range made {
		if now := print(c); now != first[i] {
			t.Fatalf("checkpoint %d changed (-made +now):\n%s", i, cmp.Diff(first[i], now))
		}
	}
}

// Limits may be changed: a search cut by trials goes on to what the longer
// search finds, and one in its second sweep may be given a third.
func TestResumeTakesLongerLimits(t *testing.T) {
	shape, samples, o := small(t)
	o.MaxSweeps = 3
	want := train(t, shape, samples, nil, o)
	o.MaxSweeps, o.MaxTrials = 2, want.PerSweep[0].Candidates+1
	cut := train(t, shape, samples, nil, o)
	if cut.StoppedBy != StoppedTrials || len(cut.StoppedAt.PerSweep) != 1 {
		t.Fatalf("stopped by %s after %d sweeps; want trials, in the second", cut.StoppedBy, cut.Sweeps)
	}
	o.MaxSweeps, o.MaxTrials = 3, 0
	result := must(Resume(context.Background(), shape, samples, nil, o, cut.StoppedAt, nil))(t)
	if diff := cmp.Diff(want, result); diff != "" {
		t.Errorf("(-at once +in two parts):\n%s", diff)
	}
}

// The clock says when a search is saved, at every tenth look of ten seconds,
// and nothing else.
func TestClockDecidesOnlyWhenToSave(t *testing.T) {
	shape, samples, o := small(t)
	boundaries, saves := 0, 0
	o.Save = func(*Checkpoint) { boundaries++ }
	want := train(t, shape, samples, nil, o)

	o.Save, o.SaveEvery, o.Clock = func(*Checkpoint) { saves++ }, 10*time.Second, ticking()
	result := train(t, shape, samples, nil, o)
	if diff := cmp.Diff(want, result); diff != "" {
		t.Errorf("(-saved at every step +now and then):\n%s", diff)
	}
	if saves != boundaries/10 || saves == 0 {
		t.Errorf("%d checkpoints at %d boundaries, a second each; want every tenth", saves, boundaries)
	}
}

// A checkpoint that no such search can have made is refused in one line.
func TestResumeRefuses(t *testing.T) {
	shape, samples, o := small(t)
	shape.Masks = [][]bool{make([]bool, len(shape.Network.Layers[0].Weights))}
	for i := range shape.Masks[0] {
		shape.Masks[0][i] = i > 0
	}
	o.Patience = 3
	validation := digitLike(t, 40, 4, 100, 30)
	o.MaxTrials = train(t, shape, samples, validation, o).PerSweep[0].Candidates + 1
	for _, c := range []struct {
		name   string
		change func(*Checkpoint, *Options)
		want   string
	}{
		{"no network", func(c *Checkpoint, _ *Options) { c.Network = nil }, "network is missing"},
		{"another width", func(c *Checkpoint, _ *Options) { c.Network = chain(40, []int{12, 9}, 4) }, "layer 1 is dense of 9 neurons"},
		{"more inputs", func(c *Checkpoint, _ *Options) { c.Network = chain(41, []int{12, 8}, 4) }, "41 inputs"},
		{"more classes", func(c *Checkpoint, _ *Options) { c.Network = chain(40, []int{12, 8}, 5) }, "5 classes"},
		{"another alphabet", func(c *Checkpoint, _ *Options) { c.Network.Alphabet = []int8{-1, 0, 1, 2} }, "alphabet [-1 0 1 2]"},
		{"other neurons", func(c *Checkpoint, _ *Options) {
			c.Network.Layers[0].Neuron = ternary.Neuron{Model: ternary.IF, Reset: ternary.ToZero}
		}, "layer 0"},
		{"a fixed weight", func(c *Checkpoint, _ *Options) { c.Network.Layers[0].Weights[0] = 1 }, "the mask holds it at 0"},
		{"a wild weight", func(c *Checkpoint, _ *Options) { c.Network.Layers[0].Weights[1] = 9 }, "9"},
		{"a wild threshold", func(c *Checkpoint, _ *Options) { c.Network.Layers[1].Theta[3] = -1 << 31 }, "layer 1: threshold or bias 3 is -2147483648; a search moves it within ±13"},
		{"a wild bias", func(c *Checkpoint, _ *Options) { c.Network.Readout.Bias[2] = 1 << 20 }, "readout: threshold or bias 2 is 1048576"},
		{"step behind the end", func(c *Checkpoint, _ *Options) { c.Step = 24 }, "step 24 of a sweep; this search has 0..23"},
		{"step before the first", func(c *Checkpoint, _ *Options) { c.Step = -1 }, "step -1"},
		{"more accepted than tried", func(c *Checkpoint, _ *Options) { c.Accepted = c.Candidates + 1 }, "damaged"},
		{"sweeps ahead", func(c *Checkpoint, _ *Options) { c.PerSweep[0].Candidates = c.Candidates + 1 }, "damaged"},
		{"falling sweeps", func(c *Checkpoint, _ *Options) { c.PerSweep = append(c.PerSweep, SweepStats{}) }, "sweep 2 has fewer trials"},
		{"no best", func(c *Checkpoint, _ *Options) { c.Best = nil }, "a best network: false"},
		{"a best of another shape", func(c *Checkpoint, _ *Options) { c.Best.Network = chain(40, []int{3}, 4) }, "best network"},
		{"a best to come", func(c *Checkpoint, _ *Options) { c.Best.Accepted = c.Accepted + 1 }, "damaged"},
		{"patience switched off", func(_ *Checkpoint, o *Options) { o.Patience = 0 }, "a best network: true"},
		{"too few sweeps", func(_ *Checkpoint, o *Options) { o.MaxSweeps = 1 }, "sweeps is 1, and the checkpoint has made 1; want more, or 0"},
		{"too few trials", func(c *Checkpoint, o *Options) { o.MaxTrials = c.Candidates }, "and the checkpoint has made"},
	} {
		from, again := train(t, shape, samples, validation, o).StoppedAt, o
		again.MaxTrials = 0
		if len(from.PerSweep) != 1 {
			t.Fatalf("the search was cut after %d sweeps; want 1", len(from.PerSweep))
		}
		c.change(from, &again)
		_, err := Resume(context.Background(), shape, samples, validation, again, from, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line that says %q", c.name, err, c.want)
		}
	}
	if _, err := Resume(context.Background(), shape, samples, validation, o, nil, nil); err == nil || err.Error() != "no checkpoint to resume from" {
		t.Errorf("nil: %v", err)
	}
}
