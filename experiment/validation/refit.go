package validation

import (
	"fmt"
	"math"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Refit is what becomes of the three numbers of TrueNorth's prices if every measured
// total power takes part instead of three anchors, and how well each power is predicted
// by the others. Three anchors fix three numbers, so none of them can be left out alone.
//
// The model is power = static·(V/Vref)^n + op·(V/Vref)²·operations + hops at their
// published price. Squared relative residuals are least. Nothing of it enters a price.
type Refit struct {
	Chip        string       `json:"chip"`
	StaticMW    float64      `json:"static_mw"` // at the voltage of reference
	Exponent    float64      `json:"exponent"`
	SynapticPJ  float64      `json:"synaptic_op_pj"`
	ReferenceV  float64      `json:"reference_v"`
	Points      []RefitPoint `json:"points"`
	WorstFit    float64      `json:"worst_residual"` // largest |residual|
	WorstLeft   float64      `json:"worst_left_out"` // largest |error| of a point that the others predict
	SecondWorst float64      `json:"second_worst_left_out"`
	Passed      bool         `json:"passed"`
}

// RefitPoint is one measured power.
type RefitPoint struct {
	ID        string  `json:"id"`
	MeasuredW float64 `json:"measured_w"`
	Residual  float64 `json:"residual"`       // relative, in the fit to all points
	LeftOut   float64 `json:"left_out_error"` // relative, predicted by a fit to the others
}

// Bands of the refit: HARDWARE of the chip's seven powers. The worst point left out is
// the only one without spikes and at 0.70 V; without it nothing pins the exponent.
const (
	maxResidual    = 0.075
	maxLeftOut     = 0.25
	maxOtherLeft   = 0.09
	minRefitPoints = 4 // three numbers and one point to predict
)

// sample is a measured power in the terms of the model.
type sample struct {
	ratio, watts  float64 // V over the voltage of reference; measured
	ops, hopWatts float64 // synaptic operations a second; power of the hops
}

// law is what is fitted: watts at the voltage of reference, exponent, joules.
type law struct{ static, exponent, op float64 }

func (m law) watts(s sample) float64 {
	return m.static*math.Pow(s.ratio, m.exponent) + m.op*s.ratio*s.ratio*s.ops + s.hopWatts
}

func (m law) residual(s sample) float64 { return m.watts(s)/s.watts - 1 }

// refit fits the rows that say so.
func refit(rows []*Row) (*Refit, error) {
	var samples []sample
	result := &Refit{}
	for _, r := range rows {
		if !r.Refit {
			continue
		}
		s, reference, err := r.sample()
		if err != nil {
			return nil, err
		}
		if result.Chip != "" && result.Chip != r.Chip {
			return nil, r.at("refit").Errorf("refit rows of chips %s and %s; mark those of one chip", result.Chip, r.Chip)
		}
		result.Chip, result.ReferenceV = r.Chip, reference
		samples = append(samples, s)
		result.Points = append(result.Points, RefitPoint{ID: r.ID, MeasuredW: s.watts})
	}
	if len(samples) < minRefitPoints {
		return nil, nil
	}
	all := fitLaw(samples)
	result.StaticMW, result.Exponent, result.SynapticPJ = all.static*1e3, all.exponent, all.op*1e12
	for i, s := range samples {
		others := append(append([]sample{}, samples[:i]...), samples[i+1:]...)
		p := &result.Points[i]
		p.Residual, p.LeftOut = all.residual(s), fitLaw(others).residual(s)
		result.WorstFit = max(result.WorstFit, math.Abs(p.Residual))
		switch left := math.Abs(p.LeftOut); {
		case left > result.WorstLeft:
			result.WorstLeft, result.SecondWorst = left, result.WorstLeft
		case left > result.SecondWorst:
			result.SecondWorst = left
		}
	}
	result.Passed = result.WorstFit <= maxResidual && result.WorstLeft <= maxLeftOut && result.SecondWorst <= maxOtherLeft
	return result, nil
}

// sample turns a row into the terms of the model; hops are priced at the row's voltage.
func (r *Row) sample() (s sample, reference float64, err error) {
	chip, err := hwmodel.Load(r.Chip)
	if err != nil {
		return s, 0, err
	}
	if chip.Voltage == nil {
		return s, 0, r.at("refit").Errorf("chip %s has no voltage_model to refit", r.Chip)
	}
	moved, err := r.chipAt()
	if err != nil {
		return s, 0, err
	}
	p := r.Model.power()
	reference = chip.Voltage.ReferenceV
	s.ratio = r.Conditions.VoltageV / reference
	s.watts = r.Published.Value * units[r.Published.Unit]
	s.ops = p.synapticOps(&moved.Capabilities)
	spikes := p.Neurons * p.rate(&moved.Capabilities)
	s.hopWatts = spikes * (p.HopsX*moved.Prices[ledger.HopX].Nominal + p.HopsY*moved.Prices[ledger.HopY].Nominal)
	return s, reference, nil
}

// fitLaw finds the law with the least sum of squared relative residuals: for a given
// exponent the two powers follow from linear equations, and the exponent is found by
// golden sections, as the sum has one minimum in it.
func fitLaw(samples []sample) law {
	low, high := 0.5, 8.0
	ratio := (math.Sqrt(5) - 1) / 2
	for range 80 { // 0.618^80 of the range is below the last bit
		a, b := high-ratio*(high-low), low+ratio*(high-low)
		if _, lossA := linear(samples, a); lossA < second(linear(samples, b)) {
			high = b
		} else {
			low = a
		}
	}
	m, _ := linear(samples, (low+high)/2)
	return m
}

func second(_ law, loss float64) float64 { return loss }

// linear solves for the static power and the price of an operation at one exponent.
func linear(samples []sample, exponent float64) (law, float64) {
	var xx, xy, yy, x, y float64 // normal equations of u·static + v·op = w, each over its watts
	for _, s := range samples {
		u, v, w := math.Pow(s.ratio, exponent)/s.watts, s.ratio*s.ratio*s.ops/s.watts, 1-s.hopWatts/s.watts
		xx, xy, yy, x, y = xx+u*u, xy+u*v, yy+v*v, x+u*w, y+v*w
	}
	d := xx*yy - xy*xy
	m := law{static: (x*yy - y*xy) / d, exponent: exponent, op: (y*xx - x*xy) / d}
	var loss float64
	for _, s := range samples {
		loss += m.residual(s) * m.residual(s)
	}
	return m, loss
}

// check is why the refit fails, or nil.
func (f *Refit) check() error {
	if f == nil || f.Passed {
		return nil
	}
	return fmt.Errorf("refit of %s: residuals reach %.1f %%, points left out %.1f %% and %.1f %%; want at most %.1f, %.0f and %.0f %%",
		f.Chip, 100*f.WorstFit, 100*f.WorstLeft, 100*f.SecondWorst, 100*maxResidual, 100*maxLeftOut, 100*maxOtherLeft)
}
