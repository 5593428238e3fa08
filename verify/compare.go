package verify

import (
	"context"
	"fmt"

	"tritloom/encode"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
)

// Comparison is how simulated spikes compare with the evaluated network.
type Comparison struct {
	Samples            int          `json:"samples"`
	Steps              int          `json:"steps"`               // of each sample, every one compared at every neuron
	Layers             []LayerMatch `json:"layers"`              // of the original network, then the readout
	SpikeMismatches    uint64       `json:"spike_mismatches"`    // neurons that fired otherwise, over all layers, samples and steps
	Compares           Readout      `json:"compares"`            // what ScoreMismatches counts
	ScoreMismatches    uint64       `json:"score_mismatches"`    // scores or winners that differ
	DecisionMismatches uint64       `json:"decision_mismatches"` // classes that differ
	First              string       `json:"first"`               // the first difference in words, empty if none
	// Unproved says why the image is not proved to compute the network, empty if
	// it is: samples may agree by chance.
	Unproved string `json:"unproved,omitempty"`
}

// Readout is how an image hands out what it computed.
type Readout string

const (
	Scores  Readout = "scores"  // an integer a class, at a port
	Bursts  Readout = "bursts"  // an integer a class, counted from a burst of spikes
	Winners Readout = "winners" // one spike that says which class wins
)

// ReadoutOf says how an image hands out what it computed.
func ReadoutOf(l *layout.Layout) Readout {
	switch {
	case l.Bursts():
		return Bursts
	case l.DecidesBySpikes():
		return Winners
	}
	return Scores
}

// With adds another comparison of the same image, which may be nil.
func (c *Comparison) With(other *Comparison) *Comparison {
	if other == nil {
		return c
	}
	sum := *c
	sum.Layers = append([]LayerMatch(nil), c.Layers...)
	for i := range sum.Layers {
		sum.Layers[i].Mismatches += other.Layers[i].Mismatches
	}
	sum.Samples += other.Samples
	sum.SpikeMismatches += other.SpikeMismatches
	sum.ScoreMismatches += other.ScoreMismatches
	sum.DecisionMismatches += other.DecisionMismatches
	if sum.First == "" {
		sum.First = other.First
	}
	return &sum
}

// LayerMatch counts one layer's comparisons.
type LayerMatch struct {
	Name       string `json:"name"`
	Neurons    int    `json:"neurons"`    // of the original network
	OnChip     int    `json:"on_chip"`    // compared spike by spike
	Constant   int    `json:"constant"`   // folded away; compared with their constant
	Dead       int    `json:"dead"`       // folded away; nothing hears them, so nothing is compared
	Mismatches uint64 `json:"mismatches"` // over all samples and steps
}

// Exact tells whether nothing differed and the image is proved.
func (c *Comparison) Exact() bool {
	return c.SpikeMismatches == 0 && c.ScoreMismatches == 0 && c.DecisionMismatches == 0 && c.Unproved == ""
}

// Comparer compares waves of a simulation with the plain evaluator.
type Comparer struct {
	trained *ternary.Network // as trained: its decisions count
	network *ternary.Network // the same, with comparators where the chip decides by spikes
	image   *layout.Layout
	canon   *ternary.Canon
	heads   [][][]layout.Link
	result  Comparison
}

// NewComparer prepares the comparison of an image with the network it was
// compiled from, and tries to prove the image first. Where the chip decides by spikes,
// the comparators of ternary.Compared are compared like any other neuron, and
// decisions with those of the trained network itself.
func NewComparer(n *ternary.Network, l *layout.Layout) (*Comparer, error) {
	if l.Network != n.Hash() {
		return nil, fmt.Errorf("the layout was compiled from network %s, not from %s; give the network it was compiled from", l.Network, n.Hash())
	}
	c := &Comparer{trained: n, network: n, image: l, result: Comparison{Compares: ReadoutOf(l), Steps: n.Steps}}
	var err error
	if l.DecidesBySpikes() {
		if c.network, err = ternary.Compared(n); err != nil {
			return nil, err
		}
	}
	if c.canon, err = ternary.Canonical(c.network); err != nil {
		return nil, err
	}
	if err := Lifts(c.canon.Network, l); err != nil {
		c.result.Unproved = err.Error()
	}
	if c.heads, err = l.Heads(); err != nil {
		return nil, err
	}
	c.nameLayers()
	return c, nil
}

// nameLayers prepares the rows of the result.
func (c *Comparer) nameLayers() {
	n := c.network
	for i := range n.Layers {
		c.result.Layers = append(c.result.Layers, LayerMatch{Name: n.Layers[i].Name, Neurons: n.Layers[i].Outputs})
	}
	c.result.Layers = append(c.result.Layers, LayerMatch{Name: n.Readout.Name, Neurons: n.Readout.Outputs, OnChip: n.Readout.Outputs})
	for k, i := range c.canon.Layer {
		c.result.Layers[i].OnChip = len(c.canon.Kept[k])
	}
	for _, f := range c.canon.Folded {
		if f.Fate == ternary.Dead {
			c.result.Layers[f.Layer].Dead++
		} else {
			c.result.Layers[f.Layer].Constant++
		}
	}
}

// Compare looks at one wave, given the input bits of its sample.
func (c *Comparer) Compare(w sim.Wave, bits encode.Bits) {
	want := c.network.Eval(bits)
	fired := c.atLevels(w)
	for step, spikes := range want.Spikes {
		for k, i := range c.canon.Layer {
			for j, original := range c.canon.Kept[k] {
				should := spikes[i].Get(int(original))
				for _, head := range c.heads[k][j] {
					if did := fired[firing{head, step}]; did > 1 || should != (did == 1) {
						c.miss(i, "%s: %s neuron %d fires %d times at core %d column %d; the network says %v", c.place(w, step), c.network.Layers[i].Name, original, did, head.Core, head.Column, should)
					}
				}
			}
		}
		for _, f := range c.canon.Folded {
			if f.Fate != ternary.Dead && spikes[f.Layer].Get(f.Neuron) != (f.Fate == ternary.Always) {
				c.miss(f.Layer, "%s: %s neuron %d was folded as %s; the network says otherwise", c.place(w, step), c.network.Layers[f.Layer].Name, f.Neuron, f.Fate)
			}
		}
	}
	for class, score := range want.Scores {
		if w.Scores[class] != score {
			c.result.ScoreMismatches++
			c.note("sample %d: class %d scores %d; the network says %d", w.Sample, class, w.Scores[class], score)
			c.result.Layers[len(c.network.Layers)].Mismatches++
		}
	}
	decision := want.Class
	if c.trained != c.network {
		decision = c.trained.Eval(bits).Class
	}
	if w.Class != decision {
		c.result.DecisionMismatches++
		c.note("sample %d: decided for class %d; the network says %d", w.Sample, w.Class, decision)
	}
	c.result.Samples++
}

// place names a sample, and where there are several its step.
func (c *Comparer) place(w sim.Wave, step int) string {
	if c.network.Steps == 1 {
		return fmt.Sprintf("sample %d", w.Sample)
	}
	return fmt.Sprintf("sample %d, step %d", w.Sample, step)
}

// firing is a column at one of the steps of a wave.
type firing struct {
	at   layout.Link
	step int
}

// atLevels counts the spikes of every column on its own ticks of the wave, one a
// step from its level on. With a wave gate there must be no others; without one,
// neurons also fire on ticks that are not theirs, and nobody listens.
func (c *Comparer) atLevels(w sim.Wave) map[firing]int {
	fired := make(map[firing]int, len(w.Spikes))
	for _, s := range w.Spikes {
		at := layout.Link{Core: s.Core, Column: s.Column}
		column := c.image.Column(at)
		switch step := int(s.Tick) - int(column.Level); {
		case step >= 0 && step < c.network.Steps:
			fired[firing{at, step}]++
		case c.image.Capabilities.Host.WaveGate:
			c.miss(int(column.Label.Layer), "sample %d: %s spikes at tick %d, not at its level %d or in the %d steps from there", w.Sample, c.image.LabelText(column.Label), s.Tick, column.Level, c.network.Steps)
		}
	}
	return fired
}

func (c *Comparer) miss(layer int, format string, args ...any) {
	c.result.SpikeMismatches++
	c.result.Layers[layer].Mismatches++
	c.note(format, args...)
}

func (c *Comparer) note(format string, args ...any) {
	if c.result.First == "" {
		c.result.First = fmt.Sprintf(format, args...)
	}
}

// Result is the comparison so far.
func (c *Comparer) Result() *Comparison { return &c.result }

// Simulate runs samples through an image and compares every wave with the
// network. observe sees every wave too, in sample order; it may be nil.
func Simulate(ctx context.Context, n *ternary.Network, l *layout.Layout, o sim.Options, src sim.Source, observe func(sim.Wave) error) (*ledger.Run, *Comparison, error) {
	c, err := NewComparer(n, l)
	if err != nil {
		return nil, nil, err
	}
	o.OmitSpikes = false // they are what is compared
	machine, err := sim.New(l, o)
	if err != nil {
		return nil, nil, err
	}
	bits := encode.NewBits(n.Inputs)
	run, err := machine.Run(ctx, src, func(w sim.Wave) error {
		src.Bits(w.Sample, bits)
		c.Compare(w, bits)
		if observe == nil {
			return nil
		}
		return observe(w)
	})
	if err != nil {
		return nil, nil, err
	}
	return run, c.Result(), nil
}
