package report

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"tritloom/internal/seed"
)

// MonteCarlo says how a figure is spread when every price is drawn by itself
// from a triangle over low, nominal and high. In one draw a price is the same for
// all of its events. It is narrower than the corners, which have all prices low or
// all high at once; it takes prices as independent, and where one source misled
// several of them the corners are the safer bounds.
type MonteCarlo struct {
	Draws int     `json:"draws"`
	Seed  uint64  `json:"seed"`
	Mean  float64 `json:"mean"` // joules per inference, as are the percentiles
	P2_5  float64 `json:"p2_5"`
	P50   float64 `json:"p50"`
	P97_5 float64 `json:"p97_5"`
}

// The draws of every figure. Equal runs and prices give equal bytes.
const (
	MonteCarloDraws        = 10_000
	MonteCarloSeed  uint64 = 1
)

// newMonteCarlo draws the prices of the given leaves.
func newMonteCarlo(leaves []Leaf, nominal float64) MonteCarlo {
	m := MonteCarlo{Draws: MonteCarloDraws, Seed: MonteCarloSeed, Mean: nominal, P2_5: nominal, P50: nominal, P97_5: nominal}
	figures := drawFigures(leaves, m.Draws, m.Seed)
	if figures == nil {
		return m
	}
	m.Mean = stat.Mean(figures, nil)
	slices.Sort(figures)
	quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, figures, nil) }
	m.P2_5, m.P50, m.P97_5 = quantile(0.025), quantile(0.5), quantile(0.975)
	return m
}

// drawFigures gives so many figures, nil if no leaf has a width. Every kind has a
// stream of its own, so that what one costs is drawn alike whatever else a
// boundary or a chip adds.
func drawFigures(leaves []Leaf, draws int, run uint64) []float64 {
	var figures []float64
	fixed := 0.0
	for _, l := range leaves {
		if l.Joules == nil {
			continue
		}
		if l.Joules.Width() <= 0 {
			fixed += l.Joules.Nominal
			continue
		}
		if figures == nil {
			figures = make([]float64, draws)
		}
		stream := seed.Stream(run, seed.ReportCorners+seed.Purpose("/"+l.Kind))
		for i := range figures {
			figures[i] += l.Joules.triangular(stream.Float64())
		}
	}
	for i := range figures {
		figures[i] += fixed
	}
	return figures
}

// triangular is the figure that a part u of the triangle over the interval does
// not exceed. The interval has a width. The conversions keep compilers from
// fusing products with sums.
func (a Interval) triangular(u float64) float64 {
	below := (a.Nominal - a.Low) / a.Width() // part of the triangle left of its top
	if u < below {
		return a.Low + math.Sqrt(float64(float64(u*a.Width())*(a.Nominal-a.Low)))
	}
	return a.High - math.Sqrt(float64(float64((1-u)*a.Width())*(a.High-a.Nominal)))
}

// text is "95 % of 10,000 draws within [8.2 nJ, 15.1 nJ], ..."; it says so where
// the nominal figure lies outside, as it does under prices that reach much further
// up than down.
func (m MonteCarlo) text(nominal float64, lowerBound bool) string {
	if m.P2_5 == m.P97_5 {
		return "the prices state no width to draw from"
	}
	least := ""
	if lowerBound {
		least = ", of what is priced"
	}
	skewed := ""
	switch {
	case nominal < m.P2_5:
		skewed = "; the nominal figure lies below, as the widest prices reach further up than down"
	case nominal > m.P97_5:
		skewed = "; the nominal figure lies above, as the widest prices reach further down than up"
	}
	return fmt.Sprintf("95 %% of %s draws within [%s, %s], median %s, mean %s%s; each price by itself, triangular, seed %d%s",
		Count(m.Draws), SI(m.P2_5, "J"), SI(m.P97_5, "J"), SI(m.P50, "J"), SI(m.Mean, "J"), least, m.Seed, skewed)
}
