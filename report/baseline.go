package report

import (
	"fmt"
	"math"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// Baseline compares an inference on the spiking chip with dense engines on the
// same memory: same price a stored bit read, same adders, all from the chip's
// own rows, and the static energy of an inference that takes as long as this run's
// would in one step.
//
// A dense engine reads every weight and every input of a layer once an
// inference, however few are active, from rows as wide as the chip's and
// packed without a gap, and updates every neuron once. That data moves between
// layers for free favours it; that it adds what is multiplied by zero favours
// spikes, so one engine skips the additions, but not the reads. Mesh and host
// are left out on both sides.
//
// A network of T steps carries the number of spikes of each neuron, 0 to T. Its
// dense counterpart has the same weights, runs once, and its inputs have b =
// ⌈log2(T+1)⌉ bits. To add an input of b bits takes one addition where the adders
// are as wide as the potential anyway, which the chip's are; bit by bit it takes b,
// and both stand in the table. A network of one step has b = 1.
//
// It occupies the chip for fewer ticks: where this run starts an inference every II
// ticks, of which T - 1 show the input again, the dense network takes II - (T - 1), at
// least one. Its static energy is that share of this run's static energy, what is
// priced by time as well as what is priced by the tick. At T = 1 the share is one,
// however long an engine would really take.
//
// With W weights that a layer's sums take, S stored ones, I inputs over all layers,
// N neurons and scores, and A synaptic operations of the network in this run:
//
//	engine               bits read     operations  neuron updates
//	ternary              2·S + b·I     W           N
//	ternary, bit by bit  2·S + b·I     b·W         N               b > 1
//	ternary, zeros gated 2·S + I       A           N               b = 1
//	int8                 8·S + 8·I     W MACs      N
//	fp32                 32·S + 32·I   W MACs      N
//
// An operation is a synaptic_op of the chip, a MAC that and more: see MAC.
type Baseline struct {
	Spiking Interval `json:"spiking_j"` // this run inside the core boundary
	Engines []Engine `json:"engines"`
	Steps   int      `json:"steps"`           // of an inference of the network
	Bits    uint64   `json:"activation_bits"` // b
	// Ticks an inference of this run occupies the chip for, and one of a dense engine.
	Ticks      uint64 `json:"ticks"`
	DenseTicks uint64 `json:"dense_ticks"`
	// SpikesPerSynapse is how often a nonzero weight is used in an inference,
	// on average, and SpikeRate in a step: the spikes of a neuron and step, each
	// neuron weighted by its synapses.
	SpikesPerSynapse float64 `json:"spikes_per_synapse"`
	SpikeRate        float64 `json:"spike_rate"`
	// NoGated says why no engine that skips zeros stands here: the chip's
	// operations are not those of the network, each once.
	NoGated    string   `json:"zeros_gated_missing,omitempty"`
	MAC        MAC      `json:"mac"`
	LowerBound bool     `json:"lower_bound"`          // prices are missing on one side
	Published  []string `json:"published_break_even"` // what others found, under other assumptions
}

// publishedBreakEven is what the literature says of the activity below which
// spikes win.
var publishedBreakEven = []string{
	"Yan et al., arXiv 2409.08290v4: below 5.7 % spikes a neuron and step at T = 5 against a network of ⌈log2(T+1)⌉ bits with data movement (6.4 % in v2 and v3, for T of 5 to 10)",
	"Dampfhoffer et al., IEEE TETCI 7(3), 2023: between 0.15 and 1.38 spikes a synapse and inference, depending on the dense engine (integrate-and-fire neurons)",
}

// Engine is one dense engine.
type Engine struct {
	Name       string   `json:"name"`
	BitsRead   uint64   `json:"bits_read"`
	Operations float64  `json:"operations"`           // additions; MACs in int8 and fp32
	Operation  Interval `json:"joules_per_operation"` // see MAC
	Neurons    uint64   `json:"neuron_updates"`
	Joules     Interval `json:"joules"` // per inference
	// Ratio is Joules over those of the spiking chip: above one, spikes win.
	Ratio float64 `json:"ratio"`
	// BreakEven is the number of spikes per synapse per inference at which both
	// take the same nominal energy. The parts of either energy that follow
	// activity are scaled in proportion. Null if there is none, and then
	// NoBreakEven says why.
	BreakEven   *float64 `json:"break_even_spikes_per_synapse"`
	NoBreakEven string   `json:"break_even_missing,omitempty"`
	// BreakEvenRate is BreakEven a step, to set beside Baseline.SpikeRate.
	BreakEvenRate *float64 `json:"break_even_spike_rate"`
}

// Why there is no break-even.
const (
	EvenNever       = "the dense engine takes less energy at any activity"
	EvenUnreachable = "spikes take less energy at any activity: a synapse is used once a step at most"
)

// NewBaseline compares a run with dense engines for the same network. A chip
// that prices no memory read has no memory model to share; that is an error.
func NewBaseline(run *ledger.Run, chip *hwmodel.Chip, n *ternary.Network) (*Baseline, error) {
	if chip.Prices[ledger.BitsRead].State != hwmodel.Priced && chip.Prices[ledger.RowRead].State != hwmodel.Priced {
		return nil, fmt.Errorf("baseline: chip %s prices neither %s nor %s by itself, so there is no memory model to share", chip.Name, ledger.BitsRead, ledger.RowRead)
	}
	c, err := newCensus(run, chip, UsedCores)
	if err != nil {
		return nil, err
	}
	run = c.run
	s := newSheet(run, chip, hwmodel.BoundaryCore)
	dense := denseSize(n)
	perInference := 1 / float64(run.Samples)
	dense.met = float64(c.samples[ledger.SynapticOp]) * perInference
	b := &Baseline{
		Spiking: s.joules(&c.samples).times(perInference), LowerBound: s.lacks(&c.samples),
		Steps: max(1, n.Steps), MAC: newMAC(chip, s.events[ledger.SynapticOp]), Published: publishedBreakEven,
	}
	b.Bits = activationBits(b.Steps)
	b.Ticks = max(1, run.Ticks.InitiationInterval)
	b.DenseTicks = oneShot(b.Ticks, b.Steps)
	if dense.nonzero > 0 {
		b.SpikesPerSynapse = dense.met / float64(dense.nonzero)
		b.SpikeRate = b.SpikesPerSynapse / float64(b.Steps)
	}
	most := math.Inf(1) // spikes of a synapse in an inference
	if b.NoGated = repeats(c, chip, n, dense); b.NoGated == "" {
		most = float64(b.Steps)
	}
	if b.Steps > 1 {
		b.NoGated = "an engine that runs once has no steps in which to skip what does not spike"
	}
	b.addEngines(s, c, dense, most)
	return b, nil
}

// addEngines sets every engine beside the run, in whose inferences a synapse has so
// many spikes at most.
func (b *Baseline) addEngines(s *sheet, c *census, d dense, most float64) {
	perInference := 1 / float64(c.run.Samples)
	static := s.joules(s.static(&c.samples)).times(perInference).times(float64(b.DenseTicks) / float64(b.Ticks))
	activity := b.Spiking.Nominal - float64(s.independent(&c.samples)*perInference)
	for _, spec := range denseSpecs(b.Steps, b.MAC) {
		if spec.gated && b.NoGated != "" {
			continue
		}
		counts := d.counts(spec, s.chip.Capabilities.Core)
		b.LowerBound = b.LowerBound || s.lacks(&counts)
		e := d.engine(spec, s, counts)
		e.Joules = e.Joules.plus(static)
		own := 0.0 // of the engine's energy, what follows activity
		if spec.gated {
			own = float64(e.Operations * e.Operation.Nominal)
		}
		e.compare(b, activity, own, most)
		b.Engines = append(b.Engines, e)
	}
}

// oneShot is for how many ticks an inference occupies the chip if its input is shown
// once and not at so many steps.
func oneShot(ticks uint64, steps int) uint64 {
	if again := uint64(steps - 1); again < ticks {
		return ticks - again
	}
	return 1
}

// repeats says why the chip's synaptic operations may not be those of the
// network, each once; nothing if they are.
func repeats(c *census, chip *hwmodel.Chip, n *ternary.Network, d dense) string {
	scores := uint64(c.run.Samples) * uint64(n.Readout.Outputs)
	switch {
	case !chip.Capabilities.Host.WaveGate:
		return "a chip without a wave gate also works on ticks that are not the network's"
	case c.samples[ledger.ControlSpike] > 0:
		return "control spikes do synaptic operations of their own"
	case c.samples[ledger.OutputScore] != scores || len(c.run.Layers) != len(n.Layers):
		return "the chip decides with neurons that the network does not have"
	case d.met > float64(d.nonzero)*float64(max(1, n.Steps)):
		return "the run holds more synaptic operations than the network has synapses"
	}
	for _, l := range c.run.Layers {
		if l.Columns <= 0 {
			return "the run does not say how many columns fire; simulate again"
		}
		if l.Columns > l.Neurons {
			return fmt.Sprintf("layer %s has copies of neurons on the chip, which do operations again", l.Name)
		}
	}
	return ""
}

// compare fills in the ratio and the activity at which both are equal. Activity
// and own are the joules of spikes and engine that follow it. Most is the spikes a
// synapse can have: one a step where no operation is repeated.
func (e *Engine) compare(b *Baseline, activity, own, most float64) {
	if b.Spiking.Nominal > 0 {
		e.Ratio = e.Joules.Nominal / b.Spiking.Nominal
	}
	room := (e.Joules.Nominal - own) - (b.Spiking.Nominal - activity) // without activity, spikes take so much less
	steeper := activity - own
	switch {
	case room <= 0:
		e.NoBreakEven = EvenNever
	case steeper <= 0, b.SpikesPerSynapse*room/steeper > most:
		e.NoBreakEven = EvenUnreachable
	default:
		even := b.SpikesPerSynapse * room / steeper
		rate := even / float64(b.Steps)
		e.BreakEven, e.BreakEvenRate = &even, &rate
	}
}

// static keeps the counts of static prices.
func (s *sheet) static(counts *ledger.Counts) *ledger.Counts {
	kept := new(ledger.Counts)
	for k, n := range counts {
		if s.chip.Prices[k].Scope == hwmodel.Static {
			kept[k] = n
		}
	}
	return kept
}

// lacks tells whether a figure for the counts would lack joules.
func (s *sheet) lacks(counts *ledger.Counts) bool {
	for k, n := range counts {
		if s.boundary.Covers(ledger.Kind(k)) && s.missing(ledger.Kind(k), n) != "" {
			return true
		}
	}
	return false
}
