package trainer

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// class is a class of the readout in focus: change[span+δ] is by how much the
// loss of a sample changes if δ is added to its score.
type class struct {
	s       *state
	c       int
	change  [][]int32
	known   [][]uint64
	scratch [][]int32 // per worker, one row of scores
}

func newClass(s *state) *class {
	n := s.samples.Len()
	u := &class{s: s}
	for range 2*s.span + 1 {
		u.change = append(u.change, make([]int32, bits.Padded(n)))
		u.known = append(u.known, make([]uint64, bits.Words(n)))
	}
	for range s.probes {
		u.scratch = append(u.scratch, make([]int32, s.classes))
	}
	return u
}

// focus turns to a class.
func (u *class) focus(c int) {
	u.c = c
	for _, known := range u.known {
		clear(known)
	}
}

func (u *class) gain(column []uint64, delta int) int64 {
	known := u.known[u.s.span+delta]
	for w, mask := range column {
		if missing := mask &^ known[w]; missing != 0 {
			u.learn(u.scratch[0], delta, w, missing)
		}
	}
	return bits.Sum(column, u.change[u.s.span+delta])
}

// prepare finds every change by every delta that weights and biases can make.
func (u *class) prepare() {
	ones := u.s.ones
	parallel(u.s.threads, len(ones), 1+minParallel/(64*u.s.classes), func(worker, low, high int) {
		for w := low; w < high; w++ {
			for delta := -u.s.span; delta <= u.s.span; delta++ {
				if missing := ones[w] &^ u.known[u.s.span+delta][w]; missing != 0 && delta != 0 {
					u.learn(u.scratch[worker], delta, w, missing)
				}
			}
		}
	})
}

func (u *class) learn(scores []int32, delta, w int, missing uint64) {
	s := u.s
	u.known[s.span+delta][w] |= missing
	for ; missing != 0; missing &= missing - 1 {
		sample := w<<6 | mathbits.TrailingZeros64(missing)
		copy(scores, s.scoresOf(sample))
		scores[u.c] += int32(delta)
		u.change[s.span+delta][sample] = s.loss.loss(scores, s.samples.Label(sample)) - s.sampleLoss[sample]
	}
}

func (u *class) apply(column []uint64, delta int) {
	s := u.s
	parallel(s.threads, len(column), 1+minParallel/(64*s.classes), func(_, low, high int) {
		for w := low; w < high; w++ {
			for mask := column[w]; mask != 0; mask &= mask - 1 {
				sample := w<<6 | mathbits.TrailingZeros64(mask)
				scores := s.scoresOf(sample)
				scores[u.c] += int32(delta)
				s.sampleLoss[sample] = s.loss.loss(scores, s.samples.Label(sample))
			}
		}
	})
	s.total = bits.Sum(s.ones, s.sampleLoss)
	for _, known := range u.known {
		for w, mask := range column {
			known[w] &^= mask
		}
	}
}
