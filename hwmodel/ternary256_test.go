package hwmodel

import (
	"math"
	"testing"

	"tritloom/ledger"
)

// TestTernary256Derivations computes the prices of ternary256 again from the
// published numbers alone, in full precision. The file rounds to three figures.
func TestTernary256Derivations(t *testing.T) {
	chip, err := Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	square := func(v float64) float64 { return v * v }
	// Stillmaker & Baas 2017: energy over voltage at a node.
	e45 := 1.103*square(0.9) - 0.362*0.9 + 0.277
	e32at9 := 0.956*square(0.9) - 0.782*0.9 + 0.471
	e32 := 0.956*square(0.8) - 0.782*0.8 + 0.471
	e20 := 0.373*square(0.8) - 0.158*0.8 + 0.041
	e28 := e32 + (e20-e32)*(32-28)/(32-20)
	e40 := e45 + (e32at9-e45)*(45-40)/(45-32)

	volts := square(0.8 / 0.775)
	pitch := math.Sqrt((256*256*2 + 256*148) / (256 * 410.0))
	sram := 0.047 * volts                         // pJ/bit
	sramLow, sramHigh := 0.85*sram, e28/e45*10/64 // 8 KB at 45 nm: 10 pJ for 64 bits
	add := 0.1 * e28 / e45 * 16 / 32              // 16 bits
	latch := 0.009 * e28 / e40                    // one bit
	slope := (94 - 68) / (95.93 - 11.58)          // mW/Hz, Akopyan 2015, Fig. 17
	idle := 68 - slope*11.58                      // mW
	leak := (idle - 20*volts) / 4096              // mW a core
	perTick := 5.12e-6 * 1e9                      // pJ in a tick for each mW
	bits := square(pitch)                         // stored bits over TrueNorth's
	neurons := 4096 * 256.0
	synaptic := slope*1e9/(neurons*128) - 2.3*volts*42.6/128 // pJ: mW/Hz over events, less hops
	hopX, hopY := 2.3*volts*pitch, 0.3e-3*390*32*volts*pitch

	for kind, want := range map[ledger.Kind][3]float64{ // nominal, low, high in pJ
		ledger.AxonWrite:     {16 * sram, sramLow, 256 * sramHigh},
		ledger.AxonRead:      {16 * sram, sramLow, 256 * sramHigh},
		ledger.BitsRead:      {sram, sramLow, sramHigh},
		ledger.SynapticOp:    {add + 16*latch, add, synaptic},
		ledger.NeuronTouched: {68*sram + 2*add, 68*sramLow + 2*add, 164 * sramHigh},
		ledger.NeuronIdle:    {68*sram + 2*add, 32 * sramLow, 164 * sramHigh},
		ledger.SpikeEmitted:  {80 * sram, 20 * sramLow, 80 * sramHigh},
		ledger.PacketCore:    {64 * latch, 32 * latch, 2.3 * volts},
		ledger.HopX:          {hopX, hopX * 20 / 32, hopX * 1.15},
		ledger.HopY:          {hopY, hopX, hopY * 1.15},
		ledger.PsumSend:      {16*sram + 64*latch, 16*sramLow + 32*latch, 16*sramHigh + 2.3*volts},
		ledger.PsumHop:       {(hopX + hopY) / 2, hopX * 20 / 32, hopY * 1.15},
		ledger.InputSpike:    {32 * 2, 20 * 2, 32 * (2 + 26)},
		ledger.ControlSpike:  {32 * 2, 20 * 2, 32 * (2 + 26)},
		ledger.OutputSpike:   {32 * 2, 20 * 2, 32 * (2 + 26)},
		ledger.OutputScore:   {32 * 2, 24 * 2, 32 * (2 + 26)},
		ledger.StateReset:    {16 * sram, 16 * sramLow, 16 * sramHigh},
		ledger.ConfigWrite:   {64 + 32*sram, 40 + 32*sramLow, 896 + 32*sramHigh},
		ledger.CoreTick:      {leak * bits * perTick, leak * perTick, idle/4096*bits*perTick + 256*sram},
	} {
		p := chip.Prices[kind]
		for i, got := range []float64{p.Nominal, p.Low, p.High} {
			if math.Abs(got/Picojoule/want[i]-1) > 0.012 { // two figures are rounded where the interval is wide
				t.Errorf("%s, value %d of nominal, low, high: %g pJ; want %g", kind, i, got/Picojoule, want[i])
			}
		}
	}
	priced := 0
	for _, p := range chip.Prices {
		if p.State == Priced {
			priced++
		}
	}
	if priced != 19 {
		t.Errorf("%d kinds have a value; this test computes 19", priced)
	}
}

// TestTernary256IsNoBetterThanEstimated holds the grade of prices that were
// carried over from other chips: arithmetic alone does not make them this chip's.
func TestTernary256IsNoBetterThanEstimated(t *testing.T) {
	chip, err := Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range chip.Prices {
		if p.State == Priced && p.Evidence != Estimated && p.Evidence != Assumed {
			t.Errorf("%s has evidence %s; want estimated or assumed", p.Kind, p.Evidence)
		}
	}
}

// TestTernary256WorstTick adds up the longest work a core can have in a tick by
// the chip's own latencies: all axons active, and every column either sends a
// partial sum or fires. A quarter of the tick must remain for the mesh.
func TestTernary256WorstTick(t *testing.T) {
	chip, err := Load("ternary256")
	if err != nil {
		t.Fatal(err)
	}
	l := chip.Latencies()
	core := 256*(l[ledger.AxonWrite]+l[ledger.AxonRead]+l[ledger.RowRead]) + 256*256*(2*l[ledger.BitsRead]+l[ledger.SynapticOp]) +
		256*max(l[ledger.NeuronTouched], l[ledger.NeuronIdle]) + 256*max(l[ledger.SpikeEmitted], l[ledger.PsumSend])
	if tick := chip.Capabilities.Tick.Quanta; core != 768 || core+256 > tick {
		t.Errorf("the longest work of a core is %d quanta of %d; want 768 and 256 to spare", core, tick)
	}
	if ps := chip.Capabilities.Tick.PS(); ps != 5_120_000 {
		t.Errorf("a tick lasts %d ps; want 5.12 us", ps)
	}
	if !chip.Hypothetical {
		t.Error("ternary256 must say that it is hypothetical")
	}
}
