package interop

import (
	"encoding/binary"
	"fmt"
	"math"

	"tritloom/internal/container"
)

// numbers is an array whose items are read one at a time and never rounded.
// It decodes in place: a copy of float64 weights would take eight times the
// memory of the network.
type numbers struct{ container.Array }

// integer is item i of an array of integers; ok is false for floats and for
// what int64 does not hold.
func (v numbers) integer(i int) (n int64, ok bool) {
	item := v.Data[i*v.Dtype.Size():]
	switch v.Dtype {
	case container.Uint8:
		return int64(item[0]), true
	case container.Int8:
		return int64(int8(item[0])), true
	case container.Int16:
		return int64(int16(binary.LittleEndian.Uint16(item))), true
	case container.Int32:
		return int64(int32(binary.LittleEndian.Uint32(item))), true
	case container.Int64:
		return int64(binary.LittleEndian.Uint64(item)), true
	case container.Uint64:
		n := binary.LittleEndian.Uint64(item)
		return int64(n), n <= math.MaxInt64
	}
	return 0, false
}

// real is item i as float64; ok is false if it is an integer that float64 does
// not hold.
func (v numbers) real(i int) (x float64, ok bool) {
	item := v.Data[i*v.Dtype.Size():]
	switch v.Dtype {
	case container.Float32:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(item))), true
	case container.Float64:
		return math.Float64frombits(binary.LittleEndian.Uint64(item)), true
	}
	n, ok := v.integer(i)
	const exact = 1 << 53
	return float64(n), ok && n >= -exact && n <= exact
}

// isReal tells arrays of floats from arrays of integers.
func (v numbers) isReal() bool { return v.Dtype == container.Float32 || v.Dtype == container.Float64 }

// whole is item i where it is a whole number that int64 holds.
func (v numbers) whole(i int) (n int64, ok bool) {
	if !v.isReal() {
		return v.integer(i)
	}
	x, _ := v.real(i)
	return ceil(x, x == math.Trunc(x))
}

// ceil is the smallest whole number not below item i.
func (v numbers) ceil(i int) (n int64, ok bool) {
	if !v.isReal() {
		return v.integer(i)
	}
	x, _ := v.real(i)
	return ceil(math.Ceil(x), true)
}

// ceil turns a whole float into an integer, if it is one and fits.
func ceil(x float64, ok bool) (int64, bool) {
	if !ok || !(x > -1<<62 && x < 1<<62) { // also not a number
		return 0, false
	}
	return int64(x), true
}

// floor is the greatest whole number not above item i.
func (v numbers) floor(i int) (n int64, ok bool) {
	if !v.isReal() {
		return v.integer(i)
	}
	x, _ := v.real(i)
	return ceil(math.Floor(x), true)
}

// float32 is item i, where float32 holds it exactly and it is finite.
func (v numbers) float32(i int) (float32, error) {
	x, ok := v.real(i)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return 0, fmt.Errorf("array %q: item %d is %s; want a finite number; the training diverged", v.Name, i, v.show(i))
	case !ok || float64(float32(x)) != x:
		return 0, fmt.Errorf("array %q: item %d is %s, which float32 does not hold; the rule is evaluated in float32: save a.astype(np.float32) if the network was, too", v.Name, i, v.show(i))
	}
	return float32(x), nil
}

// show writes item i for a message.
func (v numbers) show(i int) string {
	switch v.Dtype {
	case container.Uint64:
		return fmt.Sprint(binary.LittleEndian.Uint64(v.Data[i*8:]))
	case container.Float32:
		x, _ := v.real(i)
		return fmt.Sprint(float32(x))
	case container.Float64:
		x, _ := v.real(i)
		return fmt.Sprint(x)
	}
	n, _ := v.integer(i)
	return fmt.Sprint(n)
}

// place says where item i of a matrix is, and what.
func (v numbers) place(i int) string {
	return fmt.Sprintf("row %d, column %d is %s", i/v.Shape[1], i%v.Shape[1], v.show(i))
}
