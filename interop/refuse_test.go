package interop

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tritloom/internal/container"
	"tritloom/ternary/netspec"
)

// small is a network of one batch-normed layer of two neurons over three
// inputs, with a recording; it is imported before it is spoilt.
func small() ([]container.Array, netspec.Spec) {
	one := []float32{1, 1}
	return []container.Array{
			container.FromFloat32("h.weight", []int{2, 3}, []float32{1, -1, 0, 0, 1, 1}),
			container.FromFloat32("h.bn.gamma", []int{2}, one), container.FromFloat32("h.bn.beta", []int{2}, []float32{0, 0}),
			container.FromFloat32("h.bn.mean", []int{2}, []float32{0.5, 0.5}), container.FromFloat32("h.bn.var", []int{2}, one),
			container.FromFloat32("h.bn.eps", nil, []float32{0}),
			container.FromInt8("readout.weight", []int{2, 2}, []int8{1, 0, 0, 1}), container.FromInt8("readout.bias", []int{2}, []int8{0, 1}),
			container.FromUint8("inputs", []int{1, 3}, []uint8{1, 0, 0}), container.FromUint8("outputs.h", []int{1, 2}, []uint8{1, 0}),
			container.FromInt64("scores", []int{1, 2}, []int64{1, 1}), container.FromInt64("classes", []int{1}, []int64{0}),
		},
		netspec.Spec{Inputs: []int{3}, Classes: 2, Layers: []netspec.Layer{{Name: "h", Shape: []int{2}}}}
}

func TestBadArraysAreRefused(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	f32 := func(name string, v ...float32) container.Array { return container.FromFloat32(name, []int{len(v)}, v) }
	f64 := func(name string, v ...float64) container.Array { return container.FromFloat64(name, []int{len(v)}, v) }
	text := func(name, s string) container.Array { return container.FromUint8(name, []int{len(s)}, []byte(s)) }
	for _, c := range []struct {
		name string
		put  container.Array // replaces or joins the arrays
		drop string          // leaves them, with every name that starts so
		want string
	}{
		{"missing weight", container.Array{}, "h.weight", `no array "h.weight" [2, 3] and no "h.kernel" [3, 2]; the file holds classes, h.bn.beta, h.bn.eps,`},
		{"missing variance", container.Array{}, "h.bn.var", `no array "h.bn.var"; the file holds classes, h.bn.beta`},
		{"missing rule", container.Array{}, "h.bn.", `layer "h" has no rule to fire by: give h.threshold, h.bias or h.bn.gamma`},
		{"missing eps", container.Array{}, "h.bn.eps", "add h.bn.eps or give --eps; PyTorch's default is 1e-5, Keras's 1e-3"},
		{"transposed", container.FromInt8("h.weight", []int{3, 2}, make([]int8, 6)), "", `array "h.weight" has shape [3 2]; want [2 3], [out, in]; arrays [in, out] are called h.kernel`},
		{"transposed kernel", container.FromInt8("h.kernel", []int{2, 3}, make([]int8, 6)), "h.weight", `array "h.kernel" has shape [2 3]; want [3 2], [in, out]; arrays [out, in] are called h.weight`},
		{"weight and kernel", container.FromInt8("h.kernel", []int{3, 2}, make([]int8, 6)), "", `arrays "h.weight" and "h.kernel"; give one`},
		{"latent weight", container.FromFloat32("h.weight", []int{2, 3}, []float32{1, 0, 0, 0, 0.43, 0}), "", `array "h.weight": row 1, column 1 is 0.43; want -1, 0 or +1 as whole numbers; apply sign`},
		{"large weight", container.FromInt32("h.weight", []int{2, 3}, []int32{1, 0, -2, 0, 0, 0}), "", `row 0, column 2 is -2; want -1, 0 or +1`},
		{"weight of 257", container.FromInt64("h.weight", []int{2, 3}, []int64{257, 0, 0, 0, 0, 0}), "", "row 0, column 0 is 257"},
		{"weight NaN", container.FromFloat32("h.weight", []int{2, 3}, []float32{nan, 0, 0, 0, 0, 0}), "", "row 0, column 0 is NaN"},
		{"huge weight", container.FromUint64("h.weight", []int{2, 3}, []uint64{math.MaxUint64, 0, 0, 0, 0, 0}), "", "is 18446744073709551615"},
		{"kernel place", container.FromInt8("h.kernel", []int{3, 2}, []int8{0, 0, 0, 7, 0, 0}), "h.weight", `array "h.kernel": row 1, column 1 is 7`},
		{"NaN", f32("h.bn.mean", 0, nan), "", `layer "h", neuron 1: array "h.bn.mean": item 1 is NaN; want a finite number; the training diverged`},
		{"infinite", f32("h.bn.gamma", inf, 0), "", `array "h.bn.gamma": item 0 is +Inf`},
		{"float64 kept", f64("h.bn.beta", 0.1, 0), "", `array "h.bn.beta": item 0 is 0.1, which float32 does not hold`},
		{"variance below 0", f32("h.bn.var", 1, -0.25), "", `array "h.bn.var": item 1 is -0.25; a variance is at least 0`},
		{"variance and eps 0", f32("h.bn.var", 0, 1), "", `layer "h", neuron 0: fold: batch norm with variance 0 + eps 0; want more than 0`},
		{"eps below 0", container.FromFloat64("h.bn.eps", nil, []float64{-1}), "", `array "h.bn.eps" is -1; want a small number from 0`},
		{"eps of two", f32("h.bn.eps", 0, 0), "", `array "h.bn.eps" has shape [2]; want [1], or one number`},
		{"threshold and batch norm", f32("h.threshold", 0, 0), "", `layer "h" has a threshold and a bias or batch norm`},
		{"threshold NaN", f32("h.threshold", 0, nan), "h.bn.", `layer "h", neuron 1: array "h.threshold" has NaN; want a finite number within`},
		{"threshold too large", f64("h.threshold", 3e9, 0), "h.bn.", `array "h.threshold" has 3e+09; want a finite number within ±2147483647`},
		{"thresholds too many", f32("h.threshold", 0, 0, 0), "h.bn.", `array "h.threshold" has shape [3]; want [2]`},
		{"levels", f32("h.levels", -1, 0), "", `array "h.levels" is [-1, 0]; want [0, 1] or [-1, 1]`},
		{"levels of one", f32("input.levels", 1), "", `array "input.levels" has shape [1]; want [2]: [0, 1] or [-1, 1]`},
		{"readout norm", f32("readout.bn.gamma", 1, 1), "", "the readout has a batch norm, which scales every class by a float"},
		{"readout bias", f32("readout.bias", 0.5, 0), "", `array "readout.bias": item 0 is 0.5; scores are whole numbers`},
		{"readout bias too large", f64("readout.bias", 1<<31, 0), "", "the bias of score 0 becomes 2147483648; want it within"},
		{"misspelt", f32("h.bais", 0, 0), "", `array "h.bais" has no meaning for this shape`},
		{"outputs left out", container.Array{}, "outputs", ""},
		{"inputs of other levels", container.FromInt8("inputs", []int{1, 3}, []int8{1, -1, 1}), "", `array "inputs": row 0, column 1 is -1; its levels are binary, 0 and 1`},
		{"outputs of other levels", container.FromInt8("outputs.h", []int{1, 2}, []int8{-1, 1}), "", `array "outputs.h": row 0, column 0 is -1; its levels are binary`},
		{"no inputs", container.Array{}, "inputs", `array "outputs.h" without "inputs" [samples, 3], which led to it; add them`},
		{"no samples", container.FromInt8("inputs", []int{0, 3}, nil), "", `array "inputs" has shape [0 3]; want [samples, 3], with at least one sample`},
		{"classes of other samples", container.FromInt8("classes", []int{2}, []int8{0, 1}), "", `array "classes" has shape [2]; want [1]`},
		{"class names", text("class_names", `{"a":1}`), "", `array "class_names": not the JSON it should be`},
		{"three class names", text("class_names", `["a","b","c"]`), "", "3 class names for 2 scores"},
		{"encoder", text("encoder", `{"scheme":"threshold","features":[{"on":[1]}]}`), "", "the encoder makes 1 bits; the network takes 3"},
		{"text after encoder", text("encoder", `{} {}`), "", `array "encoder": text after its JSON`},
		{"text of floats", f32("net_yaml", 1), "", `array "net_yaml" holds <f4, want |u1; save np.frombuffer`},
	} {
		arrays, shape := small()
		arrays = slices.DeleteFunc(arrays, func(a container.Array) bool {
			return a.Name == c.put.Name || c.drop != "" && strings.HasPrefix(a.Name, c.drop)
		})
		if c.put.Name != "" {
			arrays = append(arrays, c.put)
		}
		_, err := ImportNPZ("f.npz", arrays, shape, DefaultOptions())
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v; want it imported", c.name, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), "f.npz: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s:\n got %v\nwant f.npz: … %s", c.name, err, c.want)
		}
	}
}

// A gamma of 0 is no error: the neuron fires where beta >= 0, always or never.
func TestGammaZeroIsConstant(t *testing.T) {
	arrays, shape := small()
	arrays = slices.DeleteFunc(arrays, func(a container.Array) bool {
		return !strings.HasPrefix(a.Name, "h.") && !strings.HasPrefix(a.Name, "readout.")
	})
	arrays[1] = container.FromFloat32("h.bn.gamma", []int{2}, []float32{0, 0})
	arrays[2] = container.FromFloat32("h.bn.beta", []int{2}, []float32{0, -0.5})
	im, err := ImportNPZ("f.npz", arrays, shape, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if theta := im.Network.Layers[0].Theta; im.Layers[0].Constant != 2 || theta[0] != -1 || theta[1] != 3 {
		t.Errorf("thresholds %v, %d constant; want -1 (sums from -1: always) and 3 (sums to 2: never)", theta, im.Layers[0].Constant)
	}
}

func TestBadShapesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*netspec.Spec)
		want   string
	}{
		{"no inputs", func(s *netspec.Spec) { s.Inputs = nil }, "add both, such as inputs: [784] and classes: 10"},
		{"reserved", func(s *netspec.Spec) { s.Layers[0].Name = "readout" }, `layer 1 is called "readout", which names other arrays; rename the layer`},
		{"no layer of the file", func(s *netspec.Spec) { s.Layers[0].Name = "" }, `no array "hidden1.weight" [2, 3]`},
		{"huge", func(s *netspec.Spec) { s.Inputs, s.Layers[0].Shape = []int{1 << 24}, []int{1 << 24} }, `array "h.weight" has shape [2 3]; want [16777216 16777216]`},
		{"huge readout", func(s *netspec.Spec) { s.Classes = 1 << 24 }, `array "readout.weight" has shape [2 2]; want [16777216 2]`},
		{"unknown source", func(s *netspec.Spec) { s.Layers[0].From = []string{"x"} }, `source "x" is no earlier layer`},
		{"fan-in", func(s *netspec.Spec) { s.MaxFanIn = 2 }, "listens to 3 inputs; the chip allows 2"},
		{"steps", func(s *netspec.Spec) { s.Steps = 2 }, `array "outputs.h": the network takes 2 steps`},
	} {
		arrays, shape := small()
		c.change(&shape)
		if _, err := ImportNPZ("f.npz", arrays, shape, DefaultOptions()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
}

// A layer over both kinds of values has no sum over bits.
func TestMixedLevelsAreRefused(t *testing.T) {
	arrays, shape := small()
	shape.Readout.From = []string{"input", "h"}
	arrays[6] = container.FromInt8("readout.weight", []int{2, 5}, make([]int8, 10))
	o := DefaultOptions()
	o.Activation = Bipolar
	_, err := ImportNPZ("f.npz", arrays, shape, o)
	want := `f.npz: "readout" listens to binary and to bipolar values; give all its sources the same levels`
	if err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}

func TestShapeOf(t *testing.T) {
	text := func(s string) []container.Array {
		return []container.Array{container.FromUint8("net_yaml", []int{len(s)}, []byte(s))}
	}
	if shape, err := ShapeOf("f.npz", text("inputs: [2]\nclasses: 3\n")); err != nil || shape.Classes != 3 {
		t.Errorf("%v, %v; want 3 classes", shape, err)
	}
	for _, c := range []struct {
		arrays []container.Array
		want   string
	}{
		{nil, "f.npz: it carries no shape of its network (an array net_yaml); give one with --net"},
		{text("width: 3\n"), `f.npz: net_yaml:1:1: unknown field "width"`},
		{[]container.Array{container.FromInt8("net_yaml", []int{1}, []int8{1})}, `f.npz: array "net_yaml" holds |i1`},
	} {
		if _, err := ShapeOf("f.npz", c.arrays); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v; want %s", err, c.want)
		}
	}
}
