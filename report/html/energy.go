package html

import (
	"fmt"
	"slices"

	"tritloom/hwmodel"
	"tritloom/report"
)

// energySection is where the energy goes, three ways.
type energySection struct {
	Events     bars
	Components *bars  // null where the record does not say where cores are
	RunTotal   string // of the components
	Evidence   []part
	Rows       []eventRow
	Sum        eventRow
	Samples    string
	Unused     string // what the unused cores' part is, if there are any
}

// eventRow is one kind of event: count times price.
type eventRow struct {
	Anchor                   string
	Kind, Unit               string
	PerInference, Price      string
	Joules, Low, High, Share string
	Scope, Evidence          string
	Follows                  string
	Remark                   string // in place of price and energy
	Source                   int    // number in the list; 0: none
}

func newEnergySection(r *report.Report, sources *sourceList) energySection {
	e := r.Energy
	s := energySection{
		Samples: report.Count(r.Samples),
		Sum:     eventRow{Joules: report.SI(e.Nominal, "J"), Low: report.SI(e.Low, "J"), High: report.SI(e.High, "J")},
	}
	var figures []joulesBar
	for i, l := range e.Leaves {
		row := newEventRow(i, l, e.Nominal, sources)
		s.Rows = append(s.Rows, row)
		if l.State == hwmodel.Priced && l.Joules != nil {
			figures = append(figures, joulesBar{l.Kind, "#" + row.Anchor, *l.Joules})
		}
	}
	slices.SortStableFunc(figures, byJoules)
	s.Events = newBars(figures, e.Nominal)
	s.Evidence = evidence(e)
	if r.Rollup != nil {
		components := newBars(componentFigures(r.Rollup), r.Rollup.Joules.Nominal)
		s.Components, s.RunTotal = &components, report.SI(r.Rollup.Joules.Nominal, "J")
	}
	if e.LowerBound {
		s.Sum.High = "no bound"
		s.Sum.Joules = "at least " + s.Sum.Joules
	}
	if e.Unused.Nominal > 0 {
		s.Unused = fmt.Sprintf("The unused cores' part is in core_tick and core_waiting: %s of the run's %s.", report.SI(e.Unused.Nominal, "J"), report.SI(e.Run.Nominal, "J"))
	}
	return s
}

// byJoules puts the largest figure first.
func byJoules(a, b joulesBar) int {
	switch {
	case a.joules.Nominal > b.joules.Nominal:
		return -1
	case a.joules.Nominal < b.joules.Nominal:
		return 1
	}
	return 0
}

func newEventRow(i int, l report.Leaf, total float64, sources *sourceList) eventRow {
	row := eventRow{
		Anchor: fmt.Sprintf("price-%d", i+1), Kind: l.Kind, Unit: l.Unit, PerInference: report.Mean(l.PerInference),
		Scope: string(l.Scope), Evidence: string(l.Evidence), Follows: l.Follows,
	}
	if l.State != hwmodel.IncludedIn && l.Source != "" {
		row.Source = sources.cite(row.Anchor, l)
	}
	if l.Price != nil {
		row.Price = report.SI(l.Price.Nominal, "J")
	}
	switch {
	case l.Missing != "":
		row.Remark = "missing: " + l.Missing
	case l.State == hwmodel.IncludedIn:
		row.Remark = "inside " + l.IncludedIn
	case l.State == hwmodel.ZeroFact:
		row.Remark = "zero, stated as a fact"
	case l.Joules != nil:
		row.Joules, row.Low, row.High = report.SI(l.Joules.Nominal, "J"), report.SI(l.Joules.Low, "J"), report.SI(l.Joules.High, "J")
		if total > 0 {
			row.Share = report.Percent(l.Joules.Nominal / total)
		}
	}
	return row
}

// evidence splits the nominal joules by how good their prices are.
func evidence(e *report.Energy) []part {
	var amounts []amount
	for _, grade := range e.ByEvidence {
		amounts = append(amounts, amount{grade.Name, report.SI(grade.Value, "J"), gradeClass(grade.Name), grade.Value})
	}
	return newParts(amounts)
}

// gradeClass is the style of a grade of evidence.
func gradeClass(name string) string {
	if slices.Contains(hwmodel.Evidences, hwmodel.Evidence(name)) {
		return "grade-" + name
	}
	return "other"
}

// componentFigures adds the tree's components up over all cores, and shows unused
// cores apart. The largest comes first.
func componentFigures(chip *report.Node) []joulesBar {
	var figures []joulesBar
	add := func(name string, j report.Interval) {
		i := slices.IndexFunc(figures, func(f joulesBar) bool { return f.name == name })
		if i < 0 {
			figures = append(figures, joulesBar{name: name, joules: j})
			return
		}
		sum := &figures[i].joules
		sum.Nominal, sum.Low, sum.High = sum.Nominal+j.Nominal, sum.Low+j.Low, sum.High+j.High
	}
	var walk func(n *report.Node)
	walk = func(n *report.Node) {
		if len(n.Parts) == 0 {
			add(n.Name, n.Joules)
		}
		for i := range n.Parts {
			walk(&n.Parts[i])
		}
	}
	for i := range chip.Parts {
		if part := &chip.Parts[i]; part.Name == "unused cores" {
			add(part.Name, part.Joules)
		} else {
			walk(part)
		}
	}
	slices.SortStableFunc(figures, byJoules)
	return figures
}
