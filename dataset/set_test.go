package dataset

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// six rows of two features in two classes.
func sixRows(t *testing.T) *Set {
	t.Helper()
	s, err := FromRows("six", [][]int64{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}, {11, 12}}, []int32{0, 0, 0, 1, 1, 1}, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Values keep through the change from byte storage to the wide one, wherever
// in the set the first wide value comes.
func TestRowsKeepTheirValues(t *testing.T) {
	for _, odd := range []int64{-1, 256, math.MaxInt64, math.MinInt64, 7} {
		for at := range 6 {
			rows := [][]int64{{0, 255}, {1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}}
			rows[at][1] = odd
			s, err := FromRows("odd", rows, []int32{0, 0, 0, 1, 1, 1}, []string{"a", "b"})
			if err != nil {
				t.Fatal(err)
			}
			scratch := []int64{42, 42, 42}
			for i, want := range rows {
				if diff := cmp.Diff(want, s.Row(i, scratch)); diff != "" {
					t.Errorf("%d in row %d: row %d (-want +got):\n%s", odd, at, i, diff)
				}
			}
		}
	}
}

func TestChecksumSeesTheContentOnly(t *testing.T) {
	base := sixRows(t).Checksum()
	var wide []string
	if again := sixRows(t).Checksum(); again != base {
		t.Errorf("two equal sets have checksums %s and %s", base, again)
	}
	for name, change := range map[string]func(*Set){
		"shape":      func(s *Set) { s.Shape = []int{2, 1} },
		"decimals":   func(s *Set) { s.Decimals = []uint8{0, 1} },
		"class name": func(s *Set) { s.Classes = []string{"a", "c"} },
		"label":      func(s *Set) { s.Labels[2] = 1 },
		"value":      func(s *Set) { s.values.bytes[11]++ },
	} {
		s := sixRows(t)
		change(s)
		if s.Checksum() == base {
			t.Errorf("checksum does not see a changed %s", name)
		}
	}
	for at, v := range []int64{-1, 256, 1 << 40, -1 << 40} { // stored in 64 bits
		s := sixRows(t)
		s.values.widen()
		s.values.wide[at] = v
		if other := s.Checksum(); other == base || slices.Contains(wide, other) {
			t.Errorf("checksum does not see the value %d", v)
		} else {
			wide = append(wide, other)
		}
	}
	s := sixRows(t)
	s.Name, s.Source, s.Decimals, s.Notes, s.Splits = "other", "elsewhere", []uint8{0, 0}, []string{"note"}, nil
	if got := s.Checksum(); got != base {
		t.Errorf("checksum changes with name, source, notes or splits: %s, %s", base, got)
	}
}

func TestValidate(t *testing.T) {
	for want, change := range map[string]func(*Set){
		"data set without a name":                                        func(s *Set) { s.Name = "" },
		"six: shape [2 0]; want at least one size, each 1 or more":       func(s *Set) { s.Shape = []int{2, 0} },
		"six: 12 values; want 6 samples of 3 features":                   func(s *Set) { s.Shape = []int{3} },
		"six: decimals of 1 features; want none or 2":                    func(s *Set) { s.Decimals = []uint8{1} },
		"six: 1 classes; want 2 or more, there is nothing to tell apart": func(s *Set) { s.Classes = []string{"a"} },
		"six: sample 5 has label 2; allowed 0..1":                        func(s *Set) { s.Labels[5] = 2 },
		"six: no samples":             func(s *Set) { s.Labels = nil },
		"six@fifth: no training rows": func(s *Set) { s.Splits[0].Train = nil },
		"six@fifth: row 6 is repeated, out of order or outside 0..5": func(s *Set) { s.Splits[0].Test = []int32{6} },
		fmt.Sprintf("six@fifth: row %d is repeated, out of order or outside 0..5", sixRows(t).Splits[0].Train[0]): func(s *Set) {
			s.Splits[0].Test = s.Splits[0].Train
		},
	} {
		s := sixRows(t)
		change(s)
		if err := s.Validate(); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestFromRowsRefuses(t *testing.T) {
	two := []string{"a", "b"}
	for _, c := range []struct {
		rows   [][]int64
		labels []int32
		want   string
	}{
		{[][]int64{{1}, {2}}, []int32{0}, "made: 2 rows but 1 labels; give one label a row"},
		{[][]int64{{1}, {2, 3}}, []int32{0, 1}, "made: row 1 has 2 values; want 1 as in row 0"},
		{[][]int64{{1}, {2}}, []int32{0, -1}, "made: sample 1 has label -1; allowed 0..1"},
		{nil, nil, "made: shape []; want at least one size, each 1 or more"},
	} {
		if _, err := FromRows("made", c.rows, c.labels, two); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestStringListsManyClassesShortly(t *testing.T) {
	var rows [][]int64
	var labels []int32
	var classes []string
	for c := range 25 {
		classes = append(classes, fmt.Sprintf("c%d", c))
		for range 3 {
			rows, labels = append(rows, []int64{int64(c)}), append(labels, int32(c))
		}
	}
	s, err := FromRows("many", rows, labels, classes)
	if err != nil {
		t.Fatal(err)
	}
	if text := s.String(); !strings.Contains(text, "25, with samples: c0 (3), ") || !strings.Contains(text, "c19 (3), and 5 more\n") {
		t.Errorf("table does not shorten the list of classes:\n%s", text)
	}
}
