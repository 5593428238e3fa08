package report

import (
	"math"
	"testing"
)

func TestSI(t *testing.T) {
	for _, c := range []struct {
		value float64
		unit  string
		want  string
	}{
		{0, "J", "0 J"},
		{1, "J", "1.00 J"},
		{1.5e-9, "J", "1.50 nJ"},
		{23.6e-12, "J", "23.6 pJ"},
		{236e-15, "J", "236 fJ"},
		{1e-6, "s", "1.00 µs"},
		{0.0644, "W", "64.4 mW"},
		{999.4e-12, "J", "999 pJ"},
		{999.6e-12, "J", "1.00 nJ"}, // rounding carries into the next prefix
		{9.996, "Hz", "10.0 Hz"},
		{333333, "Hz", "333 kHz"},
		{12e12, "Hz", "12.0 THz"},
		{-2.5e-9, "J", "-2.50 nJ"},
		{1e-18, "J", "1.00 aJ"},
		{1.5e-21, "J", "1.50e-21 J"},
		{2e15, "Hz", "2.00e+15 Hz"},
		{math.Inf(1), "J", "+Inf J"},
	} {
		if got := SI(c.value, c.unit); got != c.want {
			t.Errorf("SI(%g, %s) = %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}

func TestNumbersForReaders(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(0), "0"},
		{Count(999), "999"},
		{Count(1000), "1,000"},
		{Count(uint64(1234567)), "1,234,567"},
		{Count(int64(-1234)), "-1,234"},
		{Mean(12), "12"},
		{Mean(12.345), "12.35"},
		{Mean(12345.6), "12,346"},
		{Percent(0), "0.0 %"},
		{Percent(0.0004), "< 0.1 %"},
		{Percent(0.4321), "43.2 %"},
		{Times(32), "32.0x"},
		{Times(1.04), "1.04x"},
		{Times(0.064), "0.06x"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
