package bits

import (
	"cmp"
	"fmt"
	"math/bits"
)

// Bit-sliced kernels: Lanes samples at once, one bit a sample. A number a
// sample is a counter: blocks as planes, lowest bit first, in two's complement
// modulo 2 to the number of planes.
//
// One sum serves all of them. A threshold is a start below zero and the sign at
// the end; rows taken off are rows added to the inverted counter; a row of weight
// 2^n is added to the planes from n on; a partial sum is a counter to start from.
// So there is no comparison, no addition of counters and no multiplication.

// Lanes is how many samples a block holds.
const Lanes = 512

// Block is one bit of every sample, sample s at bit s%64 of word s/64.
type Block [Lanes / 64]uint64

// MaxPlanes is the most planes a counter may have.
const MaxPlanes = 24

// Row names a block of a matrix: its number times the words of a block, which
// is what the kernels add to an address.
type Row int32

// RowOf is the row of block i.
func RowOf(i int) Row { return Row(i * len(Block{})) }

// MaxRows is the most blocks of a matrix that rows can name.
const MaxRows = 1 << 28

// group is how many rows the adders take at once.
const group = 8

// List is rows to be added to a counter, or taken off it.
type List struct {
	rows []Row // first the rows to add; both parts fill whole groups
	plus int
}

// NewList makes a list. Zero is the number of a block of zeros, which fills the
// last groups.
func NewList(plus, minus []int, zero int) List {
	var l List
	fill := func(part []int) {
		for _, i := range part {
			l.rows = append(l.rows, RowOf(i))
		}
		for len(l.rows)%group != 0 {
			l.rows = append(l.rows, RowOf(zero))
		}
	}
	fill(plus)
	l.plus = len(l.rows)
	fill(minus)
	return l
}

// Empty tells whether a list has no rows.
func (l *List) Empty() bool { return len(l.rows) == 0 }

// Pack lays lists side by side in memory, so that the processor reads ahead from
// each to the next.
func Pack(lists []*List) {
	n := 0
	for _, l := range lists {
		n += len(l.rows)
	}
	all := make([]Row, 0, n)
	for _, l := range lists {
		start := len(all)
		all = append(all, l.rows...)
		l.rows = all[start:len(all):len(all)]
	}
}

// Compare orders lists by how many groups they have. Lists of one shape run one
// after another without a mispredicted branch, which costs as much as ten rows.
func (l *List) Compare(m *List) int {
	return cmp.Or(cmp.Compare(l.plus, m.plus), cmp.Compare(len(l.rows), len(m.rows)))
}

// PlanesFor is how many planes a counter needs to hold every number from low
// to high, sign included.
func PlanesFor(low, high int64) int {
	return 1 + max(bits.Len64(uint64(max(0, high))), bits.Len64(uint64(max(0, -(low+1)))))
}

// Constant gives a number as the start of a counter: a word of zeros or ones a
// plane.
func Constant(v int64, planes int) []uint64 {
	words := make([]uint64, planes)
	for p := range words {
		words[p] = -(uint64(v) >> p & 1)
	}
	return words
}

// Kernels runs the bit-sliced kernels on one path. Rows of lists must lie
// within the matrix, and a constant start and an output must have as many planes
// as each other: assembly does not look. Kernels hold no state.
type Kernels struct{ path Path }

// KernelsOf gives the kernels of an available path.
func KernelsOf(p Path) Kernels {
	for _, have := range available {
		if p == have {
			return Kernels{p}
		}
	}
	panic(fmt.Sprintf("bits: no kernels of path %d; this build on this processor has %v", p, available))
}

// Path tells the path.
func (k Kernels) Path() Path { return k.path }

// Add adds a list to a counter.
func (k Kernels) Add(counter []Block, matrix []Block, l *List) {
	k.sum(&summation{out: counter, in: counter, matrix: matrix, list: l})
}

// Begin makes a counter of a constant and a list, and writes to touched which
// samples have a one in any row of the list: right where the counter could hold
// all rows to add, and all rows to take off. Touched may be nil.
func (k Kernels) Begin(counter []Block, touched *Block, start []uint64, matrix []Block, l *List) {
	k.sum(&summation{out: counter, touched: touched, start: start, matrix: matrix, list: l})
}

// Fire is Begin that writes to fired which samples' sums are at least 0,
// instead of the sums.
func (k Kernels) Fire(fired, touched *Block, start []uint64, matrix []Block, l *List) {
	k.sum(&summation{fired: fired, touched: touched, start: start, matrix: matrix, list: l})
}

// FireOn adds a list to a counter, which stays as it is, and writes to fired
// which samples' sums are at least 0.
func (k Kernels) FireOn(fired *Block, counter []Block, matrix []Block, l *List) {
	k.sum(&summation{fired: fired, in: counter, matrix: matrix, list: l})
}

// summation is what the four have in common. It starts from in or start, and
// ends in out or fired.
type summation struct {
	out, in []Block
	start   []uint64
	matrix  []Block
	list    *List
	touched *Block // only with start; may be nil
	fired   *Block
}

func (k Kernels) sum(s *summation) {
	planes := max(len(s.in), len(s.start))
	if planes < 1 || planes > MaxPlanes {
		panic(fmt.Sprintf("bits: counter of %d planes; want 1..%d", planes, MaxPlanes))
	}
	if k.path == AVX512 {
		sum512(s, planes)
		return
	}
	var counter [MaxPlanes]Block
	copy(counter[:], s.in)
	for p, word := range s.start {
		counter[p] = Block{word, word, word, word, word, word, word, word}
	}
	var touched Block
	rows := s.list.rows
	k.add(&counter, planes, s.matrix, rows[:s.list.plus])
	differs(&touched, &counter, s.start)
	if s.list.plus < len(rows) { // ~(~v + m) = v - m
		invert(&counter, planes)
		k.add(&counter, planes, s.matrix, rows[s.list.plus:])
		invert(&counter, planes)
		differs(&touched, &counter, s.start)
	}
	if s.touched != nil {
		*s.touched = touched
	}
	if s.fired == nil {
		copy(s.out, counter[:planes])
		return
	}
	for w, sign := range counter[planes-1] {
		s.fired[w] = ^sign
	}
}

func (k Kernels) add(counter *[MaxPlanes]Block, planes int, matrix []Block, rows []Row) {
	if len(rows) == 0 {
		return
	}
	if k.path == AVX2 {
		add256(counter, planes, matrix, rows)
		return
	}
	addPure(counter, planes, matrix, rows)
}

func invert(counter *[MaxPlanes]Block, planes int) {
	for p := range planes {
		for w := range counter[p] {
			counter[p][w] = ^counter[p][w]
		}
	}
}

// differs adds to where the samples whose counter is not at start.
func differs(where *Block, counter *[MaxPlanes]Block, start []uint64) {
	for p, word := range start {
		for w, x := range counter[p] {
			where[w] |= x ^ word
		}
	}
}

// addPure adds rows to a counter, whole groups of them: a tree of carry-save
// adders over the three lowest planes, then a ripple through the others.
func addPure(counter *[MaxPlanes]Block, planes int, matrix []Block, rows []Row) {
	for w := range len(Block{}) {
		ones, twos, fours := counter[0][w], counter[1][w], counter[2][w]
		for r := rows; len(r) >= group; r = r[group:] {
			var a, b, c, d uint64
			ones, a = carrySave(ones, at(matrix, r[0], w), at(matrix, r[1], w))
			ones, b = carrySave(ones, at(matrix, r[2], w), at(matrix, r[3], w))
			ones, c = carrySave(ones, at(matrix, r[4], w), at(matrix, r[5], w))
			ones, d = carrySave(ones, at(matrix, r[6], w), at(matrix, r[7], w))
			twos, a = carrySave(twos, a, b)
			twos, c = carrySave(twos, c, d)
			fours, a = carrySave(fours, a, c)
			for p := 3; p < planes && a != 0; p++ {
				counter[p][w], a = counter[p][w]^a, counter[p][w]&a
			}
		}
		counter[0][w], counter[1][w], counter[2][w] = ones, twos, fours
	}
}

func at(matrix []Block, r Row, word int) uint64 { return matrix[int(r)/len(Block{})][word] }

// carrySave is a full adder a bit.
func carrySave(a, b, c uint64) (sum, carry uint64) {
	half := a ^ b
	return half ^ c, a&b | half&c
}

// Total adds up a counter over the samples of a mask, each number taken
// without sign.
func (k Kernels) Total(counter []Block, mask *Block) uint64 {
	if k.path == AVX512 && len(counter) > 0 {
		return total512(&counter[0], len(counter), mask)
	}
	var total uint64
	for p := range counter {
		n := 0
		for w, x := range counter[p] {
			n += bits.OnesCount64(x & mask[w])
		}
		total += uint64(n) << p
	}
	return total
}

// Square is eight square matrices of bits side by side: word g of block i is
// row i of matrix g.
type Square [64]Block

// Transpose transposes the eight matrices: packed words of samples, sample
// 64 g + i at word g of block i, become blocks of samples, and back. To and from
// may be the same.
func (k Kernels) Transpose(to, from *Square) {
	switch k.path {
	case AVX512:
		transpose512(to, from)
	case AVX2:
		transpose256(to, from)
	default:
		transposePure(to, from)
	}
}

// swaps are the steps of a transposition: bits at a distance in row and column
// change places, under the mask of those that have the low column.
var swaps = [...]struct {
	distance int
	mask     uint64
}{
	{32, 0x00000000ffffffff}, {16, 0x0000ffff0000ffff}, {8, 0x00ff00ff00ff00ff},
	{4, 0x0f0f0f0f0f0f0f0f}, {2, 0x3333333333333333}, {1, 0x5555555555555555},
}

func transposePure(to, from *Square) {
	for g := range len(Block{}) {
		var rows [64]uint64
		for i := range rows {
			rows[i] = from[i][g]
		}
		for _, s := range swaps {
			for i := 0; i < 64; i = (i + s.distance + 1) &^ s.distance {
				low, high := &rows[i&63], &rows[(i+s.distance)&63]
				t := (*low>>s.distance ^ *high) & s.mask
				*high ^= t
				*low ^= t << s.distance
			}
		}
		for i := range rows {
			to[i][g] = rows[i]
		}
	}
}
