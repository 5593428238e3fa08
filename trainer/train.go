package trainer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"tritloom/internal/seed"
	"tritloom/ternary"
)

// search is a run under way.
type search struct {
	options     Options
	net         *ternary.Network
	state       *state
	seats       []seat
	coordinates []coordinate // of all seats
	hidden      *hidden
	class       *class
	biasLimit   int32
	random      *rand.Rand // order of coordinates
	resumed     madeBefore

	penalty          int64
	trials, accepted uint64
}

// Train searches for weights that lower the objective on the training
// samples. validation may be nil; it decides only about patience. progress may
// be nil; it is called now and then, always from the calling goroutine. The
// shape's network is not changed.
//
// A cancelled context is no error: the search ends at the next step boundary
// with the network it has.
func Train(ctx context.Context, shape Shape, train, validation *Samples, o Options, progress func(Progress)) (*Result, error) {
	return trainFrom(ctx, shape, train, validation, o, nil, progress)
}

// trainFrom trains from the first step, or from a checkpoint.
func trainFrom(ctx context.Context, shape Shape, train, validation *Samples, o Options, from *Checkpoint, progress func(Progress)) (*Result, error) {
	s, err := newSearchFrom(shape, train, o, from)
	if err != nil {
		return nil, err
	}
	if validation != nil {
		if err := fits(s.net, validation, "validation"); err != nil {
			return nil, err
		}
	}
	if o.Patience > 0 && validation == nil {
		return nil, fmt.Errorf("training option patience is %d, but there are no validation samples; give some or set it to 0", o.Patience)
	}
	r := &run{search: s, validation: validation, progress: progress, ctx: ctx}
	if from != nil {
		r.stats, r.best = slices.Clone(from.PerSweep), from.Best.copy()
	}
	r.sweeps()
	return r.result(shape), nil
}

// newSearch checks everything and evaluates the first network.
func newSearch(shape Shape, train *Samples, o Options) (*search, error) {
	return newSearchFrom(shape, train, o, nil)
}

// newSearchFrom is newSearch, or with a checkpoint the search that was left. The
// loss is made for the first network either way: it bounds all later ones.
func newSearchFrom(shape Shape, train *Samples, o Options, from *Checkpoint) (*search, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if shape.Network == nil {
		return nil, fmt.Errorf("shape: no network")
	}
	if err := shape.validateFrame(); err != nil {
		return nil, err
	}
	net := clone(shape.Network)
	if err := initialise(net, shape, o); err != nil {
		return nil, err
	}
	if err := (Shape{net, shape.Masks, shape.ReadoutMask}).Validate(); err != nil {
		return nil, err
	}
	if err := fits(net, train, "training"); err != nil {
		return nil, err
	}
	loss, err := newObjective(o, scoreSpread(net))
	if err != nil {
		return nil, err
	}
	s := &search{options: o, net: net, biasLimit: biasLimit(net), random: seed.Stream(o.Seed, seed.TrainerOrder)}
	if from != nil {
		if err := from.restore(net, shape); err != nil {
			return nil, err
		}
	}
	s.state = newState(net, train, loss, o.Init != InitKeep && from == nil)
	s.seats = seats(s.state, shape)
	for i := range s.seats {
		for c := range s.seats[i].coordinates() {
			s.coordinates = append(s.coordinates, coordinate{&s.seats[i], c})
		}
	}
	s.hidden, s.class = newHidden(s.state), newClass(s.state)
	s.penalty = o.NonzeroPenalty * nonzero(net)
	if from != nil {
		return s, s.goOn(from)
	}
	return s, nil
}

// fits checks that samples and network agree.
func fits(net *ternary.Network, samples *Samples, which string) error {
	if samples == nil {
		return fmt.Errorf("no %s samples", which)
	}
	if samples.inputs != net.Inputs || samples.classes != net.Readout.Outputs {
		return fmt.Errorf("%s samples have %d inputs and %d classes; the network has %d and %d",
			which, samples.inputs, samples.classes, net.Inputs, net.Readout.Outputs)
	}
	return nil
}

// objective is what the search lowers.
func (s *search) objective() int64 { return s.state.total + s.penalty }
