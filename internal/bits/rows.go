package bits

import "math/bits"

// Crossbar kernels: the rows of a core's active axons are added up, and its
// neurons updated, 256 columns at a time.

// Columns is how many columns a row holds.
const Columns = 256

// SignRow is one axon's crosspoints, one bit a column: words 0 to 3 say where the
// weight is positive, words 4 to 7 where it is negative.
type SignRow [2 * Columns / 64]uint64

// Mask is one bit a column.
type Mask [Columns / 64]uint64

// MostRows is how many rows a count may add up: a count fits 8 bits. GroupRows is what
// the kernels take at once: a list of axons is filled up to a multiple of it with the
// number of a row of zeros, and zeros do not count towards MostRows.
const (
	MostRows  = 127
	GroupRows = 8
)

// Params is what Update needs to know of 256 neurons besides their sums.
type Params struct {
	Leak, Theta [Columns]int16
	// Scale is what a count is multiplied with.
	Scale int32
	// Unfired and Fired are what is kept of a potential: Unfired of V where no spike
	// is, Fired of V - Theta where one is; all ones keep, zeros clear.
	Unfired, Fired int32
	// Low and High bound the potentials that the next update may start from; Update
	// tells if one is outside.
	Low, High int32

	_ [44]byte // to whole cache lines
}

// Listed is room for all columns of a mask, and for what a kernel writes behind them.
type Listed [Columns + 32]uint16

// RowKernels are the crossbar kernels of one path.
type RowKernels struct {
	// Count adds up the rows of the axons listed, at most MostRows of them, filled up
	// to a multiple of GroupRows: counts becomes positive minus negative crosspoints,
	// touched the union of the rows within mask, and ops the number of their
	// crosspoints within mask. mask holds the same columns twice, like a row.
	Count func(counts *[Columns]int8, touched *SignRow, rows []SignRow, axons []uint16, mask *SignRow) (ops uint64)
	// Update does, for the columns in mask, V := V + counts · Scale + Leak, fires where
	// V >= Theta, and keeps what Params say. It tells whether a potential left Low
	// and High.
	Update func(v *[Columns]int32, counts *[Columns]int8, p *Params, mask, fired *Mask) (outside bool)
	// UpdateWide is Update with sums, already scaled, instead of counts.
	UpdateWide func(v, sums *[Columns]int32, p *Params, mask, fired *Mask) (outside bool)
	// List writes down the columns of a mask, rising, and gives their number.
	List func(list *Listed, mask *Mask) int
	// UpdateNarrow is Update on potentials of 16 bits; nil where there is none.
	UpdateNarrow UpdateNarrow
	// PrefetchNarrow asks the memory for what Count and UpdateNarrow need; nil with it.
	PrefetchNarrow func(rows []SignRow, axons []uint16, v, leak *[Columns]int16)
	// Prefetch asks the memory for the rows of axons, for potentials and for params.
	Prefetch func(rows []SignRow, axons []uint16, v *[Columns]int32, p *Params)
	// Widen adds counts · scale to sums.
	Widen func(sums *[Columns]int32, counts *[Columns]int8, scale int32)
}

// Rows gives the crossbar kernels of a path.
func Rows(p Path) *RowKernels { return rowKernels[p] }

// pureRows are the obvious loops over set bits and columns.
var pureRows = &RowKernels{
	Count: countPure, Update: updatePure, UpdateWide: updateWidePure, Widen: widenPure, UpdateNarrow: updateNarrowPure, List: listPure,
	Prefetch:       func([]SignRow, []uint16, *[Columns]int32, *Params) {},
	PrefetchNarrow: func([]SignRow, []uint16, *[Columns]int16, *[Columns]int16) {},
}

func countPure(counts *[Columns]int8, touched *SignRow, rows []SignRow, axons []uint16, mask *SignRow) (ops uint64) {
	*counts, *touched = [Columns]int8{}, SignRow{}
	const half = len(SignRow{}) / 2
	for _, a := range axons {
		row := &rows[a]
		for w := range half {
			for x := row[w]; x != 0; x &= x - 1 {
				counts[w*64+bits.TrailingZeros64(x)]++
			}
			for x := row[half+w]; x != 0; x &= x - 1 {
				counts[w*64+bits.TrailingZeros64(x)]--
			}
		}
		for w := range row {
			seen := row[w] & mask[w]
			touched[w] |= seen
			ops += uint64(bits.OnesCount64(seen))
		}
	}
	return ops
}

func updatePure(v *[Columns]int32, counts *[Columns]int8, p *Params, mask, fired *Mask) (outside bool) {
	var sums [Columns]int32
	widenPure(&sums, counts, p.Scale)
	return updateWidePure(v, &sums, p, mask, fired)
}

func updateWidePure(v, sums *[Columns]int32, p *Params, mask, fired *Mask) (outside bool) {
	for w := range mask {
		var spikes uint64
		for x := mask[w]; x != 0; x &= x - 1 {
			bit := bits.TrailingZeros64(x)
			n := w*64 + bit
			u := v[n] + sums[n] + int32(p.Leak[n])
			if theta := int32(p.Theta[n]); u >= theta {
				spikes |= 1 << bit
				u = (u - theta) & p.Fired
			} else {
				u &= p.Unfired
			}
			outside = outside || u < p.Low || u > p.High
			v[n] = u
		}
		fired[w] = spikes
	}
	return outside
}

func listPure(list *Listed, mask *Mask) int {
	n := 0
	for w, x := range mask {
		for ; x != 0; x &= x - 1 {
			list[n] = uint16(w*64 + bits.TrailingZeros64(x))
			n++
		}
	}
	return n
}

func widenPure(sums *[Columns]int32, counts *[Columns]int8, scale int32) {
	for n, c := range counts {
		sums[n] += int32(c) * scale
	}
}
