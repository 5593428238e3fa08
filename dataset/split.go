package dataset

import (
	"fmt"
	"slices"
	"strings"

	"tritloom/internal/seed"
)

// splitSeed is the seed of every random split. It is fixed, because a split
// has a name and its name must always mean the same rows.
const splitSeed = 1

// Split is one documented way to part the rows of a set. The three lists are
// disjoint and ascending; validation rows are carved out of the training rows,
// test rows are for reporting only.
type Split struct {
	Name, Describe          string
	Train, Validation, Test []int32
}

// The names of the parts of a split. PartAll is every row of the set.
const (
	PartTrain      = "train"
	PartValidation = "validation"
	PartTest       = "test"
	PartAll        = "all"
)

// Parts lists the parts that a reference may name.
var Parts = []string{PartTrain, PartValidation, PartTest, PartAll}

// Split finds a split by name; "" is the default one.
func (s *Set) Split(name string) (Split, error) {
	if name == "" && len(s.Splits) > 0 {
		return s.Splits[0], nil
	}
	var names []string
	for _, sp := range s.Splits {
		if sp.Name == name {
			return sp, nil
		}
		names = append(names, sp.Name)
	}
	return Split{}, fmt.Errorf("%s has no split %q; want %s", s.Name, name, orList(names))
}

// rows returns the rows of one of Parts.
func (s *Set) rows(sp Split, part string) []int32 {
	switch part {
	case PartTrain:
		return sp.Train
	case PartValidation:
		return sp.Validation
	case PartTest:
		return sp.Test
	case PartAll:
		return span(0, s.Len())
	}
	panic("dataset: unknown part " + part)
}

// fifth is a fifth of n rows, rounded to the nearest.
func fifth(n int) int { return (n + 2) / 5 }

// span lists the rows from..to-1.
func span(from, to int) []int32 {
	rows := make([]int32, 0, to-from)
	for r := from; r < to; r++ {
		rows = append(rows, int32(r))
	}
	return rows
}

// splitLast holds out the last rows of a set, in the order of the file, and
// validates on the last fifth of the others.
func (s *Set) splitLast(test int) {
	train := s.Len() - test
	cut := train - fifth(train)
	s.Splits = append(s.Splits, Split{
		Name:     fmt.Sprintf("last%d", test),
		Describe: fmt.Sprintf("test: the last %d rows; validation: the last fifth of the others", test),
		Train:    span(0, cut), Validation: span(cut, train), Test: span(train, s.Len()),
	})
}

// splitRandom holds out a random fifth of all rows, whatever their class, and
// validates on a random fifth of the others.
func (s *Set) splitRandom() {
	var sp Split
	sp.add(newShuffle()(span(0, s.Len())), fifth(s.Len()), fifth(s.Len()-fifth(s.Len())))
	s.addSplit("fifth", fmt.Sprintf("test: a random fifth of all rows, seed %d; validation: a fifth of the others", splitSeed), sp)
}

// splitFifths holds out a random fifth of every class and validates on a fifth
// of the others of that class. A class keeps at least one training row; one
// with fewer than three rows cannot serve every part, which becomes a note.
func (s *Set) splitFifths() {
	byClass := make([][]int32, len(s.Classes))
	for row, l := range s.Labels {
		byClass[l] = append(byClass[l], int32(row))
	}
	var sp Split
	shuffle := newShuffle()
	for class, rows := range byClass {
		n := len(rows)
		test := atLeastOne(fifth(n), n)
		sp.add(shuffle(rows), test, atLeastOne(fifth(n-test), n-test))
		if n == 1 || n == 2 {
			s.Notes = append(s.Notes, fmt.Sprintf("class %q has fewer than 3 rows (%d), so %s it",
				s.Classes[class], n, map[int]string{1: "validation and test lack", 2: "validation lacks"}[n]))
		}
	}
	s.addSplit("fifth", fmt.Sprintf("test: a random fifth of every class, seed %d; validation: a fifth of the others", splitSeed), sp)
}

// atLeastOne raises a share of n rows to 1 where that leaves a row over.
func atLeastOne(share, n int) int {
	if share == 0 && n >= 2 {
		return 1
	}
	return share
}

// newShuffle returns a function that shuffles rows in place, drawing from the
// start of the split stream.
func newShuffle() func([]int32) []int32 {
	random := seed.Stream(splitSeed, seed.DatasetSplit)
	return func(rows []int32) []int32 {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		return rows
	}
}

// add deals shuffled rows: test first, then validation, the rest to train.
func (sp *Split) add(rows []int32, test, validation int) {
	sp.Test = append(sp.Test, rows[:test]...)
	sp.Validation = append(sp.Validation, rows[test:test+validation]...)
	sp.Train = append(sp.Train, rows[test+validation:]...)
}

func (s *Set) addSplit(name, describe string, sp Split) {
	sp.Name, sp.Describe = name, describe
	slices.Sort(sp.Train)
	slices.Sort(sp.Validation)
	slices.Sort(sp.Test)
	s.Splits = append(s.Splits, sp)
}

// checkSplits says whether every split has rows to train on and its parts are
// ascending, disjoint and within the set.
func (s *Set) checkSplits() error {
	for _, sp := range s.Splits {
		seen := make([]bool, s.Len())
		if len(sp.Train) == 0 {
			return fmt.Errorf("%s@%s: no training rows", s.Name, sp.Name)
		}
		for _, part := range [][]int32{sp.Train, sp.Validation, sp.Test} {
			for i, r := range part {
				if r < 0 || int(r) >= s.Len() || seen[r] || i > 0 && part[i-1] > r {
					return fmt.Errorf("%s@%s: row %d is repeated, out of order or outside 0..%d", s.Name, sp.Name, r, s.Len()-1)
				}
				seen[r] = true
			}
		}
	}
	return nil
}

// orList joins names as "a, b or c".
func orList(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
