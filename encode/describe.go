package encode

import (
	"fmt"
	"slices"
	"strings"
)

// String describes the encoder: its scheme and width, then the cuts of each
// run of equal features in the features' own decimals.
//
//	thermometer: 64 features, 192 bits
//	features 0-63: 4 8 12
func (e *Encoder) String() string {
	if e.Scheme == "" {
		return "no encoder: samples are bits\n"
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %d features, %d bits\n", e.Scheme, len(e.Features), e.Width())
	for first := 0; first < len(e.Features); {
		last := first
		for last+1 < len(e.Features) && e.Features[last+1].equal(&e.Features[first]) {
			last++
		}
		if last == first {
			fmt.Fprintf(&s, "feature %d:%s\n", first, e.Features[first].cuts())
		} else {
			fmt.Fprintf(&s, "features %d-%d:%s\n", first, last, e.Features[first].cuts())
		}
		first = last + 1
	}
	return s.String()
}

func (f *Feature) equal(o *Feature) bool {
	return f.Decimals == o.Decimals && slices.Equal(f.On, o.On) && slices.Equal(f.Off, o.Off)
}

// cuts writes the table, each cut after a space; [on,off) for units.
func (f *Feature) cuts() string {
	if len(f.On) == 0 {
		return " constant, no bits"
	}
	var s strings.Builder
	for i, on := range f.On {
		if f.Off == nil {
			s.WriteString(" " + f.format(on))
			continue
		}
		fmt.Fprintf(&s, " [%s,%s)", f.format(on), f.format(f.Off[i]))
	}
	return s.String()
}

func (f *Feature) format(cut int64) string {
	switch cut {
	case Always:
		return "always"
	case Never:
		return "never"
	}
	return formatDecimal(cut, f.Decimals)
}
