package interop

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"tritloom/internal/container"
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
		o := DefaultOptions()
		if bipolar {
			o.Inputs, o.Activation = Bipolar, Bipolar
		}
		im, err := ImportNPZ("fuzz", arrays, shape, o)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzz: ") || strings.Contains(err.Error(), "\n") || len(err.Error()) > 8000 {
				t.Errorf("refused with %q; want one line that starts with the name", err)
			}
			return
		}
		if err := im.Network.Validate(); err != nil {
			t.Fatal(err)
		}
		if len(im.Network.Layers)*im.recorded.samples*im.Network.Steps > 1<<10 {
			return // the plain evaluator takes its time
		}
		r, err := im.Replay(context.Background())
		if err != nil || (r.First == nil) != (r.Differing == 0) || r.Differing > r.Compared() {
			t.Errorf("replay: %+v, %v", r, err)
		}
		if _, err := ExportNPZ(im.Network, "fuzz"); err != nil {
			t.Errorf("accepted but not exported: %v", err)
		}
	})
}
