package trace

import (
	"fmt"
	"strings"
	"testing"

	"tritloom/layout"
)

// keeping is two cores; columns 1 and 3 of core 0 and column 2 of core 1 keep a
// potential.
const keeping = `chip keeping ternary axons 1 neurons 4 mesh 2x1
inputs 1
layer a 8
readout r 0
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
row 0 ++0+
column 0 spike >= 1 reset clear level 0 is a/0
column 1 spike >= 1 reset zero level 0 is a/1
column 3 spike >= 1 reset subtract level 0 is a/3
core 1 at 1,0
axon 0 from input/0
row 0 00+0
column 2 spike >= 1 reset zero level 0 is a/6
input 0 to 0:0
input 0 to 1:0
`

func TestSelect(t *testing.T) {
	l, err := layout.ParseText(keeping)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ words, want string }{
		{"0", "[{0 1} {0 3}]"},
		{"1,0", "[{0 1} {0 3} {1 2}]"},
		{"0:3", "[{0 3}]"},
		{"0:0-1", "[{0 1}]"},
		{"1:2,0:1-3,0:3", "[{0 1} {0 3} {1 2}]"},
	} {
		if got, err := Select(l, c.words); err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%q is %v, %v; want %s", c.words, got, err, c.want)
		}
	}
	for _, c := range []struct{ words, want string }{
		{"", `""; want CORE, CORE:NEURON or CORE:FIRST-LAST, such as 0,2:5,3:0-7`},
		{"0,", `""; want CORE`},
		{"x", `"x"; want CORE`},
		{"-1", `"-1"; want CORE`},
		{"0:", `"0:"; want CORE`},
		{"0:1-", `"0:1-"; want CORE`},
		{"99999999999", `"99999999999"; want CORE`},
		{"2", `"2": core 2; want 0..1`},
		{"0:4", `"0:4": neuron 4; want 0..3`},
		{"0:1-4", `"0:1-4": neuron 4; want 0..3`},
		{"0:3-1", `"0:3-1": neurons 3 to 1; want them to rise`},
		{"0:0", `"0:0": no column there keeps its potential from tick to tick; 3 do, the first at 0:1`},
		{"1:0-1", `"1:0-1": no column there keeps`},
	} {
		if got, err := Select(l, c.words); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q is %v, %v; want %s", c.words, got, err, c.want)
		}
	}
}
