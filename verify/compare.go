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
	Samples            int
	Layers             []LayerMatch // of the original network, then the readout
	SpikeMismatches    uint64       // neurons that fired otherwise, over all layers and samples
	ScoreMismatches    uint64       // scores that differ
	DecisionMismatches uint64       // classes that differ
	First              string       // the first difference in words, empty if none
}

// LayerMatch counts one layer's comparisons.
type LayerMatch struct {
	Name       string
	Neurons    int    // of the original network
	OnChip     int    // compared spike by spike
	Constant   int    // folded away; compared with their constant
	Dead       int    // folded away; nothing hears them, so nothing is compared
	Mismatches uint64 // over all samples
}

// Exact tells whether nothing differed.
func (c *Comparison) Exact() bool {
	return c.SpikeMismatches == 0 && c.ScoreMismatches == 0 && c.DecisionMismatches == 0
}

// Comparer compares waves of a simulation with the plain evaluator.
type Comparer struct {
	network *ternary.Network
	image   *layout.Layout
	canon   *ternary.Canon
	heads   [][]layout.Link
	bits    encode.Bits
	result  Comparison
}

// NewComparer prepares the comparison of an image with the network it was
// compiled from.
func NewComparer(n *ternary.Network, l *layout.Layout) (*Comparer, error) {
	if l.Network != n.Hash() {
		return nil, fmt.Errorf("the layout was compiled from network %s, not from %s; give the network it was compiled from", l.Network, n.Hash())
	}
	canon, err := ternary.Canonical(n)
	if err != nil {
		return nil, err
	}
	heads, err := l.Heads()
	if err != nil {
		return nil, err
	}
	c := &Comparer{network: n, image: l, canon: canon, heads: heads, bits: encode.NewBits(n.Inputs)}
	for i := range n.Layers {
		c.result.Layers = append(c.result.Layers, LayerMatch{Name: n.Layers[i].Name, Neurons: n.Layers[i].Outputs})
	}
	c.result.Layers = append(c.result.Layers, LayerMatch{Name: n.Readout.Name, Neurons: n.Readout.Outputs, OnChip: n.Readout.Outputs})
	for k, i := range canon.Layer {
		c.result.Layers[i].OnChip = len(canon.Kept[k])
	}
	for _, f := range canon.Folded {
		if f.Fate == ternary.Dead {
			c.result.Layers[f.Layer].Dead++
		} else {
			c.result.Layers[f.Layer].Constant++
		}
	}
	return c, nil
}

// Compare looks at one wave, given the input bits of its sample.
func (c *Comparer) Compare(w sim.Wave, bits encode.Bits) {
	want := c.network.Eval(bits)
	fired := map[layout.Link]int{} // spikes of every column at its own level
	for _, s := range w.Spikes {
		at := layout.Link{Core: s.Core, Column: s.Column}
		if s.Tick == c.image.Column(at).Level {
			fired[at]++
		} else {
			c.miss(int(c.image.Column(at).Label.Layer), "sample %d: %s spikes at tick %d, not at its level %d",
				w.Sample, c.image.LabelText(c.image.Column(at).Label), s.Tick, c.image.Column(at).Level)
		}
	}
	for k, i := range c.canon.Layer {
		for j, original := range c.canon.Kept[k] {
			should, did := want.Spikes[0][i].Get(int(original)), fired[c.heads[k][j]]
			if did > 1 || should != (did == 1) {
				c.miss(i, "sample %d: %s neuron %d fires %d times; the network says %v", w.Sample, c.network.Layers[i].Name, original, did, should)
			}
		}
	}
	for _, f := range c.canon.Folded {
		if f.Fate != ternary.Dead && want.Spikes[0][f.Layer].Get(f.Neuron) != (f.Fate == ternary.Always) {
			c.miss(f.Layer, "sample %d: %s neuron %d was folded as %s; the network says otherwise", w.Sample, c.network.Layers[f.Layer].Name, f.Neuron, f.Fate)
		}
	}
	for class, score := range want.Scores {
		if w.Scores[class] != score {
			c.result.ScoreMismatches++
			c.note("sample %d: class %d scores %d; the network says %d", w.Sample, class, w.Scores[class], score)
			c.result.Layers[len(c.network.Layers)].Mismatches++
		}
	}
	if w.Class != want.Class {
		c.result.DecisionMismatches++
		c.note("sample %d: decided for class %d; the network says %d", w.Sample, w.Class, want.Class)
	}
	c.result.Samples++
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
	machine, err := sim.New(l, o)
	if err != nil {
		return nil, nil, err
	}
	run, err := machine.Run(ctx, src, func(w sim.Wave) error {
		src.Bits(w.Sample, c.bits)
		c.Compare(w, c.bits)
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
