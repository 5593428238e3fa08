package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tritloom/layout"
	"tritloom/sim"
)

// Kept lists the columns that carry a potential from tick to tick, by core and
// column. All others hold 0 between ticks, and there is nothing to trace.
func Kept(l *layout.Layout) []layout.Link {
	list := []layout.Link{}
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if at := (layout.Link{Core: int32(c), Column: int32(n)}); sim.KeepsPotential(l, at) {
				list = append(list, at)
			}
		}
	}
	return list
}

// Select reads which potentials are asked for: "0,2:5,3:0-7" is what core 0 keeps,
// neuron 5 of core 2 and neurons 0 to 7 of core 3. Each must find a column that keeps
// a potential. The columns come by core and column, once each.
func Select(l *layout.Layout, words string) ([]layout.Link, error) {
	var list []layout.Link
	for word := range strings.SplitSeq(words, ",") {
		some, err := selectWord(l, word)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b layout.Link) int {
		return cmp.Or(cmp.Compare(a.Core, b.Core), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(list), nil
}

func selectWord(l *layout.Layout, word string) ([]layout.Link, error) {
	coreWord, neurons, some := strings.Cut(word, ":")
	core, err := numberBelow(word, "core", coreWord, len(l.Cores))
	if err != nil {
		return nil, err
	}
	columns := len(l.Cores[core].Columns)
	first, last := 0, columns-1
	if some {
		from, to, isRange := strings.Cut(neurons, "-")
		if first, err = numberBelow(word, "neuron", from, columns); err != nil {
			return nil, err
		}
		if last = first; isRange {
			if last, err = numberBelow(word, "neuron", to, columns); err != nil {
				return nil, err
			}
		}
		if last < first {
			return nil, fmt.Errorf("%q: neurons %d to %d; want them to rise", word, first, last)
		}
	}
	var list []layout.Link
	for n := first; n <= last; n++ {
		if at := (layout.Link{Core: int32(core), Column: int32(n)}); sim.KeepsPotential(l, at) {
			list = append(list, at)
		}
	}
	if list == nil {
		return nil, fmt.Errorf("%q: no column there keeps its potential from tick to tick; %s", word, keepers(l))
	}
	return list, nil
}

func numberBelow(word, what, number string, limit int) (int, error) {
	n, err := strconv.ParseUint(number, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q; want CORE, CORE:NEURON or CORE:FIRST-LAST, such as 0,2:5,3:0-7", word)
	}
	if int(n) >= limit {
		return 0, fmt.Errorf("%q: %s %d; want 0..%d", word, what, n, limit-1)
	}
	return int(n), nil
}

// keepers is the way out when nothing was found.
func keepers(l *layout.Layout) string {
	kept := Kept(l)
	if len(kept) == 0 {
		return "none of this layout does"
	}
	return fmt.Sprintf("%d do, the first at %d:%d", len(kept), kept[0].Core, kept[0].Column)
}
