package validation

import "slices"

// Headline counts measurements, each once, that nothing was made from, that are beyond
// the anchors in something or of another set-up, and whose nominal figure is held to a
// tolerance. Anchors, closures and interpolations prove less and are not in it.
type Headline struct {
	Rows         int `json:"rows"`
	Passed       int `json:"passed"`
	Figures      int `json:"figures"`
	FiguresMeet  int `json:"figures_within"`
	NotRun       int `json:"not_run"`
	Extrapolated int `json:"extrapolation_rows"`
	CrossSetup   int `json:"cross_setup_rows"`
}

// Coverage is how many independent held-out figures lie inside the interval that the
// prices allow. A measurement counts once, and not at all where it gave an end of a price.
type Coverage struct {
	Figures  int       `json:"figures"`
	Enclosed int       `json:"enclosed"`
	Share    float64   `json:"share"`
	Required float64   `json:"required_share"`
	Rule     string    `json:"rule"`
	LeftOut  []LeftOut `json:"left_out,omitempty"`
	Passed   bool      `json:"passed"`
}

// LeftOut is a held-out row that does not count, and why.
type LeftOut struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// Intervals are corners, all prices low or all high at once, and so wider than any one
// standard deviation; but they know no spread between parts and set-ups, so one figure
// of five may lie outside.
const (
	requiredCoverage = 0.8
	coverageRule     = "at most one of five may lie outside: corner intervals bound what the prices allow and know no spread of parts and set-ups"
)

func (h *Headline) count(r *RowResult) {
	if !r.Role.Headline() || r.uncounted() != "" {
		return
	}
	h.Rows++
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

// count adds the figures of a row with bounds of prices, if they count.
func (c *Coverage) count(r *RowResult) {
	priced := slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.Priced })
	if !r.Role.HeldOut() || !priced {
		return
	}
	if why := r.uncovered(); why != "" {
		c.LeftOut = append(c.LeftOut, LeftOut{r.ID, why})
		return
	}
	for _, f := range r.Figures {
		c.Figures++
		if f.Enclosed {
			c.Enclosed++
		}
	}
}

// dependent is why a row shows nothing of its own, or nothing.
func (r *RowResult) dependent() string {
	switch {
	case r.SameAs != "":
		return "the measurement of " + r.SameAs
	case r.Bounds:
		return "an end of a price follows from it"
	}
	return ""
}

// uncounted is why a row of a role of the headline is not in it, or nothing.
func (r *RowResult) uncounted() string {
	if why := r.dependent(); why != "" {
		return why
	}
	if r.Expect == Enclosed {
		return "asks for an interval, not for a nominal figure"
	}
	return ""
}

// uncovered is why a row says nothing of the intervals, or nothing.
func (r *RowResult) uncovered() string {
	if why := r.dependent(); why != "" {
		return why
	}
	return r.Coverage
}
