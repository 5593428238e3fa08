package compiler

import (
	"fmt"

	"tritloom/layout"
)

// level gives every unit the tick of a wave at which it is evaluated: one
// after the last of its sources, and 0 if it hears the input alone. Sources
// that are ready earlier wait in their delays.
func level(s *state) error {
	for u := range s.units {
		for _, source := range s.units[u].usedSources() {
			if source.Layer != layout.InputLabel {
				s.units[u].level = max(s.units[u].level, s.units[source.Layer].level+1)
			}
		}
	}
	most := int32(s.caps.Spikes.DelayMaxTicks)
	for u := range s.units {
		unit := &s.units[u]
		for _, source := range unit.usedSources() {
			if wait := unit.level - s.sourceLevel(source); wait > most {
				return fmt.Errorf("layer %q: a spike waits %d ticks for it; the chip delays at most %d; route the early source through a layer in between", unit.name, wait, most)
			}
		}
	}
	return nil
}

// sourceLevel is the tick at which a source's spikes leave; inputs are written
// by the host in the tick they are meant for, as if they left at level 0.
func (s *state) sourceLevel(source layout.Label) int32 {
	if source.Layer == layout.InputLabel {
		return 0
	}
	return s.units[source.Layer].level
}

// usedSources lists one used bit of every layer the unit listens to.
func (u *unit) usedSources() []layout.Label {
	var list []layout.Label
	seen := map[int32]bool{}
	for _, i := range u.usedInputs() {
		if source := u.sources[i]; !seen[source.Layer] {
			seen[source.Layer] = true
			list = append(list, source)
		}
	}
	return list
}

// usedInputs lists the inputs on which any neuron has a nonzero weight.
func (u *unit) usedInputs() []int {
	return u.inputsOf(allOf(u.neurons), allOf(len(u.sources)))
}

// inputsOf lists those of the inputs on which any of the neurons has a
// nonzero weight.
func (u *unit) inputsOf(neurons, inputs []int) []int {
	used := make([]bool, len(u.sources))
	for _, j := range neurons {
		row := u.weights[j*len(u.sources) : (j+1)*len(u.sources)]
		for _, i := range inputs {
			used[i] = used[i] || row[i] != 0
		}
	}
	var list []int
	for _, i := range inputs {
		if used[i] {
			list = append(list, i)
		}
	}
	return list
}

// allOf is 0..n-1.
func allOf(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func checkLevels(s *state) error {
	for u := range s.units {
		for _, source := range s.units[u].usedSources() {
			if source.Layer != layout.InputLabel && s.units[u].level <= s.sourceLevel(source) {
				return fmt.Errorf("%s fires at level %d, not after its source at %d", s.units[u].name, s.units[u].level, s.sourceLevel(source))
			}
		}
	}
	return nil
}
