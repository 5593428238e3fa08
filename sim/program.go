package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/layout"
)

// program is an image made ready to run. It is never changed after that, so
// any number of engines may share it.
type program struct {
	rules
	image   *layout.Layout
	cores   []coreProgram
	senders []layout.Link // in an order in which every chain can be walked

	variation *variation // of its cells; nil: the ideal chip
}

// rules are what all cores have in common.
type rules struct {
	gated                                          bool   // a column is evaluated only when a wave is due at it
	add                                            bool   // spikes that meet on an axon stay as many as they were
	typed                                          bool   // synapses are typed-binary
	kbit                                           bool   // synapses are integers; neither: they are -1, 0 or +1
	neuronMajor                                    bool   // a core reads the row of each evaluated neuron, not of each active axon
	barrier                                        bool   // a tick ends with a barrier
	levels                                         int    // ticks of an inference; levels are 0..levels-1
	steps                                          int    // ticks a wave stays at a level
	rowBits                                        uint64 // stored bits of a row read: of an axon's row, neuron-major of a neuron's
	saturates                                      bool   // potentials stop at low and high
	low, high                                      int64  // what a potential may be
	potentialBits, psumBits, randomBits, decayBits int
	analogue                                       analogue
}

func rulesOf(l *layout.Layout) rules {
	caps := &l.Capabilities
	r := rules{
		gated:       caps.Host.WaveGate,
		add:         caps.Spikes.AxonMerge == hwmodel.MergeAdd,
		typed:       caps.Core.SynapseMode == hwmodel.TypedBinary,
		kbit:        caps.Core.SynapseMode == hwmodel.KBit,
		neuronMajor: caps.Core.ReadOrder == hwmodel.NeuronMajor,
		barrier:     caps.Tick.Kind == hwmodel.TickBarrier,
		levels:      l.Schedule.TicksPerInference,
		steps:       l.Schedule.StepCount(),
		rowBits:     uint64(caps.Core.Neurons) * uint64(layout.Planes(caps.Core)),
		saturates:   caps.Neuron.Saturates,

		potentialBits: caps.Neuron.PotentialBits, psumBits: caps.Psum.Bits,
		randomBits: caps.Neuron.RandomBits, decayBits: caps.Neuron.DecayBits,
		analogue: analogueOf(caps.Core),
	}
	r.low, r.high = hwmodel.SignedRange(r.potentialBits)
	if r.neuronMajor {
		r.rowBits = uint64(caps.Core.Axons) * uint64(layout.Planes(caps.Core))
	}
	if r.analogue.pairs { // a row is driven, and no stored bit is read
		r.rowBits = 0
	}
	return r
}

// coreProgram is one core.
type coreProgram struct {
	columns []columnProgram
	groups  []levelGroup // used columns by rising level
	heads   []int32      // spiking and score columns, rising
	scores  bool         // some are score columns
	clips   bool         // a conversion may clip a sum
}

// columnProgram is one column: the image's own, with its routes worked out.
type columnProgram struct {
	*layout.Column
	route    routes   // of a spike, to all destinations
	flights  []flight // of a spike, a destination core each
	farthest uint64   // quanta from the column to the last axon a spike is written to
	fed      bool     // a sender sends its sum here
	sumReach int64    // of a fed column: the most the partial sum that comes to it can be, either way
	psumHops uint64   // mesh links to the column a sender sends to
	class    int32    // what a score column scores, or noClass
}

// noClass marks score columns that the output map does not read.
const noClass = -1

// levelGroup is the used columns of a core that share a level.
type levelGroup struct {
	level   int32
	columns []int32
}

// prepare makes the program of an image and the chip that the options ask for.
func prepare(l *layout.Layout, o *Options) (*program, error) {
	p, err := newProgram(l, &o.Latencies)
	if err != nil {
		return nil, err
	}
	return p, p.drawVariation(o)
}

// newProgram checks the image and prepares it.
func newProgram(l *layout.Layout, latencies *hwmodel.Latencies) (*program, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	if err := checkLimits(l); err != nil {
		return nil, err
	}
	p := &program{rules: rulesOf(l), image: l, cores: make([]coreProgram, len(l.Cores))}
	for c := range p.cores {
		p.cores[c] = p.prepareCore(c, latencies)
	}
	for _, e := range l.OutputMap {
		p.cores[e.Core].columns[e.Column].class = e.Class
	}
	if err := p.orderSenders(); err != nil {
		return nil, err
	}
	p.boundSums()
	for c := range p.cores {
		p.cores[c].clips = p.mayClip(c)
	}
	return p, nil
}

// checkLimits refuses valid images that this engine cannot simulate, before
// anything is made of their size.
func checkLimits(l *layout.Layout) error {
	core := l.Capabilities.Core
	columns := len(l.Cores) * core.Neurons
	switch {
	case len(l.Cores) == 0:
		return errors.New("sim: the layout has no cores; compile a network with at least one neuron")
	case l.Readout.Neurons > columns:
		return fmt.Errorf("sim: %d scores from %d columns; want 0..%d, one column a score; compile the layout again", l.Readout.Neurons, columns, columns)
	}
	return nil
}

func (p *program) prepareCore(c int, latencies *hwmodel.Latencies) coreProgram {
	image := &p.image.Cores[c]
	core := coreProgram{columns: make([]columnProgram, len(image.Columns))}
	var used []int32
	for n := range image.Columns {
		column := &image.Columns[n]
		core.columns[n] = p.prepareColumn(c, column, latencies)
		if column.Role == layout.Unused {
			continue
		}
		used = append(used, int32(n))
		if column.Role != layout.Sender {
			core.heads = append(core.heads, int32(n))
			core.scores = core.scores || column.Role == layout.Score
		}
	}
	core.groups = groupByLevel(image, used)
	return core
}

// groupByLevel sorts columns by level, and by number within a level.
func groupByLevel(core *layout.Core, columns []int32) []levelGroup {
	level := func(n int32) int32 { return core.Columns[n].Level }
	slices.SortStableFunc(columns, func(a, b int32) int { return cmp.Compare(level(a), level(b)) })
	var groups []levelGroup
	for start, n := range columns {
		if start > 0 && level(columns[start-1]) == level(n) {
			continue
		}
		end := start + 1
		for end < len(columns) && level(columns[end]) == level(n) {
			end++
		}
		groups = append(groups, levelGroup{level(n), columns[start:end]})
	}
	return groups
}

func (p *program) prepareColumn(c int, column *layout.Column, latencies *hwmodel.Latencies) columnProgram {
	l, from := p.image, placeOf(p.image, int32(c))
	made := columnProgram{Column: column, class: noClass}
	to := places(l, column.Dests)
	made.route = routesOf(l.Capabilities.Mesh, from, to)
	made.flights = flights(l, c, column.Dests, latencies)
	for _, f := range made.flights {
		made.farthest = max(made.farthest, f.links+f.service)
	}
	if column.Role == layout.Sender {
		dx, dy := links(l.Capabilities.Mesh, from, placeOf(l, column.Psum.Core))
		made.psumHops = dx + dy
	}
	return made
}

// orderSenders lists the senders so that each comes after the one that feeds
// it. Validate has refused circles and links to nowhere.
func (p *program) orderSenders() error {
	fed := map[layout.Link]bool{}
	var all []layout.Link
	for c := range p.cores {
		for n := range p.cores[c].columns {
			column := p.cores[c].columns[n].Column
			if column.Role != layout.Sender {
				continue
			}
			at := layout.Link{Core: int32(c), Column: int32(n)}
			if to := p.image.Column(column.Psum); to.Level != column.Level {
				return fmt.Errorf("sim: core %d column %d sends its partial sum at level %d to core %d column %d, which is evaluated at level %d; want one level",
					c, n, column.Level, column.Psum.Core, column.Psum.Column, to.Level)
			}
			all = append(all, at)
			fed[column.Psum] = true
			p.column(column.Psum).fed = true
		}
	}
	for _, first := range all {
		if fed[first] {
			continue
		}
		for at := first; p.image.Column(at).Role == layout.Sender; at = p.image.Column(at).Psum {
			p.senders = append(p.senders, at)
		}
	}
	return nil
}

// decay is what is left of a current or potential after a tick: towards 0 by d parts
// of 2^decay_bits, the magnitude rounded down.
func (p *rules) decay(v int64, d uint32) int64 {
	if d == 0 {
		return v
	}
	left := int64(1)<<p.decayBits - int64(d)
	if v < 0 {
		return -(-v * left >> p.decayBits)
	}
	return v * left >> p.decayBits
}

// stochastic tells whether any column draws random numbers.
func (p *program) stochastic() bool {
	for c := range p.cores {
		for n := range p.cores[c].columns {
			if p.cores[c].columns[n].Dynamics.Stochastic() {
				return true
			}
		}
	}
	return false
}

// column is the prepared column of a link.
func (p *program) column(at layout.Link) *columnProgram {
	return &p.cores[at.Core].columns[at.Column]
}

// keepsState tells whether a column carries a potential from tick to tick.
func keepsState(column *layout.Column) bool {
	return column.Role == layout.Spiking && column.Reset != layout.Clear
}

// stateful finds the first column that keeps state.
func (p *program) stateful() (at layout.Link, found bool) {
	for c := range p.cores {
		for _, n := range p.cores[c].heads {
			if keepsState(p.cores[c].columns[n].Column) {
				return layout.Link{Core: int32(c), Column: n}, true
			}
		}
	}
	return layout.NoLink, false
}

// boundSums says how far the partial sum that comes to each column can reach: as far as
// all weights of its chain, or the width of a link. On chips whose spikes add up on an
// axon only the width bounds it.
func (p *program) boundSums() {
	width := int64(1) << (max(1, p.psumBits) - 1)
	for _, from := range p.senders { // each comes after the one that feeds it
		reach := p.column(from).sumReach
		for a := range p.image.Cores[from.Core].Axons {
			reach += int64(magnitude(p.image.Weight(int(from.Core), a, int(from.Column))))
		}
		if p.add {
			reach = width
		}
		p.column(p.column(from).Psum).sumReach = min(reach, width)
	}
}
