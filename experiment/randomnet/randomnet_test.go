package randomnet_test

import (
	"testing"

	"tritloom/encode"
	"tritloom/experiment/randomnet"
	"tritloom/internal/seed"
	"tritloom/ternary"
)

// Networks are valid, repeat with their seed, and hold the cases they promise.
func TestNetworksAreValidAndRich(t *testing.T) {
	one, two := seed.Stream(4, seed.TestNetwork), seed.Stream(4, seed.TestNetwork)
	ops, constants, dead, several := map[ternary.Op]int{}, 0, 0, 0
	for i := range 300 {
		most := randomnet.Limits{Inputs: 20, Layers: 4, Width: 10, Classes: 5, Ops: i%2 == 0}
		n, again := randomnet.Any(one, most), randomnet.Any(two, most)
		if err := n.Validate(); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if d := ternary.Diff(n, again); d != "" {
			t.Fatalf("network %d differs from itself: %s", i, d)
		}
		c, err := ternary.Canonical(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Folded {
			if f.Fate == ternary.Dead {
				dead++
			} else {
				constants++
			}
		}
		for j := range n.Layers {
			ops[n.Layers[j].Op]++
			if len(n.Layers[j].From) > 1 {
				several++
			}
		}
	}
	for _, op := range ternary.Ops {
		if ops[op] < 10 {
			t.Errorf("only %d %s layers", ops[op], op)
		}
	}
	if constants < 50 || dead < 50 || several < 50 {
		t.Errorf("%d constant neurons, %d dead ones, %d layers with several sources; want at least 50 of each", constants, dead, several)
	}
}

func TestDenseHasItsWidths(t *testing.T) {
	n := randomnet.Dense(seed.Stream(1, seed.TestNetwork), 7, 5, 4, 3)
	if err := n.Validate(); err != nil {
		t.Fatal(err)
	}
	if n.Inputs != 7 || len(n.Layers) != 2 || n.Layers[0].Outputs != 5 || n.Layers[1].Outputs != 4 || n.Readout.Outputs != 3 {
		t.Errorf("got %s; want 7-5-4-3", n)
	}
}

func TestInputsCoverEveryActivity(t *testing.T) {
	in := randomnet.NewInputs(seed.Stream(2, seed.TestInput), 100, 50)
	bits, least, most := encode.NewBits(100), 100, 0
	for i := range in.Len() {
		in.Bits(i, bits)
		least, most = min(least, bits.Count()), max(most, bits.Count())
	}
	if least != 0 || most != 100 {
		t.Errorf("between %d and %d of 100 bits are set; want 0 to 100", least, most)
	}
}
