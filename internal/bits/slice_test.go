package bits

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tritloom/internal/seed"
)

// The plain counterpart: one sample at a time, an integer each.

func laneOf(b *Block, s int) int64 { return int64(b[s/64] >> (s % 64) & 1) }

func counterAt(counter []Block, s int) int64 {
	v := int64(0)
	for p := range counter {
		v |= laneOf(&counter[p], s) << p
	}
	return v
}

func modulo(v int64, planes int) int64 { return v & (1<<planes - 1) }

// randomBlocks have densities of their own; block 0 is zero.
func randomBlocks(r *rand.Rand, n int) []Block {
	blocks := make([]Block, n)
	for i := 1; i < n; i++ {
		density := r.IntN(101)
		for s := range Lanes {
			if r.IntN(100) < density {
				Set(blocks[i][:], s)
			}
		}
	}
	return blocks
}

func randomRows(r *rand.Rand, n, blocks int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = r.IntN(blocks)
	}
	return rows
}

// checkSums compares all sums with plain arithmetic, on every path.
func checkSums(t *testing.T, start uint64, plus, minus, planes int) {
	t.Helper()
	r := seed.Stream(start, seed.TestInput)
	matrix := randomBlocks(r, 1+r.IntN(40))
	up, down := randomRows(r, plus, len(matrix)), randomRows(r, minus, len(matrix))
	list := NewList(up, down, 0)
	counter := randomBlocks(r, planes+1)[1:]
	constant := r.Int64N(1<<planes) - 1<<planes/2
	var want, any [Lanes]int64
	for s := range Lanes {
		for _, i := range up {
			want[s] += laneOf(&matrix[i], s)
			any[s] |= laneOf(&matrix[i], s)
		}
		for _, i := range down {
			want[s] -= laneOf(&matrix[i], s)
			any[s] |= laneOf(&matrix[i], s)
		}
	}
	narrow := max(plus, minus) >= 1<<planes // then a count may come round to nothing
	for _, path := range Available() {
		k := KernelsOf(path)
		name := fmt.Sprintf("seed %d, %d plus, %d minus, %d planes, path %v", start, plus, minus, planes, path)
		var began, added [MaxPlanes + 1]Block
		var touched, touchedToo, fired, firedOn Block
		k.Begin(began[:planes], &touched, Constant(constant, planes), matrix, &list)
		k.Fire(&fired, &touchedToo, Constant(constant, planes), matrix, &list)
		copy(added[:], counter)
		k.Add(added[:planes], matrix, &list)
		k.FireOn(&firedOn, counter, matrix, &list)
		if touched != touchedToo {
			t.Fatalf("%s: Begin and Fire disagree on touched", name)
		}
		if began[planes] != (Block{}) || added[planes] != (Block{}) {
			t.Fatalf("%s: wrote behind the counter", name)
		}
		sum, mask := uint64(0), matrix[len(matrix)-1]
		for s := range Lanes {
			v, w := modulo(want[s]+constant, planes), modulo(want[s]+counterAt(counter, s), planes)
			sum += uint64(w * laneOf(&mask, s))
			if got := counterAt(began[:planes], s); got != v {
				t.Fatalf("%s: sample %d: Begin %d, plain %d", name, s, got, v)
			}
			if got := counterAt(added[:planes], s); got != w {
				t.Fatalf("%s: sample %d: Add %d, plain %d", name, s, got, w)
			}
			if got := laneOf(&fired, s); got != 1-v>>(planes-1) {
				t.Fatalf("%s: sample %d: Fire %d at %d", name, s, got, v)
			}
			if got := laneOf(&firedOn, s); got != 1-w>>(planes-1) {
				t.Fatalf("%s: sample %d: FireOn %d at %d", name, s, got, w)
			}
			if got := laneOf(&touched, s); got > any[s] || got < any[s] && !narrow {
				t.Fatalf("%s: sample %d: touched %d, plain %d", name, s, got, any[s])
			}
		}
		if got := k.Total(added[:planes], &mask); got != sum {
			t.Fatalf("%s: Total %d, plain %d", name, got, sum)
		}
	}
}

func TestSumsAgreeWithPlain(t *testing.T) {
	for _, planes := range []int{1, 2, 3, 4, 5, 7, 8, 12, 13, MaxPlanes} {
		for _, n := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 40, 100} {
			checkSums(t, 1, n, 0, planes)
			checkSums(t, 2, 0, n, planes)
			checkSums(t, 3, n, n/2+1, planes)
		}
	}
}

func FuzzSums(f *testing.F) {
	f.Add(uint64(1), 20, 30, 9)
	f.Fuzz(func(t *testing.T, start uint64, plus, minus, planes int) {
		if plus < 0 || plus > 300 || minus < 0 || minus > 300 || planes < 1 || planes > MaxPlanes {
			return
		}
		checkSums(t, start, plus, minus, planes)
	})
}

// checkTranspose compares with plain bits, forth and in place back.
func checkTranspose(t *testing.T, start uint64) {
	t.Helper()
	r := seed.Stream(start, seed.TestInput)
	from := (*Square)(randomBlocks(r, 65)[1:])
	for _, path := range Available() {
		k := KernelsOf(path)
		var to Square
		k.Transpose(&to, from)
		for g := range len(Block{}) {
			for i := range 64 {
				for j := range 64 {
					if from[i][g]>>j&1 != to[j][g]>>i&1 {
						t.Fatalf("seed %d, path %v: matrix %d row %d column %d", start, path, g, i, j)
					}
				}
			}
		}
		if k.Transpose(&to, &to); to != *from {
			t.Fatalf("seed %d, path %v: transposed twice in place is another matrix", start, path)
		}
	}
}

func TestTransposeAgreesWithPlain(t *testing.T) {
	for start := range uint64(5) {
		checkTranspose(t, start)
	}
}

func FuzzTranspose(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkTranspose)
}

func TestPlanesFor(t *testing.T) {
	for _, c := range []struct {
		low, high int64
		want      int
	}{{0, 0, 1}, {-1, 0, 1}, {0, 1, 2}, {-2, 1, 2}, {-2, 2, 3}, {-4, 3, 3}, {-5, 3, 4}, {5, 7, 4}, {-9, -9, 5}} {
		if got := PlanesFor(c.low, c.high); got != c.want {
			t.Errorf("PlanesFor(%d, %d) = %d; want %d", c.low, c.high, got, c.want)
		}
	}
}

// BenchmarkSums evaluates the columns of a core of 256 axons whose synapses
// are set at the given density, half of them negative.
//
// The limit with AVX-512 is a full adder a row, two VPTERNLOGQ. An AMD Zen 4 was
// seen to load a block a cycle and to do 1.7 VPTERNLOGQ a cycle on operands at
// rest, but 1.1 where, as in adders, all three have just been made: 0.55 rows a
// cycle, or 1,030 Gsynapse/s at 3.65 GHz. Long lists come to 900, lists of 256
// axons to 600 at two thirds and 450 at an eighth of the synapses.
func BenchmarkSums(b *testing.B) {
	const axons, columns = 256, 256
	for _, density := range []float64{0.125, 0.25, 0.667} {
		r := seed.Stream(1, seed.TestInput)
		matrix := randomBlocks(r, 1+axons)
		var lists []List
		rows := 0
		for range columns {
			var signs [2][]int
			for a := range axons {
				if r.Float64() < density {
					sign := r.IntN(2)
					signs[sign] = append(signs[sign], 1+a)
					rows++
				}
			}
			lists = append(lists, NewList(signs[0], signs[1], 0))
		}
		slices.SortFunc(lists, func(a, b List) int { return a.Compare(&b) })
		start := Constant(-2, 1+PlanesFor(0, int64(axons*density/2)))
		for _, path := range Available() {
			b.Run(fmt.Sprintf("density=%g/path=%v", density, path), func(b *testing.B) {
				k := KernelsOf(path)
				var fired, touched Block
				for b.Loop() {
					for i := range lists {
						k.Fire(&fired, &touched, start, matrix, &lists[i])
					}
				}
				b.ReportMetric(float64(b.N)*float64(rows)*Lanes/b.Elapsed().Seconds()/1e9, "Gsynapse/s")
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/Lanes, "ns/core/sample")
			})
		}
	}
}

func BenchmarkTranspose(b *testing.B) {
	for _, path := range Available() {
		b.Run(fmt.Sprintf("path=%v", path), func(b *testing.B) {
			k := KernelsOf(path)
			var square Square
			for b.Loop() {
				k.Transpose(&square, &square)
			}
			b.ReportMetric(float64(b.N)*8*64/b.Elapsed().Seconds(), "words/s")
		})
	}
}
