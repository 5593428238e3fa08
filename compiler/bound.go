package compiler

import (
	"tritloom/hwmodel"
	"tritloom/layout"
)

// Bound is a lower bound on the cores any exact mapping by crossbars and
// partial sums can reach, from three things that no mapping can do without.
type Bound struct {
	Crosspoints int `json:"crosspoints"` // every nonzero weight takes a crosspoint
	Columns     int `json:"columns"`     // a neuron of fan-in f takes ceil(f / axons) columns
	Axons       int `json:"axons"`       // a source heard by f neurons takes ceil(f / neurons) axons
}

// Cores is the bound itself.
func (b Bound) Cores() int { return max(b.Crosspoints, b.Columns, b.Axons) }

func lowerBound(units []unit, core hwmodel.Core) Bound {
	weights, columns, axons := 0, 0, 0
	heard := map[layout.Label]int{}
	for u := range units {
		unit := &units[u]
		for j := range unit.neurons {
			fanIn := 0
			for i := range unit.sources {
				if unit.weight(j, i) != 0 {
					fanIn++
					heard[unit.sources[i]]++
				}
			}
			weights += fanIn
			columns += max(1, ceilDiv(fanIn, core.Axons))
		}
	}
	for _, n := range heard {
		axons += ceilDiv(n, core.Neurons)
	}
	return Bound{ceilDiv(weights, core.Axons*core.Neurons), ceilDiv(columns, core.Neurons), ceilDiv(axons, core.Axons)}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
