package encode

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/emer/emergent/v2/popcode"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// fit fits to one feature's training values.
func fit(t *testing.T, spec string, values ...int64) Encoder {
	t.Helper()
	s, err := ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Fit(s, func(int) []int64 { return values }, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// encoded is the bits of one value.
func encoded(e *Encoder, v ...int64) string {
	b := NewBits(e.Width())
	e.Encode(v, b)
	return b.String()
}

func TestFitByHand(t *testing.T) {
	for _, c := range []struct {
		spec   string
		values []int64
		want   []int64
	}{
		{"threshold:128", nil, []int64{128}},
		{"threshold", []int64{1, 2, 9, 10}, []int64{6}},                      // median falls between 2 and 9: (2+9)/2 rounded up
		{"threshold", []int64{0, 0, 0, 0, 7}, []int64{4}},                    // mostly zero: first gap
		{"threshold", []int64{5, 5}, []int64{Never}},                         // constant
		{"thermometer:3", []int64{0, 1, 2, 3, 4, 5, 6, 7}, []int64{2, 4, 6}}, // quarters
		{"thermometer:7", []int64{3, 1, 1, 1}, []int64{2}},                   // one gap only
		{"thermometer:1", []int64{-5, -2}, []int64{-3}},                      // half way is -3.5, rounded up
		{"bitplanes:2", []int64{10, 13}, []int64{11, 12, 13}},                // a level a value
		{"bitplanes:2", []int64{10, 11}, []int64{11, 12, 13}},                // cuts beyond the range are not reached
		{"bitplanes:2", []int64{0, 7}, []int64{2, 4, 6}},                     // 8 values in 4 parts
		{"bitplanes:1", []int64{0, 2}, []int64{2}},                           // 3 values: 2 and 1
	} {
		e := fit(t, c.spec, c.values...)
		if d := cmp.Diff(c.want, e.Features[0].On); d != "" {
			t.Errorf("%s of %v: %s", c.spec, c.values, d)
		}
	}
}

func TestEncodeByHand(t *testing.T) {
	digits := fit(t, "thermometer=4,8,12")
	for v, want := range map[int64]string{3: "000", 4: "100", 8: "110", 11: "110", 16: "111"} {
		if got := encoded(&digits, v); got != want {
			t.Errorf("thermometer of %d: %s; want %s", v, got, want)
		}
	}
	planes := fit(t, "bitplanes:2", 10, 13)
	for v, want := range map[int64]string{9: "00", 10: "00", 11: "10", 12: "01", 13: "11", 99: "11"} {
		if got := encoded(&planes, v); got != want {
			t.Errorf("bit planes of %d: %s; want %s", v, got, want)
		}
	}
	never := fit(t, "threshold", 5, 5)
	if got := encoded(&never, 1<<61); got != "0" {
		t.Errorf("a constant feature encodes to %s", got)
	}
}

func TestConstantFeaturesAreDropped(t *testing.T) {
	columns := [][]int64{{1, 2, 3, 4}, {7, 7, 7, 7}, {0, 0, 0, 5}}
	for spec, widths := range map[string][]int{
		"threshold": {1, 1, 1}, "thermometer:2": {2, 0, 1}, "bitplanes:2": {2, 0, 2}, "population:4": {4, 0, 4},
	} {
		s, _ := ParseSpec(spec)
		e, err := Fit(s, func(f int) []int64 { return columns[f] }, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		for f, want := range widths {
			if got := e.Features[f].bits(e.Scheme); got != want {
				t.Errorf("%s: feature %d takes %d bits; want %d", spec, f, got, want)
			}
		}
	}
}

func TestFitRefuses(t *testing.T) {
	values := func(v ...int64) func(int) []int64 { return func(int) []int64 { return v } }
	quantiles := Spec{Scheme: Thermometer, Bits: 2}
	for _, c := range []struct {
		spec     Spec
		columns  func(int) []int64
		features int
		decimals []uint8
		reason   string
	}{
		{Spec{}, nil, 1, nil, "known are"},
		{quantiles, values(1, 2), 0, nil, "0 features"},
		{quantiles, values(1, 2), 2, []uint8{0}, "2 features with 1 decimals"},
		{quantiles, values(), 1, nil, "feature 0: no training values"},
		{quantiles, values(3, 3), 1, nil, "every feature is constant"},
		{quantiles, values(0, 1<<62), 1, nil, "less than 2^62"},
		{Spec{Scheme: Threshold, Bits: 1, Cuts: []int64{1 << 60}}, nil, 1, []uint8{2}, "does not fit at 2 decimals"},
		{Spec{Scheme: BitPlanes, Bits: 1, Cuts: []int64{1}}, nil, 1, nil, "fixed cuts"},
	} {
		_, err := Fit(c.spec, c.columns, c.features, c.decimals)
		if err == nil || !strings.Contains(err.Error(), c.reason) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: error %v; want one line with %q", c.spec, err, c.reason)
		}
	}
}

func TestFixedCutsTakeTheUnitsOfTheData(t *testing.T) {
	s, _ := ParseSpec("thermometer=2.45,2.49,7")
	e, err := Fit(s, nil, 3, []uint8{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	want := []Feature{
		{Decimals: 1, On: []int64{25, 70}}, // 2.45 and 2.49 lie between the same tenths
		{Decimals: 2, On: []int64{245, 249, 700}},
		{Decimals: 3, On: []int64{2450, 2490, 7000}},
	}
	if d := cmp.Diff(want, e.Features); d != "" {
		t.Error(d)
	}
}

func TestQuantileCutsKeepTheirPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-20, 20), 2, 40).Draw(t, "values")
		k := rapid.IntRange(1, 9).Draw(t, "k")
		slices.Sort(values)
		if values[0] == values[len(values)-1] {
			return
		}
		cuts := quantileCuts(values, k)
		if len(cuts) == 0 || len(cuts) > k {
			t.Fatalf("%d cuts of at most %d", len(cuts), k)
		}
		for i, c := range cuts {
			if i > 0 && c <= cuts[i-1] || c <= values[0] || c > values[len(values)-1] {
				t.Fatalf("cuts %v of %v do not split the values in rising order", cuts, values)
			}
		}
	})
}

func TestPlaneCutsMakeEqualParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(-1000, 1000).Draw(t, "low")
		high := low + rapid.Int64Range(1, 300).Draw(t, "span")
		m := rapid.IntRange(1, 6).Draw(t, "m")
		cuts := planeCuts(low, high, m)
		sizes := make([]int, 1<<m)
		f := Feature{On: cuts}
		for v := low; v <= high; v++ {
			sizes[f.level(v)]++
		}
		least, most := slices.Min(sizes), slices.Max(sizes)
		if most-least > 1 {
			t.Fatalf("%d..%d in %d bits: parts of %d to %d values", low, high, m, least, most)
		}
	})
}

// The oracle is the package itself: every unit of every value must equal the
// population code's own float32 activity cut at half height.
func TestPopulationEqualsItsFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(-50, 50).Draw(t, "low")
		span := rapid.Int64Range(1, 90).Draw(t, "span")
		k := rapid.IntRange(2, 20).Draw(t, "k")
		e := Encoder{Scheme: Population, Features: []Feature{fitPopulation(low, low+span, k)}}
		if err := e.Validate(); err != nil {
			t.Fatal(err)
		}
		var code popcode.OneD
		code.Defaults()
		var activity []float32
		for v := low - 3; v <= low+span+3; v++ {
			inside := min(max(v, low), low+span)
			code.Encode(&activity, float32(float64(inside-low)/float64(span)), k, popcode.Set)
			got := encoded(&e, v)
			for i, a := range activity {
				if (a >= 0.5) != (got[i] == '1') {
					t.Fatalf("%d..%d, %d units, value %d: %s; unit %d has activity %v", low, low+span, k, v, got, i, a)
				}
			}
		}
	})
}

// Patterns of 16 units over 0..1, as emergent's defaults give them.
func TestPopulationPatterns(t *testing.T) {
	e := fit(t, "population:16", 0, 10)
	for v, want := range map[int64]string{0: "0011111000000000", 5: "0000001111000000", 10: "0000000001111100", -7: "0011111000000000"} {
		if got := encoded(&e, v); got != want {
			t.Errorf("value %d: %s; want %s", v, got, want)
		}
	}
}

func TestForKeepsEveryComparison(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := uint8(rapid.IntRange(0, 4).Draw(t, "from"))
		to := uint8(rapid.IntRange(0, 4).Draw(t, "to"))
		cuts := rapid.SliceOfNDistinct(rapid.Int64Range(-5000, 5000), 1, 6, rapid.ID[int64]).Draw(t, "cuts")
		slices.Sort(cuts)
		e := Encoder{Scheme: Thermometer, Features: []Feature{{Decimals: from, On: cuts}}}
		moved, err := e.For([]uint8{to}, 1)
		if err != nil {
			t.Fatal(err)
		}
		v := rapid.Int64Range(-5000, 5000).Draw(t, "value")
		got := encoded(moved, v)
		for i, c := range cuts { // v·10^-to >= c·10^-from, in whole numbers
			if (v*pow10(from) >= c*pow10(to)) != (got[i] == '1') {
				t.Fatalf("value %de-%d against cut %de-%d: %s", v, to, c, from, got)
			}
		}
	})
}

func pow10(n uint8) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

func TestForWithEqualCuts(t *testing.T) {
	e := Encoder{Scheme: Thermometer, Features: []Feature{{Decimals: 2, On: []int64{241, 245, 250, 251}}}}
	moved, err := e.For([]uint8{1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int64{25, 25, 25, 26}, moved.Features[0].On); d != "" {
		t.Fatal(d)
	}
	for v, want := range map[int64]string{24: "0000", 25: "1110", 26: "1111"} {
		if got := encoded(moved, v); got != want {
			t.Errorf("value %d: %s; want %s", v, got, want)
		}
	}
}

func TestForKeepsEndlessCuts(t *testing.T) {
	e := Encoder{Scheme: Population, Features: []Feature{{On: []int64{Always, 3, Never}, Off: []int64{4, Never, Never}}}}
	moved, err := e.For([]uint8{18}, 1)
	if err != nil {
		t.Fatal(err)
	}
	const unit = 1_000_000_000_000_000_000
	want := Feature{Decimals: 18, On: []int64{Always, 3 * unit, Never}, Off: []int64{4 * unit, Never, Never}}
	if d := cmp.Diff(want, moved.Features[0]); d != "" {
		t.Error(d)
	}
}

func TestForRefuses(t *testing.T) {
	e := Encoder{Scheme: Threshold, Features: []Feature{{On: []int64{10}}}}
	if _, err := e.For(nil, 2); err == nil || !strings.Contains(err.Error(), "2 features") {
		t.Errorf("wrong feature count: %v", err)
	}
	if _, err := e.For([]uint8{18}, 1); err == nil || !strings.Contains(err.Error(), "feature 0: cut 10 does not fit at 18 decimals") {
		t.Errorf("overflow: %v", err)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	for _, spec := range []string{"threshold", "thermometer:3", "bitplanes:3", "population:5"} {
		e := fit(t, spec, 4, 9, 1, 12, 30)
		data, err := json.Marshal(&e)
		if err != nil {
			t.Fatal(err)
		}
		var back Encoder
		if err := json.Unmarshal(data, &back); err != nil || !e.Equal(&back) {
			t.Errorf("%s: %v, %s", spec, err, data)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		e      Encoder
		reason string
	}{
		{Encoder{}, ""},
		{Encoder{Scheme: "gray"}, `scheme "gray"`},
		{Encoder{Scheme: Threshold, Features: []Feature{{On: []int64{1, 2}}}}, "threshold takes one"},
		{Encoder{Scheme: Thermometer, Features: []Feature{{On: []int64{2, 2}}}}, "cuts must rise"},
		{Encoder{Scheme: Thermometer, Features: []Feature{{Decimals: 19, On: []int64{2}}}}, "at most 18"},
		{Encoder{Scheme: BitPlanes, Features: []Feature{{On: []int64{2, 3}}}}, "takes 2^m - 1"},
		{Encoder{Scheme: Population, Features: []Feature{{On: []int64{2}}}}, "0 ends for 1 units"},
		{Encoder{Scheme: Population, Features: []Feature{{On: []int64{2}, Off: []int64{1}}}}, "before it starts"},
		{Encoder{Scheme: BitPlanes, Features: []Feature{{On: []int64{2}, Off: []int64{3}}}}, "only population"},
	} {
		err := c.e.Validate()
		if c.reason == "" && err != nil || c.reason != "" && (err == nil || !strings.Contains(err.Error(), c.reason)) {
			t.Errorf("%+v: error %v; want %q", c.e, err, c.reason)
		}
	}
}

func TestString(t *testing.T) {
	for _, c := range []struct {
		e    Encoder
		want string
	}{
		{Encoder{}, "no encoder: samples are bits\n"},
		{Encoder{Scheme: Threshold, Features: []Feature{{On: []int64{128}}, {On: []int64{128}}, {On: []int64{Never}}}},
			"threshold: 3 features, 3 bits\nfeatures 0-1: 128\nfeature 2: never\n"},
		{Encoder{Scheme: Thermometer, Features: []Feature{{Decimals: 2, On: []int64{-5, 245}}, {On: nil}}},
			"thermometer: 2 features, 2 bits\nfeature 0: -0.05 2.45\nfeature 1: constant, no bits\n"},
		{Encoder{Scheme: Population, Features: []Feature{{On: []int64{Always, 3}, Off: []int64{4, Never}}}},
			"population: 1 features, 2 bits\nfeature 0: [always,4) [3,never)\n"},
	} {
		if d := cmp.Diff(c.want, c.e.String()); d != "" {
			t.Error(d)
		}
	}
}
