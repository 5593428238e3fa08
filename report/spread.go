package report

import (
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Spread describes one figure of every sample. Percentiles are figures that
// occurred: the lowest one that at least that part of the samples does not
// exceed.
type Spread struct {
	Mean float64  `json:"mean"`
	SD   *float64 `json:"sd"` // of a sample, divisor n-1; null for one sample
	P5   float64  `json:"p5"`
	P50  float64  `json:"p50"`
	P95  float64  `json:"p95"`
	Max  float64  `json:"max"`
}

// newSpread describes at least one figure.
func newSpread(figures []float64) Spread {
	sorted := slices.Sorted(slices.Values(figures))
	quantile := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, sorted, nil) }
	s := Spread{
		Mean: stat.Mean(figures, nil),
		P5:   quantile(0.05), P50: quantile(0.50), P95: quantile(0.95),
		Max: sorted[len(sorted)-1],
	}
	if len(figures) > 1 {
		sd := stat.StdDev(figures, nil)
		s.SD = &sd
	}
	return s
}
