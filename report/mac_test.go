package report

import (
	"math"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// ternary256 adds 16 bits and latches them, 0.0915 pJ at 28 nm and 0.8 V. The table
// scales 45 nm at 0.9 V by 0.3559/0.8446 = 0.4214: an 8-bit multiplication is 0.0843 pJ
// on top, fp32 4.6·0.4214 = 1.938 pJ. The latch is not multiplied.
func TestMACOfTernary256(t *testing.T) {
	chip := loadChip(t, "ternary256")
	p := chip.Prices[ledger.SynapticOp]
	m := newMAC(chip, Interval{p.Nominal, p.Low, p.High})
	if m.Unscaled != "" || m.NodeNM != 28 || m.VoltageV != 0.8 || math.Abs(m.Factor-0.4214) > 5e-5 {
		t.Errorf("scaled %+v; want 0.4214 to 28 nm, 0.8 V", m)
	}
	for i, spec := range denseSpecs(1, m) {
		e := denseSize(toyNetwork()).engine(spec, newSheet(toyRun(toyChip(t)), chip, hwmodel.BoundaryCore), ledger.Counts{})
		want := []Interval{{0.0915, 0.0211, 1.48}, {0.0915, 0.0211, 1.48}, {0.1758, 0.1054, 1.5643}, {2.0299, 1.9595, 3.4184}}[i]
		if got := e.Operation.times(1 / pJ); math.Abs(got.Nominal-want.Nominal) > 5e-4 || math.Abs(got.Low-want.Low) > 5e-4 || math.Abs(got.High-want.High) > 5e-4 {
			t.Errorf("%s: an operation takes %v pJ, want %v", spec.name, got, want)
		}
	}
}

// What the chip does not state, or the table does not know, leaves the 45 nm figures
// as they are, and the words say so.
func TestMACUnscaled(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*hwmodel.Price)
		want   string
	}{
		{"neither", func(p *hwmodel.Price) { p.NodeNM, p.VoltageV = 0, 0 }, "not scaled, as the chip's synaptic_op states no node and no voltage"},
		{"no node", func(p *hwmodel.Price) { p.NodeNM = 0 }, "not scaled, as the chip's synaptic_op states no node"},
		{"no voltage", func(p *hwmodel.Price) { p.VoltageV = 0 }, "not scaled, as the chip's synaptic_op states no voltage"},
		{"130 nm", func(p *hwmodel.Price) { p.NodeNM = 130 }, "not scaled, as stillmaker-baas-2017 knows no 130 nm"},
	} {
		chip := loadChip(t, "ternary256")
		c.change(&chip.Prices[ledger.SynapticOp])
		m := newMAC(chip, Interval{})
		if m.Factor != 1 || m.NodeNM != 0 || m.Int8 != 0.2e-12 || !near(m.FP32, 4.6e-12) || !strings.Contains(m.words(), c.want) {
			t.Errorf("%s: %+v\n%s", c.name, m, m.words())
		}
	}
}

// A synaptic_op that another price holds adds nothing, and the words name that price.
func TestMACIncluded(t *testing.T) {
	m := newMAC(loadChip(t, "neurram256"), Interval{})
	if !strings.Contains(m.words(), "priced inside dac_row") {
		t.Errorf("%+v\n%s", m, m.words())
	}
}
