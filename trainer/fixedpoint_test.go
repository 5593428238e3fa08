package trainer

import (
	"math"
	"slices"
	"testing"

	"tritloom/internal/seed"
)

func TestExpTableAgainstFloat(t *testing.T) {
	for _, milli := range []int{1, 7, 100, 999, 1000, 4000, 12_345, 1_000_000} {
		for d, got := range expTable(milli, 3000) {
			exact := math.Exp(-float64(d)*1000/float64(milli)) * (1 << expBits)
			// Half a unit of rounding, and 1e-6 for the float's own error of 2^30·1e-16.
			if diff := math.Abs(float64(got) - exact); diff > 0.5+1e-6 {
				t.Fatalf("temperature %d, distance %d: %d, exact %.3f", milli, d, got, exact)
			}
		}
	}
}

func TestLogarithmAgainstFloat(t *testing.T) {
	l := newLogarithm()
	random := seed.Stream(1, seed.TestInput)
	worst := 0.0
	for i := range 200_000 {
		x := uint64(1)<<expBits + uint64(i)
		if i > 1000 {
			x = uint64(1)<<expBits<<random.IntN(12) + random.Uint64N(1<<expBits)
		}
		exact := math.Log(float64(x) / (1 << expBits))
		worst = max(worst, math.Abs(float64(l.of(x))/(1<<logBits)-exact))
	}
	// h²/8 for h = 2^-10 is 1.19e-7; the rounding of entries adds 2^-32 or so.
	if worst > 1.3e-7 {
		t.Errorf("logarithm is off by %.3g", worst)
	}
	if worst < 1e-8 {
		t.Errorf("logarithm is off by %.3g at most: the samples miss the middle of the intervals", worst)
	}
}

func TestLogarithmAtPowersOfTwo(t *testing.T) {
	l := newLogarithm()
	for k := range 30 {
		exact := float64(k) * math.Ln2 * (1 << logBits)
		// k entries of half a unit each.
		if got := float64(l.of(1 << (expBits + k))); math.Abs(got-exact) > 0.5*float64(k)+0.01 {
			t.Errorf("ln 2^%d is %.0f; want %.1f", k, got, exact)
		}
	}
}

func TestCrossEntropyAgainstFloat(t *testing.T) {
	random := seed.Stream(2, seed.TestInput)
	for range 200 {
		classes, milli := 2+random.IntN(20), 1+random.IntN(20_000)
		loss := newCrossEntropy(milli, 400)
		for range 200 {
			scores := make([]int32, classes)
			for c := range scores {
				scores[c] = int32(random.IntN(401)) - 200
			}
			label := random.IntN(classes)
			exact := floatCrossEntropy(scores, label, float64(milli)/1000) * LossOne
			if got := float64(loss.loss(scores, label)); math.Abs(got-exact) > 1 {
				t.Fatalf("scores %v, label %d, temperature %d: loss %.0f, exact %.3f", scores, label, milli, got, exact)
			}
		}
	}
}

func floatCrossEntropy(scores []int32, label int, temperature float64) float64 {
	high := float64(slices.Max(scores))
	sum := 0.0
	for _, s := range scores {
		sum += math.Exp((float64(s) - high) / temperature)
	}
	return math.Log(sum) + (high-float64(scores[label]))/temperature
}

func TestHingeByHand(t *testing.T) {
	h := hinge{margin: 3}
	for _, c := range []struct {
		scores []int32
		label  int
		want   int32 // in score units
	}{
		{[]int32{5, 1, 2}, 0, 0},   // leads by 3: just enough
		{[]int32{4, 1, 2}, 0, 1},   // leads by 2: one short
		{[]int32{4, 9, 2}, 0, 8},   // 5 behind
		{[]int32{4, 4, 4}, 2, 3},   // level
		{[]int32{-7, -9, 0}, 2, 0}, // leads by 7
	} {
		if got := h.loss(c.scores, c.label); got != c.want*LossOne {
			t.Errorf("scores %v, label %d: %d; want %d", c.scores, c.label, got, c.want*LossOne)
		}
	}
}
