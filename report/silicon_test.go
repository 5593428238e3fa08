package report

import (
	"math"
	"strings"
	"testing"

	"tritloom/hwmodel"
)

func TestSiliconHasItsWords(t *testing.T) {
	for _, s := range Silicons {
		if s.System == "" || s.Network == "" || s.Data == "" || s.Scope == "" || s.Source == "" ||
			!(s.NodeNM > 0) || !(s.VoltageV > 0) || !(s.EnergyJ > 0) || !(s.PerSecondHz > 0) || !(s.Accuracy > 0 && s.Accuracy <= 1) || !(s.PeakOpsPerJ > 0) || s.PeakScope == "" {
			t.Errorf("%+v lacks a field", s)
		}
	}
	// The abstract's own figures: 12.2 mW / 3200 a second, which is not 2.72 µJ.
	if c := Silicons[0]; c.EnergyJ != 2.72e-6 || math.Abs(12.2e-3/c.PerSecondHz-3.81e-6) > 0.005e-6 {
		t.Errorf("TCN-CUTIE: %g J, 12.2 mW / %g Hz = %g J", c.EnergyJ, c.PerSecondHz, 12.2e-3/c.PerSecondHz)
	}
}

// The chip stands beside every run whose network is known, under both scopes, and wins
// or loses by the figures alone: used cores of 1 µJ beat it, the whole chip at 10 µJ
// does not. Its peak is 1/1036 pJ an operation, or twice that: over 10^9 operations the
// used cores take 1 fJ, in between, the whole chip 10 fJ.
func TestSiliconWinsAndLoses(t *testing.T) {
	covers := []Cover{
		{Scope: UsedCores, Boundary: hwmodel.BoundaryCore, Energy: Interval{Nominal: 5}},
		{Scope: UsedCores, Boundary: hwmodel.BoundaryHost, Energy: Interval{Nominal: 1e-6}},
		{Scope: WholeChip, Boundary: hwmodel.BoundaryHost, Energy: Interval{Nominal: 10e-6}, LowerBound: true},
	}
	r := &Report{Energy: &Energy{}, Silicon: besideSilicon(covers, hwmodel.BoundaryHost, 1e9)}
	beside := r.Silicon[0].Beside
	if len(beside) != 2 {
		t.Fatalf("%d standings, want one a scope", len(beside))
	}
	for i, want := range []Standing{
		{Scope: UsedCores, Ratio: 2.72, OperationJ: 1e-15, PeakRatio: 1000. / 1036},
		{Scope: WholeChip, Ratio: 0.272, Wins: true, OperationJ: 1e-14, PeakRatio: 100. / 1036},
	} {
		got := beside[i]
		if got.Scope != want.Scope || !near(got.Ratio, want.Ratio) || got.Wins != want.Wins || !near(got.OperationJ, want.OperationJ) || !near(got.PeakRatio, want.PeakRatio) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	text := r.siliconTable()
	for _, want := range []string{
		"Beside used cores, with host: an inference of TCN-CUTIE takes more energy, 2.72 µJ to this run's 1.00 µJ; a dense operation of TCN-CUTIE at its peak takes more or less energy as operations are counted, 965 aJ to 1.93 fJ beside this run's 1.00 fJ",
		"Beside whole chip, with host: an inference of TCN-CUTIE takes less energy, 2.72 µJ to this run's at least 10.0 µJ; a dense operation of TCN-CUTIE at its peak takes less energy, 965 aJ to 1.93 fJ beside this run's at least 10.0 fJ",
		"965 aJ at peak", "a peak and no application's", "neither ranks the two",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	covers[2].Energy.Nominal = 1e-6
	r.Silicon = besideSilicon(covers, hwmodel.BoundaryHost, 1e10) // 0.1 fJ each
	for i, want := range []string{"takes more energy, ", "takes more energy than what is priced here, "} {
		if v := r.Silicon[0].Verdicts()[i]; strings.Count(v, want) != 2 {
			t.Errorf("%q twice wanted: %s", want, v)
		}
	}
}

func TestSiliconNeedsTheNetwork(t *testing.T) {
	s := toySubject(t)
	r, err := New(s, Options{DefaultEnergyOptions()})
	if err != nil || len(r.Silicon) != len(Silicons) || r.Silicon[0].Beside[0].Operations != 10 {
		t.Errorf("with a network: %d chips, %v; want %d", len(r.Silicon), err, len(Silicons))
	}
	s.Network, s.Layout = nil, nil
	if r, err = New(s, Options{DefaultEnergyOptions()}); err != nil || r.Silicon != nil || r.siliconTable() != "" {
		t.Errorf("without a network: %d chips, %v; want none", len(r.Silicon), err)
	}
}
