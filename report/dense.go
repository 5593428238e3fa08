package report

import (
	"fmt"
	"math/bits"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// What a multiplication and its addition take, in additions of 32-bit integers,
// all at 45 nm.
const (
	int8MAC = (0.2 + 0.03) / 0.1
	fp32MAC = (3.7 + 0.9) / 0.1

	macSource = "Horowitz 2014 (ISSCC), 45 nm, second-hand: integers of 32 bits add 0.1 pJ; fp32 multiply 3.7 pJ, add 0.9 pJ; integers of 8 bits multiply 0.2 pJ, add 0.03 pJ (these two unchecked)"
)

// denseSpec is one row of the table at Baseline.
type denseSpec struct {
	name                  string
	weightBits, inputBits uint64
	gated                 bool    // adds only where an active input meets a nonzero weight
	additions             float64 // of the chip's, an addition or a multiplication with it
}

// activationBits is how many bits hold the number of spikes of a neuron in so many
// steps, 0 to steps: ⌈log2(steps + 1)⌉.
func activationBits(steps int) uint64 { return uint64(bits.Len(uint(steps))) }

// denseSpecs lists the engines for a network of so many steps.
func denseSpecs(steps int) []denseSpec {
	list := []denseSpec{{"ternary", 2, 1, false, 1}, {"ternary, zeros gated", 2, 1, true, 1}}
	if b := activationBits(steps); b > 1 {
		name := fmt.Sprintf("ternary, inputs of %d bits", b)
		list = []denseSpec{{name, 2, b, false, 1}, {name + ", added bit by bit", 2, b, false, float64(b)}}
	}
	return append(list, denseSpec{"int8", 8, 8, false, int8MAC}, denseSpec{"fp32", 32, 32, false, fp32MAC})
}

// dense counts what a dense engine handles in one inference.
type dense struct {
	stored, summed, nonzero, inputs, neurons uint64
	met                                      float64 // synaptic operations of the run, the mean
}

// denseSize counts a network. Layers of pure logic have no weights and are
// free.
func denseSize(n *ternary.Network) dense {
	var d dense
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() {
			continue
		}
		share := uint64(1) // neurons a stored weight serves
		if l.Op == ternary.Conv2D {
			share = uint64(l.Map.OutHeight() * l.Map.OutWidth())
		}
		d.add(l.Weights, share)
		d.inputs += uint64(n.Width(l.From))
		d.neurons += uint64(l.Outputs)
	}
	d.add(n.Readout.Weights, 1)
	d.inputs += uint64(n.Width(n.Readout.From))
	d.neurons += uint64(n.Readout.Outputs)
	return d
}

func (d *dense) add(weights []int8, share uint64) {
	d.stored += uint64(len(weights))
	d.summed += uint64(len(weights)) * share
	for _, w := range weights {
		if w != 0 {
			d.nonzero += share
		}
	}
}

// engine is one dense engine with such counts, static energy left out. Its
// additions need not be whole ones, so they are priced apart.
func (d dense) engine(spec denseSpec, s *sheet, counts ledger.Counts) Engine {
	e := Engine{
		Name: spec.name, BitsRead: counts[ledger.BitsRead], Neurons: counts[ledger.NeuronTouched],
		Additions: float64(spec.additions * float64(d.summed)),
	}
	if spec.gated {
		e.Additions = min(d.met, float64(d.summed))
	}
	counts[ledger.SynapticOp] = 0
	e.Joules = s.joules(&counts).plus(s.events[ledger.SynapticOp].times(e.Additions))
	return e
}

// counts is the census of one dense inference in the ledger's terms.
func (d dense) counts(spec denseSpec, core hwmodel.Core) ledger.Counts {
	var c ledger.Counts
	read := spec.weightBits*d.stored + spec.inputBits*d.inputs
	row := uint64(max(1, core.Neurons*core.SynapseBits))
	c[ledger.BitsRead] = read
	c[ledger.RowRead] = (read + row - 1) / row
	c[ledger.SynapticOp] = d.summed
	c[ledger.NeuronTouched] = d.neurons
	return c
}
