package trainer

import (
	"math/big"
	"math/bits"
)

// Exponential and logarithm in integers, so that the objective is the same on
// every machine: the standard library's float versions differ in the last bit
// between architectures. The tables are made with big integers once a run.
const (
	expBits   = 30 // table entries are exp(-x)·2^30
	logBits   = 32 // logarithms are in units of 2^-32 nats
	logSteps  = 10 // the logarithm table has 2^10 intervals between 1 and 2
	guardBits = 128
)

// bigOne is 1 in the working precision of the tables.
var bigOne = new(big.Int).Lsh(big.NewInt(1), guardBits)

// expTable is exp(-d·1000/milli)·2^30, rounded, for d = 0..last. Each entry is
// within half a unit of the exact value.
func expTable(milli, last int) []uint32 {
	step := bigExpNeg(1000, int64(milli))
	power := new(big.Int).Set(bigOne)
	table := make([]uint32, last+1)
	for d := range table {
		table[d] = uint32(roundShift(power, guardBits-expBits).Uint64())
		if table[d] == 0 {
			break // the rest is zero too
		}
		power.Mul(power, step)
		power.Rsh(power, guardBits)
	}
	return table
}

// bigExpNeg is exp(-a/b) in the working precision. The Taylor series of
// exp(-a/(b·2^k)) converges fast once its argument is below 1; squaring k
// times undoes the halving.
func bigExpNeg(a, b int64) *big.Int {
	x := new(big.Int).Mul(bigOne, big.NewInt(a))
	x.Div(x, big.NewInt(b))
	halvings := 0
	for x.Cmp(bigOne) > 0 {
		x.Rsh(x, 1)
		halvings++
	}
	sum, term := new(big.Int).Set(bigOne), new(big.Int).Set(bigOne)
	for n := int64(1); term.Sign() != 0; n++ {
		term.Mul(term, x)
		term.Rsh(term, guardBits)
		term.Quo(term, big.NewInt(n))
		if n%2 == 1 {
			sum.Sub(sum, term)
		} else {
			sum.Add(sum, term)
		}
	}
	for range halvings {
		sum.Mul(sum, sum)
		sum.Rsh(sum, guardBits)
	}
	return sum
}

// logarithm is the natural logarithm by normalisation, table and linear
// interpolation.
type logarithm struct {
	table [1<<logSteps + 1]int64 // ln(1 + i/2^10) in units of 2^-32
	two   int64                  // ln 2
}

func newLogarithm() *logarithm {
	l := new(logarithm)
	for i := range l.table {
		l.table[i] = bigLog(int64(1<<logSteps+i), 1<<logSteps)
	}
	l.two = l.table[1<<logSteps]
	return l
}

// bigLog is ln(a/b) in units of 2^-32, rounded, for b <= a <= 2b, by
// ln(a/b) = 2·artanh((a-b)/(a+b)).
func bigLog(a, b int64) int64 {
	x := new(big.Int).Mul(bigOne, big.NewInt(a-b))
	x.Quo(x, big.NewInt(a+b))
	square := new(big.Int).Mul(x, x)
	square.Rsh(square, guardBits)
	sum, power := new(big.Int), new(big.Int).Set(x)
	for n := int64(1); power.Sign() != 0; n += 2 {
		sum.Add(sum, new(big.Int).Quo(power, big.NewInt(n)))
		power.Mul(power, square)
		power.Rsh(power, guardBits)
	}
	sum.Lsh(sum, 1)
	return roundShift(sum, guardBits-logBits).Int64()
}

// of is ln(x/2^30) in units of 2^-32 for x >= 2^30. The chord of a concave
// function over an interval h = 2^-10 lies at most h²/8 = 1.2e-7 below it.
func (l *logarithm) of(x uint64) int64 {
	shift := bits.Len64(x) - 1
	mantissa := x << (63 - shift) // leading one at bit 63
	index := mantissa << 1 >> (64 - logSteps)
	rest := int64(mantissa << (1 + logSteps) >> 32) // 32 bits below the index
	low, high := l.table[index], l.table[index+1]
	return int64(shift-expBits)*l.two + low + (high-low)*rest>>32
}

// roundShift is x/2^n rounded to the nearest integer.
func roundShift(x *big.Int, n uint) *big.Int {
	half := new(big.Int).Lsh(big.NewInt(1), n-1)
	half.Add(half, x)
	return half.Rsh(half, n)
}
