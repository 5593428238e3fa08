package compiler

import (
	"fmt"

	"tritloom/hwmodel"
)

// tilePiece is a block of a unit's matrix that sits in one core: some of its
// inputs by some of its neurons. The pieces of a unit cover every nonzero
// weight exactly once.
type tilePiece struct {
	unit            int
	inputs, neurons []int
}

// cutting is one way to cut a unit into pieces.
type cutting struct {
	// direct gathers neurons whose inputs together fit one core, so that no
	// partial sum is needed. Otherwise inputs are cut into slices of at most
	// rows inputs each.
	direct bool
	rows   int
}

// tile cuts units into pieces and packs the pieces into cores. Which cutting
// is best for one unit depends on what the others leave free: a slice of 240
// inputs leaves 16 axons for the last 16 inputs of a 784-input layer. So the
// cuttings are searched together, one unit at a time, until no change helps.
func tile(s *state) error {
	core := s.caps.Core
	bound, have := lowerBound(s.units, core).Cores(), s.caps.Mesh.Cores()
	if bound > have { // before a search that could only confirm it
		return fmt.Errorf("needs at least %d cores; the chip has %d; %s", bound, have, narrower)
	}
	chosen := make([]cutting, len(s.units))
	options := make([][]cutting, len(s.units))
	for u := range s.units {
		options[u] = cuttings(s.units, u, core)
		chosen[u] = options[u][0]
	}
	best := packBest(s.units, chosen, core)
	for improved := true; improved && len(best.bins) > bound; {
		improved = false
		for u := range s.units {
			for _, option := range options[u] {
				before := chosen[u]
				chosen[u] = option
				if trial := packBest(s.units, chosen, core); trial.better(best) {
					best, improved = trial, true
				} else {
					chosen[u] = before
				}
			}
		}
	}
	if len(best.bins) > have {
		return fmt.Errorf("needs %d cores; the chip has %d; %s", len(best.bins), have, narrower)
	}
	s.bins = best.bins
	s.traffic = s.multicastTraffic()
	return nil
}

// narrower is the way out of a chip that is too small.
const narrower = "use narrower layers, or masks so that fewer inputs meet each neuron"

// cuttings lists the ways to cut unit u, the plainest first.
func cuttings(units []unit, u int, core hwmodel.Core) []cutting {
	inputs, converter := units[u].usedInputs(), converterOf(core)
	used, whole := len(inputs), units[u].fitsWhole(converter)
	var list []cutting
	if units[u].widest() <= core.Axons && whole {
		list = append(list, cutting{direct: true})
	}
	if used <= core.Axons && whole {
		return list
	}
	add := func(rows int) {
		for _, c := range list {
			if c.rows == rows {
				return
			}
		}
		if rows > 0 && units[u].slicesFit(inputs, rows, converter) {
			list = append(list, cutting{rows: rows})
		}
	}
	if !whole { // as few equal slices as conversions hold; one of as many rows as they count always fits
		for slices := 2; len(list) == 0; slices++ {
			add(min(core.Axons, max(converter.high, (used+slices-1)/slices)))
		}
	}
	add(core.Axons)
	slices := (used + core.Axons - 1) / core.Axons
	add((used + slices - 1) / slices) // equal slices
	for v := range units {            // leave room for what another unit has over
		add(core.Axons - len(units[v].usedInputs())%core.Axons)
	}
	return list
}

func (u *unit) widest() int {
	most := 0
	for j := range u.neurons {
		most = max(most, u.fanIn(j))
	}
	return most
}

// cut makes the pieces of unit u.
func cut(units []unit, u int, how cutting, core hwmodel.Core) []tilePiece {
	if how.direct {
		return cutDirect(&units[u], u, core)
	}
	return cutSlices(&units[u], u, how.rows, core)
}

// cutDirect gathers neurons in order while their inputs together fit a core.
func cutDirect(unit *unit, u int, core hwmodel.Core) []tilePiece {
	var pieces []tilePiece
	held := make([]bool, len(unit.sources))
	var inputs, neurons []int
	flush := func() {
		if len(neurons) > 0 {
			pieces = append(pieces, tilePiece{u, unit.inputsOf(neurons, allOf(len(unit.sources))), neurons})
		}
		for _, i := range inputs {
			held[i] = false
		}
		inputs, neurons = nil, nil
	}
	for j := range unit.neurons {
		var fresh []int
		for i := range unit.sources {
			if unit.weight(j, i) != 0 && !held[i] {
				fresh = append(fresh, i)
			}
		}
		if len(inputs)+len(fresh) > core.Axons || len(neurons) == core.Neurons {
			flush()
			fresh = fresh[:0]
			for i := range unit.sources {
				if unit.weight(j, i) != 0 {
					fresh = append(fresh, i)
				}
			}
		}
		for _, i := range fresh {
			held[i] = true
		}
		inputs, neurons = append(inputs, fresh...), append(neurons, j)
	}
	flush()
	return pieces
}

// cutSlices cuts the used inputs into slices; in every slice the neurons that
// hear any of it get a column. A score without any weight still needs one, for
// its bias.
func cutSlices(unit *unit, u, rows int, core hwmodel.Core) []tilePiece {
	used := unit.usedInputs()
	var pieces []tilePiece
	var silent []int
	for j := range unit.neurons {
		if unit.fanIn(j) == 0 {
			silent = append(silent, j)
		}
	}
	for first := 0; first < len(used); first += rows {
		slice := used[first:min(first+rows, len(used))]
		neurons := unit.neuronsOf(slice)
		for len(neurons) > 0 {
			n := min(len(neurons), core.Neurons)
			pieces = append(pieces, tilePiece{u, unit.inputsOf(neurons[:n], slice), neurons[:n]})
			neurons = neurons[n:]
		}
	}
	if len(silent) > 0 {
		pieces = append(pieces, tilePiece{u, nil, silent})
	}
	return pieces
}

// neuronsOf lists the neurons with a nonzero weight on any of the inputs.
func (u *unit) neuronsOf(inputs []int) []int {
	var list []int
	for j := range u.neurons {
		for _, i := range inputs {
			if u.weight(j, i) != 0 {
				list = append(list, j)
				break
			}
		}
	}
	return list
}

// checkTiles demands that the pieces in the cores cover every nonzero weight
// exactly once and respect the size of a core.
func checkTiles(s *state) error {
	for u := range s.units {
		unit := &s.units[u]
		times := make([]uint8, len(unit.weights))
		columns := make([]int, unit.neurons)
		for b := range s.bins {
			for _, p := range s.bins[b].pieces {
				if p.unit != u {
					continue
				}
				for _, j := range p.neurons {
					columns[j]++
					for _, i := range p.inputs {
						times[j*len(unit.sources)+i]++
					}
				}
			}
		}
		for k, w := range unit.weights {
			if w != 0 && times[k] != 1 || times[k] > 1 {
				return fmt.Errorf("%s: weight %d of neuron %d is held by %d cores", unit.name, k%len(unit.sources), k/len(unit.sources), times[k])
			}
		}
		for j, n := range columns {
			if n == 0 {
				return fmt.Errorf("%s: neuron %d has no column", unit.name, j)
			}
		}
	}
	for b := range s.bins {
		if bin := &s.bins[b]; len(bin.axons) > s.caps.Core.Axons || len(bin.columns) > s.caps.Core.Neurons {
			return fmt.Errorf("core %d holds %d axons and %d columns", b, len(bin.axons), len(bin.columns))
		}
	}
	return nil
}
