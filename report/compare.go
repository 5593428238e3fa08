package report

import (
	"errors"
	"fmt"
	"strings"

	"tritloom/hwmodel"
)

// Comparison is one run under the prices of several chips.
type Comparison struct {
	Reports []*Report `json:"reports"` // in the order asked for
}

// Compare prices one run with every chip. All must have the capabilities the run
// was simulated with, up to the length of a tick; counts of another kind of chip
// would be other counts. The chip of the subject is not used.
func Compare(s Subject, chips []*hwmodel.Chip, o Options) (*Comparison, error) {
	if len(chips) == 0 {
		return nil, errors.New("report.Compare: no chip; want at least one")
	}
	c := &Comparison{}
	for _, chip := range chips {
		s.Chip = chip
		r, err := New(s, o)
		if err != nil {
			return nil, err
		}
		c.Reports = append(c.Reports, r)
	}
	return c, nil
}

// String is the comparison for a reader: what all figures cover, a row a chip, and
// what keeps the rows apart or does not.
func (c *Comparison) String() string {
	first := c.Reports[0]
	text := fmt.Sprintf("Energy per inference of one run under %d price tables; %s, %s, %s\n",
		len(c.Reports), scopeWords[first.Energy.Scope], scenarioWords[first.Energy.Scenario], boundaryWords[first.Energy.Boundary])
	t := table{align: "llrrrrrrl"}
	t.add("chip", "voltage, tick", "energy", "low", "high", "95 % of draws", "always on", "vs first", "prices")
	for _, r := range c.Reports {
		t.add(r.compareRow(first)...)
	}
	text += t.String()
	if approximate := first.Approximate(); approximate != "" {
		text += "  Approximate: " + approximate + "\n"
	}
	for _, r := range c.Reports {
		for _, note := range r.compareNotes() {
			text += "  " + r.Chip.Name + ": " + note + "\n"
		}
	}
	return text + c.apart() + fmt.Sprintf("  Run: layout %s, %s, %s samples, engine %s, timing %s; accuracy and spikes are the same under all prices.\n",
		short(first.Layout), first.Data, Count(first.Samples), first.Engine, first.Timing)
}

// compareRow is one chip.
func (r *Report) compareRow(first *Report) []string {
	e := r.Energy
	least, high := "", SI(e.High, "J")
	if e.LowerBound {
		least, high = "at least ", "no bound"
	}
	name := r.Chip.Name
	if r.Chip.Hypothetical {
		name += " (hypothetical)"
	}
	if moved := r.Chip.Moved(); len(moved) > 0 {
		name += ", " + strings.Join(moved, " and ")
	}
	against := ""
	if r != first && first.Energy.Nominal > 0 {
		against = Times(e.Nominal / first.Energy.Nominal)
	}
	draws := fmt.Sprintf("%s to %s", SI(e.MonteCarlo.P2_5, "J"), SI(e.MonteCarlo.P97_5, "J"))
	if e.MonteCarlo.P2_5 == e.MonteCarlo.P97_5 {
		draws = "no width"
	}
	return []string{name, r.Chip.voltageText() + ", " + r.Chip.Tick, least + SI(e.Nominal, "J"), SI(e.Low, "J"), high, draws,
		Percent(e.ActivityIndependentShare), against, short(r.Chip.Prices)}
}

// compareNotes is what a reader of the row must know.
func (r *Report) compareNotes() []string {
	var list []string
	if e := r.Energy; e.LowerBound {
		list = append(list, "a lower bound, without "+strings.Join(e.Unpriced, ", "))
	}
	return append(list, r.ConditionNotes()...)
}

// apart says which intervals do not tell two chips apart.
func (c *Comparison) apart() string {
	first := c.Reports[0]
	text := ""
	for _, r := range c.Reports[1:] {
		a, b := first.Energy, r.Energy
		switch {
		case a.LowerBound || b.LowerBound:
		case a.Low <= b.High && b.Low <= a.High:
			text += fmt.Sprintf("  The intervals of %s and %s overlap; where the two do not share prices, that does not tell which takes less.\n", first.Chip.Name, r.Chip.Name)
		}
	}
	return text
}
