package hwmodel

import (
	"math"
	"testing"

	"tritloom/ledger"
)

// TestValidate breaks chips that were made in Go, where no loader helps.
func TestValidate(t *testing.T) {
	for want, change := range map[string]func(c *Chip){
		"capabilities.mesh.height = 0; want 1..4096; see the embedded chips for usual values":                                        func(c *Chip) { c.Capabilities.Mesh.Height = 0 },
		"capabilities.core.axon_types = 2; want 1, as only typed-binary cores have axon types; write 1, or choose that synapse_mode": func(c *Chip) { c.Capabilities.Core.AxonTypes = 2 },
		"price hop_x has low = NaN pJ; want 0..1e+12; write what the source says, in pJ":                                             func(c *Chip) { c.Prices[ledger.HopX].Low = math.NaN() },
		"price hop_x has high = +Inf pJ; want 0..1e+12; write what the source says, in pJ":                                           func(c *Chip) { c.Prices[ledger.HopX].High = math.Inf(1) },
		"price hop_x stands for hop_y; want the kind of its own row; set Kind":                                                       func(c *Chip) { c.Prices[ledger.HopX].Kind = ledger.HopY },
		"price hop_x is zero and has a value; want one of the two; take one out":                                                     func(c *Chip) { c.Prices[ledger.HopX].State = ZeroFact },
		`price hop_x has state "guessed"; want priced, zero, included_in or unknown; set one of them`: func(c *Chip) {
			c.Prices[ledger.HopX] = Price{Kind: ledger.HopX, State: "guessed"}
		},
		"price hop_x is included in kind number 200; want 0..27; set Includer": func(c *Chip) {
			c.Prices[ledger.HopX] = Price{Kind: ledger.HopX, State: IncludedIn, Includer: 200}
		},
		"price hop_x has a latency that is marked as not known; set LatencyKnown":                               func(c *Chip) { c.Prices[ledger.HopX].LatencyKnown = false },
		"price hop_x has latency_quanta = 4294967297; want 0..4294967296; give it in quanta of tick.quantum_ps": func(c *Chip) { c.Prices[ledger.HopX].LatencyQuanta = 1<<32 + 1 },
		"prices lacks hop_x, hop_y; want every event; give a value, declare zero as a fact, say included_in: X, or mark it unknown": func(c *Chip) {
			c.Prices[ledger.HopX], c.Prices[ledger.HopY] = Price{}, Price{}
		},
	} {
		chip := mustParse(t, "unit", chipText(t, "unit"))
		change(chip)
		if err := chip.Validate(); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestAllInCovers gives an all-in price everything on the chip and leaves the
// ports their own prices.
func TestAllInCovers(t *testing.T) {
	chip := mustParse(t, "unit", chipText(t, "unit"))
	chip.Prices[ledger.SynapticOp].Scope = AllIn
	for k := range chip.Prices {
		kind := ledger.Kind(k)
		if kind != ledger.SynapticOp && Boundary(kind) != BoundaryHost {
			chip.Prices[k] = Price{Kind: kind, State: IncludedIn, Includer: ledger.SynapticOp}
		}
	}
	if err := chip.Validate(); err != nil {
		t.Error(err)
	}
	chip.Prices[ledger.OutputScore].Scope = AllIn
	if err := chip.Validate(); err == nil {
		t.Error("two all-in prices: accepted")
	}
}

func TestSignedRange(t *testing.T) {
	for bits, want := range map[int][2]int64{0: {0, 0}, 1: {-1, 0}, 2: {-2, 1}, 16: {-32768, 32767}, 32: {math.MinInt32, math.MaxInt32}} {
		if low, high := SignedRange(bits); low != want[0] || high != want[1] {
			t.Errorf("SignedRange(%d) = %d, %d; want %d, %d", bits, low, high, want[0], want[1])
		}
	}
}

func TestDistance(t *testing.T) {
	if dx, dy := Distance(5, 1, 2, 9); dx != 3 || dy != 8 {
		t.Errorf("Distance = %d, %d; want 3, 8", dx, dy)
	}
}
