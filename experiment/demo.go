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
	Hidden  string // hidden widths of the ternary network and of its yardstick
	Chip    string
	Workers int // samples simulated at once; never changes a result
}

// DefaultDemoOptions is the recipe that validation rows chose; see
// VALIDATION.md.
func DefaultDemoOptions() DemoOptions {
	return DemoOptions{Seed: 1, Hidden: "200", Chip: "ternary256", Workers: 1}
}

// demoEncoder turns 17 grey levels into 4 bits a pixel: 256 inputs, what a core
// of 256 axons takes.
const demoEncoder = "thermometer=2,6,10,14"

// DemoData are the documented splits of the 8×8 digits: other writers in the
// last rows, and a seeded random fifth.
var DemoData = []string{"digits@last360", "digits@fifth"}

// DemoSplit is everything the demo did on one split.
type DemoSplit struct {
	Data       string             `json:"data"`
	Train      *TrainSummary      `json:"train"`
	MLP        Yardstick          `json:"float_mlp"`
	Compile    *CompileSummary    `json:"compile"`
	Comparison *verify.Comparison `json:"comparison"`
	Report     *report.Report     `json:"report"`
	WholeChip  *report.Energy     `json:"energy_whole_chip_j"`

	Network *ternary.Network `json:"-"`
	Layout  *layout.Layout   `json:"-"`
	Run     *ledger.Run      `json:"-"`
	Chip    *hwmodel.Chip    `json:"-"`
}

// Yardstick is a float network of the same hidden width on the raw values.
type Yardstick struct {
	Hidden   []int           `json:"hidden"`
	Weights  int             `json:"weights"`
	Accuracy report.Accuracy `json:"accuracy"`
	// Gap compares its decisions with the ternary network's, sample by sample.
	Gap report.Paired `json:"gap"`
}

// RunDemo goes from digits to joules on both splits; show is told of every
// stage.
func RunDemo(ctx context.Context, o DemoOptions, show func(format string, args ...any)) ([]*DemoSplit, error) {
	chip, err := hwmodel.Load(o.Chip)
	if err != nil {
		return nil, err
	}
	var splits []*DemoSplit
	for _, ref := range DemoData {
		d := &DemoSplit{Data: ref, Chip: chip}
		if err := d.run(ctx, o, show); err != nil {
			return nil, err
		}
		splits = append(splits, d)
	}
	return splits, nil
}

func (d *DemoSplit) run(ctx context.Context, o DemoOptions, show func(format string, args ...any)) error {
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
	if err := d.yardstick(ctx, o); err != nil {
		return err
	}
	show("%s: compiling for %s and proving the layout", d.Data, d.Chip.Name)
	if d.Layout, d.Compile, err = Compile(d.Network, d.Chip, compiler.DefaultOptions()); err != nil {
		return err
	}
	show("%s: simulating every test image and comparing every neuron", d.Data)
	return d.simulate(ctx, o)
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

func (d *DemoSplit) simulate(ctx context.Context, o DemoOptions) error {
	part, err := dataset.OpenPart(d.Data, dataset.PartTest, dataset.OpenOptions{})
	if err != nil {
		return err
	}
	options := sim.DefaultOptions()
	options.Timing, options.Latencies, options.Workers = sim.TimingAnalytic, d.Chip.Latencies(), o.Workers
	d.Run, d.Comparison, err = Simulate(ctx, SimulateJob{Layout: d.Layout, Network: d.Network, Part: part, Options: options})
	if err != nil {
		return err
	}
	energy := report.DefaultEnergyOptions()
	d.Report, err = report.New(report.Subject{Run: d.Run, Chip: d.Chip, Network: d.Network, Layout: d.Layout}, report.Options{Energy: energy})
	if err != nil {
		return err
	}
	d.Report.SpikeMismatches, d.Report.DecisionMismatches = &d.Comparison.SpikeMismatches, &d.Comparison.DecisionMismatches
	energy.Scope = report.WholeChip
	d.WholeChip, err = report.PriceRun(d.Run, d.Chip, energy)
	return err
}
