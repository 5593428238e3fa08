package suite

import (
	"fmt"
	"math"
	"strings"

	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
	"tritloom/report"
)

// expectRow is an expectation as written: a figure and what it is to be.
type expectRow struct {
	Figure   string `yaml:"figure"`
	Value    amount `yaml:"value"`
	Relative amount `yaml:"relative"` // tolerance as a share of the value
	Absolute amount `yaml:"absolute"` // tolerance in the figure's unit
	AtLeast  amount `yaml:"at_least"`
	AtMost   amount `yaml:"at_most"`
}

// amount is a number as written; joules are small, and YAML's own numbers would want
// 1.0e-9 for 1e-9.
type amount = *strictyaml.Scalar

// numbers reads what the row states; nil: it does not.
func (r *expectRow) numbers() (n struct{ value, relative, absolute, atLeast, atMost *float64 }, err error) {
	for _, a := range []struct {
		name string
		text amount
		into **float64
	}{{"value", r.Value, &n.value}, {"relative", r.Relative, &n.relative}, {"absolute", r.Absolute, &n.absolute}, {"at_least", r.AtLeast, &n.atLeast}, {"at_most", r.AtMost, &n.atMost}} {
		if a.text == nil {
			continue
		}
		v, err := trial.Real(a.text.Text)
		if err != nil {
			return n, fmt.Errorf("%s has %s = %w", r.Figure, a.name, err)
		}
		*a.into = &v
	}
	return n, nil
}

// expectation is a figure and the range it must lie in.
type expectation struct {
	figure    string
	read      reader
	low, high float64
	words     string // what was asked for, as written
}

// Expected is how an expectation turned out.
type Expected struct {
	Figure string   `json:"figure"`
	Want   string   `json:"want"`
	Got    *float64 `json:"got"` // null: not known of this case
	OK     bool     `json:"ok"`
}

// reader takes a figure out of an outcome; false: it is not known.
type reader func(o *trial.Outcome) (float64, bool)

func known(v float64) (float64, bool) { return v, true }

func ifThere[T uint64 | float64](v *T) (float64, bool) {
	if v == nil {
		return 0, false
	}
	return float64(*v), true
}

// figures is the one list of what may be expected, beside the events.
var figures = []struct {
	name string
	read reader
}{
	{"accuracy", func(o *trial.Outcome) (float64, bool) { return known(o.Report.Accuracy.Value) }},
	{"correct", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.Correct)) }},
	{"samples", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.Samples)) }},
	{"spike_mismatches", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.SpikeMismatches) }},
	{"decision_mismatches", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.DecisionMismatches) }},
	{"cores", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.CoresUsed)) }},
	{"stored_bits", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Layout.Usage().StoredBits())) }},
	{"ticks", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.Ticks.Total)) }},
	{"ticks_per_inference", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.Ticks.PerInference)) }},
	{"initiation_interval_ticks", func(o *trial.Outcome) (float64, bool) { return known(float64(o.Run.Ticks.InitiationInterval)) }},
	{"tick_overruns", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.TickOverruns) }},
	{"energy_per_inference_j.nominal", func(o *trial.Outcome) (float64, bool) { return known(o.Report.Energy.Nominal) }},
	{"energy_per_inference_j.low", func(o *trial.Outcome) (float64, bool) { return known(o.Report.Energy.Low) }},
	{"energy_per_inference_j.high", func(o *trial.Outcome) (float64, bool) { return o.Report.Energy.High, !o.Report.Energy.LowerBound }},
	{"activity_independent_share", func(o *trial.Outcome) (float64, bool) { return known(o.Report.Energy.ActivityIndependentShare) }},
	{"latency_s.mean", latency(func(l *report.Latency) float64 { return l.Mean })},
	{"latency_s.p95", latency(func(l *report.Latency) float64 { return l.P95 })},
	{"latency_s.max", latency(func(l *report.Latency) float64 { return l.Max })},
	{"throughput_hz", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.ThroughputHz) }},
	{"mean_power_w", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.MeanPowerW) }},
	{"edp_js", func(o *trial.Outcome) (float64, bool) { return ifThere(o.Report.EDP) }},
}

func latency(of func(*report.Latency) float64) reader {
	return func(o *trial.Outcome) (float64, bool) {
		if o.Report.Latency == nil {
			return 0, false
		}
		return known(of(o.Report.Latency))
	}
}

// Prefixes of figures that are keyed by event.
const (
	eventPrefix = "events."
	joulePrefix = "energy_by_j."
)

// figure finds a reader by its name.
func figure(name string) (reader, error) {
	for _, f := range figures {
		if f.name == name {
			return f.read, nil
		}
	}
	if kind, ok := strings.CutPrefix(name, eventPrefix); ok {
		k, err := hwmodel.EventByName(kind)
		if err != nil {
			return nil, err
		}
		return func(o *trial.Outcome) (float64, bool) {
			n, _ := o.Report.Events.Get(k.String())
			return known(float64(n))
		}, nil
	}
	if kind, ok := strings.CutPrefix(name, joulePrefix); ok {
		if _, err := hwmodel.EventByName(kind); err != nil {
			return nil, err
		}
		return func(o *trial.Outcome) (float64, bool) { j, _ := o.Report.Energy.By.Get(kind); return known(j) }, nil
	}
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return nil, fmt.Errorf("unknown figure %q; did you mean %s? known are %s, events.EVENT and energy_by_j.EVENT",
		strictyaml.Clip(name), strictyaml.OneOf(strictyaml.Nearest(name, names)), strings.Join(names, ", "))
}

func (l *loader) expectations(row *caseRow, c *Case) error {
	for i := range row.Expect {
		r, key := &row.Expect[i], fmt.Sprintf("expect[%d]", i)
		e, err := r.expectation()
		if err != nil {
			return l.Errorf(key, "%v", err)
		}
		c.expect = append(c.expect, *e)
	}
	return nil
}

// expectation turns what was written into a range.
func (r *expectRow) expectation() (*expectation, error) {
	read, err := figure(r.Figure)
	if err != nil {
		return nil, err
	}
	n, err := r.numbers()
	if err != nil {
		return nil, err
	}
	e := &expectation{figure: r.Figure, read: read, low: math.Inf(-1), high: math.Inf(1)}
	bounded := n.atLeast != nil || n.atMost != nil
	switch {
	case n.value == nil && !bounded:
		return nil, fmt.Errorf("%s lacks what it is to be; give value, at_least or at_most", r.Figure)
	case n.value != nil && bounded:
		return nil, fmt.Errorf("%s has a value beside at_least or at_most; want one of the two", r.Figure)
	case n.value == nil && (n.relative != nil || n.absolute != nil):
		return nil, fmt.Errorf("%s has a tolerance and no value; give the value, or at_least and at_most alone", r.Figure)
	case n.relative != nil && n.absolute != nil:
		return nil, fmt.Errorf("%s has a relative and an absolute tolerance; want one of the two", r.Figure)
	case n.value == nil:
		return e, e.between(n.atLeast, n.atMost)
	}
	return e, e.around(*n.value, n.relative, n.absolute)
}

// around wants a value within a tolerance, or exactly.
func (e *expectation) around(value float64, relative, absolute *float64) error {
	tolerance, words := 0.0, ", exactly"
	for _, t := range []struct {
		name  string
		value *float64
		scale float64
	}{{"relative", relative, math.Abs(value)}, {"absolute", absolute, 1}} {
		if t.value == nil {
			continue
		}
		if *t.value < 0 {
			return fmt.Errorf("%s has %s = %g; want 0 or more", e.figure, t.name, *t.value)
		}
		tolerance, words = *t.value*t.scale, fmt.Sprintf(", %s tolerance %g", t.name, *t.value)
	}
	e.low, e.high, e.words = value-tolerance, value+tolerance, trial.Decimal(value)+words
	return nil
}

// between wants a value within bounds, of which one may be missing.
func (e *expectation) between(least, most *float64) error {
	var words []string
	if least != nil {
		e.low = *least
		words = append(words, "at least "+trial.Decimal(e.low))
	}
	if most != nil {
		e.high = *most
		words = append(words, "at most "+trial.Decimal(e.high))
	}
	if e.low > e.high {
		return fmt.Errorf("%s is at least %g and at most %g, which nothing is; swap them", e.figure, e.low, e.high)
	}
	e.words = strings.Join(words, " and ")
	return nil
}

// check compares an expectation with an outcome. What is not known does not hold.
func (e *expectation) check(o *trial.Outcome) Expected {
	x := Expected{Figure: e.figure, Want: e.words}
	got, ok := e.read(o)
	if ok {
		x.Got, x.OK = &got, got >= e.low && got <= e.high
	}
	if x.OK && o.Report.Energy.LowerBound && e.followsEnergy() && !math.IsInf(e.high, 1) {
		x.OK, x.Want = false, x.Want+", which no lower bound can show: no price or count for "+strings.Join(o.Report.Energy.Unpriced, ", ")
	}
	return x
}

// followsEnergy tells whether a figure is a lower bound where the energy is.
func (e *expectation) followsEnergy() bool {
	return strings.HasPrefix(e.figure, "energy_per_inference_j.") || e.figure == "mean_power_w" || e.figure == "edp_js"
}

func (x *Expected) String() string {
	if x.Got == nil {
		return fmt.Sprintf("%s is not known of this case; want %s", x.Figure, x.Want)
	}
	return fmt.Sprintf("%s = %s; want %s", x.Figure, trial.Decimal(*x.Got), x.Want)
}
