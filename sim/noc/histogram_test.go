package noc

import (
	"slices"
	"testing"

	"tritloom/internal/seed"
)

// TestHistogramIsASortedList counts values on both sides of the dense rows.
func TestHistogramIsASortedList(t *testing.T) {
	r := seed.Stream(10, seed.TestInput)
	var h, total Histogram
	var all []uint64
	for round := range 40 {
		h.Reset()
		var values []uint64
		sum := uint64(0)
		for range r.IntN(200) {
			v := r.Uint64N(1 + r.Uint64N(2*dense))
			h.Add(v)
			values = append(values, v)
			sum += v
		}
		slices.Sort(values)
		if h.Count() != uint64(len(values)) || h.Sum() != sum || len(values) > 0 && h.Max() != values[len(values)-1] {
			t.Errorf("round %d: %d values, sum %d, max %d; want %d, %d of %v", round, h.Count(), h.Sum(), h.Max(), len(values), sum, values)
		}
		compareValues(t, &h, values)
		total.Merge(&h)
		all = append(all, values...)
	}
	slices.Sort(all)
	compareValues(t, &total, all)
}

func compareValues(t *testing.T, h *Histogram, sorted []uint64) {
	t.Helper()
	var got []uint64
	for value, times := range h.All() {
		got = append(got, slices.Repeat([]uint64{value}, int(times))...)
	}
	if !slices.Equal(got, sorted) {
		t.Errorf("the histogram holds %v, want %v", got, sorted)
	}
	for _, percent := range []int{0, 1, 50, 99, 100} {
		want := uint64(0)
		if n := len(sorted); n > 0 {
			want = sorted[max(0, (n*percent+99)/100-1)]
		}
		if got := h.Percentile(percent); got != want {
			t.Errorf("%d %% of %v lie below %d, want %d", percent, sorted, got, want)
		}
	}
}

func TestHistogramsAreEqualByTheirCounts(t *testing.T) {
	of := func(values ...uint64) (h Histogram) {
		h.Add(dense + 5) // leaves memory behind
		h.Reset()
		for _, v := range values {
			h.Add(v)
		}
		return h
	}
	for _, c := range []struct {
		a, b Histogram
		want bool
	}{
		{of(), Histogram{}, true},
		{of(1, 2, dense), of(dense, 2, 1), true},
		{of(0, 3, 3), of(1, 2, 3), false}, // count, sum and maximum are equal
		{of(1), of(1, 1), false},
		{of(dense, dense+3), of(dense+1, dense+3), false},
	} {
		if got := c.a.Equal(c.b); got != c.want {
			t.Errorf("%v equal to %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
