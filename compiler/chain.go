package compiler

import (
	"fmt"
	"slices"

	"tritloom/layout"
)

// chain orders the columns of every neuron into a chain of partial sums: the
// first ones send, the last one holds the potential. All orders are exact; the
// shortest way over the mesh is taken.
func chain(s *state) error {
	holders := s.holders()
	known := map[string][]int{} // neurons of one set of cores share the order
	s.chains = make([][][]part, len(s.units))
	for u := range s.units {
		s.chains[u] = make([][]part, s.units[u].neurons)
		for j := range s.chains[u] {
			key := columnKey{u, j}
			cores := holders[key]
			order, ok := known[fmt.Sprint(cores)]
			if !ok {
				order = s.shortestPath(cores)
				known[fmt.Sprint(cores)] = order
			}
			for _, b := range order {
				s.chains[u][j] = append(s.chains[u][j], part{Core: int32(b), Column: int32(s.bins[b].columnOf[key])})
			}
		}
	}
	return nil
}

// exhaustive is the longest chain whose every order is tried.
const exhaustive = 6

// shortestPath orders cores so that the way through all of them is short:
// every order for short chains, the nearest neighbour from every start for
// longer ones.
func (s *state) shortestPath(cores []int) []int {
	best, bestLength := slices.Clone(cores), s.pathLength(cores)
	try := func(order []int) {
		if length := s.pathLength(order); length < bestLength {
			best, bestLength = slices.Clone(order), length
		}
	}
	if len(cores) <= exhaustive {
		permute(slices.Clone(cores), 0, try)
		return best
	}
	for first := range cores {
		rest := slices.Clone(cores)
		rest[0], rest[first] = rest[first], rest[0]
		for k := 1; k < len(rest); k++ {
			nearest := k
			for m := k + 1; m < len(rest); m++ {
				if s.distance(rest[k-1], rest[m]) < s.distance(rest[k-1], rest[nearest]) {
					nearest = m
				}
			}
			rest[k], rest[nearest] = rest[nearest], rest[k]
		}
		try(rest)
	}
	return best
}

// permute calls f with every order of list[k:].
func permute(list []int, k int, f func([]int)) {
	if k == len(list) {
		f(list)
		return
	}
	for i := k; i < len(list); i++ {
		list[k], list[i] = list[i], list[k]
		permute(list, k+1, f)
		list[k], list[i] = list[i], list[k]
	}
}

func (s *state) pathLength(cores []int) int {
	length := 0
	for k := 1; k < len(cores); k++ {
		length += s.distance(cores[k-1], cores[k])
	}
	return length
}

func (s *state) distance(a, b int) int {
	dx, dy := s.caps.Mesh.Links(s.places[a].x, s.places[a].y, s.places[b].x, s.places[b].y)
	return dx + dy
}

// head is the column that holds a neuron's potential.
func (s *state) head(u, neuron int) layout.Link {
	parts := s.chains[u][neuron]
	return parts[len(parts)-1]
}

func checkChains(s *state) error {
	holders := s.holders()
	for u := range s.units {
		for j, parts := range s.chains[u] {
			if want := holders[columnKey{u, j}]; len(parts) != len(want) || len(parts) == 0 {
				return fmt.Errorf("%s: neuron %d has %d columns in %d parts", s.units[u].name, j, len(want), len(parts))
			}
		}
	}
	return nil
}
