package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"tritloom/internal/seed"
)

// MonteCarlo says how a figure is spread when every price is drawn by itself
// from a triangle over low, nominal and high. In one draw a price is the same for
// all of its events, and prices that go back to one number are at the same place of
// their triangles. It is narrower than the corners, which have all prices low or
// all high at once; it takes other prices as independent, and where one source misled
// several of them the corners are the safer bounds.
type MonteCarlo struct {
	Draws int     `json:"draws"`
	Seed  uint64  `json:"seed"`
	Mean  float64 `json:"mean"` // joules per inference, as are the percentiles
	P2_5  float64 `json:"p2_5"`
	P50   float64 `json:"p50"`
	P97_5 float64 `json:"p97_5"`
	// Together names the prices of the figure that were not drawn by themselves.
	Together string `json:"together,omitempty"`
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
	m.Together = together(leaves)
	m.Mean = stat.Mean(figures, nil)
	slices.Sort(figures)
	quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, figures, nil) }
	m.P2_5, m.P50, m.P97_5 = quantile(0.025), quantile(0.5), quantile(0.975)
	return m
}

// drawFigures gives so many figures, nil if no leaf has a width. Every kind has a
// stream of its own, or that of the kind it is drawn with, so that what one costs is drawn alike whatever else a
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
		stream := seed.Stream(run, seed.ReportCorners+seed.Purpose("/"+l.variate()))
		for i := range figures {
			figures[i] += l.Joules.triangular(stream.Float64())
		}
	}
	for i := range figures {
		figures[i] += fixed
	}
	return figures
}

// variate names the kind that a leaf's place in its triangle is drawn for.
func (l *Leaf) variate() string {
	if l.DrawnWith != "" {
		return l.DrawnWith
	}
	return l.Kind
}

// together is "core_waiting with core_busy, ..." of the leaves that have a width.
func together(leaves []Leaf) string {
	var list []string
	for _, l := range leaves {
		if l.DrawnWith != "" && l.Joules != nil && l.Joules.Width() > 0 {
			list = append(list, l.Kind+" with "+l.DrawnWith)
		}
	}
	return strings.Join(list, ", ")
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

// Text is "95 % of 10,000 draws within [8.2 nJ, 15.1 nJ], ..."; it says so where
// the nominal figure lies outside, as it does under prices that reach much further
// up than down.
func (m MonteCarlo) Text(nominal float64, lowerBound bool) string {
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
	by := "each price by itself"
	if m.Together != "" {
		by += " but " + m.Together
	}
	return fmt.Sprintf("95 %% of %s draws within [%s, %s], median %s, mean %s%s; %s, triangular, seed %d%s",
		Count(m.Draws), SI(m.P2_5, "J"), SI(m.P97_5, "J"), SI(m.P50, "J"), SI(m.Mean, "J"), least, by, m.Seed, skewed)
}
