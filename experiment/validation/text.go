package validation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"tritloom/report"
)

func join(list []string) string { return strings.Join(list, ", ") }

// figureText writes a figure with four digits, whole numbers below ten million in full.
func figureText(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e7 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	if a := math.Abs(x); a >= 1e4 && a < 1e7 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	text := strconv.FormatFloat(x, 'g', 4, 64)
	if !strings.Contains(text, "e") {
		return text
	}
	mantissa, exponent, _ := strings.Cut(text, "e")
	power, err := strconv.Atoi(exponent)
	if err != nil {
		panic("validation: exponent of " + text)
	}
	return fmt.Sprintf("%s·10^%d", mantissa, power)
}

// percent writes a relative error with its sign; what rounds to nothing is ±0.
func percent(x float64) string {
	switch text := fmt.Sprintf("%+.1f %%", 100*x); {
	case math.IsInf(x, 0) || math.IsNaN(x):
		return "–"
	case text == "+0.0 %" || text == "-0.0 %":
		return "0.0 %"
	default:
		return strings.Replace(text, "-", "−", 1)
	}
}

// interval writes bounds, or a dash for a figure without any.
func interval(i report.Interval) string {
	if i.Low == i.High {
		return "–"
	}
	return "[" + figureText(i.Low) + ", " + figureText(i.High) + "]"
}

// tolerance is that of a figure, as the row states it; of one with a band, the band.
func (r *RowResult) tolerance(f *Figure) string {
	if f.Band != nil {
		return "in [" + figureText(f.Band.Low) + ", " + figureText(f.Band.High) + "] " + f.Unit
	}
	text := r.Tolerance.text(f.Unit)
	if r.Tolerance.Sigmas > 0 {
		text += " = " + strconv.FormatFloat(f.Tolerance, 'g', 2, 64)
	}
	return text
}

// text is the tolerance as the row states it.
func (t *Tolerance) text(unit string) string {
	switch {
	case t.Sigmas > 0:
		return fmt.Sprintf("±%g σ", t.Sigmas)
	case t.Absolute > 0:
		return fmt.Sprintf("±%s %s", figureText(t.Absolute), unit)
	case t.Relative < 1e-4:
		return "±" + figureText(t.Relative) + " of it"
	}
	return fmt.Sprintf("±%s %%", strconv.FormatFloat(100*t.Relative, 'g', 4, 64))
}

// verdict says in words what a figure is.
func (r *RowResult) verdict(f *Figure) string {
	meets := f.meets(r.Expect)
	switch {
	case r.Role == Control && meets && r.MissesAll != "":
		return "misses by construction"
	case r.Role == Control && meets:
		return "misses, as it must"
	case r.Role == Control:
		return "hits"
	case r.Role == Gap && meets && r.Model == "unknown":
		return "unknown, as it must be"
	case r.Role == Gap && meets && r.Expect == Within:
		return "as recorded"
	case r.Role == Gap && meets && r.Expect == Enclosed:
		return "in the interval, as recorded"
	case r.Role == Gap && meets:
		return "gap shows: " + r.Expect
	case r.Role == Gap:
		return "GAP DOES NOT SHOW"
	case !meets:
		return "MISSES"
	case r.Expect == Enclosed:
		return "in the interval"
	}
	return "within"
}

func nameOf(r *RowResult, f *Figure) string {
	if f.Name == "" {
		return r.ID
	}
	return r.ID + " " + f.Name
}

// cells is one line of the table: id, role, published, model, interval, error,
// tolerance, verdict.
func (r *RowResult) cells() [][]string {
	if !r.Run {
		return [][]string{{r.ID, string(r.Role), "–", "–", "–", "–", "–", "not run"}}
	}
	var lines [][]string
	for i := range r.Figures {
		f := &r.Figures[i]
		lines = append(lines, []string{nameOf(r, f), string(r.Role), figureText(f.Published) + " " + f.Unit, figureText(f.Model.Nominal), interval(f.Model),
			percent(f.Error), r.tolerance(f), r.verdict(f)})
	}
	return lines
}

var columns = []string{"row", "role", "published", "model", "[low, high]", "error", "tolerance", "verdict"}

// String is the table for people, and what follows from it.
func (result *Result) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(columns, "\t"))
	for i := range result.Rows {
		for _, cells := range result.Rows[i].cells() {
			fmt.Fprintln(w, strings.Join(cells, "\t"))
		}
	}
	w.Flush()
	b.WriteString("\n")
	for i := range result.Rows {
		for j := range result.Rows[i].Figures {
			if f := &result.Rows[i].Figures[j]; f.Remark != "" {
				b.WriteString(nameOf(&result.Rows[i], f) + ": " + f.Remark + ".\n")
			}
		}
	}
	if result.Headline.Rows > 0 {
		b.WriteString(result.Headline.String() + "\n")
	}
	if result.Coverage.Figures > 0 {
		b.WriteString(result.Coverage.String() + "\n")
	}
	if result.Refit != nil {
		b.WriteString(result.Refit.summary() + "\n")
		w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, p := range result.Refit.Points {
			fmt.Fprintf(w, "  %s\t%s mW\tresidual %s\tleft out %s\n", p.ID, figureText(p.MeasuredW*1e3), percent(p.Residual), percent(p.LeftOut))
		}
		w.Flush()
	}
	for _, failure := range result.Failures {
		b.WriteString("FAILED  " + failure + "\n")
	}
	return b.String()
}

// String is the headline in one sentence.
func (h Headline) String() string {
	text := fmt.Sprintf("Headline: %d of %d measurements within tolerance, beyond the anchors or of another set-up (%d extrapolations, %d of other set-ups).",
		h.Passed, h.Rows-h.NotRun, h.Extrapolated, h.CrossSetup)
	if h.NotRun > 0 {
		text += fmt.Sprintf(" %d not run.", h.NotRun)
	}
	return text
}

// String is the coverage in one sentence.
func (c Coverage) String() string {
	return fmt.Sprintf("Intervals: %d of %d independent held-out figures lie inside [low, high] of the prices, a share of %.2f; wanted are %.2f, which is to say that %s.",
		c.Enclosed, c.Figures, c.Share, c.Required, c.Rule)
}

// summary is the refit in one sentence.
func (f *Refit) summary() string {
	return fmt.Sprintf("Refit of %s to all %d measured powers: %.1f mW at %g V, exponent %.2f, %.2f pJ a synaptic op; residuals within %.1f %%; a point left out is predicted within %.1f %% at worst, and within %.1f %% but for that one. Three anchors fix three numbers, so that none can be left out alone. Nothing of this enters a price.",
		f.Chip, len(f.Points), f.StaticMW, f.ReferenceV, f.Exponent, f.SynapticPJ, 100*f.WorstFit, 100*f.WorstLeft, 100*f.SecondWorst)
}
