package report

import "fmt"

// denseTable compares with dense engines on the same memory.
func (r *Report) denseTable() string {
	const title = "Dense engines on the same memory, inside the core boundary\n"
	if r.NoDense != "" {
		return title + "  not compared: " + r.NoDense + "\n"
	}
	if r.Dense == nil {
		return ""
	}
	b := r.Dense
	t := table{align: "lrrrrrrrrr"}
	head := []string{"", "bits read", "operations", "each", "neurons", "energy", "vs spikes", "break-even"}
	if b.Steps > 1 {
		head = append(head, "a step")
	}
	t.add(head...)
	t.add("this run", "", "", "", "", SI(b.Spiking.Nominal, "J"))
	for _, e := range b.Engines {
		row := []string{"dense " + e.Name, Count(e.BitsRead), Mean(e.Operations), SI(e.Operation.Nominal, "J"), Count(e.Neurons), SI(e.Joules.Nominal, "J"), Times(e.Ratio), e.even(), e.evenOf(e.BreakEvenRate)}
		t.add(row[:len(head)]...)
	}
	return title + t.String() + b.words()
}

// even is the break-even for a table.
func (e Engine) even() string { return e.evenOf(e.BreakEven) }

// evenOf writes a break-even, or why there is none.
func (e Engine) evenOf(value *float64) string {
	switch {
	case value != nil:
		return fmt.Sprintf("%.3g", *value)
	case e.NoBreakEven == EvenUnreachable:
		return "not reachable"
	}
	return "never"
}

// staticWords say which static energy the dense engines pay.
func (b *Baseline) staticWords() string {
	if b.Steps == 1 {
		return "  Static energy is that of this run, however long an engine would take.\n"
	}
	return fmt.Sprintf("  A dense network runs once: it occupies the chip for %s of this run's %s ticks an inference, which show the input at %d steps, and pays that share of its static energy.\n",
		Count(b.DenseTicks), Count(b.Ticks), b.Steps)
}

// words say what the table means.
func (b *Baseline) words() string {
	text := fmt.Sprintf("  Spikes a synapse and inference: %.3g", b.SpikesPerSynapse)
	if b.Steps > 1 {
		text += fmt.Sprintf(", a synapse and step: %.3g (%d steps, spike counts of %d bits)", b.SpikeRate, b.Steps, b.Bits)
	}
	text += "; above the break-even, the dense engine takes less energy.\n"
	seen := map[string]bool{}
	for _, e := range b.Engines {
		if e.NoBreakEven != "" && !seen[e.NoBreakEven] {
			text += fmt.Sprintf("  %s: %s.\n", e.even(), e.NoBreakEven)
			seen[e.NoBreakEven] = true
		}
	}
	if b.NoGated != "" {
		text += "  No engine that skips additions of zeros: " + b.NoGated + ".\n"
	}
	text += "  Dense engines read every weight and input once, pack them without gaps and move them for free.\n" +
		b.MAC.words() + b.staticWords()
	if b.LowerBound {
		text += "  Prices are missing, so both sides are lower bounds and their ratio is uncertain.\n"
	}
	for _, p := range b.Published {
		text += "  Elsewhere, under other assumptions: " + p + ".\n"
	}
	return text
}
