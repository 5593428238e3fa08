package main

import (
	"fmt"
	"strconv"

	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/verify"
)

// variationFlags say which chip is simulated: the ideal one, or a made one.
type variationFlags struct {
	Variation string `help:"Simulate a made analogue chip, whose cells vary: a standard deviation of 1..512 in 1/1024 of a cell's conductance, or chip for its own. Differences from --against are then a measure, no failure." placeholder:"SD"`
	Seed      uint64 `default:"1" help:"Seed of stochastic neurons and of --variation." placeholder:"N"`
}

// ownVariation asks for the variation that the chip states.
const ownVariation = "chip"

// vary puts them into the options of a simulation.
func (c variationFlags) vary(o *sim.Options) error {
	o.Seed = c.Seed
	if c.Variation == "" || c.Variation == "0" {
		return nil
	}
	o.Variation = true
	if c.Variation == ownVariation {
		return nil
	}
	sd, err := strconv.Atoi(c.Variation)
	if err != nil || sd < 0 || sd > sim.MostConductanceSD {
		return fmt.Errorf("--variation %s; want 1..%d, in 1/1024 of a cell's conductance, %s for what the chip states, or 0 for none", c.Variation, sim.MostConductanceSD, ownVariation)
	}
	o.ConductanceSD1024 = sd
	return nil
}

// approximateText says how far a made chip is from the network: what differs is what its
// variation does, not a fault. A spike is a neuron, sample and step; firing or not.
func approximateText(c *verify.Comparison, v *ledger.Variation) string {
	spikes := 0
	for _, l := range c.Layers[:len(c.Layers)-1] { // the last one is the readout
		spikes += l.OnChip * c.Samples * max(1, c.Steps)
	}
	return fmt.Sprintf("approximate: variation of %d/1024 of a cell's conductance, seed %d; %s of %s spikes differ from the network, %s %s, %s decisions over ",
		v.ConductanceSD1024, v.Seed, report.Count(c.SpikeMismatches), report.Count(spikes), report.Count(c.ScoreMismatches), c.Compares, report.Count(c.DecisionMismatches))
}
