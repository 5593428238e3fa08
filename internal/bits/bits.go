// Package bits works on packed bit columns: bit s of a column is one sample's
// value of one input or neuron, 64 samples a word, lowest first.
//
// A column of n samples has Words(n) words; bits at n and above are zero.
// Value slices that go with a column hold one integer a sample and are padded
// to Padded(n), so that kernels read whole blocks of 64 without a bounds
// check. The package knows nothing of networks; every function has a plain
// counterpart in its tests.
package bits

import "math/bits"

// Words is the number of words of a column of n samples.
func Words(n int) int { return (n + 63) / 64 }

// Padded is the length of a value slice for n samples.
func Padded(n int) int { return Words(n) * 64 }

// Ones is a column whose first n bits are one.
func Ones(n int) []uint64 {
	column := make([]uint64, Words(n))
	for w := range column {
		column[w] = ^uint64(0)
	}
	if n%64 != 0 {
		column[len(column)-1] = 1<<(n%64) - 1
	}
	return column
}

// Get tells bit s of a column.
func Get(column []uint64, s int) bool { return column[s>>6]>>(uint(s)&63)&1 == 1 }

// Set makes bit s of a column one.
func Set(column []uint64, s int) { column[s>>6] |= 1 << (uint(s) & 63) }

// Flip inverts bit s of a column.
func Flip(column []uint64, s int) { column[s>>6] ^= 1 << (uint(s) & 63) }

// Count is the number of ones of a column.
func Count(column []uint64) int {
	n := 0
	for _, x := range column {
		n += bits.OnesCount64(x)
	}
	return n
}

// And writes the samples in both columns to dst.
func And(dst, a, b []uint64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for w := range dst {
		dst[w] = a[w] & b[w]
	}
}

// Sum adds the values of a column's samples.
func Sum(column []uint64, values []int32) int64 {
	var sum int64
	for w, x := range column {
		if x != 0 {
			sum += sumWord(x, (*[64]int32)(values[w*64:]))
		}
	}
	return sum
}

// AndSum adds the values of the samples in both columns.
func AndSum(a, b []uint64, values []int32) int64 {
	var sum int64
	b = b[:len(a)]
	for w, x := range a {
		if x &= b[w]; x != 0 {
			sum += sumWord(x, (*[64]int32)(values[w*64:]))
		}
	}
	return sum
}

// sumWord adds the values of one word's samples. Finding four bits before
// adding their values lets the processor overlap the look-ups: two to three
// times as fast as one by one where words are dense.
func sumWord(x uint64, block *[64]int32) int64 {
	var sum int64
	for n := bits.OnesCount64(x); n >= 4; n -= 4 {
		i := bits.TrailingZeros64(x) & 63
		x &= x - 1
		j := bits.TrailingZeros64(x) & 63
		x &= x - 1
		k := bits.TrailingZeros64(x) & 63
		x &= x - 1
		l := bits.TrailingZeros64(x) & 63
		x &= x - 1
		sum += int64(block[i]) + int64(block[j]) + int64(block[k]) + int64(block[l])
	}
	for ; x != 0; x &= x - 1 {
		sum += int64(block[bits.TrailingZeros64(x)&63])
	}
	return sum
}

// Add adds delta to the values of a column's samples.
func Add(column []uint64, values []int32, delta int32) {
	for w, x := range column {
		if x == 0 {
			continue
		}
		block := (*[64]int32)(values[w*64:])
		for ; x != 0; x &= x - 1 {
			block[bits.TrailingZeros64(x)&63] += delta
		}
	}
}

// Each calls f for every sample of a column, in rising order.
func Each(column []uint64, f func(s int)) {
	for w, x := range column {
		for ; x != 0; x &= x - 1 {
			f(w<<6 | bits.TrailingZeros64(x))
		}
	}
}

// Transpose turns packed rows, one a sample, into columns, one an input. Each
// row holds at least inputs bits, and none above.
func Transpose(rows [][]uint64, inputs int) [][]uint64 {
	words := Words(len(rows))
	flat := make([]uint64, inputs*words)
	columns := make([][]uint64, inputs)
	for i := range columns {
		columns[i] = flat[i*words : (i+1)*words : (i+1)*words]
	}
	for s, row := range rows {
		Each(row, func(i int) { Set(columns[i], s) })
	}
	return columns
}
