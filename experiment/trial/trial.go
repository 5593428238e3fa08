// Package trial runs one network on one chip over one set of samples and prices it:
// the unit that regression suites and sweeps are lists of.
//
// Everything a trial needs is loaded before it starts, so that what fails in a list
// of trials is the trial and not a file name.
package trial

import (
	"context"
	"fmt"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// Trial is one network on one chip.
type Trial struct {
	Chip        *hwmodel.Chip    // under its conditions; prices and latencies come from it
	Network     *ternary.Network // nil: the layout alone, compared with nothing
	Layout      *layout.Layout   // nil: the network is compiled
	CompileSeed uint64           // of the placement search, without a layout
	Part        dataset.Part
	Sim         sim.Options // the latencies are the chip's
	Energy      report.EnergyOptions
	Compare     bool // compare every neuron of every sample with the network
}

// Outcome is what a trial gave.
type Outcome struct {
	Layout     *layout.Layout
	Run        *ledger.Run
	Comparison *verify.Comparison // nil where nothing was compared
	Report     *report.Report
}

// Run compiles where there is no layout, simulates and prices.
func Run(ctx context.Context, t Trial) (*Outcome, error) {
	l, err := t.layout()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	job := experiment.SimulateJob{Layout: l, Part: t.Part, Options: t.Sim}
	job.Options.Latencies = t.Chip.Latencies()
	if t.Compare {
		job.Network = t.Network
	}
	o := &Outcome{Layout: l}
	if o.Run, o.Comparison, err = experiment.Simulate(ctx, job); err != nil {
		return nil, err
	}
	subject := report.Subject{Run: o.Run, Chip: t.Chip, Network: t.Network, Layout: l}
	if o.Report, err = report.New(subject, report.Options{Energy: t.Energy}); err != nil {
		return nil, err
	}
	if c := o.Comparison; c != nil {
		o.Report.SpikeMismatches, o.Report.DecisionMismatches = &c.SpikeMismatches, &c.DecisionMismatches
	}
	return o, nil
}

// layout is the image of the trial: the one given, or the network's, with its proof.
func (t *Trial) layout() (*layout.Layout, error) {
	if t.Layout == nil {
		l, _, err := experiment.Compile(t.Network, t.Chip, compiler.Options{Seed: t.CompileSeed})
		return l, err
	}
	if have, want := t.Chip.Capabilities.Hash(), t.Layout.Capabilities.Hash(); have != want {
		return nil, fmt.Errorf("the layout was compiled for the capabilities %s of %s; the chip %s has %s; compile again for it", want, t.Layout.Chip, t.Chip.Name, have)
	}
	return t.Layout, nil
}
