package trainer

import (
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// hidden is a hidden neuron in focus. Its key is change: by how much the loss
// of a sample changes if the neuron flips there. Every trial of a weight or
// threshold is a sum of these numbers over the samples it would flip.
type hidden struct {
	s        *state
	layer, k int
	neuron   *neuronState
	change   []int32
	known    []uint64 // the samples whose change has been found
}

// newHidden makes room for one hidden neuron in focus.
func newHidden(s *state) *hidden {
	n := s.samples.Len()
	return &hidden{s: s, change: make([]int32, bits.Padded(n)), known: make([]uint64, bits.Words(n))}
}

// focus turns to a neuron.
func (h *hidden) focus(layer, k int) {
	h.layer, h.k, h.neuron = layer, k, &h.s.layers[layer].neurons[k]
	if h.neuron.stale {
		h.neuron.makePlanes(h.s.span, h.s.samples.Len())
	}
	clear(h.known)
}

func (h *hidden) gain(column []uint64, delta int) int64 {
	plane := h.neuron.plane(h.s.span, delta)
	for w, mask := range column {
		if missing := mask & plane[w] &^ h.known[w]; missing != 0 {
			h.learn(h.s.probes[0], w, missing)
		}
	}
	return bits.AndSum(column, plane, h.change)
}

// prepare finds the change of every sample that some trial could flip.
func (h *hidden) prepare() {
	up, down := h.neuron.plane(h.s.span, h.s.span), h.neuron.plane(h.s.span, -h.s.span)
	parallel(h.s.threads, len(h.known), 1+minParallel/(64*h.s.classes), func(worker, low, high int) {
		for w := low; w < high; w++ {
			if missing := (up[w] | down[w]) &^ h.known[w]; missing != 0 {
				h.learn(h.s.probes[worker], w, missing)
			}
		}
	})
}

// learn finds the change of the missing samples of word w.
func (h *hidden) learn(p *probe, w int, missing uint64) {
	h.known[w] |= missing
	for ; missing != 0; missing &= missing - 1 {
		sample := w<<6 | mathbits.TrailingZeros64(missing)
		h.change[sample] = p.flip(h.layer, h.k, sample) - h.s.sampleLoss[sample]
	}
}

func (h *hidden) apply(column []uint64, delta int) {
	plane, p := h.neuron.plane(h.s.span, delta), h.s.probes[0]
	for w, mask := range column {
		for flips := mask & plane[w]; flips != 0; flips &= flips - 1 {
			sample := w<<6 | mathbits.TrailingZeros64(flips)
			before := h.s.sampleLoss[sample]
			loss := p.flip(h.layer, h.k, sample)
			p.commit(h.layer, sample, loss)
			h.change[sample] = before - loss // flipping back undoes it
			bits.Set(h.known, sample)
		}
	}
	h.neuron.shift(column, int32(delta), h.s.span)
}
