package hwmodel

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tritloom/ledger"
)

// extend parses a file that changes another.
func extend(base, change string) (*Chip, error) {
	return Parse("change.yaml", []byte(change), func(name string) ([]byte, error) {
		if name == "base.yaml" {
			return []byte(base), nil
		}
		return resolveChip(name)
	})
}

// TestLawsRescale changes the sizes of ternary256 and compares prices with hand
// arithmetic on the factor of each law.
func TestLawsRescale(t *testing.T) {
	base, err := Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	// 128 neurons of 74 bits: stored bits 256*128*2 + 128*74 = 75,008 of 168,960.
	// A tick of 512 quanta of 2.5 ns is a quarter of 5.12 us.
	small, err := extend("", `extends: ternary256
capabilities: {core: {neurons: 128, neuron_bits: 74}, tick: {quanta: 512, quantum_ps: 2500}}
`)
	if err != nil {
		t.Fatal(err)
	}
	bits := 75008.0 / 168960
	for kind, factor := range map[ledger.Kind]float64{
		ledger.BitsRead:      1,                // any-geometry
		ledger.NeuronTouched: 0.5,              // per-neuron-state: 74 of 148 bits
		ledger.HopX:          math.Sqrt(bits),  // per-core-pitch
		ledger.CoreTick:      bits * (1.0 / 4), // per-bit-and-tick
	} {
		was, is := base.Prices[kind], small.Prices[kind]
		for _, v := range [][2]float64{{was.Nominal, is.Nominal}, {was.Low, is.Low}, {was.High, is.High}} {
			if math.Abs(v[1]/v[0]-factor) > 1e-12 { // a few roundings of doubles
				t.Errorf("%s: scaled by %g; want %g", kind, v[1]/v[0], factor)
			}
		}
		if noted := strings.Contains(is.Derivation, "scaled by"); noted != (factor != 1) {
			t.Errorf("%s: derivation %q", kind, is.Derivation)
		}
	}
	if small.Capabilities.Hash() == base.Capabilities.Hash() || small.PriceHash() == base.PriceHash() {
		t.Error("a changed chip has a hash of the old one")
	}
}

// withPrice is the unit chip, on fixed ticks of 100 ns, with another law and
// scope for one kind.
func withPrice(t *testing.T, kind, change string) string {
	t.Helper()
	text := edited(t, "{kind: barrier, quanta: 0, quantum_ps: 1000}", "{kind: fixed, quanta: 100, quantum_ps: 1000}")
	old := row(kind)
	if strings.Count(text, old) != 1 {
		t.Fatalf("no row %s", kind)
	}
	return strings.Replace(text, old, fmt.Sprintf("\n  %s: {energy_pj: {nominal: 1, low: 0.5, high: 2}, evidence: measured, source: definition, %s}\n", kind, change), 1)
}

func TestLawFactors(t *testing.T) {
	cases := []struct {
		law    Law
		change string
		want   float64 // pJ
	}{
		{PerRowBit, "core: {neurons: 64}", 0.25},
		{PerRowBit, "core: {axons: 64}", 1},
		{PerNeuron, "core: {neuron_bits: 364}", 2},
		{PerTick, "tick: {quanta: 300}", 3},
		{PerTick, "core: {axons: 64}", 1},
		{AnyGeometry, "core: {axons: 64}, tick: {quanta: 1}, mesh: {width: 2}", 1},
	}
	for _, c := range cases {
		chip, err := extend(withPrice(t, "row_read", "scope: marginal, law: "+string(c.law)), "extends: base.yaml\ncapabilities: {"+c.change+"}\n")
		if err != nil {
			t.Errorf("%s, %s: %v", c.law, c.change, err)
			continue
		}
		p := chip.Prices[ledger.RowRead]
		if got := p.Nominal / Picojoule; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s, %s: %g pJ; want %g", c.law, c.change, got, c.want)
		}
		if scaled := p.Evidence == Derived; scaled != (c.want != 1) {
			t.Errorf("%s, %s: evidence %s; a measured price that was scaled is derived", c.law, c.change, p.Evidence)
		}
	}
}

func TestAbsolutePriceHoldsForItsSizes(t *testing.T) {
	const sizes = "256 axons x 256 neurons, 2 bits a synapse, 182 bits a neuron"
	const halved = "128 axons x 256 neurons, 2 bits a synapse, 182 bits a neuron"
	cases := []struct{ kind, scope, change, was, is string }{
		{"row_read", "marginal", "core: {axons: 128}", sizes, halved},
		{"row_read", "marginal", "mesh: {width: 4}, tick: {quanta: 7}", "", ""},
		{"packet_tile", "marginal", "mesh: {tile_width: 4}", sizes + ", tiles of 2x2 cores", sizes + ", tiles of 4x2 cores"},
		{"packet_core", "marginal", "mesh: {tile_width: 4}", "", ""},
		{"barrier", "marginal", "mesh: {width: 4}", sizes + ", a mesh of 16x16 cores", sizes + ", a mesh of 4x16 cores"},
		{"row_read", "static", "tick: {quanta: 50}", sizes + ", a tick of 0.1 us", sizes + ", a tick of 0.05 us"},
		{"row_read", "static", "tick: {kind: barrier, quanta: 0}", sizes + ", a tick of 0.1 us", sizes + ", a barrier tick"},
	}
	for _, c := range cases {
		_, err := extend(withPrice(t, c.kind, "scope: "+c.scope), "extends: base.yaml\ncapabilities: {"+c.change+"}\n")
		want := fmt.Sprintf("change.yaml:2:23: %s is an absolute price for %s; this file changes the geometry to %s; want the sizes it holds for; restate it or give it a law", c.kind, c.was, c.is)
		switch {
		case c.was == "" && err != nil:
			t.Errorf("%s, %s: %v", c.kind, c.change, err)
		case c.was != "" && (err == nil || err.Error() != want):
			t.Errorf("%s, %s:\ngot  %v\nwant %s", c.kind, c.change, err, want)
		}
	}
}

func TestAbsolutePriceMayBeRestated(t *testing.T) {
	base := withPrice(t, "row_read", "scope: marginal")
	chip, err := extend(base, `extends: base.yaml
capabilities: {core: {axons: 128}}
prices:
  row_read: {energy_pj: {nominal: 3, low: 3, high: 3}, scope: marginal, evidence: measured, source: restated}
`)
	if err != nil {
		t.Fatal(err)
	}
	if p := chip.Prices[ledger.RowRead]; p.Nominal != 3e-12 || p.Source != "restated" || p.LatencyKnown {
		t.Errorf("%+v; want the energy and source of the extending file, and no latency, as the base has none", p)
	}
}

func TestTickLawNeedsTicks(t *testing.T) {
	_, err := extend("", "extends: ternary256\ncapabilities: {tick: {kind: barrier, quanta: 0}}\n")
	const want = "change.yaml:2:23: core_tick is priced for a tick of 5.12 us; this file changes it to a barrier tick; want a tick of the same kind; restate it"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
