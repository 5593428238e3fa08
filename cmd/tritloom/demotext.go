package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"tritloom/experiment"
	"tritloom/ledger"
	"tritloom/report"
)

// demoRows is the demo's table: a row is a name and what it says of a split.
var demoRows = []struct {
	name string
	cell func(*experiment.DemoSplit) string
}{
	{"test images, never trained on", func(d *experiment.DemoSplit) string { return report.Count(d.Comparison.Samples) }},
	{"test accuracy [95 % interval]", func(d *experiment.DemoSplit) string { return accuracyCell(*d.Train.Accuracy) }},
	{"  float MLP of the same hidden width", func(d *experiment.DemoSplit) string { return accuracyCell(d.MLP.Accuracy) }},
	{"cores (lower bound of any exact mapping)", func(d *experiment.DemoSplit) string {
		return fmt.Sprintf("%d (%d)", d.Compile.Cores, d.Compile.CoresLowerBound)
	}},
	{"energy per inference, used cores", func(d *experiment.DemoSplit) string { return energyCell(d.Report.Energy) }},
	{"energy per inference, whole chip", func(d *experiment.DemoSplit) string { return energyCell(d.WholeChip) }},
	{"  activity-independent, of used cores", func(d *experiment.DemoSplit) string {
		return fmt.Sprintf("%.0f %%", 100*d.Report.Energy.ActivityIndependentShare)
	}},
	{"latency", func(d *experiment.DemoSplit) string { return report.SI(d.Report.Latency.Mean, "s") }},
	{"synaptic operations per inference", func(d *experiment.DemoSplit) string {
		total := d.Run.Total()
		return fmt.Sprintf("%.0f", float64(total[ledger.SynapticOp])/float64(d.Run.Samples))
	}},
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

// demoText is what the demo shows: one table over the splits, then what the
// figures cover, and the memory claim taken apart.
func demoText(splits []*experiment.DemoSplit) string {
	var b strings.Builder
	first := splits[0]
	hypothetical := ""
	if first.Chip.Hypothetical {
		hypothetical = ", a hypothetical chip"
	}
	fmt.Fprintf(&b, "\nReal handwritten digits, 8×8, 1,797 images. A %s ternary network trained with CoNNTrA,\ncompiled onto %s%s, every test image simulated spike by spike.\n\n",
		first.Train.Architecture, first.Chip.Name, hypothetical)
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprint(w, "split")
	for _, d := range splits {
		fmt.Fprintf(w, "\t%s", d.Data)
	}
	fmt.Fprintln(w)
	for _, row := range demoRows {
		fmt.Fprint(w, row.name)
		for _, d := range splits {
			fmt.Fprintf(w, "\t%s", row.cell(d))
		}
		fmt.Fprintln(w)
	}
	for i, layer := range first.Comparison.Layers { // every split trains the same layers
		fmt.Fprintf(w, "mismatching %s, %s", map[bool]string{true: "scores", false: "spikes"}[i == len(first.Comparison.Layers)-1], layer.Name)
		for _, d := range splits {
			l := d.Comparison.Layers[i]
			fmt.Fprintf(w, "\t%d of %s", l.Mismatches, report.Count((l.OnChip+l.Constant)*d.Comparison.Samples))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "mismatching decisions")
	for _, d := range splits {
		fmt.Fprintf(w, "\t%d of %s", d.Comparison.DecisionMismatches, report.Count(d.Comparison.Samples))
	}
	fmt.Fprintln(w)
	w.Flush()
	b.WriteByte('\n')
	for _, d := range splits {
		fmt.Fprintf(&b, "%s: %s\n", d.Data, d.Report.Headline())
	}
	fmt.Fprintf(&b, "%s; nominal [low, high] from the intervals of the prices, not from the samples.\nWhere every price comes from: %s chips %s\n", first.Report.Chip, program(), first.Chip.Name)
	b.WriteString("\n" + ladderText(first))
	return b.String() + "\n"
}

// ladderText takes the 32x claim apart, rung by rung.
func ladderText(d *experiment.DemoSplit) string {
	m := d.Report.Memory
	var b strings.Builder
	fmt.Fprintf(&b, "The 32x memory claim, on %s weights of %s:\n", report.Count(m.Weights), d.Data)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "bits\t")
	for _, r := range m.Ladder[0].Ratios {
		fmt.Fprintf(w, "vs %s\t", r.Name)
	}
	fmt.Fprintln(w, " what is counted")
	for _, rung := range m.Ladder {
		fmt.Fprintf(w, "%s\t", report.Count(rung.Bits))
		for _, r := range rung.Ratios {
			fmt.Fprintf(w, "%.2fx\t", r.Value)
		}
		fmt.Fprintf(w, " %s\n", rung.Name)
	}
	w.Flush()
	return b.String()
}
