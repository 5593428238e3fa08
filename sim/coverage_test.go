package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
)

// feature is something a random case may have or do. That many cases agree says little
// if few of them had anything to disagree about.
type feature int

const (
	anySpike feature = iota
	anyDraw
	kept
	floorHeld
	floorBounced
	randomThreshold
	randomSynapse
	randomLeak
	leakReversed
	startsElsewhere
	withCurrent
	withRefractory
	saturatedHigh
	saturatedLow
	tooWideSeen
	chained
	merged
	mergedAdd
	severalSteps
	waveGated
	neuronMajorRead
	typedSums
	analoguePairs
	clippedSums
	byKernel
	noisyKernel
	noisyWord
	byColumn
	wildBlock
	severalBlocks
	slept
	woke
	spikesLost
	tickOverrun
	betweenCores
	twoThreads
	fourThreads
	assembly
	pureGo
	machines
	features
)

// featureInfo names features and says in how many of 1000 small cases each must be.
var featureInfo = [features]struct {
	name string
	want int
}{
	anySpike:        {"spikes", 400},
	anyDraw:         {"random numbers drawn", 150},
	kept:            {"potentials kept", 500},
	floorHeld:       {"floor hold, potential at it", 70},
	floorBounced:    {"floor bounce", 150},
	randomThreshold: {"random thresholds", 150},
	randomSynapse:   {"stochastic synapses", 150},
	randomLeak:      {"random leaks", 100},
	leakReversed:    {"reversing leaks", 90},
	startsElsewhere: {"potentials at rest or after a reset other than 0", 150},
	withCurrent:     {"currents", 150},
	withRefractory:  {"refractory rest", 130},
	saturatedHigh:   {"a potential at the high end", 60},
	saturatedLow:    {"a potential at the low end", 60},
	tooWideSeen:     {"a width left", 35},
	chained:         {"chains of partial sums", 120},
	merged:          {"merges by or", 200},
	mergedAdd:       {"merges by add", 110},
	severalSteps:    {"waves of several steps", 75},
	waveGated:       {"a wave gate", 250},
	neuronMajorRead: {"neuron-major reads", 250},
	typedSums:       {"sums by axon type", 170},
	analoguePairs:   {"pairs of analogue cells", 100},
	clippedSums:     {"conversions that clip", 15},
	byKernel:        {"blocks updated by kernels", 250},
	noisyKernel:     {"blocks of random thresholds updated by kernels", 50},
	noisyWord:       {"64 random thresholds in a row", 0}, // mostly on whole cores
	byColumn:        {"blocks updated column by column", 400},
	wildBlock:       {"potentials that keep a kernel away", 30},
	severalBlocks:   {"columns across blocks", 8},
	slept:           {"cores asleep", 60},
	woke:            {"cores woken", 45},
	spikesLost:      {"spikes lost at the gate", 190},
	tickOverrun:     {"ticks overrun", 25},
	betweenCores:    {"spikes between cores", 350},
	twoThreads:      {"two threads", 60},
	fourThreads:     {"four threads", 60},
	assembly:        {"assembly kernels", 0}, // not on every processor
	pureGo:          {"pure Go kernels", 250},
	machines:        {"whole runs", 20},
}

// coverage counts what cases had.
type coverage struct {
	cases, ticks, spikes, draws int
	seen                        [features]int // cases
	now                         [features]bool
	asleep                      []bool // [core] of the case at hand
}

func (c *coverage) note(f feature, seen bool) { c.now[f] = c.now[f] || seen }

// begin notes what a chip has.
func (c *coverage) begin(l *layout.Layout) {
	c.now, c.asleep = [features]bool{}, make([]bool, len(l.Cores))
	caps := &l.Capabilities
	c.note(severalSteps, l.Schedule.Steps > 1)
	c.note(analoguePairs, caps.Core.SynapseMode == hwmodel.Differential)
	c.note(waveGated, caps.Host.WaveGate)
	c.note(neuronMajorRead, caps.Core.ReadOrder == hwmodel.NeuronMajor)
	c.note(severalBlocks, caps.Core.Neurons > 256)
	for i := range l.Cores {
		for n := range l.Cores[i].Columns {
			column := &l.Cores[i].Columns[n]
			d := &column.Dynamics
			c.note(kept, keepsState(column))
			c.note(chained, column.Role == layout.Sender)
			c.note(floorBounced, d.Floor == layout.Bounce)
			c.note(randomThreshold, d.RandomThreshold != 0)
			c.note(randomSynapse, d.RandomSynapses != 0)
			c.note(randomLeak, d.RandomLeak)
			c.note(leakReversed, d.LeakReversal)
			c.note(startsElsewhere, d.Initial != 0 || d.ResetTo != 0)
			c.note(withCurrent, d.Current)
			c.note(withRefractory, d.Refractory != 0)
			for _, to := range column.Dests {
				c.note(betweenCores, int(to.Core) != i)
			}
		}
	}
}

// tick notes what a tick did. Everything is looked up in the reference but how the
// first rival did it.
func (c *coverage) tick(g *race, s *Step) {
	c.ticks++
	c.spikes += len(s.Spikes)
	c.note(anySpike, len(s.Spikes) > 0)
	c.note(spikesLost, s.Lost > 0)
	c.note(clippedSums, s.Clipped > 0)
	c.note(tickOverrun, s.Overrun)
	e, f := g.rivals[0].stepper.engine.(*reference), g.rivals[1].stepper.engine.(*fast)
	for i := range s.Counts {
		c.note(merged, s.Counts[i][ledger.AxonMerge] > 0)
		for n := range e.neurons[i] {
			column, v := e.p.cores[i].columns[n].Column, e.neurons[i][n].potential
			if column.Role == layout.Spiking && e.p.saturates {
				c.note(saturatedHigh, v == e.p.high)
				c.note(saturatedLow, v == e.p.low)
			}
			c.note(floorHeld, column.Dynamics.Floor == layout.Hold && v == -int64(column.Dynamics.Beta))
		}
		core, state := &f.p.cores[i], &f.state[i]
		for b := range core.blocks {
			c.note(byKernel, core.blocks[b].special == nil)
			c.note(noisyKernel, core.blocks[b].noise != nil)
			c.note(noisyWord, slices.Contains(core.blocks[b].noisy[:], ^uint64(0)))
			c.note(byColumn, core.blocks[b].special != nil)
			c.note(wildBlock, core.blocks[b].special == nil && state.blocks[b].wild)
			c.note(typedSums, core.blocks[b].types != nil)
		}
		c.note(mergedAdd, state.work != nil && state.work.done == f.today-1 && state.work.extra)
		c.note(slept, state.rest.asleep)
		c.note(woke, c.asleep[i] && !state.rest.asleep)
		c.asleep[i] = state.rest.asleep
	}
}

func (c *coverage) end() {
	c.cases++
	for f, seen := range c.now {
		if seen {
			c.seen[f]++
		}
	}
}

func (c *coverage) add(o *coverage) {
	c.cases, c.ticks, c.spikes, c.draws = c.cases+o.cases, c.ticks+o.ticks, c.spikes+o.spikes, c.draws+o.draws
	for f := range o.seen {
		c.seen[f] += o.seen[f]
	}
}

func (c *coverage) log(t *testing.T, what string) {
	var list strings.Builder
	for f, n := range c.seen {
		fmt.Fprintf(&list, "\n%8d %s", n, featureInfo[f].name)
	}
	t.Logf("%d cases of %s, %d ticks, %d spikes, %d random numbers; of them with%s", c.cases, what, c.ticks, c.spikes, c.draws, &list)
}

// demand refuses to call a test of cases one that had too little in them.
func (c *coverage) demand(t *testing.T) {
	for f, n := range c.seen {
		if want := c.cases * featureInfo[f].want / 1000; c.cases >= 1000 && n < want {
			t.Errorf("%d of %d cases have %s; want %d", n, c.cases, featureInfo[f].name, want)
		}
	}
}
