package encode

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
)

// Scheme is how the levels of a feature become bits. With level(v) the number
// of cuts that v reaches:
type Scheme string

const (
	// Threshold is one cut and one bit: bit = [v >= cut].
	Threshold Scheme = "threshold"
	// Thermometer is k rising cuts and k bits: bit i = [v >= cut i].
	Thermometer Scheme = "thermometer"
	// BitPlanes is 2^m - 1 rising cuts and m bits: level(v) in binary, lowest
	// bit first.
	BitPlanes Scheme = "bitplanes"
	// Population is k pairs of cuts and k bits: bit i = [on i <= v < off i],
	// the units of a population code whose bump covers v.
	Population Scheme = "population"
)

// Schemes lists the schemes for messages and flags.
var Schemes = []Scheme{Threshold, Thermometer, BitPlanes, Population}

// Cuts that no unit conversion moves.
const (
	Always = math.MinInt64 // a cut that every value reaches
	Never  = math.MaxInt64 // a cut that no value of a data set reaches
)

// Feature is the cut table of one feature, in units of 10^-Decimals.
type Feature struct {
	Decimals uint8   `json:"decimals,omitempty"`
	On       []int64 `json:"on"`            // strictly rising; for Population: rising
	Off      []int64 `json:"off,omitempty"` // Population only: where each unit ends
}

// Encoder is the whole rule from a sample's features to input bits. It is
// stored in networks and layouts as it stands; the zero Encoder encodes
// nothing and has width 0.
type Encoder struct {
	Scheme   Scheme    `json:"scheme,omitempty"`
	Features []Feature `json:"features,omitempty"`
}

// Width is the number of bits of an encoded sample.
func (e *Encoder) Width() int {
	width := 0
	for i := range e.Features {
		width += e.Features[i].bits(e.Scheme)
	}
	return width
}

// bits is how many bits one feature becomes.
func (f *Feature) bits(s Scheme) int {
	if s != BitPlanes {
		return len(f.On)
	}
	m := 0
	for 1<<m-1 < len(f.On) {
		m++
	}
	return m
}

// level is the number of cuts that v reaches. Cuts of a rescaled table may be
// equal, so the search looks for the first cut above v.
func (f *Feature) level(v int64) int {
	return sort.Search(len(f.On), func(i int) bool { return f.On[i] > v })
}

// maxDecimals keeps 10^decimals within int64.
const maxDecimals = 18

// Validate checks the tables.
func (e *Encoder) Validate() error {
	if e.Scheme == "" && len(e.Features) == 0 {
		return nil
	}
	if !slices.Contains(Schemes, e.Scheme) {
		return fmt.Errorf("encoder: scheme %q; known are %v", e.Scheme, Schemes)
	}
	for i := range e.Features {
		if err := e.Features[i].validate(e.Scheme); err != nil {
			return fmt.Errorf("encoder: feature %d: %w", i, err)
		}
	}
	return nil
}

func (f *Feature) validate(s Scheme) error {
	if f.Decimals > maxDecimals {
		return fmt.Errorf("%d decimals; at most %d fit an integer of 64 bits", f.Decimals, maxDecimals)
	}
	strict := s != Population
	for i := 1; i < len(f.On); i++ {
		if f.On[i] < f.On[i-1] || strict && f.On[i] == f.On[i-1] {
			return fmt.Errorf("cut %d is %d after %d; cuts must rise", i, f.On[i], f.On[i-1])
		}
	}
	switch {
	case s == Threshold && len(f.On) != 1:
		return fmt.Errorf("%d cuts; threshold takes one", len(f.On))
	case s == BitPlanes && (len(f.On)+1)&len(f.On) != 0:
		return fmt.Errorf("%d cuts; bitplanes takes 2^m - 1", len(f.On))
	case s == Population && len(f.Off) != len(f.On):
		return fmt.Errorf("%d ends for %d units", len(f.Off), len(f.On))
	case s != Population && len(f.Off) != 0:
		return errors.New("ends given; only population has them")
	}
	for i, off := range f.Off {
		if off < f.On[i] {
			return fmt.Errorf("unit %d ends at %d before it starts at %d", i, off, f.On[i])
		}
	}
	return nil
}

// Encode writes the bits of one sample into dst, which must have the
// encoder's width. The values must be in the units the cut tables are in; see
// For.
func (e *Encoder) Encode(values []int64, dst Bits) {
	if len(values) != len(e.Features) || dst.n != e.Width() {
		panic(fmt.Sprintf("encode: %d values into %d bits; the encoder takes %d into %d", len(values), dst.n, len(e.Features), e.Width()))
	}
	dst.Clear()
	at := 0
	for i, v := range values {
		f := &e.Features[i]
		width := f.bits(e.Scheme)
		switch e.Scheme {
		case BitPlanes:
			level := f.level(v)
			for b := range width {
				dst.Put(at+b, level>>b&1 == 1)
			}
		case Population:
			for b := range width {
				dst.Put(at+b, f.On[b] <= v && v < f.Off[b])
			}
		default:
			for b := range f.level(v) {
				dst.Set(at + b)
			}
		}
		at += width
	}
}

// For gives the same rule for data whose features carry other decimal places:
// a cut c in units of 10^-a becomes the smallest integer in units of 10^-b
// that is not below it, so that every comparison keeps its truth. nil means
// no decimals. The error names the first feature that does not fit.
func (e *Encoder) For(decimals []uint8, features int) (*Encoder, error) {
	if features != len(e.Features) {
		return nil, fmt.Errorf("the data has %d features; the network's encoder takes %d; choose the data it was trained on", features, len(e.Features))
	}
	out := &Encoder{Scheme: e.Scheme, Features: make([]Feature, len(e.Features))}
	for i := range e.Features {
		want := uint8(0)
		if decimals != nil {
			want = decimals[i]
		}
		f, err := e.Features[i].rescale(want)
		if err != nil {
			return nil, fmt.Errorf("feature %d: %w", i, err)
		}
		out.Features[i] = f
	}
	return out, nil
}

func (f *Feature) rescale(decimals uint8) (Feature, error) {
	if decimals == f.Decimals {
		return *f, nil
	}
	on, err := rescaleCuts(f.On, f.Decimals, decimals)
	if err != nil {
		return Feature{}, err
	}
	off, err := rescaleCuts(f.Off, f.Decimals, decimals)
	return Feature{Decimals: decimals, On: on, Off: off}, err
}

// rescaleCuts moves cuts between units. Two cuts may fall together when the
// new unit is coarser: no value lies between them then.
func rescaleCuts(cuts []int64, from, to uint8) ([]int64, error) {
	if cuts == nil {
		return nil, nil
	}
	out := make([]int64, len(cuts))
	for i, c := range cuts {
		if c == Always || c == Never {
			out[i] = c
			continue
		}
		for range int(to) - int(from) {
			if c > math.MaxInt64/10 || c < math.MinInt64/10 {
				return nil, fmt.Errorf("cut %d does not fit at %d decimals; give the data at most %d", cuts[i], to, from)
			}
			c *= 10
		}
		for range int(from) - int(to) {
			c = ceilDiv10(c)
		}
		out[i] = c
	}
	return out, nil
}

// ceilDiv10 is the smallest integer not below c/10; ten steps of it equal one
// division by 10^10, because rounding up keeps order.
func ceilDiv10(c int64) int64 {
	q := c / 10
	if c%10 > 0 {
		q++
	}
	return q
}

// Equal tells whether two encoders are the same rule in the same units.
func (e *Encoder) Equal(o *Encoder) bool {
	return e.Scheme == o.Scheme && slices.EqualFunc(e.Features, o.Features, func(a, b Feature) bool { return a.equal(&b) })
}
