package ternary

import (
	"fmt"
	"slices"

	"tritloom/internal/container"
)

// planar tells whether every weight of an alphabet fits a plus and a minus
// bit.
func planar(alphabet []int8) bool {
	for _, v := range alphabet {
		if v < -1 || v > 1 {
			return false
		}
	}
	return true
}

// weightArrays writes a row-major weight matrix as two bit planes, or as int8
// where the alphabet is wider than ternary.
func weightArrays(name string, weights []int8, rows, width int, alphabet []int8) []container.Array {
	if !planar(alphabet) {
		return []container.Array{container.FromInt8(name+".weights", []int{rows, width}, weights)}
	}
	stride := (width + 7) / 8
	plus, minus := make([]uint8, rows*stride), make([]uint8, rows*stride)
	for r := range rows {
		for i, w := range weights[r*width : (r+1)*width] {
			at, bit := r*stride+i/8, uint8(1)<<(i%8)
			switch w {
			case 1:
				plus[at] |= bit
			case -1:
				minus[at] |= bit
			}
		}
	}
	shape := []int{rows, stride}
	return []container.Array{container.FromUint8(name+".minus", shape, minus), container.FromUint8(name+".plus", shape, plus)}
}

// arrays takes arrays out of a file and remembers the first trouble.
type arrays struct {
	file  *container.File
	taken int
	err   error
}

// take gives the named array if it has the shape that the header calls for.
func (a *arrays) take(name string, shape ...int) *container.Array {
	if a.err != nil {
		return nil
	}
	array, err := a.file.Array(name)
	if err != nil {
		a.err = err
		return nil
	}
	if !slices.Equal(array.Shape, shape) {
		a.err = fmt.Errorf("array %q has shape %v; the header calls for %v", name, array.Shape, shape)
		return nil
	}
	a.taken++
	return array
}

func (a *arrays) int32s(name string, n int) []int32 {
	array := a.take(name, n)
	if a.err != nil {
		return nil
	}
	values, err := array.Int32s()
	a.err = err
	return values
}

// weights reads a weight matrix. Its size is bounded by the arrays that are
// there: eight weights a byte.
func (a *arrays) weights(name string, rows, width int, alphabet []int8) []int8 {
	if a.err == nil && (rows < 1 || width > 0 && rows > MaxWeights/width) {
		a.err = fmt.Errorf("%s: %d × %d weights; want at least one row and at most %d weights", name, rows, width, MaxWeights)
	}
	if !planar(alphabet) {
		array := a.take(name+".weights", rows, width)
		if a.err != nil {
			return nil
		}
		var values []int8
		values, a.err = array.Int8s()
		return values
	}
	plus := a.plane(name+".plus", rows, width)
	minus := a.plane(name+".minus", rows, width)
	if a.err != nil {
		return nil
	}
	return a.merge(name, plus, minus, rows, width)
}

// plane reads one bit plane and refuses bits beyond the width of a row.
func (a *arrays) plane(name string, rows, width int) []uint8 {
	stride := (width + 7) / 8
	array := a.take(name, rows, stride)
	if a.err != nil {
		return nil
	}
	plane, err := array.Uint8s()
	if err != nil {
		a.err = err
		return nil
	}
	if width%8 == 0 {
		return plane
	}
	for r := range rows {
		if last := plane[(r+1)*stride-1]; last>>(width%8) != 0 {
			a.err = fmt.Errorf("array %q: row %d has bits beyond its %d weights; they must be 0", name, r, width)
			return nil
		}
	}
	return plane
}

// merge makes weights of two planes and refuses a weight that is both +1 and
// -1.
func (a *arrays) merge(name string, plus, minus []uint8, rows, width int) []int8 {
	stride := (width + 7) / 8
	weights := make([]int8, rows*width)
	for r := range rows {
		for i := range width {
			at, bit := r*stride+i/8, i%8
			p, m := plus[at]>>bit&1, minus[at]>>bit&1
			if p&m == 1 {
				a.err = fmt.Errorf("arrays %q: the weight of row %d, input %d is both +1 and -1; set one bit only", name+".plus/minus", r, i)
				return nil
			}
			weights[r*width+i] = int8(p) - int8(m)
		}
	}
	return weights
}

// finish gives the first trouble, or names an array nobody took.
func (a *arrays) finish() error {
	if a.err == nil && a.taken != len(a.file.Arrays) {
		a.err = fmt.Errorf("%d arrays; the header calls for %d; remove the others", len(a.file.Arrays), a.taken)
	}
	return a.err
}
