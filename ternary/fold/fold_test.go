package fold

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

func TestThreshold(t *testing.T) {
	for _, c := range []struct{ from, low, high, want int32 }{
		{3, -5, 5, 3}, {-5, -5, 5, -5}, {-9, -5, 5, -5}, {6, -5, 5, 6}, {99, -5, 5, 6}, {0, 0, 0, 0},
		{math.MaxInt32, math.MinInt32, math.MaxInt32 - 1, math.MaxInt32},
	} {
		if got := Threshold(func(s int32) bool { return s >= c.from }, c.low, c.high); got != c.want {
			t.Errorf("fires from %d in %d..%d: %d; want %d", c.from, c.low, c.high, got, c.want)
		}
	}
}

// Hand cases: p = 3, n = 1, so sums run from -1 to 3.
func TestDenseByHand(t *testing.T) {
	row := []int8{1, -1, 1, 0, 1}
	negated := []int8{-1, 1, -1, 0, -1}
	norm := func(gamma, beta, mean float32) BatchNorm {
		return BatchNorm{Gamma: gamma, Beta: beta, Mean: mean, Variance: 3, Eps: 1}
	}
	for _, c := range []struct {
		name   string
		norm   Norm
		cut    float32
		inputs Inputs
		want   Neuron
	}{
		{"s >= 1.5", norm(1, 0, 1.5), 0, Binary, Neuron{row, 2}},
		{"(s-1)/2·2+1 >= 0", norm(2, 1, 1), 0, Binary, Neuron{row, 0}},
		{"s <= 1.5", norm(-1, 0, 1.5), 0, Binary, Neuron{negated, -1}},
		{"gamma 0, beta 0", norm(0, 0, 1.5), 0, Binary, Neuron{row, -1}},
		{"gamma 0, beta -1", norm(0, -1, 1.5), 0, Binary, Neuron{row, 4}},
		{"always", norm(1, 99, 0), 0, Binary, Neuron{row, -1}},
		{"never", norm(1, -99, 0), 0, Binary, Neuron{row, 4}},
		{"always, falling", norm(-1, 99, 0), 0, Binary, Neuron{negated, -3}},
		{"bipolar sum >= 0", Identity{}, 0, Bipolar, Neuron{row, 1}},     // 2s-2 >= 0
		{"bipolar sum >= 0.5", Identity{}, 0.5, Bipolar, Neuron{row, 2}}, // ceil((0.5+2)/2)
		{"TLU below the cut", TLU{Identity{}, 0}, 1.5, Binary, Neuron{row, 2}},
		{"TLU at the cut", TLU{Identity{}, 1.5}, 1.5, Binary, Neuron{row, -1}},
		{"frozen FRN", FRN{Gamma: 2, Beta: -1, Eps: 1, Nu2: 3}, 0, Binary, Neuron{row, 1}}, // 2s/2 - 1 >= 0
		{"single FRN", FRN{Gamma: 1, Eps: 1e-6, Statistics: Single}, 0.5, Binary, Neuron{row, 1}},
	} {
		got, err := Dense(row, Activation{c.norm, c.cut}, c.inputs)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	if row[0] != 1 {
		t.Error("the trainer's own row was negated")
	}
}

func randomRow(r *rand.Rand, n int) []int8 {
	row := make([]int8, n)
	for i := range row {
		row[i] = int8(r.IntN(3) - 1)
	}
	return row
}

func randomBatchNorm(r *rand.Rand, reach float64) BatchNorm {
	b := BatchNorm{
		Gamma: float32(r.NormFloat64()), Beta: float32(r.NormFloat64()),
		Mean: float32(r.NormFloat64() * reach / 4), Variance: float32(r.ExpFloat64() * reach), Eps: 1e-4,
	}
	if r.IntN(20) == 0 {
		b.Gamma = 0
	}
	return b
}

// verify compares the folded neuron with the trainer's expression at every
// sum that the row can reach. It never calls the code under test.
func verify(t *testing.T, what string, row []int8, n Neuron, trainer func(s int32) bool) {
	t.Helper()
	for i, w := range row {
		if n.Row[i] != w && n.Row[i] != -w {
			t.Fatalf("%s: weight %d became %d", what, w, n.Row[i])
		}
	}
	flip := int32(1)
	for i, w := range row {
		if w != 0 && n.Row[i] == -w {
			flip = -1
		}
	}
	low, high := ternary.Reach(row)
	for s := low; s <= high; s++ {
		if got := flip*s >= n.Theta; got != trainer(s) {
			t.Fatalf("%s: sum %d: folded %v, trainer %v (theta %d, flip %d)", what, s, got, trainer(s), n.Theta, flip)
		}
	}
}

func TestBatchNormExhaustively(t *testing.T) {
	r := seed.Stream(1, seed.TestNetwork)
	for range 20000 {
		row := randomRow(r, 1+r.IntN(40))
		b := randomBatchNorm(r, float64(len(row)))
		inputs := Inputs(r.IntN(2))
		var sumOfRow int32
		for _, w := range row {
			sumOfRow += int32(w)
		}
		n, err := Dense(row, Activation{b, 0}, inputs)
		if err != nil {
			t.Fatalf("%+v: %v", b, err)
		}
		verify(t, "batch norm", row, n, func(s int32) bool {
			x := float32(s)
			if inputs == Bipolar {
				x = float32(2*s - sumOfRow)
			}
			root := float32(math.Sqrt(float64(b.Variance + b.Eps)))
			y := float32(b.Gamma*float32((x-b.Mean)/root)) + b.Beta
			return y >= 0
		})
	}
}

func TestFRNExhaustively(t *testing.T) {
	r := seed.Stream(2, seed.TestNetwork)
	refused := 0
	for range 20000 {
		row := randomRow(r, 1+r.IntN(40))
		f := FRN{Gamma: float32(r.NormFloat64()), Beta: float32(r.NormFloat64()), Eps: 1e-6, Nu2: float32(r.ExpFloat64() * 9)}
		f.Statistics = Statistics(r.IntN(2))
		tau, cut := float32(r.NormFloat64()), float32(r.NormFloat64())
		n, err := Dense(row, Activation{TLU{f, tau}, cut}, Binary)
		if err != nil {
			refused++
			continue
		}
		verify(t, "FRN", row, n, func(s int32) bool {
			x := float32(s)
			nu2 := f.Nu2
			if f.Statistics == Single {
				nu2 = x * x
			}
			y := float32(f.Gamma*float32(x/float32(math.Sqrt(float64(nu2+f.Eps))))) + f.Beta
			return y >= cut || tau >= cut
		})
	}
	if refused > 20 {
		t.Errorf("%d of 20000 folds refused; want next to none", refused)
	}
}

func TestAveragePoolExhaustively(t *testing.T) {
	r := seed.Stream(3, seed.TestNetwork)
	for range 5000 {
		k, c := 1+r.IntN(3), 1+r.IntN(2)
		h, w := k*(1+r.IntN(2)), k*(1+r.IntN(3))
		row := randomRow(r, c*h/k*w/k)
		b := randomBatchNorm(r, float64(len(row)))
		n, err := AveragePool(row, c, h, w, k, Activation{b, 0})
		if err != nil {
			t.Fatal(err)
		}
		wide := make([]int8, 0, c*h*w)
		for channel := range c { // W ⊗ ones(k, k)
			for y := range h {
				for x := range w {
					wide = append(wide, row[(channel*(h/k)+y/k)*(w/k)+x/k])
				}
			}
		}
		verify(t, "average pool", wide, n, func(s int32) bool { return b.Apply(float32(s)/float32(k*k)) >= 0 })
	}
	if _, err := AveragePool([]int8{1}, 1, 3, 3, 2, Activation{Identity{}, 0}); err == nil || !strings.Contains(err.Error(), "divides the map") {
		t.Errorf("2×2 averages of a 3×3 map: %v", err)
	}
}

// A folded convolution must fire where the float convolution of bipolar
// inputs with zero padding does.
func TestConvAgainstFloats(t *testing.T) {
	r := seed.Stream(4, seed.TestNetwork)
	for range 300 {
		w := randomWindow(r)
		weights := randomRow(r, w.OutChannels*w.Channels/w.Groups*w.KernelH*w.KernelW)
		var activations []Activation
		for range w.OutChannels {
			activations = append(activations, Activation{randomBatchNorm(r, 9), 0})
		}
		folded, theta, err := Conv(w, weights, activations, Bipolar)
		if err != nil {
			t.Fatal(err)
		}
		outputs := w.OutChannels * w.OutHeight() * w.OutWidth()
		inputs := w.Channels * w.Height * w.Width
		n := &ternary.Network{Inputs: inputs, Steps: 1, Alphabet: ternary.Ternary,
			Layers: []ternary.Layer{{Name: "conv", Op: ternary.Conv2D, From: []int{ternary.Input}, Outputs: outputs, Map: w,
				Weights: folded, Theta: theta, Neuron: ternary.Neuron{Model: ternary.Step}}},
			Readout: ternary.Readout{Name: "out", Mode: ternary.Count, From: []int{0}, Outputs: outputs}}
		if err := n.Validate(); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			frame := encode.NewBits(inputs)
			for i := range inputs {
				frame.Put(i, r.IntN(2) == 1)
			}
			got := n.Eval(frame).Spikes[0][0]
			for j := range outputs {
				channel := j / (w.OutHeight() * w.OutWidth())
				want := activations[channel].Norm.Apply(bipolarConv(w, weights, frame, j)) >= 0
				if got.Get(j) != want {
					t.Fatalf("window %+v: neuron %d fires %v, the float convolution says %v", w, j, got.Get(j), want)
				}
			}
		}
	}
}

func randomWindow(r *rand.Rand) ternary.Window {
	groups := 1 + r.IntN(2)
	w := ternary.Window{Channels: groups * (1 + r.IntN(2)), OutChannels: groups * (1 + r.IntN(2)), Groups: groups,
		KernelH: 1 + r.IntN(3), KernelW: 1 + r.IntN(3), StrideH: 1 + r.IntN(2), StrideW: 1 + r.IntN(2)}
	w.Height, w.Width = w.KernelH+r.IntN(3), w.KernelW+r.IntN(3)
	w.PadH, w.PadW = r.IntN(w.KernelH), r.IntN(w.KernelW)
	return w
}

// bipolarConv is the float sum of neuron j over inputs -1 and +1, zero outside
// the map.
func bipolarConv(w ternary.Window, weights []int8, frame encode.Bits, j int) float32 {
	places := w.OutHeight() * w.OutWidth()
	channel, oy, ox := j/places, j%places/w.OutWidth(), j%w.OutWidth()
	perGroup := w.Channels / w.Groups
	var sum float32
	for c := range perGroup {
		in := channel/(w.OutChannels/w.Groups)*perGroup + c
		for ky := range w.KernelH {
			for kx := range w.KernelW {
				y, x := oy*w.StrideH+ky-w.PadH, ox*w.StrideW+kx-w.PadW
				if y < 0 || y >= w.Height || x < 0 || x >= w.Width {
					continue
				}
				value := float32(-1)
				if frame.Get((in*w.Height+y)*w.Width + x) {
					value = 1
				}
				sum += float32(weights[((channel*perGroup+c)*w.KernelH+ky)*w.KernelW+kx]) * value
			}
		}
	}
	return sum
}

func TestLiveFRN(t *testing.T) {
	row := []int8{1, 1, -1, 0, 1}
	for _, c := range []struct {
		frn  FRN
		cut  float32
		want Neuron
	}{
		{FRN{Gamma: 0.3, Eps: 1e-6}, 0, Neuron{row, 0}},
		{FRN{Gamma: 2, Beta: 0.5, Eps: 1e-6}, 0.5, Neuron{row, 0}},
		{FRN{Gamma: -2, Eps: 1e-6}, 0, Neuron{[]int8{-1, -1, 1, 0, -1}, 0}},
		{FRN{Beta: 1, Eps: 1e-6}, 0, Neuron{row, -1}},
		{FRN{Beta: -1, Eps: 1e-6}, 0, Neuron{row, 4}},
	} {
		c.frn.Statistics = Live
		got, err := DenseLive(row, c.frn, c.cut, Binary)
		if err != nil {
			t.Fatalf("%+v: %v", c.frn, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%+v: %s", c.frn, d)
		}
		for s := int32(-1); s <= 3; s++ { // any map with this sum in it has nu² of s²/100 to 100
			for _, nu2 := range []float32{float32(s*s) / 100, 0.5, 9} {
				y := c.frn.Gamma*(float32(s)/float32(math.Sqrt(float64(nu2+1e-6)))) + c.frn.Beta
				flip := int32(1)
				if c.frn.Gamma < 0 {
					flip = -1
				}
				if (y >= c.cut) != (flip*s >= got.Theta) {
					t.Errorf("%+v: sum %d, nu² %v: trainer %v, theta %d", c.frn, s, nu2, y >= c.cut, got.Theta)
				}
			}
		}
	}
}

func TestLiveFRNIsRefused(t *testing.T) {
	row := []int8{1, 1}
	live := FRN{Gamma: 1, Beta: -0.5, Eps: 1e-6, Statistics: Live}
	tiny := FRN{Gamma: 1e-9, Beta: 1, Eps: 1e-6, Statistics: Live} // beta + tiny rounds to beta on either side
	for _, err := range []error{
		second(DenseLive(row, live, 0, Binary)),
		second(DenseLive(row, tiny, 1, Binary)),
		second(Dense(row, Activation{live, 0}, Binary)),
	} {
		if err == nil || !strings.Contains(err.Error(), "nu² changes with every sample") || strings.Contains(err.Error(), "\n") {
			t.Errorf("live FRN: %v", err)
		}
	}
}

func second(_ Neuron, err error) error { return err }

func TestRefusals(t *testing.T) {
	row := []int8{1, -1}
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		a      Activation
		reason string
	}{
		{Activation{}, "no expression"},
		{Activation{Identity{}, nan}, "cut is not a number"},
		{Activation{BatchNorm{Gamma: nan, Variance: 1}, 0}, "diverged"},
		{Activation{BatchNorm{Gamma: 1, Variance: infinite}, 0}, "diverged"},
		{Activation{BatchNorm{Gamma: 1}, 0}, "set eps to 1e-5"},
		{Activation{TLU{Norm: Identity{}, Tau: nan}, 0}, "finite tau"},
		{Activation{TLU{}, 0}, "finite tau"},
		{Activation{FRN{Gamma: 1, Statistics: Single}, 0}, "set eps to 1e-6"},
		{Activation{FRN{Gamma: infinite, Eps: 1}, 0}, "diverged"},
		{Activation{wobble{}, 0}, "no threshold"},
	} {
		if _, err := Dense(row, c.a, Binary); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%+v: error %v; want %q", c.a, err, c.reason)
		}
	}
	falling := BatchNorm{Gamma: -1, Variance: 1}
	if _, err := Dense([]int8{-128}, Activation{falling, 0}, Binary); err == nil || !strings.Contains(err.Error(), "no negative in 8 bits") {
		t.Errorf("weight -128: %v", err)
	}
	if _, _, err := Conv(ternary.Window{Channels: 1, OutChannels: 1, Groups: 1, KernelH: 1, KernelW: 1}, nil, nil, Binary); err == nil {
		t.Error("a convolution without weights is folded")
	}
}

// wobble claims to rise and does not.
type wobble struct{ Identity }

func (wobble) Apply(x float32) float32 { return -x * x }
