package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"tritloom/experiment"
	"tritloom/experiment/benchnet"
	"tritloom/internal/bits"
	"tritloom/internal/container"
	"tritloom/sim"
)

type benchCmd struct {
	Cores   int     `default:"64" help:"Cores of 256 axons and 256 neurons." placeholder:"N"`
	Rate    float64 `default:"0.02" help:"Spikes a neuron and tick; net peers only." placeholder:"RATE"`
	Ticks   int     `default:"200" help:"Ticks to time, five times over." placeholder:"T"`
	Net     string  `default:"peers" enum:"peers,characterisation,mesh" help:"peers (the network other simulators were measured on), characterisation (TrueNorth's recipe: stochastic neurons, random targets, 20 Hz), or mesh (no cores: latency over load of an 8 × 8 mesh of routers)."`
	Engine  string  `default:"fast" enum:"fast,reference" help:"Engine: fast or reference."`
	Timing  string  `default:"none" enum:"none,analytic,cycle" help:"Timing model: none, analytic or cycle."`
	Threads int     `default:"1" help:"Threads that share the chip; fast only." placeholder:"K"`
	Kernels string  `default:"best" help:"Kernels: best, pure, avx2 or avx512." placeholder:"PATH"`
	Seed    uint64  `default:"1" help:"Seed of the network." placeholder:"SEED"`
	Plot    string  `help:"SVG file for the curves of net mesh." placeholder:"FILE"`
}

// maxBenchTicks keeps a run within a day.
const maxBenchTicks = 10_000_000

// Run times the simulator.
func (c *benchCmd) Run(s *session) error {
	if c.Net == "mesh" {
		return c.mesh(s)
	}
	if c.Plot != "" {
		return fmt.Errorf("--plot %s: only net mesh has curves; add --net mesh", c.Plot)
	}
	for _, f := range []struct {
		name      string
		value     int
		low, high int
	}{{"--cores", c.Cores, 1, benchnet.MaxCores}, {"--ticks", c.Ticks, 1, maxBenchTicks}, {"--threads", c.Threads, 1, maxThreads}} {
		if err := within(f.name, f.value, f.low, f.high); err != nil {
			return err
		}
	}
	if c.Net == experiment.BenchPeers && !(c.Rate >= 1.0/300 && c.Rate <= 1) {
		return fmt.Errorf("--rate %g; want 0.0034..1 spikes a neuron and tick, such as 0.02", c.Rate)
	}
	if c.Engine != sim.EngineFast && c.Threads > 1 {
		return fmt.Errorf("--threads %d: engine %s runs on one thread; leave it out, or choose --engine %s", c.Threads, c.Engine, sim.EngineFast)
	}
	o := sim.DefaultOptions()
	o.Engine, o.Timing, o.Threads = c.Engine, c.Timing, c.Threads
	if c.Timing != sim.TimingNone {
		o.Latencies = benchnet.Latencies()
	}
	var err error
	if o.Path, err = kernelPath(c.Kernels); err != nil {
		return err
	}
	b, err := experiment.RunBench(s.ctx, experiment.BenchJob{
		Network: c.Net, Cores: c.Cores, Rate: c.Rate, Ticks: uint64(c.Ticks), Seed: c.Seed, Options: o,
	})
	if err != nil {
		return stopped(err)
	}
	return s.print(b, benchText(b))
}

// kernelPath reads --kernels.
func kernelPath(name string) (bits.Path, error) {
	if name == "best" {
		return bits.Best(), nil
	}
	path, err := bits.ParsePath(name)
	if err != nil {
		return path, fmt.Errorf("--kernels: %w, or best", err)
	}
	return path, nil
}

func benchText(b *experiment.Bench) string {
	var t strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	line("net %s, %d cores of 256 × 256, %.4f spikes a neuron and tick, %.2f hops a spike", b.Network, b.Cores, b.Rate, b.HopsPerSpike)
	line("engine %s, timing %s, threads %d, kernels %s, %s; median of 5 × %d ticks, %s time", b.Engine, b.Timing, b.Threads, b.KernelPath, b.GoVersion, b.Ticks, map[string]string{"cpu": "processor", "wall": "wall"}[b.Clock])
	line("  %10.1f ns a core and tick", b.NSPerCoreTick)
	line("  %10.0f ticks/s", b.TicksPerS)
	line("  %10.3g synaptic ops/s", b.SynapticOpsPerS)
	if b.BytesPerCore > 0 {
		line("  %10.0f bytes a core", b.BytesPerCore)
	}
	if b.KernelNS > 0 {
		line("  %10.1f ns a core and tick, bare kernels: the engine takes %.2f times that", b.KernelNS, b.NSPerCoreTick/b.KernelNS)
	}
	if b.NoTimingNS > 0 {
		line("  %10.1f ns a core and tick without timing: timing %s takes %.1f times that", b.NoTimingNS, b.Timing, b.NSPerCoreTick/b.NoTimingNS)
		line("  %10.1f quanta a tick, on the modelled chip", b.QuantaPerTick)
	}
	line("  %10.1f ns a core and tick, engine reference on %d cores; both counted alike over %d ticks", b.ReferenceNS, b.ReferenceCores, b.ReferenceChecked)
	return t.String()
}

// mesh measures routers alone.
func (c *benchCmd) mesh(s *session) error {
	for _, f := range []struct {
		name  string
		asked bool
	}{
		{"--cores", c.Cores != 64}, {"--rate", c.Rate != 0.02}, {"--ticks", c.Ticks != 200}, {"--threads", c.Threads != 1},
		{"--engine", c.Engine != sim.EngineFast}, {"--timing", c.Timing != sim.TimingNone}, {"--kernels", c.Kernels != "best"},
	} {
		if f.asked {
			return fmt.Errorf("%s with --net mesh, which measures 8 × 8 routers without cores at loads of its own; leave it out", f.name)
		}
	}
	if err := checkOutputs([]string{c.Plot}, nil); err != nil {
		return err
	}
	job := experiment.DefaultLoadJob()
	job.Seed = c.Seed
	curves, err := experiment.RunLoad(job)
	if err != nil {
		return err
	}
	if c.Plot != "" {
		picture, err := curves.SVG()
		if err != nil {
			return err
		}
		if err := container.WriteAtomic(c.Plot, picture); err != nil {
			return err
		}
	}
	return s.print(curves, loadText(curves))
}

func loadText(c *experiment.LoadCurves) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%d × %d routers, uniform traffic, one quantum a hop; a lone packet takes %.2f quanta in the mean, no more than %.3f packets a router and quantum can cross the middle\n", c.Side, c.Side, c.ZeroLoad, c.Bound)
	w := tabwriter.NewWriter(&t, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "buffers\toffered\tthroughput\tmean\tp50\tp99\t")
	for _, curve := range c.Curves {
		for _, p := range curve.Points {
			fmt.Fprintf(w, "%d\t%.3f\t%.3f\t%.2f\t%d\t%d\t\n", curve.Buffers, p.Offered, p.Throughput, p.Mean, p.P50, p.P99)
		}
	}
	w.Flush() // a strings.Builder never fails
	return t.String()
}
