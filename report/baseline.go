package report

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// Baseline compares an inference on the spiking chip with dense engines on the
// same memory: same price a stored bit read, same adders, same static energy,
// all from the chip's own rows.
//
// A dense engine reads every weight and every input of a layer once an
// inference, however few are active, from rows as wide as the chip's and
// packed without a gap, and updates every neuron once. It moves data between
// layers for free, and mesh and host are left out on both sides, so the
// comparison leans towards the dense engine. With W weights that a layer's
// sums take, S stored ones, I inputs over all layers and N neurons and scores:
//
//	engine   bits read   additions  neuron updates
//	ternary  2·S + I     W          N
//	int8     8·S + 8·I   8·W        N
//
// An 8-bit multiplication is taken as 8 additions, one a bit of the input
// (assumed: shift and add).
type Baseline struct {
	Spiking Interval `json:"spiking_j"` // this run inside the core boundary
	Engines []Engine `json:"engines"`
	// SpikesPerSynapse is how often a nonzero weight is used in an inference,
	// on average.
	SpikesPerSynapse float64 `json:"spikes_per_synapse"`
	LowerBound       bool    `json:"lower_bound"` // prices are missing on one side
}

// Engine is one dense engine.
type Engine struct {
	Name      string   `json:"name"`
	BitsRead  uint64   `json:"bits_read"`
	Additions uint64   `json:"additions"`
	Neurons   uint64   `json:"neuron_updates"`
	Joules    Interval `json:"joules"` // per inference
	// Ratio is Joules over those of the spiking chip: above one, spikes win.
	Ratio float64 `json:"ratio"`
	// BreakEven is the number of spikes per synapse per inference at which both
	// take the same nominal energy. The part of the spiking energy that follows
	// activity is scaled in proportion. Null if spikes lose at any activity.
	BreakEven *float64 `json:"break_even_spikes_per_synapse"`
}

// denseSpec is one row of the table above.
type denseSpec struct {
	name                   string
	weightBits, inputBits  uint64
	additionsPerMultiplied uint64
}

var denseSpecs = []denseSpec{{"ternary", 2, 1, 1}, {"int8", 8, 8, 8}}

// followsActivity lists the core's kinds whose number is proportional to the
// number of spikes; the others depend on the layout and the schedule.
var followsActivity = []ledger.Kind{
	ledger.AxonWrite, ledger.AxonRead, ledger.AxonMerge, ledger.RowRead,
	ledger.BitsRead, ledger.SynapticOp, ledger.SpikeEmitted, ledger.DACRow,
}

// NewBaseline compares a run with dense engines for the same network. A chip
// that prices no memory read has no memory model to share; that is an error,
// like a network of several steps, whose dense counterpart is another network.
func NewBaseline(run *ledger.Run, chip *hwmodel.Chip, n *ternary.Network) (*Baseline, error) {
	if n.Steps != 1 {
		return nil, fmt.Errorf("baseline: the network takes %d steps; want a one-shot network of 1 step", n.Steps)
	}
	if chip.Prices[ledger.BitsRead].State != hwmodel.Priced && chip.Prices[ledger.RowRead].State != hwmodel.Priced {
		return nil, fmt.Errorf("baseline: chip %s prices neither %s nor %s by itself, so there is no memory model to share", chip.Name, ledger.BitsRead, ledger.RowRead)
	}
	c, err := newCensus(run, chip, UsedCores)
	if err != nil {
		return nil, err
	}
	s := newSheet(run, chip, hwmodel.BoundaryCore)
	dense := denseSize(n)
	perInference := 1 / float64(run.Samples)
	b := &Baseline{Spiking: s.joules(&c.samples).times(perInference), LowerBound: s.lacks(&c.samples)}
	if dense.nonzero > 0 {
		b.SpikesPerSynapse = float64(c.samples[ledger.SynapticOp]) * perInference / float64(dense.nonzero)
	}
	static := s.joules(s.only(&c.samples, func(k ledger.Kind) bool { return chip.Prices[k].Scope == hwmodel.Static })).times(perInference)
	activity := s.joules(s.only(&c.samples, isActivity)).times(perInference)
	for _, spec := range denseSpecs {
		counts := dense.counts(spec, chip.Capabilities.Core)
		e := Engine{
			Name: spec.name, BitsRead: counts[ledger.BitsRead], Additions: counts[ledger.SynapticOp], Neurons: counts[ledger.NeuronTouched],
			Joules: s.joules(&counts).plus(static),
		}
		e.compare(b, activity.Nominal)
		b.Engines = append(b.Engines, e)
		b.LowerBound = b.LowerBound || s.lacks(&counts)
	}
	return b, nil
}

// compare fills in the ratio and the activity at which both are equal.
func (e *Engine) compare(b *Baseline, activity float64) {
	if b.Spiking.Nominal > 0 {
		e.Ratio = e.Joules.Nominal / b.Spiking.Nominal
	}
	fixed := b.Spiking.Nominal - activity
	if room := e.Joules.Nominal - fixed; room > 0 && activity > 0 {
		even := b.SpikesPerSynapse * room / activity
		e.BreakEven = &even
	}
}

func isActivity(k ledger.Kind) bool {
	for _, kind := range followsActivity {
		if k == kind {
			return true
		}
	}
	return false
}

// only keeps the counts of some kinds.
func (s *sheet) only(counts *ledger.Counts, keep func(ledger.Kind) bool) *ledger.Counts {
	kept := new(ledger.Counts)
	for k, n := range counts {
		if keep(ledger.Kind(k)) {
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

// dense counts what a dense engine handles in one inference.
type dense struct {
	stored, summed, nonzero, inputs, neurons uint64
}

// denseSize counts a network. Layers of pure logic have no weights and are
// free.
func denseSize(n *ternary.Network) dense {
	var d dense
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() {
			continue
		}
		share := uint64(1) // neurons a stored weight serves
		if l.Op == ternary.Conv2D {
			share = uint64(l.Map.OutHeight() * l.Map.OutWidth())
		}
		d.add(l.Weights, share)
		d.inputs += uint64(n.Width(l.From))
		d.neurons += uint64(l.Outputs)
	}
	d.add(n.Readout.Weights, 1)
	d.inputs += uint64(n.Width(n.Readout.From))
	d.neurons += uint64(n.Readout.Outputs)
	return d
}

func (d *dense) add(weights []int8, share uint64) {
	d.stored += uint64(len(weights))
	d.summed += uint64(len(weights)) * share
	for _, w := range weights {
		if w != 0 {
			d.nonzero += share
		}
	}
}

// counts is the census of one dense inference in the ledger's terms.
func (d dense) counts(spec denseSpec, core hwmodel.Core) ledger.Counts {
	var c ledger.Counts
	bits := spec.weightBits*d.stored + spec.inputBits*d.inputs
	row := uint64(max(1, core.Neurons*core.SynapseBits))
	c[ledger.BitsRead] = bits
	c[ledger.RowRead] = (bits + row - 1) / row
	c[ledger.SynapticOp] = spec.additionsPerMultiplied * d.summed
	c[ledger.NeuronTouched] = d.neurons
	return c
}
