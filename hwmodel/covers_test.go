package hwmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
)

// coveringText is the unit chip with a packet's price that holds its hops in x.
func coveringText(t *testing.T, covers, hopX string) string {
	t.Helper()
	text := edited(t, row("hop_x"), "\n  hop_x: {"+hopX+"}\n")
	packet := row("packet_core")
	if strings.Count(text, packet) != 1 {
		t.Fatal("no price of packet_core")
	}
	return strings.Replace(text, packet, strings.Replace(packet, "{energy_pj", "{covers: ["+covers+"], energy_pj", 1), 1)
}

func TestCovers(t *testing.T) {
	chip := mustParse(t, "c.yaml", coveringText(t, "hop_x", "included_in: packet_core"))
	if diff := cmp.Diff([]ledger.Kind{ledger.HopX}, chip.Prices[ledger.PacketCore].Covers); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(chip.String(), "packet_core: covers hop_x\n") {
		t.Error("what a price covers is not printed")
	}
}

func TestCoversRefuses(t *testing.T) {
	const dear = "energy_pj: {nominal: 1, low: 1, high: 1}, scope: marginal, evidence: assumed, source: definition, law: any-geometry"
	for _, c := range []struct{ covers, hopX, want string }{
		{"hop_x", dear, "c.yaml:44:3: price hop_x has a value beside packet_core, which covers it: its hop would be charged twice; want one of the two; say included_in: packet_core here, or take hop_x out of the covers of packet_core"},
		{"hop_x", "included_in: hop_y", "c.yaml:44:3: price hop_x is included in hop_y, and packet_core covers it; want included_in: packet_core here, or take hop_x out of the covers of packet_core"},
		{"hop_x", "zero: there are none", "c.yaml:44:3: price hop_x is zero, and packet_core covers it; want included_in: packet_core here, or take hop_x out of the covers of packet_core"},
		{"hop_x", "unknown: not published", "c.yaml:44:3: price hop_x is unknown, and packet_core covers it; want included_in: packet_core here, or take hop_x out of the covers of packet_core"},
		{"hop_x, hop_x", "included_in: packet_core", "c.yaml:43:17: price packet_core covers hop_x twice; want each event once; take one out"},
		{"packet_core", "included_in: packet_core", "c.yaml:43:17: price packet_core covers itself; want other events; leave it out of the list"},
		{"hop_w", "included_in: packet_core", `c.yaml:43:17: price packet_core covers unknown event "hop_w"; known are the 28 of any embedded chip; did you mean "hop_x" or "hop_y"?`},
		{"hop_x", "covers: [hop_y], zero: it is", "c.yaml:44:11: price hop_x has covers and no value for it to describe; want one with the other; leave it out, or give energy_pj"},
	} {
		_, err := Parse("c.yaml", []byte(coveringText(t, c.covers, c.hopX)), resolveChip)
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestNoHopIsChargedTwice restates a hop on the chip whose tiles pay for it already.
func TestNoHopIsChargedTwice(t *testing.T) {
	_, err := extend("", "extends: isaac128\nprices:\n  hop_x: {"+dearHop+"}\n")
	const want = "change.yaml:3:3: price hop_x has a value beside core_tick, which covers it: its hop would be charged twice; want one of the two; say included_in: core_tick here, or take hop_x out of the covers of core_tick"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestCoversIsWhole holds the embedded chips to naming all that a covering value is
// said to hold: what is included in it and what it covers are the same events.
func TestCoversIsWhole(t *testing.T) {
	for _, name := range Names() {
		chip := load(t, name)
		for k := range chip.Prices {
			var included []ledger.Kind
			for other := range chip.Prices {
				if p := &chip.Prices[other]; p.State == IncludedIn && int(p.Includer) == k {
					included = append(included, ledger.Kind(other))
				}
			}
			covers := chip.Prices[k].Covers
			if len(covers) != len(included) {
				t.Errorf("%s: %s covers %v; included in it are %v", name, ledger.Kind(k), covers, included)
			}
		}
	}
}
