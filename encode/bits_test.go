package encode

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBits(t *testing.T) {
	b := ParseBits("01 10|1")
	if b.Len() != 5 || b.Count() != 3 || b.String() != "01101" {
		t.Fatalf("%d bits, %d ones, %s", b.Len(), b.Count(), b)
	}
	c := b.Clone()
	c.Put(0, true)
	c.Put(1, false)
	if b.String() != "01101" || c.String() != "10101" || b.Equal(c) || b.Equal(NewBits(6)) {
		t.Fatalf("%s and its changed copy %s", b, c)
	}
	c.Clear()
	if !c.Equal(NewBits(5)) {
		t.Fatalf("cleared: %s", c)
	}
}

// The oracle is a slice of bools.
func TestBitsAgainstBools(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Bool(), 0, 200).Draw(t, "bits")
		b, ones := NewBits(len(want)), 0
		for i, v := range want {
			b.Put(i, !v)
			b.Put(i, v)
			if v {
				ones++
			}
		}
		for i, v := range want {
			if b.Get(i) != v {
				t.Fatalf("bit %d of %v is %v", i, want, b.Get(i))
			}
		}
		if back := ParseBits(b.String()); !back.Equal(b) || b.Count() != ones || len(b.Words()) != (len(want)+63)/64 {
			t.Fatalf("%s: read back %s, %d ones", b, back, b.Count())
		}
	})
}
