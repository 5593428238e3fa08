package hwmodel

import (
	"strings"
	"testing"

	"tritloom/ledger"
)

// TestCompany reads what a price is drawn with and was measured beside, and prints it.
func TestCompany(t *testing.T) {
	chip, err := extend("", "extends: unit\nprices:\n  hop_x: {drawn_with: hop_y, measured_at: {event: packet_core, ratio: 2.5}, "+dearHop+"}\n")
	if err != nil {
		t.Fatal(err)
	}
	p := &chip.Prices[ledger.HopX]
	if p.DrawnWith == nil || *p.DrawnWith != ledger.HopY || p.MeasuredAt == nil || *p.MeasuredAt != (MeasuredAt{ledger.PacketCore, 2.5}) {
		t.Fatalf("drawn with %v, measured at %v", p.DrawnWith, p.MeasuredAt)
	}
	if want := "hop_x: drawn with hop_y; measured at 2.5 hop_x per packet_core\n"; !strings.Contains(chip.String(), want) {
		t.Errorf("no line %q in:\n%s", want, chip)
	}
	hashes := map[string]bool{}
	for _, change := range []func(){
		func() {}, func() { p.MeasuredAt.Ratio = 3 }, func() { p.MeasuredAt.Event = ledger.SpikeEmitted }, func() { p.MeasuredAt = nil }, func() { p.DrawnWith = nil },
	} {
		change()
		hashes[chip.PriceHash()] = true
	}
	if len(hashes) != 5 {
		t.Errorf("%d hashes of 5 chips that a figure can tell apart", len(hashes))
	}
}

// TestDrawsStayTogether restates what three inherited prices are drawn with: they go
// back to the old number, and to one draw. So the first of them leads the others.
func TestDrawsStayTogether(t *testing.T) {
	chip, err := extend("", "extends: ternary256\nprices:\n  input_spike: {unknown: another port}\n  output_spike: {unknown: another port}\n")
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range map[ledger.Kind]string{
		ledger.ControlSpike: "", ledger.OutputScore: "control_spike", ledger.ConfigWrite: "control_spike",
		ledger.OutputSpike: "", ledger.HopY: "hop_x",
	} {
		if got := chip.Prices[k].drawnWithName(); got != want {
			t.Errorf("%s is drawn with %q; want %q", k, got, want)
		}
	}
	if got := load(t, "ternary256").Prices[ledger.OutputScore].drawnWithName(); got != "input_spike" {
		t.Errorf("the extended chip itself has changed: output_score is drawn with %q", got)
	}
}

// TestOneNumberOneDraw holds the embedded chips to their own words: a price that says
// it is as another is drawn with it.
func TestOneNumberOneDraw(t *testing.T) {
	for _, name := range Names() {
		chip := load(t, name)
		for k := range chip.Prices {
			p := &chip.Prices[k]
			if p.State != Priced || p.Low == p.High {
				continue
			}
			for other := range chip.Prices {
				if p.DrawnWith == nil && chip.Prices[other].State == Priced && strings.HasPrefix(p.Derivation+";", "as "+ledger.Kind(other).String()) {
					t.Errorf("%s: %s is as %s and drawn by itself", name, p.Kind, ledger.Kind(other))
				}
			}
		}
	}
}

// TestMeasuredAt holds the two chips whose price of a synaptic op was measured with
// many of them a spike.
func TestMeasuredAt(t *testing.T) {
	for name, want := range map[string]MeasuredAt{"truenorth": {ledger.AxonRead, 128}, "odin": {ledger.RowRead, 256}} {
		if m := load(t, name).Prices[ledger.SynapticOp].MeasuredAt; m == nil || *m != want {
			t.Errorf("%s: measured at %v; want %v", name, m, want)
		}
	}
}

// TestHopsBelongToTheirRouters changes what a link spans under an absolute price.
func TestHopsBelongToTheirRouters(t *testing.T) {
	_, err := extend("", "extends: loihi1-davies2018\ncapabilities: {mesh: {tile_routers: false}}\n")
	if err == nil || !strings.Contains(err.Error(), "hop_x is an absolute price for ") || !strings.Contains(err.Error(), "one router a tile of 2x2 cores") {
		t.Errorf("got %v; want a refusal that names hop_x and its routers", err)
	}
}

// TestLinks counts from router to router.
func TestLinks(t *testing.T) {
	m := Mesh{Width: 16, Height: 8, TileWidth: 2, TileHeight: 4}
	for _, c := range []struct {
		tiles          bool
		x0, y0, x1, y1 int
		dx, dy         int
	}{
		{false, 1, 3, 2, 4, 1, 1}, {true, 1, 3, 2, 4, 1, 1}, // the corner of four tiles
		{false, 0, 0, 1, 3, 1, 3}, {true, 0, 0, 1, 3, 0, 0}, // one tile
		{false, 15, 7, 0, 0, 15, 7}, {true, 15, 7, 0, 0, 7, 1},
	} {
		m.TileRouters = c.tiles
		if dx, dy := m.Links(c.x0, c.y0, c.x1, c.y1); dx != c.dx || dy != c.dy {
			t.Errorf("tile routers %v, (%d,%d) to (%d,%d): %d and %d links; want %d and %d", c.tiles, c.x0, c.y0, c.x1, c.y1, dx, dy, c.dx, c.dy)
		}
	}
}
