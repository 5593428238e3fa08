package bits

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"tritloom/internal/seed"
)

// The plain counterparts: one column at a time, a bool each.

// crossbar is rows as plain weights.
func crossbar(random *rand.Rand, axons int) (rows []SignRow, weights [][Columns]int) {
	rows, weights = make([]SignRow, axons), make([][Columns]int, axons)
	density := random.IntN(101)
	for a := range rows {
		for n := range Columns {
			if random.IntN(100) >= density {
				continue
			}
			half := random.IntN(2) // both signs in one place cancel in the sum and count twice
			rows[a][half*4+n/64] |= 1 << (n % 64)
			weights[a][n] += 1 - 2*half
		}
	}
	return rows, weights
}

func checkCount(t *testing.T, start uint64) {
	t.Helper()
	random := seed.Stream(start, seed.TestInput)
	rows, weights := crossbar(random, 1+random.IntN(200))
	axons := make([]uint16, random.IntN(MostRows+1))
	for i := range axons {
		axons[i] = uint16(random.IntN(len(rows)))
	}
	axons = fill(axons, len(rows))
	rows, weights = append(rows, SignRow{}), append(weights, [Columns]int{})
	var mask SignRow
	for w := range 4 {
		mask[w] = random.Uint64() | random.Uint64()
		mask[w+4] = mask[w]
	}
	var counts [Columns]int
	var ops uint64
	var touched [2 * Columns]bool
	for _, a := range axons {
		for n, w := range weights[a] {
			counts[n] += w
		}
		for bit := range 2 * Columns {
			if rows[a][bit/64]>>(bit%64)&1 == 1 && mask[bit/64]>>(bit%64)&1 == 1 {
				ops++
				touched[bit] = true
			}
		}
	}
	for _, path := range Available() {
		var got [Columns]int8
		var seen SignRow
		got[3], seen[1] = 7, 7 // what was there before must not matter
		if n := Rows(path).Count(&got, &seen, rows, axons, &mask); n != ops {
			t.Fatalf("seed %d, %s: %d ops, plain %d", start, path, n, ops)
		}
		for n := range counts {
			if int(got[n]) != counts[n] {
				t.Fatalf("seed %d, %s, %d axons: column %d counts %d, plain %d", start, path, len(axons), n, got[n], counts[n])
			}
		}
		for bit := range touched {
			if (seen[bit/64]>>(bit%64)&1 == 1) != touched[bit] {
				t.Fatalf("seed %d, %s: touched bit %d is %v", start, path, bit, !touched[bit])
			}
		}
	}
}

// fill brings a list to whole groups.
func fill(axons []uint16, zero int) []uint16 {
	for len(axons)%GroupRows != 0 {
		axons = append(axons, uint16(zero))
	}
	return axons
}

func checkUpdate(t *testing.T, start uint64) {
	t.Helper()
	random := seed.Stream(start, seed.TestInput)
	wide := random.IntN(2) == 0
	p := Params{Scale: int32(random.IntN(200) - 100), Unfired: -int32(random.IntN(2)), Fired: -int32(random.IntN(2))}
	reach := int32(1) << (4 + random.IntN(20))
	p.Low, p.High = -reach, reach-1
	var mask Mask
	for w := range mask {
		mask[w] = random.Uint64() | random.Uint64()
	}
	var v, sums [Columns]int32
	var counts [Columns]int8
	for n := range Columns {
		p.Leak[n], p.Theta[n] = int16(random.Uint32()), int16(random.Uint32())
		v[n] = random.Int32N(2*reach) - reach
		counts[n] = int8(random.IntN(2*MostRows+1) - MostRows)
		sums[n] = random.Int32N(2*reach) - reach
		if !wide {
			sums[n] = int32(counts[n]) * p.Scale
		}
	}
	var want [Columns]int32
	var fires [Columns]bool
	outside := false
	for n := range Columns {
		want[n] = v[n]
		if mask[n/64]>>(n%64)&1 == 0 {
			continue
		}
		u := v[n] + sums[n] + int32(p.Leak[n])
		if fires[n] = u >= int32(p.Theta[n]); fires[n] {
			want[n] = (u - int32(p.Theta[n])) & p.Fired
		} else {
			want[n] = u & p.Unfired
		}
		if want[n] < p.Low || want[n] > p.High {
			outside = true
		}
	}
	for _, path := range Available() {
		k, got, fired := Rows(path), v, Mask{1, 2, 3, 4}
		var out bool
		if wide {
			out = k.UpdateWide(&got, &sums, &p, &mask, &fired)
		} else {
			out = k.Update(&got, &counts, &p, &mask, &fired)
		}
		if out != outside {
			t.Fatalf("seed %d, %s: outside %v, plain %v", start, path, out, outside)
		}
		for n := range Columns {
			if got[n] != want[n] || (fired[n/64]>>(n%64)&1 == 1) != fires[n] {
				t.Fatalf("seed %d, %s: column %d has %d, fires %v; plain %d, %v", start, path, n, got[n], !fires[n], want[n], fires[n])
			}
		}
		sum := sums
		k.Widen(&sum, &counts, p.Scale)
		for n := range Columns {
			if sum[n] != sums[n]+int32(counts[n])*p.Scale {
				t.Fatalf("seed %d, %s: Widen gives %d in column %d", start, path, sum[n], n)
			}
		}
	}
}

// checkNarrow compares the update on 16 bits with the obvious one on int.
func checkNarrow(t *testing.T, start uint64) {
	t.Helper()
	random := seed.Stream(start, seed.TestInput)
	p := Narrow{Scale: int16(random.IntN(101) - 50), Unfired: -int16(random.IntN(2)), Fired: -int16(random.IntN(2)), Low: -8000, High: 8000}
	uniform := random.IntN(2) == 0
	theta, step := make([]int16, Columns), 64
	if uniform {
		theta, step = make([]int16, Thresholds32), 0
	}
	limit := int16(random.IntN(10000) - 5000)
	for n := range theta {
		if theta[n] = limit; !uniform {
			theta[n] = int16(random.IntN(10000) - 5000)
		}
	}
	var mask Mask
	var v, leak, want [Columns]int16
	var counts [Columns]int8
	var fires [Columns]bool
	outside := false
	for w := range mask {
		mask[w] = random.Uint64() | random.Uint64()
	}
	for n := range Columns {
		v[n], leak[n], counts[n] = int16(random.IntN(16001)-8000), int16(random.IntN(511)-255), int8(random.IntN(2*MostRows+1)-MostRows)
		want[n] = v[n]
		if mask[n/64]>>(n%64)&1 == 0 {
			continue
		}
		u, top := int(v[n])+int(counts[n])*int(p.Scale)+int(leak[n]), int(theta[n%len(theta)])
		if fires[n] = u >= top; fires[n] {
			u = (u - top) & int(p.Fired)
		} else {
			u &= int(p.Unfired)
		}
		want[n] = int16(u)
		outside = outside || u < int(p.Low) || u > int(p.High)
	}
	for _, path := range Available() {
		update := Rows(path).UpdateNarrow
		if update == nil {
			continue
		}
		got, fired := v, Mask{1, 2, 3, 4}
		if out := update(&got, &counts, &leak, theta, step, &p, &mask, &fired); out != outside {
			t.Fatalf("seed %d, %s: outside %v, plain %v", start, path, out, outside)
		}
		for n := range Columns {
			if got[n] != want[n] || (fired[n/64]>>(n%64)&1 == 1) != fires[n] {
				t.Fatalf("seed %d, %s: column %d has %d, fires %v; plain %d, %v", start, path, n, got[n], !fires[n], want[n], fires[n])
			}
		}
	}
}

// checkList compares the columns of a mask with a look at each.
func checkList(t *testing.T, start uint64) {
	t.Helper()
	random := seed.Stream(start, seed.TestInput)
	var mask Mask
	var want []uint16
	rate := random.IntN(101)
	for n := range Columns {
		if random.IntN(100) < rate {
			mask[n/64] |= 1 << (n % 64)
			want = append(want, uint16(n))
		}
	}
	for _, path := range Available() {
		var list Listed
		if n := Rows(path).List(&list, &mask); !slices.Equal(list[:n], want) {
			t.Fatalf("seed %d, %s: %v; want %v", start, path, list[:n], want)
		}
	}
}

func TestRowKernelsAgreeWithPlain(t *testing.T) {
	for start := range uint64(300) {
		checkCount(t, start)
		checkUpdate(t, start)
		checkNarrow(t, start)
		checkList(t, start)
	}
}

func FuzzRowKernels(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, start uint64) {
		checkCount(t, start)
		checkUpdate(t, start)
		checkNarrow(t, start)
		checkList(t, start)
	})
}

// TestParamsAreWhereTheAssemblyLooks holds the offsets in the .s files to the struct.
func TestParamsAreWhereTheAssemblyLooks(t *testing.T) {
	var p Params
	for _, f := range []struct {
		name      string
		got, want uintptr
	}{
		{"Leak", unsafe.Offsetof(p.Leak), 0}, {"Theta", unsafe.Offsetof(p.Theta), 512}, {"Scale", unsafe.Offsetof(p.Scale), 1024},
		{"Unfired", unsafe.Offsetof(p.Unfired), 1028}, {"Fired", unsafe.Offsetof(p.Fired), 1032},
		{"Low", unsafe.Offsetof(p.Low), 1036}, {"High", unsafe.Offsetof(p.High), 1040},
	} {
		if f.got != f.want {
			t.Errorf("Params.%s is at %d; the assembly reads it at %d", f.name, f.got, f.want)
		}
	}
}

// BenchmarkRows adds up the rows of one core-tick on 16 cores in turn, both signs,
// a quarter of the crosspoints set, and updates the neurons. A slot is an active axon
// meeting a column, set or not.
func BenchmarkRows(b *testing.B) {
	const cores = 16
	random := seed.Stream(1, seed.TestInput)
	rows := make([][]SignRow, cores)
	for c := range rows {
		rows[c] = make([]SignRow, Columns+1)
		for a := range Columns {
			for n := range Columns {
				if random.IntN(4) == 0 {
					rows[c][a][random.IntN(2)*4+n/64] |= 1 << (n % 64)
				}
			}
		}
	}
	mask := SignRow{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	for _, percent := range []float64{2, 10, 45} {
		axons := make([]uint16, int(percent*Columns/100))
		for i := range axons {
			axons[i] = uint16(random.IntN(Columns))
		}
		active := len(axons)
		axons = fill(axons, Columns)
		for _, path := range Available() {
			b.Run(fmt.Sprintf("count/active=p%g/path=%s", percent, path), func(b *testing.B) {
				var counts [Columns]int8
				var touched SignRow
				i := 0
				for b.Loop() {
					Rows(path).Count(&counts, &touched, rows[i%cores], axons, &mask)
					i++
				}
				b.ReportMetric(float64(b.N)*float64(active)*2*Columns/b.Elapsed().Seconds()/1e9, "Gslots/s")
			})
		}
	}
	for _, path := range Available() {
		if update := Rows(path).UpdateNarrow; update != nil {
			b.Run("narrow/path="+path.String(), func(b *testing.B) {
				var v, leak [Columns]int16
				var counts [Columns]int8
				theta := make([]int16, Thresholds32)
				for n := range theta {
					theta[n] = 5000
				}
				for n := range leak {
					leak[n] = int16(50 + random.IntN(101))
				}
				p := Narrow{Scale: 100, Unfired: -1, Fired: -1, Low: -20000, High: 20000}
				all, fired := Mask{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, Mask{}
				for b.Loop() {
					update(&v, &counts, &leak, theta, 0, &p, &all, &fired)
				}
				b.ReportMetric(float64(b.N)*Columns/b.Elapsed().Seconds()/1e9, "Gneurons/s")
			})
		}
		b.Run("update/path="+path.String(), func(b *testing.B) {
			var v [Columns]int32
			var counts [Columns]int8
			p := Params{Scale: 100, Unfired: -1, Fired: -1, Low: -1 << 20, High: 1 << 20}
			for n := range Columns {
				p.Leak[n], p.Theta[n] = int16(50+random.IntN(101)), 5000
			}
			all, fired := Mask{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, Mask{}
			for b.Loop() {
				Rows(path).Update(&v, &counts, &p, &all, &fired)
			}
			b.ReportMetric(float64(b.N)*Columns/b.Elapsed().Seconds()/1e9, "Gneurons/s")
		})
	}
}
