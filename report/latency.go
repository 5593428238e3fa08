package report

import (
	"fmt"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Latency is the time from the start of a sample's input tick to the end of
// its decision tick, in seconds.
type Latency struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
	Max  float64 `json:"max"`
}

// Speed is what the timing model says of a run. Without a timing model every
// figure is unknown, and null in JSON.
type Speed struct {
	Timing       string   `json:"timing"` // name of the timing model
	QuantumS     *float64 `json:"quantum_s"`
	Latency      *Latency `json:"latency_s"`
	ThroughputHz *float64 `json:"throughput_hz"` // inferences a second in steady state
	MeanPowerW   *float64 `json:"mean_power_w"`  // energy per inference times throughput
	EDP          *float64 `json:"edp_js"`        // energy per inference times mean latency
}

// picosecond in seconds.
const picosecond = 1e-12

// speedOf works out the speed of a run whose inferences take the given energy.
func speedOf(c *census, joules float64) Speed {
	s := Speed{Timing: c.run.Timing.Model}
	if !timed(c.run) {
		return s
	}
	quantum := float64(c.run.Timing.QuantumPS) * picosecond
	latencies := make([]float64, c.run.Samples)
	for i, quanta := range c.run.Timing.PerSample {
		latencies[i] = float64(quanta) * quantum
	}
	spread := newSpread(latencies)
	edp := joules * spread.Mean
	s.QuantumS, s.EDP = &quantum, &edp
	s.Latency = &Latency{spread.Mean, spread.P50, spread.P95, spread.Max}
	if period := c.period() * quantum; period > 0 {
		rate, power := 1/period, joules/period
		s.ThroughputHz, s.MeanPowerW = &rate, &power
	}
	return s
}

// period is the mean number of quanta from the start of a sample to the start
// of the next.
func (c *census) period() float64 {
	used := census{run: c.run, series: c.series} // the used cores alone tell the time
	sum := uint64(0)
	for i := range c.run.Samples {
		counts := used.sample(i)
		sum += used.interval(&counts)
	}
	return float64(sum) / float64(c.run.Samples)
}

// overruns is how many ticks were too short for their work; unknown without a
// timing model. A barrier tick cannot be too short.
func overruns(run *ledger.Run) *uint64 {
	if !timed(run) {
		return nil
	}
	sum := uint64(0)
	for _, v := range run.Violations {
		if isOverrun(v) {
			sum += v.Count
		}
	}
	return &sum
}

// tickText says how long a tick is.
func tickText(t hwmodel.Tick) string {
	if t.Kind == hwmodel.TickBarrier {
		return "as long as its work (barrier)"
	}
	return SI(float64(t.PS())*picosecond, "s")
}

// latencyNote says where the chip's latencies differ from those the run was timed
// with: its times and its busy quanta are the run's, and only a new simulation
// gives others.
func latencyNote(run *ledger.Run, chip *hwmodel.Chip) string {
	if run.Timing.Latency == nil { // no timing model, or not recorded
		return ""
	}
	const most = 3 // named
	var list []string
	total, others := run.Total(), 0
	for k, quanta := range chip.Latencies() {
		was := run.Timing.Latency[ledger.Kind(k).String()]
		switch {
		case was == quanta || total[k] == 0:
		case len(list) == most:
			others++
		default:
			list = append(list, fmt.Sprintf("%s %d, here %d", ledger.Kind(k), was, quanta))
		}
	}
	if len(list) == 0 {
		return ""
	}
	if others > 0 {
		list = append(list, fmt.Sprintf("and %d more", others))
	}
	return fmt.Sprintf("times and busy quanta are those of the run, whose latencies in quanta are not this chip's (%s); simulate again with --chip %s for its own", strings.Join(list, "; "), chip.Name)
}
