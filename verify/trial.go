package verify

import (
	"context"
	"errors"

	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ternary"
)

// FaultTrial is how many single faults were tried on an image and caught.
type FaultTrial struct {
	Tried, Caught int
	FirstMissed   string // the first fault nobody noticed, empty if none
}

// TryFaults puts random single faults of every kind into an image, one at a
// time and hashes ignored, and asks the checker and the lift whether they
// notice. The image is as before afterwards. A cancelled context ends the
// trial early, with what was tried.
func TryFaults(ctx context.Context, n *ternary.Network, l *layout.Layout, faults int, seedOf uint64) (*FaultTrial, error) {
	canon, err := Canonical(n, l)
	if err != nil {
		return nil, err
	}
	if len(l.Cores) == 0 {
		return nil, errors.New("the layout has no cores to put faults into")
	}
	stream, trial, kinds := seed.Stream(seedOf, seed.VerifyFault), &FaultTrial{}, FaultKinds()
	for k := 0; trial.Tried < faults && ctx.Err() == nil; k++ {
		f, ok := RandomFault(l, kinds[k%len(kinds)], stream)
		if !ok {
			continue
		}
		f.Flip(l)
		if Lifts(canon.Network, l) != nil {
			trial.Caught++
		} else if trial.FirstMissed == "" {
			trial.FirstMissed = f.String()
		}
		f.Flip(l)
		trial.Tried++
	}
	return trial, nil
}
