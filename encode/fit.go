package encode

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// maxValue bounds the values Fit takes, so that spans and cuts stay clear of
// the ends of int64, which mean Always and Never.
const maxValue = 1<<62 - 1

// Fit makes the encoder of a specification from training data. columns gives
// the training values of one feature, in units of 10^-decimals[f] (nil means
// no decimals); it is asked once a feature, and only where the specification
// fixes no cuts. The values are not changed.
//
// Threshold gives every feature exactly one bit, so that an image keeps its
// shape; the bit of a constant feature is never one. The other schemes drop a
// constant feature to no bits at all. A thermometer also drops cuts that fall
// together, so a feature of few distinct values takes fewer bits.
func Fit(spec Spec, columns func(f int) []int64, features int, decimals []uint8) (Encoder, error) {
	if err := spec.Validate(); err != nil {
		return Encoder{}, fmt.Errorf("encoding %s: %w", spec, err)
	}
	if features < 1 || decimals != nil && len(decimals) != features {
		return Encoder{}, fmt.Errorf("encoding %s: %d features with %d decimals; want at least one feature and decimals for each or none", spec, features, len(decimals))
	}
	e := Encoder{Scheme: spec.Scheme, Features: make([]Feature, features)}
	for f := range e.Features {
		var places uint8
		if decimals != nil {
			places = decimals[f]
		}
		var err error
		if spec.Cuts != nil {
			e.Features[f], err = fixed(spec, places)
		} else {
			e.Features[f], err = fitFeature(spec, columns(f))
			e.Features[f].Decimals = places
		}
		if err != nil {
			return Encoder{}, fmt.Errorf("encoding %s: feature %d: %w", spec, f, err)
		}
	}
	if e.Width() == 0 {
		return Encoder{}, fmt.Errorf("encoding %s: every feature is constant in the training data; nothing is left to encode", spec)
	}
	return e, e.Validate()
}

// fixed is the cut table of given cuts in the units of the data. Cuts between
// the same two values of coarser data are one cut.
func fixed(spec Spec, decimals uint8) (Feature, error) {
	f := Feature{Decimals: spec.Decimals, On: spec.Cuts}
	f, err := f.rescale(decimals)
	f.On = slices.Compact(slices.Clone(f.On))
	return f, err
}

// fitFeature finds the cuts of one feature in the units of its values.
func fitFeature(spec Spec, values []int64) (Feature, error) {
	if len(values) == 0 {
		return Feature{}, errors.New("no training values; give at least one sample")
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	low, high := sorted[0], sorted[len(sorted)-1]
	if err := errors.Join(checkValue(low), checkValue(high)); err != nil {
		return Feature{}, err
	}
	switch {
	case low == high && spec.Scheme == Threshold:
		return Feature{On: []int64{Never}}, nil
	case low == high:
		return Feature{On: []int64{}}, nil
	case spec.Scheme == BitPlanes:
		return Feature{On: planeCuts(low, high, spec.Bits)}, nil
	case spec.Scheme == Population:
		return fitPopulation(low, high, spec.Bits), nil
	default:
		return Feature{On: quantileCuts(sorted, spec.Bits)}, nil
	}
}

func checkValue(v int64) error {
	if v < -maxValue || v > maxValue {
		return fmt.Errorf("value %d; want less than 2^62 in size; give it fewer decimals", v)
	}
	return nil
}

// quantileCuts puts cut i of k where i/(k+1) of the sorted values lie below,
// half way between the two distinct values there. Cuts that fall together are
// one cut; a cut below every value moves up to the first gap, so that a
// feature that is mostly zero still shows where it is not.
func quantileCuts(sorted []int64, k int) []int64 {
	var cuts []int64
	for i := 1; i <= k; i++ {
		at := len(sorted) * i / (k + 1)
		first, _ := slices.BinarySearch(sorted, sorted[at])
		if first == 0 {
			first, _ = slices.BinarySearch(sorted, sorted[0]+1)
		}
		below, above := sorted[first-1], sorted[first]
		cut := below + (above-below+1)/2 // half way, rounded up: below < cut <= above
		if len(cuts) == 0 || cut > cuts[len(cuts)-1] {
			cuts = append(cuts, cut)
		}
	}
	return cuts
}

// planeCuts splits low..high into 2^m parts whose sizes differ by one at most;
// a range of fewer values gets a level for each value.
func planeCuts(low, high int64, m int) []int64 {
	size := uint64(high-low) + 1
	cuts := make([]int64, 1<<m-1)
	for i := range cuts {
		k := uint64(i) + 1
		if size <= 1<<m {
			cuts[i] = low + int64(k)
			continue
		}
		carry, product := bits.Mul64(k, size)
		quotient, rest := bits.Div64(carry, product, 1<<m)
		if rest > 0 {
			quotient++
		}
		cuts[i] = low + int64(quotient)
	}
	return cuts
}
