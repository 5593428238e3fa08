package report

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Accuracy is how many decisions were right, with the exact interval of
// Clopper and Pearson (Biometrika 26, 1934): it covers the true share in at
// least 95 of 100 draws of a test set.
type Accuracy struct {
	Value   float64    `json:"value"`
	Correct int        `json:"correct"`
	Total   int        `json:"total"`
	CI95    [2]float64 `json:"ci95"`
}

// NewAccuracy works out the interval from counts of samples.
func NewAccuracy(correct, total int) (Accuracy, error) {
	if total < 1 || correct < 0 || correct > total {
		return Accuracy{}, fmt.Errorf("accuracy: %d correct of %d samples; want 0..total of at least 1 sample", correct, total)
	}
	const tail = 0.025
	a := Accuracy{Value: float64(correct) / float64(total), Correct: correct, Total: total, CI95: [2]float64{0, 1}}
	k, n := float64(correct), float64(total)
	if correct > 0 {
		a.CI95[0] = distuv.Beta{Alpha: k, Beta: n - k + 1}.Quantile(tail)
	}
	if correct < total {
		a.CI95[1] = distuv.Beta{Alpha: k + 1, Beta: n - k}.Quantile(1 - tail)
	}
	return a, nil
}

// String is "87.2 % (314 of 360; 95 % interval 83.3 % to 90.5 %)".
func (a Accuracy) String() string {
	return fmt.Sprintf("%.1f %% (%s of %s; 95 %% interval %.1f %% to %.1f %%)",
		100*a.Value, Count(a.Correct), Count(a.Total), 100*a.CI95[0], 100*a.CI95[1])
}

// Paired compares two classifiers on the same samples. Samples that both get
// right or both get wrong say nothing about which is better.
type Paired struct {
	Samples   int     `json:"samples"`
	OnlyFirst int     `json:"only_first"`  // samples only the first gets right
	OnlyOther int     `json:"only_second"` // samples only the second gets right
	Gap       float64 `json:"gap"`         // accuracy of the first less that of the second
	// P is the probability of a split at least this uneven if both were
	// equally good: McNemar's test, exact and two-sided.
	P float64 `json:"p"`
}

// Pair compares right and wrong decisions, sample by sample.
func Pair(first, second []bool) (Paired, error) {
	if len(first) != len(second) || len(first) == 0 {
		return Paired{}, fmt.Errorf("paired comparison: %d and %d decisions; want the same samples, at least one", len(first), len(second))
	}
	p := Paired{Samples: len(first), P: 1}
	for i := range first {
		switch {
		case first[i] && !second[i]:
			p.OnlyFirst++
		case second[i] && !first[i]:
			p.OnlyOther++
		}
	}
	p.Gap = float64(p.OnlyFirst-p.OnlyOther) / float64(p.Samples)
	if n := p.OnlyFirst + p.OnlyOther; n > 0 {
		coin := distuv.Binomial{N: float64(n), P: 0.5}
		p.P = min(1, 2*coin.CDF(float64(min(p.OnlyFirst, p.OnlyOther))))
	}
	return p, nil
}
