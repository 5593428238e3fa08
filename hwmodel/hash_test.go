package hwmodel

import (
	"slices"
	"strings"
	"testing"

	"tritloom/ledger"
)

func mustParse(t testing.TB, name, text string) *Chip {
	t.Helper()
	chip, err := Parse(name, []byte(text), resolveChip)
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

// TestHashIgnoresWording rewrites the unit chip without changing what it says.
func TestHashIgnoresWording(t *testing.T) {
	text := chipText(t, "unit")
	unit := mustParse(t, "unit", text)
	reordered := strings.Replace(text, "    axons: 256\n    neurons: 256\n", "    neurons: 256 # columns\n    axons: +256\n", 1)
	reordered = strings.Replace(reordered, "[clear, zero, subtract]", "[subtract, clear, zero]", 1)
	reordered = strings.Replace(reordered, "title: yardstick", "title: \"another\" # yardstick", 1)
	reordered = strings.Replace(reordered, "source: definition", "source: other words", 1)
	lines := strings.Split(strings.TrimSpace(reordered), "\n")
	prices := slices.Index(lines, "prices:")
	slices.Reverse(lines[prices+1:])
	other := mustParse(t, "other.yaml", strings.Join(lines, "\n"))
	if unit.Capabilities.Hash() != other.Capabilities.Hash() {
		t.Error("the capability hash depends on order, comments or name")
	}
	if unit.PriceHash() != other.PriceHash() {
		t.Error("the price hash depends on order, comments, name or sources")
	}
}

// TestHashPinned holds the hashes of the yardstick: layouts and reports on disk
// carry them.
func TestHashPinned(t *testing.T) {
	unit := mustParse(t, "unit", chipText(t, "unit"))
	if got, want := unit.Capabilities.Hash(), "sha256:e14ce9bc3dace67176fe5b2f90533def073e64f9764b78437e505633708baa92"; got != want {
		t.Errorf("capabilities %s; want %s", got, want)
	}
	if got, want := unit.PriceHash(), "sha256:64c926f6ecdfbf81933ba242e8f0218cf5319ca6108d204de9cb4e957884a96a"; got != want {
		t.Errorf("prices %s; want %s", got, want)
	}
}

// TestEveryCapabilityIsHashed changes each capability in turn.
func TestEveryCapabilityIsHashed(t *testing.T) {
	chip := mustParse(t, "unit", chipText(t, "unit"))
	seen := map[string]string{chip.Capabilities.Hash(): "unit"}
	for _, f := range fields {
		changed := chip.Capabilities
		changed.Neuron.Reset = slices.Clone(chip.Capabilities.Neuron.Reset)
		switch v := leafValues(&changed)[f.path]; {
		case v.CanInt():
			v.SetInt(v.Int() + 1)
		case v.CanUint():
			v.SetUint(v.Uint() + 1)
		case v.Kind().String() == "bool":
			v.SetBool(!v.Bool())
		case v.Kind().String() == "string":
			v.SetString(v.String() + "x")
		default:
			v.SetLen(1)
		}
		hash := changed.Hash()
		if before, ok := seen[hash]; ok {
			t.Errorf("changing %s gives the hash of %s", f.path, before)
		}
		seen[hash] = f.path
	}
}

func TestEveryPriceIsHashed(t *testing.T) {
	chip := mustParse(t, "unit", chipText(t, "unit"))
	seen := map[string]bool{chip.PriceHash(): true}
	for k := range chip.Prices {
		for _, change := range []func(p *Price){
			func(p *Price) { p.High *= 2 },
			func(p *Price) { p.LatencyQuanta += 5 },
			func(p *Price) { p.Scope = AllIn },
			func(p *Price) { *p = Price{Kind: p.Kind, State: Unknown} },
			func(p *Price) { *p = Price{Kind: p.Kind, State: IncludedIn, Includer: ledger.SynapticOp} },
			func(p *Price) { *p = Price{Kind: p.Kind, State: IncludedIn, Includer: ledger.HopX} },
		} {
			changed := *chip
			change(&changed.Prices[k])
			if hash := changed.PriceHash(); seen[hash] {
				t.Errorf("a change of %s gives a hash that was there before", ledger.Kind(k))
			} else {
				seen[hash] = true
			}
		}
	}
}

// Ticks of another length alone are told from anything else.
func TestDiffersInTick(t *testing.T) {
	chip, barrier := load(t, "truenorth"), load(t, "unit")
	longer, wider := chip.Capabilities, chip.Capabilities
	longer.Tick.Quanta *= 2
	wider.Tick.Quanta, wider.Core.Axons = longer.Tick.Quanta, 128
	for _, c := range []struct {
		caps   *Capabilities
		hash   string
		quanta uint64
		want   bool
	}{
		{&chip.Capabilities, longer.Hash(), longer.Tick.Quanta, true},
		{&longer, chip.Capabilities.Hash(), chip.Capabilities.Tick.Quanta, true},
		{&chip.Capabilities, longer.Hash(), chip.Capabilities.Tick.Quanta, false}, // its own
		{&chip.Capabilities, longer.Hash(), longer.Tick.Quanta + 1, false},
		{&chip.Capabilities, wider.Hash(), wider.Tick.Quanta, false},
		{&chip.Capabilities, longer.Hash(), 0, false},
		{&barrier.Capabilities, barrier.Capabilities.Hash(), 5, false},
	} {
		if got := c.caps.DiffersInTick(c.hash, c.quanta); got != c.want {
			t.Errorf("%d quanta from %d: %v; want %v", c.quanta, c.caps.Tick.Quanta, got, c.want)
		}
	}
}
