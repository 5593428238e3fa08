package experiment

import (
	"context"
	"fmt"
	"slices"

	"tritloom/dataset"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/verify"
)

// SimulateJob runs samples through an image.
type SimulateJob struct {
	Layout  *layout.Layout
	Network *ternary.Network // compare every neuron with it; nil compares nothing
	Part    dataset.Part
	Options sim.Options
	// Progress is called after every sample; it may be nil.
	Progress func(done, total int)
}

// Simulate runs the job. The comparison is nil without a network.
func Simulate(ctx context.Context, job SimulateJob) (*ledger.Run, *verify.Comparison, error) {
	if job.Part.Len() == 0 {
		return nil, nil, fmt.Errorf("%s has no samples; choose another part", job.Part.Ref)
	}
	src, err := NewEncoded(job.Part, &job.Layout.Encoder)
	if err != nil {
		return nil, nil, err
	}
	if classes := len(job.Part.Set.Classes); classes != job.Layout.Readout.Neurons {
		return nil, nil, fmt.Errorf("%s has %d classes; the layout scores %d; choose the data it was trained on", job.Part.Ref, classes, job.Layout.Readout.Neurons)
	}
	if have, want := job.Part.Set.Classes, job.Layout.Classes; len(want) > 0 && !slices.Equal(have, want) {
		return nil, nil, fmt.Errorf("%s has the classes %.60q; the network was trained on %.60q; choose data of the same classes", job.Part.Ref, have, want)
	}
	correct := 0
	observe := func(w sim.Wave) error {
		if w.Class == int(job.Part.Label(w.Sample)) {
			correct++
		}
		if job.Progress != nil {
			job.Progress(w.Sample+1, job.Part.Len())
		}
		return nil
	}
	run, comparison, err := simulate(ctx, job, src, observe)
	if err != nil {
		return nil, nil, err
	}
	run.Network, run.Data, run.DataHash, run.Correct = job.Layout.Network, job.Part.Ref, job.Part.Set.Checksum(), correct
	return run, comparison, run.Validate()
}

func simulate(ctx context.Context, job SimulateJob, src *Encoded, observe func(sim.Wave) error) (*ledger.Run, *verify.Comparison, error) {
	if job.Network != nil {
		return verify.Simulate(ctx, job.Network, job.Layout, job.Options, src, observe)
	}
	job.Options.OmitSpikes = true // nobody compares them
	machine, err := sim.New(job.Layout, job.Options)
	if err != nil {
		return nil, nil, err
	}
	run, err := machine.Run(ctx, src, observe)
	return run, nil, err
}
