package trainer

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/ternary"
)

// small is a problem of moderate size that a few sweeps do not finish.
func small(t testing.TB) (Shape, *Samples, Options) {
	o := DefaultOptions()
	o.MaxSweeps, o.NonzeroPenalty = 6, LossOne/50
	return Shape{Network: chain(40, []int{12, 8}, 4)}, digitLike(t, 40, 4, 300, 20), o
}

func train(t testing.TB, shape Shape, samples, validation *Samples, o Options) *Result {
	t.Helper()
	return must(Train(context.Background(), shape, samples, validation, o, nil))(t)
}

// A majority of three bits is one threshold neuron, and two classes suffice.
func TestLearnsMajorityWithoutHiddenLayer(t *testing.T) {
	b := NewBuilder(3, 2, 8)
	for x := range 8 {
		row := encode.NewBits(3)
		ones := 0
		for i := range 3 {
			row.Put(i, x>>i&1 == 1)
			ones += x >> i & 1
		}
		b.Add(row, int32(ones/2))
	}
	o := DefaultOptions()
	o.TemperatureMilli = 500
	r := train(t, Shape{Network: chain(3, nil, 2)}, must(b.Samples())(t), nil, o)
	if r.TrainErrors != 0 || !r.LocalOptimum {
		t.Errorf("%d errors on the majority of three, local optimum %v; want 0, true", r.TrainErrors, r.LocalOptimum)
	}
}

// Exclusive or needs a hidden layer; without one, two of four patterns at
// best share a side with a wrong one.
func TestLearnsExclusiveOrWithHiddenLayer(t *testing.T) {
	b := NewBuilder(2, 2, 4)
	for x := range 4 {
		row := encode.NewBits(2)
		row.Put(0, x&1 == 1)
		row.Put(1, x>>1 == 1)
		b.Add(row, int32(x&1^x>>1))
	}
	samples := must(b.Samples())(t)
	o := DefaultOptions()
	o.TemperatureMilli, o.Init = 500, InitUniform
	if r := train(t, Shape{Network: chain(2, []int{8}, 2)}, samples, nil, o); r.TrainErrors != 0 {
		t.Errorf("%d of 4 patterns wrong with a hidden layer", r.TrainErrors)
	}
	if r := train(t, Shape{Network: chain(2, nil, 2)}, samples, nil, o); r.TrainErrors == 0 {
		t.Error("a linear network computes exclusive or: it cannot")
	}
}

func TestResultDescribesItsNetwork(t *testing.T) {
	shape, samples, o := small(t)
	validation := digitLike(t, 40, 4, 100, 30)
	r := train(t, shape, samples, validation, o)
	loss := must(newObjective(o, scoreSpread(r.Network)))(t)
	if want := plainObjective(r.Network, samples, loss, Options{}); r.Loss != want {
		t.Errorf("loss %d; plain evaluator says %d", r.Loss, want)
	}
	if want := countNonzero(r.Network); r.Nonzero != want {
		t.Errorf("%d nonzero weights; counted %d", r.Nonzero, want)
	}
	for _, c := range []struct {
		name string
		got  int
		on   *Samples
	}{{"train", r.TrainErrors, samples}, {"validation", r.ValidationErrors, validation}} {
		if want := wrongDecisions(r.Network, c.on); c.got != want {
			t.Errorf("%d %s errors; plain evaluator says %d", c.got, c.name, want)
		}
	}
	last := int64(1 << 62)
	for i, s := range r.PerSweep {
		if s.Loss+s.Penalty > last {
			t.Errorf("sweep %d: objective rose from %d to %d", i, last, s.Loss+s.Penalty)
		}
		last = s.Loss + s.Penalty
	}
	if len(r.PerSweep) != r.Sweeps || r.Sweeps == 0 {
		t.Errorf("%d sweeps, %d entries", r.Sweeps, len(r.PerSweep))
	}
	if countNonzero(shape.Network) != 0 {
		t.Error("the shape's network was changed")
	}
}

func wrongDecisions(net *ternary.Network, samples *Samples) (wrong int) {
	for i := range samples.Len() {
		if net.Eval(samples.Bits(i)).Class != samples.Label(i) {
			wrong++
		}
	}
	return wrong
}

// Threads share work only where integers are summed or places are disjoint.
func TestThreadsDoNotChangeTheNetwork(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	samples := digitLike(t, 60, 10, 9000, 20) // large enough for every loop to be shared
	for _, order := range []Order{OrderGreedy, OrderPermutation} {
		o := DefaultOptions()
		o.Order, o.MaxSweeps, o.MaxTrials = order, 2, 4000
		var results []*Result
		for _, threads := range []int{1, 2, 5} {
			runtime.GOMAXPROCS(threads)
			results = append(results, train(t, Shape{Network: chain(60, []int{20}, 10)}, samples, nil, o))
		}
		for _, r := range results[1:] {
			if diff := cmp.Diff(results[0], r); diff != "" {
				t.Fatalf("%s order (-1 thread +more):\n%s", order, diff)
			}
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	shape, samples, o := small(t)
	a := train(t, shape, samples, nil, o)
	o.Seed++
	if b := train(t, shape, samples, nil, o); cmp.Equal(a.Network, b.Network) {
		t.Error("two seeds gave the same network")
	}
}

// ticking is a clock that moves a second at every look.
func ticking() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// A run cut by its budget is repeated to the bit by the trials it names.
func TestBudgetIsReproducedByTrials(t *testing.T) {
	shape, samples, o := small(t)
	validation := digitLike(t, 40, 4, 100, 30)
	for _, order := range []Order{OrderGreedy, OrderPermutation} {
		for _, patience := range []int{0, 1} {
			for _, seconds := range []int{1, 2, 7, 23, 30, 60, 400} {
				t.Run(fmt.Sprintf("order=%s/patience=%d/looks=%d", order, patience, seconds), func(t *testing.T) {
					o := o
					o.Order, o.Patience = order, patience
					o.Budget, o.Clock = time.Duration(seconds)*time.Second, ticking()
					cut := train(t, shape, samples, validation, o)
					o.Budget, o.Clock, o.MaxTrials = 0, nil, cut.MaxTrialsToReproduce
					again := train(t, shape, samples, validation, o)
					if cut.StoppedBy == StoppedBudget {
						again.StoppedBy = StoppedBudget
					}
					if diff := cmp.Diff(cut, again); diff != "" {
						t.Errorf("(-budget +trials):\n%s", diff)
					}
				})
			}
		}
	}
}

// The first step boundary with enough trials ends the run: no earlier, no
// later.
func TestMaxTrialsStopsAtTheFirstBoundary(t *testing.T) {
	shape, samples, o := small(t)
	var boundaries []uint64
	s := must(newSearch(shape, samples, o))(t)
	s.sweep(func(int, int) bool { boundaries = append(boundaries, s.trials); return false })
	for i, at := range boundaries[1:6] {
		o.MaxTrials = at
		if r := train(t, shape, samples, nil, o); r.Candidates != at || r.StoppedBy != StoppedTrials {
			t.Errorf("limit %d: %d trials, stopped by %s", at, r.Candidates, r.StoppedBy)
		}
		o.MaxTrials = boundaries[i] + 1 // one more than the boundary before
		if r := train(t, shape, samples, nil, o); r.Candidates != at {
			t.Errorf("limit %d: %d trials; want %d", o.MaxTrials, r.Candidates, at)
		}
	}
}

// A cancelled context leaves the network of a step boundary, which its trials
// reproduce.
func TestInterruptionLeavesAValidNetwork(t *testing.T) {
	shape, samples, o := small(t)
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	r, err := Train(ctx, shape, samples, nil, o, func(Progress) {
		if calls++; calls == 9 {
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.StoppedBy != StoppedInterrupted || r.Sweeps != 0 || r.LocalOptimum {
		t.Errorf("stopped by %s after %d sweeps, local optimum %v", r.StoppedBy, r.Sweeps, r.LocalOptimum)
	}
	if err := r.Network.Validate(); err != nil {
		t.Error(err)
	}
	o.MaxTrials = r.MaxTrialsToReproduce
	if again := train(t, shape, samples, nil, o); !cmp.Equal(r.Network, again.Network) {
		t.Error("its trials do not reproduce the network")
	}
}

// With patience the network given is that of the best sweep on validation,
// and as many worse sweeps follow as patience allows.
func TestPatienceGivesTheBestOnValidation(t *testing.T) {
	shape, samples, o := small(t)
	validation := digitLike(t, 40, 4, 100, 35)
	o.MaxSweeps, o.Patience = 0, 2
	r := train(t, shape, samples, validation, o)
	best := 0
	for i, s := range r.PerSweep {
		b := r.PerSweep[best]
		if s.ValidationErrors < b.ValidationErrors || s.ValidationErrors == b.ValidationErrors && s.ValidationLoss < b.ValidationLoss {
			best = i
		}
	}
	if r.StoppedBy != StoppedPatience || len(r.PerSweep)-1-best != o.Patience {
		t.Fatalf("stopped by %s, %d sweeps after the best; want patience, %d", r.StoppedBy, len(r.PerSweep)-1-best, o.Patience)
	}
	if got := wrongDecisions(r.Network, validation); got != r.PerSweep[best].ValidationErrors || got != r.ValidationErrors {
		t.Errorf("network has %d validation errors, result says %d, its sweep %d", got, r.ValidationErrors, r.PerSweep[best].ValidationErrors)
	}
	if r.Loss != r.PerSweep[best].Loss {
		t.Errorf("loss %d; the best sweep's is %d", r.Loss, r.PerSweep[best].Loss)
	}
}

// Starting from a network keeps it as it is and never makes it worse.
func TestInitKeepPolishes(t *testing.T) {
	shape, samples, o := small(t)
	o.MaxSweeps = 1
	first := train(t, shape, samples, nil, o)
	o.Init = InitKeep
	s := must(newSearch(Shape{Network: first.Network}, samples, o))(t)
	if !cmp.Equal(first.Network, s.net) {
		t.Error("the start differs from the network given")
	}
	second := train(t, Shape{Network: first.Network}, samples, nil, o)
	if a, b := first.Loss+o.NonzeroPenalty*first.Nonzero, second.Loss+o.NonzeroPenalty*second.Nonzero; b >= a {
		t.Errorf("objective %d after polishing, %d before", b, a)
	}
}

// A penalty beyond any gain leaves no weight at all.
func TestPenaltyEmptiesTheNetwork(t *testing.T) {
	shape, samples, o := small(t)
	o.NonzeroPenalty, o.MaxSweeps = 1<<36, 0
	if r := train(t, shape, samples, nil, o); r.Nonzero != 0 {
		t.Errorf("%d nonzero weights left", r.Nonzero)
	}
}

// A least gain no trial reaches stops at once, with the weaker claim.
func TestLeastGainWeakensTheClaim(t *testing.T) {
	shape, samples, o := small(t)
	o.LeastGain = 1 << 39
	r := train(t, shape, samples, nil, o)
	if r.Accepted != 0 || r.StoppedBy != StoppedNoChange || r.Claim == claim(DefaultOptions()) {
		t.Errorf("accepted %d, stopped by %s, claim %q", r.Accepted, r.StoppedBy, r.Claim)
	}
}

func TestTrialOrderPrefersGainThenZeroThenLower(t *testing.T) {
	ranked := []trial{
		{coordinate: 9, value: 1, gain: -5},
		{coordinate: 8, value: 0, gain: -3},
		{coordinate: 9, value: 0, gain: -3},
		{coordinate: 2, value: -1, gain: -3},
		{coordinate: 1, value: 1, gain: -3},
		{coordinate: 0, value: 0, gain: 0},
	}
	for i := range ranked {
		for j := range ranked {
			if got := ranked[i].before(ranked[j]); got != (i < j) {
				t.Errorf("%+v before %+v: %v", ranked[i], ranked[j], got)
			}
		}
	}
}

// Progress never goes back, says where in the sweep the search is, and ends
// with the state of the result.
func TestProgressOnlyAdvances(t *testing.T) {
	shape, samples, o := small(t)
	validation := digitLike(t, 40, 4, 100, 30)
	var seen []Progress
	r := must(Train(context.Background(), shape, samples, validation, o, func(p Progress) { seen = append(seen, p) }))(t)
	for i, p := range seen {
		if p.Step < 0 || p.Step >= p.Steps {
			t.Errorf("step %d of %d", p.Step, p.Steps)
		}
		if i > 0 && (p.Sweep < seen[i-1].Sweep || p.Candidates < seen[i-1].Candidates) {
			t.Errorf("%+v after %+v", p, seen[i-1])
		}
	}
	if first := seen[0]; first.TrainErrors != -1 || first.ValidationErrors != -1 || first.Candidates != 0 {
		t.Errorf("first report %+v; nothing is known yet", first)
	}
	last := seen[len(seen)-1]
	if last.Sweep != r.Sweeps || last.Loss != r.Loss || last.TrainErrors != r.TrainErrors || last.ValidationErrors != r.ValidationErrors {
		t.Errorf("last report %+v; result has %d sweeps, loss %d, errors %d and %d", last, r.Sweeps, r.Loss, r.TrainErrors, r.ValidationErrors)
	}
}
