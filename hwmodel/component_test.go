package hwmodel

import (
	"slices"
	"testing"

	"tritloom/ledger"
)

func TestEveryKindHasAComponent(t *testing.T) {
	for k := range ledger.Kind(ledger.NumKinds) {
		if !slices.Contains(Components, componentOf[k]) {
			t.Errorf("%s is in component %q; want one of %q", k, componentOf[k], Components)
		}
	}
}

// TrueNorth's anchors identify a static lump, an activity lump and hops: what is
// included in a lump must not appear under a component of its own.
func TestLumpsAreNotSplit(t *testing.T) {
	for _, c := range []struct {
		chip string
		kind ledger.Kind
		want Component
	}{
		{"truenorth", ledger.RowRead, "core_tick"},
		{"truenorth", ledger.NeuronTouched, "core_tick"},
		{"truenorth", ledger.CoreTick, "core_tick"},
		{"truenorth", ledger.CoreBusy, "core_tick"},
		{"truenorth", ledger.SynapticOp, "synaptic_op"},
		{"truenorth", ledger.AxonWrite, "synaptic_op"},
		{"truenorth", ledger.PacketCore, "synaptic_op"},
		{"truenorth", ledger.HopX, Router},
		{"ternary256", ledger.RowRead, SRAM},     // included in bits_read: the same component
		{"ternary256", ledger.CoreBusy, Powered}, // included in core_tick: the same component
		{"unit", ledger.CoreTick, Powered},
	} {
		chip, err := Load(c.chip)
		if err != nil {
			t.Fatal(err)
		}
		if got := chip.Component(c.kind); got != c.want {
			t.Errorf("%s: %s is in component %q, want %q", c.chip, c.kind, got, c.want)
		}
		if !slices.Contains(chip.ComponentsOf(), chip.Component(c.kind)) {
			t.Errorf("%s: component %q is not listed", c.chip, chip.Component(c.kind))
		}
	}
}
