package trainer

import "tritloom/ternary"

// unit is one thing that adds weighted bits to a sum on every sample: a hidden
// neuron or a class. Only one unit is in focus at a time; what it knows is
// void once another unit changed.
type unit interface {
	// gain is the change of the loss if delta were added to the sum on the
	// samples of a column. It may be called from several threads at once
	// after prepare.
	gain(column []uint64, delta int) int64
	// prepare finds everything gain needs, so that gain only reads.
	prepare()
	// apply adds delta to the sum on the samples of a column.
	apply(column []uint64, delta int)
}

// seat says where a unit's coordinates live in the network: its weights, its
// inputs, its threshold or bias.
type seat struct {
	layer, index int // layer is toReadout for a class
	weights      []int8
	mask         []bool // nil: all free
	inputs       [][]uint64
	// constant is the threshold of a neuron or the bias of a class. Adding d
	// to it adds d·sign to the sum of a class and takes it off a neuron's.
	constant *int32
	sign     int
}

// seats lists all units of the network in layer order, classes last.
func seats(s *state, shape Shape) []seat {
	var list []seat
	for i := range s.net.Layers {
		l, inputs := &s.net.Layers[i], s.layers[i].inputs
		for k := range l.Outputs {
			list = append(list, seat{i, k, l.Row(k, len(inputs)), part(shape.mask(i), k, len(inputs)), inputs, &l.Theta[k], -1})
		}
	}
	r := &s.net.Readout
	for c := range r.Outputs {
		width := len(s.readoutInputs)
		list = append(list, seat{toReadout, c, r.Row(c, width), part(shape.ReadoutMask, c, width), s.readoutInputs, &r.Bias[c], 1})
	}
	return list
}

func part(mask []bool, row, width int) []bool {
	if mask == nil {
		return nil
	}
	return mask[row*width : (row+1)*width]
}

// coordinates is the number of coordinates of a unit: its weights, then its
// threshold or bias.
func (p *seat) coordinates() int { return len(p.weights) + 1 }

// constantRange is what the threshold or bias may become. Thresholds beyond
// [low, high+1] of the reachable sums make the same constant neuron.
func (p *seat) constantRange(limit int32) (low, high int32) {
	if p.layer == toReadout {
		return -limit, limit
	}
	low, high = ternary.Reach(p.weights)
	return low, high + 1
}
