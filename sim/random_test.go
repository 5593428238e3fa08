package sim

import (
	"math/rand/v2"

	"tritloom/encode"
	"tritloom/layout"
)

// dense is a network of step layers as plain matrices, the oracle for the
// images made from it.
type dense struct {
	inputs int
	layers []denseLayer // the last one gives the scores
}

type denseLayer struct {
	weights [][]int32 // [neuron][source]
	theta   []int32   // the leak of scores
}

// randomTernary has the given widths, weights of -1, 0 and +1 alike, and thresholds of 1.
func randomTernary(r *rand.Rand, inputs int, widths ...int) dense {
	d := dense{inputs: inputs}
	width := inputs
	for _, n := range widths {
		var l denseLayer
		for range n {
			row := make([]int32, width)
			for i := range row {
				row[i] = int32(r.IntN(3) - 1)
			}
			l.weights, l.theta = append(l.weights, row), append(l.theta, 1)
		}
		d.layers, width = append(d.layers, l), n
	}
	return d
}

func randomDense(r *rand.Rand) dense {
	d := dense{inputs: 1 + r.IntN(14)}
	width := d.inputs
	for range 1 + r.IntN(3) {
		var l denseLayer
		for range 1 + r.IntN(8) {
			row := make([]int32, width)
			for i := range row {
				row[i] = int32(r.IntN(3) - 1)
			}
			l.weights, l.theta = append(l.weights, row), append(l.theta, int32(r.IntN(5)-2))
		}
		d.layers, width = append(d.layers, l), len(l.theta)
	}
	return d
}

// eval gives the activity of every layer's sources and the scores.
func (d dense) eval(in encode.Bits) (active [][]bool, scores []int32) {
	bits := make([]bool, d.inputs)
	for i := range bits {
		bits[i] = in.Get(i)
	}
	for _, l := range d.layers {
		active = append(active, bits)
		var out []bool
		scores = nil
		for j, row := range l.weights {
			sum := int32(0)
			for i, w := range row {
				if bits[i] {
					sum += w
				}
			}
			out, scores = append(out, sum >= l.theta[j]), append(scores, sum+l.theta[j])
		}
		bits = out
	}
	return active, scores
}

// tiles is how a layer lies on cores: rows × groups of them, rows linked by
// chains of partial sums, every group seeing all sources.
type tiles struct {
	rows, groups, first int // first logical core; core of (row, group) is first + group·rows + row
	level               int32
}

// image lays the network out on cores of the given size, in random places,
// with random gaps between the levels.
func (d dense) image(r *rand.Rand, axons, neurons int, gated bool) (*layout.Layout, []tiles) {
	text := "chip random ternary axons 1 neurons 1 mesh 12x12 tile 3x2\n"
	l := mustParse(text + "inputs 1\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\n")
	l.Capabilities.Core.Axons, l.Capabilities.Core.Neurons, l.Capabilities.Host.WaveGate = axons, neurons, gated
	l.Cores, l.Inputs, l.Readout.Neurons = nil, d.inputs, len(d.layers[len(d.layers)-1].theta)
	places := r.Perm(144)
	var all []tiles
	level := int32(r.IntN(2))
	for i, layer := range d.layers {
		t := tiles{(len(layer.weights[0]) + axons - 1) / axons, (len(layer.theta) + neurons - 1) / neurons, len(l.Cores), level}
		level += 1 + int32(r.IntN(3))
		all = append(all, t)
		if i < len(d.layers)-1 {
			l.Layers = append(l.Layers, layout.LayerLabel{Name: "hidden", Neurons: len(layer.theta)})
		}
		for range t.rows * t.groups {
			core := layout.NewCore(l.Capabilities.Core)
			at := places[len(l.Cores)]
			core.X, core.Y = at%12, at/12
			l.Cores = append(l.Cores, core)
		}
	}
	for i := range d.layers {
		d.place(l, i, all)
	}
	for input := range d.inputs {
		for g := range all[0].groups {
			at := all[0].axon(g, input, axons)
			l.InputMap = append(l.InputMap, layout.InputEntry{Input: int32(input), Core: at.Core, Axon: at.Axon, Delay: all[0].level})
		}
	}
	l.Schedule.TicksPerInference = int(all[len(all)-1].level) + 1
	l.Schedule.InitiationInterval = 1 + r.IntN(l.Schedule.TicksPerInference)
	return l, all
}

// axon is where source i of a layer arrives in a group.
func (t tiles) axon(group, i, axons int) layout.Dest {
	return layout.Dest{Core: int32(t.first + group*t.rows + i/axons), Axon: int32(i % axons)}
}

// place fills the cores of one layer.
func (d dense) place(l *layout.Layout, i int, all []tiles) {
	t, layer := all[i], d.layers[i]
	axons, neurons := l.Capabilities.Core.Axons, l.Capabilities.Core.Neurons
	for j, row := range layer.weights {
		group, column := j/neurons, j%neurons
		for k := range t.rows {
			core := &l.Cores[t.first+group*t.rows+k]
			c := &core.Columns[column]
			c.Level, c.Label = t.level, layout.Label{Layer: int32(i), Neuron: int32(j)}
			if k < t.rows-1 {
				c.Role, c.Psum = layout.Sender, layout.Link{Core: int32(t.first + group*t.rows + k + 1), Column: int32(column)}
			}
		}
		last := t.first + group*t.rows + t.rows - 1
		head := &l.Cores[last].Columns[column]
		if i == len(d.layers)-1 {
			head.Role, head.Leak = layout.Score, layer.theta[j]
			l.OutputMap = append(l.OutputMap, layout.OutputEntry{Core: int32(last), Column: int32(column), Class: int32(j)})
		} else {
			head.Role, head.Theta = layout.Spiking, layer.theta[j]
			for g := range all[i+1].groups {
				to := all[i+1].axon(g, j, axons)
				to.Delay = all[i+1].level - t.level
				head.Dests = append(head.Dests, to)
			}
		}
		for source, w := range row {
			at := t.axon(group, source, axons)
			core := &l.Cores[at.Core]
			core.Axons[at.Axon].Label = layout.Label{Layer: int32(i) - 1, Neuron: int32(source)}
			core.Planes[0].Put(int(at.Axon), column, w > 0)
			core.Planes[1].Put(int(at.Axon), column, w < 0)
		}
	}
}

func mustParse(text string) *layout.Layout {
	l, err := layout.ParseText(text)
	if err != nil {
		panic(err)
	}
	return l
}

func randomSamples(r *rand.Rand, n, width int) samples {
	var s samples
	for range n {
		b := encode.NewBits(width)
		for i := range width {
			b.Put(i, r.IntN(3) == 0)
		}
		s = append(s, b)
	}
	return s
}
