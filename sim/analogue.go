package sim

import (
	"fmt"
	"math/rand/v2"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// analogue is what cores do whose crosspoints are pairs of analogue cells: of each pair
// one cell conducts, or none. A converter drives the row of every active axon
// (dac_row), once a spike, and another one converts the current of every evaluated
// column into an integer (adc_conversion), touched or not: A of step (b). A conversion
// clips A to the chip's core.adc_bits, before partial sums come in.
type analogue struct {
	pairs     bool // crosspoints are such pairs
	clips     bool // conversions have a width
	low, high int64
}

func analogueOf(core hwmodel.Core) analogue {
	a := analogue{pairs: core.SynapseMode == hwmodel.Differential}
	a.clips = a.pairs && core.ADCBits > 0
	a.low, a.high = hwmodel.SignedRange(core.ADCBits)
	return a
}

// clip is what a conversion makes of a column's sum.
func (a *analogue) clip(sum int64) int64 {
	if !a.clips {
		return sum
	}
	return min(max(sum, a.low), a.high)
}

// mayClip tells whether the sum of any column of a core can leave the width of a
// conversion. Where spikes add up on an axon only their number bounds a sum.
func (p *program) mayClip(c int) bool {
	if !p.analogue.clips {
		return false
	}
	if p.add {
		return true
	}
	for n := range p.cores[c].columns {
		if p.cores[c].columns[n].Role == layout.Unused {
			continue
		}
		var low, high int64
		for a := range p.image.Cores[c].Axons {
			w := int64(p.image.Weight(c, a, n))
			low, high = low+min(w, 0), high+max(w, 0)
		}
		if low < p.analogue.low || high > p.analogue.high {
			return true
		}
	}
	return false
}

// variation is how the cells of one made chip differ from the ideal one. A conducting
// cell of the ideal chip has a conductance of unit; here
//
//	g    = max(0, unit + d)
//	d    = round(sd · (s - 393210) / 65536), at most 3 sd either way
//	s    = the sum of twelve random numbers of 16 bits
//	A    = round((Σ g of active plus cells - Σ g of active minus cells) / unit)
//
// with s - 393210 of mean 0 and standard deviation 65536 (exactly the root of 65536² -
// 1) and nearly normal, and both roundings to the nearest integer, halves away from
// zero. A cell that does not conduct leaks nothing. A stochastic synapse conducts as its
// cell does, or not at all.
//
// The numbers of a core come from a stream of their own, seed.SimConductance by logical
// core number, 64 bits holding four of them, lowest first; in the order of axons, then
// columns, then the plus and the minus cell, all of them, whether they conduct or not.
// So neither the weights of other cells nor the place of a core changes a cell.
type variation struct {
	sd    int // in parts of unit
	seed  uint64
	gains [][]int32 // [core][axon · columns + column]: g of the conducting cell, negative of a minus cell
}

// unit is the conductance of a cell of the ideal chip.
const unit = 1024

// mostVariations is how many standard deviations a cell is off at most.
const mostVariations = 3

// drawVariation makes the chip of the options, if they ask for one that varies.
func (p *program) drawVariation(o *Options) error {
	if !o.Variation {
		return nil
	}
	sd, l := o.ConductanceSD1024, p.image
	if !p.analogue.pairs {
		return fmt.Errorf("sim: variation of conductances on chip %q, whose synapses are %s; only %s ones have any", l.Chip, l.Capabilities.Core.SynapseMode, hwmodel.Differential)
	}
	if sd == 0 {
		sd = l.Capabilities.Core.ConductanceSD1024
	}
	if sd == 0 {
		return fmt.Errorf("sim: chip %q does not state core.conductance_sd_1024, how far its cells vary; give a standard deviation of 1..%d, in 1/%d of a cell", l.Chip, MostConductanceSD, unit)
	}
	p.vary(sd, o.Seed)
	return nil
}

// vary draws every cell of the chip.
func (p *program) vary(sd int, from uint64) {
	v := &variation{sd: sd, seed: from}
	for c := range p.cores {
		r := seed.Sub(from, seed.SimConductance, c)
		gains := make([]int32, 0, len(p.image.Cores[c].Axons)*len(p.cores[c].columns))
		for a := range p.image.Cores[c].Axons {
			for n := range p.cores[c].columns {
				plus, minus := conductance(r, sd), conductance(r, sd)
				switch p.image.Weight(c, a, n) {
				case 1:
					gains = append(gains, plus)
				case -1:
					gains = append(gains, -minus)
				default:
					gains = append(gains, 0)
				}
			}
		}
		v.gains = append(v.gains, gains)
	}
	p.variation = v
}

// conductance draws a cell.
func conductance(r *rand.Rand, sd int) int32 {
	const numbers, mean = 12, 12 * (1<<16 - 1) / 2
	s := int64(0)
	for range numbers / 4 {
		for x, k := r.Uint64(), 0; k < 4; k++ {
			s += int64(x >> (16 * k) & 0xFFFF)
		}
	}
	d := nearest(int64(sd)*(s-mean), 1<<16)
	most := int64(mostVariations * sd)
	return int32(max(0, unit+min(max(d, -most), most)))
}

// nearest is v / by rounded to the nearest integer, halves away from zero.
func nearest(v, by int64) int64 {
	if v < 0 {
		return -((by/2 - v) / by)
	}
	return (v + by/2) / by
}

// record is what a run says of its chip.
func (v *variation) record() *ledger.Variation {
	if v == nil {
		return nil
	}
	return &ledger.Variation{ConductanceSD1024: v.sd, Seed: v.seed}
}
