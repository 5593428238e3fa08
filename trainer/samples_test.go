package trainer

import (
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/internal/bits"
	"tritloom/internal/seed"
)

func TestBothPackingsAgree(t *testing.T) {
	random := seed.Stream(1, seed.TestInput)
	for _, n := range []int{1, 63, 64, 65, 200} {
		s := randomSamples(t, random, 70, 3, n)
		for i := range n {
			for input := range 70 {
				if row, column := s.Bits(i).Get(input), bits.Get(s.columns[input], i); row != column {
					t.Fatalf("%d samples: sample %d, input %d is %v by row, %v by column", n, i, input, row, column)
				}
			}
		}
	}
}

func TestSliceHoldsItsSamples(t *testing.T) {
	s := randomSamples(t, seed.Stream(2, seed.TestInput), 10, 3, 100)
	part := must(s.Slice(30, 97))(t)
	if part.Len() != 67 {
		t.Fatalf("%d samples; want 67", part.Len())
	}
	for i := range part.Len() {
		if !part.Bits(i).Equal(s.Bits(30+i)) || part.Label(i) != s.Label(30+i) {
			t.Errorf("sample %d differs from sample %d of the whole", i, 30+i)
		}
	}
}

func TestBuilderCopiesItsRow(t *testing.T) {
	b := NewBuilder(2, 2, 0)
	row := encode.ParseBits("10")
	b.Add(row, 1)
	row.Clear()
	b.Add(row, 0)
	s := must(b.Samples())(t)
	if s.Bits(0).String() != "10" || s.Bits(1).String() != "00" || s.Label(0) != 1 {
		t.Errorf("samples %s %s, first label %d", s.Bits(0), s.Bits(1), s.Label(0))
	}
}

func TestSamplesRefuseBadInput(t *testing.T) {
	rows := []encode.Bits{encode.ParseBits("10"), encode.ParseBits("01")}
	good := must(NewSamples(2, 2, rows, []int32{0, 1}))(t)
	for _, c := range []struct {
		name string
		make func() (*Samples, error)
		want string
	}{
		{"width", func() (*Samples, error) { return NewSamples(3, 2, rows, []int32{0, 1}) }, "row 0 has 2 bits; want 3"},
		{"label", func() (*Samples, error) { return NewSamples(2, 2, rows, []int32{0, 2}) }, "label of row 1 is 2; want 0..1"},
		{"negative label", func() (*Samples, error) { return NewSamples(2, 2, rows, []int32{-1, 0}) }, "label of row 0 is -1; want 0..1"},
		{"labels", func() (*Samples, error) { return NewSamples(2, 2, rows, nil) }, "2 rows with 0 labels"},
		{"empty", func() (*Samples, error) { return NewSamples(2, 2, nil, nil) }, "0 rows"},
		{"classes", func() (*Samples, error) { return NewSamples(2, 0, rows, nil) }, "0 classes; want at least 1"},
		{"slice", func() (*Samples, error) { return good.Slice(1, 3) }, "slice 1:3 of 2"},
		{"empty slice", func() (*Samples, error) { return good.Slice(1, 1) }, "want 0 <= from < to <= 2"},
	} {
		if _, err := c.make(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want %q", c.name, err, c.want)
		}
	}
}
