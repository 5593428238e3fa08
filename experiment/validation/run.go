package validation

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// Options choose what is validated.
type Options struct {
	IDs   []string // rows; none: all
	Roles []Role   // roles; none: all
	Quick bool     // leave simulations out
	// Simulated is told of each simulation that ended and how long it took on this
	// machine; nil: nobody is. Nothing of it is in the result.
	Simulated func(what string, took time.Duration)
}

// Result is all that a validation says.
type Result struct {
	Rows     []RowResult `json:"rows"`
	Headline Headline    `json:"headline"`
	Coverage Coverage    `json:"interval_coverage"`
	Refit    *Refit      `json:"refit,omitempty"` // with all rows only
	Failures []string    `json:"failures"`        // one line each
	Passed   bool        `json:"passed"`
}

// RowResult is one row and what came of it.
type RowResult struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Role      Role      `json:"role"`
	SameAs    string    `json:"same_as,omitempty"`
	Bounds    bool      `json:"bounds_a_price,omitempty"`
	Chip      string    `json:"chip"`
	VoltageV  float64   `json:"voltage_v,omitempty"`
	TickUS    float64   `json:"tick_us,omitempty"`
	Model     string    `json:"model_kind"`
	Expect    string    `json:"expect"`
	Figures   []Figure  `json:"figures"`
	Run       bool      `json:"run"`
	Passed    bool      `json:"passed"`
	Tolerance Tolerance `json:"tolerance"`
	Source    string    `json:"source"`
	Checked   string    `json:"checked,omitempty"`
	Note      string    `json:"note,omitempty"`
}

// Headline counts rows that nothing was made from and that lie beyond the anchors, by
// role, and whose nominal figure is held to a tolerance. Anchors, closures and
// interpolations prove less and are not in it, and neither are rows that only ask for a
// published figure inside an interval.
type Headline struct {
	Rows         int `json:"rows"`
	Passed       int `json:"passed"`
	Figures      int `json:"figures"`
	FiguresMeet  int `json:"figures_within"`
	NotRun       int `json:"not_run"`
	Extrapolated int `json:"extrapolation_rows"`
	CrossSetup   int `json:"cross_setup_rows"`
	Measurements int `json:"measurements"` // behind the rows; some are printed in two ways
}

// Coverage is how many held-out published figures lie inside the interval that the
// prices allow. Figures from which an end of a price follows prove nothing and do not
// count.
type Coverage struct {
	Figures  int     `json:"figures"`
	Enclosed int     `json:"enclosed"`
	Share    float64 `json:"share"`
	Required float64 `json:"required_share"`
	Rule     string  `json:"rule"`
	Passed   bool    `json:"passed"`
}

// Intervals are corners, all prices low or all high at once, and so wider than any one
// standard deviation; but they know no spread between parts and set-ups. Four figures of
// five is what one asks of a band that is meant to hold and cannot promise to.
const (
	requiredCoverage = 0.8
	coverageRule     = "corner intervals bound what the prices allow and know no spread between parts and set-ups, so that one figure in five may lie outside; not counted are gaps, which are known to be off, and figures from which an end of a price follows"
)

// bench is what the rows of one validation share.
type bench struct {
	rows        map[string]*Row
	runs        map[Simulation]*counts
	onSimulated func(string, time.Duration)
}

// ids lists the rows.
func (b *bench) ids() []string {
	var list []string
	for id := range b.rows {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// simulated gives the counts of a simulation, which several rows may share.
func (b *bench) simulated(ctx context.Context, s *Simulation) (*counts, error) {
	key := *s
	key.Figure, key.RateHz = "", 0 // neither changes what happens
	if c := b.runs[key]; c != nil {
		return c, nil
	}
	start := time.Now()
	c, err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	b.runs[key] = c
	b.told(fmt.Sprintf("%d cores, %d ticks", s.Cores, s.WarmTicks+s.Ticks), time.Since(start))
	return c, nil
}

func (b *bench) told(what string, took time.Duration) {
	if b.onSimulated != nil {
		b.onSimulated(what, took)
	}
}

// Run validates rows. They must be arranged.
func Run(ctx context.Context, rows []*Row, o Options) (*Result, error) {
	b := &bench{rows: map[string]*Row{}, runs: map[Simulation]*counts{}, onSimulated: o.Simulated}
	for _, r := range rows {
		b.rows[r.ID] = r
	}
	for _, id := range o.IDs {
		if b.rows[id] == nil {
			return nil, fmt.Errorf("unknown row %q; known are %s; or name a file that ends in .yaml", id, join(b.ids()))
		}
	}
	result := &Result{Failures: []string{}}
	for _, r := range rows {
		if len(o.IDs) > 0 && !slices.Contains(o.IDs, r.ID) || len(o.Roles) > 0 && !slices.Contains(o.Roles, r.Role) {
			continue
		}
		one, err := r.run(ctx, b, o.Quick)
		if err != nil {
			return nil, err
		}
		result.Rows = append(result.Rows, *one)
	}
	if len(result.Rows) == 0 {
		return nil, fmt.Errorf("no row has one of these roles and ids; known ids are %s", join(b.ids()))
	}
	whole := len(o.IDs) == 0 && len(o.Roles) == 0
	if whole {
		var err error
		if result.Refit, err = refit(rows); err != nil {
			return nil, err
		}
	}
	result.conclude(whole)
	return result, nil
}

func (r *Row) run(ctx context.Context, b *bench, quick bool) (*RowResult, error) {
	k, _ := r.Model.of()
	one := &RowResult{
		ID: r.ID, Title: r.Title, Role: r.Role, SameAs: r.SameAs, Bounds: r.BoundsPrice, Chip: r.Chip, VoltageV: r.Conditions.VoltageV, TickUS: r.Conditions.TickUS,
		Model: k.name, Expect: r.Expect, Tolerance: r.Tolerance, Source: r.Source, Checked: r.Checked, Note: r.Note, Figures: []Figure{},
	}
	if quick && r.Simulated() {
		return one, nil
	}
	var err error
	if _, err = r.chipAt(); err != nil { // also where the model does not ask the chip
		return nil, err
	}
	if one.Figures, err = k.model.figures(ctx, r, b); err != nil {
		return nil, err
	}
	for _, f := range one.Figures {
		if m := f.Model; !finite(m.Nominal) || !finite(m.Low) || !finite(m.High) {
			return nil, r.errorf("the model's figure is %g [%g, %g] %s; want finite ones: does the chip price what the row counts?", m.Nominal, m.Low, m.High, f.Unit)
		}
	}
	one.Run, one.Passed = true, r.passes(one.Figures)
	return one, nil
}

// passes tells whether the figures are what the row expects: all of them, or of a
// control one, which is enough to refute it.
func (r *Row) passes(figures []Figure) bool {
	if r.Role == Control {
		return slices.ContainsFunc(figures, func(f Figure) bool { return f.meets(r.Expect) })
	}
	return !slices.ContainsFunc(figures, func(f Figure) bool { return !f.meets(r.Expect) })
}

// conclude counts, and lists what fails.
func (result *Result) conclude(whole bool) {
	h, c := &result.Headline, &result.Coverage
	c.Required, c.Rule = requiredCoverage, coverageRule
	for i := range result.Rows {
		r := &result.Rows[i]
		h.count(r)
		for _, f := range r.Figures {
			if r.Role.HeldOut() && f.Priced && !r.Bounds {
				c.Figures++
				if f.Enclosed {
					c.Enclosed++
				}
			}
		}
		if r.Run && !r.Passed {
			result.Failures = append(result.Failures, r.failure())
		}
	}
	c.Passed = true
	if c.Figures > 0 {
		c.Share = float64(c.Enclosed) / float64(c.Figures)
		c.Passed = c.Share >= c.Required || !whole
	}
	if !c.Passed {
		result.Failures = append(result.Failures, fmt.Sprintf("intervals hold %d of %d held-out figures; want a share of %g", c.Enclosed, c.Figures, c.Required))
	}
	if err := result.Refit.check(); err != nil {
		result.Failures = append(result.Failures, err.Error())
	}
	result.Passed = len(result.Failures) == 0
}

func (h *Headline) count(r *RowResult) {
	if !r.Role.Headline() || r.Expect != Within {
		return
	}
	h.Rows++
	if r.SameAs == "" {
		h.Measurements++
	}
	if r.Role == Extrapolation {
		h.Extrapolated++
	} else {
		h.CrossSetup++
	}
	if !r.Run {
		h.NotRun++
		return
	}
	if r.Passed {
		h.Passed++
	}
	for _, f := range r.Figures {
		h.Figures++
		if f.meets(r.Expect) {
			h.FiguresMeet++
		}
	}
}

// failure is one line about a row that is not as expected.
func (r *RowResult) failure() string {
	switch r.Role {
	case Control:
		return fmt.Sprintf("%s: the control passes every row it is held against; the tolerances prove nothing", r.ID)
	case Gap:
		return fmt.Sprintf("%s: a known gap does not show (want the model %s); find out which price or event closed it", r.ID, r.Expect)
	}
	for _, f := range r.Figures {
		if !f.meets(r.Expect) {
			return fmt.Sprintf("%s: %s %s, published %s %s (%s); want %s", nameOf(r, &f), figureText(f.Model.Nominal), f.Unit, figureText(f.Published), f.Unit, percent(f.Error), r.wanted(&f))
		}
	}
	return r.ID + ": fails"
}

// wanted says what the row asks of a figure.
func (r *RowResult) wanted(f *Figure) string {
	if r.Expect == Enclosed {
		return "the published figure in " + interval(f.Model)
	}
	return r.tolerance(f)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
