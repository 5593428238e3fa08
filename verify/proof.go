// Package verify asks whether network, layout and simulation are one thing.
//
// Proof lifts the image and compares networks: it holds for all inputs.
// Comparison runs samples and compares every spike of every neuron: it also
// covers the simulator. Faults puts single errors into images, to see that the
// first two would notice.
package verify

import (
	"fmt"

	"tritloom/compiler/lift"
	"tritloom/layout"
	"tritloom/ternary"
)

// Proof shows that an image computes a network, for all inputs: what is lifted
// from the image equals the network's canonical form. The error says where
// they part.
func Proof(n *ternary.Network, l *layout.Layout) error {
	if l.Network != n.Hash() {
		return fmt.Errorf("the layout was compiled from network %s, not from %s; compile this network", l.Network, n.Hash())
	}
	canon, err := Canonical(n, l)
	if err != nil {
		return err
	}
	return Lifts(canon.Network, l)
}

// Canonical is the canonical form that an image of the network must lift to.
// On chips that decide by spikes it ends in comparators; see ternary.Compared.
func Canonical(n *ternary.Network, l *layout.Layout) (*ternary.Canon, error) {
	if l.DecidesBySpikes() {
		compared, err := ternary.Compared(n)
		if err != nil {
			return nil, err
		}
		n = compared
	}
	return ternary.Canonical(n)
}

// Lifts is Proof against a canonical form that is already there.
func Lifts(canonical *ternary.Network, l *layout.Layout) error {
	lifted, err := lift.Lift(l)
	if err != nil {
		return err
	}
	if difference := ternary.Diff(canonical, lifted); difference != "" {
		return fmt.Errorf("the layout computes another network: %s", difference)
	}
	return nil
}
