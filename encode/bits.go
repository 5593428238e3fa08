// Package encode turns a sample's integer features into a fixed number of
// bits, by cut tables of integers, and is the only place that does.
//
// Features are exact decimals: an integer and, per feature, how many decimal
// places it carries. A bit is decided by comparing integers, so trainer,
// evaluator and simulator see the same bits on every machine.
package encode

import (
	"math/bits"
	"strings"
)

// Bits is a fixed-width row of bits, bit i in word i/64 at position i%64.
// Unused high bits of the last word are zero. Copies share the words.
type Bits struct {
	n     int
	words []uint64
}

// NewBits makes n zero bits.
func NewBits(n int) Bits { return Bits{n, make([]uint64, (n+63)/64)} }

// Len is the width in bits.
func (b Bits) Len() int { return b.n }

// Get tells bit i.
func (b Bits) Get(i int) bool { return b.words[i>>6]>>(uint(i)&63)&1 == 1 }

// Set makes bit i one.
func (b Bits) Set(i int) { b.words[i>>6] |= 1 << (uint(i) & 63) }

// Put makes bit i equal to v.
func (b Bits) Put(i int, v bool) {
	b.words[i>>6] &^= 1 << (uint(i) & 63)
	if v {
		b.words[i>>6] |= 1 << (uint(i) & 63)
	}
}

// Clear makes all bits zero.
func (b Bits) Clear() { clear(b.words) }

// Count is the number of ones.
func (b Bits) Count() int {
	n := 0
	for _, w := range b.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Words gives the words themselves, for packed kernels. The caller keeps the
// unused high bits zero.
func (b Bits) Words() []uint64 { return b.words }

// Clone copies the bits.
func (b Bits) Clone() Bits { return Bits{b.n, append([]uint64(nil), b.words...)} }

// Equal tells whether width and all bits agree.
func (b Bits) Equal(c Bits) bool {
	if b.n != c.n {
		return false
	}
	for i, w := range b.words {
		if w != c.words[i] {
			return false
		}
	}
	return true
}

// String writes the bits in order, lowest first: "0110".
func (b Bits) String() string {
	var s strings.Builder
	for i := range b.n {
		if b.Get(i) {
			s.WriteByte('1')
		} else {
			s.WriteByte('0')
		}
	}
	return s.String()
}

// ParseBits reads what String wrote; any other byte than 0 and 1 is skipped,
// so that test cases may group digits.
func ParseBits(text string) Bits {
	n := strings.Count(text, "0") + strings.Count(text, "1")
	b, i := NewBits(n), 0
	for _, c := range text {
		if c == '1' {
			b.Set(i)
		}
		if c == '0' || c == '1' {
			i++
		}
	}
	return b
}
