package hwmodel

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
)

const stillmakerBaas = "stillmaker-baas-2017"

// TestAtIsItsParts applies voltage and tick at once and one after the other.
func TestAtIsItsParts(t *testing.T) {
	chip := loadTrueNorth(t)
	both, err := chip.At(Conditions{VoltageV: 0.75, TickPS: 200_000_000})
	if err != nil {
		t.Fatal(err)
	}
	parts, err := chip.AtVoltage(0.75)
	if err != nil {
		t.Fatal(err)
	}
	if parts, err = parts.AtTick(200_000_000); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parts, both); diff != "" {
		t.Error(diff)
	}
	none, err := chip.At(Conditions{OutsideDomain: true})
	if err != nil || none != chip {
		t.Errorf("no condition gives another chip: %v", err)
	}
	if got := (Conditions{VoltageV: 0.75, TickPS: 200_000_000, NodeNM: 14, NodeTable: stillmakerBaas}).String(); got != "0.75 V, ticks of 200 us, projected to 14 nm by stillmaker-baas-2017" {
		t.Errorf("conditions read %q", got)
	}
}

// TestOutsideDomain goes beyond what models are stated for. Inside, the permission
// changes nothing.
func TestOutsideDomain(t *testing.T) {
	chip := loadTrueNorth(t)
	for _, q := range []Conditions{{VoltageV: 1.2}, {TickPS: 2_000_000_000}, {VoltageV: 0.6, TickPS: 1_000_000}} {
		if _, err := chip.At(q); err == nil || !strings.Contains(err.Error(), "--outside-domain") {
			t.Errorf("%s: got %v; want the way out", q, err)
		}
		q.OutsideDomain = true
		at, err := chip.At(q)
		if err != nil {
			t.Errorf("%s: %v", q, err)
			continue
		}
		if err := at.Validate(); err != nil {
			t.Errorf("%s: %v", q, err)
		}
		if strings.Count(at.Title, "extrapolated") != 1 || len(at.Notes) <= len(chip.Notes) || at.Hypothetical != chip.Hypothetical {
			t.Errorf("%s: title %q, %d notes, hypothetical %v; want it marked once, and the silicon as it was", q, at.Title, len(at.Notes), at.Hypothetical)
		}
		for k := range at.Prices {
			p, before := &at.Prices[k], &chip.Prices[k]
			if p.moved(before) && p.Evidence != Estimated {
				t.Errorf("%s: %s moved and is %s; want estimated", q, p.Kind, p.Evidence)
			}
			if !p.moved(before) && p.Evidence != before.Evidence {
				t.Errorf("%s: %s stayed and changed its evidence", q, p.Kind)
			}
		}
		if at.PriceHash() == chip.PriceHash() {
			t.Errorf("%s: the price hash stays", q)
		}
	}
	inside, err := chip.At(Conditions{VoltageV: 0.75, OutsideDomain: true})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := chip.AtVoltage(0.75)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plain, inside); diff != "" {
		t.Error(diff)
	}
	for volts, want := range map[float64]string{
		100:        "chip truenorth at 100 V; want 0.05..20 V even outside the domain of its voltage_model; choose a voltage in that range",
		math.NaN(): "chip truenorth at NaN V; want 0.05..20 V even outside the domain of its voltage_model; choose a voltage in that range",
	} {
		if _, err := chip.At(Conditions{VoltageV: volts, OutsideDomain: true}); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestProjection scales by hand. At 0.8 V the table has 0.4572 at 32 nm, 0.1533 at 20
// nm and 0.0954 at 14 nm; 28 nm lies a third of the way from 32 to 20, 0.3559.
func TestProjection(t *testing.T) {
	chip := loadTrueNorth(t)
	at, err := chip.At(Conditions{NodeNM: 14, NodeTable: stillmakerBaas})
	if err != nil {
		t.Fatal(err)
	}
	if err := at.Validate(); err != nil {
		t.Error(err)
	}
	at14 := 0.236*0.64 - 0.097*0.8 + 0.022
	at28 := 0.45724 - (0.45724-0.15332)/3
	for _, kind := range []ledger.Kind{ledger.SynapticOp, ledger.HopX, ledger.HopY} {
		p, before := at.Prices[kind], chip.Prices[kind]
		nearly(t, kind.String(), p.Nominal/before.Nominal, at14/at28, 1e-12)
		nearly(t, kind.String()+", low", p.Low/before.Low, at14/at28, 1e-12)
		nearly(t, kind.String()+", high", p.High/before.High, at14/at28, 1e-12)
		if p.NodeNM != 14 || p.Evidence != Estimated || !strings.Contains(p.Derivation, "projected from 28 nm to 14 nm at 0.8 V by stillmaker-baas-2017") ||
			!strings.Contains(p.Derivation, "28 nm on the line from 32 to 20 nm") {
			t.Errorf("%s: %g nm, %s, %q", kind, p.NodeNM, p.Evidence, p.Derivation)
		}
	}
	for _, kind := range []ledger.Kind{ledger.CoreTick, ledger.ChipCrossing, ledger.InputSpike} {
		if diff := cmp.Diff(chip.Prices[kind], at.Prices[kind]); diff != "" {
			t.Errorf("%s has no node, or is static, and moved:\n%s", kind, diff)
		}
	}
	last := at.Notes[len(at.Notes)-1]
	if want := "Not projected, as static or without a node and a voltage that the table knows - chip_crossing, input_spike, control_spike, output_spike, core_tick."; !strings.HasPrefix(last, want) {
		t.Errorf("note %q; want %q", last, want)
	}
	if !at.Hypothetical || chip.Hypothetical || !strings.HasSuffix(at.Title, ", projected to 14 nm by stillmaker-baas-2017") {
		t.Errorf("hypothetical %v, title %q", at.Hypothetical, at.Title)
	}
	if at.PriceHash() == chip.PriceHash() || at.Capabilities.Hash() != chip.Capabilities.Hash() {
		t.Error("a projection changes prices and no capability")
	}
	if _, err := at.AtVoltage(0.75); err == nil {
		t.Error("the voltage model of 28 nm is left on a chip of 14 nm")
	}
}

// TestProjectionAfterVoltage projects at the voltage the chip was moved to.
func TestProjectionAfterVoltage(t *testing.T) {
	at, err := loadTrueNorth(t).At(Conditions{VoltageV: 0.75, NodeNM: 32, NodeTable: stillmakerBaas})
	if err != nil {
		t.Fatal(err)
	}
	e32 := 0.956*0.5625 - 0.782*0.75 + 0.471
	e20 := 0.373*0.5625 - 0.158*0.75 + 0.041
	nearly(t, "pJ a hop", at.Prices[ledger.HopX].Nominal/Picojoule, 2.451*(0.75*0.75/0.64)*e32/(e32-(e32-e20)/3), 1e-12)
}

func TestProjectionRefuses(t *testing.T) {
	for _, c := range []struct {
		chip string
		q    Conditions
		want string
	}{
		{"truenorth", Conditions{NodeNM: 3, NodeTable: stillmakerBaas}, "chip truenorth projected to 3 nm; stillmaker-baas-2017 holds for 7..45 nm; choose a node in that range"},
		{"truenorth", Conditions{NodeNM: 65, NodeTable: stillmakerBaas, OutsideDomain: true}, "chip truenorth projected to 65 nm; stillmaker-baas-2017 holds for 7..45 nm; choose a node in that range"},
		{"truenorth", Conditions{NodeNM: math.NaN(), NodeTable: stillmakerBaas}, "chip truenorth projected to NaN nm; stillmaker-baas-2017 holds for 7..45 nm; choose a node in that range"},
		{"truenorth", Conditions{NodeNM: 14}, "a projection wants both a node in nm and the name of a scaling table; known is stillmaker-baas-2017"},
		{"truenorth", Conditions{NodeTable: stillmakerBaas}, "a projection wants both a node in nm and the name of a scaling table; known is stillmaker-baas-2017"},
		{"truenorth", Conditions{NodeNM: 14, NodeTable: "moore"}, `unknown scaling table "moore"; known is stillmaker-baas-2017; choose it, or leave the node out`},
		{"unit", Conditions{NodeNM: 14, NodeTable: stillmakerBaas}, "chip unit projected to 14 nm; none of its prices is marginal and states a node_nm that stillmaker-baas-2017 knows and a voltage_v; leave the node out, or state them in the chip file"},
		{"neurram256", Conditions{NodeNM: 14, NodeTable: stillmakerBaas}, "chip neurram256 projected to 14 nm; none of its prices is marginal and states a node_nm that stillmaker-baas-2017 knows and a voltage_v; leave the node out, or state them in the chip file"},
	} {
		if _, err := load(t, c.chip).At(c.q); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestScalingTableRises holds the table to its range: energy falls with the node, and
// below the voltage from which a parabola rises there is none.
func TestScalingTableRises(t *testing.T) {
	table, err := tableByName(stillmakerBaas)
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, nm := range []float64{45, 40, 32, 28, 22, 20, 14, 7} {
		e, _, ok := table.energy(nm, 0.8)
		if !ok || !(e < last) || !(e > 0) {
			t.Errorf("%g nm at 0.8 V: %g, known %v; want less than %g", nm, e, ok, last)
		}
		last = e
	}
	if _, _, ok := table.energy(28, 0.4); ok { // 0.782/(2 * 0.956) = 0.409 V at 32 nm
		t.Error("28 nm at 0.4 V has an energy, where that of 32 nm falls with the voltage")
	}
}
