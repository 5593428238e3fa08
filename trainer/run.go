package trainer

import (
	"context"
	"fmt"
	"time"
)

// run drives a search from sweep to sweep until something stops it.
type run struct {
	*search
	ctx        context.Context
	validation *Samples
	progress   func(Progress)

	started   time.Time
	saved     time.Time    // when the search was last given to Save
	stats     []SweepStats // one a full sweep
	stoppedBy StopReason
	stoppedAt *Checkpoint // nil if the search came to its own end

	best         *Best // nil without patience
	nextProgress int   // step of this sweep at which progress is due
}

// score is a validation result.
type score struct {
	errors int
	loss   int64
}

func (a score) better(b score) bool {
	return a.errors < b.errors || a.errors == b.errors && a.loss < b.loss
}

// sweeps runs until stoppedBy says why it ended.
func (r *run) sweeps() {
	r.started = r.now()
	r.saved = r.started
	for r.stoppedBy == "" {
		r.nextProgress = 0
		changed, done := r.sweep(r.halt)
		if !done {
			if r.options.Patience > 0 {
				r.remember(r.validate())
			}
			return
		}
		r.stats = append(r.stats, r.describe())
		r.report(0, 1)
		switch {
		case !changed:
			r.stoppedBy = StoppedNoChange
		case r.options.Patience > 0 && r.best.SweepsSince >= r.options.Patience:
			r.stoppedBy = StoppedPatience
		case r.options.MaxSweeps > 0 && len(r.stats) >= r.options.MaxSweeps:
			r.stoppedBy = StoppedSweeps
		}
	}
}

// halt is asked before every step. The first step is always made, so that a
// run stopped by its budget has made trials by which to repeat it.
func (r *run) halt(step, steps int) bool {
	if step >= r.nextProgress {
		r.report(step, steps)
		r.nextProgress = step + (steps+99)/100
	}
	if r.trials == 0 {
		return false
	}
	switch {
	case r.options.MaxTrials > 0 && r.trials >= r.options.MaxTrials:
		r.stoppedBy = StoppedTrials
	case r.ctx.Err() != nil:
		r.stoppedBy = StoppedInterrupted
	case r.options.Budget > 0 && r.now().Sub(r.started) >= r.options.Budget:
		r.stoppedBy = StoppedBudget
	}
	if r.stoppedBy != "" {
		r.stoppedAt = r.checkpoint(step)
		return true
	}
	r.save(step)
	return false
}

func (r *run) now() time.Time {
	if r.options.Clock != nil {
		return r.options.Clock()
	}
	return time.Now()
}

// describe sums up the network after a full sweep.
func (r *run) describe() SweepStats {
	stats := SweepStats{
		Candidates: r.trials, Accepted: r.accepted,
		Loss: r.state.total, Penalty: r.penalty, Nonzero: nonzero(r.net),
		TrainErrors: r.state.errors(), ValidationErrors: -1,
	}
	if r.validation != nil {
		now := r.validate()
		stats.ValidationErrors, stats.ValidationLoss = now.errors, now.loss
		r.remember(now)
	}
	return stats
}

// validate evaluates the network on the validation samples.
func (r *run) validate() score {
	s := newState(r.net, r.validation, r.state.loss, false)
	return score{s.errors(), s.total}
}

// remember keeps the network, where patience asks for it, if it is the best
// on the validation samples so far.
func (r *run) remember(now score) {
	switch {
	case r.options.Patience == 0:
	case r.best == nil || now.better(score{r.best.Errors, r.best.Loss}):
		r.best = &Best{Network: clone(r.net), Errors: now.errors, Loss: now.loss, Accepted: r.accepted}
	default:
		r.best.SweepsSince++
	}
}

func (r *run) report(step, steps int) {
	if r.progress == nil {
		return
	}
	p := Progress{
		Sweep: len(r.stats), Step: step, Steps: steps, Candidates: r.trials, Accepted: r.accepted,
		Loss: r.state.total, TrainErrors: -1, ValidationErrors: -1,
	}
	if n := len(r.stats); n > 0 {
		p.TrainErrors, p.ValidationErrors = r.stats[n-1].TrainErrors, r.stats[n-1].ValidationErrors
	}
	r.progress(p)
}

// result describes the network that the run gives.
func (r *run) result(shape Shape) *Result {
	net := r.net
	if r.best != nil && r.best.Accepted != r.accepted {
		net = r.best.Network
	}
	// A second evaluation from nothing: the incremental state must not have
	// drifted by a single unit.
	again := newState(net, r.state.samples, r.state.loss, false)
	if net == r.net && again.total != r.state.total {
		panic(fmt.Sprintf("trainer: the loss kept by increments is %d, found anew it is %d", r.state.total, again.total))
	}
	result := &Result{
		Network: net, Sweeps: len(r.stats), Candidates: r.trials, Accepted: r.accepted,
		Loss: again.total, Nonzero: nonzero(net), TrainErrors: again.errors(), ValidationErrors: -1,
		StoppedBy: r.stoppedBy, MaxTrialsToReproduce: r.trials, PerSweep: r.stats, Claim: claim(r.options), StoppedAt: r.stoppedAt,
	}
	if r.validation != nil {
		result.ValidationErrors = newState(net, r.validation, r.state.loss, false).errors()
	}
	if r.stoppedBy == StoppedNoChange && net == r.net {
		result.LocalOptimum = r.certify(Shape{net, shape.Masks, shape.ReadoutMask})
	}
	return result
}

// certify has the search's last sweep confirmed by the independent witness;
// interrupted, it leaves the matter open.
func (r *run) certify(shape Shape) bool {
	improvement, err := Certify(r.ctx, shape, r.state.samples, r.options)
	if err != nil && r.ctx.Err() == nil || improvement != nil {
		panic(fmt.Sprintf("trainer: the search ended at an optimum, but: %v %v", improvement, err))
	}
	return err == nil
}
