package trace

import (
	"bufio"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
)

// TestMicroseconds compares with exact arithmetic.
func TestMicroseconds(t *testing.T) {
	for _, quantum := range []int64{1, 40, 1000, 2500, 5000, 999_999, 1_000_000, 1e12} {
		for _, quanta := range []uint64{0, 1, 7, 25_000_000, 1<<53 + 1, math.MaxUint64} {
			var b strings.Builder
			out := &text{bufio.NewWriter(&b)}
			err := out.microseconds(quanta, quantum)
			out.Flush()
			want := new(big.Rat).SetFrac(new(big.Int).Mul(new(big.Int).SetUint64(quanta), big.NewInt(quantum)), big.NewInt(1_000_000))
			if fits := want.Cmp(new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 64), big.NewInt(1))) < 0; !fits {
				if err == nil {
					t.Errorf("%d × %d ps is written as %s", quanta, quantum, &b)
				}
				continue
			}
			got, ok := new(big.Rat).SetString(b.String())
			if err != nil || !ok || got.Cmp(want) != 0 || strings.HasSuffix(b.String(), ".") || strings.Contains(b.String(), ".") && strings.HasSuffix(b.String(), "0") {
				t.Errorf("%d × %d ps = %q µs, %v; want %s", quanta, quantum, &b, err, want.RatString())
			}
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		quantum int64
		want    string
	}{
		{1, "1 of 1 ps"}, {40, "4 of 10 ps"}, {100, "1 of 100 ps"}, {1000, "1 of 1 ns"}, {5000, "5 of 1 ns"}, {2500, "25 of 100 ps"},
		{1_000_000_000, "1 of 1 ms"}, {12_345, "12345 of 1 ps"}, {1e15, "10 of 100 s"},
	} {
		if s := scaleOf(c.quantum); fmt.Sprintf("%d of %s", s.each, s.unit) != c.want {
			t.Errorf("a quantum of %d ps is %d of %s; want %s", c.quantum, s.each, s.unit, c.want)
		}
	}
	if at, err := scaleOf(40).at(math.MaxUint64 / 2); err == nil {
		t.Errorf("2^63 quanta of 4 units are at %d", at)
	}
}

// Identifiers are printable, short and never twice the same.
func TestIdentifiers(t *testing.T) {
	seen := map[string]bool{}
	for i := range 94 + 94*94 + 94 {
		id := identifier(i)
		if want := 1 + min(i/94, 1) + i/(94+94*94); seen[id] || len(id) != want {
			t.Fatalf("identifier %d is %q; want %d characters, not used before", i, id, want)
		}
		for _, c := range []byte(id) {
			if c < '!' || c > '~' {
				t.Fatalf("identifier %d is %q", i, id)
			}
		}
		seen[id] = true
	}
}
