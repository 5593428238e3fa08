package suite

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"tritloom/hwmodel"
	"tritloom/report"
)

// String is the check as a person reads it.
func (c *Check) String() string {
	var b strings.Builder
	if c.Damaged != "" {
		fmt.Fprintf(&b, "%s could not be read and is written anew, compared with nothing: %s\n", c.Golden, c.Damaged)
	}
	for i := range c.Cases {
		out := &c.Cases[i]
		fmt.Fprintf(&b, "%-6s  %s%s\n", c.verdict(out), out.Name, out.summary())
		if text := c.findings(out); text != "" {
			b.WriteString(indent(text, "  "))
		}
	}
	for _, name := range c.Stale {
		fmt.Fprintf(&b, "STALE   %s: the golden file holds it and the suite does not; %s\n", name, c.wayOut())
	}
	b.WriteString(c.coefficientText())
	b.WriteString(c.last())
	return b.String()
}

// verdict is the first word of a case's line.
func (c *Check) verdict(o *Outcome) string {
	switch {
	case o.Error != "":
		return "ERROR"
	case !o.held():
		return "FAIL"
	case o.OK:
		return "ok"
	case c.Updated && o.NoGolden:
		return "new"
	case c.Updated:
		return "change"
	}
	return "FAIL"
}

// summary is what a case gave, in a few words.
func (o *Outcome) summary() string {
	r := o.Record
	if r == nil {
		return ""
	}
	bound := ""
	if len(r.Energy.Unpriced) > 0 {
		bound = "at least "
	}
	cores := fmt.Sprintf("%d cores of %s", r.Result.Cores, r.Setup.Chip)
	if r.Result.Cores == 1 {
		cores = "1 core of " + r.Setup.Chip
	}
	if r.Setup.Hypothetical {
		cores += ", a hypothetical chip"
	}
	if len(r.Setup.Moved) > 0 {
		cores += ", prices " + strings.Join(r.Setup.Moved, " and ")
	}
	return fmt.Sprintf(": %s, %s; %d of %d right; %s%s an inference, %s, %s, boundary %s", cores, r.Setup.Data,
		r.Result.Correct, r.Result.Samples, bound, report.SI(r.Energy.Nominal, "J"), r.Setup.Scenario, r.Setup.Scope, r.Setup.Boundary)
}

// findings is what is wrong with a case, or what an update changed in it.
func (c *Check) findings(o *Outcome) string {
	var b strings.Builder
	if o.Error != "" {
		fmt.Fprintf(&b, "could not run: %s\n", o.Error)
	}
	for i := range o.Expected {
		if x := &o.Expected[i]; !x.OK {
			fmt.Fprintf(&b, "expected: %s\n", x)
		}
	}
	if o.NoGolden && !c.Updated {
		fmt.Fprintf(&b, "the golden file lacks this case; run with --update to add it\n")
	}
	if o.Difference != nil {
		b.WriteString(o.Difference.String())
	}
	return b.String()
}

func (c *Check) wayOut() string {
	if c.Updated {
		return "removed"
	}
	return "run with --update to remove it"
}

// last says how the suite turned out, and the way out.
func (c *Check) last() string {
	cases := "1 case"
	if n := len(c.Cases); n != 1 {
		cases = fmt.Sprintf("%d cases", n)
	}
	switch {
	case c.Updated && c.OK:
		return fmt.Sprintf("%s: wrote %s, %s; review its difference before it is kept\n", c.Suite, c.Golden, cases)
	case c.Updated:
		return fmt.Sprintf("%s: wrote %s, but %d of %s failed: no update makes an expectation hold\n", c.Suite, c.Golden, c.Failed, cases)
	case c.OK:
		return fmt.Sprintf("%s: %s as in %s\n", c.Suite, cases, c.Golden)
	}
	return fmt.Sprintf("%s: %d of %s failed; where a change is meant, --update writes it into %s\n", c.Suite, c.Failed, cases, c.Golden)
}

// coefficientText lists prices that differ with the cases they touch.
func (c *Check) coefficientText() string {
	if len(c.Coefficients) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("prices that differ, and the cases they touch\n")
	for _, k := range c.Coefficients {
		fmt.Fprintf(&b, "  %s %s: %s\n", k.Chip, k.Change.Kind, k.Change.words())
		for _, t := range k.Touches {
			fmt.Fprintf(&b, "    %s: %s of its energy, %s of all that moved in it\n", t.Case, report.Percent(t.ShareOfEnergy), report.Percent(t.ShareOfChange))
		}
		if len(k.Touches) == 0 {
			b.WriteString("    no case: such an event happens in none of them\n")
		}
	}
	return b.String()
}

// String lists what differs: what was run, what came out, event by event, price by
// price, and the energy by cause.
func (d *Difference) String() string {
	var b strings.Builder
	section(&b, "run", d.Setup)
	section(&b, "capabilities", d.Capabilities)
	section(&b, "result", d.Result)
	if len(d.Events) > 0 {
		b.WriteString("events\n")
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, e := range d.Events {
			fmt.Fprintf(w, "  %s\t%s -> %s\t%s\t%s\n", e.Kind, report.Count(e.Before), report.Count(e.After), relative(float64(e.Before), float64(e.After)), e.charged())
		}
		w.Flush()
	}
	if len(d.Prices) > 0 {
		b.WriteString("prices\n")
		for _, p := range d.Prices {
			fmt.Fprintf(&b, "  %s: %s\n", p.Kind, p.words())
			fmt.Fprintf(&b, "    %s\n", p.touches())
		}
	}
	if d.Energy != nil {
		b.WriteString(d.Energy.String())
	}
	section(&b, "the rest of the golden record", d.Rest)
	return b.String()
}

// charged tells of the events that belong to samples where those of the run alone
// would mislead.
func (e EventChange) charged() string {
	if e.Charged == [2]uint64{e.Before, e.After} {
		return ""
	}
	return fmt.Sprintf("of samples %s -> %s", report.Count(e.Charged[0]), report.Count(e.Charged[1]))
}

func section(b *strings.Builder, title string, list []Change) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(b, title)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, c := range list {
		fmt.Fprintf(w, "  %s\t%s -> %s\n", c.What, orNone(c.Before), orNone(c.After))
	}
	w.Flush()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// words is a price before and after.
func (p PriceChange) words() string {
	var parts []string
	before, after := p.Joules[0], p.Joules[1]
	switch {
	case before != nil && after != nil:
		for _, corner := range []struct {
			name   string
			was, i float64
		}{{"nominal", before.Nominal, after.Nominal}, {"low", before.Low, after.Low}, {"high", before.High, after.High}} {
			if corner.was != corner.i {
				parts = append(parts, fmt.Sprintf("%s %s -> %s pJ%s", corner.name, picojoules(corner.was), picojoules(corner.i), inBrackets(relative(corner.was, corner.i))))
			}
		}
	case before != nil:
		parts = append(parts, fmt.Sprintf("nominal %s pJ -> no value", picojoules(before.Nominal)))
	case after != nil:
		parts = append(parts, fmt.Sprintf("no value -> nominal %s pJ", picojoules(after.Nominal)))
	}
	for _, c := range p.Other {
		parts = append(parts, fmt.Sprintf("%s %s -> %s", c.What, orNone(c.Before), orNone(c.After)))
	}
	return strings.Join(parts, ", ")
}

// touches says what hangs on the price in the case.
func (p PriceChange) touches() string {
	if p.Events == 0 {
		return "no such event happens here"
	}
	return fmt.Sprintf("%s events of the run, %s of the energy; moved it by %s, %s of all that moved", report.Count(p.Events), report.Percent(p.ShareOfEnergy), signed(p.Moved), report.Percent(p.ShareOfChange))
}

// String is the energy by cause.
func (e *EnergyChange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "energy an inference\n  %s -> %s%s; low %s -> %s, high %s -> %s\n", report.SI(e.Before.Nominal, "J"), report.SI(e.After.Nominal, "J"),
		inBrackets(relative(e.Before.Nominal, e.After.Nominal)), report.SI(e.Before.Low, "J"), report.SI(e.After.Low, "J"), report.SI(e.Before.High, "J"), report.SI(e.After.High, "J"))
	for _, c := range e.Unpriced {
		fmt.Fprintf(&b, "  not priced: %s -> %s\n", c.Before, c.After)
	}
	if len(e.Rows) == 0 {
		b.WriteString("  the nominal figure is as before; bounds of prices moved\n")
		return b.String()
	}
	fmt.Fprintf(&b, "  %s from counts, at the prices before; %s from prices, at the counts now\n", signed(e.FromCounts), signed(e.FromPrices))
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "event\tfrom counts\tfrom prices\tchange\tof all that moved\tof the energy now\t")
	for _, r := range e.Rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t\n", r.Kind, signed(r.FromCounts), signed(r.FromPrices), signed(r.Change()), report.Percent(r.Share), report.Percent(r.ShareOfEnergy))
	}
	w.Flush()
	b.WriteString(indent(table.String(), "  "))
	return b.String()
}

// picojoules keeps six digits: prices are stated with fewer.
func picojoules(joules float64) string {
	return strconv.FormatFloat(joules/hwmodel.Picojoule, 'g', 6, 64)
}

func signed(joules float64) string {
	switch {
	case joules == 0:
		return "0"
	case joules > 0:
		return "+" + report.SI(joules, "J")
	}
	return report.SI(joules, "J")
}

// relative is a change in percent of what was, or nothing where nothing was.
func relative(before, after float64) string {
	if before == 0 || before == after {
		return ""
	}
	change := 100 * (after - before) / math.Abs(before)
	if math.Abs(change) < 0.05 || math.Abs(change) >= 1e6 {
		return fmt.Sprintf("%+.2g %%", change)
	}
	return fmt.Sprintf("%+.1f %%", change)
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// indent puts a margin before every line.
func indent(text, margin string) string {
	return margin + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+margin) + "\n"
}
