package ternary

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/container"
	"tritloom/internal/seed"
)

// stories are networks of every form.
func stories(t testing.TB) []*Network {
	r := seed.Stream(4, seed.TestNetwork)
	nets := []*Network{
		parse(t, story),
		parse(t, "inputs 3\nalphabet -3 0 5\nlayer a dense from input input\n5 0 -3 0 0 5 >= -2\nreadout out vote from a input scores 2\n"),
		parse(t, "inputs 2\nreadout \"\" count from input scores 2\n"),
	}
	for range 20 {
		nets = append(nets, randomDense(r, r.IntN(4)), randomConv(r))
	}
	return nets
}

func TestFileRoundTrip(t *testing.T) {
	for _, n := range stories(t) {
		first, err := n.Encode("one")
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode("net.npz", first)
		if err != nil {
			t.Fatal(err)
		}
		if d := Diff(n, back); d != "" {
			t.Fatalf("%s in\n%s", d, n.Text())
		}
		if !bytes.Equal(n.Origin, back.Origin) {
			t.Errorf("origin %s is read as %s", n.Origin, back.Origin)
		}
		second, err := back.Encode("one")
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("what was read is written in other bytes (%v)", err)
		}
		if n.Hash() != back.Hash() || !strings.HasPrefix(n.Hash(), "sha256:") {
			t.Errorf("hash %s is read as %s", n.Hash(), back.Hash())
		}
		other, _ := n.Encode("two")
		if f, err := container.Decode("", other, Kind, container.DefaultLimits()); err != nil || f.Hash() != n.Hash() {
			t.Errorf("the tool's version changes the hash (%v)", err)
		}
	}
}

func TestHashSeesEveryWeight(t *testing.T) {
	n := parse(t, story)
	seen := map[string]bool{n.Hash(): true}
	for _, w := range []*int8{&n.Layers[0].Weights[3], &n.Layers[4].Weights[0], &n.Readout.Weights[11]} {
		*w = 0
		seen[n.Hash()] = true
	}
	n.Layers[0].Theta[15]++
	seen[n.Hash()] = true
	if len(seen) != 5 {
		t.Errorf("%d hashes of 5 networks", len(seen))
	}
}

func TestWriteFile(t *testing.T) {
	n, path := parse(t, story), filepath.Join(t.TempDir(), "net.npz")
	if err := n.WriteFile(path, "test"); err != nil {
		t.Fatal(err)
	}
	back, err := ReadFile(path)
	if err != nil || !n.Equal(back) {
		t.Fatalf("read back: %v", err)
	}
	n.Steps = 0
	if err := n.WriteFile(path, "test"); err == nil {
		t.Error("an invalid network is written")
	}
	if back, err := ReadFile(path); err != nil || back.Steps != 2 {
		t.Errorf("a refused write touched the file: %v", err)
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.npz")); err == nil || !strings.Contains(err.Error(), "none.npz") {
		t.Errorf("a missing file: %v", err)
	}
	n.Steps, n.Readout.Name = 2, "\xff"
	if _, err := n.Encode(""); err == nil || !strings.Contains(err.Error(), "not UTF-8") {
		t.Errorf("a name of odd bytes: %v", err)
	}
}

// The bytes of the planes, by hand: row + - 0 + + - - - + has plus bits
// 0, 3, 4, 8 and minus bits 1, 5, 6, 7.
func TestPlanesByHand(t *testing.T) {
	n := parse(t, "inputs 9\nreadout out sum from input\n+-0++---+ + -2\n")
	f, err := n.file("")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range f.Arrays {
		names = append(names, a.Name)
		switch a.Name {
		case "readout.plus":
			if d := cmp.Diff([]byte{0b00011001, 0b1}, a.Data); d != "" || !cmp.Equal(a.Shape, []int{1, 2}) {
				t.Errorf("plus plane of shape %v: %s", a.Shape, d)
			}
		case "readout.minus":
			if d := cmp.Diff([]byte{0b11100010, 0}, a.Data); d != "" {
				t.Errorf("minus plane: %s", d)
			}
		case "readout.bias":
			if d := cmp.Diff([]byte{0xfe, 0xff, 0xff, 0xff}, a.Data); d != "" {
				t.Errorf("bias: %s", d)
			}
		}
	}
	if d := cmp.Diff([]string{"readout.minus", "readout.plus", "readout.bias"}, names); d != "" {
		t.Error(d)
	}
}

// array finds an array to damage.
func array(f *container.File, name string) *container.Array {
	a, err := f.Array(name)
	if err != nil {
		panic(err)
	}
	return a
}

// edit changes the header's text.
func edit(f *container.File, from, to string) {
	changed := strings.Replace(string(f.Header), from, to, 1)
	if changed == string(f.Header) {
		panic("no " + from + " in " + changed)
	}
	f.Header = json.RawMessage(changed)
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct {
		damage func(f *container.File)
		reason string
	}{
		{func(f *container.File) { array(f, "layer0.plus").Data[0] |= 1 << 1 }, "the weight of row 0, input 1 is both +1 and -1"},
		{func(f *container.File) { array(f, "layer0.minus").Data[1] |= 1 << 4 }, `array "layer0.minus": row 1 has bits beyond its 4 weights`},
		{func(f *container.File) { f.Arrays = f.Arrays[1:] }, `no array "layer0.minus"`},
		{func(f *container.File) {
			f.Arrays = append(f.Arrays, container.FromInt32("extra", []int{1}, []int32{1}))
		}, "16 arrays; the header calls for 15"},
		{func(f *container.File) { a := array(f, "layer0.theta"); a.Shape[0], a.Data = 31, a.Data[:31*4] }, `array "layer0.theta" has shape [31]; the header calls for [32]`},
		{func(f *container.File) {
			*array(f, "layer0.theta") = container.FromInt8("layer0.theta", []int{32}, make([]int8, 32))
		}, `"layer0.theta"`},
		{func(f *container.File) { edit(f, `"inputs":18`, `"inputs":0`) }, "0 inputs; want 1.."},
		{func(f *container.File) { edit(f, `"inputs":18`, `"inputs":19`) }, "sources give 19 bits"},
		{func(f *container.File) { edit(f, `"steps":2`, `"steps":0`) }, "0 steps"},
		{func(f *container.File) { edit(f, `"steps":2`, `"stepps":2`) }, `unknown field "stepps"`},
		{func(f *container.File) { edit(f, `"steps":2`, `"steps":"2"`) }, "cannot unmarshal"},
		{func(f *container.File) { edit(f, `"from":[-1]`, `"from":[5]`) }, `layer 0 "c1": source 5`},
		{func(f *container.File) { edit(f, `"op":"concat"`, `"op":"median"`) }, `operation "median"`},
		{func(f *container.File) { edit(f, `"alphabet":[-1,0,1]`, `"alphabet":[-2,0,1]`) }, `no array "layer0.weights"`},
		{func(f *container.File) { edit(f, `"alphabet":[-1,0,1]`, `"alphabet":[0,1]`) }, "the alphabet is [0 1]"},
		{func(f *container.File) { edit(f, `"from":[5,6]`, `"from":[9]`) }, `readout "out": source 9`},
		{func(f *container.File) {
			edit(f, `"op":"concat","from":[1,2,-1],"outputs":28`, `"op":"concat","from":[1,2,-1],"outputs":28,"map":{"channels":1}`)
		}, "has no feature map"},
		{func(f *container.File) { f.Kind = "layout" }, "layout"},
	} {
		f, err := parse(t, story).file("test")
		if err != nil {
			t.Fatal(err)
		}
		c.damage(f)
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Decode("bad.npz", data)
		if err == nil || !strings.HasPrefix(err.Error(), "bad.npz: ") || !strings.Contains(err.Error(), c.reason) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v; want one line of bad.npz with %q", err, c.reason)
		}
	}
}

// A header may claim 10^12 weights; nobody takes memory for them.
func TestClaimsTakeNoMemory(t *testing.T) {
	for _, change := range [][2]string{
		{`"outputs":3}`, `"outputs":16000000}`},
		{`"inputs":3,`, `"inputs":16000000,`},
		{`"outputs":3}`, `"outputs":1000000000000}`},
	} {
		f, err := parse(t, "inputs 3\nreadout out sum from input\n+-0 + 0\n000 + 0\n+++ + 0\n").file("")
		if err != nil {
			t.Fatal(err)
		}
		edit(f, change[0], change[1])
		data, err := container.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = Decode("big.npz", data)
		runtime.ReadMemStats(&after)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line", change[1], err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
			t.Errorf("%s: took %d bytes to refuse it", change[1], taken)
		}
	}
}

func TestTruncatedAndFlipped(t *testing.T) {
	data, err := parse(t, story).Encode("test")
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut < len(data); cut += 97 {
		if _, err := Decode("cut.npz", data[:cut]); err == nil {
			t.Fatalf("%d of %d bytes are read as a network", cut, len(data))
		}
	}
	for at := 0; at < len(data); at += 13 {
		damaged := bytes.Clone(data)
		damaged[at] ^= 1 << (at % 8)
		n, err := Decode("flip.npz", damaged)
		if err == nil && !n.Equal(parse(t, story)) {
			t.Fatalf("bit %d of byte %d changes the network and nobody sees it", at%8, at)
		}
	}
}

func TestHashPanicsOnInvalid(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an invalid network has a hash")
		}
	}()
	(&Network{}).Hash()
}

func FuzzDecode(f *testing.F) {
	for _, n := range stories(f)[:6] {
		data, err := n.Encode("fuzz")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Decode("fuzz.npz", data)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error of several lines: %q", err)
			}
			return
		}
		again, err := n.Encode("fuzz")
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := Decode("fuzz.npz", again)
		if err != nil || Diff(n, back) != "" || back.Hash() != n.Hash() {
			t.Fatalf("what was written is not what was read: %v", err)
		}
	})
}

func BenchmarkFile(b *testing.B) {
	n := parse(b, "inputs 3\nreadout out sum from input\n+-0 + 0\n")
	r := seed.Stream(1, seed.TestNetwork)
	n.Inputs, n.Readout.Outputs = 784, 512
	n.Readout.Weights, n.Readout.Bias = randomWeights(r, 784*512), make([]int32, 512)
	data, err := n.Encode("")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("direction=write/net=784-512", func(b *testing.B) {
		for b.Loop() {
			n.Encode("")
		}
		b.ReportMetric(float64(b.N)*784*512/b.Elapsed().Seconds(), "weights/s")
	})
	b.Run("direction=read/net=784-512", func(b *testing.B) {
		for b.Loop() {
			Decode("", data)
		}
		b.ReportMetric(float64(b.N)*784*512/b.Elapsed().Seconds(), "weights/s")
	})
}
