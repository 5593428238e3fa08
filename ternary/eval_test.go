package ternary

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tritloom/encode"
	"tritloom/internal/seed"
)

// parse reads a network from its text form.
func parse(t testing.TB, text string) *Network {
	t.Helper()
	n, err := ParseText(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return n
}

// frames reads one frame of bits a word.
func frames(text string) []encode.Bits {
	var out []encode.Bits
	for _, word := range strings.Fields(text) {
		out = append(out, encode.ParseBits(word))
	}
	return out
}

// show writes every layer's bits a step, then the scores and the class.
func show(r Result) string {
	var s strings.Builder
	for _, layers := range r.Spikes {
		for i, bits := range layers {
			if i > 0 {
				s.WriteByte(',')
			}
			s.WriteString(bits.String())
		}
		s.WriteByte(' ')
	}
	return fmt.Sprintf("%s%v -> %d", s.String(), r.Scores, r.Class)
}

// The expected lines are computed by hand; the sums are beside them.
func TestEvalByHand(t *testing.T) {
	for _, c := range []struct{ name, text, frames, want string }{
		{"dense step", `
			inputs 4
			layer hidden dense from input
			+-0+ >= 1
			-++0 >= 0
			0000 >= 0
			0000 >= 1
			readout out sum from hidden
			++-0 + 0
			-+0+ + -1
			`, "1001", // sums 2, -1, 0, 0 fire 1, 0, 1, 0; scores 1-1+0, -1-1
			"1010 [0 -2] -> 0"},
		{"negative threshold fires without input", `
			inputs 2
			layer a dense from input
			-0 >= 0
			-- >= -1
			readout out count from a scores 2
			`, "10", "01 [0 1] -> 1"},
		{"conv with padding", `
			inputs 9
			layer a conv2d from input map 1x3x3 kernel 3x3 pad 1x1
			+++++++++ >= 4 4 4 4 5 4 4 4 4
			readout out count from a scores 9
			`, "111101111", // ring: corners see 3, edges 5 less the missing middle, middle 8
			"010111010 [0 1 0 1 1 1 0 1 0] -> 1"},
		{"conv with groups, stride and its own thresholds", `
			inputs 8
			layer a conv2d from input map 2x1x4 to 2 kernel 1x2 stride 1x2 groups 2
			+- >= 1 0
			-+ >= 0
			readout out count from a scores 4
			`, "10110100", // group 0 sees 10, 11: sums 1, 0; group 1 sees 01, 00: sums 1, 0
			"1111 [1 1 1 1] -> 0"},
		{"conv joins channels", `
			inputs 4
			layer a conv2d from input map 2x1x2 to 1 kernel 1x1
			+- >= 1
			readout out count from a scores 2
			`, "1110", // places 1-1 = 0 and 1-0 = 1
			"01 [0 1] -> 1"},
		{"max-pool and min-pool", `
			inputs 8
			layer any or from input map 1x2x4 kernel 2x2 stride 2x2
			layer all and from input map 1x2x4 kernel 2x2 stride 2x2
			layer both concat from all any
			readout out count from both scores 4
			`, "01110011", // windows 01/00 and 11/11
			"11,01,0111 [0 1 1 1] -> 1"},
		{"pools keep to valid taps", `
			inputs 2
			layer any or from input map 1x1x2 kernel 1x2 pad 0x1
			layer all and from input map 1x1x2 kernel 1x2 pad 0x1
			readout out count from all scores 3
			`, "01", // windows .0, 01, 1.
			"011,001 [0 0 1] -> 2"},
		{"pool by channel", `
			inputs 4
			layer any or from input map 2x1x2 kernel 1x2
			readout out count from any scores 2
			`, "0100", "10 [1 0] -> 0"},
		{"if, reset to zero", `
			inputs 2
			steps 4
			layer a dense from input if reset zero
			++ >= 3
			readout out count from a scores 1
			`, "11", // V 2, 4 fires -> 0, 2, 4 fires
			"0 1 0 1 [2] -> 0"},
		{"if, reset by subtraction", `
			inputs 2
			steps 4
			layer a dense from input if reset subtract
			++ >= 3
			readout out count from a scores 1
			`, "11", // V 2, 4 fires -> 1, 3 fires -> 0, 2
			"0 1 1 0 [2] -> 0"},
		{"lif leaks without a floor", `
			inputs 1
			steps 4
			layer a dense from input lif reset zero leak -2
			+ >= 0
			- >= -3
			readout out sum from a
			+- + 5
			`, "1", // V of the first -1, -2, -3, -4; of the second always -3, fires, 0
			"01 01 01 01 [1] -> 0"},
		{"frames of their own", `
			inputs 2
			steps 3
			layer a dense from input if reset zero
			+0 >= 2
			0+ >= 1
			readout out count from a scores 2
			`, "10 01 11", // first: 1, 1, 2 fires; second: 0, 1 fires, 1 fires
			"00 01 11 [1 2] -> 1"},
		{"vote, ties to the lowest", `
			inputs 4
			layer a dense from input
			+000 >= 1
			0+00 >= 1
			00+0 >= 1
			000+ >= 1
			readout out vote from a scores 2
			`, "1111", "1111 [2 2] -> 0"},
		{"vote folds neurons by class", `
			inputs 5
			readout out vote from input scores 2
			`, "01011", " [1 2] -> 1"}, // bits 1, 3 for class 1; bit 4 for class 0
		{"sum over steps, bias once", `
			inputs 2
			steps 3
			readout out sum from input
			+0 + -4
			-0 + 4
			`, "10", "   [-1 1] -> 1"},
		{"other alphabet", `
			inputs 3
			alphabet -3 0 2
			layer a dense from input
			2 -3 2 >= 1
			2 2 -3 >= -1
			readout out sum from a
			2 0 + 0
			0 -3 + 4
			`, "111", // sums 1, 1
			"11 [2 1] -> 0"},
	} {
		n := parse(t, c.text)
		if got := show(n.Eval(frames(c.frames)...)); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
}

// Matrix products of floats are an oracle for dense layers: they are exact
// for integers of this size and share no code with the evaluator.
func TestDenseAgainstMatrices(t *testing.T) {
	r := seed.Stream(1, seed.TestNetwork)
	for round := range 200 {
		n := randomDense(r, 1+r.IntN(3))
		frame := randomFrame(r, n.Inputs)
		got := n.Eval(frame)
		x := column(frame)
		for i := range n.Layers {
			l := &n.Layers[i]
			sums := product(l.Weights, l.Outputs, x)
			next := mat.NewDense(l.Outputs, 1, nil)
			for j := range l.Outputs {
				fires := sums.At(j, 0) >= float64(l.Theta[j])
				if fires {
					next.Set(j, 0, 1)
				}
				if got.Spikes[0][i].Get(j) != fires {
					t.Fatalf("round %d, layer %d, neuron %d: fires %v, the matrix product says %v", round, i, j, !fires, fires)
				}
			}
			x = next
		}
		scores := product(n.Readout.Weights, n.Readout.Outputs, x)
		best := 0
		for c, score := range got.Scores {
			want := scores.At(c, 0) + float64(n.Readout.Bias[c])
			if float64(score) != want {
				t.Fatalf("round %d, score %d: %d; the matrix product says %v", round, c, score, want)
			}
			if score > got.Scores[best] {
				best = c
			}
		}
		if got.Class != best {
			t.Fatalf("round %d: class %d of %v", round, got.Class, got.Scores)
		}
	}
}

func product(weights []int8, rows int, x *mat.Dense) *mat.Dense {
	width, _ := x.Dims()
	w := mat.NewDense(rows, width, nil)
	for i, v := range weights {
		w.Set(i/width, i%width, float64(v))
	}
	var y mat.Dense
	y.Mul(w, x)
	return &y
}

func column(bits encode.Bits) *mat.Dense {
	x := mat.NewDense(bits.Len(), 1, nil)
	for i := range bits.Len() {
		if bits.Get(i) {
			x.Set(i, 0, 1)
		}
	}
	return x
}

// randomDense is a chain of dense step layers with a summing readout.
func randomDense(r *rand.Rand, layers int) *Network {
	n := &Network{Inputs: 1 + r.IntN(12), Steps: 1, Alphabet: Ternary}
	width := n.Inputs
	for i := range layers {
		l := Layer{Name: fmt.Sprintf("l%d", i), Op: Dense, From: []int{i - 1}, Outputs: 1 + r.IntN(10), Neuron: Neuron{Model: Step}}
		l.Weights = randomWeights(r, l.Outputs*width)
		for range l.Outputs {
			l.Theta = append(l.Theta, int32(r.IntN(7)-3))
		}
		n.Layers = append(n.Layers, l)
		width = l.Outputs
	}
	n.Readout = Readout{Name: "out", Mode: Sum, From: []int{layers - 1}, Outputs: 1 + r.IntN(4)}
	n.Readout.Weights = randomWeights(r, n.Readout.Outputs*width)
	for range n.Readout.Outputs {
		n.Readout.Bias = append(n.Readout.Bias, int32(r.IntN(5)-2))
	}
	return n
}

func randomWeights(r *rand.Rand, n int) []int8 {
	w := make([]int8, n)
	for i := range w {
		w[i] = int8(r.IntN(3) - 1)
	}
	return w
}

func randomFrame(r *rand.Rand, n int) encode.Bits {
	b := encode.NewBits(n)
	for i := range n {
		b.Put(i, r.IntN(2) == 1)
	}
	return b
}

// A convolution is a dense layer with the kernel written out at every place.
func TestConvEqualsItsDenseForm(t *testing.T) {
	r := seed.Stream(2, seed.TestNetwork)
	for round := range 200 {
		conv := randomConv(r)
		w := conv.Layers[0].Map
		wide := *conv
		wide.Layers = []Layer{{Name: "dense", Op: Dense, From: []int{Input}, Outputs: conv.Layers[0].Outputs,
			Weights: unrolled(&conv.Layers[0], conv.Inputs), Theta: conv.Layers[0].Theta, Neuron: conv.Layers[0].Neuron}}
		for range 5 {
			frame := randomFrame(r, conv.Inputs)
			if a, b := show(conv.Eval(frame)), show(wide.Eval(frame)); a != b {
				t.Fatalf("round %d, window %+v, input %s: %s as convolution, %s written out", round, w, frame, a, b)
			}
		}
	}
}

func randomConv(r *rand.Rand) *Network {
	groups := 1 + r.IntN(2)
	w := Window{Channels: groups * (1 + r.IntN(2)), OutChannels: groups * (1 + r.IntN(2)), Groups: groups,
		KernelH: 1 + r.IntN(3), KernelW: 1 + r.IntN(3), StrideH: 1 + r.IntN(2), StrideW: 1 + r.IntN(2)}
	w.Height, w.Width = w.KernelH+r.IntN(3), w.KernelW+r.IntN(3)
	w.PadH, w.PadW = r.IntN(w.KernelH), r.IntN(w.KernelW)
	l := Layer{Name: "conv", Op: Conv2D, From: []int{Input}, Outputs: w.OutChannels * w.OutHeight() * w.OutWidth(), Map: w, Neuron: Neuron{Model: Step}}
	l.Weights = randomWeights(r, w.OutChannels*w.Channels/w.Groups*w.KernelH*w.KernelW)
	for range l.Outputs {
		l.Theta = append(l.Theta, int32(r.IntN(5)-2))
	}
	return &Network{Inputs: w.Channels * w.Height * w.Width, Steps: 1, Alphabet: Ternary, Layers: []Layer{l},
		Readout: Readout{Name: "out", Mode: Count, From: []int{0}, Outputs: l.Outputs}}
}

// unrolled walks from inputs to outputs, the other way round than the
// evaluator: for every input it finds the kernel cell that each neuron applies
// to it.
func unrolled(l *Layer, inputs int) []int8 {
	w := l.Map
	dense := make([]int8, l.Outputs*inputs)
	for j := range l.Outputs {
		oc, oy, ox := j/(w.OutHeight()*w.OutWidth()), j/w.OutWidth()%w.OutHeight(), j%w.OutWidth()
		for i := range inputs {
			ic, iy, ix := i/(w.Height*w.Width), i/w.Width%w.Height, i%w.Width
			ky, kx := iy+w.PadH-oy*w.StrideH, ix+w.PadW-ox*w.StrideW
			perIn, perOut := w.Channels/w.Groups, w.OutChannels/w.Groups
			if ic/perIn != oc/perOut || ky < 0 || ky >= w.KernelH || kx < 0 || kx >= w.KernelW {
				continue
			}
			dense[j*inputs+i] = l.Weights[((oc*perIn+ic%perIn)*w.KernelH+ky)*w.KernelW+kx]
		}
	}
	return dense
}

// An IF neuron reset by subtraction fires floor(total/θ) times for a constant
// positive sum s <= θ: nothing is lost.
func TestSubtractLosesNothing(t *testing.T) {
	for theta := int32(1); theta <= 6; theta++ {
		for s := 0; s <= int(theta); s++ {
			for steps := 1; steps <= 9; steps++ {
				text := fmt.Sprintf("inputs 6\nsteps %d\nlayer a dense from input if reset subtract\n++++++ >= %d\nreadout out count from a scores 1\n", steps, theta)
				bits := strings.Repeat("1", s) + strings.Repeat("0", 6-s)
				got := parse(t, text).Eval(frames(bits)...).Scores[0]
				if want := int32(s*steps) / theta; got != want {
					t.Fatalf("θ %d, sum %d, %d steps: %d spikes; want %d", theta, s, steps, got, want)
				}
			}
		}
	}
}

func TestArgmaxTies(t *testing.T) {
	for _, c := range []struct {
		scores []int32
		want   int
	}{{[]int32{3}, 0}, {[]int32{1, 1, 1}, 0}, {[]int32{-5, -2, -2}, 1}, {[]int32{0, 7, 7, 8}, 3}} {
		if got := Argmax(c.scores); got != c.want {
			t.Errorf("%v: %d; want %d", c.scores, got, c.want)
		}
	}
}

func TestEvalPanicsOnWrongFrames(t *testing.T) {
	n := parse(t, "inputs 2\nsteps 3\nreadout out count from input scores 2\n")
	for _, text := range []string{"11 11", "111", "1 1 1", ""} {
		func() {
			defer func() {
				if m := recover(); m == nil || !strings.HasPrefix(fmt.Sprint(m), "ternary: ") {
					t.Errorf("frames %q: panic %v; want one of the package", text, m)
				}
			}()
			n.Eval(frames(text)...)
		}()
	}
}

func BenchmarkEval(b *testing.B) {
	for _, width := range []int{64, 256} {
		b.Run(fmt.Sprintf("net=784-%d-10", width), func(b *testing.B) {
			r := seed.Stream(1, seed.TestNetwork)
			n := &Network{Inputs: 784, Steps: 1, Alphabet: Ternary,
				Layers:  []Layer{{Name: "hidden", Op: Dense, From: []int{Input}, Outputs: width, Weights: randomWeights(r, 784*width), Theta: make([]int32, width), Neuron: Neuron{Model: Step}}},
				Readout: Readout{Name: "out", Mode: Sum, From: []int{0}, Outputs: 10, Weights: randomWeights(r, 10*width), Bias: make([]int32, 10)}}
			frame := randomFrame(r, 784)
			for b.Loop() {
				n.Eval(frame)
			}
			b.ReportMetric(float64(b.N)*float64(n.Size().Weights)/b.Elapsed().Seconds(), "weights/s")
		})
	}
}
