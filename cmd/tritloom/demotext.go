package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"tritloom/experiment"
	"tritloom/ledger"
	"tritloom/report"
)

// demoText is what the demo shows: how well the networks do, then every split
// on every chip, what the figures cover, and the memory claim taken apart.
func demoText(splits []*experiment.DemoSplit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nReal handwritten digits, 8×8, 1,797 images. %s ternary networks trained with CoNNTrA,\ncompiled onto chips, every test image simulated spike by spike.\n\n", splits[0].Train.Architecture)
	b.WriteString(accuracyTable(splits))
	for _, d := range splits {
		b.WriteString("\n" + chipsTable(d))
	}
	b.WriteString("\nnominal [low, high] from the intervals of the prices, not from the samples\n")
	for _, c := range splits[0].Chips {
		fmt.Fprintf(&b, "  %s: every price and its source: %s chips %s\n", c.SingleStream.Report.Chip, program(), c.Chip.Name)
		fmt.Fprintf(&b, "    %s\n", c.SingleStream.Report.Headline())
		for _, note := range c.SingleStream.Report.Energy.Notes {
			fmt.Fprintf(&b, "    %s\n", note)
		}
	}
	b.WriteString("\n" + ladderText(splits[0].Data, splits[0].Chips[0]))
	return b.String() + "\n"
}

// accuracyTable has a column a split.
func accuracyTable(splits []*experiment.DemoSplit) string {
	rows := []demoRow[*experiment.DemoSplit]{
		{"test images, never trained on", func(d *experiment.DemoSplit) string { return report.Count(d.Train.Accuracy.Total) }},
		{"test accuracy [95 % interval]", func(d *experiment.DemoSplit) string { return accuracyCell(*d.Train.Accuracy) }},
		{"  float MLP of the same hidden width", func(d *experiment.DemoSplit) string { return accuracyCell(d.MLP.Accuracy) }},
	}
	return demoTable("split", splits, func(d *experiment.DemoSplit) string { return d.Data }, rows)
}

// demoRow is a name and what it says of a column; without a cell it heads the
// rows below.
type demoRow[T any] struct {
	name string
	cell func(T) string
}

func demoTable[T any](corner string, columns []T, head func(T) string, rows []demoRow[T]) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprint(w, corner)
	for _, c := range columns {
		fmt.Fprintf(w, "\t%s", head(c))
	}
	fmt.Fprintln(w)
	for _, row := range rows {
		fmt.Fprint(w, row.name)
		for _, c := range columns {
			cell := ""
			if row.cell != nil {
				cell = row.cell(c)
			}
			fmt.Fprintf(w, "\t%s", cell) // also without text, or the columns below would not line up
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	var trimmed strings.Builder
	for line := range strings.Lines(b.String()) {
		trimmed.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return trimmed.String()
}

// chipsTable has a column a chip, for one split.
func chipsTable(d *experiment.DemoSplit) string {
	type chip = *experiment.DemoChip
	rows := []demoRow[chip]{
		{"cores (lower bound)", func(c chip) string { return fmt.Sprintf("%d (%d)", c.Compile.Cores, c.Compile.CoresLowerBound) }},
		{"energy per inference, with host ports", nil},
		{"  used cores, single stream", func(c chip) string { return energyCell(c.SingleStream.Report.Energy) }},
		{"  used cores, offline", func(c chip) string { return energyCell(c.Offline.Report.Energy) }},
		{"  whole chip, single stream", func(c chip) string { return energyCell(c.SingleStream.WholeChip) }},
		{"  whole chip, offline", func(c chip) string { return energyCell(c.Offline.WholeChip) }},
		{"  activity-independent, used cores", func(c chip) string {
			return fmt.Sprintf("%.0f %%", 100*c.SingleStream.Report.Energy.ActivityIndependentShare)
		}},
		{"latency", func(c chip) string { return report.SI(c.SingleStream.Report.Latency.Mean, "s") }},
		{"throughput, offline", func(c chip) string {
			return fmt.Sprintf("%s inferences/s", report.Count(int64(*c.Offline.Report.ThroughputHz+0.5)))
		}},
		{"synaptic operations per inference", func(c chip) string {
			run := c.SingleStream.Run
			total := run.Total()
			return report.Count((total[ledger.SynapticOp] + uint64(run.Samples)/2) / uint64(run.Samples))
		}},
	}
	for _, layer := range layerNames(d) {
		rows = append(rows, demoRow[chip]{"mismatching " + layer, func(c chip) string { return mismatchCell(c, layer) }})
	}
	rows = append(rows, demoRow[chip]{"mismatching decisions", func(c chip) string {
		return fmt.Sprintf("%d of %s", c.Comparison.DecisionMismatches, report.Count(c.Comparison.Samples))
	}})
	return demoTable(d.Data+", both scenarios compared", d.Chips, chipHead, rows)
}

func chipHead(c *experiment.DemoChip) string {
	if c.Chip.Hypothetical {
		return c.Chip.Name + " (hypothetical chip)"
	}
	return c.Chip.Name
}

// layerNames lists the layers of all chips once, scores last: a chip that
// decides by spikes has comparators besides.
func layerNames(d *experiment.DemoSplit) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, c := range d.Chips {
		for i := range len(c.Comparison.Layers) - 1 {
			add(layerName(c, i))
		}
	}
	for _, c := range d.Chips {
		add(layerName(c, len(c.Comparison.Layers)-1))
	}
	return names
}

// layerName is "spikes, hidden1", "scores, readout" or "winners, readout".
func layerName(c *experiment.DemoChip, i int) string {
	what := "spikes"
	if i == len(c.Comparison.Layers)-1 {
		what = string(c.Comparison.Compares)
	}
	return what + ", " + c.Comparison.Layers[i].Name
}

func mismatchCell(c *experiment.DemoChip, layer string) string {
	for i, l := range c.Comparison.Layers {
		if layerName(c, i) == layer {
			return fmt.Sprintf("%d of %s", l.Mismatches, report.Count(l.OnChip*c.Comparison.Samples))
		}
	}
	return "-"
}

func accuracyCell(a report.Accuracy) string {
	return fmt.Sprintf("%.1f %% [%.1f, %.1f]", 100*a.Value, 100*a.CI95[0], 100*a.CI95[1])
}

func energyCell(e *report.Energy) string {
	least := ""
	if e.LowerBound {
		least = "at least "
	}
	return fmt.Sprintf("%s%s [%s, %s]", least, report.SI(e.Nominal, "J"), report.SI(e.Low, "J"), report.SI(e.High, "J"))
}

// ladderText takes the 32x claim apart, rung by rung.
func ladderText(data string, c *experiment.DemoChip) string {
	m := c.SingleStream.Report.Memory
	var b strings.Builder
	fmt.Fprintf(&b, "The 32x memory claim, on %s weights of %s, on %s, rung by rung (inputs that no weight uses take no axon):\n", report.Count(m.Weights), data, c.Chip.Name)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "bits added\tbits\t")
	for _, r := range m.Ladder[0].Ratios {
		fmt.Fprintf(w, "vs %s\t", r.Name)
	}
	fmt.Fprintln(w, " what is counted")
	for _, rung := range m.Ladder {
		fmt.Fprintf(w, "%s\t%s\t", report.Count(rung.Added), report.Count(rung.Bits))
		for _, r := range rung.Ratios {
			fmt.Fprintf(w, "%.2fx\t", r.Value)
		}
		fmt.Fprintf(w, " %s\n", rung.Name)
	}
	w.Flush()
	return b.String()
}
