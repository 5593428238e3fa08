package experiment

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"tritloom/experiment/benchnet"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// Benchmark networks.
const (
	BenchPeers            = "peers"            // benchnet.Peers
	BenchCharacterisation = "characterisation" // benchnet.Characterisation
)

// BenchJob times the simulator on a network that computes nothing. Times are of this
// machine and this moment; compare them only within one run. With one thread they are
// processor time of that thread where the system tells it, so that other programs
// count as little as can be; with more, time on the wall.
type BenchJob struct {
	Network string  // BenchPeers or BenchCharacterisation
	Cores   int     // of 256 × 256
	Rate    float64 // spikes a neuron and tick; peers' network only: 1/Rate ticks a spike
	Ticks   uint64  // timed, five times
	Seed    uint64
	Options sim.Options
}

// Bench is what was measured: medians of five.
type Bench struct {
	Network          string  `json:"net"`
	Engine           string  `json:"engine"`
	Timing           string  `json:"timing"`
	Cores            int     `json:"cores"`
	Rate             float64 `json:"rate"` // as counted
	Ticks            uint64  `json:"ticks"`
	Threads          int     `json:"threads"`
	Clock            string  `json:"clock"` // "cpu" or "wall"
	NSPerCoreTick    float64 `json:"ns_per_core_tick"`
	TicksPerS        float64 `json:"ticks_per_s"`
	SynapticOpsPerS  float64 `json:"synaptic_ops_per_s"`
	BytesPerCore     float64 `json:"bytes_per_core"`
	Spikes           uint64  `json:"spikes"` // in the timed ticks
	SynapticOps      uint64  `json:"synaptic_ops"`
	KernelNS         float64 `json:"kernel_ns_per_core_tick"`
	NoTimingNS       float64 `json:"no_timing_ns_per_core_tick,omitempty"` // with a timing model: the same engine without one
	ReferenceNS      float64 `json:"reference_ns_per_core_tick"`
	ReferenceCores   int     `json:"reference_cores"`
	QuantaPerTick    float64 `json:"quanta_per_tick,omitempty"` // of the modelled chip
	KernelPath       string  `json:"kernel_path"`
	GoVersion        string  `json:"go_version"`
	HopsPerSpike     float64 `json:"hops_per_spike"`
	BuildSeconds     float64 `json:"build_s"`
	ReferenceChecked uint64  `json:"reference_checked_ticks"` // in which both engines counted alike

	clock func() time.Duration
}

// wallTime is time on the wall since the program began.
func wallTime() time.Duration { return time.Since(programStart) }

var programStart = time.Now()

// benchRuns is how often the timed ticks are run; the median counts.
const benchRuns = 5

// benchWarmUp is ticks before the first timed one: beyond the silence at the start of
// the peers' network, whose first spike comes at tick 34 of a period of 50.
const benchWarmUp = 3

// RunBench builds the network, lets it come to its rate, and times it.
func RunBench(ctx context.Context, job BenchJob) (*Bench, error) {
	start := time.Now()
	l, period, err := job.build(ctx, job.Cores)
	if err != nil {
		return nil, err
	}
	before := heapInUse()
	runner, err := sim.NewRunner(l, job.Options)
	if err != nil {
		return nil, err
	}
	b := &Bench{
		Network: job.Network, Engine: job.Options.Engine, Timing: job.Options.Timing, Cores: job.Cores, Ticks: job.Ticks,
		Threads: max(1, job.Options.Threads), KernelPath: job.Options.Path.String(), GoVersion: runtime.Version(),
		BuildSeconds: time.Since(start).Seconds(),
	}
	if job.Options.Timing == sim.TimingNone {
		size := layoutBytes(&l) // the runner does not keep the layout
		b.BytesPerCore = (heapInUse() - before + size) / float64(job.Cores)
	}
	if err := b.advance(ctx, job, runner, benchWarmUp*period); err != nil {
		return nil, err
	}
	clock := wallTime
	if b.Clock = "wall"; b.Threads == 1 && threadTime != nil {
		clock, b.Clock = threadTime, "cpu"
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	b.clock = clock
	if err := b.time(ctx, job, runner); err != nil {
		return nil, err
	}
	var kernels []float64
	for range benchRuns {
		ns, err := runner.KernelTime(max(1, 20_000/job.Cores), clock)
		if err != nil {
			return nil, err
		}
		kernels = append(kernels, ns)
	}
	slices.Sort(kernels)
	b.KernelNS = kernels[benchRuns/2]
	if job.Options.Timing != sim.TimingNone {
		if b.NoTimingNS, err = job.noTiming(ctx, clock); err != nil {
			return nil, err
		}
	}
	return b, b.reference(ctx, job)
}

// build makes the network; period is the mean of ticks between two spikes of a neuron.
func (job *BenchJob) build(ctx context.Context, cores int) (l *layout.Layout, period uint64, err error) {
	switch job.Network {
	case BenchPeers:
		if !(job.Rate > 0 && job.Rate <= 1) {
			return nil, 0, fmt.Errorf("bench: rate %g; want more than 0 and at most 1 spike a neuron and tick", job.Rate)
		}
		period = uint64(1/job.Rate + 0.5)
		l, err = benchnet.Peers(ctx, cores, int(period), job.Seed)
	case BenchCharacterisation:
		period = 50
		l, err = benchnet.Characterisation(ctx, cores, job.Seed)
	default:
		return nil, 0, fmt.Errorf("bench: network %q; want %q or %q", job.Network, BenchPeers, BenchCharacterisation)
	}
	return l, period, err
}

// layoutBytes forgets a layout and says how much memory that frees, once everything
// that is not in use any more is gone.
func layoutBytes(l **layout.Layout) float64 {
	with := heapInUse()
	*l = nil
	return with - heapInUse()
}

func heapInUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// time runs the ticks five times.
func (b *Bench) time(ctx context.Context, job BenchJob, runner *sim.Runner) error {
	before, timeBefore := sum(runner.Counts()), runner.Time()
	var took []float64
	for range benchRuns {
		start := b.clock()
		if err := b.advance(ctx, job, runner, job.Ticks); err != nil {
			return err
		}
		took = append(took, (b.clock() - start).Seconds())
	}
	after := sum(runner.Counts())
	ticks := float64(benchRuns * job.Ticks)
	count := func(k ledger.Kind) float64 { return float64(after[k] - before[k]) }
	slices.Sort(took)
	median := took[benchRuns/2] / float64(job.Ticks)
	b.NSPerCoreTick, b.TicksPerS = median*1e9/float64(job.Cores), 1/median
	b.Spikes, b.SynapticOps = uint64(count(ledger.SpikeEmitted)), uint64(count(ledger.SynapticOp))
	b.SynapticOpsPerS = count(ledger.SynapticOp) / ticks / median
	b.Rate = count(ledger.SpikeEmitted) / ticks / float64(job.Cores*benchnet.Neurons)
	b.HopsPerSpike = (count(ledger.HopX) + count(ledger.HopY)) / max(1, count(ledger.SpikeEmitted))
	if job.Options.Timing != sim.TimingNone {
		b.QuantaPerTick = float64(runner.Time().Total-timeBefore.Total) / ticks
	}
	return nil
}

// advance runs ticks; an interruption says how far the network came.
func (b *Bench) advance(ctx context.Context, job BenchJob, runner *sim.Runner, ticks uint64) error {
	_, err := runner.Advance(ctx, ticks)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("bench: %d ticks simulated, %d are timed after the network has come to its rate: %w", runner.Ticks(), benchRuns*job.Ticks, err)
	}
	return err
}

func sum(counts []ledger.Counts) ledger.Counts {
	var total ledger.Counts
	for i := range counts {
		total.Add(&counts[i])
	}
	return total
}

// noTiming times the same engine without its timing model, in the same run.
func (job BenchJob) noTiming(ctx context.Context, clock func() time.Duration) (float64, error) {
	job.Options.Timing, job.Options.Latencies = sim.TimingNone, hwmodel.Latencies{}
	l, period, err := job.build(ctx, job.Cores)
	if err != nil {
		return 0, err
	}
	runner, err := sim.NewRunner(l, job.Options)
	if err != nil {
		return 0, err
	}
	if _, err := runner.Advance(ctx, benchWarmUp*period); err != nil {
		return 0, err
	}
	b := Bench{clock: clock}
	err = b.time(ctx, job, runner)
	return b.NSPerCoreTick, err
}

// The reference is timed on few cores, as it is slow and takes 400 KB a core, and its
// counts are compared with the engine's on the same network.
const (
	referenceCores = 16
	referenceTicks = 10
)

func (b *Bench) reference(ctx context.Context, job BenchJob) error {
	b.ReferenceCores = min(job.Cores, referenceCores)
	l, period, err := job.build(ctx, b.ReferenceCores)
	if err != nil {
		return err
	}
	var counts []ledger.Counts
	for _, engine := range []string{job.Options.Engine, sim.EngineReference} {
		o := job.Options
		o.Engine, o.Timing = engine, sim.TimingNone
		runner, err := sim.NewRunner(l, o)
		if err != nil {
			return err
		}
		if _, err := runner.Advance(ctx, period); err != nil {
			return err
		}
		start := b.clock()
		if _, err := runner.Advance(ctx, referenceTicks); err != nil {
			return err
		}
		b.ReferenceNS = float64((b.clock() - start).Nanoseconds()) / float64(referenceTicks*b.ReferenceCores)
		counts = append(counts, sum(runner.Counts()))
	}
	if counts[0] != counts[1] {
		return fmt.Errorf("bench: engines %q and %q count differently on %d cores of net %q, seed %d; one of them is wrong: %v, %v",
			job.Options.Engine, sim.EngineReference, b.ReferenceCores, job.Network, job.Seed, counts[0], counts[1])
	}
	b.ReferenceChecked = period + referenceTicks
	return nil
}
