package encode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a Spec: wider codes than these would make networks of inputs that
// hardly differ.
const (
	maxUnits  = 1 << 10 // bits of one feature: thermometer and population
	maxPlanes = 12      // bits of one feature: bit planes, 2^12 - 1 cuts
	minUnits  = 2       // a population of one unit codes nothing
)

// Spec says how an encoder is to be fitted. Its text form is what a user
// writes:
//
//	threshold           one cut a feature, at the median of the training data
//	threshold:128       one cut for all features: bit = [value >= 128]
//	thermometer:8       8 cuts a feature, at quantiles of the training data
//	thermometer=4,8,12  the same cuts for all features
//	bitplanes:4         4 bits a feature over its training range
//	population:8        8 units a feature over its training range
type Spec struct {
	Scheme Scheme
	// Bits is the number of bits of a feature: 1 for Threshold, len(Cuts)
	// where cuts are given.
	Bits int
	// Cuts are fixed cuts for all features in units of 10^-Decimals, strictly
	// rising; nil means that Fit finds them. Threshold and Thermometer only.
	Cuts     []int64
	Decimals uint8
}

// ParseSpec reads the text form of a Spec.
func ParseSpec(text string) (Spec, error) {
	name, argument, colon := strings.Cut(text, ":")
	fixed := false
	if !colon {
		name, argument, fixed = strings.Cut(text, "=")
	}
	s := Spec{Scheme: Scheme(name), Bits: 1}
	var err error
	switch {
	case s.Scheme == Threshold && !colon && !fixed:
	case s.Scheme == Threshold || s.Scheme == Thermometer && fixed:
		s.Cuts, s.Decimals, err = parseCuts(argument)
		s.Bits = len(s.Cuts)
	case colon:
		s.Bits, err = strconv.Atoi(argument)
		if err != nil {
			err = fmt.Errorf("%q is not a whole number of bits", argument)
		}
	default:
		err = fmt.Errorf("it names no number of bits")
	}
	if err == nil {
		err = s.Validate()
	}
	if err != nil {
		return Spec{}, fmt.Errorf("encoding %q: %w; want threshold:CUT, thermometer:BITS, thermometer=CUT,CUT,..., bitplanes:BITS or population:BITS", text, err)
	}
	return s, nil
}

// String is the text form; ParseSpec reads it.
func (s Spec) String() string {
	if s.Cuts == nil {
		if s.Scheme == Threshold {
			return string(s.Scheme)
		}
		return fmt.Sprintf("%s:%d", s.Scheme, s.Bits)
	}
	cuts := make([]string, len(s.Cuts))
	for i, c := range s.Cuts {
		cuts[i] = formatDecimal(c, s.Decimals)
	}
	separator := "="
	if s.Scheme == Threshold {
		separator = ":"
	}
	return string(s.Scheme) + separator + strings.Join(cuts, ",")
}

// Validate checks the number of bits and the cuts.
func (s Spec) Validate() error {
	low, high := 1, maxUnits
	switch s.Scheme {
	case Threshold:
		high = 1
	case BitPlanes:
		high = maxPlanes
	case Population:
		low = minUnits
	case Thermometer:
	default:
		return fmt.Errorf("scheme %q; known are %v", s.Scheme, Schemes)
	}
	if s.Bits < low || s.Bits > high {
		return fmt.Errorf("%d bits a feature; %s takes %d..%d", s.Bits, s.Scheme, low, high)
	}
	if s.Cuts == nil {
		return nil
	}
	if s.Scheme != Threshold && s.Scheme != Thermometer {
		return fmt.Errorf("fixed cuts; %s finds its own over the range of the training data", s.Scheme)
	}
	if len(s.Cuts) != s.Bits {
		return fmt.Errorf("%d cuts for %d bits", len(s.Cuts), s.Bits)
	}
	for i, c := range s.Cuts {
		if err := checkValue(c); err != nil {
			return err
		}
		if i > 0 && c <= s.Cuts[i-1] {
			return fmt.Errorf("cut %s comes after %s; cuts must rise", formatDecimal(c, s.Decimals), formatDecimal(s.Cuts[i-1], s.Decimals))
		}
	}
	return nil
}

// DefaultSpec is a sensible encoding where the user names none. image tells
// whether features are pixels; high is the greatest value a pixel can have.
//
//	tables                  thermometer:8, each feature at its own quantiles
//	images of 0..255        threshold:128
//	images of 0..16         thermometer=2,6,10,14
//
// Other images get one cut in the middle from 64 grey levels on; four cuts at
// the odd eighths from 8 levels on (four beat three on validation rows of the
// 8×8 digits); cuts at the quarters from 4 levels on; two-level images get the
// cut between the levels.
func DefaultSpec(image bool, high int64) Spec {
	levels := high + 1
	switch {
	case !image || high < 1 || high > maxValue:
		return Spec{Scheme: Thermometer, Bits: 8}
	case levels < 4 || levels >= 64:
		return Spec{Scheme: Threshold, Bits: 1, Cuts: []int64{levels / 2}}
	case levels < 8:
		return Spec{Scheme: Thermometer, Bits: 3, Cuts: []int64{levels / 4, levels * 2 / 4, levels * 3 / 4}}
	default:
		return Spec{Scheme: Thermometer, Bits: 4, Cuts: []int64{levels / 8, levels * 3 / 8, levels * 5 / 8, levels * 7 / 8}}
	}
}

// parseCuts reads decimals separated by commas, all in the units of the one
// with the most decimal places.
func parseCuts(text string) (cuts []int64, decimals uint8, err error) {
	texts := strings.Split(text, ",")
	for _, t := range texts {
		_, fraction, _ := strings.Cut(t, ".")
		if len(fraction) > maxDecimals {
			return nil, 0, fmt.Errorf("cut %q has %d decimals; at most %d", t, len(fraction), maxDecimals)
		}
		decimals = max(decimals, uint8(len(fraction)))
	}
	for _, t := range texts {
		whole, fraction, point := strings.Cut(t, ".")
		digits := whole + fraction + strings.Repeat("0", int(decimals)-len(fraction))
		c, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || point && fraction == "" || strings.ContainsAny(fraction, "+-") {
			return nil, 0, fmt.Errorf("cut %q is not a decimal number that fits 64 bits", t)
		}
		cuts = append(cuts, c)
	}
	return cuts, decimals, nil
}

// formatDecimal writes c·10^-decimals exactly.
func formatDecimal(c int64, decimals uint8) string {
	if decimals == 0 {
		return strconv.FormatInt(c, 10)
	}
	digits, sign := strconv.FormatInt(c, 10), ""
	if c < 0 {
		digits, sign = digits[1:], "-"
	}
	if short := int(decimals) + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - int(decimals)
	return sign + digits[:point] + "." + digits[point:]
}

// Equal tells whether two specifications are the same.
func (s Spec) Equal(o Spec) bool {
	return s.Scheme == o.Scheme && s.Bits == o.Bits && s.Decimals == o.Decimals && slices.Equal(s.Cuts, o.Cuts)
}
