package encode

import (
	"math"
	"sort"

	"github.com/emer/emergent/v2/popcode"
)

// activityCut is the activity from which a unit of a population code counts as
// a spike: half of the bump's height.
const activityCut = 0.5

// fitPopulation makes the units of emergent's one-dimensional population code
// for values from low to high, low < high: k Gaussian bumps with the package's
// defaults (centres over -0.5..1.5 of the range, width 0.2), cut at half
// height. Every unit is one interval of integers, found by bisection of the
// package's own float32 expression, and only the interval is kept. Values
// outside low..high count as the nearer end.
func fitPopulation(low, high int64, k int) Feature {
	p := population{low: low, high: high, units: k}
	p.code.Defaults()
	var centres []float32
	p.code.Values(&centres, k)
	f := Feature{On: make([]int64, k), Off: make([]int64, k)}
	for i, centre := range centres {
		f.On[i], f.Off[i] = p.interval(i, centre)
	}
	return f
}

type population struct {
	code      popcode.OneD
	low, high int64
	units     int
	activity  []float32
}

// fires tells whether unit i is active for a value within the range.
func (p *population) fires(i int, v int64) bool {
	x := float32(float64(v-p.low) / float64(p.high-p.low))
	p.code.Encode(&p.activity, x, p.units, popcode.Set)
	return p.activity[i] >= activityCut
}

// interval is the [on, off) of unit i. A unit that no value reaches gets an
// empty interval at the end of the range it lies beyond, so that starts rise.
func (p *population) interval(i int, centre float32) (on, off int64) {
	peak := p.nearest(centre)
	if !p.fires(i, peak) {
		switch {
		case centre <= 0:
			return Always, Always
		case centre >= 1:
			return Never, Never
		}
		return peak, peak
	}
	on, off = Always, Never
	if !p.fires(i, p.low) {
		on = p.low + search(peak-p.low, func(d int64) bool { return p.fires(i, p.low+d) })
	}
	if !p.fires(i, p.high) {
		off = peak + search(p.high-peak, func(d int64) bool { return !p.fires(i, peak+d) })
	}
	return on, off
}

// nearest is the value of the range closest to a centre, where the unit is
// most active.
func (p *population) nearest(centre float32) int64 {
	switch {
	case centre <= 0:
		return p.low
	case centre >= 1:
		return p.high
	}
	offset := math.Round(float64(centre) * float64(p.high-p.low))
	return p.low + min(int64(offset), p.high-p.low)
}

// search is the smallest d in 0..n with ok(d), for ok false first and then
// true, ok(n) known to be true.
func search(n int64, ok func(d int64) bool) int64 {
	return int64(sort.Search(int(n), func(d int) bool { return ok(int64(d)) }))
}
