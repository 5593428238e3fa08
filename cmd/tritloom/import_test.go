package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/internal/container"
	"tritloom/ternary"
)

const interopData = "../../testdata/interop/"

// command runs one command line in this process.
func command(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, streams{out: &stdout, err: &stderr, getenv: func(string) string { return "" }})
	return code, stdout.String(), stderr.String()
}

func TestImportThenExport(t *testing.T) {
	folder := t.TempDir()
	net, arrays, again := filepath.Join(folder, "net.npz"), filepath.Join(folder, "arrays.npz"), filepath.Join(folder, "again.npz")
	for _, name := range []string{"bn_net", "ternary_net"} {
		code, out, errs := command(t, "import", "npz", interopData+name+".npz", "--net", interopData+name+".yaml", "-o", net)
		if code != exitOK || !strings.Contains(out, "\n0 differing outputs over 64 samples, of ") {
			t.Fatalf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		if code, out, errs := command(t, "export", "npz", net, "-o", arrays); code != exitOK || !strings.HasPrefix(out, "read back and equal to ") {
			t.Fatalf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		if code, out, errs := command(t, "import", "npz", arrays, "-o", again); code != exitOK || !strings.Contains(out, "nothing was recorded") {
			t.Fatalf("%s: exit %d\n%s%s", name, code, out, errs)
		}
		first, err := ternary.ReadFile(net)
		if err != nil {
			t.Fatal(err)
		}
		second, err := ternary.ReadFile(again)
		if err != nil {
			t.Fatal(err)
		}
		if d := ternary.Diff(first, second); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// One weight of hidden1, row 5, is turned round in a copy of the file.
func TestImportNamesAPerturbedWeight(t *testing.T) {
	folder := t.TempDir()
	arrays, err := container.ReadForeign(interopData+"bn_net.npz", container.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for k, a := range arrays {
		if a.Name == "hidden1.weight" {
			w, _ := a.Float32s()
			w[5*16+2] *= -1
			arrays[k] = container.FromFloat32(a.Name, a.Shape, w)
		}
	}
	file, net := filepath.Join(folder, "perturbed.npz"), filepath.Join(folder, "net.npz")
	if err := container.WriteFile(file, &container.File{Kind: "arrays", Header: []byte("{}"), Arrays: arrays}); err != nil {
		t.Fatal(err)
	}
	code, out, errs := command(t, "import", "npz", file, "--net", interopData+"bn_net.yaml", "-o", net, "--json")
	var info importInfo
	if err := json.Unmarshal([]byte(out), &info); err != nil {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	if d := info.FirstDifference; code != exitFailed || d == nil || d.Layer != "hidden1" || d.Neuron != 5 || info.DifferingOutputs < 1 || info.SamplesReplayed != 64 || info.Folded != 22 {
		t.Errorf("exit %d, %+v; want exit 1 and a first difference at hidden1, neuron 5", code, info)
	}
	code, out, _ = command(t, "import", "npz", file, "--net", interopData+"bn_net.yaml", "-o", net)
	if code != exitFailed || !strings.Contains(out, `, layer "hidden1", neuron 5: recorded `) || !strings.HasSuffix(out, "no network was written\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if _, err := os.Stat(net); err == nil {
		t.Error("a network that differs was written")
	}
}

func TestImportFlags(t *testing.T) {
	folder := t.TempDir()
	net := filepath.Join(folder, "net.npz")
	file := []string{"import", "npz", interopData + "ternary_net.npz", "--net", interopData + "ternary_net.yaml", "-o", net}
	if code, out, errs := command(t, append(file, "--encode", "thermometer=3,7")...); code != exitOK {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	n, err := ternary.ReadFile(net)
	if err != nil || len(n.Encoder.Features) != 10 || n.Encoder.Width() != 20 {
		t.Errorf("encoder %s (%v); want 10 features of 2 bits", n.Encoder.String(), err)
	}
	for _, c := range []struct{ flags, want string }{
		{"--encode threshold", "--encode threshold finds its cuts in training data"},
		{"--encode thermometer=1,2,3", "makes 3 bits a feature; the network's 20 inputs are no multiple"},
		{"--eps 0", `--eps "0"; want a small number above 0`},
		{"--eps 1e99", `--eps "1e99"; want a small number`},
		{"--inputs both", "--inputs must be one of"},
		{"--inputs bipolar", "row 0, column 1 is 0; its levels are bipolar, -1 and 1"},
		{"--net 20-14-6-5", `array "readout.weight" has shape [4 6]; want [5 6]`},
		{"--net 20-14-5-4", `array "hidden2.kernel" has shape [14 6]; want [14 5]`},
	} {
		code, out, errs := command(t, append(file, strings.Fields(c.flags)...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d\n%s%s want %s", c.flags, code, out, errs, c.want)
		}
	}
}
