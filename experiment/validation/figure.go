package validation

import (
	"context"
	"math"

	"tritloom/report"
)

// modeller works the figures of a row out.
type modeller interface {
	// check refuses inputs that mean nothing, when the row is read.
	check(r *Row) error
	// ownFigures tells whether the model brings the published figures itself.
	ownFigures() bool
	// figures is what the model says.
	figures(ctx context.Context, r *Row, b *bench) ([]Figure, error)
}

// Figure is one published number beside the model's.
type Figure struct {
	Name      string          `json:"name,omitempty"` // which of several of the row
	Published float64         `json:"published"`
	Low       float64         `json:"published_low"` // what the source allows itself; Published if it says nothing
	High      float64         `json:"published_high"`
	Unit      string          `json:"unit"`
	Model     report.Interval `json:"model"` // in the unit
	// Priced tells whether the bounds come from the intervals of prices, so that one
	// may ask whether they cover the published figure.
	Priced    bool    `json:"priced_interval"`
	Error     float64 `json:"error"`     // relative to the published figure
	Tolerance float64 `json:"tolerance"` // in the unit
	Within    bool    `json:"within_tolerance"`
	Enclosed  bool    `json:"published_in_interval"`
	Band      *Band   `json:"band,omitempty"`
	Remark    string  `json:"remark,omitempty"`
}

// Band bounds the published figure and one the chip gives beside it, where an interval
// alone would let nearly any chip pass.
type Band struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Model float64 `json:"model"` // the chip's
	Holds bool    `json:"holds"` // both lie between the bounds
}

// judge compares the model's figure with the published one. sigma is the standard error
// of a simulated figure, 0 if there is none.
func (f *Figure) judge(t *Tolerance, sigma float64) {
	f.Tolerance = t.Absolute
	switch {
	case t.Sigmas > 0:
		f.Tolerance = t.Sigmas * sigma
	case t.Relative > 0:
		f.Tolerance = t.Relative * math.Abs(f.Published)
	}
	f.Within = math.Abs(f.off()) <= f.Tolerance
	f.Enclosed = f.Model.Low <= f.Published && f.Published <= f.Model.High
	if f.Published != 0 {
		f.Error = (f.Model.Nominal - f.Published) / f.Published
	}
}

// off is how far the model is above what the source allows, negative below it.
func (f *Figure) off() float64 {
	return f.Model.Nominal - min(max(f.Model.Nominal, f.Low), f.High)
}

// meets tells whether the figure is what the row expects.
func (f *Figure) meets(expect string) bool {
	off := f.off()
	switch expect {
	case Within:
		return f.Within
	case Outside:
		return !f.Within
	case Above:
		return !f.Within && off > 0
	case Below:
		return !f.Within && off < 0
	case Enclosed:
		return f.Enclosed && (f.Band == nil || f.Band.Holds)
	}
	panic("validation: expectation " + expect)
}

// one is the figure of a row that has one published value.
func (r *Row) one(model report.Interval, priced bool, sigma float64) []Figure {
	f := r.figure("", r.Published.Value, model)
	f.Priced = priced
	if r.states("published.low") {
		f.Low = r.Published.Low
	}
	if r.states("published.high") {
		f.High = r.Published.High
	}
	f.judge(&r.Tolerance, sigma)
	return []Figure{f}
}

// figure is one of several of the row, judged.
func (r *Row) figure(name string, published float64, model report.Interval) Figure {
	f := Figure{Name: name, Published: published, Low: published, High: published, Unit: r.Published.Unit, Model: model}
	f.judge(&r.Tolerance, 0)
	return f
}

// scaled divides an interval by the unit.
func scaled(a report.Interval, unit string) report.Interval {
	u := units[unit]
	return report.Interval{Nominal: a.Nominal / u, Low: a.Low / u, High: a.High / u}
}

// exact is a figure without bounds of its own.
func exact(x float64) report.Interval { return report.Interval{Nominal: x, Low: x, High: x} }
