package sim

import (
	"math"

	"tritloom/internal/bits"
	"tritloom/layout"
)

// fastBlock is up to 256 columns.
type fastBlock struct {
	first   int            // number of its first column
	rows    []bits.SignRow // [axon], and at last a row of zeros
	types   []fastType     // of typed sums; nil: a sum is count · params.Scale
	random  bits.Mask      // columns with stochastic synapses
	used    bits.Mask
	spiking bits.Mask
	scores  bits.Mask
	fans    bits.Mask       // spiking columns with other than one destination
	outputs bits.Mask       // spiking columns whose spikes the host counts
	special []layout.Column // [column - first]; nil: params hold for all spiking columns
	params  *bits.Params
	reach   int64     // the most that a tick can add to a potential
	leaks   []int32   // [column - first] of blocks with score columns
	noise   []uint16  // [column - first]: masks of random thresholds; nil: none draws
	noisy   bits.Mask // columns that draw
	floor   []floor   // [column - first] of negative thresholds that params keep away from; nil: none
	initial []int32   // potentials at rest; nil: 0
	keeps   int       // columns that keep a potential
	state   bool      // columns have a current or a rest besides their potential
	restful bool      // no column ever fires without input, and none keeps a potential
}

// fastType is the weights of one axon type.
type fastType struct {
	axons []uint64            // a bit an axon
	sizes [bits.Columns]int32 // of each column's weight; rows have the sign
}

// floor is a column's negative threshold.
type floor struct {
	beta int32
	kind layout.Floor
}

// hold is a potential that may be below the negative threshold after its reset, zero or
// subtract; η is the random part of thresholds that bounce.
func (f *floor) hold(v, η int64, subtract bool) int64 {
	beta := int64(f.beta)
	if f.kind == layout.Bounce {
		beta += η
	}
	switch {
	case f.kind == layout.NoFloor || v >= -beta:
		return v
	case f.kind == layout.Hold:
		return -beta
	case subtract:
		return v + beta
	}
	return 0
}

// prepareBlock packs the columns of a core from first on.
func (f *fastProgram) prepareBlock(image *layout.Core, columns []columnProgram, first, block int) fastBlock {
	b := fastBlock{first: first, rows: f.rows[block*(f.axons+1):][:f.axons+1]}
	for n := range columns {
		b.mark(n, &columns[n])
	}
	scale, uniform := int32(1), true
	if f.typed {
		scale, uniform = magnitudes(columns)
	}
	if !uniform {
		b.types, scale = typesOf(image, columns), 1
	}
	reach := f.pack(&b, image, columns)
	p, ok := f.paramsOf(columns, scale, reach)
	b.params = &f.params[block]
	b.reach = reach
	if *b.params = p; !ok {
		b.special = specials(columns)
	}
	b.rest(columns)
	if b.scores != (bits.Mask{}) {
		for n := range columns {
			b.leaks = append(b.leaks, columns[n].Leak)
		}
	}
	return b
}

// magnitudes tells whether all weights of the columns' tables are of one size.
func magnitudes(columns []columnProgram) (scale int32, uniform bool) {
	scale, uniform = 0, true
	for n := range columns {
		for _, w := range columns[n].TypeWeights {
			if size := int32(magnitude(w)); size != 0 {
				uniform = uniform && (scale == 0 || size == scale)
				scale = size
			}
		}
	}
	return max(scale, 1), uniform
}

// pack makes the rows and gives the most that a tick can add to a potential, partial
// sums and leak included, if no axon has more than one spike.
func (f *fastProgram) pack(b *fastBlock, image *layout.Core, columns []columnProgram) int64 {
	var signs [layout.AxonTypes][2]bits.Mask // by type: where weights are positive, where negative
	for t := range signs {
		for n := range columns {
			if w := columns[n].TypeWeights[t]; w > 0 {
				signs[t][0][n/64] |= 1 << (n % 64)
			} else if w < 0 {
				signs[t][1][n/64] |= 1 << (n % 64)
			}
		}
	}
	sums := make([]int64, len(columns))
	for a := range image.Axons {
		row, kind := &b.rows[a], image.Axons[a].Type
		for half := range 2 {
			for w := range bits.Words(len(columns)) {
				if f.typed {
					row[half*4+w] = image.Planes[0].Row(a)[b.first/64+w] & signs[kind][half][w]
				} else {
					row[half*4+w] = image.Planes[half].Row(a)[b.first/64+w]
				}
			}
			bits.Each(row[half*4:half*4+4], func(n int) {
				size := int64(1)
				if f.typed {
					size = int64(magnitude(columns[n].TypeWeights[kind]))
					f.heaviest = max(f.heaviest, int32(size))
				}
				sums[n] += size
			})
		}
	}
	most := int64(0)
	for n := range columns {
		sums[n] += int64(magnitude(columns[n].Leak))
		if columns[n].fed {
			sums[n] += columns[n].sumReach
		}
		most = max(most, sums[n])
	}
	f.most = max(f.most, most)
	return most
}

// synapse is the weight of a set crosspoint of a column that no kernel updates, and
// whether it is stochastic.
func (f *fastProgram) synapse(core *fastCore, b *fastBlock, axon, n int) (weight int32, stochastic bool) {
	column, kind := &b.special[n], core.types[axon]
	stochastic = column.Dynamics.RandomSynapses>>kind&1 == 1
	switch {
	case f.typed:
		weight = column.TypeWeights[kind]
	case b.rows[axon][n/64]>>(n%64)&1 == 1:
		weight = 1
	default:
		weight = -1
	}
	return weight, stochastic
}

// specials are the columns of a block that no kernel updates, without what takes
// memory elsewhere.
func specials(columns []columnProgram) []layout.Column {
	list := make([]layout.Column, len(columns))
	for n := range columns {
		list[n] = *columns[n].Column
		list[n].Dests = nil
	}
	return list
}

// mark notes what a column is.
func (b *fastBlock) mark(n int, column *columnProgram) {
	word, bit := n/64, uint64(1)<<(n%64)
	switch column.Role {
	case layout.Unused:
		return
	case layout.Spiking:
		b.spiking[word] |= bit
		if len(column.Dests) != 1 {
			b.fans[word] |= bit
		}
		if column.class != noClass {
			b.outputs[word] |= bit
		}
	case layout.Score:
		b.scores[word] |= bit
	}
	b.used[word] |= bit
	if column.Dynamics.RandomSynapses != 0 {
		b.random[word] |= bit
	}
}

// typesOf lists the axons and weights of each type.
func typesOf(image *layout.Core, columns []columnProgram) []fastType {
	list := make([]fastType, layout.AxonTypes)
	for t := range list {
		list[t].axons = make([]uint64, bits.Words(len(image.Axons)))
		for n := range columns {
			list[t].sizes[n] = int32(magnitude(columns[n].TypeWeights[t]))
		}
	}
	for a := range image.Axons {
		bits.Set(list[image.Axons[a].Type].axons, a)
	}
	return list
}

// paramsOf gives the kernel's, and whether a kernel can update the spiking columns: they
// must be plain, reset alike, and have leaks and thresholds of 16 bits. Potentials
// within Low and High stay within their width, and above every negative threshold,
// for a tick; from others the next tick is done column by column.
func (f *fastProgram) paramsOf(columns []columnProgram, scale int32, reach int64) (p bits.Params, ok bool) {
	p.Scale = scale
	reset, first := layout.Clear, true
	low, negative := f.low, int64(0)
	for n := range columns {
		column := columns[n].Column
		if column.Role != layout.Spiking {
			continue
		}
		d := column.Dynamics
		if d.Floor != layout.NoFloor {
			low = max(low, -int64(d.Beta))
		}
		mask := d.RandomThreshold
		d.Floor, d.Beta, d.Initial, d.RandomThreshold = layout.NoFloor, 0, 0, 0
		p.Leak[n], p.Theta[n] = int16(column.Leak), int16(column.Theta)
		switch {
		case d != (layout.Dynamics{}), column.Reset == layout.Keep, !first && column.Reset != reset,
			int32(p.Leak[n]) != column.Leak, int32(p.Theta[n]) != column.Theta,
			int64(column.Theta)+int64(mask) > math.MaxInt16:
			return p, false
		}
		reset, first = column.Reset, false
	}
	if reset == layout.Subtract { // taking off a negative threshold adds
		for n := range columns {
			negative = max(negative, -int64(columns[n].Theta))
		}
	}
	if reach += negative; low+reach > f.high-reach {
		return p, false
	}
	p.Low, p.High = int32(low+reach), int32(f.high-reach)
	switch reset {
	case layout.ToZero:
		p.Unfired = -1
	case layout.Subtract:
		p.Unfired, p.Fired = -1, -1
	}
	return p, true
}

// rest finds out what happens without input.
func (b *fastBlock) rest(columns []columnProgram) {
	b.restful = b.special == nil && b.params.Unfired == 0
	for n := range columns {
		if columns[n].Role == layout.Spiking {
			if mask := columns[n].Dynamics.RandomThreshold; b.special == nil && mask != 0 {
				if b.noise == nil {
					b.noise = make([]uint16, bits.Columns)
				}
				b.noise[n] = uint16(mask)
				b.noisy[n/64] |= 1 << (n % 64)
				b.restful = false
			}
			b.restful = b.restful && columns[n].Leak < columns[n].Theta
			b.state = b.state || columns[n].Dynamics.Current || columns[n].Dynamics.Refractory != 0
			if keepsState(columns[n].Column) {
				b.keeps++
			}
			if d := &columns[n].Dynamics; b.special == nil && d.Floor != layout.NoFloor {
				if b.floor == nil {
					b.floor = make([]floor, len(columns))
				}
				b.floor[n] = floor{d.Beta, d.Floor}
			}
			if v := columns[n].Dynamics.Initial; v != 0 {
				if b.initial == nil {
					b.initial = make([]int32, bits.Columns)
				}
				b.initial[n] = v
			}
		}
	}
}
