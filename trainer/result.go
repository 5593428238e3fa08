package trainer

import "tritloom/ternary"

// Result is what a run found.
type Result struct {
	// Network is the network found: after the last step, or with patience the
	// best one on the validation samples.
	Network *ternary.Network
	// Sweeps counts full sweeps; a sweep cut short is not counted.
	Sweeps int
	// Candidates counts trials, Accepted those that were kept.
	Candidates, Accepted uint64
	// Loss is the summed training loss of Network, in units of LossUnit,
	// without the penalty for nonzero weights.
	Loss int64
	// Nonzero counts the nonzero weights of Network.
	Nonzero int64
	// TrainErrors and ValidationErrors count wrong decisions of Network;
	// ValidationErrors is -1 without validation samples.
	TrainErrors, ValidationErrors int
	// LocalOptimum tells that Network is certified: no single change that the
	// options allow lowers the objective by more than LeastGain.
	LocalOptimum bool
	// Claim says in words what LocalOptimum means for these options.
	Claim string
	// StoppedBy says why the search ended.
	StoppedBy StopReason
	// MaxTrialsToReproduce as Options.MaxTrials makes the same network again
	// without clock or interruption.
	MaxTrialsToReproduce uint64
	// StoppedAt is where Resume goes on after MaxTrials, Budget or an
	// interruption; nil if the search came to its own end.
	StoppedAt *Checkpoint
	// PerSweep has one entry for each full sweep.
	PerSweep []SweepStats
}

// StopReason is why a search ended.
type StopReason string

// The reasons.
const (
	StoppedNoChange    StopReason = "no-change"   // a sweep changed nothing
	StoppedSweeps      StopReason = "sweeps"      // MaxSweeps
	StoppedTrials      StopReason = "trials"      // MaxTrials
	StoppedBudget      StopReason = "budget"      // Budget
	StoppedPatience    StopReason = "patience"    // Patience
	StoppedInterrupted StopReason = "interrupted" // the context was cancelled
)

// SweepStats describes the network after a full sweep.
type SweepStats struct {
	Candidates, Accepted uint64 // in all so far
	Loss, Penalty        int64  // the objective is their sum
	Nonzero              int64
	TrainErrors          int
	ValidationErrors     int   // -1 without validation samples
	ValidationLoss       int64 // 0 without validation samples
}

// Progress is a glance at a running search.
type Progress struct {
	Sweep       int // full sweeps so far
	Step, Steps int // of the sweep under way
	Candidates  uint64
	Accepted    uint64
	Loss        int64
	// TrainErrors and ValidationErrors are those after the last full sweep,
	// -1 before the first or without validation samples.
	TrainErrors, ValidationErrors int
}

func claim(o Options) string {
	if o.LeastGain > 0 {
		return "no single change lowers the objective by more than the least gain"
	}
	if o.Candidates == CandidatesAdjacent {
		return "no single change to a neighbouring value lowers the objective"
	}
	return "no single change lowers the objective"
}
