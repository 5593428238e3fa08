package report_test

import (
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// A run of a made chip, whose cells vary, is called approximate by every form of the
// report, and another run by none.
func TestApproximateIsSaidEverywhere(t *testing.T) {
	b := newBench(t, "ternary256")
	run := b.simulate(t, sim.DefaultOptions())
	for _, varies := range []bool{false, true} {
		if varies {
			run.Variation = &ledger.Variation{ConductanceSD1024: 51, Seed: 3}
		}
		s := report.Subject{Run: run, Chip: b.chip, Network: b.net, Layout: b.l}
		options := report.Options{Energy: report.DefaultEnergyOptions()}
		r, err := report.New(s, options)
		if err != nil {
			t.Fatal(err)
		}
		c, err := report.Compare(s, []*hwmodel.Chip{b.chip, dearer(b.chip)}, options)
		if err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{
			"text": r.String(), "LaTeX": report.LaTeX([]report.PaperRow{{Report: r}}, "tritloom"), "comparison": c.String(),
		} {
			if said := strings.Contains(text, "vary by 51/1024 (standard deviation, seed 3)"); said != varies {
				t.Errorf("%s, cells vary %v: said %v", form, varies, said)
			}
		}
	}
}
