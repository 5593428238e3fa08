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
	Coverage  string    `json:"coverage,omitempty"` // why the row is left out of it
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
	MissesAll string    `json:"misses_all,omitempty"` // why a control meets none of its rows
}

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
		ID: r.ID, Title: r.Title, Role: r.Role, SameAs: r.SameAs, Bounds: r.BoundsPrice, Coverage: r.Coverage, Chip: r.Chip, VoltageV: r.Conditions.VoltageV, TickUS: r.Conditions.TickUS,
		Model: k.name, Expect: r.Expect, Tolerance: r.Tolerance, Source: r.Source, Checked: r.Checked, Note: r.Note, Figures: []Figure{},
	}
	if e := r.Model.Estimator; e != nil {
		one.MissesAll = e.MissesAll
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
// control one, which is enough to refute it. A control that misses each of several rows
// must say why: it may be no rival at all.
func (r *Row) passes(figures []Figure) bool {
	if r.Role == Control {
		missed := misses(figures, r.Expect)
		all := len(figures) > 1 && missed == len(figures)
		return missed > 0 && all == r.states("model.estimator.misses_all")
	}
	return !slices.ContainsFunc(figures, func(f Figure) bool { return !f.meets(r.Expect) })
}

// misses is how many figures of a control are off, as expected.
func misses(figures []Figure, expect string) (n int) {
	for _, f := range figures {
		if f.meets(expect) {
			n++
		}
	}
	return n
}

// conclude counts, and lists what fails.
func (result *Result) conclude(whole bool) {
	h, c := &result.Headline, &result.Coverage
	c.Required, c.Rule = requiredCoverage, coverageRule
	for i := range result.Rows {
		r := &result.Rows[i]
		h.count(r)
		c.count(r)
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

// failure is one line about a row that is not as expected.
func (r *RowResult) failure() string {
	switch r.Role {
	case Control:
		switch missed := misses(r.Figures, r.Expect); {
		case missed > 0 && r.MissesAll != "":
			return fmt.Sprintf("%s: the control misses %d of %d rows and misses_all says that it misses all; leave misses_all out", r.ID, missed, len(r.Figures))
		case missed > 0:
			return fmt.Sprintf("%s: the control misses each of %d rows; say why in model.estimator.misses_all, or hold it against a row it can meet", r.ID, missed)
		}
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
	switch {
	case r.Expect == Enclosed && f.Enclosed && f.Band != nil:
		return fmt.Sprintf("the published figure and the chip's %s in [%s, %s]", figureText(f.Band.Model), figureText(f.Band.Low), figureText(f.Band.High))
	case r.Expect == Enclosed:
		return "the published figure in " + interval(f.Model)
	}
	return r.tolerance(f)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
