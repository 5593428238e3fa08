package layout_test

import (
	"testing"

	"tritloom/layout"
)

// Every reset, threshold, leak and number of steps over every sequence of sums of
// small ranges: no potential is outside the bounds, and kept ones reach them.
func TestPotentialReachHoldsAndIsReached(t *testing.T) {
	reached := 0
	for _, role := range []layout.Role{layout.Spiking, layout.Score} {
		for _, reset := range []layout.Reset{layout.Clear, layout.ToZero, layout.Subtract} {
			for theta := int32(-9); theta <= 13; theta++ {
				for leak := int32(-3); leak <= 3; leak++ {
					for low := int64(-3); low <= 0; low++ {
						for high := int64(0); high <= 4; high++ {
							for steps := 1; steps <= 5; steps++ {
								c := &layout.Column{Role: role, Reset: reset, Theta: theta, Leak: leak}
								if role == layout.Score && (reset != layout.Clear || theta != 0) {
									continue
								}
								if checkReach(t, c, low, high, steps) {
									reached++
								}
							}
						}
					}
				}
			}
		}
	}
	if reached < 8000 {
		t.Errorf("the bounds were reached in %d cases only", reached)
	}
}

// checkReach follows every potential that can be, and tells whether bounds had to
// be reached.
func checkReach(t *testing.T, c *layout.Column, low, high int64, steps int) bool {
	t.Helper()
	least, most := c.PotentialReach(low, high, steps)
	seenLow, seenHigh, fires := int64(0), int64(0), false
	see := func(v int64) int64 {
		if v < least || v > most {
			t.Fatalf("%+v, sums %d..%d, %d steps: a potential is %d; the bounds are %d..%d", c, low, high, steps, v, least, most)
		}
		seenLow, seenHigh = min(seenLow, v), max(seenHigh, v)
		return v
	}
	now := map[int64]bool{0: true}
	for step := range steps {
		next := map[int64]bool{}
		for v := range now {
			for sum := low; sum <= high; sum++ {
				left, fired := stepOnce(c, v, sum, step == steps-1, see)
				next[see(left)] = true
				fires = fires || fired
			}
		}
		now = next
	}
	// A column that clears adds a leak of either sign to sums of either sign: its
	// bounds are of both moments together, and so are a score's. A column that fires
	// at every step or at none has no place in a compiled image. One that cannot
	// but climb by 2 or more may jump over what is just below its threshold.
	if least := low + int64(c.Leak); c.Reset == layout.Clear || !fires || least >= int64(c.Theta) || least > 1 {
		return false
	}
	if seenLow != least || seenHigh != most {
		t.Fatalf("%+v, sums %d..%d, %d steps: potentials are %d..%d; the bounds %d..%d are wider", c, low, high, steps, seenLow, seenHigh, least, most)
	}
	return true
}

// stepOnce is the contract of a tick; see shows every moment.
func stepOnce(c *layout.Column, v, sum int64, last bool, see func(int64) int64) (left int64, fired bool) {
	v = see(v + sum)
	if c.Role == layout.Score {
		if last {
			see(v + int64(c.Leak))
			return 0, false
		}
		return v, false
	}
	v = see(v + int64(c.Leak))
	switch fired = v >= int64(c.Theta); {
	case c.Reset == layout.Clear, fired && c.Reset == layout.ToZero:
		v = 0
	case fired && c.Reset == layout.Subtract:
		v -= int64(c.Theta)
	}
	return v, fired
}
