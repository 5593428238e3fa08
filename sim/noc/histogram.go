package noc

import (
	"iter"
	"maps"
	"slices"
)

// dense is how many small values a histogram counts in a plain row.
const dense = 1 << 12

// Histogram counts values exactly: every value has a count of its own. The
// zero value is empty and ready for use.
type Histogram struct {
	count, sum, max uint64
	near            []uint64          // [value] count, values below dense
	far             map[uint64]uint64 // value: count, the others
}

// Add counts one value.
func (h *Histogram) Add(value uint64) { h.add(value, 1) }

func (h *Histogram) add(value, times uint64) {
	h.count += times
	h.sum += value * times
	h.max = max(h.max, value)
	if value >= dense {
		if h.far == nil {
			h.far = map[uint64]uint64{}
		}
		h.far[value] += times
		return
	}
	for uint64(len(h.near)) <= value {
		h.near = append(h.near, 0)
	}
	h.near[value] += times
}

// Merge counts everything other has counted.
func (h *Histogram) Merge(other *Histogram) {
	for value, times := range other.All() {
		h.add(value, times)
	}
}

// Reset empties the histogram and keeps its memory.
func (h *Histogram) Reset() {
	clear(h.far)
	*h = Histogram{near: h.near[:0], far: h.far}
}

// Count is how many values were counted.
func (h *Histogram) Count() uint64 { return h.count }

// Sum is the sum of all values; with Count it is their exact mean.
func (h *Histogram) Sum() uint64 { return h.sum }

// Max is the largest value, 0 if there is none.
func (h *Histogram) Max() uint64 { return h.max }

// All goes through the values and their counts, in ascending order.
func (h *Histogram) All() iter.Seq2[uint64, uint64] {
	return func(yield func(value, times uint64) bool) {
		for value, times := range h.near {
			if times > 0 && !yield(uint64(value), times) {
				return
			}
		}
		for _, value := range slices.Sorted(maps.Keys(h.far)) {
			if !yield(value, h.far[value]) {
				return
			}
		}
	}
}

// Percentile is the least value that at least percent of 100 values do not
// exceed (nearest rank), 0 if there is none. Percent is 0..100.
func (h *Histogram) Percentile(percent int) uint64 {
	rank := (h.count*uint64(percent) + 99) / 100
	seen := uint64(0)
	for value, times := range h.All() {
		if seen += times; seen >= rank {
			return value
		}
	}
	return 0
}

// Equal tells whether both have counted the same values.
func (h Histogram) Equal(other Histogram) bool {
	if h.count != other.count || h.sum != other.sum || h.max != other.max {
		return false
	}
	next, stop := iter.Pull2(other.All())
	defer stop()
	for value, times := range h.All() {
		if v, n, ok := next(); !ok || v != value || n != times {
			return false
		}
	}
	_, _, more := next()
	return !more
}
