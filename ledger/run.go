package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tritloom/internal/container"
)

// Scenario says how inferences follow each other on the chip.
type Scenario string

const (
	// SingleStream runs one wave at a time: the next inference starts when
	// the last one has ended. Its time is latency.
	SingleStream Scenario = "single_stream"
	// Offline starts a wave at every initiation interval, so that waves
	// overlap in the pipeline. Its time is throughput.
	Offline Scenario = "offline"
)

// Run is what a simulation counted: integers only, no joule, no host, no
// clock, no path. Equal inputs give equal bytes.
type Run struct {
	Format string `json:"format"` // RunFormat

	Chip         string `json:"chip"`         // name of the chip description
	Capabilities string `json:"capabilities"` // hash of what the chip can do
	Network      string `json:"network"`      // hash of the network the layout was compiled from, as the layout says
	Layout       string `json:"layout"`       // hash of the simulated image
	DataHash     string `json:"data_hash"`    // content hash of the data set
	Data         string `json:"data"`         // which part of it, canonical text

	Engine   string   `json:"engine"`
	Scenario Scenario `json:"scenario"`
	Samples  int      `json:"samples"`
	Correct  int      `json:"correct"` // samples whose decision equals the label

	Ticks  Ticks  `json:"ticks"`
	Timing Timing `json:"timing"`

	CoresUsed int      `json:"cores_used"`
	CoresChip int      `json:"cores_chip"`
	Cores     []Counts `json:"cores"`            // [logical core][kind]; kinds in the order of KindNames
	Places    []Place  `json:"places,omitempty"` // [logical core]: where on the mesh; older records lack it
	Kinds     []string `json:"kinds"`            // names of the kinds, so that the record explains itself

	Layers []LayerSpikes `json:"layers"`

	// PerSample holds, for every kind that is charged to a wave, the count of
	// each sample: sum over samples plus Outside equals the sum over cores.
	PerSample []SampleSeries `json:"per_sample"`
	// Outside counts events of fill, drain and idle ticks, which belong to no
	// sample.
	Outside Counts `json:"outside"`

	Violations []Violation `json:"violations"`

	// Variation is set where the cells of the simulated chip differ from the ideal
	// ones, so that its spikes are one made chip's and not the network's.
	Variation *Variation `json:"variation,omitempty"`
}

// Variation says how the cells of an analogue chip were drawn.
type Variation struct {
	ConductanceSD1024 int    `json:"conductance_sd_1024"` // standard deviation of a cell, in 1/1024 of the ideal one
	Seed              uint64 `json:"seed"`
}

// RunFormat names the form of the record; a reader refuses any other.
const RunFormat = "tritloom-run/1"

// Ticks says how simulated time was spent, in ticks.
type Ticks struct {
	Total              uint64 `json:"total"`
	PerInference       uint64 `json:"per_inference"`       // from a wave's input to its decision
	InitiationInterval uint64 `json:"initiation_interval"` // between the inputs of two waves, as run
	Fill               uint64 `json:"fill"`                // ticks before the pipeline is full
	Drain              uint64 `json:"drain"`               // ticks after the last input
	Idle               uint64 `json:"idle"`                // ticks in which no wave was on the chip
}

// timings are the models a record may name.
var timings = []string{"none", "analytic", "cycle"}

// Timing is what the timing model says, in quanta of the chip. It never
// changes a spike or an activity count.
type Timing struct {
	Model     string            `json:"model"`                // "none", "analytic" or "cycle"
	QuantumPS int64             `json:"quantum_ps,omitempty"` // one quantum in picoseconds
	Latency   map[string]uint64 `json:"latency,omitempty"`    // quanta an event takes, by kind, as used
	Tick      uint64            `json:"tick,omitempty"`       // quanta of a fixed tick; 0 for a barrier chip
	Total     uint64            `json:"total,omitempty"`      // quanta of the whole run
	// PerSample is the latency of each sample, in quanta from the start of
	// its input tick to the end of its decision tick.
	PerSample []uint64 `json:"per_sample,omitempty"`
	Longest   uint64   `json:"longest,omitempty"` // longest tick, in quanta
	Network   *Network `json:"network,omitempty"` // timing cycle by cycle only
}

// Network is what timing cycle by cycle saw of the routers. A packet is delivered to
// every core it goes to; its latency is from the quantum its core had it ready to the
// one in which it is written there.
type Network struct {
	Packets    uint64   `json:"packets"` // deliveries
	LatencySum uint64   `json:"latency_sum"`
	LatencyP50 uint64   `json:"latency_p50"`
	LatencyP95 uint64   `json:"latency_p95"`
	LatencyP99 uint64   `json:"latency_p99"`
	LatencyMax uint64   `json:"latency_max"`
	PeakQueue  int      `json:"peak_queue"` // packets in the fullest buffer of all
	Busiest    LinkLoad `json:"busiest"`
	// Links is the packets that left by each link of each router, by direction
	// (north is towards row 0), row by row.
	Links map[string][]uint64 `json:"links"`
	// Stalled is the quanta each core waited for room in its router, by logical
	// number, and CriticalTicks in how many ticks it or a packet to it ended last.
	Stalled       []uint64 `json:"stalled"`
	CriticalTicks []uint64 `json:"critical_ticks"`
}

// LinkLoad is a link and the packets it carried.
type LinkLoad struct {
	X       int    `json:"x"`
	Y       int    `json:"y"`
	Port    string `json:"port"`
	Packets uint64 `json:"packets"`
}

// Place is where a core is on the mesh, in cores.
type Place struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// LayerSpikes counts the spikes of one layer, those of copies included.
type LayerSpikes struct {
	Name    string `json:"name"`
	Neurons int    `json:"neurons"` // on the chip, each counted once
	Columns int    `json:"columns"` // that fire for them: every copy of a neuron takes one; 0 if not recorded
	Spikes  uint64 `json:"spikes"`
}

// SampleSeries is one kind's count for each sample.
type SampleSeries struct {
	Kind   string   `json:"kind"`
	Counts []uint64 `json:"counts"` // one a sample, or one entry for all if they are equal
}

// Violation is a broken promise of the chip seen in simulation, such as a
// fixed tick that was overrun.
type Violation struct {
	What  string `json:"what"`
	First uint64 `json:"first_tick"`
	Count uint64 `json:"count"`
}

// At is the count of sample i.
func (s SampleSeries) At(i int) uint64 {
	if len(s.Counts) == 1 {
		return s.Counts[0]
	}
	return s.Counts[i]
}

// total sums the counts of all samples. One count for all is multiplied, so that
// a record that claims many samples costs no time.
func (s SampleSeries) total(samples int) uint64 {
	if len(s.Counts) == 1 {
		return s.Counts[0] * uint64(samples)
	}
	var sum uint64
	for _, n := range s.Counts {
		sum += n
	}
	return sum
}

// Total sums the counts of all cores.
func (r *Run) Total() Counts {
	var total Counts
	for i := range r.Cores {
		total.Add(&r.Cores[i])
	}
	return total
}

// KindNames lists the names of all kinds in the order of count vectors.
func KindNames() []string {
	names := make([]string, NumKinds)
	for k, info := range Kinds {
		names[k] = info.Name
	}
	return names
}

// Validate checks that the record agrees with itself: known kinds, and events
// of samples and of no sample adding up to the events of cores.
func (r *Run) Validate() error {
	if r.Format != RunFormat {
		return fmt.Errorf("run record: format %.40q; this version reads %q; simulate again", r.Format, RunFormat)
	}
	if len(r.Cores) != r.CoresUsed {
		return fmt.Errorf("run record: %d core rows for %d used cores; simulate again", len(r.Cores), r.CoresUsed)
	}
	names := KindNames()
	if len(r.Kinds) != len(names) {
		return fmt.Errorf("run record: %d event kinds; this version counts %d; simulate again", len(r.Kinds), len(names))
	}
	for i, name := range names {
		if r.Kinds[i] != name {
			return fmt.Errorf("run record: event kind %d is %.40q; this version has %q there; simulate again", i, r.Kinds[i], name)
		}
	}
	if r.Places != nil && len(r.Places) != r.CoresUsed {
		return fmt.Errorf("run record: %d places for %d used cores; simulate again", len(r.Places), r.CoresUsed)
	}
	if r.Scenario != SingleStream && r.Scenario != Offline {
		return fmt.Errorf("run record: scenario %.40q; want %q or %q; simulate again", r.Scenario, SingleStream, Offline)
	}
	if !slices.Contains(timings, r.Timing.Model) {
		return fmt.Errorf("run record: timing model %.40q; want one of %q; simulate again", r.Timing.Model, timings)
	}
	if r.Samples < 0 || r.Correct < 0 || r.Correct > r.Samples {
		return fmt.Errorf("run record: %d correct of %d samples; simulate again", r.Correct, r.Samples)
	}
	if v := r.Variation; v != nil && v.ConductanceSD1024 < 1 {
		return fmt.Errorf("run record: variation of %d/1024 of a cell; want 1 or more; simulate again", v.ConductanceSD1024)
	}
	if n := r.Timing.Network; n != nil && (len(n.Stalled) != r.CoresUsed || len(n.CriticalTicks) != r.CoresUsed) {
		return fmt.Errorf("run record: routers tell of %d and %d cores; the run used %d; simulate again", len(n.Stalled), len(n.CriticalTicks), r.CoresUsed)
	}
	return r.checkSums()
}

// checkSums compares the two ways of adding the same events.
func (r *Run) checkSums() error {
	sum := r.Outside
	var seen [NumKinds]bool
	for _, s := range r.PerSample {
		k, ok := KindByName(s.Kind)
		if !ok {
			return fmt.Errorf("run record: per_sample names unknown event kind %.40q; simulate again", s.Kind)
		}
		if seen[k] {
			return fmt.Errorf("run record: per_sample names %s twice; simulate again", s.Kind)
		}
		seen[k] = true
		if len(s.Counts) != 1 && len(s.Counts) != r.Samples {
			return fmt.Errorf("run record: per_sample %s has %d counts for %d samples; simulate again", s.Kind, len(s.Counts), r.Samples)
		}
		sum[k] += s.total(r.Samples)
	}
	total := r.Total()
	for k := range sum {
		if sum[k] != total[k] {
			return fmt.Errorf("run record: %s adds up to %d over samples and to %d over cores; simulate again", Kind(k), sum[k], total[k])
		}
	}
	return nil
}

// JSON is the record as written to run.json: one line and a newline.
func (r *Run) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteFile writes the record atomically.
func (r *Run) WriteFile(path string) error {
	if err := r.Validate(); err != nil {
		return err
	}
	text, err := r.JSON()
	if err != nil {
		return err
	}
	return container.WriteAtomic(path, text)
}

// maxRunBytes bounds a run record on disk: 100,000 samples of 30 kinds fit.
const maxRunBytes = 256 << 20

// ReadFile reads a record and checks it.
func ReadFile(path string) (*Run, error) {
	text, err := container.ReadText(path, "a run record, such as tritloom simulate -o run.json writes", maxRunBytes)
	if err != nil {
		return nil, err
	}
	r, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Parse reads a record from its text; an unknown field is an error.
func Parse(text []byte) (*Run, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	r := new(Run)
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("not a run record (%w); name a file that tritloom simulate -o run.json wrote", short{err})
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("run record: text after its end; copy it again, or simulate again")
	}
	return r, r.Validate()
}

// short is an error of a text reader, which may quote as much as the file holds.
type short struct{ error }

func (s short) Error() string {
	const most = 200 // bytes
	text := s.error.Error()
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}

func (s short) Unwrap() error { return s.error }
