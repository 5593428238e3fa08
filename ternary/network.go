// Package ternary defines the integer network that every other package agrees
// on: layers of weights in {-1, 0, +1} (or another small set of integers)
// feeding neurons that compare an integer sum with an integer threshold.
//
// Weights carry no unit. A neuron's sum is a weighted count of active inputs,
// exact in int32. Nothing here knows about chips, energy or training, and
// nothing here is a float.
package ternary

import (
	"encoding/json"

	"tritloom/encode"
)

// Input is the source number of the network's input bits.
const Input = -1

// Network is a directed acyclic graph of layers on bits, ending in a readout
// that names a class.
type Network struct {
	// Encoder makes the input bits from a sample's features. A zero Encoder
	// means that samples are bits already.
	Encoder encode.Encoder
	// Inputs is the number of input bits.
	Inputs int
	// Steps is how many times the layers are evaluated for one inference; 1
	// for one-shot networks of step neurons.
	Steps int
	// Alphabet is the sorted set of values a weight may take.
	Alphabet []int8
	// Layers are in evaluation order: a layer's sources come before it.
	Layers []Layer
	// Readout turns the last spikes into one score a class.
	Readout Readout
	// Classes names the classes, in the order of the scores.
	Classes []string
	// Origin is a JSON object that says how the network was made: algorithm,
	// options, seed, hashes of data. It has no meaning for evaluation.
	Origin json.RawMessage
}

// Ternary is the default alphabet.
var Ternary = []int8{-1, 0, 1}

// Op is what a layer computes from its sources.
type Op string

const (
	// Dense multiplies the concatenated source bits with a weight matrix.
	Dense Op = "dense"
	// Conv2D slides a kernel over a feature map; padding contributes nothing.
	Conv2D Op = "conv2d"
	// Or is one where any bit of the window is one: max-pool of bits.
	Or Op = "or"
	// And is one where all bits of the window are one: min-pool, coincidence.
	And Op = "and"
	// Concat passes the bits of several sources on, one after another.
	Concat Op = "concat"
)

// Ops lists the operations for messages and tables.
var Ops = []Op{Dense, Conv2D, Or, And, Concat}

// Weighted tells whether neurons of the operation have weights and
// thresholds; the others are pure logic on bits.
func (o Op) Weighted() bool { return o == Dense || o == Conv2D }

// Layer is one layer of neurons.
type Layer struct {
	Name string
	Op   Op
	// From lists the sources, Input or indexes of earlier layers; their bits
	// are concatenated in this order.
	From []int
	// Outputs is the number of neurons.
	Outputs int
	// Map places the bits in a feature map; Conv2D, Or and And use it.
	Map Window
	// Weights is row-major. Dense: Outputs × inputs. Conv2D: output channels ×
	// input channels of a group × kernel height × kernel width.
	Weights []int8
	// Theta holds one threshold a neuron for weighted operations. A Conv2D
	// neuron at (channel, y, x) has number (channel·height + y)·width + x and
	// a threshold of its own, because zero padding may shift it.
	Theta []int32
	// Neuron says what a neuron does with its sum.
	Neuron Neuron
}

// Window is the geometry of a layer over feature maps of shape (channels,
// height, width), row-major. And and Or slide it over each channel by itself.
type Window struct {
	Channels, Height, Width int // input map
	OutChannels             int // Conv2D: output channels; Or, And: equal to Channels
	KernelH, KernelW        int
	StrideH, StrideW        int
	PadH, PadW              int // rows and columns that contribute nothing
	Groups                  int // Conv2D: channel groups, 1 for a full convolution
}

// OutHeight and OutWidth are the size of the output map.
func (w Window) OutHeight() int { return (w.Height+2*w.PadH-w.KernelH)/w.StrideH + 1 }

// OutWidth is the width of the output map.
func (w Window) OutWidth() int { return (w.Width+2*w.PadW-w.KernelW)/w.StrideW + 1 }

// Model is the kind of a neuron.
type Model string

const (
	// Step has no state: it fires when its sum reaches the threshold.
	Step Model = "step"
	// IF integrates its sum over steps and fires when the potential reaches
	// the threshold.
	IF Model = "if"
	// LIF is IF with an integer leak added every step.
	LIF Model = "lif"
)

// Reset is what an IF or LIF neuron's potential becomes when it fires.
type Reset string

const (
	// ToZero sets the potential to 0.
	ToZero Reset = "zero"
	// Subtract takes the threshold off the potential.
	Subtract Reset = "subtract"
)

// Neuron is the model of a layer's neurons. With V the potential, s the sum of
// the step, θ the threshold:
//
//	step: fires if s >= θ
//	if:   V += s;        fires if V >= θ, then V := 0 or V -= θ
//	lif:  V += s + Leak; fires if V >= θ, then V := 0 or V -= θ
//
// Potentials start at 0 and have no floor.
type Neuron struct {
	Model Model
	Reset Reset // IF and LIF
	Leak  int32 // LIF: added every step; negative leaks away
}

// Mode is how the readout scores classes.
type Mode string

const (
	// Sum scores a class by the integer sum of its own weights over the
	// source bits of all steps, plus its bias once.
	Sum Mode = "sum"
	// Count scores class c by the spikes of neuron c over all steps.
	Count Mode = "count"
	// Vote scores class c by the spikes of all neurons j with j mod classes
	// equal to c over all steps.
	Vote Mode = "vote"
)

// Readout decides a class: the highest score, ties to the lowest index.
type Readout struct {
	Name string
	Mode Mode
	// From lists the sources like a layer's.
	From []int
	// Outputs is the number of scores, one a class.
	Outputs int
	// Weights is Outputs × inputs, row-major; Sum only.
	Weights []int8
	// Bias is added to each score once an inference; Sum only.
	Bias []int32
}

// SourceWidth is the number of bits of one source.
func (n *Network) SourceWidth(source int) int {
	if source == Input {
		return n.Inputs
	}
	return n.Layers[source].Outputs
}

// Width is the number of bits of the concatenated sources.
func (n *Network) Width(from []int) int {
	width := 0
	for _, s := range from {
		width += n.SourceWidth(s)
	}
	return width
}

// Row is the weight row of neuron j of a Dense layer with the given width.
func (l *Layer) Row(j, width int) []int8 { return l.Weights[j*width : (j+1)*width] }

// Row is the weight row of score c of a Sum readout with the given width.
func (r *Readout) Row(c, width int) []int8 { return r.Weights[c*width : (c+1)*width] }

// Reach is the least and the greatest sum a weight row can make: -neg and pos,
// the sums of its negative and of its positive weights.
func Reach(row []int8) (low, high int32) {
	for _, w := range row {
		if w < 0 {
			low += int32(w)
		} else {
			high += int32(w)
		}
	}
	return low, high
}

// Argmax is the index of the highest score, the lowest index on a tie.
func Argmax(scores []int32) int {
	best := 0
	for c, s := range scores {
		if s > scores[best] {
			best = c
		}
	}
	return best
}
