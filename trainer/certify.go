package trainer

import (
	"context"
	"fmt"
	"runtime"

	"tritloom/encode"
	"tritloom/ternary"
)

// Improvement is a single change that lowers the objective.
type Improvement struct {
	// Layer is the number of the layer, or the number of layers for the
	// readout.
	Layer int
	// Neuron is the neuron or class; Input the input of the weight, or the
	// number of inputs for the threshold or bias.
	Neuron, Input int
	From, To      int32
	// Gain is the change of the objective, negative, in loss units.
	Gain int64
}

func (i *Improvement) String() string {
	return fmt.Sprintf("layer %d, neuron %d, input %d: %d instead of %d changes the objective by %d", i.Layer, i.Neuron, i.Input, i.To, i.From, i.Gain)
}

// Certify tries every single change that the options allow to the shape's
// network, weights as they stand, and gives the first that lowers the
// objective by more than the least gain, or nil: then the network is 1-optimal.
//
// It is the witness against the search and shares with it only the loss of one
// sample. It keeps no planes and no differences: for a neuron it finds every
// sample's loss with the neuron forced off and forced on, by running the
// layers below it; a change then picks, sample by sample, one of the two. That
// takes time in proportion to samples × weights × values, so a cancelled
// context ends it with the context's error.
func Certify(ctx context.Context, shape Shape, samples *Samples, o Options) (*Improvement, error) {
	if err := shape.Validate(); err != nil {
		return nil, err
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := fits(shape.Network, samples, "certified"); err != nil {
		return nil, err
	}
	loss, err := newObjective(o, scoreSpread(shape.Network))
	if err != nil {
		return nil, err
	}
	w := &witness{ctx: ctx, shape: shape, net: shape.Network, samples: samples, options: o, loss: loss}
	for i := range samples.Len() {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		w.results = append(w.results, w.net.Eval(samples.Bits(i)))
	}
	for i := range w.net.Layers {
		l := &w.net.Layers[i]
		if found, err := w.tryLayer(i, l.From, l.Outputs, w.tryNeuron); found != nil || err != nil {
			return found, err
		}
	}
	r := &w.net.Readout
	return w.tryLayer(len(w.net.Layers), r.From, r.Outputs, w.tryClass)
}

// witness holds what Certify knows.
type witness struct {
	ctx     context.Context
	shape   Shape
	net     *ternary.Network
	samples *Samples
	options Options
	loss    objective
	results []ternary.Result // of the network as it stands, one a sample
}

// tryLayer tries every change in one layer, neurons beside each other; the
// first neuron's finding is given.
func (w *witness) tryLayer(layer int, from []int, outputs int, try func(layer, k int, inputs [][]int8) *Improvement) (*Improvement, error) {
	inputs := w.inputs(from)
	found := make([]*Improvement, outputs)
	parallel(runtime.GOMAXPROCS(0), outputs, 1, func(_, low, high int) {
		for k := low; k < high && w.ctx.Err() == nil; k++ {
			found[k] = try(layer, k, inputs)
		}
	})
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	for _, improvement := range found {
		if improvement != nil {
			return improvement, nil
		}
	}
	return nil, nil
}

// inputs is every input of a layer on every sample, 0 or 1, [input][sample].
func (w *witness) inputs(from []int) [][]int8 {
	var all [][]int8
	for _, source := range from {
		for i := range w.net.SourceWidth(source) {
			values := make([]int8, w.samples.Len())
			for s := range values {
				bits := w.samples.Bits(s)
				if source != ternary.Input {
					bits = w.results[s].Spikes[0][source]
				}
				if bits.Get(i) {
					values[s] = 1
				}
			}
			all = append(all, values)
		}
	}
	return all
}

// sums is the weighted sum of a row on every sample.
func (w *witness) sums(row []int8, inputs [][]int8) []int32 {
	sums := make([]int32, w.samples.Len())
	for i, weight := range row {
		for s, bit := range inputs[i] {
			sums[s] += int32(weight) * int32(bit)
		}
	}
	return sums
}

func (w *witness) tryNeuron(layer, k int, inputs [][]int8) *Improvement {
	l := &w.net.Layers[layer]
	row := l.Row(k, len(inputs))
	sums, forced := w.sums(row, inputs), w.forcedLosses(layer, k)
	low, high := ternary.Reach(row)
	t := trialRow{layer, k, row, w.shape.mask(layer), l.Theta[k], low, high + 1}
	return w.tryRow(t, func(bit []int8, change, theta int32) int64 {
		var total int64
		for s, sum := range sums {
			if bit != nil {
				sum += change * int32(bit[s])
			}
			if sum >= theta {
				total += int64(forced[1][s])
			} else {
				total += int64(forced[0][s])
			}
		}
		return total
	}, inputs)
}

func (w *witness) tryClass(layer, c int, inputs [][]int8) *Improvement {
	r := &w.net.Readout
	limit := biasLimit(w.net)
	t := trialRow{layer, c, r.Row(c, len(inputs)), w.shape.ReadoutMask, r.Bias[c], -limit, limit}
	scores := make([]int32, r.Outputs)
	return w.tryRow(t, func(bit []int8, change, bias int32) int64 {
		var total int64
		for s := range w.results {
			copy(scores, w.results[s].Scores)
			scores[c] += bias - r.Bias[c]
			if bit != nil {
				scores[c] += change * int32(bit[s])
			}
			total += int64(w.loss.loss(scores, w.samples.Label(s)))
		}
		return total
	}, inputs)
}

// trialRow is what may change in one neuron or class.
type trialRow struct {
	layer, k              int
	row                   []int8
	mask                  []bool // of the whole layer
	constant              int32  // threshold or bias
	leastConst, mostConst int32
}

// tryRow tries every weight and the threshold or bias. total gives the summed
// loss if the sum grew by change where bit is one (nil: nowhere), at the given
// threshold or bias.
func (w *witness) tryRow(t trialRow, total func(bit []int8, change, constant int32) int64, inputs [][]int8) *Improvement {
	now := total(nil, 0, t.constant)
	for i, from := range t.row {
		if t.mask != nil && !t.mask[t.k*len(t.row)+i] {
			continue
		}
		for at, to := range w.net.Alphabet {
			if to == from || w.options.Candidates == CandidatesAdjacent && !neighbours(w.net.Alphabet, at, from) {
				continue
			}
			gain := total(inputs[i], int32(to)-int32(from), t.constant) - now + w.price(to) - w.price(from)
			if gain < -w.options.LeastGain {
				return &Improvement{t.layer, t.k, i, int32(from), int32(to), gain}
			}
		}
	}
	for _, move := range []int32{-1, 1, -2, 2} {
		to := t.constant + move
		if to < t.leastConst || to > t.mostConst || w.options.Candidates == CandidatesAdjacent && move*move > 1 {
			continue
		}
		if gain := total(nil, 0, to) - now; gain < -w.options.LeastGain {
			return &Improvement{t.layer, t.k, len(t.row), t.constant, to, gain}
		}
	}
	return nil
}

// neighbours tells whether from stands beside place at of the alphabet.
func neighbours(alphabet []int8, at int, from int8) bool {
	return at > 0 && alphabet[at-1] == from || at+1 < len(alphabet) && alphabet[at+1] == from
}

// price is what a weight costs in the objective.
func (w *witness) price(weight int8) int64 {
	if weight == 0 {
		return 0
	}
	return w.options.NonzeroPenalty
}

// forcedLosses is the loss of every sample with neuron k of a layer held at 0
// and at 1, and everything after it evaluated anew.
func (w *witness) forcedLosses(layer, k int) (forced [2][]int32) {
	for value := range forced {
		forced[value] = make([]int32, w.samples.Len())
		for s := range forced[value] {
			spikes := append([]encode.Bits(nil), w.results[s].Spikes[0]...)
			spikes[layer] = spikes[layer].Clone()
			spikes[layer].Put(k, value == 1)
			forced[value][s] = w.loss.loss(w.scoresAfter(layer, w.samples.Bits(s), spikes), w.samples.Label(s))
		}
	}
	return forced
}

// scoresAfter evaluates everything after a layer, in spikes, and the scores.
func (w *witness) scoresAfter(layer int, frame encode.Bits, spikes []encode.Bits) []int32 {
	for m := layer + 1; m < len(w.net.Layers); m++ {
		l := &w.net.Layers[m]
		on := w.active(l.From, frame, spikes)
		width := w.net.Width(l.From)
		spikes[m] = encode.NewBits(l.Outputs)
		for j := range l.Outputs {
			spikes[m].Put(j, sumOf(l.Row(j, width), on) >= l.Theta[j])
		}
	}
	r := &w.net.Readout
	on := w.active(r.From, frame, spikes)
	scores := append([]int32(nil), r.Bias...)
	for c := range scores {
		scores[c] += sumOf(r.Row(c, w.net.Width(r.From)), on)
	}
	return scores
}

// active lists the inputs of a reader that are one.
func (w *witness) active(from []int, frame encode.Bits, spikes []encode.Bits) []int {
	var on []int
	at := 0
	for _, source := range from {
		bits := frame
		if source != ternary.Input {
			bits = spikes[source]
		}
		for i := range bits.Len() {
			if bits.Get(i) {
				on = append(on, at+i)
			}
		}
		at += bits.Len()
	}
	return on
}

func sumOf(row []int8, on []int) int32 {
	var sum int32
	for _, i := range on {
		sum += int32(row[i])
	}
	return sum
}
