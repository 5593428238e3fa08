package report

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"tritloom/ledger"
)

func leafOf(k ledger.Kind, low, nominal, high float64) Leaf {
	return Leaf{Kind: k.String(), Joules: &Interval{nominal, low, high}}
}

// The sum of independent triangles has the sum of their means, (a+b+c)/3 each,
// and of their variances, (a²+b²+c²-ab-ac-bc)/18 each. Intervals with the top at
// an end and without a width are among them.
func TestMonteCarloAgainstClosedForm(t *testing.T) {
	leaves := []Leaf{
		leafOf(ledger.RowRead, 2, 4, 8), leafOf(ledger.HopX, 0, 0, 9), leafOf(ledger.HopY, 1, 5, 5),
		leafOf(ledger.CoreTick, 3, 3, 3), {Kind: ledger.OutputScore.String()}, // unknown
	}
	mean, variance := 0.0, 0.0
	for _, l := range leaves {
		if j := l.Joules; j != nil {
			a, b, c := j.Low, j.High, j.Nominal
			mean += (a + b + c) / 3
			variance += (a*a + b*b + c*c - a*b - a*c - b*c) / 18
		}
	}
	for run := range uint64(5) {
		figures := drawFigures(leaves, MonteCarloDraws, run)
		// 4.5 standard errors: one in 150,000 seeds is worse.
		if got, err := stat.Mean(figures, nil), 4.5*math.Sqrt(variance/MonteCarloDraws); math.Abs(got-mean) > err {
			t.Errorf("seed %d: mean %g, want %g ± %g", run, got, mean, err)
		}
		// The variance of 10,000 draws is off by sqrt((kurtosis-1)/10,000); a
		// kurtosis under 3 makes 4.5 of that 6.4 %.
		if got := stat.Variance(figures, nil); math.Abs(got/variance-1) > 0.064 {
			t.Errorf("seed %d: variance %g, want %g within 6.4 %%", run, got, variance)
		}
	}
}

// One triangle's quantiles, against another implementation.
func TestTriangularQuantiles(t *testing.T) {
	for _, i := range []Interval{{4, 2, 8}, {2, 2, 8}, {8, 2, 8}, {1e-12, 1e-13, 7e-12}} {
		d := distuv.NewTriangle(i.Low, i.High, i.Nominal, nil)
		for _, u := range []float64{0, 0.001, 0.025, 0.2, 1. / 3, 0.5, 0.975, 0.9999} {
			if got, want := i.triangular(u), d.Quantile(u); math.Abs(got-want) > 1e-12*i.High {
				t.Errorf("%+v: quantile %g is %g, want %g", i, u, got, want)
			}
		}
	}
}

// The toy run: several independent prices make the middle 95 % narrower than the
// corners; equal runs give equal draws; a price's draws do not depend on what
// else is in the figure.
func TestMonteCarloOfARun(t *testing.T) {
	chip := toyChip(t)
	run := withTiming(toyRun(chip))
	e, err := PriceRun(run, chip, DefaultEnergyOptions())
	if err != nil {
		t.Fatal(err)
	}
	m := e.MonteCarlo
	if !(e.Low < m.P2_5 && m.P2_5 < m.P50 && m.P50 < m.P97_5 && m.P97_5 < e.High) {
		t.Errorf("percentiles %g %g %g are not inside the corners %g..%g in their order", m.P2_5, m.P50, m.P97_5, e.Low, e.High)
	}
	again, err := PriceRun(run, chip, DefaultEnergyOptions())
	if err != nil || again.MonteCarlo != m {
		t.Errorf("a second time: %+v, %v; want %+v", again.MonteCarlo, err, m)
	}
	alone := drawFigures([]Leaf{leafOf(ledger.HopX, 2, 3, 4)}, 10, 1)
	both := drawFigures([]Leaf{leafOf(ledger.RowRead, 2, 4, 8), leafOf(ledger.HopX, 2, 3, 4)}, 10, 1)
	row := drawFigures([]Leaf{leafOf(ledger.RowRead, 2, 4, 8)}, 10, 1)
	for i := range both {
		if !near(both[i], alone[i]+row[i]) {
			t.Errorf("draw %d: %g together, %g + %g apart", i, both[i], row[i], alone[i])
		}
	}
}

func TestMonteCarloWithoutWidth(t *testing.T) {
	chip := loadChip(t, "unit")
	e, err := PriceRun(zeroTimed(newRun(chip, 1, twoByTwo)), chip, DefaultEnergyOptions())
	if err != nil {
		t.Fatal(err)
	}
	if m := e.MonteCarlo; m.Mean != e.Nominal || m.P2_5 != e.Nominal || m.P97_5 != e.Nominal {
		t.Errorf("draws %+v; want the nominal %g everywhere: the prices have no width", m, e.Nominal)
	}
}

// Two equal rows that are drawn together have double the deviation of one, as they are
// one number; drawn apart, the square root of two of it. A partner with a triangle of
// its own is at the same place of it.
func TestDrawnTogether(t *testing.T) {
	one := leafOf(ledger.CoreBusy, 2, 4, 8)
	same, apart := leafOf(ledger.CoreWaiting, 2, 4, 8), leafOf(ledger.CoreWaiting, 2, 4, 8)
	same.DrawnWith = ledger.CoreBusy.String()
	sd := func(leaves ...Leaf) float64 { return stat.StdDev(drawFigures(leaves, MonteCarloDraws, 1), nil) }
	want := math.Sqrt((2*2 + 4*4 + 8*8 - 2*4 - 2*8 - 4*8) / 18.)
	if got := sd(one, same); math.Abs(got/(2*want)-1) > 0.032 { // 4.5 standard errors, as above
		t.Errorf("together: sd %g; want %g", got, 2*want)
	}
	if got := sd(one, same); !near(got, 2*sd(one)) {
		t.Errorf("together: sd %g; want twice that of one, %g", got, 2*sd(one))
	}
	if got := sd(one, apart); math.Abs(got/(math.Sqrt2*want)-1) > 0.032 {
		t.Errorf("apart: sd %g; want %g", got, math.Sqrt2*want)
	}
	other := leafOf(ledger.CoreWaiting, 10, 30, 30)
	other.DrawnWith = ledger.CoreBusy.String()
	draws, alone := drawFigures([]Leaf{one}, 100, 1), drawFigures([]Leaf{other}, 100, 1) // without its partner too
	first, second := distuv.NewTriangle(2, 8, 4, nil), distuv.NewTriangle(10, 30, 30, nil)
	for i := range draws {
		if a, b := first.CDF(draws[i]), second.CDF(alone[i]); math.Abs(a-b) > 1e-9 {
			t.Fatalf("draw %d is at %g of one triangle and at %g of the other", i, a, b)
		}
	}
}

func TestMonteCarloNamesWhatIsDrawnTogether(t *testing.T) {
	one, same, exact := leafOf(ledger.CoreBusy, 2, 4, 8), leafOf(ledger.CoreWaiting, 2, 4, 8), leafOf(ledger.HopY, 1, 1, 1)
	same.DrawnWith, exact.DrawnWith = ledger.CoreBusy.String(), ledger.HopX.String()
	m := newMonteCarlo([]Leaf{one, same, exact}, 9)
	if want := "; each price by itself but core_waiting with core_busy, triangular, seed 1"; !strings.Contains(m.Text(9, false), want) {
		t.Errorf("%q does not say %q", m.Text(9, false), want)
	}
}
