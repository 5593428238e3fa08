package layout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// smallText is a one-core image in exactly the form Text writes.
const smallText = `chip small ternary axons 4 neurons 3 mesh 2x1 gate on
inputs 2
layer hidden 1
readout class 1
classes yes
ticks 2 interval 1
core 0 at 1,0
axon 0 from input/0
axon 1 from input/1
axon 3 from hidden/0
row 0 0+0
row 1 0-0
row 3 00+
column 1 spike >= -1 reset clear level 0 is hidden/0 to 0:3@1
column 2 score leak -2 level 1 is class/0
input 0 to 0:0
input 1 to 0:1
output 0 from 0:2
`

func TestTextIsWhatPeopleWrite(t *testing.T) {
	l, err := ParseText(smallText)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(smallText, l.Text()); diff != "" {
		t.Error(diff)
	}
	hidden := l.Cores[0].Columns[1]
	want := Column{Role: Spiking, Reset: Clear, Theta: -1, Psum: NoLink, Dests: []Dest{{0, 3, 1}}, Label: Label{0, 0}}
	if diff := cmp.Diff(want, hidden); diff != "" {
		t.Errorf("column 1 (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		axon, column int
		want         int32
	}{{0, 1, 1}, {1, 1, -1}, {3, 2, 1}, {3, 1, 0}, {0, 0, 0}} {
		if got := l.Weight(0, c.axon, c.column); got != c.want {
			t.Errorf("weight at axon %d, column %d is %d; want %d", c.axon, c.column, got, c.want)
		}
	}
}

func TestTextComments(t *testing.T) {
	commented := "# a whole line\n" + strings.Replace(smallText, "inputs 2", "\n  inputs 2 # two of them", 1)
	l, err := ParseText(commented)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(smallText, l.Text()); diff != "" {
		t.Error(diff)
	}
}

func TestSummary(t *testing.T) {
	l, err := ParseText(smallText)
	if err != nil {
		t.Fatal(err)
	}
	const want = `chip small, 1 of 2 cores, 3 of 4 axons, 2 of 3 columns (0 pass sums on), 3 synapses
2 input bits, 2 ticks per inference, a new one every 1
layer   neurons  level  columns  cores
hidden  1        0      1        0
class   1        1      1        0
`
	if diff := cmp.Diff(want, l.String()); diff != "" {
		t.Error(diff)
	}
}

func TestJoinInts(t *testing.T) {
	for want, list := range map[string][]int{"": nil, "4": {4}, "0-3 7": {0, 1, 2, 3, 7}, "1 3 5-6": {1, 3, 5, 6}} {
		if got := joinInts(list); got != want {
			t.Errorf("joinInts(%v) = %q; want %q", list, got, want)
		}
	}
}

func TestParseTextRefuses(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"chip small", "chap small", `line 1: unknown word "chap"`},
		{"chip small ternary", "chip small binary", `line 1: synapse mode "binary"`},
		{"gate on", "gate maybe", `line 1: gate "maybe"`},
		{"gate on", "gates on", `line 1: unknown capability "gates"`},
		{"gate on", "gate", `line 1: the line ends too early`},
		{"inputs 2", "inputs two", `line 2: "two"; want a whole number`},
		{"inputs 2", "inputs 2 3", `line 2: "3" after the end of the inputs line`},
		{"readout class", `readout "class`, `line 4: "class 1: quotes do not close`},
		{"interval", "every", `line 6: "every"; want "interval"`},
		{"core 0", "core 1", `line 7: core 1; the next one is 0`},
		{"axon 3", "axon 4", `line 10: axon 4; want 0..3`},
		{"input/1", "input", `line 9: label "input"; want layer/neuron`},
		{"is hidden/0", "is hiden/0", `line 14: label "hiden/0" names no layer`},
		{"row 1 0-0", "row 1 0-", `line 12: row of 2 letters; want 3`},
		{"row 1 0-0", "row 1 0x0", `line 12: letter 'x' in a row`},
		{"column 2 score", "column 2 skore", `line 15: role "skore"`},
		{"reset clear", "reset never", `line 14: reset "never"`},
		{"to 0:3@1", "to 3@1", `line 14: "3@1"; want core:axon`},
		{"leak -2", "leek -2", `line 15: "leek"; want >=, leak`},
		{"leak -2", "weights 1,2", `line 15: 2 weights; want 4`},
		{"row 1 0-0", "row 1 0!0", `both +1 and -1`},
		{"axons 4", "axons 65536 potential 16", `use a layout file`},
		{"mesh 2x1", "mesh 2x", `line 1: mesh "2x"`},
		{"gate on", "delays few", `line 1: delays "few"`},
		{"gate on", "merge xor", `line 1: capabilities.spikes.axon_merge = "xor"`},
		{"axon 0 from", "axon 0 type 300 from", `line 8: type 300; want 0..255`},
		{"axon 0 from", "axon 0 of", `line 8: "of"; want type or from`},
		{"inputs 2", "encoder {", `line 2: encoder:`},
		{smallText, "# nothing\n", `no chip line`},
		{smallText, "inputs 2\n", `line 1: inputs before the chip line`},
		{"core 0 at 1,0\n", "", `line 7: axon before the first core line`},
	} {
		text := strings.Replace(smallText, c.old, c.new, 1)
		if strings.Contains(c.want, "use a layout file") {
			text = strings.Replace(text, "neurons 3", "neurons 65536", 1)
		}
		_, err := ParseText(text)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got error %v; want one with %q", c.new, err, c.want)
		}
	}
}

// FuzzParseText wants no panic, and that whatever is read is written back
// alike.
func FuzzParseText(f *testing.F) {
	f.Add(smallText)
	f.Add(integerText)
	f.Add(strings.Replace(smallText, "ternary", "differential adc 3 variation 51", 1)) // capabilities of pairs
	f.Add("chip a typed-binary axons 2 neurons 1 resets zero\ninputs 1\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\naxon 0 type 3 from input/0\nrow 0 1\ncolumn 0 score weights 1,2,3,4 level 0 is #0/0\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseText(text)
		if err != nil {
			return
		}
		back, err := ParseText(l.Text())
		if err != nil {
			t.Fatalf("%v\n%s", err, l.Text())
		}
		if back.Hash() != l.Hash() {
			t.Fatalf("differs after writing:\n%s", cmp.Diff(l, back))
		}
	})
}
