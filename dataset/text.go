package dataset

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
)

// String is a short table of what the set holds: samples, features, classes and
// splits.
func (s *Set) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "data set\t%s\n", s.Name)
	fmt.Fprintf(w, "source\t%s\n", s.Source)
	fmt.Fprintf(w, "samples\t%d\n", s.Len())
	fmt.Fprintf(w, "features\t%s\n", s.shapeText())
	fmt.Fprintf(w, "classes\t%d, with samples: %s\n", len(s.Classes), s.classText())
	for _, sp := range s.Splits {
		fmt.Fprintf(w, "split %s\t%d train, %d validation, %d test (%s)\n", sp.Name, len(sp.Train), len(sp.Validation), len(sp.Test), sp.Describe)
	}
	for _, note := range s.Notes {
		fmt.Fprintf(w, "note\t%s\n", note)
	}
	w.Flush() // a strings.Builder takes every byte
	return b.String()
}

// classText lists classes and their samples, at most 20 of them.
func (s *Set) classText() string {
	var list []string
	for class, n := range s.Counts(span(0, s.Len())) {
		if class == 20 {
			return strings.Join(append(list, fmt.Sprintf("and %d more", len(s.Classes)-class)), ", ")
		}
		list = append(list, fmt.Sprintf("%s (%d)", s.Classes[class], n))
	}
	return strings.Join(list, ", ")
}

// shapeText is "64 (8x8)", or just "4" for a plain list of features.
func (s *Set) shapeText() string {
	if len(s.Shape) == 1 {
		return strconv.Itoa(s.Shape[0])
	}
	shape := strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Shape), " ", "x"), "[]")
	return fmt.Sprintf("%d (%s)", s.Features(), shape)
}
