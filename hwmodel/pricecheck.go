package hwmodel

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

// maxQuanta bounds a latency, so that sums over a run stay far from overflow.
const maxQuanta = 1 << 32

// maxJoules bounds an energy per event: a larger one is a slip of the unit.
const maxJoules = 1.0

// Validate checks the capabilities, every price by itself, and that no price
// covers what another one charges again.
func (c *Chip) Validate() error {
	if err := c.Capabilities.Validate(); err != nil {
		return err
	}
	if err := c.Prices.checkComplete(); err != nil {
		return err
	}
	for k := range c.Prices {
		if err := c.Prices[k].check(ledger.Kind(k)); err != nil {
			return err
		}
		if err := c.checkTickLaw(&c.Prices[k]); err != nil {
			return err
		}
	}
	if err := c.checkVoltage(); err != nil {
		return err
	}
	if err := c.checkTickModel(); err != nil {
		return err
	}
	return c.Prices.checkTogether()
}

// checkComplete names every kind that was left out.
func (p *Prices) checkComplete() error {
	var lacking []string
	for k := range p {
		if p[k].State == "" {
			lacking = append(lacking, ledger.Kind(k).String())
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	return &fault{path: "prices", text: fmt.Sprintf("prices lacks %s; want every event; give a value, declare zero as a fact, say included_in: X, or mark it unknown",
		strings.Join(lacking, ", "))}
}

func priceFault(k ledger.Kind, key, format string, args ...any) error {
	path := "prices." + k.String()
	if key != "" {
		path += "." + key
	}
	return &fault{path: path, text: fmt.Sprintf("price %s %s", k, fmt.Sprintf(format, args...))}
}

// besideFault is a fault of the price of k, to which an entry of another price leads.
func besideFault(k, other ledger.Kind, key, format string, args ...any) error {
	return &fault{
		path: "prices." + k.String(), also: "prices." + other.String() + "." + key,
		text: fmt.Sprintf("price %s %s", k, fmt.Sprintf(format, args...)),
	}
}

// check holds the rules of one price.
func (p *Price) check(k ledger.Kind) error {
	if p.Kind != k {
		return priceFault(k, "", "stands for %s; want the kind of its own row; set Kind", p.Kind)
	}
	if err := p.checkLatency(); err != nil {
		return err
	}
	if p.State == Priced {
		return p.checkValue()
	}
	if p.Nominal != 0 || p.Low != 0 || p.High != 0 {
		return priceFault(k, "", "is %s and has a value; want one of the two; take one out", p.State)
	}
	if p.DrawnWith != nil || p.MeasuredAt != nil {
		return priceFault(k, "", "is %s and says how its value was found; want a value for that; leave drawn_with and measured_at out", p.State)
	}
	if (p.State == ZeroFact || p.State == Unknown) && blank(p.Source) {
		return priceFault(k, string(p.State), "is %s without a reason; want one; write why", p.State)
	}
	if !slices.Contains(States, p.State) {
		return priceFault(k, "", "has state %q; want priced, zero, included_in or unknown; set one of them", p.State)
	}
	return nil
}

// checkValue holds the rules of a price that has a value.
func (p *Price) checkValue() error {
	k := p.Kind
	for _, v := range []struct {
		key    string
		joules float64
	}{{"low", p.Low}, {"nominal", p.Nominal}, {"high", p.High}} {
		if math.IsNaN(v.joules) || v.joules < 0 || v.joules > maxJoules {
			return priceFault(k, "energy_pj."+v.key, "has %s = %g pJ; want 0..%g; write what the source says, in pJ", v.key, v.joules/Picojoule, maxJoules/Picojoule)
		}
	}
	switch {
	case p.Low > p.Nominal:
		return priceFault(k, "energy_pj.low", "has low = %g above nominal = %g pJ; want low <= nominal <= high; put the three in order", p.Low/Picojoule, p.Nominal/Picojoule)
	case p.Nominal > p.High:
		return priceFault(k, "energy_pj.high", "has high = %g below nominal = %g pJ; want low <= nominal <= high; put the three in order", p.High/Picojoule, p.Nominal/Picojoule)
	case p.High == 0:
		return priceFault(k, "energy_pj", "is 0; want more; declare it as a fact with zero: \"why\", or mark it unknown")
	case blank(p.Source):
		return priceFault(k, "source", "has no source; want one for every value; name the paper and table, or write \"assumed: why\"")
	case strings.HasPrefix(p.Source, "assumed:") && p.Evidence != Assumed:
		return priceFault(k, "evidence", "has evidence %q and an assumed source; want evidence: assumed; write that, or name the source", p.Evidence)
	}
	if err := p.checkMeasuredAt(); err != nil {
		return err
	}
	return p.checkWords()
}

// maxRatio bounds how many events of one kind come with one of another: a crosspoint
// for each of the most axons and neurons a core may have.
const maxRatio = 65536 * 65536

// checkMeasuredAt holds the rules of the ratio a value was measured at.
func (p *Price) checkMeasuredAt() error {
	switch m := p.MeasuredAt; {
	case m == nil:
		return nil
	case m.Event >= ledger.NumKinds:
		return priceFault(p.Kind, "measured_at.event", "was measured at a ratio to kind number %d; want 0..%d; set Event", m.Event, ledger.NumKinds-1)
	case m.Event == p.Kind:
		return priceFault(p.Kind, "measured_at.event", "was measured at a ratio to itself; want another event; name it")
	case !(m.Ratio > 0 && m.Ratio <= maxRatio):
		return priceFault(p.Kind, "measured_at.ratio", "was measured at a ratio of %g to %s; want more than 0, at most %d; write how many of it came with one %s", m.Ratio, m.Event, maxRatio, m.Event)
	}
	return nil
}

// checkWords holds the rules of a price's scope, evidence, law, voltage and node.
func (p *Price) checkWords() error {
	k := p.Kind
	switch {
	case !slices.Contains(Scopes, p.Scope):
		return priceFault(k, "scope", "has scope %q; want %s; write one of them", p.Scope, strictyaml.OneOf(texts(Scopes)))
	case !slices.Contains(Evidences, p.Evidence):
		return priceFault(k, "evidence", "has evidence %q; want %s; write one of them", p.Evidence, strictyaml.OneOf(texts(Evidences)))
	case !slices.Contains(Laws, p.Law):
		return priceFault(k, "law", "has law %q; want %s, or none for an absolute price; write one of them", p.Law, strictyaml.OneOf(texts(Laws[1:])))
	case p.Law != Absolute && p.AbsoluteReason != "":
		return priceFault(k, "absolute", "has law %q and a reason to have none; want one of the two; keep it", p.Law)
	case p.VoltageV != 0 && !(p.VoltageV >= 0.05 && p.VoltageV <= 20):
		return priceFault(k, "voltage_v", "has voltage_v = %g; want 0.05..20, or leave it out", p.VoltageV)
	case p.NodeNM != 0 && !(p.NodeNM >= 1 && p.NodeNM <= 10000):
		return priceFault(k, "node_nm", "has node_nm = %g; want 1..10000, or leave it out", p.NodeNM)
	}
	return nil
}

func (p *Price) checkLatency() error {
	switch {
	case !p.LatencyKnown && p.LatencyQuanta != 0:
		return priceFault(p.Kind, "latency_quanta", "has a latency that is marked as not known; set LatencyKnown")
	case p.LatencyQuanta > maxQuanta:
		return priceFault(p.Kind, "latency_quanta", "has latency_quanta = %d; want 0..%d; give it in quanta of tick.quantum_ps", p.LatencyQuanta, maxQuanta)
	case p.LatencyKnown && blank(p.LatencySource):
		return priceFault(p.Kind, "latency_quanta", "has a latency and no latency_source; want one for every latency; name the paper and table, or write \"assumed: why\"")
	}
	return nil
}

// checkTickLaw refuses a price a tick length on a chip whose ticks have none.
func (c *Chip) checkTickLaw(p *Price) error {
	if p.State == Priced && p.Law.perTick() && c.Capabilities.Tick.Kind == TickBarrier {
		return priceFault(p.Kind, "law", "has law %q; a barrier tick has no length; want another law; price core_waiting instead, or leave the law out", p.Law)
	}
	return nil
}

// checkTogether refuses to charge the same joule twice.
func (p *Prices) checkTogether() error {
	for k := range p {
		if err := p.checkIncluder(&p[k]); err != nil {
			return err
		}
	}
	for k := range p {
		if err := p.checkDrawnWith(&p[k]); err != nil {
			return err
		}
		if err := p.checkAllIn(&p[k]); err != nil {
			return err
		}
		if err := p.checkCovers(&p[k]); err != nil {
			return err
		}
	}
	return nil
}

// checkIncluder wants a priced includer: a chain of references has no joule at
// its end that anyone measured for it.
func (p *Prices) checkIncluder(row *Price) error {
	if row.State != IncludedIn {
		return nil
	}
	if row.Includer >= ledger.NumKinds {
		return priceFault(row.Kind, "included_in", "is included in kind number %d; want 0..%d; set Includer", row.Includer, ledger.NumKinds-1)
	}
	switch includer := p[row.Includer]; {
	case row.Includer == row.Kind:
		return priceFault(row.Kind, "included_in", "is included in itself; want another event, which has a value; name it")
	case includer.State == IncludedIn:
		return priceFault(row.Kind, "included_in", "is included in %s, which is included in %s; want an event that has a value; name the one at the end", row.Includer, includer.Includer)
	case includer.State != Priced:
		return priceFault(row.Kind, "included_in", "is included in %s, which is %s; want an event that has a value; name one", row.Includer, includer.State)
	}
	return nil
}

// checkDrawnWith wants a value with a draw of its own at the other end.
func (p *Prices) checkDrawnWith(row *Price) error {
	if row.DrawnWith == nil {
		return nil
	}
	k := *row.DrawnWith
	if k >= ledger.NumKinds {
		return priceFault(row.Kind, "drawn_with", "is drawn with kind number %d; want 0..%d; set DrawnWith", k, ledger.NumKinds-1)
	}
	switch target := &p[k]; {
	case k == row.Kind:
		return priceFault(row.Kind, "drawn_with", "is drawn with itself; want another event, which has a value; name it, or leave drawn_with out")
	case target.State != Priced:
		return companyFault(row.Kind, k, "is drawn with %s, which is %s; want an event that has a value; name one, or leave drawn_with out", k, target.stateText())
	case target.DrawnWith != nil:
		return companyFault(row.Kind, k, "is drawn with %s, which is drawn with %s; want an event that is drawn by itself; name the one at the end", k, *target.DrawnWith)
	}
	return nil
}

// companyFault is a fault of the key drawn_with of k, or of what it names.
func companyFault(k, target ledger.Kind, format string, args ...any) error {
	return &fault{
		path: "prices." + k.String() + ".drawn_with", also: "prices." + target.String(),
		text: fmt.Sprintf("price %s %s", k, fmt.Sprintf(format, args...)),
	}
}

// checkAllIn refuses any other value on the chip beside an all-in one, which is
// total power over one event's rate and covers them all. What the ports cost
// may stand beside it.
func (p *Prices) checkAllIn(row *Price) error {
	if row.State != Priced || row.Scope != AllIn {
		return nil
	}
	for k := range p {
		other := &p[k]
		if other.Kind == row.Kind || other.State != Priced || Boundary(other.Kind) == BoundaryHost {
			continue
		}
		return besideFault(other.Kind, row.Kind, "scope", "has a value beside %s, whose all-in price covers it already; want one of the two; say included_in: %s, or give %s a marginal price",
			row.Kind, row.Kind, row.Kind)
	}
	return nil
}

// checkCovers wants every event that a value holds to be included in it, as else
// its joule - for hops, the same hop - is charged by both rows.
func (p *Prices) checkCovers(row *Price) error {
	for i, k := range row.Covers {
		switch other := &p[k]; {
		case row.State != Priced:
			return priceFault(row.Kind, "covers", "is %s and covers %s; want a value, as nothing else covers others; leave covers out", row.State, k)
		case k == row.Kind:
			return priceFault(row.Kind, "covers", "covers itself; want other events; leave it out of the list")
		case slices.Contains(row.Covers[:i], k):
			return priceFault(row.Kind, "covers", "covers %s twice; want each event once; take one out", k)
		case other.State == Priced:
			return besideFault(k, row.Kind, "covers", "has a value beside %s, which covers it: its %s would be charged twice; want one of the two; say included_in: %s here, or take %s out of the covers of %s",
				row.Kind, ledger.Kinds[k].Unit, row.Kind, k, row.Kind)
		case other.State != IncludedIn || other.Includer != row.Kind:
			return besideFault(k, row.Kind, "covers", "is %s, and %s covers it; want included_in: %s here, or take %s out of the covers of %s",
				other.stateText(), row.Kind, row.Kind, k, row.Kind)
		}
	}
	return nil
}

// stateText says what is known of a price, in the words of chip files.
func (p *Price) stateText() string {
	if p.State == IncludedIn {
		return "included in " + p.Includer.String()
	}
	return string(p.State)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// texts turns a list of string-like values into strings.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
