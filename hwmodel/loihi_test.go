package hwmodel

import (
	"math"
	"testing"

	"tritloom/ledger"
)

func load(t testing.TB, name string) *Chip {
	t.Helper()
	chip, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

// priceOf multiplies counts with nominal prices; events that are included in
// others, or unknown, add nothing.
func priceOf(c *Chip, counts *ledger.Counts) (joules float64) {
	for k, n := range counts {
		joules += float64(n) * c.Prices[k].Nominal
	}
	return joules
}

// TestSANAFELedgers prices what the simulator SANA-FE recorded for two of its own
// cases, in the events of this program, by their parts and in all. Expected values
// are that simulator's output (commit 8951ab07); 1e-6 relative is the last of its
// seven printed figures.
//
// conv: 26 neurons, 100 steps. "total_spikes" 297 are synaptic ops, 297 messages go to
// another core of the same tile each, so no hop is crossed; of 2600 accesses 933 come
// with an update; "total_neurons_fired" is 330.
//
// example: 4 neurons, 100 steps, of which the 2 in group "in" are input neurons and
// cost nothing. Of the other 2 neurons' 200 accesses 198 come with an update - all but
// the first step's, in which nothing has arrived yet. Its 200 "neurons updated" are
// those and the two steps in which an input neuron fires; its 3 spikes are those two,
// here spikes of the host, and one of out.1. They make 3 messages and 5 synaptic ops:
// 2 * 2 from the input to both neurons, and one from out.1 to itself.
func TestSANAFELedgers(t *testing.T) {
	for _, c := range []struct {
		chip, part string
		counts     map[ledger.Kind]uint64
		want       float64
	}{
		{"loihi1-sanafe", "synapse", map[ledger.Kind]uint64{ledger.SynapticOp: 297}, 1.054350e-08},
		{"loihi1-sanafe", "soma", map[ledger.Kind]uint64{ledger.NeuronTouched: 933, ledger.NeuronIdle: 2600 - 933, ledger.SpikeEmitted: 330}, 1.761418e-07},
		{"loihi1-sanafe", "network", map[ledger.Kind]uint64{ledger.PacketCore: 297, ledger.PacketTile: 297}, 3.296700e-08},
		{"loihi1-sanafe", "total", map[ledger.Kind]uint64{ledger.SynapticOp: 297, ledger.PacketCore: 297, ledger.PacketTile: 297,
			ledger.NeuronTouched: 933, ledger.NeuronIdle: 1667, ledger.SpikeEmitted: 330}, 2.196523e-07},
		{"testdata/chips/sanafe-example.yaml", "synapse", map[ledger.Kind]uint64{ledger.SynapticOp: 5}, 1e-10},
		{"testdata/chips/sanafe-example.yaml", "soma", map[ledger.Kind]uint64{ledger.NeuronTouched: 198, ledger.NeuronIdle: 2, ledger.SpikeEmitted: 1}, 6.04e-09},
		{"testdata/chips/sanafe-example.yaml", "network", map[ledger.Kind]uint64{ledger.PacketCore: 3, ledger.PacketTile: 3}, 3e-10},
		{"testdata/chips/sanafe-example.yaml", "total", map[ledger.Kind]uint64{ledger.SynapticOp: 5, ledger.PacketCore: 3, ledger.PacketTile: 3,
			ledger.NeuronTouched: 198, ledger.NeuronIdle: 2, ledger.SpikeEmitted: 1, ledger.InputSpike: 2}, 6.44e-09},
		// 1000 steps differ from 100 in 900 steps of two updated neurons.
		{"testdata/chips/sanafe-example.yaml", "total of 1000 steps", map[ledger.Kind]uint64{ledger.SynapticOp: 5, ledger.PacketCore: 3,
			ledger.NeuronTouched: 1998, ledger.NeuronIdle: 2, ledger.SpikeEmitted: 1, ledger.InputSpike: 2}, 6.044e-08},
	} {
		var counts ledger.Counts
		for k, n := range c.counts {
			counts[k] = n
		}
		if got := priceOf(load(t, c.chip), &counts); math.Abs(got/c.want-1) > 1e-6 {
			t.Errorf("%s, %s: %.7g J; recorded are %.7g", c.chip, c.part, got, c.want)
		}
	}
}

// TestLoihisAreOneChip wants a run of one to be priceable by the other.
func TestLoihisAreOneChip(t *testing.T) {
	a, b := load(t, "loihi1-davies2018"), load(t, "loihi1-sanafe")
	if a.Capabilities.Hash() != b.Capabilities.Hash() {
		t.Error("the two models of Loihi 1 have different capabilities")
	}
	if m := a.Capabilities.Mesh; !m.TileRouters || !m.Unicast {
		t.Error("Loihi 1 has one router a tile and sends one packet a destination core")
	}
	if a.PriceHash() == b.PriceHash() {
		t.Error("the two models of Loihi 1 have equal prices")
	}
}

// TestLoihiPublished holds the pre-silicon table and the static power it is joined
// with: 128 cores over one second are 104.4 J a thousand seconds.
func TestLoihiPublished(t *testing.T) {
	chip := load(t, "loihi1-davies2018")
	for kind, want := range map[ledger.Kind]float64{
		ledger.SynapticOp: 23.6, ledger.NeuronTouched: 81, ledger.NeuronIdle: 52, ledger.PacketTile: 1.7, ledger.HopX: 3.0, ledger.HopY: 4.0,
	} {
		p := chip.Prices[kind]
		nearly(t, kind.String(), p.Nominal/Picojoule, want, 1e-12)
		if p.Evidence != Simulated {
			t.Errorf("%s has evidence %s; the table is headed pre-silicon", kind, p.Evidence)
		}
	}
	for kind, ns := range map[ledger.Kind]float64{
		ledger.SynapticOp: 3.5, ledger.NeuronTouched: 8.4, ledger.NeuronIdle: 5.3, ledger.PacketTile: 2.1, ledger.HopX: 4.1, ledger.HopY: 6.5, ledger.Barrier: 465,
	} {
		if got := float64(chip.Latencies()[kind]) * float64(chip.Capabilities.Tick.QuantumPS) / 1000; got != ns {
			t.Errorf("%s takes %g ns; want %g", kind, got, ns)
		}
	}
	quanta := 128 * 1e12 / float64(chip.Capabilities.Tick.QuantumPS) // of all cores in a second
	for _, kind := range []ledger.Kind{ledger.CoreBusy, ledger.CoreWaiting} {
		nearly(t, "W at rest by "+kind.String(), quanta*chip.Prices[kind].Nominal, 0.1044, 1e-4)
	}
	if p := chip.Prices[ledger.Barrier]; p.State != Unknown {
		t.Errorf("the energy of a barrier is %s; none is published", p.State)
	}
}

// TestLoihiQuery prices one query of Frady 2020 - 76,800 patterns, 60 steps,
// 667 to 750 spikes to all of them - by the published and by the calibrated table.
// Measured were 1.33 mJ; the published table is 9 to 20 % above, the other 54 to 71 %.
func TestLoihiQuery(t *testing.T) {
	davies, sanafe := load(t, "loihi1-davies2018"), load(t, "loihi1-sanafe")
	for spikes, want := range map[uint64]float64{667: 1.448, 750: 1.599} {
		var counts ledger.Counts
		counts[ledger.SynapticOp], counts[ledger.NeuronIdle] = spikes*76800, 76800*60
		nearly(t, "mJ a query", 1e3*priceOf(davies, &counts), want, 1e-3)
		low, high := 0.0, 0.0
		for k, n := range counts {
			low += 1e3 * float64(n) * davies.Prices[k].Low
			high += 1e3 * float64(n) * davies.Prices[k].High
		}
		if !(low < 1.33 && 1.33 < high) {
			t.Errorf("%d spikes: 1.33 mJ lies outside [%.2f, %.2f]", spikes, low, high)
		}
		if calibrated := priceOf(sanafe, &counts); calibrated < 1.4*1.33e-3 {
			t.Errorf("%d spikes: the calibrated table gives %.3g J; it is known to miss by more than 40 %%", spikes, calibrated)
		}
	}
}
