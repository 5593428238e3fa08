package main

import (
	"fmt"

	"tritloom/experiment/suite"
	"tritloom/internal/container"
)

type checkCmd struct {
	Suite  string `arg:"" help:"Suite file: chips, networks, data and what is expected of them." placeholder:"SUITE.yaml"`
	Update bool   `help:"Write the golden file beside the suite anew, and print what changed."`
	Only   string `help:"Check this case alone." placeholder:"CASE"`
	JUnit  string `name:"junit" help:"JUnit XML file to write, a testcase a case." placeholder:"FILE"`
}

// Run checks a suite; exit 1 if a case differs from the golden file or from what is
// expected.
func (c *checkCmd) Run(s *session) error {
	open, err := s.open("")
	if err != nil {
		return err
	}
	loaded, err := suite.Load(c.Suite, open)
	if err != nil {
		return err
	}
	outputs, inputs := []string{c.JUnit}, loaded.Files()
	if c.Update {
		outputs = append(outputs, loaded.GoldenFile())
	} else {
		inputs = append(inputs, loaded.GoldenFile())
	}
	if err := checkOutputs(outputs, inputs); err != nil {
		return err
	}
	show := s.progress()
	check, err := loaded.Run(s.ctx, suite.Options{Only: c.Only, Update: c.Update, Progress: func(done, total int, name string) {
		show.Update(func() string { return fmt.Sprintf("%d of %d cases, now %s", done, total, name) })
	}})
	if err != nil {
		return err
	}
	if err := writeJUnit(check, c.JUnit); err != nil {
		return err
	}
	if err := s.print(check, check.String()); err != nil {
		return err
	}
	if !check.OK {
		return errFailed
	}
	return nil
}

func writeJUnit(check *suite.Check, file string) error {
	if file == "" {
		return nil
	}
	text, err := check.JUnit()
	if err != nil {
		return err
	}
	return container.WriteAtomic(file, text)
}
