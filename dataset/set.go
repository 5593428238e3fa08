// Package dataset holds labelled samples: where they come from, their shape,
// their exact values and their documented splits into training, validation and
// test rows.
//
// Values are exact decimals: a stored integer times a power of ten that all
// samples of a feature share, so nothing is rounded on the way in unless a note
// of the set says so. Labels are class indexes. Three small sets are embedded
// (Known lists them); MNIST-format folders and CSV files are read from disk.
//
// The package knows no encoder, network or chip: it never scales, centres or
// quantises a value.
package dataset

import (
	"errors"
	"fmt"
	"slices"
)

// Set is a labelled data set. The value of feature f of a sample is the stored
// integer times 10^-Decimals[f]. A Set is read-only once opened and may be
// shared by goroutines.
type Set struct {
	// Name is the canonical name as a user types it: "digits", "mnist5k",
	// "csv:FILE" with the base name only, never a path.
	Name string
	// Source says where the set came from, with version and licence.
	Source string
	// Shape is the shape of one sample's features, such as [28 28].
	Shape []int
	// Decimals holds the decimal places of each feature; nil means 0 for all.
	Decimals []uint8
	// Classes are the class names; the index is the label.
	Classes []string
	// Labels holds one class index a sample.
	Labels []int32
	// Splits are the documented splits; Splits[0] is the default.
	Splits []Split
	// Notes say what reading did that a user must know, such as rounded columns.
	Notes []string

	values values // Len() rows of Features() integers
}

// FromRows makes a set from samples in memory: rows of equal length and one
// class index a row. It is split into stratified fifths. Source, Shape and
// Decimals are the caller's to change before the first use.
func FromRows(name string, rows [][]int64, labels []int32, classes []string) (*Set, error) {
	s := &Set{Name: name, Source: "made in memory", Classes: classes, Labels: labels}
	if len(rows) != len(labels) {
		return nil, fmt.Errorf("%s: %d rows but %d labels; give one label a row", name, len(rows), len(labels))
	}
	if len(rows) > 0 {
		s.Shape = []int{len(rows[0])}
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("%s: row %d has %d values; want %d as in row 0", name, i, len(row), len(rows[0]))
		}
		for _, v := range row {
			s.values.push(v)
		}
	}
	if err := s.checkLabels(); err != nil {
		return nil, err
	}
	s.splitFifths()
	return s, s.Validate()
}

// Len is the number of samples.
func (s *Set) Len() int { return len(s.Labels) }

// Features is the number of values of a sample, the product of Shape.
func (s *Set) Features() int {
	n := 1
	for _, d := range s.Shape {
		n *= d
	}
	return n
}

// Row appends the integers of sample i to dst[:0] and returns it.
func (s *Set) Row(i int, dst []int64) []int64 {
	n := s.Features()
	return s.values.appendRange(dst[:0], i*n, (i+1)*n)
}

// Counts is the number of samples of each class among rows.
func (s *Set) Counts(rows []int32) []int {
	counts := make([]int, len(s.Classes))
	for _, r := range rows {
		counts[s.Labels[r]]++
	}
	return counts
}

// Validate says what is inconsistent in the set, or nil.
func (s *Set) Validate() error {
	if s.Name == "" {
		return errors.New("data set without a name")
	}
	if len(s.Shape) == 0 || slices.Min(s.Shape) < 1 {
		return fmt.Errorf("%s: shape %v; want at least one size, each 1 or more", s.Name, s.Shape)
	}
	if s.Len() == 0 {
		return fmt.Errorf("%s: no samples", s.Name)
	}
	if got, want := s.values.len(), s.Len()*s.Features(); got != want {
		return fmt.Errorf("%s: %d values; want %d samples of %d features", s.Name, got, s.Len(), s.Features())
	}
	if s.Decimals != nil && len(s.Decimals) != s.Features() {
		return fmt.Errorf("%s: decimals of %d features; want none or %d", s.Name, len(s.Decimals), s.Features())
	}
	if err := s.checkLabels(); err != nil {
		return err
	}
	return s.checkSplits()
}

func (s *Set) checkLabels() error {
	if len(s.Classes) < 2 {
		return fmt.Errorf("%s: %d classes; want 2 or more, there is nothing to tell apart", s.Name, len(s.Classes))
	}
	for i, l := range s.Labels {
		if l < 0 || int(l) >= len(s.Classes) {
			return fmt.Errorf("%s: sample %d has label %d; allowed 0..%d", s.Name, i, l, len(s.Classes)-1)
		}
	}
	return nil
}
