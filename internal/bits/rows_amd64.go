//go:build !purego

package bits

import "unsafe"

// PrefetchLine asks the memory for the cache line that begins where p points.
func PrefetchLine[T any](p *T) { prefetchLine(unsafe.Pointer(p)) }

//go:noescape
func prefetchLine(p unsafe.Pointer)

var rowKernels = [...]*RowKernels{
	Pure: pureRows,
	AVX2: {
		Count: countRows(countAVX2), Update: updateBytes(updateAVX2), UpdateWide: updateWords(updateWideAVX2),
		Prefetch: prefetching, Widen: widening(widenAVX2), List: listPure,
	},
	AVX512: {
		Count: countRows(countAVX512), Update: updateBytes(updateAVX512), UpdateWide: updateWords(updateWideAVX512),
		UpdateNarrow: updateNarrow, PrefetchNarrow: prefetchingNarrow,
		Prefetch: prefetching, Widen: widening(widenAVX512),
		List: func(list *Listed, mask *Mask) int { return listAVX512(&list[0], &mask[0]) },
	},
}

func updateNarrow(v *[Columns]int16, counts *[Columns]int8, leak *[Columns]int16, theta []int16, step int, p *Narrow, mask, fired *Mask) bool {
	return updateNarrowAVX512(&v[0], &counts[0], &leak[0], &theta[0], step, p, &mask[0], &fired[0])
}

func prefetchingNarrow(rows []SignRow, axons []uint16, v, leak *[Columns]int16) {
	if len(axons) > 0 {
		prefetchNarrow(&rows[0][0], &axons[0], len(axons), &v[0], &leak[0])
	}
}

//go:noescape
func updateNarrowAVX512(v *int16, counts *int8, leak, theta *int16, step int, p *Narrow, mask, fired *uint64) (outside bool)

//go:noescape
func prefetchNarrow(rows *uint64, axons *uint16, n int, v, leak *int16)

// The assembly takes pointers and lengths; these give it Go's types.

func countRows(kernel func(*int8, *uint64, *uint64, *uint16, int, *uint64) uint64) func(*[Columns]int8, *SignRow, []SignRow, []uint16, *SignRow) uint64 {
	return func(counts *[Columns]int8, touched *SignRow, rows []SignRow, axons []uint16, mask *SignRow) uint64 {
		if len(axons) == 0 {
			*counts, *touched = [Columns]int8{}, SignRow{}
			return 0
		}
		return kernel(&counts[0], &touched[0], &rows[0][0], &axons[0], len(axons), &mask[0])
	}
}

func updateBytes(kernel func(*int32, *int8, *Params, *uint64, *uint64) bool) func(*[Columns]int32, *[Columns]int8, *Params, *Mask, *Mask) bool {
	return func(v *[Columns]int32, counts *[Columns]int8, p *Params, mask, fired *Mask) bool {
		return kernel(&v[0], &counts[0], p, &mask[0], &fired[0])
	}
}

func updateWords(kernel func(*int32, *int32, *Params, *uint64, *uint64) bool) func(*[Columns]int32, *[Columns]int32, *Params, *Mask, *Mask) bool {
	return func(v, sums *[Columns]int32, p *Params, mask, fired *Mask) bool {
		return kernel(&v[0], &sums[0], p, &mask[0], &fired[0])
	}
}

func widening(kernel func(*int32, *int8, int32)) func(*[Columns]int32, *[Columns]int8, int32) {
	return func(sums *[Columns]int32, counts *[Columns]int8, scale int32) {
		kernel(&sums[0], &counts[0], scale)
	}
}

func prefetching(rows []SignRow, axons []uint16, v *[Columns]int32, p *Params) {
	if len(axons) > 0 {
		prefetch(&rows[0][0], &axons[0], len(axons), &v[0], p)
	}
}

//go:noescape
func prefetch(rows *uint64, axons *uint16, n int, v *int32, p *Params)

//go:noescape
func listAVX512(list *uint16, mask *uint64) (n int)

//go:noescape
func countAVX512(counts *int8, touched, rows *uint64, axons *uint16, n int, mask *uint64) (ops uint64)

//go:noescape
func updateAVX512(v *int32, counts *int8, p *Params, mask, fired *uint64) (outside bool)

//go:noescape
func updateWideAVX512(v, sums *int32, p *Params, mask, fired *uint64) (outside bool)

//go:noescape
func widenAVX512(sums *int32, counts *int8, scale int32)

//go:noescape
func countAVX2(counts *int8, touched, rows *uint64, axons *uint16, n int, mask *uint64) (ops uint64)

//go:noescape
func updateAVX2(v *int32, counts *int8, p *Params, mask, fired *uint64) (outside bool)

//go:noescape
func updateWideAVX2(v, sums *int32, p *Params, mask, fired *uint64) (outside bool)

//go:noescape
func widenAVX2(sums *int32, counts *int8, scale int32)
