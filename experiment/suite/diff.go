package suite

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

// Difference is how a case differs from its golden record. Empty lists say nothing
// differs.
type Difference struct {
	Setup        []Change      `json:"setup"`
	Capabilities []Change      `json:"capabilities"`
	Result       []Change      `json:"result"`
	Events       []EventChange `json:"events"`
	Prices       []PriceChange `json:"prices"`
	Energy       *EnergyChange `json:"energy"` // null: the joules are as before, to the last bit
	// Rest lists what else differs, entry by entry of the golden file: joules of an
	// event whose count and price are as before, and whatever the lists above do not
	// speak of. With it, Empty says that the records are equal.
	Rest []Change `json:"rest"`
}

// Change is a value before and after.
type Change struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// EventChange is a count before and after.
type EventChange struct {
	Kind    string    `json:"event"`
	Before  uint64    `json:"before"` // of the whole run
	After   uint64    `json:"after"`
	Charged [2]uint64 `json:"charged"` // before and after: those that belong to samples
}

// PriceChange is a coefficient that differs, and what hangs on it in this case.
type PriceChange struct {
	Kind   string              `json:"event"`
	Joules [2]*report.Interval `json:"joules"` // before and after; null without a value
	Other  []Change            `json:"other"`  // state, evidence and so on
	Events uint64              `json:"events"` // of this kind in the case now: 0 touches nothing
	// ShareOfEnergy is the kind's share of the case's energy now. Moved is what this
	// price moved of it, in joules per inference, and ShareOfChange that without its
	// sign as a share of all that moved, by counts and by prices.
	ShareOfEnergy float64 `json:"share_of_energy"`
	Moved         float64 `json:"moved_j"`
	ShareOfChange float64 `json:"share_of_change"`
}

// EnergyChange takes the change of the energy per inference apart. A row's change is
// what its count moved at the old price, and what its price moved at the new count;
// the two add up to it exactly, and the rows to the whole.
type EnergyChange struct {
	Before     report.Interval `json:"before"` // joules per inference
	After      report.Interval `json:"after"`
	FromCounts float64         `json:"from_counts"` // joules, at old prices; nominal
	FromPrices float64         `json:"from_prices"` // joules, at new counts; nominal
	Rows       []EnergyRow     `json:"rows"`        // largest first
	Unpriced   []Change        `json:"unpriced"`
}

// EnergyRow is one kind's part of the change, in joules per inference.
type EnergyRow struct {
	Kind       string  `json:"event"`
	Before     float64 `json:"before"`
	After      float64 `json:"after"`
	FromCounts float64 `json:"from_counts"`
	FromPrices float64 `json:"from_prices"`
	// Share is of all that moved: both causes without their signs, over the sum of
	// both over all rows, so that moves in opposite directions do not hide each other.
	Share         float64 `json:"share_of_change"`
	ShareOfEnergy float64 `json:"share_of_energy"` // of the figure now
}

// Change is the row's whole move.
func (r EnergyRow) Change() float64 { return r.FromCounts + r.FromPrices }

// Empty tells whether nothing differs.
func (d *Difference) Empty() bool {
	return len(d.Setup)+len(d.Capabilities)+len(d.Result)+len(d.Events)+len(d.Prices)+len(d.Rest) == 0 && d.Energy == nil
}

// Diff compares what a case gave before with what it gives now.
func Diff(before, after *Record) *Difference {
	d := &Difference{
		Setup:        changes(setupFields(before), setupFields(after)),
		Capabilities: changes(before.Capabilities, after.Capabilities),
		Result:       changes(resultFields(before), resultFields(after)),
		Events:       []EventChange{}, Prices: []PriceChange{},
	}
	old, now := before.rows(), after.rows()
	for _, kind := range ledger.KindNames() {
		if b, a := old[kind], now[kind]; a.Events != b.Events || a.Charged != b.Charged {
			d.Events = append(d.Events, EventChange{kind, b.Events, a.Events, [2]uint64{b.Charged, a.Charged}})
		}
	}
	d.Energy = energyChange(before, after)
	for _, p := range after.Prices {
		if change := priceChange(before.price(p.Kind), p); change != nil {
			change.Events = now[p.Kind].Events
			if j := now[p.Kind].Joules; j != nil && after.Energy.Nominal > 0 {
				change.ShareOfEnergy = j.Nominal / after.Energy.Nominal
			}
			change.Moved, change.ShareOfChange = d.Energy.byPrice(p.Kind)
			d.Prices = append(d.Prices, *change)
		}
	}
	d.Rest = d.rest(before, after)
	return d
}

// changes lists the values of two lists of named values that differ, in the order of
// the second. A name that one of them lacks is an empty value there.
func changes(before, after report.Object[string]) []Change {
	list, old, now := []Change{}, map[string]string{}, map[string]bool{}
	for _, e := range before {
		old[e.Name] = e.Value
	}
	for _, e := range after {
		now[e.Name] = true
		if was := old[e.Name]; was != e.Value {
			list = append(list, Change{e.Name, was, e.Value})
		}
	}
	for _, e := range before {
		if !now[e.Name] {
			list = append(list, Change{e.Name, e.Value, ""})
		}
	}
	return list
}

type named = report.Object[string]

func field(name string, value any) report.Entry[string] {
	return report.Entry[string]{Name: name, Value: fmt.Sprint(value)}
}

func setupFields(r *Record) named {
	s := &r.Setup
	return named{
		field("chip", s.Chip), field("hypothetical", s.Hypothetical), field("voltage_v", s.Conditions.VoltageV), field("tick_us", s.Conditions.TickUS), field("outside_domain", s.Conditions.OutsideDomain), field("prices_moved", strings.Join(s.Moved, " ")),
		field("capabilities_hash", s.Capabilities), field("price_hash", s.Prices), field("network_hash", s.Network), field("layout_hash", r.Placement.Layout),
		field("data", s.Data), field("data_hash", s.DataHash), field("scenario", s.Scenario), field("timing", s.Timing), field("seed", s.Seed),
		field("scope", s.Scope), field("boundary", s.Boundary),
	}
}

func resultFields(r *Record) named {
	s, p := &r.Result, &r.Placement
	return named{
		field("samples", s.Samples), field("correct", s.Correct), field("spike_mismatches", orUnknown(s.SpikeMismatches)),
		field("decision_mismatches", orUnknown(s.DecisionMismatches)), field("cores", s.Cores), field("stored_bits", s.StoredBits),
		field("ticks_total", s.TicksTotal), field("ticks_per_inference", s.TicksPerInference), field("initiation_interval_ticks", s.InitiationInterval),
		field("latency_mean_s", orUnknown(p.LatencyMean)), field("latency_max_s", orUnknown(p.LatencyMax)), field("tick_overruns", orUnknown(p.TickOverruns)),
	}
}

func orUnknown[T any](v *T) any {
	if v == nil {
		return "unknown"
	}
	return *v
}

// priceChange compares two prices of a kind; nil: nothing differs.
func priceChange(before, after PriceRow) *PriceChange {
	c := &PriceChange{Kind: after.Kind, Other: changes(priceFields(before), priceFields(after))}
	c.Joules = [2]*report.Interval{before.Joules, after.Joules}
	same := (before.Joules == nil) == (after.Joules == nil) && (after.Joules == nil || *before.Joules == *after.Joules)
	if same && len(c.Other) == 0 {
		return nil
	}
	return c
}

func priceFields(p PriceRow) named {
	return named{
		field("state", p.State), field("included_in", p.IncludedIn), field("scope", p.Scope), field("evidence", p.Evidence), field("law", p.Law),
		field("voltage_v", p.VoltageV), field("node_nm", p.NodeNM), field("latency_quanta", orUnknown(p.Latency)),
		field("drawn_with", p.DrawnWith), field("measured_at", p.MeasuredAt),
	}
}

// value is what a kind adds to the figure per event, in joules: nothing where its
// price has no value or lies outside the boundary.
func (r *Record) value(kind string) float64 {
	k, ok := ledger.KindByName(kind)
	p := r.price(kind)
	if !ok || p.Joules == nil || !hwmodel.BoundaryName(r.Setup.Boundary).Covers(k) {
		return 0
	}
	return p.Joules.Nominal
}

// perInference is how many events of a kind the figure charges.
func (r *Record) perInference(row Row) float64 {
	if r.Result.Samples == 0 {
		return 0
	}
	return float64(row.Charged) / float64(r.Result.Samples)
}

// energyChange takes the change apart; nil: there is none.
func energyChange(before, after *Record) *EnergyChange {
	e := &EnergyChange{
		Before: before.Energy.Interval, After: after.Energy.Interval, Rows: []EnergyRow{},
		Unpriced: changes(named{field("unpriced", before.Energy.Unpriced)}, named{field("unpriced", after.Energy.Unpriced)}),
	}
	old, now := before.rows(), after.rows()
	moved := 0.0
	for _, kind := range ledger.KindNames() {
		n0, n1 := before.perInference(old[kind]), after.perInference(now[kind])
		p0, p1 := before.value(kind), after.value(kind)
		row := EnergyRow{Kind: kind, Before: n0 * p0, After: n1 * p1, FromCounts: (n1 - n0) * p0, FromPrices: n1 * (p1 - p0)}
		if row.FromCounts == 0 && row.FromPrices == 0 {
			continue
		}
		e.FromCounts, e.FromPrices, moved = e.FromCounts+row.FromCounts, e.FromPrices+row.FromPrices, moved+row.moved()
		e.Rows = append(e.Rows, row)
	}
	if len(e.Rows) == 0 && e.Before == e.After && len(e.Unpriced) == 0 {
		return nil
	}
	for i := range e.Rows {
		row := &e.Rows[i]
		if moved > 0 {
			row.Share = row.moved() / moved
		}
		if e.After.Nominal > 0 {
			row.ShareOfEnergy = row.After / e.After.Nominal
		}
	}
	slices.SortStableFunc(e.Rows, func(a, b EnergyRow) int { return cmp.Compare(b.Share, a.Share) })
	return e
}

// moved is what both causes moved, without their signs.
func (r EnergyRow) moved() float64 { return math.Abs(r.FromCounts) + math.Abs(r.FromPrices) }

// byPrice is what a kind's price moved, in joules per inference, and its share of all
// that moved.
func (e *EnergyChange) byPrice(kind string) (joules, share float64) {
	if e == nil {
		return 0, 0
	}
	for _, row := range e.Rows {
		if row.Kind == kind && row.moved() > 0 {
			return row.FromPrices, row.Share * math.Abs(row.FromPrices) / row.moved()
		}
	}
	return 0, 0
}
