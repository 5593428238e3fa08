package layout

// PotentialReach is the least and the greatest that a head's potential can be at any
// moment of a wave that stays so many steps, if the sum of each step, partial sums
// included, is low..high. A moment is after the synapses, after the leak and after
// the reset: potentials must fit their width at all three.
//
// A score column adds up: after t steps t·low..t·high, and its leak at the end. A
// column that clears starts every step at 0. For one that keeps its potential, with
// m = low + Leak and M = high + Leak, what is left of it after t steps
//
//   - is at least t·min(0, m): a step without a spike adds no less than m, and a spike
//     leaves at least 0 by either reset. If m reaches Theta every step has a spike,
//     and it is at least 0.
//   - with reset zero is at most min(t·max(0, M), max(0, Theta-1)): without a spike
//     it is below Theta, with one it is 0.
//   - with reset subtract is at most the same while M <= Theta, as a spike takes off
//     no less than what a step added to at most Theta-1. Above that each step may add
//     M and take off Theta: it is at most max(Theta-1, M-Theta) after the first step,
//     and M-Theta more after each later one.
//
// Where some steps have a spike and some have none, all of them are reached by some
// sums, but for leaks so large that a potential cannot but jump.
func (c *Column) PotentialReach(low, high int64, steps int) (least, most int64) {
	leak, t := int64(c.Leak), int64(steps)
	switch {
	case c.Role == Score:
		least, most = min(low, t*low), max(high, t*high)
		return least + min(0, leak), most + max(0, leak)
	case c.Reset == Clear:
		return low + min(0, leak), high + max(0, leak)
	}
	down, up := min(low, low+leak), max(high, high+leak) // in the step itself
	least, most = min(0, down), max(0, c.left(t-1, high+leak)+up, c.left(t, high+leak))
	if low+leak < int64(c.Theta) {
		least += (t - 1) * min(0, low+leak)
	}
	return least, most
}

// left is the most that t steps of at most M leave of a kept potential.
func (c *Column) left(t, most int64) int64 {
	theta := int64(c.Theta)
	switch {
	case t == 0:
		return 0
	case c.Reset == Subtract && most > theta:
		return max(theta-1, most-theta) + (t-1)*(most-theta)
	}
	return min(t*max(0, most), max(0, theta-1))
}
