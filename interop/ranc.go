package interop

import (
	"fmt"
	"io/fs"
	"math/bits"

	"tritloom/layout"
	"tritloom/layout/replay"
)

// RANC is a grid of TrueNorth-like cores for FPGAs with a simulator in C++ (Mack
// et al. 2022). Its core memories are a folder:
//
//	csram_NNN.mem        core NNN = x + gridx·y, a neuron a line: a connection bit
//	                     an axon, the last axon first, then signed fields: potential 9,
//	                     reset potential 9, four weights of 9, leak 9, positive and
//	                     negative threshold 9 each; reset mode 1; dx 9, dy 9;
//	                     destination axon (log2 axons bits), destination tick 4
//	tc_NNN.mem           an axon type a line, 2 bits
//	tb_input.txt         a packet a line: dx 9 and dy 9 from core (0,0), axon, tick 4
//	tb_num_inputs.txt    packets of each tick
//	tb_correct.txt       output index of each spike, in order
//	tb_num_outputs.txt   output spikes of each tick
//
// and its simulator takes JSON (rancjson.go). A line of several words, or of other
// characters than 0 and 1 from its start, is a comment.
//
// What a tick does is the core contract of typed-binary cores, with
//
//	mode 0 (absolute)  reset zero to R; below N: V := -R    floor bounce, Beta = -N
//	mode 1 (linear)    reset subtract;  below N: V := V - N floor bounce, Beta = -N
//	destination tick f delay f + 1
//
// An absolute neuron with R = 0, N >= P and potential 0 ends every tick at 0, fired
// or not: it is imported as a step neuron, reset clear with threshold P.
//
// Neurons whose destination is the output bus are outputs; the index is their
// destination axon. The bus shows a spike as it is sent, whatever its destination
// tick, so recorded ticks are those in which neurons fire.
//
// A neuron that can never fire - no connection, no leak, a potential at rest - is
// left out. A core stays, at its place, if it has a neuron left, if a neuron or a
// packet reaches it; the others are left out. So nothing that spikes, and no spike
// that is counted as it arrives, is lost.

// RANCOptions says what a RANC folder leaves open.
type RANCOptions struct {
	// Width and Height are the grid; 0, 0: what tritloom.json or config.json in
	// the folder say.
	Width, Height int
	// Bus is the place of the output bus, which may lie outside the grid; nil:
	// what tritloom.json or input.json in the folder say.
	Bus *[2]int
	// OutputsAfter is the tick of the first line of tb_num_outputs.txt, the first
	// packets arriving at tick 0; negative: the ticks of the shortest way from a
	// packet to the bus.
	OutputsAfter int
}

// DefaultRANCOptions leave everything to the folder.
func DefaultRANCOptions() RANCOptions { return RANCOptions{OutputsAfter: -1} }

// RANC is what came out of RANC's files.
type RANC struct {
	Layout *layout.Layout
	Case   *replay.Case // nil if no spikes were recorded
	Notes  []string     // facts a user may want to know, one line each
}

// Limits on what is read: fields of RANC cannot name more axons or places.
const (
	rancMaxSide   = 512     // cores along a side; dx and dy are 9 bits
	rancMaxCore   = 1 << 12 // axons or neurons of a core
	rancMaxText   = 1 << 28 // bytes of one file
	rancMaxCells  = 1 << 22 // axons and neurons of all cores: TrueNorth has 2^21
	rancMaxBits   = 1 << 29 // crosspoints of all cores: TrueNorth has 2^28
	rancMaxValue  = 1<<30 - 1
	rancMaxTicks  = 1 << 20
	rancFieldBits = 9
	rancTickBits  = 4
)

// ranc is a grid as any of the formats describes it.
type ranc struct {
	width, height int
	bus           [2]int
	outputs       int // lines of the bus
	axons         int
	neurons       int
	delayMax      int         // longest delay, ticks
	cores         []*rancCore // by number x + width·y; nil where nothing is known, an empty core
	packets       []rancPacket
	cells         int  // cores that are not empty
	symmetric     bool // at the negative threshold counts as below it
}

// rancCore is one core's memory.
type rancCore struct {
	x, y        int
	neurons     []rancNeuron
	connections layout.Plane // row = axon
	types       []uint8
	where       func(neuron int) string // where a neuron stands in the files
}

// rancNeuron is one neuron's fields.
type rancNeuron struct {
	potential, reset, leak, positive, negative int32
	weights                                    [layout.AxonTypes]int32
	linear                                     bool
	dx, dy, axon, tick                         int32
}

// rancIdle is the neuron of empty places.
var rancIdle = rancNeuron{positive: 1}

// rancPacket is a spike from outside.
type rancPacket struct {
	x, y, axon, tick int32 // tick: in whose slot it is
	where            string
}

// empty tells whether all of a core is as in a place that nobody uses.
func (c *rancCore) empty() bool {
	for _, n := range c.neurons {
		if n != rancIdle {
			return false
		}
	}
	for _, w := range c.connections.Words {
		if w != 0 {
			return false
		}
	}
	return true
}

// inside tells whether a place is on the grid.
func (g *ranc) inside(x, y int) bool { return x >= 0 && x < g.width && y >= 0 && y < g.height }

// indexBits is the width of a field that names one of n things.
func indexBits(n int) int { return bits.Len(uint(n - 1)) }

// checkSize refuses grids and cores beyond the limits, before they size anything.
func (g *ranc) checkSize(cores int) error {
	switch {
	case g.width < 1 || g.width > rancMaxSide || g.height < 1 || g.height > rancMaxSide:
		return fmt.Errorf("a grid of %d×%d cores; want 1..%d along either side", g.width, g.height, rancMaxSide)
	case g.axons < 1 || g.axons > rancMaxCore || g.neurons < 1 || g.neurons > rancMaxCore:
		return fmt.Errorf("cores of %d axons and %d neurons; want 1..%d of each", g.axons, g.neurons, rancMaxCore)
	case cores*(g.axons+g.neurons) > rancMaxCells || cores*g.axons*g.neurons > rancMaxBits:
		return fmt.Errorf("%d cores of %d axons and %d neurons; want at most %d axons and neurons and %d crosspoints in all; leave out empty cores", cores, g.axons, g.neurons, rancMaxCells, rancMaxBits)
	}
	return nil
}

// ImportRANC reads a folder of core memories. A file tritloom.json, which our
// exports write, brings back what RANC has no field for. Errors are one line that
// starts with name and the file.
func ImportRANC(name string, folder fs.FS, o RANCOptions) (*RANC, error) {
	r, err := importFolder(diskFolder{folder}, o)
	if err != nil {
		return nil, fmt.Errorf("%s/%w", name, err)
	}
	if r.Case != nil {
		r.Case.Name = caseName(name)
	}
	return r, nil
}

// caseName is the last part of a path, cut to what a case may be called.
func caseName(path string) string {
	kept := []rune{}
	for _, r := range path {
		switch {
		case r == '/' || r == '\\':
			kept = kept[:0]
		case r > ' ' && r < 127 && len(kept) < 100:
			kept = append(kept, r)
		}
	}
	return string(kept)
}
