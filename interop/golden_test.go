package interop

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/container"
	"tritloom/ternary/netspec"
)

const goldenFolder = "../testdata/interop"

// golden reads one of the files that make_bn_net.py wrote.
func golden(t testing.TB, name string) ([]container.Array, netspec.Spec) {
	t.Helper()
	arrays, err := container.ReadForeign(filepath.Join(goldenFolder, name+".npz"), container.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(goldenFolder, name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	shape, err := netspec.ParseYAML(name+".yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return arrays, shape
}

// Hand count: bn_net has 12 + 10 neurons and 3 scores, ternary_net 14 + 6 and 4,
// and both record 64 samples with their classes.
func TestGoldenNetsAreReproduced(t *testing.T) {
	for _, c := range []struct {
		name                     string
		folded, compared, atMost int
		rules                    []Rule
	}{
		{"bn_net", 22, 64 * (22 + 3 + 1), 21, []Rule{FromBatchNorm, FromBatchNorm}},
		{"ternary_net", 0, 64 * (20 + 4 + 1), 19, []Rule{FromThreshold, FromBias}},
	} {
		arrays, shape := golden(t, c.name)
		im, err := ImportNPZ(c.name, arrays, shape, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Replay(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if r.Differing != 0 || r.First != nil || r.Samples != 64 || r.Compared() != c.compared || im.Folded() != c.folded {
			t.Errorf("%s: %d of %d outputs differ over %d samples, first %v, %d folded; want 0 of %d over 64, %d folded",
				c.name, r.Differing, r.Compared(), r.Samples, r.First, im.Folded(), c.compared, c.folded)
		}
		constant := 0
		for i, l := range im.Layers {
			constant += l.Constant
			if l.Thresholds != c.rules[i] {
				t.Errorf("%s: layer %s decides by %s; want %s", c.name, l.Name, l.Thresholds, c.rules[i])
			}
		}
		if constant > c.atMost/2 {
			t.Errorf("%s: %d neurons are constant; the file shows too little", c.name, constant)
		}
	}
}

// The files hold what the script's arithmetic says: the same steps, written
// here in Go with plain loops and float32.
func TestGoldenFilesHoldTheirArithmetic(t *testing.T) {
	draws := lcg(1)
	bn := draws.bnNet() // first, because the script draws it first
	for name, want := range map[string]map[string][]float64{"bn_net": bn, "ternary_net": draws.ternaryNet()} {
		arrays, _ := golden(t, name)
		got := map[string][]float64{}
		for _, a := range arrays {
			v := numbers{a}
			for i := range len(a.Data) / a.Dtype.Size() {
				x, _ := v.real(i)
				got[a.Name] = append(got[a.Name], x)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-Go +file):\n%s", name, d)
		}
	}
}

// lcg is the script's generator.
type lcg uint64

func (g *lcg) draw(n int, below, plus, times int) []float64 {
	out := make([]float64, n)
	for i := range out {
		*g = (*g*1103515245 + 12345) % (1 << 31)
		out[i] = float64((int(*g/65536%lcg(below)) + plus) * times)
	}
	return out
}

// dots is the sum of every row of x with every row of weight.
func dots(x, weight []float64, width int) []float64 {
	var out []float64
	for s := 0; s < len(x); s += width {
		for w := 0; w < len(weight); w += width {
			sum := 0.0
			for i := range width {
				sum += x[s+i] * weight[w+i]
			}
			out = append(out, sum)
		}
	}
	return out
}

func fires(sums []float64, neurons int, low float64, rule func(j int, sum float64) bool) []float64 {
	out := make([]float64, len(sums))
	for i, s := range sums {
		out[i] = low
		if rule(i%neurons, s) {
			out[i] = 1
		}
	}
	return out
}

func scored(a map[string][]float64, x, weight, bias []float64) {
	classes := len(bias)
	scores := dots(x, weight, len(weight)/classes)
	for i := range scores {
		scores[i] += bias[i%classes]
	}
	a["readout.weight"], a["readout.bias"], a["scores"] = weight, bias, scores
	for i := 0; i < len(scores); i += classes {
		row := scores[i : i+classes]
		a["classes"] = append(a["classes"], float64(slices.Index(row, slices.Max(row))))
	}
}

func (g *lcg) bnNet() map[string][]float64 {
	x := g.draw(64*16, 2, 0, 1)
	for i := range x {
		x[i] = 2*x[i] - 1
	}
	levels := []float64{-1, 1}
	a := map[string][]float64{"input.levels": levels, "inputs": x}
	width := 16
	for _, l := range []struct {
		name    string
		neurons int
	}{{"hidden1", 12}, {"hidden2", 10}} {
		weight := g.draw(l.neurons*width, 2, 0, 2)
		for i := range weight {
			weight[i]--
		}
		var p [4][]float64
		for k := range 3 {
			p[k] = g.draw(l.neurons, 17, -8, 1)
			for i := range p[k] {
				p[k][i] /= 4
			}
		}
		p[3] = g.draw(l.neurons, 64, 1, 1)
		for i := range p[3] {
			p[3][i] /= 8
		}
		eps := float32(1e-5)
		x = fires(dots(x, weight, width), l.neurons, -1, func(j int, sum float64) bool {
			root := float32(math.Sqrt(float64(float32(p[3][j]) + eps)))
			normal := float32(float32(sum)-float32(p[2][j])) / root
			return float32(float32(p[0][j])*normal)+float32(p[1][j]) >= 0
		})
		a[l.name+".weight"], a[l.name+".levels"], a["outputs."+l.name] = weight, levels, x
		for k, part := range []string{"gamma", "beta", "mean", "var"} {
			a[l.name+".bn."+part] = p[k]
		}
		a[l.name+".bn.eps"] = []float64{float64(eps)}
		width = l.neurons
	}
	weight := g.draw(30, 2, 0, 2)
	for i := range weight {
		weight[i]--
	}
	bias := g.draw(3, 5, -2, 2)
	scored(a, x, weight, bias)
	return a
}

func (g *lcg) ternaryNet() map[string][]float64 {
	x := g.draw(64*20, 2, 0, 1)
	weight, threshold := g.draw(14*20, 3, -1, 1), g.draw(14, 7, -2, 1)
	for i := range threshold {
		threshold[i] /= 2
	}
	a := map[string][]float64{"inputs": x, "hidden1.weight": weight, "hidden1.threshold": threshold}
	x = fires(dots(x, weight, 20), 14, 0, func(j int, sum float64) bool { return sum >= threshold[j] })
	kernel, bias := g.draw(14*6, 3, -1, 1), g.draw(6, 9, -4, 1)
	for i := range bias {
		bias[i] /= 4
	}
	a["outputs.hidden1"], a["hidden2.kernel"], a["hidden2.bias"] = x, kernel, bias
	turned := make([]float64, len(kernel))
	for i, w := range kernel {
		turned[i%6*14+i/6] = w
	}
	x = fires(dots(x, turned, 14), 6, 0, func(j int, sum float64) bool { return sum+bias[j] >= 0 })
	a["outputs.hidden2"] = x
	readout := g.draw(4*6, 3, -1, 1)
	scored(a, x, readout, g.draw(4, 5, -2, 1))
	return a
}

// With NumPy at hand, the script writes the committed arrays again.
func TestScriptWritesTheGoldenFiles(t *testing.T) {
	if err := exec.Command("python3", "-c", "import numpy").Run(); err != nil {
		t.Skip("left out: running make_bn_net.py, because python3 with numpy is not installed; its arithmetic is compared in TestGoldenFilesHoldTheirArithmetic")
	}
	script, err := filepath.Abs(filepath.Join(goldenFolder, "make_bn_net.py"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(script)
	if lines := strings.Count(string(text), "\n"); err != nil || lines > 40 {
		t.Errorf("the script has %d lines (%v); want at most 40", lines, err)
	}
	folder := t.TempDir()
	run := exec.Command("python3", script)
	run.Dir = folder
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"bn_net", "ternary_net"} {
		want, _ := golden(t, name)
		got, err := container.ReadForeign(filepath.Join(folder, name+".npz"), container.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-committed +script):\n%s", name, d)
		}
	}
}
