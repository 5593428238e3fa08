package compiler

import (
	"errors"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
)

// state is what passes hand on. Each field is set by one pass and only read
// by later ones.
type state struct {
	original *ternary.Network
	chip     *hwmodel.Chip
	caps     hwmodel.Capabilities
	options  Options

	canon   *ternary.Canon // canonical
	units   []unit         // canonical; level
	bins    []bin          // tile, on ternary cores
	burst   bool           // canonical, on typed-binary cores: scores leave as bursts
	window  int            // canonical, with bursts: the longest burst, in ticks
	offset  int32          // canonical, with bursts: what every burst is longer than its score
	typed   []typedCore    // copy, on typed-binary cores
	traffic traffic        // tile or copy: packets of an inference between cores, in [lower][higher]
	places  []site         // place: of each core
	chains  [][][]part     // chain: [unit][neuron], first sender first, head last
	image   *layout.Layout // emit
}

// unit is a layer or the readout as the compiler sees it: a matrix of weights
// from bits to neurons.
type unit struct {
	name    string
	label   int32 // layout label: layer index; the readout comes last
	score   bool
	neuron  ternary.Neuron // what its neurons do; a score's is zero
	neurons int
	sources []layout.Label // what each input of the matrix is
	weights []int8         // neurons × len(sources)
	theta   []int32        // thresholds; biases where score
	level   int32

	// On typed-binary cores: what each neuron leaks a tick, and what the control
	// spike of its tick adds, 0 for none.
	leak, strobe []int32
}

func (u *unit) weight(neuron, input int) int8 { return u.weights[neuron*len(u.sources)+input] }

// part is one column of a neuron's chain.
type part = layout.Link

// canonical folds the network and lists its units.
func canonical(s *state) error { return s.take(s.original) }

// take makes the units of a network.
func (s *state) take(original *ternary.Network) error {
	canon, err := ternary.Canonical(original)
	if err != nil {
		return err
	}
	s.canon, s.units = canon, nil
	n := canon.Network
	for i := range n.Layers {
		l := &n.Layers[i]
		s.units = append(s.units, unit{name: l.Name, label: int32(i), neuron: l.Neuron, neurons: l.Outputs, sources: labels(n, l.From), weights: l.Weights, theta: l.Theta})
	}
	r := &n.Readout
	s.units = append(s.units, unit{name: r.Name, label: int32(len(n.Layers)), score: true, neurons: r.Outputs, sources: labels(n, r.From), weights: r.Weights, theta: r.Bias})
	return nil
}

// labels names every bit of the concatenated sources.
func labels(n *ternary.Network, from []int) []layout.Label {
	var list []layout.Label
	for _, s := range from {
		for j := range n.SourceWidth(s) {
			list = append(list, layout.Label{Layer: int32(s), Neuron: int32(j)})
		}
	}
	return list
}

func checkUnits(s *state) error {
	for u := range s.units {
		unit := &s.units[u]
		if len(unit.weights) != unit.neurons*len(unit.sources) || len(unit.theta) != unit.neurons {
			return fmt.Errorf("%s has %d weights and %d thresholds for %d neurons of %d inputs", unit.name, len(unit.weights), len(unit.theta), unit.neurons, len(unit.sources))
		}
	}
	return nil
}

func (s *state) checkImageIsSet() error {
	if s.image == nil {
		return errors.New("there is no image")
	}
	return nil
}
