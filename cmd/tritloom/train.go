package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"tritloom/experiment"
	"tritloom/internal/container"
	"tritloom/internal/progress"
	"tritloom/report"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

type trainCmd struct {
	Data   string `default:"digits" help:"Data set, NAME[@SPLIT]; test rows are only counted at the end." placeholder:"DATA"`
	Label  string `help:"Label column of a CSV file: a name, a number from 1, first or last." placeholder:"COLUMN"`
	Encode string `help:"Encoder, such as threshold:128, thermometer:3, thermometer=4,8,12, bitplanes:4, population:8. Default: by the data." placeholder:"SPEC"`

	Net    string `xor:"shape" help:"Widths such as 784-100-10, or a YAML file with layers and patterns." placeholder:"NET"`
	Hidden string `xor:"shape" help:"Hidden widths such as 100 or 64,32; inputs and classes come from the data. Default: 100." placeholder:"WIDTHS"`

	Steps *int `help:"Show the input for so many steps: hidden neurons keep their potential (model if, reset subtract) and the readout adds up. Weights are found for 1 step, then thresholds and biases for all. Default: what the --net file says, else 1." placeholder:"T"`

	Algo      string        `default:"conntra" enum:"conntra" help:"Training algorithm: conntra."`
	Seed      uint64        `default:"1" help:"Seed of first weights and order."`
	Sweeps    *int          `help:"Stop after so many sweeps; 0: no limit. Default: ${sweeps}." placeholder:"N"`
	MaxTrials uint64        `help:"Stop before the first step at which so many trials were made." placeholder:"N"`
	Budget    time.Duration `help:"Stop at the first step after so much time, such as 90s or 5m." placeholder:"TIME"`
	Patience  *int          `help:"Stop after so many sweeps without a better validation result; 0 ignores validation." placeholder:"N"`
	AllRows   bool          `name:"all-rows" help:"Train on training and validation rows together, with options chosen before."`
	Order     string        `help:"Order of a sweep: ${orders}." placeholder:"ORDER"`
	Milli     *int          `name:"temperature-milli" help:"Softmax temperature in thousandths of a score unit." placeholder:"N"`
	Penalty   *int64        `name:"nonzero-penalty" help:"Loss added for each nonzero weight, in units of 2^-16." placeholder:"N"`
	LeastGain *int64        `help:"Smallest improvement to accept, in loss units of 2^-16." placeholder:"N"`
	Zeros     *int          `name:"zeros-percent" help:"Share of hidden weights that start at zero, in percent." placeholder:"N"`
	Output    string        `short:"o" default:"net.npz" help:"Network file to write." placeholder:"FILE"`

	Resume bool          `help:"Go on with the search kept in FILE.checkpoint, FILE being the output: it was killed, or cut short by --budget or Ctrl-C. The network is that of a search never stopped. Repeat the flags of the first start; only --sweeps, --max-trials and --budget (which counts anew) may be others."`
	Every  time.Duration `name:"checkpoint-every" default:"10s" help:"Time between two writes of FILE.checkpoint; 0s: only after --budget or Ctrl-C. It is removed when the search has ended by itself." placeholder:"TIME"`
}

// Run trains and writes a network. Ctrl-C ends the search with a valid network.
func (c *trainCmd) Run(s *session) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	steps := 0
	if set(&steps, c.Steps); c.Steps != nil {
		if err := within("--steps", steps, 1, experiment.MaxSteps); err != nil {
			return err
		}
	}
	data, err := s.data(c.Data, c.Label)
	if err != nil {
		return err
	}
	shape, err := c.shape()
	if err != nil {
		return err
	}
	if err := checkOutputs([]string{c.Output}, []string{c.Net, dataPath(data.Ref)}); err != nil {
		return err
	}
	checkpoint, err := c.checkpoint(s)
	if err != nil {
		return err
	}
	started, show := time.Now(), s.progress()
	n, summary, err := experiment.Train(s.ctx, experiment.TrainJob{
		Data: data, Encode: c.Encode, Shape: shape, Options: options, Steps: steps, AllRows: c.AllRows, Checkpoint: checkpoint,
	}, showTraining(show))
	if err != nil {
		return err
	}
	summary.TrainS, summary.CPUS = time.Since(started).Seconds(), cpuSeconds()
	if err := n.WriteFile(c.Output, toolVersion()); err != nil {
		return err
	}
	left, err := checkpoint.Finish()
	if err != nil {
		s.note("note: %s is written, but: %v", c.Output, err)
	}
	if left {
		summary.Checkpoint = c.checkpointName()
	}
	for _, note := range summary.Notes {
		s.note("note: %s", note)
	}
	return s.print(summary, c.text(summary))
}

// maxBudget is what the trainer takes, said here in the unit of the flag.
const maxBudget = 1000 * time.Hour

// options lays the flags over the defaults.
func (c *trainCmd) options() (trainer.Options, error) {
	o := trainer.DefaultOptions()
	o.Seed, o.MaxTrials, o.Budget = c.Seed, c.MaxTrials, c.Budget
	if c.Budget < 0 || c.Budget > maxBudget {
		return o, fmt.Errorf("--budget %s; want 0s..%s; 0s is no limit", c.Budget, maxBudget)
	}
	set(&o.MaxSweeps, c.Sweeps)
	if c.Order != "" {
		o.Order = trainer.Order(c.Order)
	}
	set(&o.Patience, c.Patience)
	set(&o.TemperatureMilli, c.Milli)
	set(&o.NonzeroPenalty, c.Penalty)
	set(&o.LeastGain, c.LeastGain)
	set(&o.ZerosPercent, c.Zeros)
	return o, o.Validate()
}

// checkpointSuffix makes the checkpoint's name from the output's.
const checkpointSuffix = ".checkpoint"

func (c *trainCmd) checkpointName() string { return c.Output + checkpointSuffix }

// checkpoint keeps the search beside its output. Beside a device or a pipe
// there is no place for it.
func (c *trainCmd) checkpoint(s *session) (*experiment.Checkpoint, error) {
	if c.Every < 0 || c.Every > maxBudget {
		return nil, fmt.Errorf("--checkpoint-every %s; want 0s..%s", c.Every, maxBudget)
	}
	if info, err := os.Stat(c.Output); err == nil && !info.Mode().IsRegular() {
		if c.Resume {
			return nil, fmt.Errorf("--resume: nothing is kept beside %s, which is no regular file; name the output of the first start", c.Output)
		}
		return nil, nil
	}
	return experiment.OpenCheckpoint(experiment.CheckpointOptions{
		Path: c.checkpointName(), Every: c.Every, Resume: c.Resume, Tool: toolVersion(),
		Failed: func(err error) { s.note("note: the search goes on, but cannot be resumed if it is killed: %v", err) },
	})
}

func set[T any](field *T, flag *T) {
	if flag != nil {
		*field = *flag
	}
}

// defaultHidden is the hidden width if nothing is said.
const defaultHidden = "100"

// shape reads --net or --hidden.
func (c *trainCmd) shape() (func(inputs, classes int) (netspec.Spec, error), error) {
	if c.Net == "" {
		hidden := c.Hidden
		if hidden == "" {
			hidden = defaultHidden
		}
		return func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden(hidden, inputs, classes) }, nil
	}
	spec, err := readNet(c.Net)
	return func(int, int) (netspec.Spec, error) { return spec, nil }, err
}

// maxNetFile bounds a network's shape on disk.
const maxNetFile = 1 << 20

func readNet(net string) (netspec.Spec, error) {
	if !strings.HasSuffix(net, ".yaml") && !strings.HasSuffix(net, ".yml") {
		return netspec.Parse(net)
	}
	text, err := container.ReadText(net, "a YAML file of layers, or widths such as 784-100-10", maxNetFile)
	if err != nil {
		return netspec.Spec{}, fmt.Errorf("--net %w", err)
	}
	return netspec.ParseYAML(net, text)
}

// showTraining turns glances at the search into lines. What a resumed search
// did before counts as done, but tells nothing about the time left.
func showTraining(r *progress.Reporter) func(trainer.Progress) {
	before := -1
	return func(p trainer.Progress) {
		done := p.Sweep*p.Steps + p.Step
		if before < 0 {
			before = done
		}
		r.Update(func() string {
			line := fmt.Sprintf("sweep %d, step %d of %d: loss %.1f, %d of %d trials accepted", p.Sweep+1, p.Step, p.Steps, float64(p.Loss)/trainer.LossOne, p.Accepted, p.Candidates)
			if p.TrainErrors >= 0 {
				line += fmt.Sprintf(", %d training errors", p.TrainErrors)
			}
			if p.ValidationErrors >= 0 {
				line += fmt.Sprintf(", %d validation errors", p.ValidationErrors)
			}
			return line + ", sweep " + r.Left(done-before, (p.Sweep+1)*p.Steps-before)
		})
	}
}

// againText says how to make a network again that was cut short by the clock or
// the user.
func againText(t *experiment.TrainSummary) string {
	if t.StoppedBy != string(trainer.StoppedBudget) && t.StoppedBy != string(trainer.StoppedInterrupted) {
		return ""
	}
	text := ""
	if t.OverSteps == nil || t.OverSteps.StoppedBy != string(trainer.StoppedInterrupted) {
		text = fmt.Sprintf("  the same network again, without a clock: --max-trials %d\n", t.MaxTrials)
	}
	if t.Checkpoint != "" {
		text += fmt.Sprintf("  to go on from here: the same command with --resume, which reads %s\n", t.Checkpoint)
	}
	return text
}

// stepsText says how a one-shot network became one over steps.
func stepsText(s *experiment.StepsSummary) string {
	if s == nil {
		return ""
	}
	neurons := string(s.Model)
	if s.Reset != "" {
		neurons += fmt.Sprintf(", reset %s, leak %d", s.Reset, s.Leak)
	}
	text := fmt.Sprintf("  over %s (%s): thresholds and biases in %s, %s of %s trials accepted, loss %.1f to %.1f, stopped by %s\n",
		plural(s.Steps, "step"), neurons, plural(s.Sweeps, "sweep"), report.Count(s.Accepted), report.Count(s.Candidates),
		float64(s.FirstLoss)/trainer.LossOne, float64(s.Loss)/trainer.LossOne, s.StoppedBy)
	if s.StoppedBy == string(trainer.StoppedInterrupted) {
		text += "  interrupted while thresholds were chosen: the same command, left alone, goes on from the same weights\n"
	}
	return text
}

func (c *trainCmd) text(t *experiment.TrainSummary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s, %s\n", t.Algorithm, t.Data, t.Architecture)
	encoder, _, _ := strings.Cut(t.Encoder, "\n") // the cuts stand in the file
	fmt.Fprintf(&b, "  inputs: %s\n", encoder)
	fmt.Fprintf(&b, "  %s, %s of %s trials accepted, stopped by %s, %.1f s\n", plural(t.Sweeps, "sweep"), report.Count(t.Accepted), report.Count(t.Candidates), t.StoppedBy, t.TrainS)
	if t.ResumedAt > 0 {
		fmt.Fprintf(&b, "  resumed after %s trials\n", report.Count(t.ResumedAt))
	}
	if t.LocalOptimum {
		fmt.Fprintf(&b, "  local optimum: %s\n", t.Claim)
	}
	b.WriteString(stepsText(t.OverSteps))
	seen := t.Samples.Train
	if t.AllRows {
		seen += t.Samples.Validation
	}
	fmt.Fprintf(&b, "  training error    %.2f %% of %s\n", 100*t.TrainError, report.Count(seen))
	if t.ValidationError != nil {
		fmt.Fprintf(&b, "  validation error  %.2f %% of %s\n", 100**t.ValidationError, report.Count(t.Samples.Validation))
	}
	if t.Accuracy != nil {
		fmt.Fprintf(&b, "  test accuracy     %s\n", t.Accuracy)
	}
	fmt.Fprintf(&b, "  %s weights, %s not zero: %s bits, %.1fx less than float64, %.1fx less than float32, %.1fx less than int8\n",
		report.Count(t.Weights), report.Count(t.Nonzero), report.Count(t.Memory.WeightBits), t.Memory.RatioFP64, t.Memory.RatioFP32, t.Memory.RatioInt8)
	b.WriteString(againText(t))
	fmt.Fprintf(&b, "wrote %s   (%s inspect %s)\n", c.Output, program(), c.Output)
	return b.String()
}
