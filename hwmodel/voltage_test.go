package hwmodel

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
)

// voltageText is the unit chip at 1 V with a voltage model of exponent 3 [2.5, 4].
func voltageText(t *testing.T) string {
	t.Helper()
	text := strings.ReplaceAll(chipText(t, "unit"), "law: any-geometry", "voltage_v: 1, law: any-geometry")
	return strings.Replace(text, "prices:\n", `voltage_model:
  reference_v: 1
  static_exponent: {nominal: 3, low: 2.5, high: 4}
  valid_v: {low: 0.5, high: 2}
  source: definition
prices:
`, 1)
}

// TestAtVoltage moves prices of 1 pJ by hand: at 2 V dynamic ones are 4 pJ and
// static ones 8 [5.657, 16]; at 0.5 V 1/4 and 1/8 [1/16, 0.1768].
func TestAtVoltage(t *testing.T) {
	chip := mustParse(t, "v.yaml", voltageText(t))
	for _, c := range []struct {
		volts           float64
		dynamic, static band
	}{
		{2, band{4, 4, 4}, band{8, 4 * math.Sqrt2, 16}},
		{1, band{1, 1, 1}, band{1, 1, 1}},
		{0.5, band{0.25, 0.25, 0.25}, band{0.125, 0.0625, math.Sqrt2 / 8}},
	} {
		at, err := chip.AtVoltage(c.volts)
		if err != nil {
			t.Fatal(err)
		}
		if err := at.Validate(); err != nil {
			t.Errorf("at %g V: %v", c.volts, err)
		}
		for kind, want := range map[ledger.Kind]band{
			ledger.SynapticOp: c.dynamic, ledger.HopX: c.dynamic,
			ledger.CoreTick: c.static, ledger.CoreWaiting: c.static,
			ledger.InputSpike: {1, 1, 1}, ledger.ChipCrossing: {1, 1, 1}, // on a supply of their own
		} {
			p := &at.Prices[kind]
			for i, v := range [][2]float64{{p.Nominal, want.nominal}, {p.Low, want.low}, {p.High, want.high}} {
				if math.Abs(v[0]/Picojoule/v[1]-1) > 1e-12 { // a few roundings of doubles
					t.Errorf("%s at %g V, value %d of nominal, low, high: %g pJ; want %g", kind, c.volts, i, v[0]/Picojoule, v[1])
				}
			}
			if want := c.volts; p.followsSupply() && p.VoltageV != want {
				t.Errorf("%s states %g V; want %g", kind, p.VoltageV, want)
			}
		}
		if diff := cmp.Diff(chip.Latencies(), at.Latencies()); diff != "" {
			t.Errorf("at %g V latencies change:\n%s", c.volts, diff)
		}
		if same := at.PriceHash() == chip.PriceHash(); same != (c.volts == 1) {
			t.Errorf("at %g V the price hash is the same: %v", c.volts, same)
		}
		if at.Capabilities.Hash() != chip.Capabilities.Hash() {
			t.Errorf("at %g V the capabilities change", c.volts)
		}
	}
	if chip.Prices[ledger.HopX].Nominal != Picojoule || chip.Voltage.ReferenceV != 1 {
		t.Error("the chip itself has changed")
	}
}

// TestAtVoltageAndBack moves the nominal prices of TrueNorth there and back.
func TestAtVoltageAndBack(t *testing.T) {
	chip := loadTrueNorth(t)
	there, err := chip.AtVoltage(1.05)
	if err != nil {
		t.Fatal(err)
	}
	back, err := there.AtVoltage(0.8)
	if err != nil {
		t.Fatal(err)
	}
	for k, p := range back.Prices {
		nearly(t, p.Kind.String(), p.Nominal, chip.Prices[k].Nominal, 1e-12)
	}
	if derivation := there.Prices[ledger.CoreTick].Derivation; !strings.HasSuffix(derivation, "moved from 0.8 V to 1.05 V, * 2.391 = (1.05/0.8)^3.205") {
		t.Errorf("derivation %q", derivation)
	}
	if want := chip.Title + ", moved to 1.05 V"; there.Title != want {
		t.Errorf("title %q; want %q", there.Title, want)
	}
}

func TestAtVoltageRefuses(t *testing.T) {
	chip := loadTrueNorth(t)
	for volts, want := range map[float64]string{
		0.69:       "chip truenorth at 0.69 V; its voltage_model holds for 0.7..1.05 V; choose a voltage in that range, or extrapolate with --outside-domain (in files outside_domain: true)",
		1.2:        "chip truenorth at 1.2 V; its voltage_model holds for 0.7..1.05 V; choose a voltage in that range, or extrapolate with --outside-domain (in files outside_domain: true)",
		math.NaN(): "chip truenorth at NaN V; its voltage_model holds for 0.7..1.05 V; choose a voltage in that range, or extrapolate with --outside-domain (in files outside_domain: true)",
	} {
		if _, err := chip.AtVoltage(volts); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	const want = "chip unit has no voltage_model, so its prices hold only at the voltages they state; add one to the chip file"
	if _, err := mustParse(t, "unit", chipText(t, "unit")).AtVoltage(1); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestVoltageModelRefuses(t *testing.T) {
	good := voltageText(t)
	for _, c := range []struct{ old, new, want string }{
		{"reference_v: 1\n", "reference_v: 100\n", "v.yaml:33:3: voltage_model.reference_v = 100; want 0.05..20; write the voltage of the prices"},
		{"  reference_v: 1\n", "", "v.yaml:32:1: voltage_model.reference_v = 0; want 0.05..20; write the voltage of the prices"},
		{"low: 2.5", "low: 3.5", "v.yaml:34:3: voltage_model.static_exponent = 3 within 3.5..4; want 1 <= low <= nominal <= high <= 10; put the three in order"},
		{"{low: 0.5, high: 2}", "{low: 1.5, high: 2}", "v.yaml:35:3: voltage_model.valid_v = 1.5..2; want 0.05 <= low <= reference_v = 1 <= high <= 20; state the range it is for"},
		{"  source: definition\nprices", "prices", "v.yaml:32:1: voltage_model.source is missing; want one for every model; name the paper and figure, or write \"assumed: why\""},
		{"source: definition\nprices", "origin: definition\nprices", `v.yaml:36:3: unknown field "origin"; known here are reference_v, static_exponent, valid_v, source, derivation; leave it out`},
		{"\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: definition, voltage_v: 1,",
			"\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: definition, voltage_v: 0.9,",
			"v.yaml:49:109: price hop_x has voltage_v = 0.9; want 1, the reference_v of voltage_model; restate the price at it"},
		{"\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal,", "\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: all-in,",
			"v.yaml:49:53: price hop_x is all-in beside a voltage_model; it mixes static and dynamic energy, which follow the voltage differently; want marginal or static; leave the model out"},
	} {
		if strings.Count(good, c.old) != 1 {
			t.Fatalf("%q stands %d times; want once", c.old, strings.Count(good, c.old))
		}
		_, err := Parse("v.yaml", []byte(strings.Replace(good, c.old, c.new, 1)), resolveChip)
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestVoltageModelIsInherited extends TrueNorth by another mesh.
func TestVoltageModelIsInherited(t *testing.T) {
	chip, err := extend("", "extends: truenorth\ncapabilities: {mesh: {width: 8, height: 8}}\n")
	if err != nil {
		t.Fatal(err)
	}
	at, err := chip.AtVoltage(0.75)
	if err != nil {
		t.Fatal(err)
	}
	nearly(t, "hop_x", at.Prices[ledger.HopX].Nominal/Picojoule, 2.451*0.75*0.75/0.64, 1e-12)

	// A model is replaced whole: what it leaves out is not taken from TrueNorth.
	_, err = extend("", "extends: truenorth\nvoltage_model: {reference_v: 0.8, static_exponent: {nominal: 3, low: 3, high: 3}, valid_v: {low: 0.7, high: 1}}\n")
	const want = "change.yaml:2:1: voltage_model.source is missing; want one for every model; name the paper and figure, or write \"assumed: why\""
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
