package report

import (
	"fmt"
	"math"
	"slices"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Energy is the energy of one inference and what the figure covers.
//
// The figure is the mean over samples, in steady state: events of fill, drain
// and idle ticks belong to no sample and stand in Outside.
type Energy struct {
	Interval // joules per inference

	Scope    Scope                `json:"scope"`
	Scenario ledger.Scenario      `json:"scenario"`
	Boundary hwmodel.BoundaryName `json:"boundary"`

	// ActivityIndependentShare is the share of the nominal figure that would be
	// paid without a spike: static prices, kinds that follow the schedule, and
	// of touched and idle neurons the cheaper price of every evaluated column.
	ActivityIndependentShare float64 `json:"activity_independent_share"`

	By         Object[float64] `json:"by"`          // nominal joules per inference by event kind
	ByEvidence Object[float64] `json:"by_evidence"` // and by grade of evidence, best first

	// Unpriced lists kinds that happened and whose joules are missing. If there
	// are any the figure is a lower bound and its High bounds nothing.
	Unpriced   []string `json:"unpriced"`
	LowerBound bool     `json:"lower_bound"`

	MonteCarlo MonteCarlo `json:"monte_carlo"` // beside the corners of the interval

	Spread  Spread        `json:"spread_over_samples"` // joules; of the nominal figure
	Widest  []Contributor `json:"widest"`              // what makes the interval wide, widest first
	Leaves  []Leaf        `json:"leaves"`
	Outside Interval      `json:"outside_j"` // joules of the whole run that belong to no sample
	Run     Interval      `json:"run_j"`     // joules of the whole run: samples and Outside
	Unused  Interval      `json:"unused_cores_j"`
	Notes   []string      `json:"notes"`

	// Cores is what each used core spent in the whole run. With Unused they
	// add up to Run.
	Cores []Interval `json:"-"`
}

// Contributor is a kind's part of the width of the interval.
type Contributor struct {
	Kind  string  `json:"kind"`
	Width float64 `json:"width_j"` // joules per inference
	Share float64 `json:"share"`   // of the whole width
}

// PriceRun multiplies the counts of a run with the prices of a chip. The chip
// must have the capabilities the run was simulated with; its prices may be any.
func PriceRun(run *ledger.Run, chip *hwmodel.Chip, o EnergyOptions) (*Energy, error) {
	e, err := priceCorners(run, chip, o)
	if err != nil {
		return nil, err
	}
	e.MonteCarlo = newMonteCarlo(e.Leaves, e.Nominal)
	return e, nil
}

// priceCorners is PriceRun without the Monte Carlo.
func priceCorners(run *ledger.Run, chip *hwmodel.Chip, o EnergyOptions) (*Energy, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	c, err := newCensus(run, chip, o.Scope)
	if err != nil {
		return nil, err
	}
	run = c.run
	s := newSheet(run, chip, o.Boundary)
	e := &Energy{Scope: o.Scope, Boundary: o.Boundary, Scenario: run.Scenario, Unpriced: []string{}}
	e.addLeaves(s, c)
	e.addShares()
	if e.Nominal > 0 {
		e.ActivityIndependentShare = s.independent(&c.samples) / float64(run.Samples) / e.Nominal
	}
	e.addContributors()
	e.Spread = newSpread(c.nominal(s))
	e.Outside = s.joules(&c.outside)
	total := c.total()
	e.Run = s.joules(&total)
	e.Unused = s.joules(&c.idle)
	for i := range run.Cores {
		e.Cores = append(e.Cores, s.joules(&run.Cores[i]))
	}
	e.Notes = notes(s, c)
	return e, nil
}

// nominal is the energy of every sample, in joules.
func (c *census) nominal(s *sheet) []float64 {
	list := make([]float64, c.run.Samples)
	for i := range list {
		counts := c.sample(i)
		list[i] = s.joules(&counts).Nominal
	}
	return list
}

// addLeaves prices every kind that the boundary covers and that happened, or
// that should have been counted and was not.
func (e *Energy) addLeaves(s *sheet, c *census) {
	for k := range ledger.Kind(ledger.NumKinds) {
		if !s.boundary.Covers(k) {
			continue
		}
		leaf := s.leaf(k, c.samples[k], c.run.Samples)
		if leaf.Missing != "" {
			e.Unpriced = append(e.Unpriced, leaf.Kind)
		} else if leaf.Count == 0 {
			continue
		}
		e.Leaves = append(e.Leaves, leaf)
		if leaf.Joules != nil {
			e.Interval = e.Interval.plus(*leaf.Joules)
		}
	}
	e.LowerBound = len(e.Unpriced) > 0
}

// addShares sorts the leaves' joules by kind and by evidence.
func (e *Energy) addShares() {
	grades := map[hwmodel.Evidence]float64{}
	for _, l := range e.Leaves {
		if l.State != hwmodel.Priced || l.Joules == nil {
			continue
		}
		e.By = append(e.By, Entry[float64]{l.Kind, l.Joules.Nominal})
		grades[l.Evidence] += l.Joules.Nominal
	}
	for _, grade := range hwmodel.Evidences {
		if joules, ok := grades[grade]; ok {
			e.ByEvidence = append(e.ByEvidence, Entry[float64]{string(grade), joules})
		}
	}
}

// topContributors is how many kinds are named as what makes a figure uncertain.
const topContributors = 3

func (e *Energy) addContributors() {
	e.Widest = []Contributor{}
	for _, l := range e.Leaves {
		if l.Joules != nil && l.Joules.Width() > 0 {
			e.Widest = append(e.Widest, Contributor{l.Kind, l.Joules.Width(), l.Joules.Width() / e.Width()})
		}
	}
	slices.SortStableFunc(e.Widest, func(a, b Contributor) int {
		switch {
		case a.Width > b.Width:
			return -1
		case a.Width < b.Width:
			return 1
		}
		return 0
	})
	e.Widest = e.Widest[:min(topContributors, len(e.Widest))]
}

// notes says what a reader of the figure must know beside it.
func notes(s *sheet, c *census) []string {
	list := []string{}
	for k := range ledger.Kind(ledger.NumKinds) {
		price := &s.chip.Prices[k]
		if s.beyond(k) && c.samples[k] > 0 {
			list = append(list, fmt.Sprintf("%s lies outside the boundary, but its joules are inside %s and cannot be taken out", k, price.Includer))
		}
		if price.State == hwmodel.Priced && price.Scope == hwmodel.AllIn && follows[k].what != withSchedule && s.boundary.Covers(k) && c.samples[k] > 0 {
			list = append(list, fmt.Sprintf("%s is an all-in price: its static part is not in the activity-independent share, which is a lower bound", k))
		}
		if note := s.ratioNote(k, &c.samples, c.run.Samples); note != "" {
			list = append(list, note)
		}
	}
	return list
}

// ratioSlack is how far a run's ratio may be from the one a price was measured at
// before a reader is told.
const ratioSlack = 0.1

// ratioNote bounds how far a price is off because its events are sparser or denser in
// the run than where it was measured; empty if they are not. A price e of this event
// that was measured at a ratio R to another holds some part a of what the other costs by
// itself: the truth is b of this event and a of the other with b + a/R = e, which over
// n and m of them differs from e·n by a·(m - n/R). At most a is e·R, b being nothing.
func (s *sheet) ratioNote(k ledger.Kind, counts *ledger.Counts, samples int) string {
	p := &s.chip.Prices[k]
	if p.State != hwmodel.Priced || p.MeasuredAt == nil || !s.boundary.Covers(k) {
		return ""
	}
	at, n, m := p.MeasuredAt, float64(counts[k]), float64(counts[p.MeasuredAt.Event])
	off := p.Nominal * (at.Ratio*m - n) / float64(samples)
	if math.Abs(at.Ratio*m-n) <= ratioSlack*at.Ratio*m {
		return ""
	}
	has, way := "no "+at.Event.String(), "low"
	if m > 0 {
		has = Mean(n / m)
	}
	if off < 0 {
		off, way = -off, "high"
	}
	return fmt.Sprintf("%s was measured at %s per %s, and this run has %s: what one %s costs however many follow is inside the price, so that the figure may be too %s by up to %s",
		k, Mean(at.Ratio), at.Event, has, at.Event, way, SI(off, "J"))
}
