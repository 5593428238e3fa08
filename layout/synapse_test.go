package layout

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
)

// integerText is a kbit image in exactly the form Text writes.
const integerText = `chip whole kbit axons 3 neurons 2 synapse 4 weight 4
inputs 2
layer hidden 1
readout class 1
ticks 2 interval 1
core 0 at 0,0
axon 0 from input/0
axon 1 from input/1
axon 2 from hidden/0
row 0 7 0
row 1 -8 0
row 2 0 -3
column 0 spike >= 5 reset clear level 0 is hidden/0 to 0:2@1
column 1 score level 1 is class/0
input 0 to 0:0
input 1 to 0:1
output 0 from 0:1
`

func TestIntegerRows(t *testing.T) {
	l, err := ParseText(integerText)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(integerText, l.Text()); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		axon, column int
		want         int32
	}{{0, 0, 7}, {1, 0, -8}, {2, 1, -3}, {0, 1, 0}} {
		if got := l.Weight(0, c.axon, c.column); got != c.want {
			t.Errorf("weight at axon %d, column %d is %d; want %d", c.axon, c.column, got, c.want)
		}
	}
	// -3 is 1101 in four bits, lowest first 1, 0, 1, 1; the last one is the sign.
	for k, want := range []bool{true, false, true, true} {
		if got := l.Cores[0].Planes[k].Get(2, 1); got != want {
			t.Errorf("bit %d of -3 is %v; want %v", k, got, want)
		}
	}
	u := l.Usage()
	if u.Synapses != 3 || u.CrosspointBits != 3*2*4 {
		t.Errorf("%d synapses in %d bits; want 3 in 24", u.Synapses, u.CrosspointBits)
	}
	if err := l.Check(); err != nil {
		t.Error(err)
	}
	l.Cores[0].Planes[2].Put(0, 1, true) // a bit of an unused crosspoint
	if err := l.Check(); err == nil || !strings.Contains(err.Error(), "axon 0 at level 0 and meets class 0") {
		t.Errorf("got error %v", err)
	}
}

// Every weight of every width is itself again.
func TestIntegersOfAllWidths(t *testing.T) {
	for k := 1; k <= MaxKBit; k++ {
		caps := textDefaults(hwmodel.KBit)
		caps.Core.SynapseBits, caps.Core.WeightBits = k, k
		l := &Layout{Capabilities: caps, Cores: []Core{NewCore(caps.Core)}}
		core := &l.Cores[0]
		low, high := hwmodel.SignedRange(k)
		for w := low; w <= high; w++ {
			if err := core.SetInteger(0, 0, int32(w)); err != nil {
				t.Fatal(err)
			}
			if got := l.Weight(0, 0, 0); int64(got) != w {
				t.Fatalf("%d bits: %d reads back as %d", k, w, got)
			}
		}
		for _, w := range []int64{low - 1, high + 1, math.MinInt32, math.MaxInt32} {
			if core.SetInteger(0, 0, int32(w)) == nil {
				t.Errorf("%d bits take %d", k, w)
			}
		}
	}
}

func TestSetWeight(t *testing.T) {
	for _, mode := range imageModes {
		caps := textDefaults(mode)
		l := &Layout{Capabilities: caps, Cores: []Core{NewCore(caps.Core)}}
		for _, w := range []int32{1, -1, 0, 127, -128, 128} {
			err := l.Cores[0].SetWeight(mode, 0, 0, w)
			low, high := int32(-1), int32(1)
			if mode == hwmodel.KBit {
				low, high = -128, 127
			}
			if good := mode != hwmodel.TypedBinary && w >= low && w <= high; good != (err == nil) || good && l.Weight(0, 0, 0) != w {
				t.Errorf("%s: weight %d: %v, and reads back as %d", mode, w, err, l.Weight(0, 0, 0))
			}
		}
	}
}

func TestIntegerRowsRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"row 0 7 0", "row 0 8 0", "line 10: weight 8; 4 bits hold -8..7"},
		{"row 0 7 0", "row 0 7", "line 10: row of 1 weights; want 2, one a column"},
		{"row 0 7 0", "row 0 7 0 0", "line 10: row of 3 weights; want 2"},
		{"row 0 7 0", "row 0 7 x", `line 10: "x"; want a whole number`},
		{"synapse 4 weight 4", "synapse 17 weight 17", "line 1: layout: kbit synapses of 17 bits; images hold 1..16"},
		{"synapse 4 weight 4", "synapse 4 weight 3", "axon 0: weight 7 on column 0; the chip computes with -4..3"},
		{"kbit", "decimal", `synapse mode "decimal"; want one of ["ternary" "differential" "typed-binary" "kbit"]`},
	} {
		_, err := ParseText(strings.Replace(integerText, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v; want one with %q", c.new, err, c.want)
		}
	}
}

// Weights of several bits add up as they are in the proof of widths.
func TestIntegerWidths(t *testing.T) {
	narrow := strings.Replace(integerText, "weight 4", "weight 4 potential 4", 1)
	l, err := ParseText(narrow)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Check(); err != nil { // -8..7
		t.Error(err)
	}
	l.Capabilities.Neuron.PotentialBits = 3
	if err := l.Check(); err == nil || !strings.Contains(err.Error(), "can reach -8..7; the chip holds -4..3") {
		t.Errorf("got error %v", err)
	}
}
