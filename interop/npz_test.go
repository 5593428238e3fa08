package interop

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/internal/container"
	"tritloom/internal/seed"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
)

// floatLayer is a layer as another program has it, evaluated here with float32
// and plain loops, without the code under test.
type floatLayer struct {
	weights                       [][]int8 // [out][in]
	threshold                     []float64
	bias, gamma, beta, mean, vari []float32
	eps                           float32
	bipolar                       bool
}

func (l *floatLayer) fires(j int, x []int) bool {
	sum := 0
	for i, w := range l.weights[j] {
		sum += int(w) * x[i]
	}
	switch {
	case l.threshold != nil:
		return float64(sum) >= l.threshold[j]
	case l.gamma == nil:
		return float64(sum)+float64(l.bias[j]) >= 0
	}
	y := float32(sum)
	if l.bias != nil {
		y += l.bias[j]
	}
	y = float32(y-l.mean[j]) / float32(math.Sqrt(float64(l.vari[j]+l.eps)))
	y = float32(l.gamma[j]*y) + l.beta[j]
	return y >= 0
}

func (l *floatLayer) eval(x []int) []int {
	out := make([]int, len(l.weights))
	for j := range out {
		switch {
		case l.fires(j, x):
			out[j] = 1
		case l.bipolar:
			out[j] = -1
		}
	}
	return out
}

// arrays writes the layer, weights transposed if kernel says so.
func (l *floatLayer) arrays(name string, kernel bool) []container.Array {
	out, in := len(l.weights), len(l.weights[0])
	flat := make([]float32, out*in)
	for j, row := range l.weights {
		for i, w := range row {
			if kernel {
				flat[i*out+j] = float32(w)
			} else {
				flat[j*in+i] = float32(w)
			}
		}
	}
	a := []container.Array{container.FromFloat32(name+".weight", []int{out, in}, flat)}
	if kernel {
		a[0] = container.FromFloat32(name+".kernel", []int{in, out}, flat)
	}
	if l.threshold != nil {
		a = append(a, container.FromFloat64(name+".threshold", []int{out}, l.threshold))
	}
	for _, p := range []struct {
		part   string
		values []float32
	}{{"bias", l.bias}, {"bn.gamma", l.gamma}, {"bn.beta", l.beta}, {"bn.mean", l.mean}, {"bn.var", l.vari}} {
		if p.values != nil {
			a = append(a, container.FromFloat32(name+"."+p.part, []int{out}, p.values))
		}
	}
	if l.gamma != nil {
		a = append(a, container.FromFloat32(name+".bn.eps", nil, []float32{l.eps}))
	}
	if l.bipolar {
		a = append(a, container.FromInt64(name+".levels", []int{2}, []int64{-1, 1}))
	}
	return a
}

func randomFloats(r *rand.Rand, n int, f func() float64) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(f())
	}
	return out
}

func randomLayer(r *rand.Rand, in, out int) *floatLayer {
	l := &floatLayer{bipolar: r.IntN(2) == 0}
	for range out {
		row := make([]int8, in)
		for i := range row {
			row[i] = int8(r.IntN(3) - 1)
		}
		l.weights = append(l.weights, row)
	}
	normal := func(scale float64) func() float64 { return func() float64 { return r.NormFloat64() * scale } }
	switch r.IntN(4) {
	case 0:
		for range out {
			l.threshold = append(l.threshold, float64(r.IntN(4*in)-2*in)/2)
		}
	case 1:
		l.bias = randomFloats(r, out, func() float64 { return float64(r.IntN(8*in)-4*in) / 4 })
	default:
		l.eps = 1e-5
		l.gamma, l.beta, l.mean = randomFloats(r, out, normal(1)), randomFloats(r, out, normal(1)), randomFloats(r, out, normal(2))
		l.vari = randomFloats(r, out, func() float64 { return r.ExpFloat64() * 4 })
		if r.IntN(2) == 0 {
			l.bias = randomFloats(r, out, normal(1))
		}
		l.gamma[r.IntN(out)] = 0
	}
	return l
}

// Every neuron, score and class of random networks at every input, 2^8 of them.
func TestEveryInputOfRandomNets(t *testing.T) {
	r := seed.Stream(1, seed.TestNetwork)
	negated, halved, twice := 0, 0, 0
	for trial := range 200 {
		const inputs = 8
		bipolarInput := r.IntN(2) == 0
		widths := []int{inputs, 1 + r.IntN(6), 1 + r.IntN(6)}
		classes := 1 + r.IntN(4)
		shape := netspec.Spec{Inputs: []int{inputs}, Classes: classes, Layers: []netspec.Layer{{Name: "a", Shape: widths[1:2]}, {Name: "b", Shape: widths[2:3]}}}
		layers := []*floatLayer{randomLayer(r, widths[0], widths[1]), randomLayer(r, widths[1], widths[2])}
		arrays := append(layers[0].arrays("a", r.IntN(2) == 0), layers[1].arrays("b", r.IntN(2) == 0)...)
		head := &floatLayer{weights: randomLayer(r, widths[2], classes).weights, bias: randomFloats(r, classes, func() float64 { return float64(r.IntN(7) - 3) })}
		arrays = append(arrays, head.arrays("readout", false)...)
		options := DefaultOptions()
		if bipolarInput {
			options.Inputs = Bipolar
		}
		im, err := ImportNPZ("random", arrays, shape, options)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		for _, l := range im.Layers {
			negated += l.Negated
		}
		if im.scores.scale == 2 {
			halved++
		}
		twice += len(im.Notes)
		for input := range 1 << inputs {
			x, bits := make([]int, inputs), encode.NewBits(inputs)
			for i := range x {
				x[i] = input >> i & 1
				bits.Put(i, x[i] == 1)
				if bipolarInput {
					x[i] = 2*x[i] - 1
				}
			}
			got := im.Network.Eval(bits)
			for k, l := range layers {
				x = l.eval(x)
				for j, v := range x {
					if got.Spikes[0][k].Get(j) != (v == 1) {
						t.Fatalf("trial %d, input %d, layer %d, neuron %d: fires %v; in float32 the value is %d", trial, input, k, j, got.Spikes[0][k].Get(j), v)
					}
				}
			}
			scores := make([]int, classes)
			for c, row := range head.weights {
				scores[c] = int(head.bias[c])
				for i, w := range row {
					scores[c] += int(w) * x[i]
				}
				if ours := im.scores.scale*int64(got.Scores[c]) + im.scores.offset; ours != int64(scores[c]) {
					t.Fatalf("trial %d, input %d: score %d is %d; want %d", trial, input, c, ours, scores[c])
				}
			}
			if want := slices.Index(scores, slices.Max(scores)); got.Class != want {
				t.Fatalf("trial %d, input %d: class %d; scores %v say %d", trial, input, got.Class, scores, want)
			}
		}
	}
	if negated == 0 || halved == 0 || twice == 0 {
		t.Errorf("%d negated rows, %d halved and %d doubled readouts; every case must occur", negated, halved, twice)
	}
}

// One neuron over two ±1 inputs with weights +1 and -1: sums -2, 0, 2.
func TestThresholdsByHand(t *testing.T) {
	shape := netspec.Spec{Inputs: []int{2}, Classes: 1, Layers: []netspec.Layer{{Shape: []int{1}}}}
	for _, c := range []struct {
		array container.Array
		in    Levels
		want  int32 // the neuron's integer threshold over bits: sums -1, 0, 1
	}{
		{container.FromInt32("hidden1.threshold", []int{1}, []int32{1}), Binary, 1},
		{container.FromFloat64("hidden1.threshold", []int{1}, []float64{0.25}), Binary, 1},
		{container.FromFloat64("hidden1.threshold", []int{1}, []float64{-0.75}), Binary, 0},
		{container.FromFloat32("hidden1.bias", []int{1}, []float32{-0.5}), Binary, 1},
		{container.FromFloat32("hidden1.bias", []int{1}, []float32{0.5}), Binary, 0},
		{container.FromInt64("hidden1.bias", []int{1}, []int64{-1}), Binary, 1},
		{container.FromInt64("hidden1.threshold", []int{1}, []int64{0}), Bipolar, 0},   // 2s >= 0
		{container.FromInt64("hidden1.threshold", []int{1}, []int64{1}), Bipolar, 1},   // 2s >= 1
		{container.FromInt64("hidden1.threshold", []int{1}, []int64{-3}), Bipolar, -1}, // 2s >= -3
	} {
		o := DefaultOptions()
		o.Inputs = c.in
		im, err := ImportNPZ("hand", []container.Array{c.array,
			container.FromInt8("hidden1.weight", []int{1, 2}, []int8{1, -1}), container.FromInt8("readout.weight", []int{1, 1}, []int8{1})}, shape, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := im.Network.Layers[0].Theta[0]; got != c.want {
			v := numbers{c.array}
			t.Errorf("%s %s over %s inputs: threshold %d; want %d", c.array.Name, v.show(0), c.in, got, c.want)
		}
	}
}

// A changed weight shows where it stands: row 3 of hidden1 is neuron 3.
func TestPerturbedWeightIsNamed(t *testing.T) {
	arrays, shape := golden(t, "bn_net")
	named := 0
	for column := range 16 {
		changed := slices.Clone(arrays)
		for k, a := range changed {
			if a.Name == "hidden1.weight" {
				w, _ := a.Float32s()
				w[3*16+column] *= -1
				changed[k] = container.FromFloat32(a.Name, a.Shape, w)
			}
		}
		im, err := ImportNPZ("bn_net", changed, shape, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Replay(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if r.First == nil {
			continue
		}
		named++
		if r.First.Layer != "hidden1" || r.First.Neuron != 3 || r.Counts[0].Differing == 0 || r.Differing < r.Counts[0].Differing {
			t.Errorf("column %d: first %v, counts %v; want hidden1, neuron 3", column, r.First, r.Counts)
		}
	}
	if named < 12 {
		t.Errorf("%d of 16 changed weights show over 64 samples; want most", named)
	}
}

func TestDifferenceText(t *testing.T) {
	for _, c := range []struct {
		d    Difference
		want string
	}{
		{Difference{Sample: 4, Array: "outputs.a", Layer: "a", Neuron: 7, Recorded: "-1", Network: 1}, `sample 4, layer "a", neuron 7: recorded -1, the network gives 1`},
		{Difference{Sample: 4, Array: "scores", Neuron: 2, Recorded: "0.5", Network: 3}, "sample 4, score 2: recorded 0.5, the network gives 3"},
		{Difference{Sample: 0, Array: "classes", Recorded: "1", Network: 0}, "sample 0, class: recorded 1, the network gives 0"},
	} {
		if got := c.d.String(); got != c.want {
			t.Errorf("%q; want %q", got, c.want)
		}
	}
}

func TestReplayEndsWithItsContext(t *testing.T) {
	arrays, shape := golden(t, "bn_net")
	im, err := ImportNPZ("bn_net", arrays, shape, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if r, err := im.Replay(ctx); err != context.Canceled {
		t.Errorf("%v, %v; want the context's error", r, err)
	}
}

// Masks of a pattern hold imported weights to their places.
func TestMaskedLayer(t *testing.T) {
	shape := netspec.Spec{Inputs: []int{2, 2}, Classes: 1, Layers: []netspec.Layer{{Name: "a", Shape: []int{2, 2}, Pattern: netspec.Pattern{Kind: netspec.OneToOne}}}}
	weights := []int8{1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}
	read := func() error {
		_, err := ImportNPZ("masked", []container.Array{
			container.FromInt8("a.weight", []int{4, 4}, weights), container.FromInt8("a.threshold", []int{4}, make([]int8, 4)),
			container.FromInt8("readout.weight", []int{1, 4}, []int8{1, 1, 1, 1})}, shape, DefaultOptions())
		return err
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	weights[1*4+2] = -1
	want := `masked: array "a.weight": row 1, column 2 is -1; by the pattern of layer "a" neuron 1 does not listen to input 2; set it to 0 or change the pattern`
	if err := read(); err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Inputs = "" }, `inputs ""; want binary (0 and 1) or bipolar (-1 and +1)`},
		{func(o *Options) { o.Activation = "sign" }, `activation "sign"; want binary`},
		{func(o *Options) { o.Eps = -1 }, "eps -1; want a small number"},
		{func(o *Options) { o.Eps = float32(math.NaN()) }, "eps NaN; want a small number"},
	} {
		o := DefaultOptions()
		c.change(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %s", err, c.want)
		}
	}
}

// Neurons with a potential take plain thresholds.
func TestIntegrateAndFire(t *testing.T) {
	shape := netspec.Spec{Inputs: []int{1}, Classes: 1, Steps: 3, Layers: []netspec.Layer{{Name: "a", Shape: []int{1}, Model: ternary.IF, Reset: ternary.Subtract}}, Readout: netspec.Readout{Mode: ternary.Count}}
	arrays := []container.Array{container.FromInt8("a.weight", []int{1, 1}, []int8{1}), container.FromInt8("a.threshold", []int{1}, []int8{2}),
		container.FromInt8("inputs", []int{1, 1}, []int8{1}), container.FromInt8("scores", []int{1, 1}, []int8{1})} // 1, 2: fires, 1
	im, err := ImportNPZ("if", arrays, shape, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := im.Replay(context.Background()); err != nil || r.Differing != 0 || r.Compared() != 1 {
		t.Errorf("%+v, %v; want one score and no difference", r, err)
	}
	arrays[1].Name = "a.bias"
	if _, err := ImportNPZ("if", arrays, shape, DefaultOptions()); err == nil || !strings.Contains(err.Error(), "give them a threshold") {
		t.Errorf("a bias for if neurons: %v", err)
	}
}
