package compiler

import (
	"fmt"
	"slices"
)

// pass is one step of the compiler. Its order constraints carry their reasons
// in the table below.
type pass struct {
	name  string
	after []string
	run   func(*state) error
	// check states what holds from this pass on; it runs after this pass and
	// after every later one.
	check func(*state) error
}

// passes is the compiler for cores whose crosspoints hold whole weights, ternary,
// differential or kbit, with partial sums and multicast. To
// add a pass, write it in a file of its own and give it a row here.
var passes = []pass{
	{name: "canonical", run: canonical, check: checkUnits},                                // constants and dead neurons need no cell
	{name: "accept", after: []string{"canonical"}, run: accept},                           // limits are told before any work, all at once
	{name: "level", after: []string{"accept"}, run: level, check: checkLevels},            // a layer fires on one tick, so tiles know theirs
	{name: "tile", after: []string{"level"}, run: tile, check: checkTiles},                // axons are shared by source and arrival tick
	{name: "place", after: []string{"tile"}, run: place, check: checkPlaces},              // cores are places from here on
	{name: "chain", after: []string{"place"}, run: chain, check: checkChains},             // a partial sum takes the short way
	{name: "emit", after: []string{"place", "chain"}, run: emit},                          // routes and ports need final places
	{name: "prove", after: []string{"emit"}, run: prove, check: (*state).checkImageIsSet}, // widths, ticks and labels, by the layout's own checker
}

// typedPasses is the compiler for typed-binary cores whose neurons have one
// destination each.
var typedPasses = []pass{
	{name: "canonical", run: canonicalTyped, check: checkUnits},                    // spikes stand in for scores; constants need no cell
	{name: "accept", after: []string{"canonical"}, run: acceptTyped},               // limits are told before any work, all at once
	{name: "level", after: []string{"accept"}, run: level, check: checkLevels},     // an axon stands for a source at a level
	{name: "copy", after: []string{"level"}, run: copyNeurons, check: checkCopies}, // what a neuron must reach says how often it stands
	{name: "place", after: []string{"copy"}, run: place, check: checkPlaces},       // cores are places from here on
	{name: "emit", after: []string{"place"}, run: emitTyped},                       // routes and ports need final places
	{name: "prove", after: []string{"emit"}, run: prove, check: (*state).checkImageIsSet},
}

func init() { // a wrong order is a programming error: fail at start-up
	for _, table := range [][]pass{passes, typedPasses} {
		if err := checkOrder(table); err != nil {
			panic("compiler: " + err.Error())
		}
	}
}

// checkOrder demands that every pass stands after those it names.
func checkOrder(passes []pass) error {
	var seen []string
	for _, p := range passes {
		for _, before := range p.after {
			if !slices.Contains(seen, before) {
				return fmt.Errorf("pass %q must run after %q", p.name, before)
			}
		}
		if slices.Contains(seen, p.name) {
			return fmt.Errorf("pass %q stands twice", p.name)
		}
		seen = append(seen, p.name)
	}
	return nil
}

// runPasses runs the table, and after every pass all checks so far: a pass
// that breaks the work of an earlier one is caught where it happens.
func runPasses(s *state, passes []pass) error {
	for i, p := range passes {
		if err := p.run(s); err != nil {
			return err
		}
		for _, done := range passes[:i+1] {
			if done.check == nil {
				continue
			}
			if err := done.check(s); err != nil {
				return fmt.Errorf("after pass %q the promise of %q is broken: %w; this is a fault of the compiler, please report it", p.name, done.name, err)
			}
		}
	}
	return nil
}
