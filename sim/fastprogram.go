package sim

import (
	"fmt"
	"math"
	mathbits "math/bits"

	"tritloom/internal/bits"
)

// fastProgram is a program in the form of the fast engine: crosspoints as packed rows,
// neurons in blocks of 256 columns, destinations beside them. Like a program it is
// never changed. It keeps nothing of the image, which takes several times its memory.
type fastProgram struct {
	rules
	cores     []fastCore
	senders   []fastSender   // in an order in which every chain can be walked
	bundles   []bundle       // the same, by their place in a chain, together what goes together
	blocks    int            // of all cores
	rows      []bits.SignRow // [block][axon, and at last zeros]
	params    []bits.Params  // [block]
	exits     []exit         // [core][column]
	columns   int            // of a core
	axons     int
	most      int64 // that a tick can add to a sum
	heaviest  int32 // size of the greatest weight
	axonWords int   // words of one bit an axon
	slotWords int   // words of a scheduler slot: the axons' bits, uncounted writes; whole cache lines
	ring      int   // slots of a scheduler, a power of two
	phased    bool  // partial sums travel between integration and update
}

// fastCore is one core.
type fastCore struct {
	first  int // number of its first block of all
	blocks []fastBlock
	fans   []fan // of columns with other than one destination
	levels []fastLevel
	always []share // all used columns
	types  []uint8 // [axon]; of cores with stochastic synapses
	used   int     // columns
	random bool    // some synapses are stochastic
	clips  bool    // a conversion may clip a sum
	sleeps bool    // without input and spikes nothing of it is seen
}

// fastLevel is the columns of one level, a mask a block.
type fastLevel struct {
	level   int32
	columns []bits.Mask
}

// exit is where the spikes of a column go and what they cost, 16 bytes as most of it
// comes from memory.
type exit struct {
	core        uint32 // of the one destination, or a number in fans
	axon, delay uint16
	hopX, hopY  uint16
	flags       uint16
}

// Flags of an exit.
const (
	exitTile = 1 << iota // the one destination is in the same tile
	exitFan              // there are none or several
)

// fan is none or several destinations.
type fan struct {
	wires        []wire
	cores, tiles uint32
	hopX, hopY   uint32
}

// wire is one of several destinations.
type wire struct {
	core        uint32
	axon, delay uint16
}

// mostFastAxons leaves a number of 16 bits for the row of zeros.
const mostFastAxons = 1<<16 - 1

// canFast refuses chips that the fast engine has no form for.
func canFast(p *program) error {
	core := &p.image.Capabilities.Core
	switch {
	case core.Axons > mostFastAxons:
		return fmt.Errorf("sim: cores of %d axons; engine %q holds 1..%d; simulate with engine %q or %q", core.Axons, EngineFast, mostFastAxons, EngineReference, EngineAuto)
	case p.kbit:
		return fmt.Errorf("sim: %s synapses of %d bits; engine %q adds up crosspoints of one weight a column and axon type; simulate with engine %q or %q", core.SynapseMode, core.SynapseBits, EngineFast, EngineReference, EngineAuto)
	case p.variation != nil:
		return fmt.Errorf("sim: conductances vary; engine %q has one weight for all cells; simulate with engine %q or %q", EngineFast, EngineReference, EngineAuto)
	}
	return nil
}

// newFastProgram prepares. maxDelay is the longest delay of any spike.
func newFastProgram(p *program, maxDelay int) (*fastProgram, error) {
	if err := canFast(p); err != nil {
		return nil, err
	}
	axons := p.image.Capabilities.Core.Axons
	f := &fastProgram{rules: p.rules, cores: make([]fastCore, len(p.cores)), axons: axons, axonWords: bits.Words(axons), phased: len(p.senders) > 0}
	f.slotWords = (f.axonWords + 1 + 7) &^ 7
	f.ring = 1 << mathbits.Len(uint(maxDelay))
	f.bundleSenders(p)
	perCore := (p.image.Capabilities.Core.Neurons + bits.Columns - 1) / bits.Columns
	f.blocks = len(f.cores) * perCore
	f.rows, f.params = slab[bits.SignRow](f.blocks*(axons+1)), slab[bits.Params](f.blocks)
	f.columns = p.image.Capabilities.Core.Neurons
	f.exits = slab[exit](len(f.cores) * f.columns)
	f.heaviest = 1
	for c := range f.cores {
		f.prepareCore(p, c)
	}
	if f.most > math.MaxInt32/2 {
		return nil, fmt.Errorf("sim: the synapses of a column add up to as much as %d; engine %q holds up to %d; simulate with engine %q", f.most, EngineFast, math.MaxInt32/2, EngineReference)
	}
	return f, nil
}

func (f *fastProgram) prepareCore(p *program, c int) {
	core, columns := &f.cores[c], p.cores[c].columns
	for n, exits := 0, f.exitsFrom(c, 0); n < len(exits); n++ {
		exits[n] = core.exitOf(&columns[n])
	}
	core.clips = p.cores[c].clips
	blocks := f.blocks / len(f.cores)
	core.first = c * blocks
	for _, g := range p.cores[c].groups {
		level := fastLevel{g.level, make([]bits.Mask, blocks)}
		for _, n := range g.columns {
			level.columns[n/bits.Columns][n%bits.Columns/64] |= 1 << (n % 64)
		}
		core.used += len(g.columns)
		core.levels = append(core.levels, level)
	}
	all := share{wave: onlyWave, columns: make([]bits.Mask, blocks)}
	for l := range core.levels {
		for b, m := range core.levels[l].columns {
			all.columns[b] = union(&all.columns[b], &m)
		}
	}
	if core.used > 0 {
		core.always = []share{all}
	}
	core.sleeps = !f.gated && !f.phased
	for b := range blocks {
		first := b * bits.Columns
		block := f.prepareBlock(&p.image.Cores[c], columns[first:min(first+bits.Columns, len(columns))], first, core.first+b)
		core.blocks = append(core.blocks, block)
		core.sleeps = core.sleeps && block.scores == bits.Mask{}
		core.random = core.random || block.random != bits.Mask{}
	}
	if core.random {
		for a := range p.image.Cores[c].Axons {
			core.types = append(core.types, p.image.Cores[c].Axons[a].Type)
		}
	}
}

// exitsFrom are those of a core's columns from first on, without a look at the core.
func (f *fastProgram) exitsFrom(c, first int) []exit {
	return f.exits[c*f.columns+first : (c+1)*f.columns]
}

// exitOf packs a column's destinations.
func (core *fastCore) exitOf(column *columnProgram) exit {
	route, flags := &column.route, uint16(0)
	if len(column.Dests) == 1 {
		d := column.Dests[0]
		if route.tiles == 1 {
			flags |= exitTile
		}
		return exit{
			core: uint32(d.Core), axon: uint16(d.Axon), delay: uint16(d.Delay), // a mesh is at most 4,096 wide and high
			hopX: uint16(route.hopX), hopY: uint16(route.hopY), flags: flags,
		}
	}
	f := fan{cores: uint32(route.cores), tiles: uint32(route.tiles), hopX: uint32(route.hopX), hopY: uint32(route.hopY)}
	for _, d := range column.Dests {
		f.wires = append(f.wires, wire{uint32(d.Core), uint16(d.Axon), uint16(d.Delay)})
	}
	core.fans = append(core.fans, f)
	return exit{core: uint32(len(core.fans) - 1), flags: exitFan}
}
