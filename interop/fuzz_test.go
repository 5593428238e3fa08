package interop

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tritloom/internal/container"
	"tritloom/internal/seed"
	"tritloom/ternary/netspec"
)

// fuzzLimits keep the worst input cheap: an accepted network holds at most as
// many weights as there are bytes in TotalBytes.
func fuzzLimits() container.Limits {
	return container.Limits{FileBytes: 1 << 18, ArrayBytes: 1 << 18, TotalBytes: 1 << 19, Arrays: 64, HeaderBytes: 1 << 12, JSONBytes: 1 << 16, Dims: 4}
}

// packed is arrays as a file.
func packed(t testing.TB, arrays []container.Array) []byte {
	t.Helper()
	data, err := container.Encode(&container.File{Kind: exportKind, Header: []byte("{}"), Arrays: arrays})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// FuzzImport reads any file with any shape. Refusals are one line; what is
// accepted is a whole network that replays, and exports to itself.
func FuzzImport(f *testing.F) {
	arrays, shape := small()
	f.Add(packed(f, arrays), string(shape.YAML()), false)
	f.Add(packed(f, arrays[:8]), string(shape.YAML()), true)
	f.Add(packed(f, arrays[:8]), "inputs: [3]\nclasses: 2\nlayers: [{name: h, shape: [2], pattern: {kind: uniform, fan_in: 1}}]\n", false)
	f.Add([]byte("PK"), "inputs: [16777216]\nclasses: 2\nlayers: [{name: h, shape: [16777216]}]\n", false)
	for _, name := range []string{"bn_net", "ternary_net"} {
		arrays, shape := golden(f, name)
		f.Add(packed(f, arrays), string(shape.YAML()), name == "bn_net")
	}
	f.Fuzz(func(t *testing.T, data []byte, yaml string, bipolar bool) {
		arrays, err := container.DecodeForeign("fuzz", bytes.Clone(data), fuzzLimits())
		if err != nil {
			return // the container's own fuzzer looks at these
		}
		shape, err := netspec.ParseYAML("fuzz", []byte(yaml))
		if err != nil {
			if shape, err = ShapeOf("fuzz", arrays); err != nil {
				return
			}
		}
		tryImport(t, arrays, shape, bipolar)
	})
}

// tryImport holds an import to what every one must keep, and tells whether it
// was accepted.
func tryImport(t *testing.T, arrays []container.Array, shape netspec.Spec, bipolar bool) bool {
	t.Helper()
	o := DefaultOptions()
	if bipolar {
		o.Inputs, o.Activation = Bipolar, Bipolar
	}
	im, err := ImportNPZ("fuzz", arrays, shape, o)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "fuzz: ") || strings.Contains(err.Error(), "\n") || len(err.Error()) > 8000 {
			t.Errorf("refused with %q; want one line that starts with the name", err)
		}
		return false
	}
	if err := im.Network.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(im.Network.Layers)*im.recorded.samples*im.Network.Steps > 1<<10 {
		return true // the plain evaluator takes its time
	}
	r, err := im.Replay(context.Background())
	if err != nil || (r.First == nil) != (r.Differing == 0) || r.Differing > r.Compared() {
		t.Errorf("replay: %+v, %v", r, err)
	}
	if _, err := ExportNPZ(im.Network, "fuzz"); err != nil {
		t.Errorf("accepted but not exported: %v", err)
	}
	return true
}

// A fuzzer's bytes seldom get past a zip's checksums, so here the arrays
// themselves are damaged, a thousand times.
func TestThousandDamagedFiles(t *testing.T) {
	r := seed.Stream(7, seed.TestInput)
	accepted := 0
	for trial := range 1000 {
		arrays, shape := small()
		if trial%2 == 1 {
			arrays, shape = golden(t, "ternary_net")
		}
		for range 1 + r.IntN(2) {
			arrays = damaged(r, arrays)
		}
		if _, err := container.DecodeForeign("fuzz", packed(t, arrays), fuzzLimits()); err != nil {
			t.Fatalf("trial %d: %v; the damage must be in what the arrays mean", trial, err)
		}
		if tryImport(t, arrays, shape, trial%10 == 9) {
			accepted++
		}
	}
	if accepted < 50 || accepted > 700 {
		t.Errorf("%d of 1000 damaged files are accepted; damage should be felt, and not always", accepted)
	}
}

// damaged changes one thing about one array.
func damaged(r *rand.Rand, arrays []container.Array) []container.Array {
	arrays = slices.Clone(arrays)
	k := r.IntN(len(arrays))
	a := &arrays[k]
	a.Data, a.Shape = slices.Clone(a.Data), slices.Clone(a.Shape)
	switch r.IntN(6) {
	case 0:
		return slices.Delete(arrays, k, k+1)
	case 1:
		a.Name += string(rune('a' + r.IntN(26)))
	case 2:
		slices.Reverse(a.Shape)
	case 3: // the same bytes as numbers of another type
		for _, d := range []container.Dtype{container.Uint8, container.Float32, container.Int64, container.Float64} {
			if d != a.Dtype && len(a.Data)%d.Size() == 0 {
				a.Dtype, a.Shape = d, []int{len(a.Data) / d.Size()}
				break
			}
		}
	default:
		if len(a.Data) > 0 {
			a.Data[r.IntN(len(a.Data))] ^= 1 << r.IntN(8)
		}
	}
	return arrays
}
