package compiler

import (
	"fmt"
	"math/rand/v2"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
)

// site is a place on the mesh.
type site struct{ x, y int }

// starts is how many arrangements the placement search begins from; the first
// is row by row, the others are random.
const starts = 4

// place gives every core a site. The cost is the number of mesh links that
// one inference's packets would cross if every neuron fired and every partial
// sum went straight to its core: integers, so the search is exact. From each
// start it swaps pairs of sites while that helps.
func place(s *state) error {
	cores := len(s.traffic)
	box := compactSites(cores, s.caps.Mesh)
	stream := seed.Stream(s.options.Seed, seed.CompilerPlace)
	best, bestCost := []site(nil), int64(0)
	for start := range starts {
		at := arrange(box, start, stream)
		cost := descend(at, s.traffic, s.caps.Mesh)
		if best == nil || cost < bestCost {
			best, bestCost = at[:cores:cores], cost
		}
	}
	s.places = best
	return nil
}

// multicastTraffic counts the packets between ternary cores.
func (s *state) multicastTraffic() [][]int64 {
	t := newTraffic(len(s.bins))
	holders := s.holders()
	for u := range s.units {
		for j := range s.units[u].neurons {
			columns := holders[columnKey{u, j}]
			for k := 1; k < len(columns); k++ { // a chain visits every core that holds a column
				t.add(columns[k-1], columns[k])
			}
			source := layout.Label{Layer: s.units[u].label, Neuron: int32(j)}
			for b := range s.bins {
				for _, key := range s.bins[b].axons {
					if key.source == source {
						t.add(columns[len(columns)-1], b)
						break
					}
				}
			}
		}
	}
	return t
}

// traffic counts packets between cores, both ways together, in
// [lower][higher].
type traffic [][]int64

func newTraffic(cores int) traffic {
	t := make(traffic, cores)
	for b := range t {
		t[b] = make([]int64, cores)
	}
	return t
}

func (t traffic) add(a, b int) {
	if a != b {
		t[min(a, b)][max(a, b)]++
	}
}

// holders lists, for every neuron, the cores that hold a column of it.
func (s *state) holders() map[columnKey][]int {
	holders := map[columnKey][]int{}
	for b := range s.bins {
		for _, key := range s.bins[b].columns {
			holders[key] = append(holders[key], b)
		}
	}
	return holders
}

// compactSites lists at least n sites in the smallest square corner of the
// mesh, row by row.
func compactSites(n int, mesh hwmodel.Mesh) []site {
	side := 1
	for min(side, mesh.Width)*min(side, mesh.Height) < n {
		side++
	}
	var box []site
	for y := range min(side, mesh.Height) {
		for x := range min(side, mesh.Width) {
			box = append(box, site{x, y})
		}
	}
	return box
}

// arrange orders the sites, core by core; sites left over stay behind, free to
// be swapped in.
func arrange(box []site, start int, stream *rand.Rand) []site {
	at := append([]site(nil), box...)
	if start > 0 {
		stream.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
	}
	return at
}

// descend swaps sites while any swap lowers the cost, and returns the cost.
func descend(at []site, traffic traffic, mesh hwmodel.Mesh) int64 {
	for improved := true; improved; {
		improved = false
		for i := range traffic {
			for j := i + 1; j < len(at); j++ {
				before := pull(i, at, traffic, mesh) + pull(j, at, traffic, mesh)
				at[i], at[j] = at[j], at[i]
				if pull(i, at, traffic, mesh)+pull(j, at, traffic, mesh) < before {
					improved = true
					continue
				}
				at[i], at[j] = at[j], at[i]
			}
		}
	}
	var cost int64
	for i := range traffic {
		cost += pull(i, at, traffic, mesh)
	}
	return cost / 2
}

// pull is the links crossed by all packets of core i; empty sites pull
// nothing. The packets between two swapped cores count twice before and after.
func pull(i int, at []site, traffic traffic, mesh hwmodel.Mesh) int64 {
	if i >= len(traffic) {
		return 0
	}
	var cost int64
	for j := range traffic {
		if n := traffic[min(i, j)][max(i, j)]; n != 0 && i != j {
			dx, dy := mesh.Links(at[i].x, at[i].y, at[j].x, at[j].y)
			cost += n * int64(dx+dy)
		}
	}
	return cost
}

func checkPlaces(s *state) error {
	taken := map[site]bool{}
	for b, at := range s.places {
		if taken[at] || at.x < 0 || at.x >= s.caps.Mesh.Width || at.y < 0 || at.y >= s.caps.Mesh.Height {
			return fmt.Errorf("core %d is at %d,%d, which is taken or off the mesh", b, at.x, at.y)
		}
		taken[at] = true
	}
	if len(s.places) != len(s.traffic) {
		return fmt.Errorf("%d sites for %d cores", len(s.places), len(s.traffic))
	}
	return nil
}
