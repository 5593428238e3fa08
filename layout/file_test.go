package layout

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/container"
	"tritloom/internal/seed"
)

// randomImage makes a valid image that uses every field a file holds.
func randomImage(r *rand.Rand) *Layout {
	mode := imageModes[r.IntN(len(imageModes))]
	caps := textDefaults(mode)
	if mode == hwmodel.KBit {
		caps.Core.SynapseBits = 1 + r.IntN(MaxKBit)
		caps.Core.WeightBits = caps.Core.SynapseBits + r.IntN(2)
	}
	if mode == hwmodel.Differential {
		caps.Core.ConductanceSD1024, caps.Core.ADCBits = r.IntN(513), r.IntN(25)
	}
	caps.Core.Axons, caps.Core.Neurons = 1+r.IntN(20), 2+r.IntN(80)
	caps.Mesh.Width, caps.Mesh.Height = 3, 2
	caps.Host.WaveGate = r.IntN(2) == 0
	l := &Layout{
		Chip: "random", Capabilities: caps, Network: "sha256:0", Inputs: 1 + r.IntN(9),
		Layers:   []LayerLabel{{"hidden", 5}, {"hidden", 4}, {"two words", 3}},
		Readout:  LayerLabel{"class", 2},
		Classes:  []string{"ja", "nein \"doch\""},
		Schedule: Schedule{TicksPerInference: 4, InitiationInterval: 2},
	}
	for range l.Inputs {
		l.Encoder.Scheme = encode.Threshold
		l.Encoder.Features = append(l.Encoder.Features, encode.Feature{Decimals: 1, On: []int64{r.Int64N(99)}})
	}
	cores := 1 + r.IntN(4)
	for c := range cores {
		core := NewCore(caps.Core)
		core.X, core.Y = c%3, c/3
		for a := range core.Axons {
			if r.IntN(4) > 0 {
				core.Axons[a].Label = Label{int32(r.IntN(4) - 1), 0}
				core.Axons[a].Type = uint8(r.IntN(caps.Core.AxonTypes))
			}
		}
		for n := range core.Columns {
			core.Columns[n] = randomColumn(r, caps, cores, c, n)
		}
		for a := range core.Axons {
			for n := range core.Columns {
				if core.Axons[a].Label != NoLabel && core.Columns[n].Role != Unused {
					if p := r.IntN(4); p < len(core.Planes) {
						core.Planes[p].Put(a, n, true)
					}
				}
			}
		}
		l.Cores = append(l.Cores, core)
	}
	l.InputMap = []InputEntry{{0, 0, 0, 0}, {int32(l.Inputs - 1), int32(cores - 1), 0, 3}}
	l.Schedule.Controls = []Control{{1, 0, 0}}
	for n := range l.Cores[0].Columns {
		if l.Cores[0].Columns[n].Role == Score {
			l.OutputMap = append(l.OutputMap, OutputEntry{0, int32(n), 1})
			break
		}
	}
	return l
}

// randomColumn makes a column; senders send to the last column of the next
// core or of their own, which are scores.
func randomColumn(r *rand.Rand, caps hwmodel.Capabilities, cores, c, n int) Column {
	last := caps.Core.Neurons - 1
	column := UnusedColumn
	switch k := r.IntN(4); {
	case n == last:
		column.Role, column.Leak = Score, int32(r.IntN(9)-4)
	case n == 0:
		column.Role, column.Psum = Sender, Link{int32((c + 1) % cores), int32(last)}
	case k == 0:
		return column
	default:
		column.Role, column.Reset = Spiking, Reset(r.IntN(3))
		column.Theta, column.Leak = int32(r.IntN(2000)-1000), int32(r.IntN(9)-4)
		for d := range int32(r.IntN(4)) {
			column.Dests = append(column.Dests, Dest{int32(r.IntN(cores)), int32(r.IntN(caps.Core.Axons)), 1 + d})
		}
		slices.SortFunc(column.Dests, compareDests)
	}
	column.Level = int32(r.IntN(4))
	column.Label = Label{int32(r.IntN(4)), int32(r.IntN(2))}
	if caps.Core.SynapseMode == hwmodel.TypedBinary {
		for t := range column.TypeWeights {
			column.TypeWeights[t] = int32(r.IntN(512) - 256)
		}
	}
	return column
}

func TestFileKeepsEverything(t *testing.T) {
	for i := range 60 {
		want := randomImage(seed.Sub(1, seed.TestNetwork, i))
		data, err := want.Encode("test")
		if err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		got, err := Decode("memory", data)
		if err != nil {
			t.Fatalf("image %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("image %d differs after reading (-written +read):\n%s", i, diff)
		}
		again, err := got.Encode("test")
		if err != nil || !bytes.Equal(data, again) {
			t.Fatalf("image %d: rewriting gives other bytes (%v)", i, err)
		}
		if got.Hash() != want.Hash() {
			t.Fatalf("image %d: hash changed by reading", i)
		}
	}
}

func TestTextKeepsEverything(t *testing.T) {
	for i := range 60 {
		want := randomImage(seed.Sub(2, seed.TestNetwork, i))
		got, err := ParseText(want.Text())
		if err != nil {
			t.Fatalf("image %d: %v\n%s", i, err, want.Text())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("image %d differs after reading (-written +read):\n%s", i, diff)
		}
	}
}

// TestHash pins what the hash covers: not the tool, but any cell.
func TestHash(t *testing.T) {
	l := randomImage(seed.Stream(3, seed.TestNetwork))
	before := l.Hash()
	a, err := l.Encode("one tool")
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode("memory", a)
	if err != nil || read.Hash() != before {
		t.Errorf("hash depends on the tool (%v)", err)
	}
	l.Cores[0].Columns[len(l.Cores[0].Columns)-1].Leak++
	if l.Hash() == before {
		t.Error("a changed leak keeps the hash")
	}
}

func TestWriteReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "layout.npz")
	want := randomImage(seed.Stream(4, seed.TestNetwork))
	if err := want.WriteFile(path, "test"); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	bad := *want
	bad.Inputs = 0
	if err := bad.WriteFile(path+"2", "test"); err == nil {
		t.Error("an image without inputs was written")
	}
	if _, err := os.Stat(path + "2"); err == nil {
		t.Error("a refused image left a file behind")
	}
	if _, err := bad.Encode("test"); err == nil {
		t.Error("an image without inputs was encoded")
	}
}

// TestDecodeRefuses changes single arrays of a good file, hash and all, and
// wants an error that names the place.
func TestDecodeRefuses(t *testing.T) {
	base := func() *Layout {
		l, err := ParseText(smallText)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	replace := func(name string, a container.Array) func(*container.File) {
		return func(f *container.File) {
			old, err := f.Array(name)
			if err != nil {
				t.Fatal(err)
			}
			*old = a
		}
	}
	for _, c := range []struct {
		want   string
		change func(*container.File)
	}{
		{`no array "theta"`, func(f *container.File) {
			f.Arrays = slices.DeleteFunc(f.Arrays, func(a container.Array) bool { return a.Name == "theta" })
		}},
		{`array "extra" is not part`, func(f *container.File) {
			f.Arrays = append(f.Arrays, container.FromUint8("extra", []int{1}, []uint8{1}))
		}},
		{`array "leak" has shape [1 2]; want [1 3]`, replace("leak", container.FromInt32("leak", []int{1, 2}, []int32{0, 0}))},
		{`array "leak" holds <i8, want <i4`, replace("leak", container.FromInt64("leak", []int{1, 3}, []int64{0, 0, 0}))},
		{`core 0 column 1: role 258 is no such number`, replace("role", container.FromInt32("role", []int{1, 3}, []int32{0, 258, 0}))},
		{`role 7; known are 0..3`, replace("role", container.FromInt32("role", []int{1, 3}, []int32{7, 2, 3}))},
		{`plane "plus": row 1 has a bit beyond column 2`, replace("plus", container.FromUint8("plus", []int{1, 4, 1}, []uint8{0, 8, 0, 0}))},
		{`dest_start runs from 0 to 0; want 0 to 1`, replace("dest_start", container.FromInt64("dest_start", []int{4}, []int64{0, 1, 1, 0}))},
		{`dest_start falls from 2 to 1`, replace("dest_start", container.FromInt64("dest_start", []int{4}, []int64{0, 2, 1, 1}))},
		{`dest_start falls from 0 to -9`, replace("dest_start", container.FromInt64("dest_start", []int{4}, []int64{0, -9, 1, 1}))},
		{`array "axon_label" has shape [0 4 2]; want [1 4 2]`, replace("axon_label", container.FromInt32("axon_label", []int{0, 4, 2}, nil))},
		{`column 1: destination 0 is axon 3 of core 5; there are 1 cores of 4 axons; compile again`, replace("dest_core", container.FromInt32("dest_core", []int{1}, []int32{5}))},
		{`column 1: destination 0 has delay 99; the chip allows 1..15 ticks; compile again`, replace("dest_delay", container.FromInt32("dest_delay", []int{1}, []int32{99}))},
		{`core 0 is at 7,0; the mesh is 2×1, from 0,0 to 1,0; compile again`, replace("core_xy", container.FromInt32("core_xy", []int{1, 2}, []int32{7, 0}))},
		{`input map entry 0 puts input 0 on axon 9 of core 0 after 0 ticks; there are 2 inputs, 1 cores of 4 axons, delays 0..15; compile again`,
			replace("input_map", container.FromInt32("input_map", []int{2, 4}, []int32{0, 0, 9, 0, 1, 0, 1, 0}))},
		{`layout header: json: unknown field "x"`, func(f *container.File) { f.Header = []byte(`{"x":1}`) }},
		{`capabilities.core.axons = 0`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"axons":4`), []byte(`"axons":0`), 1)
		}},
		{`array "plus" has shape [1 4 1]; want [1 65536 1]`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"axons":4`), []byte(`"axons":65536`), 1)
		}},
		{`has no array "bit0"`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"ternary"`), []byte(`"kbit"`), 1)
		}},
		{`array "minus" is not part of a layout file`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"ternary"`), []byte(`"kbit"`), 1)
			for k := range 2 {
				f.Arrays = append(f.Arrays, container.FromUint8(fmt.Sprintf("bit%d", k), []int{1, 4, 1}, make([]uint8, 4)))
			}
		}},
		{`kbit synapses of 17 bits; images hold 1..16 bits a weight`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"ternary","synapse_bits":2`), []byte(`"kbit","synapse_bits":17`), 1)
		}},
		{`synapse_mode = "quantum"; want "typed-binary"`, func(f *container.File) {
			f.Header = bytes.Replace(f.Header, []byte(`"ternary"`), []byte(`"quantum"`), 1)
		}},
	} {
		f := base().container("test")
		c.change(f)
		data, err := container.Encode(f)
		if err != nil {
			t.Fatalf("%s: %v", c.want, err)
		}
		_, err = Decode("bad.npz", data)
		if err == nil || !strings.HasPrefix(err.Error(), "bad.npz: ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line with %q", err, c.want)
		}
	}
}

// checkDecoded wants of any bytes an error of one line, or an image that is
// written back alike.
func checkDecoded(t *testing.T, data []byte) {
	l, err := Decode("fuzz", data)
	if err != nil {
		if strings.Contains(err.Error(), "\n") {
			t.Fatalf("error of several lines: %q", err)
		}
		return
	}
	again, err := l.Encode("fuzz")
	if err != nil {
		t.Fatalf("read but not written: %v", err)
	}
	back, err := Decode("again", again)
	if err != nil || back.Hash() != l.Hash() {
		t.Fatalf("written but not read alike: %v", err)
	}
}

// FuzzDecode changes bytes of whole files, which the content hash mostly
// stops.
func FuzzDecode(f *testing.F) {
	l, err := ParseText(smallText)
	if err != nil {
		f.Fatal(err)
	}
	data, err := l.Encode("fuzz")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(checkDecoded)
}

// FuzzDecodeCells changes single bytes of arrays and header and makes the hash
// good again, so that what lies behind it is reached: every four bytes of the
// input are an array, two of an offset, and the new value.
func FuzzDecodeCells(f *testing.F) {
	f.Add([]byte{0, 0, 0, 7})
	f.Add([]byte{255, 0, 40, '9', 3, 0, 1, 1})
	var bases []*Layout
	for i := range 4 {
		bases = append(bases, randomImage(seed.Sub(5, seed.TestNetwork, i)))
	}
	f.Fuzz(func(t *testing.T, edits []byte) {
		file := bases[len(edits)%len(bases)].container("fuzz")
		for ; len(edits) >= 4; edits = edits[4:] {
			cells := []byte(file.Header)
			if array := int(edits[0]); array < len(file.Arrays) {
				cells = file.Arrays[array].Data
			}
			if at := int(edits[1])<<8 | int(edits[2]); at < len(cells) {
				cells[at] = edits[3]
			}
		}
		data, err := container.Encode(file)
		if err != nil {
			return // the header is no JSON any more
		}
		checkDecoded(t, data)
	})
}

func ExampleLayout_Hash() {
	l, err := ParseText(smallText)
	fmt.Println(len(l.Hash()), err)
	// Output: 71 <nil>
}
