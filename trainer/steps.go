package trainer

import (
	"fmt"

	"tritloom/ternary"
)

// TakesSteps tells whether a network needs Integrate after Train: it takes several
// steps, or keeps potentials.
func TakesSteps(n *ternary.Network) bool {
	if n.Steps > 1 {
		return true
	}
	for i := range n.Layers {
		if n.Layers[i].Neuron.Model != ternary.Step {
			return true
		}
	}
	return false
}

// OneShot is the shape that Train takes first: the same layers as step neurons, seen
// once. The shape given is not changed.
func OneShot(s Shape) Shape {
	n := clone(s.Network)
	n.Steps = 1
	for i := range n.Layers {
		n.Layers[i].Neuron = ternary.Neuron{Model: ternary.Step}
	}
	return Shape{n, s.Masks, s.ReadoutMask}
}

// CanIntegrate says whether Integrate has a search for a network: one hidden layer
// that hears the input alone. Its neurons see the same sum at every step, so that
// how often they fire is a table by sum and threshold.
func CanIntegrate(n *ternary.Network) error {
	if len(n.Layers) != 1 {
		return fmt.Errorf("network: %d hidden layers over %d steps; thresholds over steps are found for one hidden layer, whose sums are the same at every step; give one hidden layer, or 1 step", len(n.Layers), n.Steps)
	}
	l := &n.Layers[0]
	if l.Op != ternary.Dense || n.Readout.Mode != ternary.Sum {
		return fmt.Errorf("network: layer 0 %q is %s and the readout a %s, over %d steps; thresholds over steps are found for a dense layer and a weighted sum; choose these, or 1 step", l.Name, l.Op, n.Readout.Mode, n.Steps)
	}
	return nil
}

// firings is how many of the steps a neuron fires at if its sum is the same at each:
// the equation of ternary.Neuron, step by step.
func firings(n ternary.Neuron, sum, theta int32, steps int) int32 {
	var v, count int64
	for range steps {
		if n.Model == ternary.Step {
			v = 0
		}
		v += int64(sum) + int64(n.Leak)
		if v < int64(theta) {
			continue
		}
		count++
		if n.Reset == ternary.Subtract {
			v -= int64(theta)
		} else {
			v = 0
		}
	}
	return int32(count)
}

// firstTheta is the threshold over steps that a one-shot threshold starts from: the
// neuron fires at the first step where it fired before.
func firstTheta(n ternary.Neuron, theta int32) int32 { return theta + n.Leak }

// thetaRange is every threshold worth a trial for a neuron whose sums are low..high:
// the first makes it fire at every step, the last at none.
func thetaRange(n ternary.Neuron, low, high int32, steps int) (first, last int64) {
	first, last = int64(low)+int64(n.Leak), int64(high)+int64(n.Leak)
	if n.Model != ternary.Step {
		last = max(last, last*int64(steps))
	}
	return first, last + 1
}
