package sim

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
)

// makeIntegers makes crosspoints integers of two's complement, nonzero where they were.
func makeIntegers(r *rand.Rand, l *layout.Layout) {
	core := &l.Capabilities.Core
	bits := 2 + r.IntN(layout.MaxKBit-1)
	core.SynapseMode, core.SynapseBits, core.AxonTypes, core.WeightBits = hwmodel.KBit, bits, 1, bits
	l.Capabilities.Neuron.ThresholdBits, l.Capabilities.Neuron.PotentialBits = 20, 30
	l.Capabilities.Psum.Bits = max(l.Capabilities.Psum.Bits, 30)
	low, high := hwmodel.SignedRange(bits)
	for c := range l.Cores {
		at := &l.Cores[c]
		before := at.Planes
		at.Planes = layout.NewCore(*core).Planes
		for a := range at.Axons {
			at.Axons[a].Type = 0
			for n := range at.Columns {
				set := false
				for _, p := range before {
					set = set || p.Get(a, n)
				}
				w := int32(low + r.Int64N(high-low+1))
				if r.IntN(4) > 0 {
					w = max(int32(low), min(int32(high), w%4))
				}
				if !set {
					continue
				}
				if err := at.SetInteger(a, n, w); err != nil {
					panic(err)
				}
			}
		}
		for n := range at.Columns {
			at.Columns[n].TypeWeights = [layout.AxonTypes]int32{}
			at.Columns[n].Dynamics.RandomSynapses &= 1
		}
	}
}

// makePairs makes crosspoints pairs of analogue cells with the signs that they have.
func makePairs(_ *rand.Rand, l *layout.Layout) {
	core := &l.Capabilities.Core
	typed := core.SynapseMode == hwmodel.TypedBinary
	core.SynapseMode, core.SynapseBits, core.AxonTypes, core.WeightBits = hwmodel.Differential, 2, 1, 2
	for c := range l.Cores {
		if !typed {
			break
		}
		at := &l.Cores[c]
		at.Planes = append(at.Planes, layout.NewPlane(core.Axons, core.Neurons))
		for a := range at.Axons {
			for n := range at.Columns {
				if at.Columns[n].TypeWeights[at.Axons[a].Type] < 0 && at.Planes[0].Get(a, n) {
					at.Planes[0].Put(a, n, false)
					at.Planes[1].Put(a, n, true)
				}
			}
			at.Axons[a].Type = 0
		}
		for n := range at.Columns {
			at.Columns[n].TypeWeights = [layout.AxonTypes]int32{}
			at.Columns[n].Dynamics.RandomSynapses &= 1
		}
	}
}

// TestClippedSumsRunAlike: converters that hold few of the sums, in whole runs; no batch
// takes them.
func TestClippedSumsRunAlike(t *testing.T) {
	clipped, i := 0, 0
	for _, gated := range []bool{true, false} {
		each(t, 25, gated, func(t *testing.T, _ dense, l *layout.Layout, _ []tiles, s samples) {
			r := seed.Sub(11, seed.TestNetwork, i)
			i++
			makePairs(r, l)
			l.Capabilities.Core.ADCBits = 1 + r.IntN(3)
			for _, scenario := range scenarios {
				for _, timing := range []string{TimingNone, TimingAnalytic} {
					sameRuns(t, l, scenario, timing, s)
				}
			}
			m, err := New(l, options(ledger.SingleStream, TimingNone, 1))
			if err != nil {
				t.Fatal(err)
			}
			run, err := m.Run(t.Context(), s, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range run.Violations {
				if strings.HasPrefix(v.What, "ADC range exceeded") && v.Count > 0 {
					clipped++
				}
			}
		})
	}
	if clipped < i/3 {
		t.Errorf("sums were clipped in %d of %d runs", clipped, i)
	}
}

// TestIntegersRoundTrip: a random chip of integer weights runs the same when it was
// written to a file, or to a text, and read again.
func TestIntegersRoundTrip(t *testing.T) {
	cases := 100
	if testing.Short() {
		cases = 20
	}
	ran := 0
	for i := range cases {
		r := seed.Sub(7, seed.TestNetwork, i)
		l := randomChip(r, chipShape{cores: 3, axons: 12, columns: 12})
		makeIntegers(r, l)
		file, err := l.Encode("test")
		if err != nil {
			t.Fatalf("case %d: %v\n%s", i, err, l.Text())
		}
		read, err := layout.Decode("memory", file)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		all := randomSamples(r, 4, l.Inputs)
		o := options(ledger.SingleStream, TimingAnalytic, 1)
		want := runWith(t, l, o, all)
		for _, again := range []*layout.Layout{read, mustParse(l.Text())} {
			if diff := cmp.Diff(want, runWith(t, again, o, all)); diff != "" {
				t.Fatalf("case %d (-made +read):\n%s", i, diff)
			}
		}
		if want.Err == "" {
			ran++
		}
	}
	if ran < cases/2 {
		t.Errorf("%d of %d chips ran", ran, cases)
	}
}

// TestIntegersChooseTheReference: what is not asked for by name takes the engine that
// can; what is asked for is refused in one line.
func TestIntegersChooseTheReference(t *testing.T) {
	l := mustParse("chip c kbit axons 1 neurons 1\ninputs 1\nreadout r 1\nticks 1 interval 1\ncore 0 at 0,0\naxon 0 from input/0\nrow 0 -77\n" +
		"column 0 score is r/0\ninput 0 to 0:0\noutput 0 from 0:0\n")
	all := parseSamples("1\n0\n")
	for engine, want := range map[string]string{
		EngineAuto: EngineReference, EngineReference: EngineReference, EngineFast: "", EngineBatch: "",
	} {
		o := DefaultOptions()
		o.Engine = engine
		m, err := New(l, o)
		_, stepError := NewStepper(l, o)
		_, runError := NewRunner(l, o)
		if want == "" {
			if err == nil || stepError == nil || runError == nil {
				t.Errorf("%s takes integer weights: %v, %v, %v", engine, err, stepError, runError)
			}
			continue
		}
		if err != nil || stepError != nil || runError != nil {
			t.Errorf("%s: %v, %v, %v", engine, err, stepError, runError)
			continue
		}
		run, err := m.Run(t.Context(), all, func(w Wave) error {
			if score := []int32{-77, 0}[w.Sample]; w.Scores[0] != score {
				t.Errorf("%s: sample %d scores %d; want %d", engine, w.Sample, w.Scores[0], score)
			}
			return nil
		})
		if err != nil || run.Engine != want {
			t.Errorf("%s: %v; the record says %q ran, want %q", engine, err, run.Engine, want)
		}
	}
	l.Capabilities.Host.WaveGate = true
	o := DefaultOptions()
	o.Engine = EngineAuto
	if m, err := New(l, o); err != nil || m.options.Engine != EngineBatch {
		t.Errorf("with a wave gate engine %q is chosen (%v); want %q, which sums up integers as well", m.options.Engine, err, EngineBatch)
	}
}
