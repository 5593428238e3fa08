package dataset

import "slices"

// values holds integers in the narrowest of two storages: bytes as long as all
// of them fit 0..255, as image data do, 64 bits from the first that does not.
// The storage therefore follows from the content alone.
type values struct {
	bytes []uint8
	wide  []int64 // in use when not nil
}

func (v *values) len() int {
	if v.wide != nil {
		return len(v.wide)
	}
	return len(v.bytes)
}

// reserve makes room for n values in all.
func (v *values) reserve(n int) { v.bytes = slices.Grow(v.bytes, n-len(v.bytes)) }

func (v *values) push(x int64) {
	if v.wide == nil && x == int64(uint8(x)) {
		v.bytes = append(v.bytes, uint8(x))
		return
	}
	if v.wide == nil {
		v.widen()
	}
	v.wide = append(v.wide, x)
}

func (v *values) widen() {
	v.wide = make([]int64, len(v.bytes), max(cap(v.bytes), 1))
	for i, b := range v.bytes {
		v.wide[i] = int64(b)
	}
	v.bytes = nil
}

func (v *values) appendRange(dst []int64, from, to int) []int64 {
	if v.wide != nil {
		return append(dst, v.wide[from:to]...)
	}
	for _, b := range v.bytes[from:to] {
		dst = append(dst, int64(b))
	}
	return dst
}
