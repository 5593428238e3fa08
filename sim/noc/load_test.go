package noc

import (
	"math"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// The mean distance of two coordinates drawn from 0..k-1 is (k²-1)/(3k), so a
// random pair of nodes of a k × k mesh, equal ones included, is 2(k²-1)/(3k)
// links apart: 42.66 for k = 64. Their square differences have the mean
// (k²-1)/6, which gives the deviation of the mean of n packets.
func TestMeanHopsOfRandomPairs(t *testing.T) {
	const k, packets = 64, 20_000
	cfg := Config{Width: k, Height: k, FIFO: 4, HopX: 1, HopY: 1}
	_, r, heard := runOnce(t, cfg, uniform(seed.Stream(3, seed.TestInput), cfg, packets, 0)...)
	if len(heard) != packets {
		t.Fatalf("%d deliveries, want %d", len(heard), packets)
	}
	mean := float64(r.Hops[Spikes]) / packets
	one := float64(k*k-1) / (3 * k)
	want := 2 * one
	sigma := math.Sqrt(2*(float64(k*k-1)/6-one*one)) / math.Sqrt(packets)
	t.Logf("mean of %d packets: %.3f links, want %.3f ± %.3f", packets, mean, want, sigma)
	if math.Abs(mean-want) > 4*sigma {
		t.Errorf("mean of %d packets is %.3f links; want %.3f within 4 × %.3f", packets, mean, want, sigma)
	}
}

// A million packets, every node as fast as it is let: none is lost and none
// comes twice.
func TestSaturatedMeshLosesNothing(t *testing.T) {
	cfg := Config{Width: 8, Height: 8, FIFO: 4, HopX: 1, HopY: 1}
	packets := 1_000_000
	if testing.Short() {
		packets = 100_000
	}
	scripts := uniform(seed.Stream(4, seed.TestInput), cfg, packets, 0)
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	came := make([][]bool, cfg.Nodes())
	for node := range came {
		came[node] = make([]bool, len(scripts[node].Steps))
	}
	n.watch = func(a arrival) {
		if came[a.from][a.step] || a.to != scripts[a.from].Steps[a.step].To[0].Node {
			t.Errorf("delivered twice or to the wrong node: %+v", a)
		}
		came[a.from][a.step] = true
		packets--
	}
	r, err := n.Run(scripts)
	if err != nil {
		t.Fatal(err)
	}
	if packets != 0 {
		t.Errorf("%d packets were not delivered", packets)
	}
	t.Logf("drained at quantum %d: %.3f packets a node and quantum", r.End, float64(len(came[0]))/float64(r.End))
}

// Multicasts to anywhere, all at once, on links with one place each: the
// hardest there is for a deadlock. The property test would hang on one, too.
func TestMulticastStormDrains(t *testing.T) {
	for i := range 20 {
		r := seed.Sub(5, seed.TestInput, i)
		cfg := Config{Width: 2 + r.IntN(7), Height: 2 + r.IntN(7), FIFO: 1, HopX: 1 + r.Uint64N(3), HopY: 1 + r.Uint64N(3)}
		m := scriptMaker{Rand: r, nodes: cfg.Nodes()}
		scripts := make([]Script, cfg.Nodes())
		for node := range scripts {
			scripts[node].Node = node
			for range 50 {
				s := m.spike()
				s.Work, s.Timed = 0, false
				scripts[node].Steps = append(scripts[node].Steps, s)
			}
		}
		if _, _, heard := runOnce(t, cfg, scripts...); len(heard) != destinations(scripts) {
			t.Errorf("case %d: %d deliveries, want %d", i, len(heard), destinations(scripts))
		}
	}
}

// All pairs of an 8 × 8 mesh, one packet at a time: the latencies add up to
// 64² × 2(k²-1)/(3k) = 4096 × 5.25 quanta.
func TestZeroLoadLatency(t *testing.T) {
	cfg := Config{Width: 8, Height: 8, FIFO: 1, HopX: 1, HopY: 1}
	scripts := make([]Script, cfg.Nodes())
	for from := range scripts {
		scripts[from].Node = from
		for to := range scripts {
			scripts[from].Steps = append(scripts[from].Steps, Step{Timed: true, Work: uint64(20 * (64*from + to)), To: []Delivery{{to, 0}}})
		}
	}
	_, r, _ := runOnce(t, cfg, scripts...)
	if h := &r.Latency[Spikes]; h.Count() != 4096 || h.Sum() != 21504 || h.Max() != 14 {
		t.Errorf("%d packets take %d quanta, at most %d; want 4096, 21504 and 14", h.Count(), h.Sum(), h.Max())
	}
}

// Half of uniform traffic crosses the middle of the mesh, an equal share each
// way over k links, so no k × k mesh takes more than 4/k packets a node and
// quantum: 0.5 here. Deep FIFOs of one queue an input take some 60 % of it.
func TestLoadCurve(t *testing.T) {
	cfg := Config{Width: 8, Height: 8, FIFO: 4, HopX: 1, HopY: 1}
	rates := []int{10, 50, 100, 150, 200, 250, 300, 400, 1000}
	const quanta = 4000
	points, err := LoadCurve(cfg, rates, quanta, seed.Stream(6, seed.TestInput))
	if err != nil {
		t.Fatal(err)
	}
	last, best := 0.0, 0.0
	for i := range points {
		p := &points[i]
		window := float64(p.Window)
		offered, taken := float64(p.Offered)/window, float64(p.Delivered)/window
		mean := float64(p.Latency.Sum()) / float64(p.Latency.Count())
		t.Logf("offered %.4f taken %.4f packets/node/quantum, latency mean %.2f p50 %d p99 %d max %d", offered, taken,
			mean, p.Latency.Percentile(50), p.Latency.Percentile(99), p.Latency.Max())
		// Offered is binomial: 5 deviations of its mean.
		if rate := float64(p.Rate) / 1000; math.Abs(offered-rate) > 5*math.Sqrt(rate*(1-rate)/window) {
			t.Errorf("rate %d: %.4f packets a node and quantum were offered", p.Rate, offered)
		}
		if mean <= last {
			t.Errorf("rate %d: mean latency %.2f, after %.2f at the rate before", p.Rate, mean, last)
		}
		if p.Rate <= 200 && math.Abs(taken-offered) > 0.01*offered {
			t.Errorf("rate %d: %.4f offered, %.4f taken; the mesh is far from full", p.Rate, offered, taken)
		}
		last, best = mean, max(best, taken)
	}
	// σ of the mean of some 1,900 packets is 0.062, and few of them meet.
	first := &points[0].Latency
	if mean := float64(first.Sum()) / float64(first.Count()); math.Abs(mean-5.25) > 0.25 {
		t.Errorf("nearly empty, the mesh has a mean latency of %.2f; want 5.25 ± 0.25", mean)
	}
	if best <= 0.25 || best > 0.5 {
		t.Errorf("saturates at %.3f packets a node and quantum; want 0.25..0.5", best)
	}
}

func TestLoadCurveIsItsStream(t *testing.T) {
	cfg := Config{Width: 5, Height: 3, FIFO: 2, HopX: 2, HopY: 1}
	curve := func(stream uint64) []LoadPoint {
		points, err := LoadCurve(cfg, []int{100, 900}, 500, seed.Stream(stream, seed.TestInput))
		if err != nil {
			t.Fatal(err)
		}
		return points
	}
	if diff := gocmp.Diff(curve(7), curve(7)); diff != "" {
		t.Errorf("equal streams, unequal points:\n%s", diff)
	}
	if gocmp.Equal(curve(7), curve(8)) {
		t.Error("unequal streams, equal points")
	}
}

func TestLoadCurveErrors(t *testing.T) {
	good := Config{Width: 2, Height: 2, FIFO: 1, HopX: 1, HopY: 1}
	for _, c := range []struct {
		cfg    Config
		rate   int
		quanta uint64
		want   string
	}{
		{Config{Width: 2, Height: 2, HopX: 1, HopY: 1}, 1, 100, "noc.Config.FIFO = 0; want 1..1073741824 packets, so that an arriving one has a place"},
		{good, 1001, 100, "noc.LoadCurve: rate 1001; want 0..1000 packets per node and 1000 quanta"},
		{good, -1, 100, "noc.LoadCurve: rate -1; want 0..1000 packets per node and 1000 quanta"},
		{good, 1, 3, "noc.LoadCurve: 3 quanta; want 4..4294967296, the first quarter to warm up"},
	} {
		if _, err := LoadCurve(c.cfg, []int{c.rate}, c.quanta, seed.Stream(1, seed.TestInput)); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}
