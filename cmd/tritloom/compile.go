package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"tritloom/compiler"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ternary"
	"tritloom/verify"
)

type compileCmd struct {
	Net    string `arg:"" help:"Network file." placeholder:"NET"`
	Chip   string `default:"ternary256" help:"Chip name or YAML file; see tritloom chips." placeholder:"CHIP"`
	Tick   string `help:"Length of a tick, such as 200us; default: the chip's own. Another may be chosen later, by tritloom report." placeholder:"TIME"`
	Beyond bool   `name:"outside-domain" help:"Allow a tick that the chip's tick_model is not stated for."`
	Seed   uint64 `default:"1" help:"Seed of the placement search."`
	Output string `short:"o" default:"layout.npz" help:"Layout file to write." placeholder:"FILE"`
}

// Run compiles, proves and writes a layout.
func (c *compileCmd) Run(s *session) error {
	n, err := ternary.ReadFile(c.Net)
	if err != nil {
		return err
	}
	chip, err := hwmodel.Load(c.Chip)
	if err != nil {
		return err
	}
	if chip, err = (conditionFlags{Tick: c.Tick, OutsideDomain: c.Beyond}).of(chip); err != nil {
		return err
	}
	if err := checkOutputs([]string{c.Output}, append(chip.Files, c.Net)); err != nil {
		return err
	}
	started := time.Now()
	l, summary, err := experiment.Compile(n, chip, compiler.Options{Seed: c.Seed})
	if err != nil {
		return err
	}
	summary.CompileS = time.Since(started).Seconds()
	if err := l.WriteFile(c.Output, toolVersion()); err != nil {
		return err
	}
	return s.print(summary, compileText(summary)+fmt.Sprintf("wrote %s   (%s inspect %s)\n", c.Output, program(), c.Output))
}

// compileText is a compilation as a person reads it.
func compileText(c *experiment.CompileSummary) string {
	var b strings.Builder
	hypothetical := ""
	if c.Hypothetical {
		hypothetical = ", a hypothetical chip"
	}
	fmt.Fprintf(&b, "%s of %s%s; lower bound %d\n", plural(c.Cores, "core"), c.Chip, hypothetical, c.CoresLowerBound)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  layer\tneurons\tmethod\tcores\tfires at tick")
	for _, l := range c.Layers {
		fmt.Fprintf(w, "  %s\t%d\t%s\t%d\t%d\n", l.Name, l.Neurons, l.Method, l.Cores, l.Level)
	}
	w.Flush()
	fmt.Fprintf(&b, "  %d ticks an inference, a new one every %d; %d partial sums each\n", c.TicksPerInference, c.InitiationInterval, c.Psums)
	fmt.Fprintf(&b, "  used: axons %.1f %%, neurons %.1f %%, synapses %.1f %%; %.2f stored bits a weight; %s folded away\n",
		100*c.Utilisation.Axons, 100*c.Utilisation.Neurons, 100*c.Utilisation.Synapses, c.BitsPerWeight, plural(c.FoldedNeurons, "neuron"))
	fmt.Fprintf(&b, "  proof: %s\n", proofWords(c.Readout))
	return b.String()
}

// maxFaults keeps a slip of the finger from running for days.
const maxFaults = 100_000_000

// proofWords says what a proof of an image shows.
func proofWords(r verify.Readout) string {
	if r == verify.Winners {
		return "the network lifted from the layout is the trained one with comparators for its scores, so every decision agrees for every input"
	}
	return "the network lifted from the layout equals the trained one, so every score agrees for every input"
}

type verifyCmd struct {
	Net    string `arg:"" help:"Network file." placeholder:"NET"`
	Layout string `arg:"" help:"Layout file." placeholder:"LAYOUT"`
	Faults int    `default:"0" help:"Also put so many single faults into the layout, one at a time, and see that each is caught." placeholder:"N"`
	Seed   uint64 `default:"1" help:"Seed of the faults."`
}

// verifyInfo is what --json says of a proof.
type verifyInfo struct {
	Equal        bool   `json:"equal"`
	Difference   string `json:"difference,omitempty"`
	Faults       int    `json:"faults"`
	FaultsCaught int    `json:"faults_caught"`
	FirstMissed  string `json:"first_missed,omitempty"`
}

// Run proves network = layout.
func (c *verifyCmd) Run(s *session) error {
	if err := within("--faults", c.Faults, 0, maxFaults); err != nil {
		return err
	}
	n, err := ternary.ReadFile(c.Net)
	if err != nil {
		return err
	}
	l, err := layout.ReadFile(c.Layout)
	if err != nil {
		return err
	}
	info := verifyInfo{}
	if err := verify.Proof(n, l); err != nil {
		info.Difference = err.Error()
		if err := s.print(info, fmt.Sprintf("NOT EQUAL: %s\n", err)); err != nil {
			return err
		}
		return errFailed
	}
	info.Equal = true
	text := fmt.Sprintf("equal: %s and %s: %s\n", c.Net, c.Layout, proofWords(verify.ReadoutOf(l)))
	if c.Faults > 0 {
		trial, err := verify.TryFaults(s.ctx, n, l, c.Faults, c.Seed)
		if err = errors.Join(err, s.ctx.Err()); err != nil {
			return err
		}
		info.Faults, info.FaultsCaught, info.FirstMissed = trial.Tried, trial.Caught, trial.FirstMissed
		text += fmt.Sprintf("%d of %d single faults caught\n", trial.Caught, trial.Tried)
		if trial.FirstMissed != "" {
			text += "first missed: " + trial.FirstMissed + "\n"
		}
	}
	if err := s.print(info, text); err != nil {
		return err
	}
	if info.Faults != info.FaultsCaught {
		return errFailed
	}
	return nil
}
