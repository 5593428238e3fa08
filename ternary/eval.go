package ternary

import (
	"fmt"

	"tritloom/encode"
)

// Result is everything one inference makes.
type Result struct {
	// Spikes holds each layer's output bits, [step][layer].
	Spikes [][]encode.Bits
	// Scores holds one integer a class.
	Scores []int32
	// Class is the decision.
	Class int
}

// Eval is the plain evaluator: it defines what a network means. Everything
// else, packed, compiled or simulated, is compared with it, so it stays the
// obvious loop over every weight.
//
// frames holds the input bits of each step; a single frame is shown at every
// step.
func (n *Network) Eval(frames ...encode.Bits) Result {
	if len(frames) != 1 && len(frames) != n.Steps {
		panic(fmt.Sprintf("ternary: %d frames for %d steps", len(frames), n.Steps))
	}
	potential := make([][]int32, len(n.Layers)) // of if and lif neurons
	result := Result{Scores: make([]int32, n.Readout.Outputs)}
	copy(result.Scores, n.Readout.Bias)
	for step := range n.Steps {
		frame := frames[0]
		if len(frames) > 1 {
			frame = frames[step]
		}
		if frame.Len() != n.Inputs {
			panic(fmt.Sprintf("ternary: a frame of %d bits for %d inputs", frame.Len(), n.Inputs))
		}
		spikes := n.evalStep(frame, potential)
		result.Spikes = append(result.Spikes, spikes)
		n.addScores(result.Scores, n.gather(n.Readout.From, frame, spikes))
	}
	result.Class = Argmax(result.Scores)
	return result
}

// evalStep evaluates every layer once.
func (n *Network) evalStep(frame encode.Bits, potential [][]int32) []encode.Bits {
	spikes := make([]encode.Bits, len(n.Layers))
	for i := range n.Layers {
		l := &n.Layers[i]
		in := n.gather(l.From, frame, spikes)
		if potential[i] == nil {
			potential[i] = make([]int32, l.Outputs)
		}
		spikes[i] = l.eval(in, potential[i])
	}
	return spikes
}

// gather concatenates the bits of the sources.
func (n *Network) gather(from []int, frame encode.Bits, spikes []encode.Bits) []bool {
	in := make([]bool, 0, n.Width(from))
	for _, s := range from {
		bits := frame
		if s != Input {
			bits = spikes[s]
		}
		for i := range bits.Len() {
			in = append(in, bits.Get(i))
		}
	}
	return in
}

func (l *Layer) eval(in []bool, potential []int32) encode.Bits {
	out := encode.NewBits(l.Outputs)
	for j := range l.Outputs {
		switch l.Op {
		case Dense:
			out.Put(j, l.Neuron.fire(dot(l.Row(j, len(in)), in), l.Theta[j], &potential[j]))
		case Conv2D:
			out.Put(j, l.Neuron.fire(l.convSum(j, in), l.Theta[j], &potential[j]))
		case Or, And:
			out.Put(j, l.pool(j, in))
		case Concat:
			out.Put(j, in[j])
		}
	}
	return out
}

// fire is the neuron equation; see Neuron.
func (m Neuron) fire(sum, theta int32, v *int32) bool {
	if m.Model == Step {
		return sum >= theta
	}
	*v += sum + m.Leak
	if *v < theta {
		return false
	}
	if m.Reset == ToZero {
		*v = 0
	} else {
		*v -= theta
	}
	return true
}

func dot(row []int8, in []bool) int32 {
	var sum int32
	for i, w := range row {
		if in[i] {
			sum += int32(w)
		}
	}
	return sum
}

// convSum is the sum of neuron j of a convolution: the kernel of its channel
// over the window at its place; taps outside the map contribute nothing.
func (l *Layer) convSum(j int, in []bool) int32 {
	w := l.Map
	inPerGroup := w.Channels / w.Groups
	channel := j / (w.OutHeight() * w.OutWidth())
	first := channel / (w.OutChannels / w.Groups) * inPerGroup
	var sum int32
	w.taps(j, func(ky, kx, y, x int) {
		for c := range inPerGroup {
			if in[((first+c)*w.Height+y)*w.Width+x] {
				sum += int32(l.Weights[((channel*inPerGroup+c)*w.KernelH+ky)*w.KernelW+kx])
			}
		}
	})
	return sum
}

// pool is neuron j of Or and And over its own channel.
func (l *Layer) pool(j int, in []bool) bool {
	w := l.Map
	channel := j / (w.OutHeight() * w.OutWidth())
	result := l.Op == And
	w.taps(j, func(_, _, y, x int) {
		bit := in[(channel*w.Height+y)*w.Width+x]
		if l.Op == And {
			result = result && bit
		} else {
			result = result || bit
		}
	})
	return result
}

// taps calls f for every kernel cell of neuron j that lies on the map.
func (w Window) taps(j int, f func(ky, kx, y, x int)) {
	oy, ox := j/w.OutWidth()%w.OutHeight(), j%w.OutWidth()
	for ky := range w.KernelH {
		y := oy*w.StrideH + ky - w.PadH
		for kx := range w.KernelW {
			x := ox*w.StrideW + kx - w.PadW
			if y >= 0 && y < w.Height && x >= 0 && x < w.Width {
				f(ky, kx, y, x)
			}
		}
	}
}

// addScores adds what one step gives to every class.
func (n *Network) addScores(scores []int32, in []bool) {
	r := &n.Readout
	switch r.Mode {
	case Sum:
		for c := range scores {
			scores[c] += dot(r.Row(c, len(in)), in)
		}
	case Count, Vote:
		for j, spike := range in {
			if spike {
				scores[j%len(scores)]++
			}
		}
	}
}
