package hwmodel

import (
	"strings"
	"testing"

	"tritloom/ledger"
)

// tickUnit is the unit chip with ticks of 100 quanta of 1 ns and a share of 1/4 [0,
// 1/2] of static energy paid by the tick.
func tickUnit(t *testing.T) string {
	t.Helper()
	text := strings.Replace(chipText(t, "unit"), "kind: barrier, quanta: 0", "kind: fixed, quanta: 100", 1)
	return strings.Replace(text, "prices:\n", `tick_model:
  reference_us: 0.1
  per_tick_share: {nominal: 0.25, low: 0, high: 0.5}
  valid_us: {low: 0.01, high: 0.2}
  source: definition
prices:
`, 1)
}

// TestAtTick moves a static price of 1 pJ a tick by hand. In half the tick, of 3/4 pJ
// that follow time half is paid: 1/4 + 3/8 = 0.625 [0.5, 0.75]; in twice the tick 1/4
// + 6/4 = 1.75 [1.5, 2]. Energy a quantum and energy an event stay.
func TestAtTick(t *testing.T) {
	chip := mustParse(t, "t.yaml", tickUnit(t))
	for _, c := range []struct {
		ps     int64
		static band
	}{
		{50_000, band{0.625, 0.5, 0.75}},
		{100_000, band{1, 1, 1}},
		{200_000, band{1.75, 1.5, 2}},
	} {
		at, err := chip.AtTick(c.ps)
		if err != nil {
			t.Fatal(err)
		}
		if err := at.Validate(); err != nil {
			t.Errorf("at %d ps: %v", c.ps, err)
		}
		if got := at.Capabilities.Tick.PS(); got != c.ps {
			t.Errorf("a tick of %d ps; want %d", got, c.ps)
		}
		for kind, want := range map[ledger.Kind]band{
			ledger.CoreTick: c.static, ledger.SynapticOp: {1, 1, 1}, ledger.CoreWaiting: {1, 1, 1}, ledger.CoreBusy: {1, 1, 1},
		} {
			p := &at.Prices[kind]
			nearly(t, kind.String(), p.Nominal/Picojoule, want.nominal, 1e-12)
			nearly(t, kind.String()+", low", p.Low/Picojoule, want.low, 1e-12)
			nearly(t, kind.String()+", high", p.High/Picojoule, want.high, 1e-12)
		}
		same := c.ps == 100_000
		if (at.PriceHash() == chip.PriceHash()) != same || (at.Capabilities.Hash() == chip.Capabilities.Hash()) != same {
			t.Errorf("at %d ps a hash is the same, or at the chip's own tick another", c.ps)
		}
		back, err := at.AtTick(100_000)
		if err != nil {
			t.Fatal(err)
		}
		nearly(t, "there and back", back.Prices[ledger.CoreTick].Nominal/Picojoule, 1, 1e-12)
	}
	if chip.Capabilities.Tick.Quanta != 100 || chip.Prices[ledger.CoreTick].Nominal != Picojoule {
		t.Error("the chip itself has changed")
	}
}

// TestTrueNorthTicks prices a core at 200 us: 15.73 nJ * (0.3306 + 0.6694/5) = 7.306
// nJ a tick. With no share by the tick, power stays: 15.73/5 nJ; the interval's low
// end is that of a low static price at a low share.
func TestTrueNorthTicks(t *testing.T) {
	at, err := loadTrueNorth(t).AtTick(200_000_000)
	if err != nil {
		t.Fatal(err)
	}
	p := at.Prices[ledger.CoreTick]
	nearly(t, "nJ a tick", p.Nominal*1e9, 15.73*(0.3306+0.6694/5), 1e-6)
	nearly(t, "nJ a tick, low", p.Low*1e9, 14.71/5, 1e-6)
	nearly(t, "nJ a tick, high", p.High*1e9, 17.9*(0.353+0.647/5), 1e-6)
	if hop := loadTrueNorth(t).Prices[ledger.HopX]; at.Prices[ledger.HopX].moved(&hop) {
		t.Error("a hop changed with the tick")
	}
	if want := ", with ticks of 200 us"; !strings.HasSuffix(at.Title, want) {
		t.Errorf("title %q; want %q at its end", at.Title, want)
	}
}

// TestTernary256Ticks follows the law of its leakage: half the tick, half the energy.
func TestTernary256Ticks(t *testing.T) {
	chip := load(t, "ternary256")
	at, err := chip.AtTick(chip.Capabilities.Tick.PS() * 3 / 4)
	if err != nil {
		t.Fatal(err)
	}
	nearly(t, "pJ a tick", at.Prices[ledger.CoreTick].Nominal, 0.75*chip.Prices[ledger.CoreTick].Nominal, 1e-12)

	// The same tick written into a file that extends it gives the same prices.
	file, err := extend("", "extends: ternary256\ncapabilities: {tick: {quanta: 768}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if file.PriceHash() != at.PriceHash() || file.Capabilities.Hash() != at.Capabilities.Hash() {
		t.Error("a tick by conditions and the same by a file that extends the chip differ")
	}
	if file.TickModel == nil || file.TickModel.ReferenceUS != 3.84 {
		t.Errorf("the tick model does not follow the tick of the file: %+v", file.TickModel)
	}
}

func TestAtTickRefuses(t *testing.T) {
	for _, c := range []struct {
		chip string
		ps   int64
		want string
	}{
		{"truenorth", 1_000_000, "chip truenorth at ticks of 1 us; its tick_model holds for 200..1000 us; choose a tick in that range, or extrapolate with --outside-domain (in files outside_domain: true)"},
		{"truenorth", 200_000_001, "chip truenorth at ticks of 200.000001 us; want a whole number 1..4294967296 of its quanta of 40 ps; choose a multiple"},
		{"truenorth", -40, "chip truenorth at ticks of -4e-05 us; want a whole number 1..4294967296 of its quanta of 40 ps; choose a multiple"},
		{"unit", 1000, "chip unit at ticks of 0.001 us; its ticks end when every core has finished and have no length to choose; leave the tick out"},
		{"isaac128", 200_000, "chip isaac128 has no tick_model, so its prices hold only for a tick of 0.1 us; add one to the chip file"},
	} {
		if _, err := load(t, c.chip).AtTick(c.ps); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestTickModelRefuses(t *testing.T) {
	good := tickUnit(t)
	for _, c := range []struct{ old, new, want string }{
		{"reference_us: 0.1", "reference_us: 0.2", "t.yaml:33:3: tick_model.reference_us = 0.2; want 0.1, the tick of the capabilities; write that one, as prices are of it"},
		{"high: 0.5", "high: 1.5", "t.yaml:34:3: tick_model.per_tick_share = 0.25 within 0..1.5; want 0 <= low <= nominal <= high <= 1; write 0 for energy that follows time"},
		{"low: 0.01", "low: 0.11", "t.yaml:35:3: tick_model.valid_us = 0.11..0.2; want 0 < low <= reference_us = 0.1 <= high <= 1e+08; state the range it is for"},
		{"  source: definition\nprices", "prices", "t.yaml:32:1: tick_model.source is missing; want one for every model; name the paper and figure, or write \"assumed: why\""},
		{"\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal,", "\n  hop_x: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: all-in,",
			"t.yaml:49:53: price hop_x is all-in beside a tick_model; it holds static energy of ticks of one length; want marginal or static; leave the model out"},
		{"kind: fixed, quanta: 100", "kind: barrier, quanta: 0", "t.yaml:32:1: tick_model stands on a chip whose ticks end when every core has finished; want a fixed tick; leave the model out"},
		{"core_tick: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: static, evidence: assumed, source: definition, law: any-geometry", "core_tick: {energy_pj: {nominal: 1, low: 1, high: 1}, scope: static, evidence: assumed, source: definition, law: per-tick-length",
			`t.yaml:63:111: price core_tick has law "per-tick-length" beside a tick_model that pays a share of 0..0.5 by the tick; the law pays all of it by time; want a share of 0, or leave the law out`},
	} {
		if strings.Count(good, c.old) != 1 {
			t.Fatalf("%q stands %d times; want once", c.old, strings.Count(good, c.old))
		}
		_, err := Parse("t.yaml", []byte(strings.Replace(good, c.old, c.new, 1)), resolveChip)
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestTickModelIsInherited extends TrueNorth: with its tick the model stays, with
// another one, which asks for a new static price, the old share goes.
func TestTickModelIsInherited(t *testing.T) {
	same, err := extend("", "extends: truenorth\ncapabilities: {mesh: {width: 8, height: 8}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := same.AtTick(200_000_000); err != nil {
		t.Error(err)
	}
	other, err := extend("", "extends: truenorth\ncapabilities: {tick: {quanta: 5000000}}\nprices:\n"+
		"  core_tick: {energy_pj: {nominal: 7000, low: 6000, high: 8000}, scope: static, voltage_v: 0.8, evidence: assumed, source: \"assumed: as an example\"}\n")
	if err != nil {
		t.Fatal(err)
	}
	if other.TickModel != nil {
		t.Errorf("a share of TrueNorth's own price is left on another: %+v", other.TickModel)
	}
	// Without a new price the old one is refused: it is for another tick.
	_, err = extend("", "extends: truenorth\ncapabilities: {tick: {quanta: 5000000}}\n")
	if err == nil || !strings.Contains(err.Error(), "core_tick is an absolute price") {
		t.Errorf("got %v", err)
	}
}

// TestQuantumBelongsToItsPrice changes the quantum under a price that is paid by the
// quantum.
func TestQuantumBelongsToItsPrice(t *testing.T) {
	_, err := extend("", "extends: loihi1-davies2018\ncapabilities: {tick: {quantum_ps: 200}}\n")
	const want = "core_busy is an absolute price for 4096 axons x 1024 neurons, 8 bits a synapse, 65 bits a neuron, a quantum of 100 ps; this file changes the geometry to"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}
