package bits

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// The plain counterparts: one sample at a time, a bool each.

func plain(column []uint64, n int) []bool {
	out := make([]bool, n)
	for s := range out {
		out[s] = column[s/64]&(1<<(s%64)) != 0
	}
	return out
}

func plainSum(a, b []bool, values []int32) (sum int64, count int) {
	for s := range a {
		if a[s] && b[s] {
			sum += int64(values[s])
			count++
		}
	}
	return sum, count
}

// pattern is a random column of n samples, its density chosen at random.
func pattern(random *rand.Rand, n int) []uint64 {
	column := make([]uint64, Words(n))
	density := random.IntN(101)
	for s := range n {
		if random.IntN(100) < density {
			Set(column, s)
		}
	}
	return column
}

// check compares every kernel with its plain counterpart on two columns and
// values drawn from a seed.
func check(t *testing.T, start uint64, n int) {
	t.Helper()
	random := seed.Stream(start, seed.TestInput)
	a, b := pattern(random, n), pattern(random, n)
	values := make([]int32, Padded(n))
	for s := range n {
		values[s] = int32(random.Uint32())
	}
	plainA, plainB, plainOnes := plain(a, n), plain(b, n), plain(Ones(n), n)

	both, countBoth := plainSum(plainA, plainB, values)
	alone, countAlone := plainSum(plainA, plainOnes, values)
	if got := AndSum(a, b, values); got != both {
		t.Fatalf("seed %d, n %d: AndSum %d, plain %d", start, n, got, both)
	}
	if got := Sum(a, values); got != alone {
		t.Fatalf("seed %d, n %d: Sum %d, plain %d", start, n, got, alone)
	}
	joint := make([]uint64, Words(n))
	if And(joint, a, b); Count(joint) != countBoth || Sum(joint, values) != both {
		t.Fatalf("seed %d, n %d: And holds %d samples, plain %d", start, n, Count(joint), countBoth)
	}
	if got := Count(a); got != countAlone {
		t.Fatalf("seed %d, n %d: Count %d, plain %d", start, n, got, countAlone)
	}

	want := append([]int32(nil), values...)
	for s, one := range plainA {
		if one {
			want[s] -= 7
		}
	}
	Add(a, values, -7)
	if diff := cmp.Diff(want, values); diff != "" {
		t.Fatalf("seed %d, n %d: Add (-plain +packed):\n%s", start, n, diff)
	}
	var visited []int
	Each(a, func(s int) { visited = append(visited, s) })
	at := 0
	for s, one := range plainA {
		if one && (at >= len(visited) || visited[at] != s) {
			t.Fatalf("seed %d, n %d: Each visits %v", start, n, visited)
		}
		if one {
			at++
		}
	}
}

func TestKernelsAgreeWithPlain(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 127, 128, 129, 1000} {
		for start := range uint64(20) {
			check(t, start, n)
		}
	}
}

func FuzzKernels(f *testing.F) {
	f.Add(uint64(1), 100)
	f.Fuzz(func(t *testing.T, start uint64, n int) {
		if n < 1 || n > 1000 {
			return
		}
		check(t, start, n)
	})
}

func TestOnesHasNoBitAboveTheSamples(t *testing.T) {
	for _, n := range []int{1, 63, 64, 65, 128} {
		if got := Count(Ones(n)); got != n {
			t.Errorf("Ones(%d) has %d ones", n, got)
		}
	}
}

func TestFlipAndGet(t *testing.T) {
	column := make([]uint64, Words(70))
	Flip(column, 69)
	if !Get(column, 69) || Get(column, 68) {
		t.Errorf("after flipping sample 69: %x", column)
	}
	Flip(column, 69)
	if Count(column) != 0 {
		t.Errorf("flipped twice: %x", column)
	}
}

// A 2-bit wide, 3-row case by hand: rows 01, 11, 10 (input 0 first).
func TestTransposeByHand(t *testing.T) {
	got := Transpose([][]uint64{{0b10}, {0b11}, {0b01}}, 2)
	if diff := cmp.Diff([][]uint64{{0b110}, {0b011}}, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkAndSum(b *testing.B) {
	const n = 60_000
	for _, density := range []struct {
		name  string
		every int
	}{{"overlap=50%", 2}, {"overlap=10%", 10}, {"overlap=1%", 100}} {
		b.Run(density.name, func(b *testing.B) {
			column := make([]uint64, Words(n))
			random := seed.Stream(1, seed.TestInput)
			for s := range n {
				if random.IntN(density.every) == 0 {
					Set(column, s)
				}
			}
			values := make([]int32, Padded(n))
			ones := Ones(n)
			for b.Loop() {
				AndSum(column, ones, values)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(Count(column)), "ns/sample")
		})
	}
}
