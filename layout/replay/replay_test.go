package replay

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/container"
	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
	"tritloom/layout"
)

// smallImage is a core whose columns 0 and 1 hear an input each.
const smallImage = `chip small typed-binary axons 4 neurons 3 mesh 2x1 gate off types 4 weight 9
inputs 2
layer out 2
readout class 0
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from input/1
row 0 100
row 1 110
column 0 spike >= 1 reset clear level 0 is out/0 weights 1,0,0,0
column 1 spike >= 1 reset clear level 0 is out/1 weights 1,0,0,0
input 0 to 0:0
input 1 to 0:1
`

func image(t testing.TB) *layout.Layout {
	t.Helper()
	l, err := layout.ParseText(smallImage)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func sound(t testing.TB) *Case {
	return &Case{
		Name: "two inputs", Layout: image(t), Ticks: 4, FirstTick: 1, Seed: 7,
		Stimuli:  []Spike{{0, 0, 0}, {1, 0, 1}, {3, 0, 0}, {3, 0, 0}},
		Outputs:  []Output{{0, 0, 5}, {0, 1, 2}},
		Expected: []Event{{1, 5}, {1, 2}, {3, 5}},
	}
}

// random draws a case; indexes are shared now and then.
func random(t testing.TB, r *rand.Rand) *Case {
	c := &Case{Name: fmt.Sprintf("random %d", r.IntN(100)), Layout: image(t), Ticks: 1 + r.IntN(9), Seed: r.Uint64(), Bitmap: r.IntN(2) == 0}
	c.FirstTick = r.IntN(c.Ticks)
	for range r.IntN(9) {
		c.Stimuli = append(c.Stimuli, Spike{int32(r.IntN(c.Ticks)), 0, int32(r.IntN(4))})
	}
	for n := range int32(r.IntN(3)) {
		c.Outputs = append(c.Outputs, Output{0, n, int32(r.IntN(3))})
	}
	for tick := c.FirstTick; tick < c.Ticks; tick++ {
		for index := range int32(r.IntN(4)) {
			c.Expected = append(c.Expected, Event{int32(tick), index})
		}
	}
	c.Sort()
	return c
}

func TestFileKeepsEverything(t *testing.T) {
	for i := range 60 {
		want := random(t, seed.Sub(1, seed.TestInput, i))
		data, err := want.Encode("test")
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		got, err := Decode("memory", data)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("case %d differs after reading (-written +read):\n%s", i, diff)
		}
		again, err := got.Encode("test")
		if err != nil || !bytes.Equal(data, again) || got.Hash() != want.Hash() {
			t.Fatalf("case %d: rewriting gives other bytes (%v)", i, err)
		}
	}
	path := filepath.Join(t.TempDir(), "case.npz")
	if err := sound(t).WriteFile(path, "test"); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFile(path); err != nil || cmp.Diff(sound(t), got) != "" {
		t.Errorf("written and read: %v", err)
	}
}

func TestValidateRefuses(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*Case)
	}{
		{"no layout", func(c *Case) { c.Layout = nil }},
		{"layout: 0 input bits", func(c *Case) { c.Layout.Inputs = 0 }},
		{`chip "small" has a wave gate`, func(c *Case) { c.Layout.Capabilities.Host.WaveGate = true }},
		{"want at most 200 bytes of printable text", func(c *Case) { c.Name = "two\nlines" }},
		{"0 ticks; want 1..16777216", func(c *Case) { c.Ticks = 0 }},
		{"compared from tick 4; the case runs ticks 0..3", func(c *Case) { c.FirstTick = 4 }},
		{"stimulus 3 goes to axon 4 of core 0 at tick 3; there are ticks 0..3 and 1 cores of 4 axons", func(c *Case) { c.Stimuli[3].Axon = 4 }},
		{"stimulus 3 goes to axon 0 of core 0 at tick 4", func(c *Case) { c.Stimuli[3].Tick = 4 }},
		{"stimulus 0 goes to axon 0 of core -1", func(c *Case) { c.Stimuli[0].Core = -1 }},
		{"stimuli 1 and 2 are out of order", func(c *Case) { c.Stimuli[1].Tick = 3; c.Stimuli[2].Tick = 2 }},
		{"output 1 is column 2 of core 0, which is no spiking column", func(c *Case) { c.Outputs[1].Column = 2 }},
		{"output 1 has index -1; want 0..16777215", func(c *Case) { c.Outputs[1].Index = -1 }},
		{"outputs 0 and 1 are out of order or one column", func(c *Case) { c.Outputs[1].Column = 0 }},
		{"recorded spike 0 has tick 0 and index 5; want ticks 1..3", func(c *Case) { c.Expected[0].Tick = 0 }},
		{"recorded spikes 1 and 2 are out of order (ticks 3 and 1, indexes 2 and 5)", func(c *Case) { c.Expected[1].Tick, c.Expected[2].Tick = 3, 1 }},
		{"recorded spikes 0 and 1 are out of order (ticks 1 and 1, indexes 5 and 2)", func(c *Case) { c.Bitmap = true }},
	} {
		bad := sound(t)
		c.change(bad)
		err := bad.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got error %v; want one line with %q", err, c.want)
		}
		if _, err := bad.Encode("test"); err == nil {
			t.Errorf("%s: encoded all the same", c.want)
		}
	}
	if err := sound(t).Validate(); err != nil {
		t.Error(err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*container.File)
	}{
		{`array "extra" is not part of a recording`, func(f *container.File) {
			f.Arrays = append(f.Arrays, container.FromUint8("extra", []int{1}, []uint8{1}))
		}},
		{`no array "layout"`, func(f *container.File) { f.Arrays = f.Arrays[1:] }},
		{`array "layout": 3 bytes`, func(f *container.File) { f.Arrays[0] = container.FromUint8("layout", []int{3}, []uint8{1, 2, 3}) }},
		{`array "stimuli" has shape [3]; want (rows, 3)`, func(f *container.File) {
			f.Arrays[1] = container.FromInt32("stimuli", []int{3}, []int32{0, 0, 0})
		}},
		{`replay header: json: unknown field "x"`, func(f *container.File) { f.Header = []byte(`{"x":1}`) }},
	} {
		f, err := sound(t).container("test")
		if err != nil {
			t.Fatal(err)
		}
		c.change(f)
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode("bad.npz", data); err == nil || !strings.HasPrefix(err.Error(), "bad.npz: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v; want it to start with the name and hold %q", err, c.want)
		}
	}
}

func TestSummary(t *testing.T) {
	const want = `recorded spikes "two inputs" on chip small, 1 cores
ticks             4, compared from tick 1
injected spikes   4
recorded columns  2
recorded spikes   3, in order
`
	if diff := cmp.Diff(want, sound(t).String()); diff != "" {
		t.Error(diff)
	}
}

// readBound is the most that reading a case of so many bytes allocates: the image
// is a file in a file.
func readBound(size int) uint64   { return 2<<20 + 128*uint64(size) }
func packedBound(size int) uint64 { return readBound(1032 * size) }

func TestThousandDamagedFiles(t *testing.T) {
	var good [][]byte
	for i := range 5 {
		data, err := random(t, seed.Sub(2, seed.TestInput, i)).Encode("test")
		if err != nil {
			t.Fatal(err)
		}
		good = append(good, data)
	}
	for _, c := range []struct {
		name        string
		edit        damage.Edit
		bound       func(int) uint64
		least, most int // accepted of a thousand
	}{
		{"any byte", damage.Bytes, readBound, 0, 100},
		{"behind the checksums", damage.Zip, packedBound, 0, 300},
		{"behind the hash", damage.Content, readBound, 50, 700},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader := damage.Reader{
				Good: good, Edits: []damage.Edit{c.edit}, Bound: c.bound,
				Random: func(trial int) *rand.Rand { return seed.Sub(3, seed.TestInput, trial) },
				Read: func(file []byte) error {
					_, err := Decode("damaged.npz", file)
					return err
				},
			}
			if accepted, _ := reader.Thousand(t); accepted < c.least || accepted > c.most {
				t.Errorf("%d damaged files accepted; want %d..%d", accepted, c.least, c.most)
			}
		})
	}
}

// FuzzDecode wants of any bytes an error of one line, or a case that is written
// back alike.
func FuzzDecode(f *testing.F) {
	data, err := sound(f).Encode("fuzz")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Decode("fuzz", data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error of several lines: %q", err)
			}
			return
		}
		again, err := c.Encode("fuzz")
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		if back, err := Decode("again", again); err != nil || back.Hash() != c.Hash() {
			t.Fatalf("written but not read alike: %v", err)
		}
	})
}
