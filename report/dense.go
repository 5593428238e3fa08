package report

import (
	"fmt"
	"math/bits"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/ternary"
)

// denseSpec is one row of the table at Baseline.
type denseSpec struct {
	name                  string
	weightBits, inputBits uint64
	gated                 bool    // works only where an active input meets a nonzero weight
	passes                float64 // operations a weight position takes
	onTop                 float64 // joules of an operation beside the chip's synaptic_op
}

// activationBits is how many bits hold the number of spikes of a neuron in so many
// steps, 0 to steps: ⌈log2(steps + 1)⌉.
func activationBits(steps int) uint64 { return uint64(bits.Len(uint(steps))) }

// denseSpecs lists the engines for a network of so many steps.
func denseSpecs(steps int, mac MAC) []denseSpec {
	list := []denseSpec{{"ternary", 2, 1, false, 1, 0}, {"ternary, zeros gated", 2, 1, true, 1, 0}}
	if b := activationBits(steps); b > 1 {
		name := fmt.Sprintf("ternary, inputs of %d bits", b)
		list = []denseSpec{{name, 2, b, false, 1, 0}, {name + ", added bit by bit", 2, b, false, float64(b), 0}}
	}
	return append(list, denseSpec{"int8", 8, 8, false, 1, mac.Int8}, denseSpec{"fp32", 32, 32, false, 1, mac.FP32})
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
// operations need not be whole ones, and may take more than the chip's, so they are
// priced apart.
func (d dense) engine(spec denseSpec, s *sheet, counts ledger.Counts) Engine {
	e := Engine{
		Name: spec.name, BitsRead: counts[ledger.BitsRead], Neurons: counts[ledger.NeuronTouched],
		Operations: float64(spec.passes * float64(d.summed)),
		Operation:  s.events[ledger.SynapticOp].plus(Interval{spec.onTop, spec.onTop, spec.onTop}),
	}
	if spec.gated {
		e.Operations = min(d.met, float64(d.summed))
	}
	counts[ledger.SynapticOp] = 0
	e.Joules = s.joules(&counts).plus(e.Operation.times(e.Operations))
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
