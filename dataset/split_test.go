package dataset

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The parts of a split are disjoint, ascending and together the whole set.
func checkCovers(t *testing.T, s *Set) {
	t.Helper()
	for _, sp := range s.Splits {
		all := slices.Concat(sp.Train, sp.Validation, sp.Test)
		slices.Sort(all)
		if !slices.Equal(all, span(0, s.Len())) {
			t.Errorf("%s@%s: the parts are not all %d rows, each once", s.Name, sp.Name, s.Len())
		}
		for _, part := range [][]int32{sp.Train, sp.Validation, sp.Test} {
			if !slices.IsSorted(part) {
				t.Errorf("%s@%s: a part is not ascending", s.Name, sp.Name)
			}
		}
		if sp.Describe == "" {
			t.Errorf("%s@%s is not described", s.Name, sp.Name)
		}
	}
}

func TestEmbeddedSplits(t *testing.T) {
	got := map[string][3]int{}
	for _, ref := range []string{"iris", "digits", "mnist5k"} {
		s := mustOpen(t, ref, OpenOptions{})
		checkCovers(t, s)
		for _, sp := range s.Splits {
			got[ref+"@"+sp.Name] = [3]int{len(sp.Train), len(sp.Validation), len(sp.Test)}
		}
	}
	want := map[string][3]int{ // train, validation, test, by hand
		"iris@fifth":     {96, 24, 30},
		"digits@last360": {1150, 287, 360},
		"digits@fifth":   {1150, 288, 359},
		"mnist5k@fifth":  {3500, 500, 1000},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows of the parts (-want +got):\n%s", diff)
	}
}

func TestSplitsAreTheSameEveryTime(t *testing.T) {
	for _, ref := range []string{"iris", "digits"} {
		if diff := cmp.Diff(mustOpen(t, ref, OpenOptions{}).Splits, mustOpen(t, ref, OpenOptions{}).Splits); diff != "" {
			t.Errorf("%s: two reads split differently:\n%s", ref, diff)
		}
	}
	// Pinned: another order of drawing would change every published accuracy.
	if diff := cmp.Diff([]int32{3, 7, 12, 22, 26, 28, 35, 46, 47, 48}, mustOpen(t, "iris", OpenOptions{}).Splits[0].Test[:10]); diff != "" {
		t.Errorf("first test rows of iris@fifth (-pinned +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int32{11, 13, 17, 19, 24, 34, 36, 37, 43, 50}, mustOpen(t, "digits", OpenOptions{}).Splits[1].Test[:10]); diff != "" {
		t.Errorf("first test rows of digits@fifth (-pinned +got):\n%s", diff)
	}
}

// Stratified: 10 test, 8 validation, 32 training flowers of each species.
func TestIrisIsStratified(t *testing.T) {
	s := mustOpen(t, "iris", OpenOptions{})
	sp := s.Splits[0]
	for _, c := range []struct {
		rows []int32
		want []int
	}{{sp.Train, []int{32, 32, 32}}, {sp.Validation, []int{8, 8, 8}}, {sp.Test, []int{10, 10, 10}}} {
		if diff := cmp.Diff(c.want, s.Counts(c.rows)); diff != "" {
			t.Errorf("flowers of each species (-want +got):\n%s", diff)
		}
	}
}

// Small classes: train first, then test, then validation; never silently.
func TestSmallClassesStayInTraining(t *testing.T) {
	for _, c := range []struct {
		n, train, validation, test int
		note                       string
	}{
		{1, 1, 0, 0, `class "small" has fewer than 3 rows (1), so validation and test lack it`},
		{2, 1, 0, 1, `class "small" has fewer than 3 rows (2), so validation lacks it`},
		{3, 1, 1, 1, ""},
		{4, 2, 1, 1, ""},
		{5, 3, 1, 1, ""},
		{13, 8, 2, 3, ""},
	} {
		rows, labels := make([][]int64, 20+c.n), make([]int32, 20+c.n)
		for i := range rows {
			rows[i] = []int64{int64(i)}
			if i >= 20 {
				labels[i] = 1
			}
		}
		s, err := FromRows("small", rows, labels, []string{"large", "small"})
		if err != nil {
			t.Fatal(err)
		}
		checkCovers(t, s)
		sp := s.Splits[0]
		got := []int{s.Counts(sp.Train)[1], s.Counts(sp.Validation)[1], s.Counts(sp.Test)[1]}
		if diff := cmp.Diff([]int{c.train, c.validation, c.test}, got); diff != "" {
			t.Errorf("class of %d rows: train, validation, test (-want +got):\n%s", c.n, diff)
		}
		if notes := strings.Join(s.Notes, "\n"); notes != c.note {
			t.Errorf("class of %d rows: notes %q; want %q", c.n, notes, c.note)
		}
	}
}
