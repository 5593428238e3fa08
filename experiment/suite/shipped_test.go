package suite_test

import (
	"testing"
	"time"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/experiment/suite"
	"tritloom/experiment/trial"
	"tritloom/hwmodel"
)

// The shipped suite holds every embedded chip that a small network can be compiled
// for, and what it says today.
func TestShippedSuite(t *testing.T) {
	started := time.Now()
	s, err := suite.Load("../../testdata/suites/embedded.yaml", dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Run(t.Context(), suite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.OK {
		t.Errorf("%s", c)
	}
	t.Logf("%d cases in %s", len(c.Cases), time.Since(started).Round(time.Millisecond))

	has := map[string]bool{}
	for _, outcome := range c.Cases {
		has[outcome.Record.Setup.Chip] = true
	}
	network, err := trial.NewNetworks(dataset.OpenOptions{}).Train(t.Context(), trial.Recipe{Data: "iris", Hidden: "4", Seed: 1, Sweeps: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range hwmodel.Names() {
		chip, err := hwmodel.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := compiler.Compile(network, chip, compiler.DefaultOptions()); err == nil && !has[name] {
			t.Errorf("%s can be compiled for, and testdata/suites/embedded.yaml has no case of it", name)
		}
	}
}
