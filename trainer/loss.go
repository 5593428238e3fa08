package trainer

import (
	"fmt"
	"math"
)

// LossOne is a loss of 1 (one nat, or one score unit of hinge) on one sample.
const LossOne = 1 << 16

// LossUnit names the unit of all losses here.
const LossUnit = "2^-16 per sample, summed"

// objective is the loss of one sample from its scores, in units of 1/LossOne,
// never negative. It is what A4 chooses.
type objective interface {
	loss(scores []int32, label int) int32
}

// newObjective makes the chosen loss for scores that differ by at most spread.
func newObjective(o Options, spread int64) (objective, error) {
	if spread >= 1<<20 {
		return nil, fmt.Errorf("network: scores may differ by %d; the trainer takes less than %d; shrink the layers the readout listens to", spread, 1<<20)
	}
	// A change of a loss must fit int32; twice the largest loss does not
	// reach 2^31 if the largest is below 2^30.
	largest := (spread + int64(o.HingeMargin)) * LossOne
	if o.Objective == ObjectiveCrossEntropy {
		largest = (spread*1000/int64(o.TemperatureMilli) + 1) * LossOne
	}
	if largest >= math.MaxInt32/2 {
		return nil, fmt.Errorf("training option temperature is %d: scores may differ by %d and overflow the fixed-point loss; want at least %d, or a smaller network",
			o.TemperatureMilli, spread, spread*1000*LossOne/(math.MaxInt32/2)+1)
	}
	if o.Objective == ObjectiveHinge {
		return hinge{o.HingeMargin}, nil
	}
	return newCrossEntropy(o.TemperatureMilli, int(spread)), nil
}

// crossEntropy is -ln softmax(scores/T)[label]. With m the highest score,
//
//	loss = (m - score[label])/T + ln Σ_c exp((score[c] - m)/T)
//
// The tables hold exp rounded to 2^-31 and logarithms with an error below
// 1.3e-7, so for C classes the loss is within 0.5 + 0.02 + C·2^-15 units of
// the exact value: under one unit, 1.5e-5 nats.
type crossEntropy struct {
	exp    []uint32 // by distance below the highest score
	linear []int64  // distance/T in units of 2^-32
	log    *logarithm
}

func newCrossEntropy(milli, spread int) *crossEntropy {
	c := &crossEntropy{exp: expTable(milli, spread), linear: make([]int64, spread+1), log: newLogarithm()}
	for d := range c.linear {
		// d·1000·2^32 fits int64 because d is below 2^20.
		c.linear[d] = (int64(d)*1000<<logBits + int64(milli)/2) / int64(milli)
	}
	return c
}

func (c *crossEntropy) loss(scores []int32, label int) int32 {
	high := scores[0]
	for _, s := range scores[1:] {
		high = max(high, s)
	}
	var sum uint64
	for _, s := range scores {
		sum += uint64(c.exp[high-s])
	}
	const lossShift = logBits - 16
	return int32((c.linear[high-scores[label]] + c.log.of(sum) + 1<<(lossShift-1)) >> lossShift)
}

// hinge is max(0, margin + best wrong score - right score).
type hinge struct{ margin int32 }

func (h hinge) loss(scores []int32, label int) int32 {
	rival := int32(math.MinInt32 / 2)
	for c, s := range scores {
		if c != label {
			rival = max(rival, s)
		}
	}
	return max(0, h.margin+rival-scores[label]) * LossOne
}
