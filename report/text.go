package report

import (
	"fmt"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// String is the report for a reader: the headline with what it covers, then
// the tables it is made of.
func (r *Report) String() string {
	sections := []string{r.headline(), r.energyTable(), r.evidenceTable(), r.rollupTable(), r.coversTable(), r.publishedTable(),
		r.memoryTables(), r.denseTable(), r.siliconTable(), r.opsOnlyTable(), r.layersTable()}
	var b strings.Builder
	for _, s := range sections {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(s)
	}
	return b.String()
}

// words for scopes, scenarios and boundaries, as a reader meets them.
var (
	scopeWords    = map[Scope]string{UsedCores: "used cores", WholeChip: "whole chip"}
	scenarioWords = map[ledger.Scenario]string{
		ledger.SingleStream: "single stream (one inference at a time)",
		ledger.Offline:      "offline (inferences overlap, steady state)",
	}
	boundaryWords = map[hwmodel.BoundaryName]string{
		hwmodel.BoundaryCore: "core (inside cores)",
		hwmodel.BoundaryChip: "chip (cores and mesh)",
		hwmodel.BoundaryHost: "with host (cores, mesh and host ports)",
	}
)

// BoundaryLine says besides what the widest boundary still leaves out.
func BoundaryLine(b hwmodel.BoundaryName) string {
	if b == hwmodel.BoundaryHost {
		return "with host ports (cores, mesh, ports; the host's own work, such as encoding and argmax, is not priced)"
	}
	return boundaryWords[b]
}

// energyText is "12.3 nJ [8.10 nJ, 20.4 nJ]", or says that it is a lower bound.
func energyText(i Interval, lowerBound bool) string {
	if lowerBound {
		return fmt.Sprintf("at least %s [at least %s, no upper bound]", SI(i.Nominal, "J"), SI(i.Low, "J"))
	}
	return fmt.Sprintf("%s [%s, %s]", SI(i.Nominal, "J"), SI(i.Low, "J"), SI(i.High, "J"))
}

// Headline is the energy per inference in one line that may be quoted by
// itself, because it says what it covers.
func (r *Report) Headline() string {
	e := r.Energy
	scenario, _, _ := strings.Cut(scenarioWords[e.Scenario], " (")
	boundary, _, _ := strings.Cut(boundaryWords[e.Boundary], " (")
	if e.Boundary != hwmodel.BoundaryHost {
		boundary += " boundary"
	}
	chip := "chip " + r.Chip.Name
	if r.Chip.Hypothetical {
		chip = "hypothetical " + chip
	}
	if moved := r.Chip.Moved(); len(moved) > 0 {
		chip += ", prices " + strings.Join(moved, " and ")
	}
	return fmt.Sprintf("Energy per inference: %s; %s, %s, %s, %s",
		energyText(e.Interval, e.LowerBound), scopeWords[e.Scope], scenario, boundary, chip)
}

// headline is what a reader must see first.
func (r *Report) headline() string {
	e := r.Energy
	t := table{align: "ll"}
	t.add("covers", r.Chip.ScopeText(e.Scope))
	t.add("scenario", scenarioWords[e.Scenario])
	t.add("boundary", BoundaryLine(e.Boundary))
	t.add("chip", r.Chip.String())
	t.add("prices", r.Chip.Title+"; "+short(r.Chip.Prices))
	if e.LowerBound {
		t.add("lower bound", "no price or count for "+strings.Join(e.Unpriced, ", "))
	}
	t.add("interval", "all prices low to all prices high"+widest(e.Widest))
	t.add("monte carlo", e.MonteCarlo.Text(e.Nominal, e.LowerBound))
	t.add("over samples", spreadText(e.Spread, "J")+", at nominal prices")
	t.add("always on", Percent(e.ActivityIndependentShare)+" of it would be paid without a single spike")
	if e.Outside.Nominal > 0 {
		t.add("apart", SI(e.Outside.Nominal, "J")+" in fill, drain and idle ticks of the run, part of no inference")
	}
	for _, note := range append(r.ConditionNotes(), e.Notes...) {
		t.add("note", note)
	}
	return r.Headline() + "\n" + t.String() + r.speedText() + routersText(r.Routers) + "Accuracy: " + r.Accuracy.String() + "\n" + r.checksText()
}

// ConditionNotes says how the conditions of the figure differ from those of the
// simulation.
func (r *Report) ConditionNotes() []string {
	var list []string
	for _, moved := range r.Chip.Moved() {
		list = append(list, "prices are "+moved+": "+r.Chip.Title)
		if moved == projected {
			list = append(list, "static prices and those that state no node cannot be projected and stand as they were, so that a total mixes nodes")
		}
	}
	if r.Chip.SimulatedTick != "" {
		list = append(list, "simulated with a tick of "+r.Chip.SimulatedTick+"; of all counts only waiting follows the length of a tick, and every tick of the run fits this one")
	}
	if r.LatencyNote != "" {
		list = append(list, r.LatencyNote)
	}
	return list
}

// String is "toy (hypothetical chip), 0.8 V, tick 1.00 µs".
func (c ChipID) String() string {
	name := c.Name
	if c.Hypothetical {
		name += " (hypothetical chip)"
	}
	voltage := c.voltageText()
	if len(c.NoVoltage) > 0 {
		voltage += " (not stated for " + strings.Join(c.NoVoltage, ", ") + ")"
	}
	return name + ", " + voltage + ", tick " + c.Tick
}

// voltageText is "0.8 V", or what else the prices say.
func (c ChipID) voltageText() string {
	voltage := "voltage not stated"
	switch n := len(c.VoltagesV); {
	case n == 1:
		voltage = fmt.Sprintf("%g V", c.VoltagesV[0])
	case n > 1:
		voltage = fmt.Sprintf("prices of %g V to %g V mixed", c.VoltagesV[0], c.VoltagesV[n-1])
	}
	return voltage
}

// ScopeText is "used cores (2 of 4)" or "whole chip (4 cores, 2 of them used)".
func (c ChipID) ScopeText(s Scope) string {
	if s == WholeChip {
		return fmt.Sprintf("%s (%s cores, %s of them used)", scopeWords[s], Count(c.CoresChip), Count(c.CoresUsed))
	}
	return fmt.Sprintf("%s (%s of %s)", scopeWords[s], Count(c.CoresUsed), Count(c.CoresChip))
}

func widest(list []Contributor) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = c.Kind + " " + Percent(c.Share)
	}
	if len(parts) == 0 {
		return "; the prices state no width"
	}
	return "; its width comes from " + strings.Join(parts, ", ")
}

func spreadText(s Spread, unit string) string {
	sd := "unknown"
	if s.SD != nil {
		sd = SI(*s.SD, unit)
	}
	return fmt.Sprintf("mean %s, sd %s, p5 %s, p50 %s, p95 %s", SI(s.Mean, unit), sd, SI(s.P5, unit), SI(s.P50, unit), SI(s.P95, unit))
}

func (r *Report) speedText() string {
	if r.Latency == nil {
		return "Latency: unknown, the run has no timing model; ticks per inference: " + Count(r.Ticks.PerInference) + "\n"
	}
	l := r.Latency
	text := fmt.Sprintf("Latency: %s (p50 %s, p95 %s, max %s; timing %s, quantum %s)\n",
		SI(l.Mean, "s"), SI(l.P50, "s"), SI(l.P95, "s"), SI(l.Max, "s"), r.Timing, SI(*r.QuantumS, "s"))
	bound := ""
	if r.Energy.LowerBound {
		bound = "at least "
	}
	if r.ThroughputHz != nil {
		text += fmt.Sprintf("Throughput: %s, mean power %s%s, energy-delay product %s%s\n",
			Mean(*r.ThroughputHz)+" inferences/s", bound, SI(*r.MeanPowerW, "W"), bound, SI(*r.EDP, "J·s"))
	}
	return text
}

// checksText says whether the run did what it should.
func (r *Report) checksText() string {
	text := ""
	if approximate := r.Approximate(); approximate != "" {
		text += "Approximate: " + approximate + "\n"
	}
	for _, v := range r.Violations {
		text += fmt.Sprintf("Violation: %s; %s times, first in tick %s\n", v.What, Count(v.Count), Count(v.First))
	}
	if r.SpikeMismatches == nil || r.DecisionMismatches == nil {
		return text + "Against the network: not recorded in the run; tritloom simulate --against compares\n"
	}
	return text + fmt.Sprintf("Against the network: %s mismatching spikes, %s mismatching decisions\n", Count(*r.SpikeMismatches), Count(*r.DecisionMismatches))
}

// energyTable is the whole figure: counts times prices, row by row.
func (r *Report) energyTable() string {
	e := r.Energy
	t := table{align: "lrrrrrrllr"}
	t.add("event", "per inference", "price", "joules", "low", "high", "share", "scope", "evidence", "source")
	sources := sourceList{}
	for _, l := range e.Leaves {
		t.add(l.cells(e.Nominal, &sources)...)
	}
	t.add("sum", "", "", SI(e.Nominal, "J"), SI(e.Low, "J"), SI(e.High, "J"))
	text := "Events × price = energy, mean over samples (" + Count(r.Samples) + ")\n" + t.String()
	if e.Unused.Nominal > 0 {
		text += fmt.Sprintf("  The unused cores' part is in core_tick and core_waiting: %s of the run's %s.\n", SI(e.Unused.Nominal, "J"), SI(e.Run.Nominal, "J"))
	}
	return text + sources.String()
}

// cells is one row of the energy table.
func (l Leaf) cells(total float64, sources *sourceList) []string {
	row := []string{l.Kind, Mean(l.PerInference)}
	switch {
	case l.Missing != "":
		if l.Price == nil {
			return append(row, "unknown", "missing", "", "", "", "", "", sources.cite(l.Missing))
		}
		row[1] = "not counted"
		return append(row, SI(l.Price.Nominal, "J"), "missing", "", "", "", string(l.Scope), string(l.Evidence), sources.cite(l.Missing))
	case l.State == hwmodel.IncludedIn:
		return append(row, "in "+l.IncludedIn)
	case l.State == hwmodel.ZeroFact:
		return append(row, "zero, a fact", "", "", "", "", "", "", sources.cite(l.Source))
	}
	share := ""
	if total > 0 {
		share = Percent(l.Joules.Nominal / total)
	}
	return append(row, SI(l.Price.Nominal, "J"), SI(l.Joules.Nominal, "J"), SI(l.Joules.Low, "J"), SI(l.Joules.High, "J"),
		share, string(l.Scope), string(l.Evidence), sources.cite(l.Source))
}

// sourceList numbers sources in the order of their first use.
type sourceList []string

func (s *sourceList) cite(source string) string {
	for i, known := range *s {
		if known == source {
			return fmt.Sprintf("[%d]", i+1)
		}
	}
	*s = append(*s, source)
	return fmt.Sprintf("[%d]", len(*s))
}

func (s sourceList) String() string {
	t := table{align: "rl"}
	for i, source := range s {
		t.add(fmt.Sprintf("[%d]", i+1), source)
	}
	return t.String()
}

func (r *Report) evidenceTable() string {
	t := table{align: "lrr"}
	for _, e := range r.Energy.ByEvidence {
		share := 0.0
		if r.Energy.Nominal > 0 {
			share = e.Value / r.Energy.Nominal
		}
		t.add(e.Name, SI(e.Value, "J"), Percent(share))
	}
	return "Energy by evidence of the prices\n" + t.String()
}

func (r *Report) coversTable() string {
	t := table{align: "llrrr"}
	t.add("scope", "boundary", "energy", "interval", "always on")
	for _, c := range r.Covers {
		nominal, interval := SI(c.Energy.Nominal, "J"), fmt.Sprintf("[%s, %s]", SI(c.Energy.Low, "J"), SI(c.Energy.High, "J"))
		if c.LowerBound {
			nominal, interval = "at least "+nominal, "lower bound"
		}
		t.add(scopeWords[c.Scope], boundaryWords[c.Boundary], nominal, interval, Percent(c.Static))
	}
	return "The same run under every scope and boundary\n" + t.String()
}

func (r *Report) layersTable() string {
	if len(r.Layers) == 0 {
		return ""
	}
	t := table{align: "lrrrr"}
	steps := 1
	if r.Steps != nil {
		steps = *r.Steps
	}
	head := []string{"layer", "neurons", "columns", "spikes", "per column and inference"}
	if steps > 1 {
		t.align, head = t.align+"r", append(head, "and step")
	}
	t.add(head...)
	for _, l := range r.Layers {
		columns, rate, perStep := "unknown", "unknown", "unknown"
		if l.Columns > 0 {
			columns = Count(l.Columns)
			spikes := float64(l.Spikes) / float64(l.Columns) / float64(r.Samples)
			rate, perStep = fmt.Sprintf("%.3f", spikes), fmt.Sprintf("%.3f", spikes/float64(steps))
		}
		row := []string{l.Name, Count(l.Neurons), columns, Count(l.Spikes), rate, perStep}
		t.add(row[:len(head)]...)
	}
	text := "Spikes\n" + t.String()
	if !r.Chip.WaveGate {
		text += "  The chip has no wave gate: columns also fire on ticks that are not theirs, so a rate may be above one.\n"
	}
	return text
}
