package trainer

import (
	"errors"
	"math/rand/v2"
	"slices"

	"tritloom/internal/seed"
	"tritloom/ternary"
)

// initialise gives the free weights their first values as A1 says; thresholds
// follow when the layers are first evaluated.
func initialise(net *ternary.Network, shape Shape, o Options) error {
	if o.Init == InitKeep {
		return nil
	}
	nonzero := slices.DeleteFunc(slices.Clone(net.Alphabet), func(v int8) bool { return v == 0 })
	if o.Init == InitSparse && len(nonzero) == len(net.Alphabet) {
		return errors.New("training option init is sparse, but the alphabet has no 0; choose uniform")
	}
	for i := range net.Layers {
		random := seed.Sub(o.Seed, seed.TrainerInit, i)
		fill(net.Layers[i].Weights, shape.mask(i), func() int8 {
			if o.Init == InitSparse && random.IntN(100) < o.ZerosPercent {
				return 0
			}
			if o.Init == InitSparse {
				return pick(nonzero, random)
			}
			return pick(net.Alphabet, random)
		})
	}
	random := seed.Sub(o.Seed, seed.TrainerInit, len(net.Layers))
	fill(net.Readout.Weights, shape.ReadoutMask, func() int8 { return pick(net.Alphabet, random) })
	clear(net.Readout.Bias)
	return nil
}

func pick(values []int8, random *rand.Rand) int8 { return values[random.IntN(len(values))] }

// fill draws a value for every free weight.
func fill(weights []int8, mask []bool, draw func() int8) {
	for i := range weights {
		if free(mask, i) {
			weights[i] = draw()
		}
	}
}
