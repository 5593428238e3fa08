package hwmodel

import (
	"math"
	"testing"

	"tritloom/ledger"
)

// second is what one second of clock on every core counts.
func second(c *Capabilities) (counts ledger.Counts) {
	ps := float64(c.Tick.QuantumPS)
	counts[ledger.CoreTick] = uint64(math.Round(float64(c.Mesh.Cores()) * 1e12 / float64(c.Tick.PS())))
	counts[ledger.CoreWaiting] = uint64(math.Round(float64(c.Mesh.Cores()) * 1e12 / ps))
	return counts
}

// TestODINPublishedPoints prices a second at the two published operating points:
// power at rest follows the length of the tick, the clock its cycles.
func TestODINPublishedPoints(t *testing.T) {
	for _, c := range []struct {
		chip        string
		ops         uint64  // synaptic ops a second
		microwatts  float64 // 27.3 + 1.78 f + 8.43 r
		published   float64
		allInPJ     float64 // printed, all power over all ops
		megahertzPS int64
	}{
		{"odin", 37_500_000, 27.3 + 1.78*75 + 8.43*37.5, 477, 12.7, 13333},
		{"testdata/chips/odin-1.3mhz.yaml", 650_000, 27.3 + 1.78*1.3 + 8.43*0.65, 35, 54, 769231},
	} {
		chip := load(t, c.chip)
		counts := second(&chip.Capabilities)
		counts[ledger.SynapticOp] = c.ops
		got := 1e6 * priceOf(chip, &counts)
		nearly(t, c.chip+" uW", got, c.microwatts, 1e-4) // whole picoseconds a cycle
		nearly(t, c.chip+" uW, published", got, c.published, 0.005)
		nearly(t, c.chip+" pJ an op", got*1e6/float64(c.ops), c.allInPJ, 0.005)
		if chip.Capabilities.Tick.QuantumPS != c.megahertzPS {
			t.Errorf("%s: a cycle of %d ps; want %d", c.chip, chip.Capabilities.Tick.QuantumPS, c.megahertzPS)
		}
	}
}

// TestISAACRollUp adds up a read of every array at full rate, level by level, to
// the printed powers.
func TestISAACRollUp(t *testing.T) {
	chip := load(t, "isaac128")
	caps := &chip.Capabilities
	reads := 1e12 / float64(caps.Tick.PS()) // of an array in a second
	price := func(k ledger.Kind) float64 { return chip.Prices[k].Nominal }
	rows, columns := float64(caps.Core.Axons), float64(caps.Core.Neurons)
	adc := reads * columns * price(ledger.ADCConversion)
	array := adc + reads*(rows*(price(ledger.DACRow)+price(ledger.AxonRead))+columns*price(ledger.NeuronTouched))
	perTile := float64(caps.Mesh.TileWidth * caps.Mesh.TileHeight)
	tiles := float64(caps.Mesh.Cores()) / perTile
	ima := 8 * array
	tile := perTile * (array + reads*price(ledger.CoreTick))
	whole := tiles*tile + float64(caps.Mesh.Cores())*reads*float64(caps.Tick.Quanta)*price(ledger.CoreWaiting)

	const closure = 0.005
	nearly(t, "tiles", tiles, 168, 0)
	nearly(t, "mW an IMA", 1e3*ima, 24.08, closure)
	nearly(t, "mW of 12 IMAs", 1e3*12*ima, 289, closure)
	nearly(t, "mW a tile", 1e3*tile, 330, closure)
	nearly(t, "W of 168 tiles", tiles*tile, 55.4, closure)
	nearly(t, "W a chip", whole, 65.8, closure)
	nearly(t, "share of the ADCs", 12*8*168*adc/(tiles*tile), 0.58, closure)
	nearly(t, "pJ a row of 128 cells", price(ledger.DACRow)/Picojoule, 4e-3/1024*100e-9*1e12+128*2.4e-3/(8*10e6*16384)*1e12, 1e-12)
	for _, p := range chip.Prices {
		if p.State != Priced {
			continue
		}
		if p.Evidence != Estimated || p.Kind == ledger.SynapticOp {
			t.Errorf("%s has a price with evidence %s; a model of no silicon is estimated, and the cells are in the row", p.Kind, p.Evidence)
		}
		nearly(t, p.Kind.String()+" low", p.Low/p.Nominal, 0.75, 1e-3)
		nearly(t, p.Kind.String()+" high", p.High/p.Nominal, 1.25, 1e-3)
	}
	if chip.Prices[ledger.CoreBusy].Nominal != chip.Prices[ledger.CoreWaiting].Nominal {
		t.Error("links of the chip cost a working core and a waiting one differently")
	}
}

// TestNeuRRAMMacro drives all rows and converts all columns of one macro: the parts
// at (4, 2) add up to the printed efficiency within their 1.7 %.
func TestNeuRRAMMacro(t *testing.T) {
	chip := load(t, "neurram256")
	core := chip.Capabilities.Core
	ops := 2 * float64(core.Axons*core.Neurons)
	joules := float64(core.Axons)*chip.Prices[ledger.DACRow].Nominal + float64(core.Neurons)*chip.Prices[ledger.ADCConversion].Nominal
	nearly(t, "fJ an op", 1e15*joules/ops, 8.3+4.0+12.4, 1e-3)
	nearly(t, "TOPS/W", ops/joules/1e12, 40.3, 0.017)
	nearly(t, "TOPS of 48 macros", 48*ops/float64(chip.Capabilities.Tick.PS()), 1.79, 0.002)
	if !chip.Hypothetical {
		t.Error("the system around the macro must be said to be hypothetical")
	}
	for k, p := range chip.Prices {
		priced := k == int(ledger.DACRow) || k == int(ledger.ADCConversion)
		if (p.State == Priced) != priced {
			t.Errorf("%s is %s; only the macro's own work was measured", p.Kind, p.State)
		}
	}
}
