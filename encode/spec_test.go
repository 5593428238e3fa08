package encode

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSpec(t *testing.T) {
	for _, c := range []struct {
		text string
		want Spec
	}{
		{"threshold", Spec{Scheme: Threshold, Bits: 1}},
		{"threshold:128", Spec{Scheme: Threshold, Bits: 1, Cuts: []int64{128}}},
		{"threshold:-2.45", Spec{Scheme: Threshold, Bits: 1, Cuts: []int64{-245}, Decimals: 2}},
		{"thermometer:3", Spec{Scheme: Thermometer, Bits: 3}},
		{"thermometer=4,8,12", Spec{Scheme: Thermometer, Bits: 3, Cuts: []int64{4, 8, 12}}},
		{"thermometer=-0.05,1.50", Spec{Scheme: Thermometer, Bits: 2, Cuts: []int64{-5, 150}, Decimals: 2}},
		{"bitplanes:4", Spec{Scheme: BitPlanes, Bits: 4}},
		{"population:8", Spec{Scheme: Population, Bits: 8}},
	} {
		got, err := ParseSpec(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.text, d)
		}
		if got.String() != c.text {
			t.Errorf("%s is written %s", c.text, got)
		}
	}
	if s, err := ParseSpec("thermometer=1,2.5"); err != nil || s.String() != "thermometer=1.0,2.5" {
		t.Errorf("mixed decimals: %v, %v", s, err)
	}
}

func TestParseSpecRefuses(t *testing.T) {
	for text, reason := range map[string]string{
		"":                       "names no number of bits",
		"gray:3":                 "known are [threshold",
		"thermometer":            "names no number of bits",
		"thermometer:0":          "takes 1..1024",
		"thermometer:x":          `"x" is not a whole number`,
		"thermometer=4,4":        "cut 4 comes after 4",
		"thermometer=4,,5":       `cut "" is not`,
		"threshold:4,8":          "takes 1..1",
		"threshold:1.":           "is not a decimal",
		"threshold:1.-5":         "is not a decimal",
		"threshold:0." + nines20: "20 decimals; at most 18",
		"threshold:" + nines20:   "fits 64 bits",
		"bitplanes:13":           "takes 1..12",
		"bitplanes=3":            "names no number of bits",
		"population:1":           "takes 2..1024",
	} {
		_, err := ParseSpec(text)
		if err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "; want threshold:CUT") {
			t.Errorf("%q: error %v; want one with %q", text, err, reason)
		}
	}
}

const nines20 = "99999999999999999999"

func TestDefaultSpec(t *testing.T) {
	for _, c := range []struct {
		image bool
		high  int64
		want  string
	}{
		{true, 255, "threshold:128"},
		{true, 16, "thermometer=2,6,10,14"},
		{true, 15, "thermometer=2,6,10,14"},
		{true, 1, "threshold:1"},
		{true, 3, "thermometer=1,2,3"},
		{true, 7, "thermometer=1,3,5,7"},
		{true, 0, "thermometer:8"},
		{false, 255, "thermometer:8"},
	} {
		s := DefaultSpec(c.image, c.high)
		if s.String() != c.want || s.Validate() != nil {
			t.Errorf("image %v up to %d: %s; want %s (%v)", c.image, c.high, s, c.want, s.Validate())
		}
	}
}

func TestSpecEqual(t *testing.T) {
	a, b := Spec{Scheme: Thermometer, Bits: 3}, DefaultSpec(true, 16)
	if !a.Equal(a) || a.Equal(b) || !b.Equal(DefaultSpec(true, 15)) {
		t.Error("Equal does not tell the same from different specifications")
	}
}
