package trainer

import (
	"context"
	"fmt"
	"slices"

	"tritloom/ternary"
)

// Checkpoint is a search at a step boundary: what Resume needs, beside shape,
// samples and options, to make the network that the search would have made
// undisturbed. What follows from these is not in it: sums and losses are found
// anew, and the orders of the sweeps are drawn again.
type Checkpoint struct {
	// Network is the network as it stands.
	Network *ternary.Network
	// Step counts the steps made of the sweep under way.
	Step int
	// Candidates counts trials, Accepted those that were kept, both since the
	// first step of all.
	Candidates, Accepted uint64
	// PerSweep has one entry for each full sweep.
	PerSweep []SweepStats
	// Best is nil without patience, and before the first full sweep.
	Best *Best
}

// Best is the network that patience remembers.
type Best struct {
	Network *ternary.Network
	// Errors and Loss are its results on the validation samples, Loss in units
	// of LossUnit.
	Errors int
	Loss   int64
	// Accepted is how many accepted trials led to it.
	Accepted uint64
	// SweepsSince counts the sweeps after it that were no better.
	SweepsSince int
}

// copy keeps a later sweep from counting in the original; nil stays nil.
func (b *Best) copy() *Best {
	if b == nil {
		return nil
	}
	c := *b
	return &c
}

// Resume goes on with the search that a checkpoint holds. With the shape,
// samples and options of the first start, the result is that of a search never
// stopped, to the bit. MaxSweeps, MaxTrials and Budget may be others, as far as
// the search has not passed them; Budget counts from now.
//
// A checkpoint that cannot come from such a search is an error. One made from
// other samples is not noticed here.
func Resume(ctx context.Context, shape Shape, train, validation *Samples, o Options, from *Checkpoint, progress func(Progress)) (*Result, error) {
	if from == nil {
		return nil, fmt.Errorf("no checkpoint to resume from")
	}
	return trainFrom(ctx, shape, train, validation, o, from, progress)
}

// save gives the search to Save if it is time.
func (r *run) save(step int) {
	if r.options.Save != nil && r.now().Sub(r.saved) >= r.options.SaveEvery {
		r.options.Save(r.checkpoint(step))
		r.saved = r.now() // not before: a slow disk must not take all the time
	}
}

// checkpoint copies what the search is, before a step.
func (r *run) checkpoint(step int) *Checkpoint {
	return &Checkpoint{
		Network: clone(r.net), Step: step, Candidates: r.trials, Accepted: r.accepted,
		PerSweep: slices.Clone(r.stats), Best: r.best.copy(),
	}
}

// restore checks the networks of a checkpoint against the first network of the
// search and puts the weights, thresholds and biases into it.
func (c *Checkpoint) restore(first *ternary.Network, shape Shape) error {
	if c.Best != nil {
		if err := follows(c.Best.Network, first, shape); err != nil {
			return fmt.Errorf("checkpoint: best %w", err)
		}
	}
	if err := follows(c.Network, first, shape); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	for i := range first.Layers {
		copy(first.Layers[i].Weights, c.Network.Layers[i].Weights)
		copy(first.Layers[i].Theta, c.Network.Layers[i].Theta)
	}
	copy(first.Readout.Weights, c.Network.Readout.Weights)
	copy(first.Readout.Bias, c.Network.Readout.Bias)
	return nil
}

// goOn takes over the counters of a checkpoint and draws the orders of its
// sweeps again.
func (s *search) goOn(from *Checkpoint) error {
	last, err := from.lastSweep()
	if err == nil {
		err = from.check(last, s.steps(), s.options)
	}
	if err != nil {
		return err
	}
	for range from.PerSweep {
		s.draw()
	}
	s.trials, s.accepted = from.Candidates, from.Accepted
	s.resumed = madeBefore{from.Step, from.Accepted - last.Accepted}
	return nil
}

// lastSweep is the state after the last full sweep, zero if there was none.
func (c *Checkpoint) lastSweep() (last SweepStats, err error) {
	for i, stats := range c.PerSweep {
		if stats.Candidates < last.Candidates || stats.Accepted < last.Accepted {
			return last, fmt.Errorf("checkpoint: sweep %d has fewer trials than the one before; the checkpoint is damaged", i+1)
		}
		last = stats
	}
	return last, nil
}

// check holds the counters against each other and against the search that is
// to go on.
func (c *Checkpoint) check(last SweepStats, steps int, o Options) error {
	full := len(c.PerSweep)
	switch {
	case c.Step < 0 || c.Step >= steps:
		return fmt.Errorf("checkpoint: step %d of a sweep; this search has 0..%d", c.Step, steps-1)
	case c.Accepted > c.Candidates || last.Candidates > c.Candidates || last.Accepted > c.Accepted:
		return fmt.Errorf("checkpoint: %d of %d trials accepted, %d of %d before this sweep; the checkpoint is damaged", c.Accepted, c.Candidates, last.Accepted, last.Candidates)
	case (o.Patience > 0 && full > 0) != (c.Best != nil):
		return fmt.Errorf("checkpoint: patience %d, %d full sweeps, a best network: %t; the checkpoint is damaged", o.Patience, full, c.Best != nil)
	case c.Best != nil && (c.Best.Accepted > c.Accepted || c.Best.SweepsSince < 0 || c.Best.SweepsSince >= full):
		return fmt.Errorf("checkpoint: best network after %d of %d accepted trials, %d of %d sweeps ago; the checkpoint is damaged", c.Best.Accepted, c.Accepted, c.Best.SweepsSince, full)
	case o.MaxSweeps > 0 && full >= o.MaxSweeps:
		return fmt.Errorf("training option sweeps is %d, and the checkpoint has made %d; want more, or 0 for no limit", o.MaxSweeps, full)
	case o.MaxTrials > 0 && c.Candidates >= o.MaxTrials:
		return fmt.Errorf("training option max trials is %d, and the checkpoint has made %d; want more, or 0 for no limit", o.MaxTrials, c.Candidates)
	}
	return nil
}
