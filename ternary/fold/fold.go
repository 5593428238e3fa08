// Package fold turns a float neuron into an integer one: it is the only bridge
// from floats to ternary networks, and it is exact or an error.
//
// A trainer's neuron computes a float32 expression of its integer sum, such as
// batch normalisation, and fires when the result reaches a cut. As long as the
// expression only rises or only falls with the sum, the neuron is a threshold.
// The threshold is found by bisection of the trainer's own expression, never
// by a formula for its inverse, and then held against the expression at every
// sum the neuron can reach. Expressions round every operation to float32 by
// itself, so they are the same on machines that would fuse a multiplication
// and an addition.
//
// The package does not know how parameters were trained, nor about layers.
package fold

import (
	"errors"
	"fmt"
	"sort"

	"tritloom/ternary"
)

// Threshold is the smallest s in low..high with fires(s), or high+1 if there
// is none; fires is false first and then true.
func Threshold(fires func(s int32) bool, low, high int32) int32 {
	n := int(int64(high) - int64(low) + 1)
	return int32(int64(low) + int64(sort.Search(n, func(i int) bool { return fires(int32(int64(low) + int64(i))) })))
}

// Norm is a trainer's float32 expression of one neuron: what it makes of its
// sum before it is compared with a cut.
type Norm interface {
	// Apply is the expression itself; trainers call it too.
	Apply(x float32) float32
	// Slope is +1 if Apply never falls with x, -1 if it never rises, 0 if it
	// does not depend on x.
	Slope() int
	// Validate refuses parameters for which Apply is no threshold.
	Validate() error
}

// Activation fires when Norm.Apply(x) >= Cut.
type Activation struct {
	Norm Norm
	Cut  float32
}

// fires is the trainer's decision.
func (a Activation) fires(x float32) bool { return a.Norm.Apply(x) >= a.Cut }

// Inputs says what a trainer's neuron saw where the network has a bit.
type Inputs int

const (
	// Binary inputs are the bits themselves, 0 and 1.
	Binary Inputs = iota
	// Bipolar inputs are 2b-1: -1 and +1.
	Bipolar
)

// Neuron is a folded neuron: it fires when the sum of Row over its active
// inputs is at least Theta. Row is a copy, negated where the expression falls
// with the sum. A constant neuron has a Theta at the end of its reach: -neg
// fires always, pos+1 never.
type Neuron struct {
	Row   []int8
	Theta int32
}

// Dense folds one neuron with a weight row of its own.
func Dense(row []int8, a Activation, inputs Inputs) (Neuron, error) {
	low, high := ternary.Reach(row)
	return fold(row, a, low, high, seen(inputs, low+high))
}

// seen maps the sum over bits to the sum that the trainer's neuron saw:
// Σw(2b-1) = 2Σwb - Σw for bipolar inputs. Sums below 2^24 are exact in
// float32.
func seen(inputs Inputs, sumOfRow int32) func(s int32) float32 {
	if inputs == Bipolar {
		return func(s int32) float32 { return float32(2*int64(s) - int64(sumOfRow)) }
	}
	return func(s int32) float32 { return float32(s) }
}

// fold folds a neuron whose sums lie in low..high.
func fold(row []int8, a Activation, low, high int32, seen func(s int32) float32) (Neuron, error) {
	if err := a.validate(); err != nil {
		return Neuron{}, err
	}
	n := Neuron{Row: append([]int8(nil), row...)}
	fires := func(s int32) bool { return a.fires(seen(s)) }
	if a.Norm.Slope() < 0 {
		if err := n.negate(); err != nil {
			return Neuron{}, err
		}
		rising := fires
		fires = func(s int32) bool { return rising(-s) }
		low, high = -high, -low
	}
	n.Theta = Threshold(fires, low, high)
	return n, check(fires, n.Theta, low, high)
}

func (a Activation) validate() error {
	if a.Norm == nil {
		return errors.New("fold: no expression; give a Norm, such as BatchNorm or Identity")
	}
	if a.Cut != a.Cut {
		return errors.New("fold: the cut is not a number; give a finite one")
	}
	return a.Norm.Validate()
}

func (n *Neuron) negate() error {
	for i, w := range n.Row {
		if w == -128 {
			return fmt.Errorf("fold: weight -128 of input %d has no negative in 8 bits; use an alphabet that is symmetric", i)
		}
		n.Row[i] = -w
	}
	return nil
}

// check holds the threshold against the expression at every sum. Rounding may
// make an expression that rises on paper fall by a bit somewhere; a threshold
// would then be an approximation.
func check(fires func(s int32) bool, theta, low, high int32) error {
	for s := int64(low); s <= int64(high); s++ {
		if got := fires(int32(s)); got != (s >= int64(theta)) {
			return fmt.Errorf("fold: no threshold: by its rounding the expression gives %v at sum %d, though the threshold would be %d; move the cut away from where the expression is flat", got, s, theta)
		}
	}
	return nil
}
