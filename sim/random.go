package sim

// generator makes the random numbers of one core's stochastic neurons. It is a
// linear congruential generator of 64 bits (the multiplier and increment are
// Knuth's MMIX), so that a draw is one multiplication and one addition, k draws are
// one of each with other constants, and all can be checked on paper:
//
//	x(0)   = mix(seed + (core + 1) · 0x9E3779B97F4A7C15)     logical core number
//	x(i+1) = 6364136223846793005 · x(i) + 1442695040888963407  mod 2^64
//	ρ(i)   = x(i+1) / 2^(64 - b)                              b random bits of the chip
//
// with mix the finaliser of SplitMix64. Draws of a tick come in this order, and
// nothing else draws:
//
//  1. for each active axon of the core, rising, and each spike on it: for each
//     evaluated column, rising, whose weight there is not 0 and whose axon type is
//     stochastic: one
//  2. for each evaluated spiking column, rising, that does not rest: one for a
//     random leak, then one for a random threshold
type generator struct{ x uint64 }

const (
	multiplier = 6364136223846793005
	increment  = 1442695040888963407
)

// Two, three and four steps at once. Constants are computed modulo 2^64 by the compiler,
// which wants them cut to size.
const (
	word        = 1<<64 - 1
	multiplier2 = multiplier * multiplier & word
	increment2  = increment * (multiplier + 1) & word
	multiplier3 = multiplier2 * multiplier & word
	increment3  = (increment2*multiplier + increment) & word
	multiplier4 = multiplier2 * multiplier2 & word
	increment4  = (increment3*multiplier + increment) & word
)

func newGenerator(seed uint64, core int) generator {
	return generator{mix(seed + (uint64(core)+1)*0x9E3779B97F4A7C15)}
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// draw is the next random number of the given width.
func (g *generator) draw(bits int) uint32 {
	g.x = g.x*multiplier + increment
	return uint32(g.x >> (64 - bits))
}

// magnitude is |v|, also of the lowest integer.
func magnitude(v int32) uint32 {
	if v < 0 {
		return -uint32(v)
	}
	return uint32(v)
}

// chance is F of layout.Dynamics: the sign of v if |v| >= ρ, else 0.
func chance(v int32, ρ uint32) int64 {
	switch {
	case magnitude(v) < ρ, v == 0:
		return 0
	case v < 0:
		return -1
	}
	return 1
}
