package experiment_test

import (
	"bytes"
	"math"
	"testing"

	"tritloom/experiment"
)

// TestLoadCurves: the textbook's mesh. At hardly any load a packet takes the mean hops
// of uniform traffic; nothing saturates above 4/k; deeper buffers saturate later and
// are never slower.
func TestLoadCurves(t *testing.T) {
	job := experiment.DefaultLoadJob()
	job.Quanta, job.Rates = 4000, []int{5, 100, 150, 200, 300, 350, 400, 450, 500}
	curves, err := experiment.RunLoad(job)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(curves.ZeroLoad-5.25) > 1e-12 || curves.Bound != 0.5 {
		t.Errorf("zero load %g, bound %g; want 5.25 and 0.5", curves.ZeroLoad, curves.Bound)
	}
	last := 0.0
	for _, c := range curves.Curves {
		// 64 nodes × 3,000 quanta × 0.005 are 960 packets of standard deviation 2.6.
		if lone := c.Points[0].Mean; math.Abs(lone-curves.ZeroLoad) > 4*2.65/math.Sqrt(960)+0.05 {
			t.Errorf("buffers %d: %.3f quanta at a load of 0.005; want 5.25", c.Buffers, lone)
		}
		if c.Saturation > curves.Bound || c.Saturation < last || c.Saturation < 0.1 {
			t.Errorf("buffers %d saturate at %.3f; want at most 0.5 and not below %.3f, the shallower ones'", c.Buffers, c.Saturation, last)
		}
		for i := 1; i < len(c.Points); i++ {
			if c.Points[i].Mean < c.Points[i-1].Mean {
				t.Errorf("buffers %d: latency falls from %.2f to %.2f at load %.3f", c.Buffers, c.Points[i-1].Mean, c.Points[i].Mean, c.Points[i].Offered)
			}
		}
		last = c.Saturation
	}
	a, err := curves.SVG()
	if err != nil {
		t.Fatal(err)
	}
	b, err := curves.SVG()
	if err != nil || !bytes.Equal(a, b) || !bytes.Contains(a, []byte("<svg")) {
		t.Errorf("two drawings differ, or are none (%v)", err)
	}
}
