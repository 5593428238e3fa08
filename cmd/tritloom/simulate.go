package main

import (
	"fmt"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/internal/container"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

type simulateCmd struct {
	Layout   string `arg:"" help:"Layout file." placeholder:"LAYOUT"`
	Data     string `default:"digits:test" help:"Samples, NAME[@SPLIT][:PART[FROM:TO]]." placeholder:"DATA"`
	Label    string `help:"Label column of a CSV file: a name, a number from 1, first or last." placeholder:"COLUMN"`
	Against  string `help:"Network file: compare every neuron of every layer with it." placeholder:"NET"`
	Chip     string `help:"Chip with the prices and latencies; default: the layout's own." placeholder:"CHIP"`
	Scenario string `default:"single_stream" enum:"single_stream,offline" help:"single_stream (one inference at a time) or offline (pipelined)."`
	Timing   string `default:"analytic" enum:"none,analytic,cycle" help:"Timing model: none, analytic (no packet meets another) or cycle (cores and routers quantum by quantum)."`
	Engine   string `default:"auto" enum:"auto,fast,batch,reference" help:"auto (batch where it gives all that is asked for, else fast, else reference), fast, batch or reference. Never changes a result."`
	Kernels  string `default:"best" hidden:"" help:"Kernels: best, pure, avx2 or avx512."`
	Threads  int    `default:"0" help:"Samples simulated at once; 0: one a processor. Never changes a result." placeholder:"N"`
	conditionFlags
	priceFlags
	traceFlags
	variationFlags
	Output string `short:"o" help:"Run record to write, such as run.json." placeholder:"FILE"`
}

// maxThreads is beyond the processors of any machine this runs on.
const maxThreads = 4096

// priceFlags say what an energy figure covers.
type priceFlags struct {
	Scope     string `default:"used_cores" enum:"used_cores,whole_chip" help:"Whose static energy counts: used_cores or whole_chip."`
	Boundary  string `default:"host" enum:"core,chip,host" help:"core, chip (adds the mesh) or host (adds the ports)."`
	PerSample string `name:"per-sample" help:"CSV file with a row a sample." placeholder:"FILE"`
}

func (p priceFlags) options() report.Options {
	return report.Options{Energy: report.EnergyOptions{Scope: report.Scope(p.Scope), Boundary: hwmodel.BoundaryName(p.Boundary)}}
}

// Run simulates and reports; exit 1 if a compared spike differs.
func (c *simulateCmd) Run(s *session) error {
	if err := within("--threads", c.Threads, 0, maxThreads); err != nil {
		return err
	}
	l, err := layout.ReadFile(c.Layout)
	if err != nil {
		return err
	}
	var n *ternary.Network
	if c.Against != "" {
		if n, err = ternary.ReadFile(c.Against); err != nil {
			return err
		}
	}
	chip, err := chipFor(c.Chip, l.Chip)
	if err != nil {
		return err
	}
	if chip, err = c.at(chip, l.Capabilities.Hash(), l.Capabilities.Tick.PS()); err != nil {
		return err
	}
	if have, want := chip.Capabilities.Hash(), l.Capabilities.Hash(); have != want {
		if c.Tick != "" && onlyTickDiffers(&chip.Capabilities, want, l.Capabilities.Tick.PS()) {
			return fmt.Errorf("%s was compiled for a tick of %s; leave --tick out and give it to tritloom report, which prices the run at another, or to tritloom compile", c.Layout, report.SI(float64(l.Capabilities.Tick.PS())*1e-12, "s"))
		}
		return fmt.Errorf("%s was compiled for the capabilities %s of %s; the chip %s has %s; compile again for it", c.Layout, want, l.Chip, chip.Name, have)
	}
	part, err := s.part(c.Data, c.Label)
	if err != nil {
		return err
	}
	traces, err := c.traceFlags.open(l, c.Timing, []string{c.Output, c.PerSample}, append(chip.Files, c.Layout, c.Against, dataPath(c.Data)))
	if err != nil {
		return err
	}
	defer traces.discard()
	return c.simulate(s, l, n, chip, part, traces)
}

func (c *simulateCmd) simulate(s *session, l *layout.Layout, n *ternary.Network, chip *hwmodel.Chip, part dataset.Part, traces *traces) error {
	threads := c.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if traces != nil {
		threads = 1 // ticks are traced in order
	}
	o := sim.DefaultOptions()
	o.Engine, o.Scenario, o.Timing, o.Latencies = c.Engine, ledger.Scenario(c.Scenario), c.Timing, chip.Latencies()
	o.Workers, o.Threads, o.Observe = threads, threads, traces.observer()
	var err error
	if err = c.vary(&o); err != nil {
		return err
	}
	if o.Path, err = kernelPath(c.Kernels); err != nil {
		return err
	}
	simulated := 0
	show := s.progress()
	started := time.Now()
	run, comparison, err := experiment.Simulate(s.ctx, experiment.SimulateJob{
		Layout: l, Network: n, Part: part, Options: o,
		Progress: func(done, total int) {
			simulated = done
			show.Update(func() string { return fmt.Sprintf("%d of %d samples, %s", done, total, show.Left(done, total)) })
		},
	})
	if err != nil {
		return traces.interrupted(err, simulated, part.Len())
	}
	r, err := report.New(report.Subject{Run: run, Chip: chip, Network: n, Layout: l}, c.options())
	if err != nil {
		return err
	}
	r.Host = hostOf(run, threads, time.Since(started))
	text := ""
	if comparison != nil {
		r.SpikeMismatches, r.DecisionMismatches = &comparison.SpikeMismatches, &comparison.DecisionMismatches
		text = comparisonText(comparison, run.Variation)
	}
	if err := traces.commit(); err != nil {
		return err
	}
	if err := writeResults(run, chip, r.Options, c.Output, c.PerSample); err != nil {
		return err
	}
	if err := s.print(r, text+r.String()+wroteText(c.Output, c.PerSample, c.priceWords())+traces.text()); err != nil {
		return err
	}
	if comparison != nil && !comparison.Exact() && (run.Variation == nil || comparison.Unproved != "") {
		return errFailed
	}
	return nil
}

// part opens samples.
func (s *session) part(ref, label string) (dataset.Part, error) {
	open, err := s.open(label)
	if err != nil {
		return dataset.Part{}, err
	}
	return dataset.OpenPart(ref, dataset.PartTest, open)
}

// chipFor loads the chip that was asked for, or the one named in a file.
func chipFor(asked, named string) (*hwmodel.Chip, error) {
	if asked != "" {
		return hwmodel.Load(asked)
	}
	chip, err := hwmodel.Load(named)
	if err != nil {
		return nil, fmt.Errorf("the file was made for chip %q, which is not embedded; give its description with --chip FILE.yaml", named)
	}
	return chip, nil
}

// writeResults writes the run record and the table of samples, where asked.
func writeResults(run *ledger.Run, chip *hwmodel.Chip, o report.Options, record, samples string) error {
	if record != "" {
		if err := run.WriteFile(record); err != nil {
			return err
		}
	}
	if samples == "" {
		return nil
	}
	var b strings.Builder
	if err := report.WritePerSampleCSV(&b, run, chip, o.Energy); err != nil {
		return err
	}
	return container.WriteAtomic(samples, []byte(b.String()))
}

// priceWords repeats the flags by which a run was priced, so that a report of its
// record says the same.
func (c *simulateCmd) priceWords() string {
	defaults := report.DefaultEnergyOptions()
	words := ""
	for _, f := range []struct{ flag, value, usual string }{
		{"--chip", c.Chip, ""}, {"--tick", c.Tick, ""}, {"--scaling-table", c.ScalingTable, ""},
		{"--scope", c.Scope, string(defaults.Scope)}, {"--boundary", c.Boundary, string(defaults.Boundary)},
	} {
		if f.value != f.usual {
			words += " " + f.flag + " " + f.value
		}
	}
	for _, f := range []struct {
		flag  string
		value *float64
	}{{"--voltage", c.Voltage}, {"--project-node", c.ProjectNode}} {
		if f.value != nil {
			words += fmt.Sprintf(" %s %g", f.flag, *f.value)
		}
	}
	if c.OutsideDomain {
		words += " --outside-domain"
	}
	return words
}

// wroteText says what was written; words are what a report of the record needs to say
// the same.
func wroteText(record, samples, words string) string {
	text := ""
	if record != "" {
		text += fmt.Sprintf("wrote %s   (%s report %s%s)\n", record, program(), record, words)
	}
	if samples != "" {
		text += fmt.Sprintf("wrote %s   (a row a sample)\n", samples)
	}
	return text
}

// comparisonText shows the comparison layer by layer.
func comparisonText(c *verify.Comparison, v *ledger.Variation) string {
	var b strings.Builder
	verdict := "the simulated chip equals the network"
	if !c.Exact() {
		verdict = "THE SIMULATED CHIP DIFFERS FROM THE NETWORK"
	}
	samples := report.Count(c.Samples) + " samples"
	if c.Steps > 1 {
		samples += fmt.Sprintf(" of %d steps, every step at every neuron", c.Steps)
	}
	if v != nil && c.Unproved == "" {
		b.WriteString(approximateText(c, v) + samples + "\n")
	} else {
		fmt.Fprintf(&b, "%s: %d mismatching spikes, %d %s, %d decisions over %s\n", verdict, c.SpikeMismatches, c.ScoreMismatches, c.Compares, c.DecisionMismatches, samples)
	}
	if c.Unproved != "" {
		fmt.Fprintf(&b, "not proved: %s\n", c.Unproved)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "layer\tneurons\ton chip\tconstant\tdead\tmismatches\t")
	for _, l := range c.Layers {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t\n", l.Name, l.Neurons, l.OnChip, l.Constant, l.Dead, l.Mismatches)
	}
	w.Flush()
	if c.First != "" {
		fmt.Fprintf(&b, "first: %s\n", c.First)
	}
	b.WriteByte('\n')
	return b.String()
}

// hostOf is what the simulation cost this machine.
func hostOf(run *ledger.Run, threads int, took time.Duration) *report.Host {
	total, seconds := run.Total(), took.Seconds()
	h := &report.Host{Threads: threads, Seconds: seconds, PeakBytes: peakBytes()}
	if seconds > 0 {
		h.CoreTicksPerS = float64(total[ledger.CoreTick]) / seconds
		h.SynapticOpsPerS = float64(total[ledger.SynapticOp]) / seconds
	}
	return h
}
