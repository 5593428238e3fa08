package fold

import (
	"fmt"
	"math"
)

// sqrt32 is the float32 square root; rounding the float64 root once more gives
// the correctly rounded float32 one.
func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func finite(values ...float32) bool {
	for _, v := range values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return false
		}
	}
	return true
}

func sign(x float32) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Identity compares the sum itself with the cut.
type Identity struct{}

// Apply is x.
func (Identity) Apply(x float32) float32 { return x }

// Slope is +1.
func (Identity) Slope() int { return 1 }

// Validate accepts.
func (Identity) Validate() error { return nil }

// BatchNorm is batch normalisation with statistics at rest (Ioffe and Szegedy
// 2015): gamma·(x - mean)/sqrt(variance + eps) + beta.
type BatchNorm struct {
	Gamma, Beta    float32
	Mean, Variance float32 // of the training data
	Eps            float32
}

// Apply is the expression in float32, rounded after every operation.
func (b BatchNorm) Apply(x float32) float32 {
	if b.Gamma == 0 {
		return b.Beta // also where the quotient is infinite
	}
	normal := float32(float32(x-b.Mean) / sqrt32(float32(b.Variance+b.Eps)))
	return float32(float32(b.Gamma*normal) + b.Beta)
}

// Slope is the sign of gamma.
func (b BatchNorm) Slope() int { return sign(b.Gamma) }

// Validate refuses parameters that are not finite and a variance without root.
func (b BatchNorm) Validate() error {
	if !finite(b.Gamma, b.Beta, b.Mean, b.Variance, b.Eps) {
		return fmt.Errorf("fold: batch norm %+v; want finite parameters; the training diverged", b)
	}
	if b.Variance+b.Eps <= 0 {
		return fmt.Errorf("fold: batch norm with variance %v + eps %v; want more than 0; set eps to 1e-5", b.Variance, b.Eps)
	}
	return nil
}

// TLU is the thresholded linear unit max(y, Tau) after another expression
// (Singh and Krishnan 2020). Before a cut it fires always if Tau reaches the
// cut, and else changes nothing.
type TLU struct {
	Norm Norm
	Tau  float32
}

// Apply is max(y, Tau).
func (t TLU) Apply(x float32) float32 {
	if y := t.Norm.Apply(x); y >= t.Tau {
		return y
	}
	return t.Tau
}

// Slope is that of the expression before.
func (t TLU) Slope() int { return t.Norm.Slope() }

// Validate checks both.
func (t TLU) Validate() error {
	if t.Norm == nil || !finite(t.Tau) {
		return fmt.Errorf("fold: TLU with tau %v after %v; want a finite tau after an expression", t.Tau, t.Norm)
	}
	return t.Norm.Validate()
}
