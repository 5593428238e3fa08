package hwmodel

import (
	"slices"

	"tritloom/ledger"
)

// Component is a part of a core, of the mesh or of the ports that energy is
// spent in.
type Component string

// The components. A price that covers several of them at once is a component of
// its own, named after its kind: see Chip.Component.
const (
	SRAM      Component = "sram"      // the crossbar's rows and bits
	Synapse   Component = "synapse"   // adding what a row delivers
	Scheduler Component = "scheduler" // axon slots: written, read, merged
	NeuronRow Component = "neuron"    // updates, spikes, resets
	Router    Component = "router"    // packets, partial sums and their hops
	Converter Component = "converter" // analogue to digital and back
	Port      Component = "port"      // spikes, scores and configuration to and from the host, and links to other chips
	Control   Component = "control"   // barriers
	Powered   Component = "powered"   // living through ticks and quanta, whatever is done in them
)

// Components lists the components in the order of reports.
var Components = []Component{SRAM, Synapse, Scheduler, NeuronRow, Router, Converter, Port, Control, Powered}

// componentOf is the one table of where events happen.
var componentOf = [ledger.NumKinds]Component{
	ledger.AxonWrite:     Scheduler,
	ledger.AxonRead:      Scheduler,
	ledger.AxonMerge:     Scheduler,
	ledger.RowRead:       SRAM,
	ledger.BitsRead:      SRAM,
	ledger.SynapticOp:    Synapse,
	ledger.NeuronTouched: NeuronRow,
	ledger.NeuronIdle:    NeuronRow,
	ledger.SpikeEmitted:  NeuronRow,
	ledger.PacketTile:    Router,
	ledger.PacketCore:    Router,
	ledger.HopX:          Router,
	ledger.HopY:          Router,
	ledger.ChipCrossing:  Port,
	ledger.PsumSend:      Router,
	ledger.PsumHop:       Router,
	ledger.ADCConversion: Converter,
	ledger.DACRow:        Converter,
	ledger.InputSpike:    Port,
	ledger.ControlSpike:  Port,
	ledger.OutputSpike:   Port,
	ledger.OutputScore:   Port,
	ledger.StateReset:    NeuronRow,
	ledger.Barrier:       Control,
	ledger.ConfigWrite:   Port,
	ledger.CoreTick:      Powered,
	ledger.CoreBusy:      Powered,
	ledger.CoreWaiting:   Powered,
}

// Component is the finest part that the chip's prices can tell the energy of a
// kind apart to. A price that covers events of several components was measured
// as one lump; nobody knows how it divides, so it is a component by itself, named
// after its kind, and so is everything included in it.
func (c *Chip) Component(k ledger.Kind) Component {
	if c.Prices[k].State == IncludedIn {
		k = c.Prices[k].Includer
	}
	if c.Lump(k) {
		return Component(k.String())
	}
	return componentOf[k]
}

// Lump says whether the price of a kind covers events of other components too.
func (c *Chip) Lump(k ledger.Kind) bool {
	return slices.ContainsFunc(c.Prices[:], func(p Price) bool {
		return p.State == IncludedIn && p.Includer == k && componentOf[p.Kind] != componentOf[k]
	})
}

// ComponentsOf lists the components of a chip: those that are told apart, in the
// order of Components, then the lumps in the order of kinds.
func (c *Chip) ComponentsOf() []Component {
	list := slices.Clone(Components)
	for k := range ledger.Kind(ledger.NumKinds) {
		if c.Lump(k) {
			list = append(list, Component(k.String()))
		}
	}
	return list
}
