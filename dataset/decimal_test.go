package dataset

import (
	"fmt"
	"math/big"
	"testing"

	"tritloom/internal/seed"
)

func TestParseDecimal(t *testing.T) {
	for text, want := range map[string]string{ // sign, digits, exponent of ten
		"0": "+ 0", "-0": "+ 0", "000.000e7": "+ 0", "12": "+12 0", "+12": "+12 0", "-0.50": "-5 -1", ".5": "+5 -1", "5.": "+5 0",
		"1200": "+12 2", "0012.3400": "+1234 -2", "1.5e3": "+15 2", "15E-1": "+15 -1", "1e+9": "+1 9", "-1e-9999": "-1 -9999",
	} {
		d, err := parseDecimal([]byte(text), nil)
		got := fmt.Sprintf("%s%s %d", map[bool]string{false: "+", true: "-"}[d.negative], d.digits, d.exponent)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q is %q; want %q", text, got, want)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, text := range []string{"", " 1", "1 ", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e5.0", "1.2.3", "--1", "0x10", "1_000", "1,5", "nan", "inf", "٣"} {
		if d, err := parseDecimal([]byte(text), nil); err != errNotNumber {
			t.Errorf("%q: %+v, %v; want %v", text, d, err, errNotNumber)
		}
	}
	for _, text := range []string{"1e10000", "1e-10000", "0e99999999999999999999"} {
		if _, err := parseDecimal([]byte(text), nil); err != errExponent {
			t.Errorf("%q: %v; want %v", text, err, errExponent)
		}
	}
}

// Rounding half to even, by hand.
func TestDecimalInteger(t *testing.T) {
	for _, c := range []struct {
		text   string
		places int
		want   int64
		exact  bool
	}{
		{"1.25", 2, 125, true}, {"1.25", 3, 1250, true}, {"-1.25", 1, -12, false}, {"1.35", 1, 14, false}, {"1.251", 1, 13, false},
		{"0.5", 0, 0, false}, {"1.5", 0, 2, false}, {"0.51", 0, 1, false}, {"0.05", 0, 0, false}, {"0.95", 0, 1, false},
		{"9.9", 0, 10, false}, {"999999999999999.5", 0, 1000000000000000, false}, {"1e-300", 10, 0, false}, {"0", 255, 0, true},
	} {
		d, err := parseDecimal([]byte(c.text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, exact := d.integer(c.places); got != c.want || exact != c.exact {
			t.Errorf("%s at %d places is %d, exact %v; want %d, %v", c.text, c.places, got, exact, c.want, c.exact)
		}
	}
}

// Random decimals against exact rational arithmetic.
func TestDecimalsEqualRationals(t *testing.T) {
	random := seed.Stream(1, seed.TestInput)
	var scratch []byte
	for range 5000 {
		text := fmt.Sprintf("%s%d.%0*de%d", []string{"", "-", "+"}[random.IntN(3)], random.IntN(100000), 1+random.IntN(6), random.IntN(1000000), random.IntN(9)-6)
		d, err := parseDecimal([]byte(text), scratch)
		if err != nil {
			t.Fatal(err)
		}
		var s scale
		s.add(d)
		if len(d.digits) > 0 && d.size() > maxDigits {
			continue
		}
		got, exact := d.integer(int(s.decimals()))
		back := new(big.Rat).SetFrac(big.NewInt(got), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.decimals())), nil))
		want, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("big.Rat does not read %q", text)
		}
		if exact != (back.Cmp(want) == 0) {
			t.Fatalf("%s: stored as %d with %d decimals, exact %v; the value is %v", text, got, s.decimals(), exact, want)
		}
		off := new(big.Rat).Sub(back, want)
		off.Mul(off.Abs(off), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.decimals())), nil)))
		if off.Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("%s: stored as %d with %d decimals, more than half a unit off", text, got, s.decimals())
		}
		scratch = d.digits
	}
}
