package html

import (
	"html/template"
	"strings"

	"tritloom/hwmodel"
	"tritloom/report"
)

// page is what the templates see: texts, and places on charts as percentages.
type page struct {
	Policy string
	Style  template.CSS
	Title  string
	Tool   string

	Headline headline
	Marks    []mark
	Facts    []fact
	Covers   []term
	Notes    []string

	Energy    energySection
	Chip      *chipSection
	Layers    *layerSection
	Memory    *memorySection
	Speed     []term
	Routers   []string
	Dense     *denseSection
	NoDense   string
	OpsOnly   []opsOnlyRow
	Published *publishedSection
	Silicon   *siliconSection
	Scopes    scopeSection
	Sources   []source
	Gaps      []gap
	Identity  []term
}

// term is a word and what it stands for here.
type term struct {
	Name, Text string
	Code       bool // Text is a hash or a name of a program's
}

// fact is one of the figures below the headline.
type fact struct {
	Name, Value, Detail string
}

// headline is the energy per inference.
type headline struct {
	Value, Interval, Quote string
	Strip                  strip
	Axis                   []tick
}

func newPage(r *report.Report, o Options) *page {
	sources := &sourceList{}
	p := &page{
		Policy: policy(), Style: template.CSS(style), Tool: o.Tool,
		Title:    "Energy per inference on " + r.Chip.Name,
		Headline: newHeadline(r),
		Marks:    marks(r),
		Facts:    facts(r),
		Covers:   covers(r),
		Notes:    notes(r, o.Chip),
		Energy:   newEnergySection(r, sources),
		Layers:   newLayerSection(r),
		Memory:   newMemorySection(r.Memory),
		Speed:    speed(r),
		Routers:  r.RouterNotes(),
		Dense:    newDenseSection(r.Dense), NoDense: r.NoDense,
		OpsOnly:   opsOnly(r),
		Published: newPublishedSection(r),
		Silicon:   newSiliconSection(r),
		Scopes:    newScopeSection(r),
		Gaps:      gaps(r.Energy),
		Identity:  identity(r, o),
	}
	if len(r.Cores) > 0 && o.Chip != nil {
		p.Chip = newChipSection(r, o.Chip.Capabilities.Mesh)
	}
	p.Sources = sources.list
	return p
}

func newHeadline(r *report.Report) headline {
	e := r.Energy
	axis := newLogAxis(e.Interval)
	h := headline{Value: report.SI(e.Nominal, "J"), Quote: r.Headline(), Strip: axis.strip(e.Interval, e.LowerBound), Axis: axis.ticks()}
	h.Interval = intervalText(e.Interval)
	if e.LowerBound {
		h.Value = "at least " + h.Value
		h.Interval = "at least " + report.SI(e.Low, "J") + ", no upper bound"
	}
	return h
}

// marks are the warnings that the report itself gives.
func marks(r *report.Report) []mark {
	var list []mark
	if r.Chip.Hypothetical {
		list = append(list, mark{"Hypothetical chip", "No such silicon exists. Every price is built from published figures of other circuits, with its arithmetic below."})
	}
	for _, moved := range r.Chip.Moved() {
		list = append(list, mark{strings.ToUpper(moved[:1]) + moved[1:] + " prices", r.Chip.Title + "."})
	}
	if approximate := r.Approximate(); approximate != "" {
		list = append(list, mark{"Approximate", strings.ToUpper(approximate[:1]) + approximate[1:] + "."})
	}
	if r.Energy.LowerBound {
		list = append(list, mark{"Lower bound", "No price or count for " + strings.Join(r.Energy.Unpriced, ", ") + ". Unknown is not zero: the true figure is higher, and the interval has no upper end."})
	}
	if r.SpikeMismatches != nil && *r.SpikeMismatches > 0 {
		list = append(list, mark{"Spikes differ", report.Count(*r.SpikeMismatches) + " simulated spikes differ from the network's."})
	}
	for _, v := range r.Violations {
		list = append(list, mark{"Violation", v.What + "; " + report.Count(v.Count) + " times, first in tick " + report.Count(v.First) + "."})
	}
	return list
}

func covers(r *report.Report) []term {
	e := r.Energy
	voltage := r.Chip.String()
	voltage = strings.TrimPrefix(voltage, r.Chip.Name)
	voltage = strings.TrimPrefix(voltage, " (hypothetical chip)")
	list := []term{
		{Name: "Chip", Text: r.Chip.Name + ": " + r.Chip.Title},
		{Name: "Conditions", Text: strings.TrimPrefix(voltage, ", ")},
		{Name: "Scope", Text: r.Chip.ScopeText(e.Scope)},
		{Name: "Scenario", Text: report.ScenarioWords(e.Scenario)},
		{Name: "Boundary", Text: report.BoundaryLine(e.Boundary)},
		{Name: "Interval", Text: "all prices low to all prices high" + widest(e.Widest)},
		{Name: "Draws", Text: e.MonteCarlo.Text(e.Nominal, e.LowerBound)},
		{Name: "Over samples", Text: spreadText(e.Spread)},
	}
	for _, note := range e.Notes { // of this figure; what holds for the chip stands below
		list = append(list, term{Name: "Note", Text: note})
	}
	return list
}

// widest says which prices make the interval wide.
func widest(list []report.Contributor) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = c.Kind + " " + report.Percent(c.Share)
	}
	if len(parts) == 0 {
		return "; the prices state no width"
	}
	return "; of its width, " + strings.Join(parts, ", ")
}

func spreadText(s report.Spread) string {
	sd := "unknown"
	if s.SD != nil {
		sd = report.SI(*s.SD, "J")
	}
	return "mean " + report.SI(s.Mean, "J") + ", sd " + sd + ", 5 % below " + report.SI(s.P5, "J") + ", half below " + report.SI(s.P50, "J") +
		", 95 % below " + report.SI(s.P95, "J") + ", at nominal prices; apart from the interval, never added to it"
}

// facts are the figures a reader looks for first.
func facts(r *report.Report) []fact {
	list := []fact{
		{"Accuracy", report.Percent(r.Accuracy.Value), report.Count(r.Accuracy.Correct) + " of " + report.Count(r.Accuracy.Total) +
			"; 95 % interval " + report.Percent(r.Accuracy.CI95[0]) + " to " + report.Percent(r.Accuracy.CI95[1])},
		{"Paid without a spike", report.Percent(r.Energy.ActivityIndependentShare), "activity-independent share of the nominal figure"},
	}
	least := ""
	if r.Energy.LowerBound {
		least = "at least "
	}
	if r.Latency != nil {
		list = append(list, fact{"Latency", report.SI(r.Latency.Mean, "s"), "95 % below " + report.SI(r.Latency.P95, "s") + "; timing " + r.Timing})
	} else {
		list = append(list, fact{"Latency", report.Count(r.Ticks.PerInference) + " ticks", "seconds unknown: the run has no timing model"})
	}
	if r.ThroughputHz != nil {
		list = append(list, fact{"Throughput", report.Mean(*r.ThroughputHz) + " / s", "inferences a second, " + scenarioName(r)},
			fact{"Mean power", least + report.SI(*r.MeanPowerW, "W"), "energy times throughput"},
			fact{"Energy × delay", least + report.SI(*r.EDP, "J·s"), "energy times mean latency"})
	}
	return append(list, fact{"Cores", report.Count(r.Chip.CoresUsed), "of " + report.Count(r.Chip.CoresChip) + " on the chip"},
		fact{"Ticks", report.Count(r.Ticks.PerInference), "an inference; a new one every " + report.Count(r.Ticks.InitiationInterval)})
}

// scenarioName is the scenario without its explanation.
func scenarioName(r *report.Report) string {
	name, _, _ := strings.Cut(report.ScenarioWords(r.Energy.Scenario), " (")
	return name
}

// notes are what a reader must know beside the figure.
func notes(r *report.Report, chip *hwmodel.Chip) []string {
	var list []string
	if r.Energy.Outside.Nominal > 0 {
		list = append(list, report.SI(r.Energy.Outside.Nominal, "J")+" of the run were spent in fill, drain and idle ticks, which belong to no inference.")
	}
	list = append(list, r.ConditionNotes()...)
	if chip != nil {
		list = append(list, chip.Notes...)
	}
	return list
}
