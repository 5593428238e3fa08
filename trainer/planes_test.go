package trainer

import (
	"testing"

	"tritloom/internal/bits"
	"tritloom/internal/seed"
)

// A neuron's planes against their definition, after every of many shifts: a
// sample is in the plane of δ if adding δ carries it over the threshold.
func TestPlanesHoldWhatWouldFlip(t *testing.T) {
	random := seed.Stream(1, seed.TestInput)
	for _, span := range []int{2, 3, maxSpan} {
		for _, samples := range []int{1, 64, 65, 300} {
			n := neuronState{excess: make([]int32, bits.Padded(samples))}
			for s := range samples {
				n.excess[s] = int32(random.IntN(6*span)) - int32(3*span)
			}
			n.makePlanes(span, samples)
			for range 20 {
				checkPlanes(t, &n, span, samples)
				column := make([]uint64, bits.Words(samples))
				for s := range samples {
					if random.IntN(3) == 0 {
						bits.Set(column, s)
					}
				}
				n.shift(column, int32(random.IntN(2*span+1)-span), span)
			}
		}
	}
}

func checkPlanes(t *testing.T, n *neuronState, span, samples int) {
	t.Helper()
	for delta := -span; delta <= span; delta++ {
		for s := range samples {
			want := n.excess[s] >= 0 != (int(n.excess[s])+delta >= 0)
			if got := bits.Get(n.plane(span, delta), s); got != want {
				t.Fatalf("span %d, δ %d, sample %d of %d with excess %d: in the plane %v; want %v", span, delta, s, samples, n.excess[s], got, want)
			}
		}
	}
}
