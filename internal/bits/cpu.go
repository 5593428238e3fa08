package bits

import (
	"fmt"
	"slices"
)

// Path is one implementation of the kernels that have more than one. All of
// them give the same bits; the caller says which to use, so that one process
// can compare them.
type Path int

const (
	// Pure is plain Go. It runs everywhere, and alone with the build tag purego.
	Pure Path = iota
	// AVX2 is amd64 assembly in registers of 256 bits.
	AVX2
	// AVX512 is amd64 assembly in registers of 512 bits. It wants F, BW, DQ, VL,
	// VPOPCNTDQ and VBMI2.
	AVX512
)

var pathNames = [...]string{Pure: "pure", AVX2: "avx2", AVX512: "avx512"}

func (p Path) String() string { return pathNames[p] }

// ParsePath reads what String wrote and refuses a path that this build, or
// this processor, does not have.
func ParsePath(name string) (Path, error) {
	p := Path(slices.Index(pathNames[:], name))
	if !slices.Contains(available, p) {
		return Pure, fmt.Errorf("kernel path %q; this build on this processor has %v", name, available)
	}
	return p, nil
}

// available is found once: the processor does not change.
var available = append([]Path{Pure}, detect()...)

// Available lists the paths that this build and this processor have, the
// fastest last.
func Available() []Path { return slices.Clone(available) }

// Best is the fastest path available.
func Best() Path { return available[len(available)-1] }
