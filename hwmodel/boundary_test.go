package hwmodel

import (
	"testing"

	"tritloom/ledger"
)

func TestBoundary(t *testing.T) {
	for kind, want := range map[ledger.Kind]BoundaryName{
		ledger.SynapticOp: "core", ledger.CoreTick: "core", ledger.PsumSend: "core", ledger.AxonWrite: "core",
		ledger.HopX: "chip", ledger.PsumHop: "chip", ledger.Barrier: "chip", ledger.PacketCore: "chip",
		ledger.InputSpike: "host", ledger.ControlSpike: "host", ledger.OutputScore: "host", ledger.ConfigWrite: "host",
	} {
		if got := Boundary(kind); got != want {
			t.Errorf("%s belongs to %s; want %s", kind, got, want)
		}
	}
}

// TestBoundariesNest counts the kinds each boundary covers: 16 in the core, 7
// more on the chip, 5 more at the ports.
func TestBoundariesNest(t *testing.T) {
	for boundary, want := range map[BoundaryName]int{"core": 16, "chip": 23, "host": 28, "moon": 0} {
		got := 0
		for k := range ledger.Kinds {
			if boundary.Covers(ledger.Kind(k)) {
				got++
			}
		}
		if got != want {
			t.Errorf("boundary %s covers %d kinds; want %d", boundary, got, want)
		}
	}
}
