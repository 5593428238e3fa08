package hwmodel

import (
	"strings"
	"testing"

	"tritloom/ledger"
)

const dearHop = "energy_pj: {nominal: 7, low: 6, high: 8}, scope: marginal, evidence: assumed, source: \"assumed: a longer wire\""

// TestRestatedPriceKeepsItsLatency restates hop_y, which ternary256 prices at
// 0.8 V and 28 nm with a latency of 1 quantum. The voltage and the node belong to
// the old energy and go with it; the latency stays until it is stated anew.
func TestRestatedPriceKeepsItsLatency(t *testing.T) {
	const was = "assumed: as hop_x"
	for _, c := range []struct {
		row    string
		quanta uint64
		source string
	}{
		{dearHop, 1, was},
		{dearHop + ", latency_quanta: 3, latency_source: a datasheet", 3, "a datasheet"},
		{dearHop + ", latency_quanta: 0, latency_source: a datasheet", 0, "a datasheet"},
		{dearHop + ", latency_source: a datasheet", 1, "a datasheet"},
		{"zero: the wire is another's", 1, was},
		{"unknown: not published", 1, was},
		{"included_in: hop_x", 1, was},
	} {
		chip, err := extend("", "extends: ternary256\nprices:\n  hop_y: {"+c.row+"}\n")
		if err != nil {
			t.Errorf("%s: %v", c.row, err)
			continue
		}
		p := chip.Prices[ledger.HopY]
		if !p.LatencyKnown || p.LatencyQuanta != c.quanta || p.LatencySource != c.source {
			t.Errorf("%s: latency %d, known %v, from %q; want %d from %q", c.row, p.LatencyQuanta, p.LatencyKnown, p.LatencySource, c.quanta, c.source)
		}
		if chip.Latencies()[ledger.HopY] != c.quanta {
			t.Errorf("%s: simulated with %d quanta; want %d", c.row, chip.Latencies()[ledger.HopY], c.quanta)
		}
		if p.VoltageV != 0 || p.NodeNM != 0 || p.Derivation != "" || p.Law != Absolute {
			t.Errorf("%s: %+v; want nothing of the old energy", c.row, p)
		}
	}
}

// TestRestatedLatencyNeedsItsSource states a latency anew: the source of the old
// one is not its source.
func TestRestatedLatencyNeedsItsSource(t *testing.T) {
	_, err := extend("", "extends: ternary256\nprices:\n  hop_y: {latency_quanta: 3, "+dearHop+"}\n")
	const want = `change.yaml:3:11: price hop_y has a latency and no latency_source; want one for every latency; name the paper and table, or write "assumed: why"`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestLatencyIsInheritedTwice extends a chip that restates a price, and restates
// it again.
func TestLatencyIsInheritedTwice(t *testing.T) {
	chip, err := extend("extends: ternary256\nprices: {hop_y: {"+dearHop+", latency_quanta: 3, latency_source: a datasheet}}\n",
		"extends: base.yaml\nprices: {hop_y: {"+strings.Replace(dearHop, "7", "6.5", 1)+"}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if p := chip.Prices[ledger.HopY]; p.Nominal != 6.5e-12 || p.LatencyQuanta != 3 || p.LatencySource != "a datasheet" {
		t.Errorf("%+v; want 6.5 pJ and the 3 quanta of the datasheet", p)
	}
}

// TestChangedGeometryIsPointedAt changes several capabilities below an absolute
// price: the error points at the first of them that the price stands for.
func TestChangedGeometryIsPointedAt(t *testing.T) {
	base := withPrice(t, "row_read", "scope: static")
	for _, c := range []struct{ change, at string }{
		{"  mesh: {width: 4}\n  core: {axons: 128}\n", "4:10"},
		{"  tick: {quanta: 50}\n  core: {neurons: 128, axons: 128}\n", "3:10"},
		{"  core: {axons: 256, neurons: 128}\n", "3:22"},
		{"  core: {neuron_bits: 7, axons: 128}\n", "3:10"},
		// A price of 100 ns: each alone changes it.
		{"  tick: {quantum_ps: 10, quanta: 50}\n", "3:10"},
	} {
		_, err := extend(base, "extends: base.yaml\ncapabilities:\n"+c.change)
		if want := "change.yaml:" + c.at + ": row_read is an absolute price for "; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s...", c.change, err, want)
		}
	}
}
