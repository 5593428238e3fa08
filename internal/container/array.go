package container

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Dtype is the number type of an array.
type Dtype uint8

// The number types a file may hold; all are little endian.
const (
	Uint8 Dtype = iota
	Int8
	Int16
	Int32
	Int64
	Uint64
	Float32
	Float64
	numDtypes
)

// dtypes is the one list of number types: NumPy's name and the bytes of an item.
var dtypes = [numDtypes]struct {
	descr string
	size  int
}{
	Uint8:   {"|u1", 1},
	Int8:    {"|i1", 1},
	Int16:   {"<i2", 2},
	Int32:   {"<i4", 4},
	Int64:   {"<i8", 8},
	Uint64:  {"<u8", 8},
	Float32: {"<f4", 4},
	Float64: {"<f8", 8},
}

// String is NumPy's name of the type, such as "<i4".
func (d Dtype) String() string {
	if d >= numDtypes {
		return fmt.Sprintf("Dtype(%d)", uint8(d))
	}
	return dtypes[d].descr
}

// Size is the bytes of one item.
func (d Dtype) Size() int { return dtypes[d].size }

// Array is a named block of numbers.
type Array struct {
	// Name is the member's name without ".npy".
	Name string
	// Dtype is the type of every item.
	Dtype Dtype
	// Shape is the extent of each axis; no axes at all means one item.
	Shape []int
	// Data is the items, little endian, last axis fastest; its length is the
	// product of Shape times Dtype.Size().
	Data []byte
}

// FromUint8 makes an array; the product of shape must be len(v), which Encode checks.
func FromUint8(name string, shape []int, v []uint8) Array { return from(name, Uint8, shape, v) }

// FromInt8 makes an array; the product of shape must be len(v), which Encode checks.
func FromInt8(name string, shape []int, v []int8) Array { return from(name, Int8, shape, v) }

// FromInt16 makes an array; the product of shape must be len(v), which Encode checks.
func FromInt16(name string, shape []int, v []int16) Array { return from(name, Int16, shape, v) }

// FromInt32 makes an array; the product of shape must be len(v), which Encode checks.
func FromInt32(name string, shape []int, v []int32) Array { return from(name, Int32, shape, v) }

// FromInt64 makes an array; the product of shape must be len(v), which Encode checks.
func FromInt64(name string, shape []int, v []int64) Array { return from(name, Int64, shape, v) }

// FromUint64 makes an array; the product of shape must be len(v), which Encode checks.
func FromUint64(name string, shape []int, v []uint64) Array { return from(name, Uint64, shape, v) }

// FromFloat32 makes an array; the product of shape must be len(v), which Encode checks.
func FromFloat32(name string, shape []int, v []float32) Array { return from(name, Float32, shape, v) }

// FromFloat64 makes an array; the product of shape must be len(v), which Encode checks.
func FromFloat64(name string, shape []int, v []float64) Array { return from(name, Float64, shape, v) }

// Uint8s returns a copy of the items, or an error if the array is of another type.
func (a Array) Uint8s() ([]uint8, error) { return items[uint8](a, Uint8) }

// Int8s returns a copy of the items, or an error if the array is of another type.
func (a Array) Int8s() ([]int8, error) { return items[int8](a, Int8) }

// Int16s returns a copy of the items, or an error if the array is of another type.
func (a Array) Int16s() ([]int16, error) { return items[int16](a, Int16) }

// Int32s returns a copy of the items, or an error if the array is of another type.
func (a Array) Int32s() ([]int32, error) { return items[int32](a, Int32) }

// Int64s returns a copy of the items, or an error if the array is of another type.
func (a Array) Int64s() ([]int64, error) { return items[int64](a, Int64) }

// Uint64s returns a copy of the items, or an error if the array is of another type.
func (a Array) Uint64s() ([]uint64, error) { return items[uint64](a, Uint64) }

// Float32s returns a copy of the items, or an error if the array is of another type.
func (a Array) Float32s() ([]float32, error) { return items[float32](a, Float32) }

// Float64s returns a copy of the items, or an error if the array is of another type.
func (a Array) Float64s() ([]float64, error) { return items[float64](a, Float64) }

// item is any Go type that stands for a Dtype.
type item interface {
	uint8 | int8 | int16 | int32 | int64 | uint64 | float32 | float64
}

func from[T item](name string, d Dtype, shape []int, v []T) Array {
	data, err := binary.Append(make([]byte, 0, len(v)*d.Size()), binary.LittleEndian, v)
	if err != nil {
		panic("container: " + err.Error()) // fixed-size numbers always encode
	}
	return Array{Name: name, Dtype: d, Shape: append([]int(nil), shape...), Data: data}
}

func items[T item](a Array, want Dtype) ([]T, error) {
	if a.Dtype != want {
		return nil, fmt.Errorf("array %q holds %s, want %s", a.Name, a.Dtype, want)
	}
	if len(a.Data)%want.Size() != 0 {
		return nil, fmt.Errorf("array %q has %d bytes, want a multiple of %d", a.Name, len(a.Data), want.Size())
	}
	v := make([]T, len(a.Data)/want.Size())
	if _, err := binary.Decode(a.Data, binary.LittleEndian, v); err != nil {
		panic("container: " + err.Error()) // v was made to fit
	}
	return v, nil
}

// extent is the bytes a shape asks for, saturating at the largest uint64. Axes of
// extent 0 count as 1 in bound, so that a reader can refuse (0, 10^18) as well:
// nobody then loops over an absurd axis of an empty array.
func extent(shape []uint64, itemSize int) (claimed, bound uint64) {
	bound = uint64(itemSize)
	empty := false
	for _, n := range shape {
		empty = empty || n == 0
		high, low := bits.Mul64(bound, max(n, 1))
		if high != 0 {
			low = math.MaxUint64
		}
		bound = low
	}
	if empty {
		return 0, bound
	}
	return bound, bound
}
