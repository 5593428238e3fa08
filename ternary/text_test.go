package ternary

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/internal/seed"
)

// story uses everything a network can say.
const story = `inputs 18
steps 2
alphabet -1 0 1
classes "one" "two" "the \"third\""
encoder {"scheme":"threshold","features":[{"on":[1]},{"on":[2]},{"on":[3]},{"on":[4]},{"on":[5]},{"on":[6]},{"on":[7]},{"on":[8]},{"on":[9]},{"on":[1]},{"on":[2]},{"on":[3]},{"on":[4]},{"on":[5]},{"on":[6]},{"on":[7]},{"on":[8]},{"on":[9]}]}
origin {"seed":1,"note":"<b>"}
layer c1 conv2d from input map 2x3x3 to 2 kernel 2x2 stride 1x1 pad 1x1 groups 2
+-0+ >= 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
---- >= -2
layer any or from c1 map 2x4x4 to 2 kernel 2x2 stride 2x2 pad 0x0 groups 1
layer "two words" and from c1 map 2x4x4 to 2 kernel 4x4 stride 1x1 pad 0x0 groups 1
layer join concat from any "two words" input
layer d dense from "two words" if reset subtract
+- >= 1
00 >= 0
layer d dense from #4 lif reset zero leak -1
++ >= 1
-+ >= -3
0+ >= 0
layer empty dense from
. >= 0
readout out sum from #5 empty
+-0+ + 0
-0++ + 7
000- + -7
`

func TestTextRoundTrip(t *testing.T) {
	for _, text := range []string{
		strings.Replace(story, "alphabet -1 0 1\n", "", 1),
		"inputs 3\nalphabet -3 0 5\nlayer a dense from input input\n5 0 -3 0 0 5 >= -2\nreadout out vote from a input scores 2\n",
		"inputs 2\nreadout \"\" count from input scores 2\n",
	} {
		n := parse(t, text)
		if d := cmp.Diff(text, n.Text()); d != "" {
			t.Error(d)
		}
	}
}

func TestTextOfRandomNetworks(t *testing.T) {
	r := seed.Stream(3, seed.TestNetwork)
	for range 200 {
		for _, n := range []*Network{randomDense(r, r.IntN(4)), randomConv(r)} {
			if d := Diff(n, parse(t, n.Text())); d != "" {
				t.Fatalf("%s in\n%s", d, n.Text())
			}
		}
	}
}

func TestParseTextForgives(t *testing.T) {
	n := parse(t, `
		// a comment
		inputs 4
		layer pool or from input map 1x2x2 kernel 2x2

		readout out count from pool scores 1`)
	if w := n.Layers[0].Map; w.StrideH != 1 || w.PadW != 0 || w.Groups != 1 || w.OutChannels != 1 {
		t.Errorf("defaults of a window: %+v", w)
	}
}

func TestParseTextRefuses(t *testing.T) {
	const head = "inputs 2\nlayer a dense from input\n"
	for text, reason := range map[string]string{
		"":                                     "at the end: no readout",
		"inputs x":                             "line 1: inputs: ",
		"neurons 3":                            `line 1: "neurons"; want inputs`,
		"alphabet 1 300":                       `"300" is not an integer that fits 8 bits`,
		"classes \"a":                          "a quote that does not close",
		"encoder {":                            "line 1: encoder: ",
		head + "+- 3":                          `line 3: row "+- 3"; want weights, ">="`,
		head + "+ >= 3":                        `1 weights; layer "a" takes 2`,
		head + "+* >= 3":                       `weight '*' of row "+*"`,
		head + "+- >= 1 2":                     "2 thresholds; want 1",
		head + "+- >= 9999999999":              "fits 32 bits",
		head + "readout r sum from a":          `layer "a" has 0 neurons in its rows; want 1`,
		head + "+- >= 1\nreadout r sum from a": "the readout has no rows",
		head + "+- >= 1\nreadout r sum from a\n+ + 1 2":                                    "2 biases; want one a row",
		head + "+- >= 1\nreadout r sum from a\n++ + 1":                                     "2 weights; the readout takes 1",
		head + "+- >= 1\nreadout r count from a":                                           `0 scores for mode "count"`,
		head + "+- >= 1\nreadout r count from b scores 1":                                  `source "b" is no earlier layer`,
		head + "+- >= 1\nreadout r count from #1 scores 1":                                 "source #1; want #0..#0",
		head + "+- >= 1\nlayer a concat from a\nreadout r count from a scores 1":           `source "a" names several layers`,
		head + "+- >= 1\nlayer b concat from a a a\n+ >= 1":                                `"+"; want inputs`,
		head + "+- >= 1\nreadout r count from a scores 1\nlayer b concat from a":           "comes after the readout",
		head + "+- >= 1\nreadout r count from a scores 1\nreadout r count from a scores 1": "comes twice",
		"layer a":             "ends before its operation",
		"layer a dense input": "no word from after its operation",
		"inputs 2\nlayer a dense from input lif leak":                                    "ends before its leak",
		"inputs 2\nlayer a dense from input lif leak 1.5":                                "leak is not an integer",
		"inputs 2\nlayer a dense from input lif zero":                                    `"zero" is one word too many`,
		"inputs 2\nlayer a median from input":                                            `operation "median"; known are`,
		"inputs 2\nlayer a or from input":                                                "stride 0x0; want 1 or more",
		"inputs 2\nlayer a or from input map 2":                                          "want 3 numbers with x between",
		"inputs 2\nlayer a or from input map 1x1xa":                                      "is not a number",
		"inputs 2\nlayer a or from input map 1x1x2 kernel 3x3":                           "larger than the padded map",
		head + "+- >= 1\nreadout r max from a scores 1":                                  `mode "max"`,
		"inputs 4\nlayer c conv2d from input map 1x2x2 kernel 1x1\n+ >= 1\n+ >= 1 1 1 1": "has 8 neurons in its rows; want 4",
		"inputs 4\nlayer c conv2d from input map 1x2x2 kernel 1x1\n+ >= 1 2":             "2 thresholds; want 1 or 4",
	} {
		_, err := ParseText(text)
		if err == nil || !strings.Contains(err.Error(), reason) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error %v; want one line with %q", text, err, reason)
		}
	}
}

func TestString(t *testing.T) {
	n := parse(t, `
		inputs 4
		layer hidden dense from input lif reset zero leak -1
		+-0+ >= 1
		-++0 >= -2
		layer any or from hidden map 1x1x2 kernel 1x2
		readout out sum from any hidden
		++- + 0`)
	want := `layer   op           from        inputs  neurons  weights  nonzero  thresholds
hidden  dense lif    input       4       2        8        6        -2..1
any     or           hidden      2       1        -        -        -
out     readout sum  any hidden  3       1        3        3        0..0
`
	if d := cmp.Diff(want, n.String()); d != "" {
		t.Error(d)
	}
}

func FuzzParseText(f *testing.F) {
	f.Add(story)
	f.Add("inputs 2\nreadout \"\" count from input scores 2\n")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseText(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error of several lines: %q", err)
			}
			return
		}
		again, err := ParseText(n.Text())
		if err != nil {
			t.Fatalf("%v in what was written for %q:\n%s", err, text, n.Text())
		}
		if d := Diff(n, again); d != "" {
			t.Fatalf("%q: %s", text, d)
		}
	})
}
