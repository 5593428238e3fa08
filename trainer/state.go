package trainer

import (
	"runtime"

	"tritloom/internal/bits"
	"tritloom/ternary"
)

// state is a network together with everything its weights make of a set of
// samples, kept up to date through every change of a weight. n is the number
// of samples; columns hold one bit a sample, value slices one number a sample.
type state struct {
	net     *ternary.Network
	samples *Samples
	loss    objective
	span    int // planes are kept for sums moved by up to span

	ones   []uint64 // the column of a constant input: thresholds and biases
	layers []layerState
	// readoutInputs are the columns the readout listens to.
	readoutInputs [][]uint64
	classes       int
	scores        []int32 // sample-major, classes a sample
	sampleLoss    []int32
	total         int64    // sum of sampleLoss
	threads       int      // how many may share one piece of work
	probes        []*probe // one a thread
}

// layerState is one layer's part.
type layerState struct {
	inputs  [][]uint64 // columns of the concatenated sources
	fired   [][]uint64 // column of each neuron's output
	neurons []neuronState
	feeds   []feed
}

// neuronState is one neuron's part.
type neuronState struct {
	// excess is sum - threshold; the neuron fires where it is not negative.
	excess []int32
	// planes[span+δ] holds the samples whose output flips if δ is added to the
	// sum: excess in [-δ, -1] for δ > 0, in [0, -δ-1] for δ < 0.
	planes [][]uint64
	// stale tells that planes must be made again before use.
	stale bool
}

// feed says that a layer's outputs are read by another layer, or by the
// readout, starting at position at of that reader's inputs.
type feed struct {
	layer int // toReadout or a layer
	at    int
}

const toReadout = -1

// newState evaluates the network on the samples. If calibrate is set, each
// layer's thresholds are first moved to the mean sum of each neuron.
func newState(net *ternary.Network, samples *Samples, loss objective, calibrate bool) *state {
	s := &state{
		net: net, samples: samples, loss: loss,
		span:    trialReach(net),
		ones:    bits.Ones(samples.Len()),
		layers:  make([]layerState, len(net.Layers)),
		classes: net.Readout.Outputs,
		threads: runtime.GOMAXPROCS(0),
	}
	for i := range s.layers {
		s.layers[i].inputs = s.gather(net.Layers[i].From, i)
		s.evaluateLayer(i, calibrate)
	}
	s.readoutInputs = s.gather(net.Readout.From, toReadout)
	s.evaluateReadout()
	for range s.threads {
		s.probes = append(s.probes, newProbe(s))
	}
	return s
}

// gather lists the columns of the sources of a reader and notes the reader
// with the layers it reads.
func (s *state) gather(from []int, reader int) [][]uint64 {
	var columns [][]uint64
	for _, source := range from {
		if source == ternary.Input {
			columns = append(columns, s.samples.columns...)
			continue
		}
		l := &s.layers[source]
		l.feeds = append(l.feeds, feed{reader, len(columns)})
		columns = append(columns, l.fired...)
	}
	return columns
}

func (s *state) evaluateLayer(i int, calibrate bool) {
	l, net := &s.layers[i], &s.net.Layers[i]
	n := s.samples.Len()
	l.neurons = make([]neuronState, net.Outputs)
	l.fired = make([][]uint64, net.Outputs)
	parallel(s.threads, net.Outputs, 1+minParallel/(n*len(l.inputs)+1), func(_, low, high int) {
		for k := low; k < high; k++ {
			row := net.Row(k, len(l.inputs))
			sums := weightedSums(l.inputs, row, n)
			if calibrate {
				net.Theta[k] = meanThreshold(row, sums[:n])
			}
			bits.Add(s.ones, sums, -net.Theta[k])
			l.neurons[k].excess = sums
			l.neurons[k].makePlanes(s.span, n)
			l.fired[k] = make([]uint64, bits.Words(n))
			bits.Each(s.ones, func(sample int) {
				if sums[sample] >= 0 {
					bits.Set(l.fired[k], sample)
				}
			})
		}
	})
}

// weightedSums is Σ w·bit of one row of weights, a sum a sample.
func weightedSums(inputs [][]uint64, row []int8, n int) []int32 {
	sums := make([]int32, bits.Padded(n))
	for i, w := range row {
		if w != 0 {
			bits.Add(inputs[i], sums, int32(w))
		}
	}
	return sums
}

// meanThreshold is the mean sum, rounded up, within the thresholds that let a
// neuron be anything but constant.
func meanThreshold(row []int8, sums []int32) int32 {
	var total int64
	for _, v := range sums {
		total += int64(v)
	}
	n := int64(len(sums))
	mean := total / n
	if total%n > 0 {
		mean++
	}
	low, high := ternary.Reach(row)
	return min(max(int32(mean), low), high+1)
}

func (s *state) evaluateReadout() {
	n, r := s.samples.Len(), &s.net.Readout
	s.scores = make([]int32, n*s.classes)
	s.sampleLoss = make([]int32, bits.Padded(n))
	for c := range s.classes {
		sums := weightedSums(s.readoutInputs, r.Row(c, len(s.readoutInputs)), n)
		for i := range n {
			s.scores[i*s.classes+c] = sums[i] + r.Bias[c]
		}
	}
	for i := range n {
		s.sampleLoss[i] = s.loss.loss(s.scoresOf(i), s.samples.Label(i))
		s.total += int64(s.sampleLoss[i])
	}
}

// scoresOf is the row of scores of a sample.
func (s *state) scoresOf(sample int) []int32 {
	return s.scores[sample*s.classes : (sample+1)*s.classes]
}

// errors counts the samples decided wrongly.
func (s *state) errors() int {
	wrong := 0
	for i := range s.samples.Len() {
		if ternary.Argmax(s.scoresOf(i)) != s.samples.Label(i) {
			wrong++
		}
	}
	return wrong
}

// nonzero counts the weights that are not zero.
func nonzero(n *ternary.Network) int64 {
	var count int64
	add := func(weights []int8) {
		for _, w := range weights {
			if w != 0 {
				count++
			}
		}
	}
	for i := range n.Layers {
		add(n.Layers[i].Weights)
	}
	add(n.Readout.Weights)
	return count
}
