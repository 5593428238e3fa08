package trainer

import (
	"testing"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
)

// Every trial of random networks: the gain found without running the network
// must be the difference of two full runs of the changed and unchanged one.
func TestEveryTrialGainsWhatFullEvaluationSays(t *testing.T) {
	trials := 0
	for start := range uint64(60) {
		trials += checkTrials(t, start)
	}
	if trials < 3000 {
		t.Errorf("only %d trials were compared; the random problems have become too small", trials)
	}
}

func checkTrials(t *testing.T, problem uint64) (trials int) {
	t.Helper()
	p := randomProblem(t, problem)
	s := must(newSearch(p.shape, p.samples, p.options))(t)
	now := plainObjective(s.net, p.samples, s.state.loss, p.options)
	for i := range s.seats {
		seat := &s.seats[i]
		u := s.focus(seat)
		for c := range seat.coordinates() {
			s.proposals(seat, c, func(tr trial) {
				gain := s.weigh(u, seat, tr)
				undo := set(seat, tr)
				after := plainObjective(s.net, p.samples, s.state.loss, p.options)
				undo()
				if gain != after-now {
					t.Fatalf("problem %d, layer %d, unit %d, coordinate %d to %d: gain %d, full evaluation says %d",
						problem, seat.layer, seat.index, tr.coordinate, tr.value, gain, after-now)
				}
				trials++
			})
		}
	}
	return trials
}

// set writes a trial's value into the network alone and gives the way back.
func set(p *seat, tr trial) (undo func()) {
	if tr.coordinate == len(p.weights) {
		old := *p.constant
		*p.constant = tr.value
		return func() { *p.constant = old }
	}
	old := p.weights[tr.coordinate]
	p.weights[tr.coordinate] = int8(tr.value)
	return func() { p.weights[tr.coordinate] = old }
}

// A random walk keeps good and bad trials alike. After each, every spike,
// score and loss held by the state must be the plain evaluator's.
func TestStateFollowsAnyWalk(t *testing.T) {
	for start := range uint64(40) {
		p := randomProblem(t, start)
		s := must(newSearch(p.shape, p.samples, p.options))(t)
		random := seed.Stream(start, seed.TestInput)
		for range 30 {
			seat := &s.seats[random.IntN(len(s.seats))]
			u := s.focus(seat)
			if random.IntN(2) == 0 {
				u.prepare()
			}
			for range 3 { // several changes without turning away, as in greedy order
				s.proposals(seat, random.IntN(seat.coordinates()), func(tr trial) {
					// A second proposal of the coordinate would be stale.
					if s.isCurrent(seat, tr) && random.IntN(2) == 0 {
						s.keep(u, seat, tr)
					}
				})
				compareState(t, start, s)
			}
		}
	}
}

// isCurrent tells whether a trial's delta still leads to its value.
func (s *search) isCurrent(p *seat, tr trial) bool {
	if tr.coordinate == len(p.weights) {
		return int(tr.value-*p.constant)*p.sign == tr.delta
	}
	return int(tr.value)-int(p.weights[tr.coordinate]) == tr.delta
}

func compareState(t *testing.T, problem uint64, s *search) {
	t.Helper()
	var total int64
	for i := range s.state.samples.Len() {
		want := s.net.Eval(s.state.samples.Bits(i))
		for l := range s.state.layers {
			for k, column := range s.state.layers[l].fired {
				if bits.Get(column, i) != want.Spikes[0][l].Get(k) {
					t.Fatalf("problem %d, sample %d, layer %d, neuron %d fires %v; reference says %v", problem, i, l, k, bits.Get(column, i), want.Spikes[0][l].Get(k))
				}
			}
		}
		for c, score := range s.state.scoresOf(i) {
			if score != want.Scores[c] {
				t.Fatalf("problem %d, sample %d, class %d scores %d; reference says %d", problem, i, c, score, want.Scores[c])
			}
		}
		total += int64(s.state.loss.loss(want.Scores, s.state.samples.Label(i)))
	}
	if s.state.total != total {
		t.Fatalf("problem %d: loss %d; reference says %d", problem, s.state.total, total)
	}
	if want := s.options.NonzeroPenalty * countNonzero(s.net); s.penalty != want {
		t.Fatalf("problem %d: penalty %d; counted anew %d", problem, s.penalty, want)
	}
}

// After every sweep the state is exact; at no step does the objective rise;
// masked weights stay zero and values stay in the alphabet.
func TestSweepsAreExactAndMonotone(t *testing.T) {
	for start := range uint64(60) {
		checkSweeps(t, start)
	}
}

func checkSweeps(t *testing.T, problem uint64) {
	t.Helper()
	p := randomProblem(t, problem)
	s := must(newSearch(p.shape, p.samples, p.options))(t)
	last := s.objective()
	for range 5 {
		s.sweep(func(step, steps int) bool {
			if s.objective() > last {
				t.Fatalf("problem %d, step %d of %d: objective rose from %d to %d", problem, step, steps, last, s.objective())
			}
			last = s.objective()
			return false
		})
		compareState(t, problem, s)
		checkMasks(t, problem, p.shape, s)
		if err := s.net.Validate(); err != nil {
			t.Fatalf("problem %d: %v", problem, err)
		}
	}
}

// FuzzSearch holds the incremental search against the plain evaluator on
// random problems; the number in a failure makes the problem again.
func FuzzSearch(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, problem uint64) {
		checkTrials(t, problem)
		checkSweeps(t, problem)
	})
}

func checkMasks(t *testing.T, problem uint64, shape Shape, s *search) {
	t.Helper()
	for i := range s.net.Layers {
		for at, w := range s.net.Layers[i].Weights {
			if !free(shape.mask(i), at) && w != 0 {
				t.Fatalf("problem %d, layer %d: masked weight %d became %d", problem, i, at, w)
			}
		}
	}
	for at, w := range s.net.Readout.Weights {
		if !free(shape.ReadoutMask, at) && w != 0 {
			t.Fatalf("problem %d: masked readout weight %d became %d", problem, at, w)
		}
	}
}
