package trainer

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// makePlanes builds all distance planes of a neuron.
func (n *neuronState) makePlanes(span, samples int) {
	if n.planes == nil {
		words := bits.Words(samples)
		flat := make([]uint64, (2*span+1)*words)
		for p := range 2*span + 1 {
			n.planes = append(n.planes, flat[p*words:(p+1)*words:(p+1)*words])
		}
	}
	ones := bits.Ones(samples)
	for w := range ones {
		n.rebuildWord(w, ones[w], span)
	}
	n.stale = false
}

// rebuildWord places the samples of one word that are in mask into the planes
// anew, after their excess changed.
func (n *neuronState) rebuildWord(w int, mask uint64, span int) {
	// exact[span+d] holds the samples with excess d, for -span <= d < span; the
	// last place takes all farther ones.
	var exact [2*maxSpan + 1]uint64
	block := (*[64]int32)(n.excess[w*64:])
	for m := mask; m != 0; m &= m - 1 {
		j := mathbits.TrailingZeros64(m) & 63
		distance := min(uint32(block[j]+int32(span)), uint32(2*span))
		exact[distance] |= 1 << j
	}
	var up, down uint64
	for d := 1; d <= span; d++ {
		up |= exact[span-d]
		down |= exact[span+d-1]
		n.planes[span+d][w] = n.planes[span+d][w]&^mask | up
		n.planes[span-d][w] = n.planes[span-d][w]&^mask | down
	}
}

// plane is the samples whose output flips if delta is added to the sum.
func (n *neuronState) plane(span, delta int) []uint64 { return n.planes[span+delta] }

// shift adds delta to the sum on the samples of a column.
func (n *neuronState) shift(column []uint64, delta int32, span int) {
	bits.Add(column, n.excess, delta)
	for w, mask := range column {
		if mask != 0 {
			n.rebuildWord(w, mask, span)
		}
	}
}
