package report

import (
	"math"
	"strings"
	"testing"
)

func TestSiliconHasItsWords(t *testing.T) {
	for _, s := range Silicons {
		if s.System == "" || s.Network == "" || s.Data == "" || s.Scope == "" || s.Source == "" ||
			!(s.NodeNM > 0) || !(s.VoltageV > 0) || !(s.EnergyJ > 0) || !(s.PerSecondHz > 0) || !(s.Accuracy > 0 && s.Accuracy <= 1) {
			t.Errorf("%+v lacks a field", s)
		}
	}
	// The abstract's own figures: 12.2 mW / 3200 a second, which is not 2.72 µJ.
	if c := Silicons[0]; c.EnergyJ != 2.72e-6 || math.Abs(12.2e-3/c.PerSecondHz-3.81e-6) > 0.005e-6 {
		t.Errorf("TCN-CUTIE: %g J, 12.2 mW / %g Hz = %g J", c.EnergyJ, c.PerSecondHz, 12.2e-3/c.PerSecondHz)
	}
}

// The chip stands beside every run whose network is known, and wins or loses by the
// figures alone: a run of 1 µJ beats it, one of 10 µJ does not.
func TestSiliconWinsAndLoses(t *testing.T) {
	for _, c := range []struct {
		joules, ratio float64
		wins          bool
		word          string
	}{{1e-6, 2.72, false, "takes more energy than"}, {10e-6, 0.272, true, "takes less energy than"}} {
		r := &Report{Energy: &Energy{Interval: Interval{Nominal: c.joules}}}
		r.Silicon = besideSilicon(r.Energy)
		if s := r.Silicon[0]; !near(s.Ratio, c.ratio) || s.Wins != c.wins {
			t.Errorf("beside %g J: ratio %g, takes less %v; want %g, %v", c.joules, s.Ratio, s.Wins, c.ratio, c.wins)
		}
		if text := r.siliconTable(); !strings.Contains(text, c.word) || !strings.Contains(text, "ranks neither") {
			t.Errorf("beside %g J:\n%s", c.joules, text)
		}
	}
	s := toySubject(t)
	r, err := New(s, Options{DefaultEnergyOptions()})
	if err != nil || len(r.Silicon) != len(Silicons) {
		t.Errorf("with a network: %d chips, %v; want %d", len(r.Silicon), err, len(Silicons))
	}
	s.Network, s.Layout = nil, nil
	if r, err = New(s, Options{DefaultEnergyOptions()}); err != nil || r.Silicon != nil || r.siliconTable() != "" {
		t.Errorf("without a network: %d chips, %v; want none", len(r.Silicon), err)
	}
}
