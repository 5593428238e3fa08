package netspec

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"tritloom/ternary"
)

func TestParse(t *testing.T) {
	s, err := Parse("784-100-50-10")
	if err != nil {
		t.Fatal(err)
	}
	want := Spec{Inputs: []int{784}, Classes: 10, Layers: []Layer{{Shape: []int{100}}, {Shape: []int{50}}}}
	if d := cmp.Diff(want, s); d != "" {
		t.Error(d)
	}
	for _, text := range []string{"784-100-50-10", "4-3"} {
		if s, err := Parse(text); err != nil || s.String() != text {
			t.Errorf("%s is written %s (%v)", text, s, err)
		}
	}
}

func TestHidden(t *testing.T) {
	for text, want := range map[string]string{"16,16": "4-16-16-3", "": "4-3", " 8": "4-8-3"} {
		if s, err := Hidden(text, 4, 3); err != nil || s.String() != want {
			t.Errorf("--hidden %q: %s (%v); want %s", text, s, err, want)
		}
	}
}

// Messages in full: they are what a user reads.
func TestMessages(t *testing.T) {
	build := func(s Spec, err error) error {
		if err == nil {
			_, _, err = s.Build(192, 10, 1)
		}
		return err
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{build(Parse("784-0-10")), "--net 784-0-10: width 2 is 0; want 1..16777216; give the layer neurons, or leave it out"},
		{build(Parse("784-x-10")), `--net 784-x-10: width 2 is "x"; want a whole number 1..16777216; write a width, or leave it out`},
		{build(Parse("784--10")), `--net 784--10: width 2 is ""; want a whole number 1..16777216; write a width, or leave it out`},
		{build(Parse("784")), "--net 784: one width; want at least inputs and classes, such as 784-100-10, or a file that ends in .yaml"},
		{build(Parse("784-100-10")), "--net starts with 784; the data encodes to 192 bits; write 192-100-10, or use --hidden 100"},
		{build(Parse("784-10")), "--net starts with 784; the data encodes to 192 bits; write 192-10"},
		{build(Parse("192-8-4-3")), "--net ends with 3; the data has 10 classes; write 192-8-4-10, or use --hidden 8,4"},
		{build(Hidden("16,-1", 192, 10)), "--hidden 16,-1: width 2 is -1; want 1..16777216; give the layer neurons, or leave it out"},
		{build(ParseYAML("n.yaml", []byte("max_fan_in: 128\nlayers:\n- shape: [8]\n"))),
			`layer 1 "hidden1": pattern Full: neuron 0 listens to 192 inputs; the chip allows 128; shrink the field or split the layer`},
		{build(ParseYAML("n.yaml", []byte("max_fan_in: 200\nlayers:\n- shape: [300]\n"))),
			`readout: pattern Full: neuron 0 listens to 300 inputs; the chip allows 200; shrink the field or split the layer`},
		{build(ParseYAML("n.yaml", []byte("layers:\n- shape: [8]\n  patern: {kind: full}\n"))),
			`n.yaml:3:3: unknown field "patern"; known here are name, shape, from, pattern, model, reset, leak; did you mean "pattern"?`},
		{build(ParseYAML("n.yaml", []byte("inputs: [28, 28]\nclasses: 10\nlayers:\n- {shape: [9, 9], pattern: {kind: rect, size: [11, 11]}}\n"))),
			"--net starts with 784; the data encodes to 192 bits; change inputs or classes of the file, or choose data and encoding of 784 bits and 10 classes"},
	} {
		if c.err == nil {
			t.Errorf("no error; want %s", c.want)
		} else if d := cmp.Diff(c.want, c.err.Error()); d != "" {
			t.Error(d)
		}
	}
}

func TestYAMLRefuses(t *testing.T) {
	for text, reason := range map[string]string{
		"layers: 3":                                                                          "n.yaml:1:1: layers holds",
		"layers:\n- shape: [0]":                                                              "shape [0]; want sizes from 1",
		"layers:\n- shape: [4096, 4097]":                                                     "at most 16777216",
		"layers:\n- shape: [1, 2, 3]":                                                        "has 3 sizes; want 1, 2 or 4",
		"layers:\n- name: a":                                                                 "no shape; give one",
		"layers:\n- {shape: [2], from: [b]}":                                                 `source "b" is no earlier layer`,
		"layers:\n- {shape: [2], name: input}":                                               "the name is taken",
		"layers:\n- {shape: [2], name: hidden2}\n- shape: [2]":                               "the name is taken",
		"layers:\n- {shape: [2], pattern: {kind: circle}}":                                   "known are full, one-to-one, rect, pool-tile, uniform",
		"layers:\n- {shape: [2], pattern: {kind: full, fan_in: 3}}":                          "takes no fan_in",
		"layers:\n- {shape: [2], pattern: {kind: uniform}}":                                  "fan_in is 0; want 1 or more",
		"layers:\n- {shape: [2], pattern: {kind: uniform, wrap: true}}":                      "takes no wrap",
		"layers:\n- {shape: [2, 2], pattern: {kind: rect}}":                                  "size y is 0",
		"layers:\n- {shape: [2, 2], pattern: {kind: rect, size: [2, -1]}}":                   "size x is -1",
		"layers:\n- {shape: [2, 2], pattern: {kind: rect, size: [2, 2], stride: [-1, 1]}}":   "stride y is -1",
		"layers:\n- {shape: [2, 2], pattern: {kind: rect, size: [2, 2], start: [0, 99999]}}": "start x is 99999",
		"layers:\n- {shape: [2], from: [input, input], pattern: {kind: one-to-one}}":         "only full and uniform take several",
		"readout: {mode: max}":                                                               `mode "max"`,
		"readout: {from: [x]}":                                                               `source "x" is no earlier layer`,
		"steps: -1":                                                                          "want neither below 0",
		"classes: -3":                                                                        "classes: -3",
		"layers: &a\n- shape: [2]":                                                           "n.yaml:1:9: net files do not use an anchor",
		"inputs: !00\n00":                                                                    "n.yaml:1:9: net files do not use a tag",
		"layers: " + strings.Repeat("[", 99):                                                 "nested too deep",
		"inputs: [2, 2, 2]":                                                                  "has 3 sizes",
		strings.Repeat("# x\n", 3e5):                                                         "bytes; allowed in a net file are",
	} {
		_, err := ParseYAML("n.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), reason) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: error %v; want one line with %q", text, err, reason)
		}
	}
}

// mask builds a one-layer net and gives its mask as rows of 0 and 1.
func mask(t *testing.T, text string, inputs int) []string {
	t.Helper()
	s, err := ParseYAML("n.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	net, masks, err := s.Build(inputs, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for j := range net.Layers[0].Outputs {
		row := make([]byte, inputs)
		for i := range row {
			row[i] = '0'
			if masks[0][j*inputs+i] {
				row[i] = '1'
			}
		}
		rows = append(rows, string(row))
	}
	return rows
}

func TestPatternsByHand(t *testing.T) {
	for _, c := range []struct {
		text   string
		inputs int
		want   []string
	}{
		{"layers: [{shape: [3], pattern: {kind: one-to-one}}]", 4, []string{"1000", "0100", "0010"}},
		// 2×2 fields over 3×3, stride 1: four corners.
		{"inputs: [3, 3]\nlayers: [{shape: [2, 2], pattern: {kind: rect, size: [2, 2]}}]", 9,
			[]string{"110110000", "011011000", "000110110", "000011011"}},
		// Stride 2 leaves the map: fields are clipped, they do not wrap.
		{"inputs: [3, 3]\nlayers: [{shape: [2, 2], pattern: {kind: rect, size: [2, 2], stride: [2, 2]}}]", 9,
			[]string{"110110000", "001001000", "000000110", "000000001"}},
		{"inputs: [3, 3]\nlayers: [{shape: [2, 2], pattern: {kind: rect, size: [2, 2], stride: [2, 2], wrap: true}}]", 9,
			[]string{"110110000", "101101000", "110000110", "101000101"}},
		// A field taller than wide, first over the edge: [y, x] order.
		{"inputs: [2, 3]\nlayers: [{shape: [1, 3], pattern: {kind: rect, size: [2, 1]}}]", 6, []string{"100100", "010010", "001001"}},
		{"inputs: [1, 3]\nlayers: [{shape: [1, 2], pattern: {kind: rect, size: [1, 2], start: [0, -1], stride: [1, 2]}}]", 3, []string{"100", "011"}},
		// Pools 1×3 of one unit, tile 1×2, to pools 1×2 of two units.
		{"inputs: [1, 3, 1, 1]\nlayers: [{shape: [1, 2, 1, 2], pattern: {kind: pool-tile, size: [1, 2]}}]", 3,
			[]string{"110", "110", "011", "011"}},
	} {
		if d := cmp.Diff(c.want, mask(t, c.text, c.inputs)); d != "" {
			t.Errorf("%s: %s", c.text, d)
		}
	}
}

func TestUniformFanIn(t *testing.T) {
	s, err := ParseYAML("n.yaml", []byte("max_fan_in: 128\nlayers:\n- {shape: [256], pattern: {kind: uniform, fan_in: 128}}\n- {shape: [128], pattern: {kind: uniform, fan_in: 128}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, masks, err := s.Build(784, 10, 7)
	if err != nil {
		t.Fatal(err)
	}
	for j := range 256 {
		n := 0
		for _, open := range masks[0][j*784 : (j+1)*784] {
			if open {
				n++
			}
		}
		if n != 128 {
			t.Fatalf("neuron %d listens to %d inputs", j, n)
		}
	}
	again, other := build(t, s, 7), build(t, s, 8)
	if d := cmp.Diff(masks, again); d != "" {
		t.Error("equal seeds give different masks")
	}
	if cmp.Equal(masks[0], other[0]) {
		t.Error("different seeds give one mask")
	}
}

func build(t *testing.T, s Spec, seed uint64) [][]bool {
	t.Helper()
	_, masks, err := s.Build(784, 10, seed)
	if err != nil {
		t.Fatal(err)
	}
	return masks
}

// Layers of one shape must not share a random mask.
func TestLayersHaveStreamsOfTheirOwn(t *testing.T) {
	s, err := ParseYAML("n.yaml", []byte("layers:\n- {shape: [20], pattern: {kind: uniform, fan_in: 7}}\n- {shape: [20], pattern: {kind: uniform, fan_in: 7}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, masks, err := s.Build(20, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(masks[0], masks[1]) {
		t.Error("two layers of one shape share a mask")
	}
}

// Link counts of emergent's patterns at the sizes people use.
func TestLinkCounts(t *testing.T) {
	for _, c := range []struct {
		text          string
		inputs, links int
	}{
		{"layers: [{shape: [8, 8], pattern: {kind: one-to-one}}]\ninputs: [28, 28]", 784, 64},
		{"inputs: [28, 28]\nlayers: [{shape: [9, 9], pattern: {kind: rect, size: [11, 11], stride: [2, 2]}}]", 784, 81 * 121},
		{"inputs: [14, 14, 2, 2]\nlayers: [{shape: [6, 6, 4, 4], pattern: {kind: pool-tile, size: [4, 4], stride: [2, 2]}}]", 784, 36864},
	} {
		if got := strings.Count(strings.Join(mask(t, c.text, c.inputs), ""), "1"); got != c.links {
			t.Errorf("%s: %d links; want %d", c.text, got, c.links)
		}
	}
}

func TestBuild(t *testing.T) {
	s, err := ParseYAML("n.yaml", []byte("steps: 4\nlayers:\n- {name: a, shape: [3], model: lif, reset: zero, leak: -1}\n- {name: b, shape: [2, 2], from: [input, a]}\nreadout: {mode: vote, from: [a, b]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	net, masks, err := s.Build(5, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := `inputs 5
steps 4
layer a dense from input lif reset zero leak -1
00000 >= 1
00000 >= 1
00000 >= 1
layer b dense from input a
00000000 >= 1
00000000 >= 1
00000000 >= 1
00000000 >= 1
readout readout vote from a b scores 2
`
	if d := cmp.Diff(want, net.Text()); d != "" {
		t.Error(d)
	}
	if len(masks) != 3 || masks[0] != nil || masks[1] != nil || masks[2] != nil {
		t.Errorf("masks %v; want three full ones", masks)
	}
	plain, _ := Parse("4-3")
	if net, _, err := plain.Build(4, 3, 1); err != nil || len(net.Layers) != 0 || net.Readout.From[0] != ternary.Input {
		t.Errorf("a net without hidden layer: %v", err)
	}
}

func TestBuildRefuses(t *testing.T) {
	for text, reason := range map[string]string{
		"layers: [{shape: [5], pattern: {kind: one-to-one}}]":                                 "neuron 4 listens to no input",
		"layers: [{shape: [5], pattern: {kind: uniform, fan_in: 5}}]":                         "fan_in is 5; want 1..4",
		"layers: [{shape: [5], pattern: {kind: rect, size: [1, 1]}}]":                         "want two sizes each",
		"layers: [{shape: [2, 2], pattern: {kind: pool-tile, size: [1, 1]}}]":                 "want four sizes each",
		"layers: [{shape: [100000]}, {shape: [100000], pattern: {kind: uniform, fan_in: 1}}]": "split the layer",
		"layers: [{shape: [16777216]}, {shape: [16777216]}]":                                  "split the layer",
		"layers: [{shape: [3], model: lif}]":                                                  `reset ""`,
		"layers: [{shape: [3]}]\nreadout: {mode: count}":                                      "count of 3 neurons into 2 scores",
	} {
		s, err := ParseYAML("n.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Build(4, 2, 1); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: error %v; want %q", text, err, reason)
		}
	}
	if _, _, err := (Spec{}).Build(4, 0, 1); err == nil || !strings.Contains(err.Error(), "0 classes") {
		t.Errorf("no classes: %v", err)
	}
}

const everything = `inputs: [14, 14, 2, 2]
classes: 10
steps: 3
max_fan_in: 128
layers:
- {name: tiles, shape: [6, 6, 4, 4], pattern: {kind: pool-tile, size: [4, 4], stride: [2, 2], start: [0, -1], wrap: true}}
- {shape: [100], from: [tiles, input], pattern: {kind: uniform, fan_in: 64}, model: lif, reset: subtract, leak: -2}
- {shape: [20, 5], pattern: {kind: one-to-one}}
readout: {mode: vote, from: [hidden3]}
`

func TestYAMLRoundTrip(t *testing.T) {
	for _, text := range []string{everything, "layers: [{shape: [3]}]", "{}", "inputs: [4]\nclasses: 3\nmax_fan_in: 4"} {
		s, err := ParseYAML("n.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseYAML("n.yaml", []byte(s.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		if d := cmp.Diff(s, back); d != "" {
			t.Errorf("%s\n%s", s, d)
		}
	}
}

var update = flag.Bool("update", false, "write net.schema.json anew")

func TestSchema(t *testing.T) {
	const file = "net.schema.json"
	if *update {
		if err := os.WriteFile(file, Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(published, Schema()) {
		t.Errorf("%s is not what the types say; run: go test ./ternary/netspec -update", file)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(published))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(file, document); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile(file)
	s, err := ParseYAML("n.yaml", []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		spec any
		ok   bool
	}{
		{s, true},
		{map[string]any{"layers": []any{map[string]any{"shape": []any{8}}}}, true},
		{map[string]any{"layers": []any{map[string]any{"shape": []any{8}, "patern": "full"}}}, false},
		{map[string]any{"layers": []any{map[string]any{"name": "no shape"}}}, false},
		{map[string]any{"readout": map[string]any{"mode": "max"}}, false},
	} {
		data, err := json.Marshal(v.spec)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != v.ok {
			t.Errorf("schema says %v to %s", err, data)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte("layers:\n- shape: [8]\n  patern: {kind: full}\n"))
	f.Add([]byte("inputs: [4]\nclasses: 3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseYAML("f.yaml", data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error of several lines: %q", err)
			}
			return
		}
		text := s.String()
		back, err := ParseYAML("f.yaml", []byte(text))
		if w, ok := s.widths(); ok {
			back, err = Parse(w)
		}
		if err != nil || back.String() != text {
			t.Fatalf("%q is written %q and read back as %q (%v)", data, text, back, err)
		}
	})
}
