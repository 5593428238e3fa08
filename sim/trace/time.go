package trace

import (
	"fmt"
	"math/bits"
	"strconv"
)

// microseconds writes quanta as microseconds, in full: a decimal text with as many
// of six places as are needed.
func (t *text) microseconds(quanta uint64, quantumPS int64) error {
	const perMicrosecond = 1_000_000
	high, low := bits.Mul64(quanta, uint64(quantumPS))
	if high >= perMicrosecond {
		return tooLate(quanta, quantumPS)
	}
	whole, rest := bits.Div64(high, low, perMicrosecond)
	t.number(whole)
	if rest == 0 {
		return nil
	}
	places := strconv.AppendUint(t.AvailableBuffer(), perMicrosecond+rest, 10)
	end := len(places)
	for places[end-1] == '0' {
		end--
	}
	places[0] = '.' // in place of the 1 that kept the zeros
	t.Write(places[:end])
	return nil
}

// scale is the time unit of a VCD file, whose units are 1, 10 or 100 of a name only.
type scale struct {
	unit string
	each uint64 // units a quantum, or a tick without timing
}

// scaleOf is the longest unit that holds a quantum a whole number of times.
func scaleOf(quantumPS int64) scale {
	names := [...]string{"ps", "ns", "us", "ms", "s"}
	each, zeros := uint64(quantumPS), 0
	for each%10 == 0 && each > 0 && zeros < 3*len(names)-1 {
		each, zeros = each/10, zeros+1
	}
	number := [...]string{"1", "10", "100"}[zeros%3]
	return scale{number + " " + names[zeros/3], each}
}

// at is a moment in units.
func (s scale) at(quanta uint64) (uint64, error) {
	high, low := bits.Mul64(quanta, s.each)
	if high != 0 {
		return 0, fmt.Errorf("sim/trace: %d times %d units of %s leave the 64 bits of a VCD file; trace a shorter run", quanta, s.each, s.unit)
	}
	return low, nil
}

func tooLate(quanta uint64, quantumPS int64) error {
	return fmt.Errorf("sim/trace: %d quanta of %d ps leave 64 bits of microseconds; trace a shorter run", quanta, quantumPS)
}
