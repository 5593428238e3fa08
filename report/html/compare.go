package html

import (
	"fmt"
	"strings"

	"tritloom/ledger"
	"tritloom/report"
)

// scopeSection is the same run under every scope and boundary.
type scopeSection struct {
	Rows []scopeRow
	Axis []tick
}

// scopeRow is one of them.
type scopeRow struct {
	Scope, Boundary, Energy, Interval, Static string
	Strip                                     strip
	Chosen                                    bool // the headline's own
}

func newScopeSection(r *report.Report) scopeSection {
	figures := make([]report.Interval, len(r.Covers))
	for i, c := range r.Covers {
		figures[i] = c.Energy
	}
	axis := newLogAxis(figures...)
	s := scopeSection{Axis: axis.ticks()}
	for _, c := range r.Covers {
		row := scopeRow{
			Scope: c.Scope.Words(), Boundary: report.BoundaryWords(c.Boundary), Energy: report.SI(c.Energy.Nominal, "J"),
			Interval: intervalText(c.Energy), Static: report.Percent(c.Static), Strip: axis.strip(c.Energy, c.LowerBound),
			Chosen: c.Scope == r.Energy.Scope && c.Boundary == r.Energy.Boundary,
		}
		if c.LowerBound {
			row.Energy, row.Interval = "at least "+row.Energy, "lower bound"
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// denseSection sets the run beside dense engines on the same memory.
type denseSection struct {
	Rows  []denseRow
	Axis  []tick
	Notes []string
	Steps bool // break-evens a step are shown too
}

// denseRow is one engine, or the run itself.
type denseRow struct {
	Name, BitsRead, Operations, Each, Neurons, Energy, Interval, Ratio, BreakEven, PerStep string
	Strip                                                                                  strip
	Own                                                                                    bool
}

func newDenseSection(b *report.Baseline) *denseSection {
	if b == nil {
		return nil
	}
	figures := []report.Interval{b.Spiking}
	for _, e := range b.Engines {
		figures = append(figures, e.Joules)
	}
	axis := newLogAxis(figures...)
	s := &denseSection{Axis: axis.ticks(), Notes: b.Notes(), Steps: b.Steps > 1}
	s.Rows = append(s.Rows, denseRow{Name: "this run, spikes", Energy: report.SI(b.Spiking.Nominal, "J"), Interval: intervalText(b.Spiking), Strip: axis.strip(b.Spiking, false), Own: true})
	for _, e := range b.Engines {
		s.Rows = append(s.Rows, denseRow{
			Name: "dense " + e.Name, BitsRead: report.Count(e.BitsRead), Operations: report.Mean(e.Operations), Each: report.SI(e.Operation.Nominal, "J"), Neurons: report.Count(e.Neurons),
			Energy: report.SI(e.Joules.Nominal, "J"), Interval: intervalText(e.Joules), Ratio: report.Times(e.Ratio), BreakEven: e.BreakEvenText(), PerStep: e.BreakEvenRateText(), Strip: axis.strip(e.Joules, false),
		})
	}
	return s
}

// opsOnlyRow is what an estimator that counts operations alone would say.
type opsOnlyRow struct {
	Name, Energy, Ratio, Source string
}

func opsOnly(r *report.Report) []opsOnlyRow {
	var rows []opsOnlyRow
	for _, o := range r.OpsOnly {
		rows = append(rows, opsOnlyRow{o.Name, report.SI(o.Joules, "J"), report.Times(o.Ratio), o.Source})
	}
	return rows
}

// siliconSection is dense ternary silicon of others beside this run.
type siliconSection struct {
	Own   []siliconRow // a scope each
	Rows  []siliconRow
	Notes []string
}

// siliconRow is one chip, or the run itself.
type siliconRow struct {
	System, Silicon, Network, Data, Accuracy, Energy, Operation string
}

func newSiliconSection(r *report.Report) *siliconSection {
	if len(r.Silicon) == 0 {
		return nil
	}
	chip := "simulated"
	if r.Chip.Hypothetical {
		chip = "simulated, hypothetical"
	}
	s := new(siliconSection)
	for _, st := range r.Silicon[0].Beside {
		s.Own = append(s.Own, siliconRow{
			System: "this run, " + st.Scope.Words(), Silicon: chip, Network: layerWidths(r.Layers), Data: r.Data,
			Accuracy: report.Percent(r.Accuracy.Value), Energy: st.EnergyText(), Operation: st.OperationText(),
		})
	}
	for _, c := range r.Silicon {
		s.Rows = append(s.Rows, siliconRow{
			System: c.System, Silicon: fmt.Sprintf("%g nm, %g V", c.NodeNM, c.VoltageV), Network: c.Network, Data: c.Data,
			Accuracy: report.Percent(c.Accuracy), Energy: report.SI(c.EnergyJ, "J"), Operation: c.PeakText(),
		})
		s.Notes = append(s.Notes, c.Verdicts()...)
		s.Notes = append(s.Notes, c.System+": "+c.Scope+". A dense operation: "+c.PeakScope+". Source: "+c.Source+".")
	}
	return s
}

// publishedSection is what others published that may stand beside this run.
type publishedSection struct {
	Data, ThisData, Covers string
	Own                    []publishedRow
	Rows                   []publishedRow
}

// publishedRow is one figure.
type publishedRow struct {
	System, Network, Cores, Energy, PerCore, Sample, Latency, Accuracy string
	Scope, Source                                                      string
}

func newPublishedSection(r *report.Report) *publishedSection {
	if len(r.Published) == 0 {
		return nil
	}
	s := &publishedSection{
		Data: r.Published[0].Data, ThisData: r.Data,
		Covers: report.BoundaryWords(r.Energy.Boundary) + "; " + report.ScenarioWords(r.Energy.Scenario),
	}
	for _, c := range r.Covers {
		if c.Boundary == r.Energy.Boundary {
			s.Own = append(s.Own, ownRow(r, c))
		}
	}
	for _, p := range r.Published {
		row := publishedRow{
			System: p.System, Network: p.Network, Cores: "–", PerCore: "–", Energy: joulesOf(p.EnergyJ, 1), Sample: report.SI(p.SampleS, "s"), Latency: "–",
			Accuracy: report.Percent(p.Accuracy), Scope: p.Scope, Source: p.Source,
		}
		if p.Cores > 0 {
			row.Cores, row.PerCore = report.Count(p.Cores), joulesOf(p.EnergyJ, 1/float64(p.Cores))
		}
		if p.SampleS <= 0 {
			row.Sample = "–"
		}
		if p.LatencyS != nil {
			row.Latency = report.SI(*p.LatencyS, "s")
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// ownRow is this run under one scope.
func ownRow(r *report.Report, c report.Cover) publishedRow {
	cores, least := r.Chip.CoresUsed, ""
	if c.Scope == report.WholeChip {
		cores = r.Chip.CoresChip
	}
	if c.LowerBound {
		least = "at least "
	}
	row := publishedRow{
		System: "this run, " + c.Scope.Words(), Network: layerWidths(r.Layers), Cores: report.Count(cores),
		Energy: least + report.SI(c.Energy.Nominal, "J"), PerCore: least + report.SI(c.Energy.Nominal/float64(max(1, cores)), "J"),
		Sample: "–", Latency: "–", Accuracy: report.Percent(r.Accuracy.Value),
	}
	if r.ThroughputHz != nil && *r.ThroughputHz > 0 {
		row.Sample = report.SI(1 / *r.ThroughputHz, "s")
	}
	if r.Latency != nil {
		row.Latency = report.SI(r.Latency.Mean, "s")
	}
	return row
}

// layerWidths counts the neurons of all layers.
func layerWidths(layers []ledger.LayerSpikes) string {
	neurons := 0
	for _, l := range layers {
		neurons += l.Neurons
	}
	return report.Count(neurons) + " neurons"
}

// joulesOf writes one figure, or those of two versions of a paper.
func joulesOf(joules []float64, factor float64) string {
	texts := make([]string, len(joules))
	for i, j := range joules {
		texts[i] = report.SI(j*factor, "J")
	}
	return strings.Join(texts, " or ")
}
