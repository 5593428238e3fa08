package validation

import (
	"context"
	"math"

	"tritloom/experiment/benchnet"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// Simulation runs the network of Power instead of working its counts out: every core,
// tick by tick. Its counts are priced with the chip of the row.
//
// The network is benchnet's characterisation with a target of its own for every axon.
// How the neurons of the measured network kept their rate is not published; here leak
// and threshold do, chosen so that the published rate is met.
type Simulation struct {
	Figure           string  `yaml:"figure"` // power, synaptic_ops, hops or rate
	RateHz           float64 `yaml:"rate_hz"`
	SynapsesPerSpike uint64  `yaml:"synapses_per_spike"`
	Cores            uint64  `yaml:"cores"`
	Leak             uint64  `yaml:"leak"`
	Threshold        uint64  `yaml:"threshold"`
	RandomThreshold  uint64  `yaml:"random_threshold"`
	WarmTicks        uint64  `yaml:"warm_ticks"`
	Ticks            uint64  `yaml:"ticks"`
	Seed             uint64  `yaml:"seed"`
}

// Figures a simulation gives.
const (
	figurePower = "power"
	figureOps   = "synaptic_ops"
	figureHops  = "hops"
	figureRate  = "rate"
)

// Bounds keep a run within minutes. The leak has 9 bits with a sign, the random number 8.
const (
	minTicks, maxTicks = 100, 100_000
	maxLeak, maxRandom = 255, 255
	maxThreshold       = 1 << 20
)

func (s *Simulation) check(r *Row) error {
	if err := r.want("simulation", "figure", "rate_hz", "synapses_per_spike", "cores", "leak", "threshold", "random_threshold", "warm_ticks", "ticks", "seed"); err != nil {
		return err
	}
	if err := r.within([]number{
		{"model.simulation.rate_hz", s.RateHz, 0, 1000}, {"model.simulation.synapses_per_spike", float64(s.SynapsesPerSpike), 0, benchnet.Neurons},
		{"model.simulation.cores", float64(s.Cores), 1, benchnet.MaxCores}, {"model.simulation.leak", float64(s.Leak), 1, maxLeak},
		{"model.simulation.threshold", float64(s.Threshold), 1, maxThreshold}, {"model.simulation.random_threshold", float64(s.RandomThreshold), 0, maxRandom},
		{"model.simulation.warm_ticks", float64(s.WarmTicks), 0, maxTicks}, {"model.simulation.ticks", float64(s.Ticks), minTicks, maxTicks},
	}); err != nil {
		return err
	}
	if mask := s.RandomThreshold; mask&(mask+1) != 0 {
		return r.at("model.simulation.random_threshold").Errorf("model.simulation.random_threshold = %d; want a mask of low bits: 0, 1, 3, 7 .. 255", mask)
	}
	if side := math.Sqrt(float64(s.Cores)); side != math.Trunc(side) {
		return r.at("model.simulation.cores").Errorf("model.simulation.cores = %d; want a square number, whose mesh is full and has known mean distances", s.Cores)
	}
	unit, ok := map[string]string{figurePower: "mW", figureOps: "ops/tick", figureHops: "hops", figureRate: "Hz"}[s.Figure]
	if !ok {
		return r.oneOf("model.simulation.figure", s.Figure, []string{figurePower, figureOps, figureHops, figureRate})
	}
	if r.states("tolerance.sigmas") && s.Figure != figureHops {
		return r.at("tolerance.sigmas").Errorf("only figure %s has a standard error; want relative or absolute", figureHops)
	}
	return r.unit(unit)
}

func (*Simulation) ownFigures() bool { return false }

// closed is the same network by its published rates.
func (s *Simulation) closed() *Power {
	n := float64(s.Cores) * benchnet.Neurons
	side := math.Sqrt(float64(s.Cores))
	hops := (side*side - 1) / (3 * side)
	return &Power{Neurons: n, RateHz: s.RateHz, SynapsesPerSpike: float64(s.SynapsesPerSpike), HopsX: hops, HopsY: hops}
}

// run simulates the network; counts are those after the warm-up.
func (s *Simulation) run(ctx context.Context) (*counts, error) {
	l, err := benchnet.Recurrent(ctx, benchnet.Recipe{
		Cores: int(s.Cores), Synapses: int(s.SynapsesPerSpike), OneToOne: true,
		Leak: int32(s.Leak), Threshold: int32(s.Threshold), RandomThreshold: int32(s.RandomThreshold),
	}, s.Seed)
	if err != nil {
		return nil, err
	}
	o := sim.DefaultOptions()
	o.Engine, o.Seed = sim.EngineFast, s.Seed
	return counted(ctx, l, o, s.WarmTicks, s.Ticks)
}

// counted runs a chip that drives itself, and counts after a warm-up.
func counted(ctx context.Context, l *layout.Layout, o sim.Options, warm, ticks uint64) (*counts, error) {
	runner, err := sim.NewRunner(l, o)
	if err != nil {
		return nil, err
	}
	if _, err := runner.Advance(ctx, warm); err != nil {
		return nil, err
	}
	before := totals(runner.Counts())
	if _, err := runner.Advance(ctx, ticks); err != nil {
		return nil, err
	}
	after := totals(runner.Counts())
	var c counts
	for k := range c {
		c[k] = float64(after[k] - before[k])
	}
	return &c, nil
}

// totals adds the counts of all cores up.
func totals(cores []ledger.Counts) (sum ledger.Counts) {
	for i := range cores {
		sum.Add(&cores[i])
	}
	return sum
}

func (s *Simulation) figures(ctx context.Context, r *Row, b *bench) ([]Figure, error) {
	c, err := b.simulated(ctx, s)
	if err != nil {
		return nil, err
	}
	ticks := float64(s.Ticks)
	switch s.Figure {
	case figureOps:
		return r.one(exact(c[ledger.SynapticOp]/ticks), false, 0), nil
	case figureRate:
		chip, err := r.chipAt()
		if err != nil {
			return nil, err
		}
		neuronSeconds := float64(s.Cores) * benchnet.Neurons * ticks * float64(chip.Capabilities.Tick.PS()) / 1e12
		return r.one(exact(c[ledger.SpikeEmitted]/neuronSeconds), false, 0), nil
	case figureHops:
		return r.one(exact((c[ledger.HopX]+c[ledger.HopY])/c[ledger.SpikeEmitted]), false, s.hopError()), nil
	}
	chip, err := r.chipAt()
	if err != nil {
		return nil, err
	}
	joules, err := energy(chip, c, c)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	seconds := ticks * float64(chip.Capabilities.Tick.PS()) / 1e12
	watts := report.Interval{Nominal: joules.Nominal / seconds, Low: joules.Low / seconds, High: joules.High / seconds}
	return r.one(scaled(watts, r.Published.Unit), true, 0), nil
}

// hopError is the standard error of the mean distance of N random pairs on a mesh of
// n × n: in each direction the variance is (n²-1)/6 - ((n²-1)/3n)². Neurons fire about
// equally often, so each counts as one pair.
func (s *Simulation) hopError() float64 {
	n := math.Sqrt(float64(s.Cores))
	mean := (n*n - 1) / (3 * n)
	variance := (n*n-1)/6 - mean*mean
	return math.Sqrt(2 * variance / (float64(s.Cores) * benchnet.Neurons))
}
