package main

import (
	"fmt"

	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/ternary"
)

type reportCmd struct {
	Record  string `arg:"" name:"run" help:"Run record." placeholder:"RUN"`
	Chip    string `help:"Chip whose prices to use; default: the run's own. Any with the same capabilities." placeholder:"CHIP"`
	Network string `name:"net" help:"Network file, for memory and the dense baseline." placeholder:"NET"`
	Layout  string `help:"Layout file, for memory." placeholder:"LAYOUT"`
	priceFlags
	exportFlags
}

// Run prices a run.
func (c *reportCmd) Run(s *session) error {
	run, err := ledger.ReadFile(c.Record)
	if err != nil {
		return err
	}
	chip, err := chipFor(c.Chip, run.Chip)
	if err != nil {
		return err
	}
	subject := report.Subject{Run: run, Chip: chip}
	if c.Network != "" {
		if subject.Network, err = ternary.ReadFile(c.Network); err != nil {
			return err
		}
		if have := subject.Network.Hash(); have != run.Network {
			return fmt.Errorf("--net %s is network %s; the run is of %s; give the network it was compiled from", c.Network, have, run.Network)
		}
	}
	if c.Layout != "" {
		if subject.Layout, err = layout.ReadFile(c.Layout); err != nil {
			return err
		}
		if have := subject.Layout.Hash(); have != run.Layout {
			return fmt.Errorf("--layout %s is layout %s; the run is of %s; give the layout that was simulated", c.Layout, have, run.Layout)
		}
	}
	if err := checkOutputs(append(c.outputs(), c.PerSample), []string{c.Record, c.Network, c.Layout}); err != nil {
		return err
	}
	r, err := report.New(subject, c.options())
	if err != nil {
		return err
	}
	if err := writeResults(run, chip, r.Options, "", c.PerSample); err != nil {
		return err
	}
	wrote, err := c.write(subject, r)
	if err != nil {
		return err
	}
	return s.print(r, r.String()+wroteText("", c.PerSample)+wrote)
}
