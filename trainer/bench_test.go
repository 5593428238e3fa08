package trainer

import (
	"fmt"
	"testing"
)

// One trial of a hidden weight, all costs of its neuron shared out: every
// trial of the neuron is weighed after turning to it.
func BenchmarkTrial(b *testing.B) {
	for _, c := range []struct{ samples, inputs, hidden int }{{1437, 256, 64}, {6000, 784, 100}, {60000, 784, 100}} {
		b.Run(fmt.Sprintf("samples=%d/net=%d-%d-10/method=incremental", c.samples, c.inputs, c.hidden), func(b *testing.B) {
			s := benchSearch(b, c.samples, c.inputs, c.hidden)
			next := 0
			for b.Loop() {
				seat := &s.seats[next%c.hidden]
				s.promising(s.focus(seat), seat)
				next++
			}
			perTrial(b, s.trials)
		})
	}
	b.Run("samples=1437/net=256-64-10/method=forward", func(b *testing.B) {
		s := benchSearch(b, 1437, 256, 64)
		trials := uint64(0)
		for b.Loop() { // the naive way: run the changed network on every sample
			plainObjective(s.net, s.state.samples, s.state.loss, s.options)
			trials++
		}
		perTrial(b, trials)
	})
}

// A first sweep from the first weights, with everything that it keeps.
func BenchmarkFirstSweep(b *testing.B) {
	for _, order := range []Order{OrderGreedy, OrderPermutation} {
		b.Run(fmt.Sprintf("samples=1437/net=256-64-10/order=%s", order), func(b *testing.B) {
			trials := uint64(0)
			for b.Loop() {
				s := benchSearch(b, 1437, 256, 64)
				s.options.Order = order
				s.sweep(func(int, int) bool { return false })
				trials += s.trials
			}
			perTrial(b, trials)
		})
	}
}

func perTrial(b *testing.B, trials uint64) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(trials), "ns/trial")
	b.ReportMetric(float64(trials)/b.Elapsed().Seconds(), "trials/s")
	b.ReportMetric(0, "ns/op") // an iteration is a whole neuron or sweep
}

// benchSearch starts a search on samples whose classes can be told apart.
func benchSearch(b *testing.B, samples, inputs, hidden int) *search {
	b.Helper()
	return must(newSearch(Shape{Network: chain(inputs, []int{hidden}, 10)}, digitLike(b, inputs, 10, samples, 20), DefaultOptions()))(b)
}
