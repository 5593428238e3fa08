// Package report multiplies the counts of a run with the prices of a chip and
// says what the product means: energy, latency and memory per inference, each
// with what it covers, where its numbers come from and how certain they are.
//
// Energies are joules, times seconds, powers watts, memory bits. Counts come
// from a ledger.Run and are never changed; a run may be priced with any price
// table of the capabilities it was simulated with. What no price is known for
// is listed and makes a figure a lower bound; it is never taken as zero. The
// package does not know how a run was made; the machine that made it enters
// only as the Host that a caller may add.
package report

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/ternary"
)

// Report is everything that is said of one run. Null in its JSON means
// unknown or not asked for, never zero.
type Report struct {
	Format  string  `json:"format"` // Format
	Chip    ChipID  `json:"chip"`
	Network string  `json:"network"` // hash
	Layout  string  `json:"layout"`  // hash
	Data    string  `json:"data"`
	Engine  string  `json:"engine"`
	Samples int     `json:"samples"`
	Options Options `json:"options"`

	// Variation is set if a made chip ran, whose cells vary, and not the ideal one.
	Variation *ledger.Variation `json:"variation,omitempty"`

	Accuracy Accuracy `json:"accuracy"`
	// Mismatches against the network itself; the caller compares and fills
	// them in. Null: not compared.
	SpikeMismatches    *uint64 `json:"spike_mismatches"`
	DecisionMismatches *uint64 `json:"decision_mismatches"`

	TicksTotal   uint64         `json:"ticks_total"`
	CyclesTotal  *uint64        `json:"cycles_total"` // quanta; null without a timing model
	TickOverruns *uint64        `json:"tick_overruns"`
	Ticks        ledger.Ticks   `json:"ticks"`
	Steps        *int           `json:"steps"`  // of an inference; null without a layout
	Events       Object[uint64] `json:"events"` // whole run, used cores; every kind that happened

	Energy *Energy     `json:"energy_per_inference_j"`
	Covers []Cover     `json:"scopes"`
	Rollup *Node       `json:"rollup,omitempty"` // whole run; null where the record does not say where cores are
	Cores  []CoreShare `json:"core_map,omitempty"`
	// LatencyNote says which latencies of the chip are not those the run was timed with.
	LatencyNote string               `json:"latency_note,omitempty"`
	Speed                            // timing, latency_s, throughput_hz, mean_power_w, edp_js
	Routers     *ledger.Network      `json:"routers,omitempty"` // timing cycle by cycle only
	Layers      []ledger.LayerSpikes `json:"layers"`
	Violations  []ledger.Violation   `json:"violations"`
	Memory      *Memory              `json:"memory"`   // null without network and layout
	Dense       *Baseline            `json:"baseline"` // null without network, or with a reason
	NoDense     string               `json:"baseline_missing,omitempty"`
	Silicon     []BesideSilicon      `json:"dense_silicon,omitempty"` // published; beside every run whose network is known
	Published   []Published          `json:"published,omitempty"`     // figures of others that may stand beside this one
	OpsOnly     []OpsOnlyFigure      `json:"operation_counting"`      // what counting operations alone would say; no result of this model
	Host        *Host                `json:"host"`                    // the simulating machine; the caller fills it in
}

// Format names the form of the JSON of a Report.
const Format = "tritloom-report/1"

// Options echoes what the report was asked for.
type Options struct {
	Energy EnergyOptions `json:"energy"`
}

// ChipID says which chip and which prices.
type ChipID struct {
	Name         string    `json:"name"`
	Title        string    `json:"title"`
	Hypothetical bool      `json:"hypothetical"`       // no such silicon
	Capabilities string    `json:"capabilities"`       // hash
	Prices       string    `json:"prices"`             // hash
	VoltagesV    []float64 `json:"voltages_v"`         // that the prices in use state, rising
	NoVoltage    []string  `json:"voltage_not_stated"` // kinds that happened and whose prices state none beside others that do
	Tick         string    `json:"tick"`               // its length in words
	// SimulatedTick is the tick the run was simulated with, if the chip has another.
	SimulatedTick string `json:"simulated_tick,omitempty"`
	WaveGate      bool   `json:"wave_gate"` // columns work only on ticks that are theirs
	CoresUsed     int    `json:"cores_used"`
	CoresChip     int    `json:"cores_chip"`
}

// Cover is the same run under another scope and boundary.
type Cover struct {
	Scope      Scope                `json:"scope"`
	Boundary   hwmodel.BoundaryName `json:"boundary"`
	Energy     Interval             `json:"joules"` // per inference
	Static     float64              `json:"activity_independent_share"`
	LowerBound bool                 `json:"lower_bound"`
}

// Host is what the simulation cost the machine it ran on: machine time, never
// to be mixed with the time of the modelled chip.
type Host struct {
	Threads         int     `json:"threads"`
	Seconds         float64 `json:"seconds_s"`
	CoreTicksPerS   float64 `json:"core_ticks_per_s"`
	SynapticOpsPerS float64 `json:"synaptic_ops_per_s"`
	PeakBytes       uint64  `json:"peak_bytes"`
}

// Subject is what a report is about. Network and Layout may be nil; then
// memory and baseline are left out.
type Subject struct {
	Run     *ledger.Run
	Chip    *hwmodel.Chip
	Network *ternary.Network
	Layout  *layout.Layout
}

// New works out everything that can be said of the subject.
func New(s Subject, o Options) (*Report, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	simulated := s.Run
	c, err := newCensus(s.Run, s.Chip, o.Energy.Scope)
	if err != nil {
		return nil, err
	}
	s.Run = c.run
	energy, err := PriceRun(s.Run, s.Chip, o.Energy)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Format: Format, Chip: chipID(s, energy), Network: s.Run.Network, Layout: s.Run.Layout,
		Data: s.Run.Data, Engine: s.Run.Engine, Samples: s.Run.Samples, Options: o,
		TicksTotal: s.Run.Ticks.Total, TickOverruns: overruns(s.Run), Ticks: s.Run.Ticks,
		Events: events(s.Run), Energy: energy, Speed: speedOf(c, energy.Nominal),
		Routers: s.Run.Timing.Network, Layers: s.Run.Layers, Violations: s.Run.Violations,
		OpsOnly: opsOnlyFigures(&c.samples, s.Run.Samples, energy.Nominal), Published: publishedBeside(s.Chip.Name, s.Run.Data),
	}
	if s.Run != simulated {
		r.Chip.SimulatedTick = SI(float64(simulated.Timing.Tick)*float64(simulated.Timing.QuantumPS)*picosecond, "s")
	}
	r.LatencyNote = latencyNote(s.Run, s.Chip)
	if timed(s.Run) {
		r.CyclesTotal = &s.Run.Timing.Total
	}
	r.Variation = s.Run.Variation
	if r.Accuracy, err = NewAccuracy(s.Run.Correct, s.Run.Samples); err != nil {
		return nil, err
	}
	if r.Covers, err = covers(s); err != nil {
		return nil, err
	}
	r.addRollup(s, c)
	if s.Layout != nil {
		steps := s.Layout.Schedule.StepCount()
		r.Steps = &steps
	}
	return r, r.addNetwork(s)
}

// check refuses parts that do not belong together.
func (s Subject) check() error {
	if s.Layout != nil && s.Layout.Hash() != s.Run.Layout {
		return fmt.Errorf("the run simulated layout %s; this layout is %s; name the layout that was simulated, or simulate this one",
			short(s.Run.Layout), short(s.Layout.Hash()))
	}
	if s.Network != nil && s.Network.Hash() != s.Run.Network {
		return fmt.Errorf("the run simulated network %s; this network is %s; name the network that was compiled, or compile and simulate this one",
			short(s.Run.Network), short(s.Network.Hash()))
	}
	return nil
}

// addNetwork adds what needs the network.
func (r *Report) addNetwork(s Subject) error {
	if s.Network == nil {
		return nil
	}
	r.Silicon = besideSilicon(r.Covers, r.Energy.Boundary, denseSize(s.Network).summed)
	var err error
	if r.Dense, err = NewBaseline(s.Run, s.Chip, s.Network); err != nil {
		r.NoDense = err.Error()
	}
	if s.Layout == nil {
		return nil
	}
	r.Memory, err = NewMemory(s.Network, s.Layout)
	return err
}

func chipID(s Subject, e *Energy) ChipID {
	id := ChipID{
		Name: s.Chip.Name, Title: s.Chip.Title, Hypothetical: s.Chip.Hypothetical,
		Capabilities: s.Chip.Capabilities.Hash(), Prices: s.Chip.PriceHash(),
		VoltagesV: []float64{}, NoVoltage: []string{}, Tick: tickText(s.Chip.Capabilities.Tick), WaveGate: s.Chip.Capabilities.Host.WaveGate,
		CoresUsed: s.Run.CoresUsed, CoresChip: s.Run.CoresChip,
	}
	for _, l := range e.Leaves {
		if l.VoltageV != 0 && !slices.Contains(id.VoltagesV, l.VoltageV) {
			id.VoltagesV = append(id.VoltagesV, l.VoltageV)
		}
	}
	slices.Sort(id.VoltagesV)
	for _, k := range s.Chip.UnknownVoltages() {
		if slices.ContainsFunc(e.Leaves, func(l Leaf) bool { return l.Kind == k.String() }) {
			id.NoVoltage = append(id.NoVoltage, k.String())
		}
	}
	return id
}

// events lists what the used cores counted.
func events(run *ledger.Run) Object[uint64] {
	total := run.Total()
	list := Object[uint64]{}
	for k, n := range total {
		if n > 0 {
			list = append(list, Entry[uint64]{ledger.Kind(k).String(), n})
		}
	}
	return list
}

// covers prices the run under every scope and boundary.
func covers(s Subject) ([]Cover, error) {
	var list []Cover
	for _, scope := range Scopes {
		for _, boundary := range hwmodel.Boundaries {
			e, err := priceCorners(s.Run, s.Chip, EnergyOptions{scope, boundary})
			if err != nil {
				return nil, err
			}
			list = append(list, Cover{scope, boundary, e.Interval, e.ActivityIndependentShare, e.LowerBound})
		}
	}
	return list, nil
}
