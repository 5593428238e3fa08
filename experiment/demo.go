package experiment

import (
	"context"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
	"tritloom/verify"
)

// DemoOptions tunes the demo. Start from DefaultDemoOptions.
type DemoOptions struct {
	Seed    uint64
	Hidden  string   // hidden widths of the ternary network and of its yardstick
	Chips   []string // names of chips, or files
	Workers int      // samples simulated at once; never changes a result
}

// DefaultDemoOptions is the recipe that validation rows chose; see
// VALIDATION.md.
func DefaultDemoOptions() DemoOptions {
	return DemoOptions{Seed: 1, Hidden: "200", Chips: []string{"ternary256", "truenorth"}, Workers: 1}
}

// demoEncoder turns 17 grey levels into 4 bits a pixel: 256 inputs, what a core
// of 256 axons takes.
const demoEncoder = "thermometer=2,6,10,14"

// DemoData are the documented splits of the 8×8 digits: other writers in the
// last rows, and a seeded random fifth.
var DemoData = []string{"digits@last360", "digits@fifth"}

// DemoSplit is everything the demo did on one split: one network, and that
// network on every chip.
type DemoSplit struct {
	Data  string        `json:"data"`
	Train *TrainSummary `json:"train"`
	MLP   Yardstick     `json:"float_mlp"`
	Chips []*DemoChip   `json:"chips"`

	Network *ternary.Network `json:"-"`
}

// DemoChip is the network of a split on one chip, every test image simulated
// twice: one at a time, and pipelined.
type DemoChip struct {
	Compile      *CompileSummary    `json:"compile"`
	Comparison   *verify.Comparison `json:"comparison"` // both simulations together
	SingleStream *DemoRun           `json:"single_stream"`
	Offline      *DemoRun           `json:"offline"`

	Chip   *hwmodel.Chip  `json:"-"`
	Layout *layout.Layout `json:"-"`
}

// DemoRun is one simulation, priced for the used cores and for the whole chip.
type DemoRun struct {
	Report    *report.Report `json:"report"`
	WholeChip *report.Energy `json:"energy_whole_chip_j"`

	Run *ledger.Run `json:"-"`
}

// Yardstick is a float network of the same hidden width on the raw values.
type Yardstick struct {
	Hidden   []int           `json:"hidden"`
	Weights  int             `json:"weights"`
	Accuracy report.Accuracy `json:"accuracy"`
	// Gap compares its decisions with the ternary network's, sample by sample.
	Gap report.Paired `json:"gap"`
}

// RunDemo goes from digits to joules on both splits and all chips; show is
// told of every stage.
func RunDemo(ctx context.Context, o DemoOptions, show func(format string, args ...any)) ([]*DemoSplit, error) {
	var chips []*hwmodel.Chip
	for _, name := range o.Chips {
		chip, err := hwmodel.Load(name)
		if err != nil {
			return nil, err
		}
		chips = append(chips, chip)
	}
	var splits []*DemoSplit
	for _, ref := range DemoData {
		d := &DemoSplit{Data: ref}
		if err := d.train(ctx, o, show); err != nil {
			return nil, err
		}
		for _, chip := range chips {
			c := &DemoChip{Chip: chip}
			if err := c.run(ctx, d, o, show); err != nil {
				return nil, err
			}
			d.Chips = append(d.Chips, c)
		}
		splits = append(splits, d)
	}
	return splits, nil
}

// train finds the ternary network of a split and its yardstick.
func (d *DemoSplit) train(ctx context.Context, o DemoOptions, show func(format string, args ...any)) error {
	options := trainer.DefaultOptions()
	options.Seed = o.Seed
	job := TrainJob{
		Data: Data{Ref: d.Data}, Encode: demoEncoder, Options: options, AllRows: true,
		Shape: func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden(o.Hidden, inputs, classes) },
	}
	show("%s: training a ternary network with CoNNTrA", d.Data)
	var err error
	if d.Network, d.Train, err = Train(ctx, job, nil); err != nil {
		return err
	}
	show("%s: training a float network of the same width", d.Data)
	return d.yardstick(ctx, o)
}

// run puts the split's network on the chip.
func (c *DemoChip) run(ctx context.Context, d *DemoSplit, o DemoOptions, show func(format string, args ...any)) error {
	show("%s: compiling for %s and proving the layout", d.Data, c.Chip.Name)
	var err error
	if c.Layout, c.Compile, err = Compile(d.Network, c.Chip, compiler.DefaultOptions()); err != nil {
		return err
	}
	part, err := dataset.OpenPart(d.Data, dataset.PartTest, dataset.OpenOptions{})
	if err != nil {
		return err
	}
	show("%s: simulating every test image on %s and comparing every neuron", d.Data, c.Chip.Name)
	if c.SingleStream, err = c.simulate(ctx, d, part, ledger.SingleStream, o.Workers); err != nil {
		return err
	}
	c.Offline, err = c.simulate(ctx, d, part, ledger.Offline, o.Workers)
	return err
}

// simulate runs one scenario; its mismatches add to those of the others.
func (c *DemoChip) simulate(ctx context.Context, d *DemoSplit, part dataset.Part, scenario ledger.Scenario, workers int) (*DemoRun, error) {
	options := sim.DefaultOptions()
	options.Scenario, options.Timing, options.Latencies, options.Workers = scenario, sim.TimingAnalytic, c.Chip.Latencies(), workers
	run, comparison, err := Simulate(ctx, SimulateJob{Layout: c.Layout, Network: d.Network, Part: part, Options: options})
	if err != nil {
		return nil, err
	}
	energy := report.DefaultEnergyOptions()
	r, err := report.New(report.Subject{Run: run, Chip: c.Chip, Network: d.Network, Layout: c.Layout}, report.Options{Energy: energy})
	if err != nil {
		return nil, err
	}
	r.SpikeMismatches, r.DecisionMismatches = &comparison.SpikeMismatches, &comparison.DecisionMismatches
	c.Comparison = comparison.With(c.Comparison)
	energy.Scope = report.WholeChip
	whole, err := report.PriceRun(run, c.Chip, energy)
	return &DemoRun{Report: r, WholeChip: whole, Run: run}, err
}

// yardstick trains the float network on the rows the ternary one has seen.
func (d *DemoSplit) yardstick(ctx context.Context, o DemoOptions) error {
	p, err := openParts(Data{Ref: d.Data}, demoEncoder)
	if err != nil {
		return err
	}
	largest := float64(largestValue(p.train.Part))
	features := append(p.train.Features(largest), p.validation.Features(largest)...)
	var labels []int32
	for _, part := range []*Encoded{p.train, p.validation} {
		for i := range part.Len() {
			labels = append(labels, part.Label(i))
		}
	}
	mlpOptions := trainer.DefaultMLPOptions()
	mlpOptions.Seed = o.Seed
	for i := range d.Network.Layers {
		d.MLP.Hidden = append(d.MLP.Hidden, d.Network.Layers[i].Outputs)
	}
	mlp, err := trainer.TrainMLP(ctx, features, labels, len(p.train.Set.Classes), d.MLP.Hidden, mlpOptions)
	if err != nil {
		return err
	}
	d.MLP.Weights = mlp.Weights()
	return d.compareYardstick(mlp, p.test, largest)
}

func (d *DemoSplit) compareYardstick(mlp *trainer.MLP, test *Encoded, largest float64) error {
	classes, err := mlp.Predict(test.Features(largest))
	if err != nil {
		return err
	}
	right, correct := make([]bool, test.Len()), 0
	for i, class := range classes {
		if right[i] = class == int(test.Label(i)); right[i] {
			correct++
		}
	}
	if d.MLP.Accuracy, err = report.NewAccuracy(correct, test.Len()); err != nil {
		return err
	}
	d.MLP.Gap, err = report.Pair(test.Right(d.Network), right)
	return err
}
