package hwmodel

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
)

func loadTrueNorth(t *testing.T) *Chip {
	t.Helper()
	chip, err := Load("truenorth")
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

func TestTrueNorthCapabilities(t *testing.T) {
	chip := loadTrueNorth(t)
	want := Capabilities{
		Core: Core{Axons: 256, Neurons: 256, SynapseMode: TypedBinary, SynapseBits: 1, AxonTypes: 4,
			WeightBits: 9, ReadOrder: AxonMajor, NeuronBits: 124 + 26 + 4},
		Neuron: Neuron{PotentialBits: 20, ThresholdBits: 18, LeakBits: 9, Reset: []string{"clear", "zero", "subtract", "keep"},
			Stochastic: true, RandomBits: 8, Saturates: true, NegativeThreshold: true, ResetPotential: true, LeakReversal: true},
		Spikes: Spikes{Destinations: 1, DelayMaxTicks: 15, AxonMerge: MergeOr},
		Tick:   Tick{Kind: TickFixed, Quanta: 25_000_000, QuantumPS: 40},
		Mesh:   Mesh{Width: 64, Height: 64, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}
	if diff := cmp.Diff(want, chip.Capabilities); diff != "" {
		t.Error(diff)
	}
	if bits := chip.Capabilities.Core.StoredBits(); bits != 256*410 {
		t.Errorf("a core stores %d bits; want 256 rows of 410", bits)
	}
	if chip.Hypothetical {
		t.Error("TrueNorth is silicon")
	}
}

// TestTrueNorthTimes holds the tick to 1 ms, the handshake to 7.16 ns, and the
// worst tick to the published 0.47 ms. No other kind has a latency.
func TestTrueNorthTimes(t *testing.T) {
	chip := loadTrueNorth(t)
	tick, l := chip.Capabilities.Tick, chip.Latencies()
	if tick.PS() != 1_000_000_000 || int64(l[ledger.SynapticOp])*tick.QuantumPS != 7160 {
		t.Errorf("a tick of %d ps, a handshake of %d quanta of %d ps; want 1 ms and 7160 ps", tick.PS(), l[ledger.SynapticOp], tick.QuantumPS)
	}
	if worst := float64(256*256*l[ledger.SynapticOp]) / float64(tick.Quanta); worst < 0.465 || worst > 0.475 {
		t.Errorf("all crosspoints take %.3f of a tick; want 0.47", worst)
	}
	for k, p := range chip.Prices {
		if known := ledger.Kind(k) == ledger.SynapticOp || ledger.Kind(k) == ledger.CoreTick; p.LatencyKnown != known {
			t.Errorf("%s: latency known %v; want %v", p.Kind, p.LatencyKnown, known)
		}
	}
}

// threeAnchors are the numbers that three powers identify.
type threeAnchors struct {
	slope    float64 // mW/Hz
	static   float64 // mW at 0.8 V
	synaptic float64 // pJ at 0.8 V
	exponent float64
}

// fit works the model out of anchors alone: two powers at 0.8 V that differ in
// rate, and one without spikes at another voltage. The hop is published, in pJ
// at 0.8 V.
func fit(rows []validationRow, hop float64) threeAnchors {
	slow, fast, idle := rows[0], rows[1], rows[2]
	var f threeAnchors
	f.slope = (fast.Published - slow.Published) / (fast.Inputs.RateHz - slow.Inputs.RateHz)
	f.static = slow.Published - f.slope*slow.Inputs.RateHz
	events := slow.Inputs.Neurons * slow.Inputs.SynapsesPerSpike // a second, for each Hz
	f.synaptic = f.slope*1e9/events - hop*(slow.Inputs.MeanHopsX+slow.Inputs.MeanHopsY)/slow.Inputs.SynapsesPerSpike
	f.exponent = math.Log(idle.Published/f.static) / math.Log(idle.Inputs.VoltageV/slow.Inputs.VoltageV)
	return f
}

// TestTrueNorthFromAnchors computes every price of the chip file again from the
// anchors and the published constants, in full precision. Nothing held out goes
// in: fit sees the anchors only, and other values of the rest change nothing.
func TestTrueNorthFromAnchors(t *testing.T) {
	chip := loadTrueNorth(t)
	v := readValidation(t, "truenorth")
	volts := (0.8 / 0.775) * (0.8 / 0.775)
	hop := 2.3 * volts
	f := fit(v.of(anchor), hop)

	// What the intervals are made of.
	const neurons, perEvent = 1048576.0, 1e9 / (1048576.0 * 128) // pJ for each mW/Hz
	hopX := band{hop, 0.85 * hop, 1.15 * hop}
	hopY := band{hop, hop * 24 / 32, 0.3e-3 * 390 * 32 * volts}
	reading := 1 / (95.93 - 11.58) // mW/Hz: two powers, each off by 0.5 mW
	synaptic := band{f.synaptic,
		(f.slope-reading)*perEvent - 21.3*(hopX.high+hopY.high)/128,
		(f.slope+reading)*perEvent - 21.3*(hopX.low+hopY.low)/128}
	to8 := math.Pow(0.8/0.75, f.exponent) // static power at 0.8 V over 0.75 V
	at75 := (0.75 / 0.8) * (0.75 / 0.8)
	events := neurons * 20 / 1e9 // mW a pJ at 20 Hz
	other := (65 - at75*events*(128*f.synaptic+42.6*hop)) * to8
	tick := band{f.static, 49 * to8, other}

	want := map[ledger.Kind]band{ // pJ
		ledger.SynapticOp:   synaptic,
		ledger.HopX:         hopX,
		ledger.HopY:         hopY,
		ledger.ChipCrossing: {32 * 26, 24 * 26, 32*26 + 2*32*2},
		ledger.InputSpike:   {32 * 2, 24 * 2, 32 * (2 + 26)},
		ledger.ControlSpike: {32 * 2, 24 * 2, 32 * (2 + 26)},
		ledger.OutputSpike:  {32 * 2, 24 * 2, 32 * (2 + 26)},
		ledger.CoreTick:     {tick.nominal / 4096 * 1e6, tick.low / 4096 * 1e6, tick.high / 4096 * 1e6},
	}
	for k := range chip.Prices {
		p := &chip.Prices[k]
		w, priced := want[p.Kind]
		if priced != (p.State == Priced) {
			t.Errorf("%s is %s; three anchors and the published constants price %v", p.Kind, p.State, want)
			continue
		}
		nearly(t, p.Kind.String()+" nominal", p.Nominal/Picojoule, w.nominal, 2e-4) // four figures
		nearly(t, p.Kind.String()+" low", p.Low/Picojoule, w.low, 5e-3)             // three figures
		nearly(t, p.Kind.String()+" high", p.High/Picojoule, w.high, 5e-3)
	}
	nearly(t, "exponent", chip.Voltage.StaticExponent.Nominal, f.exponent, 2e-4)
	off := 0.5 + 11.58*reading // mW of static power that rounded readings leave open
	nearly(t, "exponent low", chip.Voltage.StaticExponent.Low, math.Log(42.5/(f.static-off))/math.Log(0.7/0.8), 3e-3)
	nearly(t, "exponent high", chip.Voltage.StaticExponent.High, math.Log(41.5/(f.static+off))/math.Log(0.7/0.8), 3e-3)

	for i := range v.Rows {
		if v.Rows[i].Role != anchor {
			v.Rows[i].Published *= 2
		}
	}
	if again := fit(v.of(anchor), hop); again != f {
		t.Errorf("other held-out values make %+v of %+v", again, f)
	}
}

func nearly(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance*math.Abs(want) {
		t.Errorf("%s is %g; want %g", what, got, want)
	}
}

// TestTrueNorthSevenPointFit holds the intervals to another way of fitting: all
// seven published powers at once. Its numbers lie inside, and meet every power
// within 7.5 %.
func TestTrueNorthSevenPointFit(t *testing.T) {
	chip := loadTrueNorth(t)
	const static, synaptic, exponent = 67.5, 1.38, 3.14 // mW, pJ, 1
	for _, c := range []struct {
		what           string
		low, fit, high float64
	}{
		{"core_tick", chip.Prices[ledger.CoreTick].Low, static / 4096 * 1e6 * Picojoule, chip.Prices[ledger.CoreTick].High},
		{"synaptic_op", chip.Prices[ledger.SynapticOp].Low, synaptic * Picojoule, chip.Prices[ledger.SynapticOp].High},
		{"exponent", chip.Voltage.StaticExponent.Low, exponent, chip.Voltage.StaticExponent.High},
	} {
		if !(c.low <= c.fit && c.fit <= c.high) {
			t.Errorf("%s: the fit's %g lies outside [%g, %g]", c.what, c.fit, c.low, c.high)
		}
	}
	v := readValidation(t, "truenorth")
	powers := 0
	for _, r := range append(v.of(anchor), v.of(heldOut)...) {
		if r.Unit != "mW" || r.ID == "V3a-power" { // a quotient, not a measured power
			continue
		}
		powers++
		in := r.Inputs
		perPJ := in.Neurons * in.RateHz / 1e9 // mW
		ratio := in.VoltageV / 0.8
		mW := static*math.Pow(ratio, exponent) + synaptic*ratio*ratio*perPJ*in.SynapsesPerSpike +
			2.3*math.Pow(in.VoltageV/0.775, 2)*perPJ*(in.MeanHopsX+in.MeanHopsY)
		nearly(t, r.ID, mW, r.Published, 0.075)
	}
	if powers != 7 {
		t.Errorf("%d powers; want 7", powers)
	}
}

// TestTrueNorthTickRefused asks for a tick of 200 us, which ran on silicon: how
// its static energy divides is not published, so its price is refused.
func TestTrueNorthTickRefused(t *testing.T) {
	_, err := extend("", "extends: truenorth\ncapabilities: {tick: {quanta: 5000000}}\n")
	const want = "change.yaml:2:23: core_tick is an absolute price for 256 axons x 256 neurons, 1 bit a synapse, 154 bits a neuron, a tick of 1000 us; " +
		"this file changes the geometry to 256 axons x 256 neurons, 1 bit a synapse, 154 bits a neuron, a tick of 200 us; want the sizes it holds for; restate it or give it a law; " +
		"it has none because which part of it follows the length of a tick, or the stored bits, is not published"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestTrueNorthSplitsNothing names the includer of every kind that has no price
// of its own: what follows spikes is in a synaptic op, what a tick does in it.
func TestTrueNorthSplitsNothing(t *testing.T) {
	chip := loadTrueNorth(t)
	in := map[ledger.Kind][]string{}
	for _, p := range chip.Prices {
		if p.State == IncludedIn {
			in[p.Includer] = append(in[p.Includer], p.Kind.String())
		}
	}
	want := map[ledger.Kind][]string{
		ledger.SynapticOp: strings.Fields("axon_write axon_read axon_merge spike_emitted packet_tile packet_core"),
		ledger.CoreTick:   strings.Fields("row_read bits_read neuron_touched neuron_idle barrier core_busy core_waiting"),
	}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}
