package report

import (
	"math"
	"testing"
)

// tail is the probability of first..last successes in n draws, summed term by
// term.
func tail(n, first, last int, p float64) float64 {
	sum := 0.0
	for k := first; k <= last; k++ {
		lg := func(m int) float64 { v, _ := math.Lgamma(float64(m + 1)); return v }
		sum += math.Exp(lg(n) - lg(k) - lg(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	}
	return sum
}

// The bounds are defined by binomial tails: at the low one, as many successes
// or more have probability 2.5 %; at the high one, as many or fewer.
func TestClopperPearsonMeetsItsDefinition(t *testing.T) {
	for _, c := range [][2]int{{1, 10}, {5, 10}, {9, 10}, {314, 360}, {355, 360}, {8700, 10000}} {
		correct, total := c[0], c[1]
		a, err := NewAccuracy(correct, total)
		if err != nil {
			t.Fatal(err)
		}
		low, high := tail(total, correct, total, a.CI95[0]), tail(total, 0, correct, a.CI95[1])
		if math.Abs(low-0.025) > 1e-6 || math.Abs(high-0.025) > 1e-6 { // 1e-6: lgamma of 10,000
			t.Errorf("%d of %d: tails %g and %g at %v, want 0.025", correct, total, low, high, a.CI95)
		}
	}
}

func TestAccuracyAtTheEnds(t *testing.T) {
	end := math.Pow(0.025, 0.1) // 10 of 10: p^10 = 0.025
	for _, c := range []struct {
		correct   int
		low, high float64
	}{{0, 0, 1 - end}, {10, end, 1}} {
		a, err := NewAccuracy(c.correct, 10)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.CI95[0]-c.low) > 1e-9 || math.Abs(a.CI95[1]-c.high) > 1e-9 {
			t.Errorf("%d of 10: %v, want [%g, %g]", c.correct, a.CI95, c.low, c.high)
		}
	}
	for _, c := range [][2]int{{0, 0}, {-1, 3}, {4, 3}} {
		if a, err := NewAccuracy(c[0], c[1]); err == nil {
			t.Errorf("%d of %d: %v, want an error", c[0], c[1], a)
		}
	}
}

// Split 10 to 2: 2·(1 + 12 + 66)/2^12 = 158/4096.
func TestPairIsMcNemarsExactTest(t *testing.T) {
	decisions := func(runs ...int) []bool { // lengths of true, false, true, ...
		var list []bool
		for i, n := range runs {
			for range n {
				list = append(list, i%2 == 0)
			}
		}
		return list
	}
	for _, c := range []struct {
		first, second []bool
		want          Paired
	}{
		{decisions(15, 5), decisions(5, 10, 2, 3), Paired{Samples: 20, OnlyFirst: 10, OnlyOther: 2, Gap: 0.4, P: 158. / 4096}},
		{decisions(1, 1), decisions(0, 1, 1), Paired{Samples: 2, OnlyFirst: 1, OnlyOther: 1, P: 1}},
		{decisions(3, 1), decisions(3, 1), Paired{Samples: 4, P: 1}},
	} {
		got, err := Pair(c.first, c.second)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.P-c.want.P) > 1e-12 {
			t.Errorf("p = %g, want %g", got.P, c.want.P)
		}
		if got.P = c.want.P; got != c.want {
			t.Errorf("got %+v, want %+v", got, c.want)
		}
	}
	if _, err := Pair([]bool{true}, nil); err == nil {
		t.Error("one decision was compared with none")
	}
}
