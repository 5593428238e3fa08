package container

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is the small file that most tests damage.
func sample() *File {
	return &File{
		Kind:   "network",
		Header: json.RawMessage(`{"layers":[2,1],"note":"a<b"}`),
		Tool:   "1.2.3",
		Arrays: []Array{
			FromUint8("plus", []int{2, 2}, []uint8{1, 2, 3, 4}),
			FromInt32("cut", []int{2}, []int32{1, -1}),
		},
	}
}

func encoded(t testing.TB, f *File) []byte {
	t.Helper()
	data, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sortedCopy is what Decode returns for f: arrays by name, header compact.
func sortedCopy(f *File) *File {
	return &File{Kind: f.Kind, Header: compact(f.Header), Tool: f.Tool, Arrays: f.sorted()}
}

func TestRoundTripOfEveryDtype(t *testing.T) {
	f := &File{Kind: "layout", Header: json.RawMessage(" { \"a\" : 1e400 , \"b\": \"\\u003c\" } "), Arrays: []Array{
		FromUint8("u1", []int{3}, []uint8{0, 128, 255}),
		FromInt8("i1", []int{1, 2}, []int8{-128, 127}),
		FromInt16("i2", []int{2}, []int16{math.MinInt16, math.MaxInt16}),
		FromInt32("i4", []int{2}, []int32{math.MinInt32, math.MaxInt32}),
		FromInt64("i8", []int{2}, []int64{math.MinInt64, math.MaxInt64}),
		FromUint64("u8", nil, []uint64{math.MaxUint64}),
		FromFloat32("f4", []int{2, 1}, []float32{-0.5, math.MaxFloat32}),
		FromFloat64("f8", []int{0, 7}, nil),
	}}
	got, err := Decode("f.npz", encoded(t, f), "layout", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := sortedCopy(f)
	want.Header = json.RawMessage(`{"a":1e400,"b":"\u003c"}`)
	for i := range want.Arrays {
		want.Arrays[i].Shape = append([]int{}, want.Arrays[i].Shape...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded file (-want +got):\n%s", diff)
	}
}

func TestDataIsLittleEndian(t *testing.T) {
	for _, c := range []struct {
		array Array
		want  []byte
	}{
		{FromInt16("x", []int{1}, []int16{-2}), []byte{0xfe, 0xff}},
		{FromInt32("x", []int{1}, []int32{0x01020304}), []byte{4, 3, 2, 1}},
		{FromUint64("x", []int{1}, []uint64{0x0102030405060708}), []byte{8, 7, 6, 5, 4, 3, 2, 1}},
		{FromFloat32("x", []int{1}, []float32{1}), []byte{0, 0, 0x80, 0x3f}},
		{FromFloat64("x", []int{1}, []float64{-2}), []byte{0, 0, 0, 0, 0, 0, 0, 0xc0}},
	} {
		if !bytes.Equal(c.array.Data, c.want) {
			t.Errorf("%s: data % x, want % x", c.array.Dtype, c.array.Data, c.want)
		}
	}
}

func TestItemsComeBack(t *testing.T) {
	roundTrip(t, []uint8{1, 255}, FromUint8, Array.Uint8s)
	roundTrip(t, []int8{-1, 7}, FromInt8, Array.Int8s)
	roundTrip(t, []int16{-300, 7}, FromInt16, Array.Int16s)
	roundTrip(t, []int32{-70000, 7}, FromInt32, Array.Int32s)
	roundTrip(t, []int64{-1 << 40, 7}, FromInt64, Array.Int64s)
	roundTrip(t, []uint64{1 << 63, 7}, FromUint64, Array.Uint64s)
	roundTrip(t, []float32{-0.5, 7}, FromFloat32, Array.Float32s)
	roundTrip(t, []float64{-0.1, 7}, FromFloat64, Array.Float64s)
}

func roundTrip[T item](t *testing.T, v []T, from func(string, []int, []T) Array, items func(Array) ([]T, error)) {
	t.Helper()
	a := from("x", []int{len(v)}, v)
	got, err := items(a)
	if err != nil || !cmp.Equal(v, got) {
		t.Errorf("%s: got %v, %v; want %v", a.Dtype, got, err, v)
	}
	a.Dtype = (a.Dtype + 1) % numDtypes
	_, err = items(a)
	wantError(t, err, fmt.Sprintf(`array "x" holds %s, want `, a.Dtype))
}

func TestItemsOfRaggedData(t *testing.T) {
	_, err := Array{Name: "x", Dtype: Int32, Data: []byte{1, 2, 3}}.Int32s()
	wantError(t, err, `array "x" has 3 bytes, want a multiple of 4`)
}

func TestArrayByName(t *testing.T) {
	f := sample()
	a, err := f.Array("cut")
	if err != nil || a != &f.Arrays[1] {
		t.Errorf("Array(cut) = %v, %v; want the file's own second array", a, err)
	}
	_, err = f.Array("minus")
	wantError(t, err, `network file has no array "minus"; it holds [cut plus]`)
	for i := range 12 {
		f.Arrays = append(f.Arrays, FromUint8(fmt.Sprintf("z%02d", i), []int{0}, nil))
	}
	_, err = f.Array("minus")
	wantError(t, err, "[cut plus z00 z01 z02 z03 z04 z05 z06 z07 z08 z09 and 2 more]")
}

// The digest was computed with Python's hashlib and struct from the description in
// the comment of File.Hash.
func TestHashIsPinned(t *testing.T) {
	const want = "sha256:79612647b3a3405ba572a8e616d0f614ef8bc2568c5ca970270b0359949e2873"
	if got := sample().Hash(); got != want {
		t.Errorf("hash %s, want %s: the hash form changed, which breaks every file ever written", got, want)
	}
}

func TestHashIgnoresToolOrderAndSpace(t *testing.T) {
	f := sample()
	f.Tool = "another"
	f.Arrays[0], f.Arrays[1] = f.Arrays[1], f.Arrays[0]
	f.Header = json.RawMessage("{ \"layers\": [2, 1],\n \"note\": \"a<b\" }")
	if f.Hash() != sample().Hash() {
		t.Error("tool version, order of arrays or white space changed the content hash")
	}
}

func TestHashSeesEverythingElse(t *testing.T) {
	changes := map[string]func(f *File){
		"kind":          func(f *File) { f.Kind = "layout" },
		"header":        func(f *File) { f.Header = json.RawMessage(`{"layers":[2,2],"note":"a<b"}`) },
		"name":          func(f *File) { f.Arrays[0].Name = "plut" },
		"dtype":         func(f *File) { f.Arrays[0].Dtype = Int8 },
		"shape":         func(f *File) { f.Arrays[0].Shape = []int{4, 1} },
		"axes":          func(f *File) { f.Arrays[0].Shape = []int{4} },
		"byte":          func(f *File) { f.Arrays[0].Data[3] = 5 },
		"one array":     func(f *File) { f.Arrays = f.Arrays[:1] },
		"header/array":  func(f *File) { f.Header = json.RawMessage(`{}`) },
		"name/dtype":    func(f *File) { f.Arrays[0].Name = "plus|u1" },
		"swapped bytes": func(f *File) { f.Arrays[0].Data[0], f.Arrays[0].Data[1] = 2, 1 },
	}
	seen := map[string]string{sample().Hash(): "the sample"}
	for name, change := range changes {
		f := sample()
		change(f)
		if other, taken := seen[f.Hash()]; taken {
			t.Errorf("changing the %s gives the hash of %s", name, other)
		}
		seen[f.Hash()] = name
	}
}

func TestEqualContentGivesEqualBytes(t *testing.T) {
	f := sample()
	f.Arrays[0], f.Arrays[1] = f.Arrays[1], f.Arrays[0]
	f.Header = json.RawMessage(`{ "layers":[2,1], "note":"a<b"}`)
	first, second := encoded(t, sample()), encoded(t, f)
	if !bytes.Equal(first, second) {
		t.Error("two encodings of equal content differ")
	}
	decoded, err := Decode("x", first, "", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, encoded(t, decoded)) {
		t.Error("decoding and encoding again changed the bytes")
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *File)
		want   string
	}{
		{"kind", func(f *File) { f.Kind = "Net/work" }, `kind "Net/work"; want lower-case letters`},
		{"header", func(f *File) { f.Header = json.RawMessage(`[1]`) }, `header "[1]"; want a JSON object`},
		{"no header", func(f *File) { f.Header = nil }, `header ""; want a JSON object`},
		{"huge header", func(f *File) { f.Header = json.RawMessage(`{` + strings.Repeat(" ", 16<<20) + `}`) }, "move data into arrays"},
		{"path name", func(f *File) { f.Arrays[0].Name = "../etc" }, `array name "../etc"`},
		{"empty name", func(f *File) { f.Arrays[0].Name = "" }, `array name ""; want 1 to 255 bytes`},
		{"reserved", func(f *File) { f.Arrays[0].Name = "header" }, `array name "header" is taken`},
		{"twice", func(f *File) { f.Arrays[0].Name = "cut" }, `array name "cut" is taken`},
		{"dtype", func(f *File) { f.Arrays[0].Dtype = 99 }, `array "plus": dtype Dtype(99); want one of |u1`},
		{"negative", func(f *File) { f.Arrays[0].Shape = []int{-2, -2} }, "want no negative axis"},
		{"axes", func(f *File) { f.Arrays[0].Shape = make([]int, 9) }, "9 axes; at most 8"},
		{"wrong size", func(f *File) { f.Arrays[0].Shape = []int{2, 3} }, "is 6 bytes, but the data has 4"},
		{"absurd axis", func(f *File) { f.Arrays[0].Shape = []int{0, 1 << 50} }, "at most 1073741824 bytes fit"},
		{"too many", func(f *File) { f.Arrays = make([]Array, 4096) }, "4096 arrays; at most 4095 fit"},
	} {
		f := sample()
		c.change(f)
		_, err := Encode(f)
		t.Run(c.name, func(t *testing.T) { wantError(t, err, c.want) })
	}
}

// wantError also checks that the message is one line of bearable length.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one that contains %q", err, want)
		return
	}
	if text := err.Error(); strings.Contains(text, "\n") || len(text) > 500 {
		t.Errorf("error is not one readable line: %q", text)
	}
}
