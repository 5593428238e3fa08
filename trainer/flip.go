package trainer

import "tritloom/internal/bits"

// probe follows a flipped neuron on one sample down to the scores. What it
// found stays in the probe until the next flip, so that a change that is kept
// can be written to the state without finding it again.
type probe struct {
	s      *state
	scores []int32 // of the sample after the flip
	// moved lists, per layer, the neurons that a flip was sent to, seen marks
	// them, and delta is by how much their sums changed; flipped lists those
	// whose output changed.
	moved   [][]int
	seen    [][]bool
	delta   [][]int32
	flipped [][]int
}

func newProbe(s *state) *probe {
	p := &probe{s: s, scores: make([]int32, s.classes)}
	for i := range s.layers {
		p.moved = append(p.moved, nil)
		p.flipped = append(p.flipped, nil)
		p.seen = append(p.seen, make([]bool, len(s.layers[i].neurons)))
		p.delta = append(p.delta, make([]int32, len(s.layers[i].neurons)))
	}
	return p
}

// flip gives the loss of a sample if neuron k of a layer flipped on it. The
// state is read, not changed.
func (p *probe) flip(layer, k, sample int) int32 {
	s := p.s
	p.reset(layer)
	copy(p.scores, s.scoresOf(sample))
	p.send(layer, k, sample)
	for m := layer + 1; m < len(s.layers); m++ {
		for _, j := range p.moved[m] {
			excess := s.layers[m].neurons[j].excess[sample]
			if excess >= 0 != (excess+p.delta[m][j] >= 0) {
				p.send(m, j, sample)
			}
		}
	}
	return s.loss.loss(p.scores, s.samples.Label(sample))
}

func (p *probe) reset(layer int) {
	p.flipped[layer] = p.flipped[layer][:0]
	for m := layer + 1; m < len(p.moved); m++ {
		for _, j := range p.moved[m] {
			p.delta[m][j], p.seen[m][j] = 0, false
		}
		p.moved[m], p.flipped[m] = p.moved[m][:0], p.flipped[m][:0]
	}
}

// send passes the flip of one neuron on to everything that reads it.
func (p *probe) send(layer, k, sample int) {
	l := &p.s.layers[layer]
	p.flipped[layer] = append(p.flipped[layer], k)
	direction := int32(1)
	if bits.Get(l.fired[k], sample) {
		direction = -1
	}
	for _, f := range l.feeds {
		if f.layer == toReadout {
			p.addScores(f.at+k, direction)
		} else {
			p.addSums(f.layer, f.at+k, direction)
		}
	}
}

func (p *probe) addScores(input int, direction int32) {
	weights, width := p.s.net.Readout.Weights, len(p.s.readoutInputs)
	for c := range p.scores {
		p.scores[c] += direction * int32(weights[input])
		input += width
	}
}

func (p *probe) addSums(layer, input int, direction int32) {
	weights, width := p.s.net.Layers[layer].Weights, len(p.s.layers[layer].inputs)
	for j := range p.delta[layer] {
		w := int32(weights[j*width+input])
		if w == 0 {
			continue
		}
		if !p.seen[layer][j] {
			p.seen[layer][j] = true
			p.moved[layer] = append(p.moved[layer], j)
		}
		p.delta[layer][j] += direction * w
	}
}

// commit writes the last flip of this probe, made on the same sample, to the
// state.
func (p *probe) commit(layer, sample int, loss int32) {
	s := p.s
	for m := layer; m < len(s.layers); m++ {
		for _, j := range p.flipped[m] {
			bits.Flip(s.layers[m].fired[j], sample)
		}
		if m == layer {
			continue
		}
		for _, j := range p.moved[m] {
			neuron := &s.layers[m].neurons[j]
			neuron.excess[sample] += p.delta[m][j]
			neuron.stale = true
		}
	}
	copy(s.scoresOf(sample), p.scores)
	s.total += int64(loss - s.sampleLoss[sample])
	s.sampleLoss[sample] = loss
}
