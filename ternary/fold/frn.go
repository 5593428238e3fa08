package fold

import (
	"fmt"
	"math"

	"tritloom/ternary"
)

// Statistics is where filter response normalisation takes its mean of squares
// from.
type Statistics int

const (
	// Frozen uses the fixed mean square Nu2, such as the mean over the
	// training data: an approximation of Live that is exact to fold.
	Frozen Statistics = iota
	// Single normalises a map of one place: the mean square is x² itself.
	Single
	// Live takes the mean square of the sample's own feature map.
	Live
)

// FRN is filter response normalisation (Singh and Krishnan 2020):
// gamma·x/sqrt(nu² + |eps|) + beta, nu² the mean of x² over a feature map.
type FRN struct {
	Gamma, Beta, Eps float32
	Statistics       Statistics
	Nu2              float32 // Frozen only
}

// Apply is the expression in float32. It panics for Live, which is no function
// of one sum; see ApplyLive.
func (f FRN) Apply(x float32) float32 {
	switch f.Statistics {
	case Frozen:
		return f.ApplyLive(x, f.Nu2)
	case Single:
		return f.ApplyLive(x, float32(x*x))
	}
	panic("fold: live FRN is no function of one sum")
}

// ApplyLive is the expression for a given mean of squares.
func (f FRN) ApplyLive(x, nu2 float32) float32 {
	if f.Gamma == 0 {
		return f.Beta
	}
	eps := max(f.Eps, -f.Eps)
	normal := float32(x / sqrt32(float32(nu2+eps)))
	return float32(float32(f.Gamma*normal) + f.Beta)
}

// Slope is the sign of gamma.
func (f FRN) Slope() int { return sign(f.Gamma) }

// Validate refuses parameters that are not finite, a root of zero, and live
// statistics, which only FoldLive can look into.
func (f FRN) Validate() error {
	if !finite(f.Gamma, f.Beta, f.Eps, f.Nu2) {
		return fmt.Errorf("fold: FRN %+v; want finite parameters; the training diverged", f)
	}
	if f.Nu2 < 0 || f.Eps == 0 && (f.Statistics != Frozen || f.Nu2 == 0) {
		return fmt.Errorf("fold: FRN with mean square %v and eps %v; want their sum above 0; set eps to 1e-6", f.Nu2, f.Eps)
	}
	if f.Statistics == Live {
		return f.refuseLive(0)
	}
	return nil
}

// refuseLive says why live statistics have no threshold.
func (f FRN) refuseLive(cut float32) error {
	return fmt.Errorf("fold: live FRN with beta %v, cut %v: it fires when x >= (cut-beta)/gamma·sqrt(nu²+eps), and nu² changes with every sample, so no constant threshold equals it; freeze nu² at its training mean, train with beta equal to the cut, or use batch norm", f.Beta, cut)
}

// DenseLive folds a neuron with live statistics where that is exact: gamma 0,
// or beta equal to the cut, where the sign of x decides whatever nu² is. That
// is proven in the expression's own rounding at the largest nu² the row can
// meet. Otherwise the error says why there is no threshold.
func DenseLive(row []int8, f FRN, cut float32, inputs Inputs) (Neuron, error) {
	asSingle := f
	asSingle.Statistics = Single
	if err := asSingle.Validate(); err != nil {
		return Neuron{}, err
	}
	low, high := ternary.Reach(row)
	view := seen(inputs, low+high)
	far := max(view(high), -view(low))
	nu2 := float32(2 * far * far) // twice the greatest square: trainers round their mean
	if f.Gamma != 0 && !f.signDecides(nu2, cut) {
		return Neuron{}, f.refuseLive(cut)
	}
	return fold(row, Activation{signOf{f.Gamma, f.Beta}, cut}, low, high, view)
}

func (f FRN) fires(x, nu2, cut float32) bool { return f.ApplyLive(x, nu2) >= cut }

// signDecides tells whether sums of 0 and of gamma's sign fire and sums of the
// other sign do not, for the least visible sum ±1 under the largest nu².
func (f FRN) signDecides(nu2, cut float32) bool {
	with := float32(f.Slope())
	return f.fires(0, nu2, cut) && f.fires(with, nu2, cut) && !f.fires(-with, nu2, cut) && f.Beta == cut
}

// signOf fires for sums of gamma's sign and for 0 when compared with beta.
type signOf struct{ gamma, beta float32 }

func (s signOf) Apply(x float32) float32 {
	switch {
	case s.gamma == 0 || x == 0:
		return s.beta
	case (x > 0) == (s.gamma > 0):
		return float32(math.Inf(1))
	}
	return float32(math.Inf(-1))
}

func (s signOf) Slope() int { return sign(s.gamma) }

func (s signOf) Validate() error { return nil }
