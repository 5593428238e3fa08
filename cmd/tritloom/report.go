package main

import (
	"errors"
	"fmt"

	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/ternary"
)

type reportCmd struct {
	Record  string   `arg:"" name:"run" help:"Run record." placeholder:"RUN"`
	Chip    []string `sep:"none" help:"Chip whose prices to use; default: the run's own. Any with the same capabilities, whatever the tick. Given again: one table that compares the chips." placeholder:"CHIP"`
	Network string   `name:"net" help:"Network file, for memory and the dense baseline." placeholder:"NET"`
	Layout  string   `help:"Layout file, for memory." placeholder:"LAYOUT"`
	conditionFlags
	priceFlags
	exportFlags
}

// Run prices a run, with one chip or with several.
func (c *reportCmd) Run(s *session) error {
	subject, err := c.subject()
	if err != nil {
		return err
	}
	chips, err := c.chips(subject)
	if err != nil {
		return err
	}
	if err := checkOutputs(append(c.outputs(), c.PerSample), append(filesOf(chips), c.Record, c.Network, c.Layout)); err != nil {
		return err
	}
	if len(chips) > 1 {
		return c.compare(s, subject, chips)
	}
	subject.Chip = chips[0]
	r, err := report.New(subject, c.options())
	if err != nil {
		return err
	}
	wrote, err := c.write(subject, []*report.Report{r})
	if err != nil {
		return err
	}
	if err := writeResults(subject.Run, subject.Chip, r.Options, "", c.PerSample); err != nil {
		return err
	}
	return s.print(r, r.String()+wroteText("", c.PerSample, "")+wrote)
}

// compare prints one table of several chips.
func (c *reportCmd) compare(s *session, subject report.Subject, chips []*hwmodel.Chip) error {
	if c.PerSample != "" {
		return errors.New("--per-sample is a table of one chip; leave it out, or give one --chip")
	}
	all, err := report.Compare(subject, chips, c.options())
	if err != nil {
		return err
	}
	wrote, err := c.write(subject, all.Reports)
	if err != nil {
		return err
	}
	return s.print(all, all.String()+wrote)
}

// subject reads what the report is about, without the chip.
func (c *reportCmd) subject() (report.Subject, error) {
	run, err := ledger.ReadFile(c.Record)
	if err != nil {
		return report.Subject{}, err
	}
	subject := report.Subject{Run: run}
	if c.Network != "" {
		if subject.Network, err = ternary.ReadFile(c.Network); err != nil {
			return subject, err
		}
		if have := subject.Network.Hash(); have != run.Network {
			return subject, fmt.Errorf("--net %s is network %s; the run is of %s; give the network it was compiled from", c.Network, have, run.Network)
		}
	}
	if c.Layout != "" {
		if subject.Layout, err = layout.ReadFile(c.Layout); err != nil {
			return subject, err
		}
		if have := subject.Layout.Hash(); have != run.Layout {
			return subject, fmt.Errorf("--layout %s is layout %s; the run is of %s; give the layout that was simulated", c.Layout, have, run.Layout)
		}
	}
	return subject, nil
}

// chips loads the chips asked for, or the run's own, at the conditions asked for,
// with the run's tick where none is.
func (c *reportCmd) chips(subject report.Subject) ([]*hwmodel.Chip, error) {
	names := c.Chip
	if len(names) == 0 {
		names = []string{""}
	}
	var list []*hwmodel.Chip
	for _, name := range names {
		chip, err := chipFor(name, subject.Run.Chip)
		if err != nil {
			return nil, err
		}
		if chip, err = c.at(chip, subject.Run.Capabilities, runTick(subject)); err != nil {
			return nil, err
		}
		list = append(list, chip)
	}
	return list, nil
}

// filesOf lists the files that chips were read from.
func filesOf(chips []*hwmodel.Chip) []string {
	var files []string
	for _, chip := range chips {
		files = append(files, chip.Files...)
	}
	return files
}

// runTick is the length of the run's fixed ticks in picoseconds; 0 if nothing says
// how long they were, or if they had no fixed length.
func runTick(s report.Subject) int64 {
	if s.Layout != nil {
		return s.Layout.Capabilities.Tick.PS()
	}
	return int64(s.Run.Timing.Tick) * s.Run.Timing.QuantumPS
}
