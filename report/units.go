package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// prefixes are the SI prefixes in use, each a factor 1000 above the last.
var prefixes = []struct {
	symbol   string
	exponent int // of ten
}{
	{"a", -18}, {"f", -15}, {"p", -12}, {"n", -9}, {"µ", -6}, {"m", -3},
	{"", 0}, {"k", 3}, {"M", 6}, {"G", 9}, {"T", 12},
}

// SI writes a figure with three significant digits and the prefix that leaves
// one to three digits before the point: SI(1.5e-9, "J") is "1.50 nJ". Zero has
// no prefix; what no prefix fits is written with an exponent, "1.50e-21 J".
func SI(value float64, unit string) string {
	if value == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
		return fmt.Sprintf("%g %s", value, unit)
	}
	// Rounding comes first: 999.96e-12 J is 1.00 nJ, not 1000 pJ.
	text := strconv.FormatFloat(value, 'e', 2, 64)
	mantissa, power, _ := strings.Cut(text, "e")
	exponent, err := strconv.Atoi(power)
	if err != nil {
		panic("report: exponent of " + text)
	}
	for i := len(prefixes) - 1; i >= 0; i-- {
		shift := exponent - prefixes[i].exponent
		if shift < 0 {
			continue
		}
		if shift > 2 {
			break
		}
		return movePoint(mantissa, shift) + " " + prefixes[i].symbol + unit
	}
	return text + " " + unit
}

// movePoint moves the point of "d.dd" or "-d.dd" to the right by 0..2 digits.
func movePoint(mantissa string, by int) string {
	digits := strings.Replace(mantissa, ".", "", 1)
	at := len(digits) - 2 + by
	return strings.TrimSuffix(digits[:at]+"."+digits[at:], ".")
}

// Count writes a whole number with a comma between groups of three digits.
func Count[T ~int | ~int64 | ~uint64](n T) string {
	text := fmt.Sprint(n)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}

// Mean writes a number of events that was divided by the number of samples.
func Mean(n float64) string {
	if n == math.Trunc(n) && n < 1<<53 {
		return Count(int64(n))
	}
	if n >= 1000 {
		return Count(int64(math.Round(n)))
	}
	return strconv.FormatFloat(n, 'f', 2, 64)
}

// Percent writes a share of one.
func Percent(share float64) string {
	if share > 0 && share < 0.0005 {
		return "< 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// Times writes a ratio: one digit after the point, or two below 2, where it
// matters on which side of one it lies and whether 0.06 or 0.14 is meant.
func Times(ratio float64) string {
	switch {
	case ratio > 0 && ratio < 0.005:
		return "< 0.01x"
	case ratio < 2:
		return fmt.Sprintf("%.2fx", ratio)
	case ratio >= 1000 && ratio < 1<<53:
		return Count(int64(math.Round(ratio))) + "x"
	}
	return fmt.Sprintf("%.1fx", ratio)
}
