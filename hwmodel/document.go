package hwmodel

import (
	"fmt"
	"math"
	"strings"

	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

// document is a chip file. The JSON Schema is generated from it.
type document struct {
	Title        string        `yaml:"title"`
	Hypothetical bool          `yaml:"hypothetical"`
	Extends      string        `yaml:"extends"`
	Notes        []string      `yaml:"notes"`
	Capabilities Capabilities  `yaml:"capabilities"`
	VoltageModel *VoltageModel `yaml:"voltage_model"`
	TickModel    *TickModel    `yaml:"tick_model"`
	Prices       priceRows     `yaml:"prices"`
}

// priceRows holds the rows a file states; nil where it states none.
type priceRows [ledger.NumKinds]*priceRow

// priceRow is one price as written: one of energy_pj, zero, included_in and
// unknown, and what belongs to it.
type priceRow struct {
	EnergyPJ      *energyRow `yaml:"energy_pj"`
	Zero          string     `yaml:"zero"`
	IncludedIn    string     `yaml:"included_in"`
	Unknown       string     `yaml:"unknown"`
	Covers        []string   `yaml:"covers"`
	DrawnWith     string     `yaml:"drawn_with"`
	MeasuredAt    *ratioRow  `yaml:"measured_at"`
	Scope         Scope      `yaml:"scope"`
	VoltageV      float64    `yaml:"voltage_v"`
	NodeNM        float64    `yaml:"node_nm"`
	Evidence      Evidence   `yaml:"evidence"`
	Source        string     `yaml:"source"`
	Derivation    string     `yaml:"derivation"`
	Law           Law        `yaml:"law"`
	Absolute      string     `yaml:"absolute"`
	LatencyQuanta uint64     `yaml:"latency_quanta"`
	LatencySource string     `yaml:"latency_source"`
}

// energyRow is a value with its interval, in picojoules.
type energyRow struct {
	Nominal float64 `yaml:"nominal"`
	Low     float64 `yaml:"low"`
	High    float64 `yaml:"high"`
}

// ratioRow is how dense the events of a price were where it was measured.
type ratioRow struct {
	Event string  `yaml:"event"`
	Ratio float64 `yaml:"ratio"`
}

// Entry is the row of an event, by its name in the file.
func (p *priceRows) Entry(name string) (any, error) {
	k, err := EventByName(name)
	if err != nil {
		return nil, err
	}
	return &p[k], nil
}

// EventByName finds an event by its name in a hand-written file; its error says what
// may have been meant.
func EventByName(name string) (ledger.Kind, error) {
	k, ok := ledger.KindByName(name)
	if !ok {
		return 0, fmt.Errorf("unknown event %q; known are the %d of any embedded chip; did you mean %s?", strictyaml.Clip(name), ledger.NumKinds, strictyaml.OneOf(strictyaml.Nearest(name, ledger.KindNames())))
	}
	return k, nil
}

// states lists the keys that say what is known of a price.
var states = []string{"energy_pj", "zero", "included_in", "unknown"}

// price turns a row into a price. stated says whether the file states a key of
// the row.
func (r *priceRow) price(k ledger.Kind, stated func(key string) bool) (Price, error) {
	p := Price{
		Kind: k, Scope: r.Scope, VoltageV: r.VoltageV, NodeNM: r.NodeNM, Evidence: r.Evidence,
		Source: r.Source, Derivation: r.Derivation, Law: r.Law, AbsoluteReason: r.Absolute,
		LatencyQuanta: r.LatencyQuanta, LatencySource: r.LatencySource, LatencyKnown: stated("latency_quanta"),
	}
	said := saidOf(states, stated)
	if len(said) != 1 {
		found, wayOut := "none", "state"
		if len(said) > 1 {
			found, wayOut = strings.Join(said, " and "), "keep"
		}
		return p, priceFault(k, "", "states %s; want one of %s; %s the one that is known", found, strings.Join(states, ", "), wayOut)
	}
	if r.EnergyPJ != nil {
		return p, r.fillValue(&p, stated)
	}
	if extra := saidOf([]string{"covers", "drawn_with", "measured_at", "scope", "evidence", "law", "absolute", "voltage_v", "node_nm"}, stated); len(extra) > 0 {
		return p, priceFault(k, extra[0], "has %s and no value for it to describe; want one with the other; leave it out, or give energy_pj", extra[0])
	}
	return p, r.fillState(&p, stated)
}

func saidOf(keys []string, stated func(key string) bool) []string {
	var said []string
	for _, key := range keys {
		if stated(key) {
			said = append(said, key)
		}
	}
	return said
}

// fillValue takes over the interval of a price that has a value.
func (r *priceRow) fillValue(p *Price, stated func(key string) bool) error {
	for _, key := range []string{"nominal", "low", "high"} {
		if !stated("energy_pj." + key) {
			return priceFault(p.Kind, "energy_pj", "has no %s; want nominal, low and high, all three in pJ; write it", key)
		}
	}
	p.State = Priced
	p.Nominal = joules(r.EnergyPJ.Nominal)
	p.Low = joules(r.EnergyPJ.Low)
	p.High = joules(r.EnergyPJ.High)
	if err := r.fillCovers(p); err != nil {
		return err
	}
	return r.fillCompany(p, stated)
}

// fillCovers finds the events that the value is said to hold.
func (r *priceRow) fillCovers(p *Price) error {
	for _, name := range r.Covers {
		k, err := knownEvent(p.Kind, "covers", "covers", name)
		if err != nil {
			return err
		}
		p.Covers = append(p.Covers, k)
	}
	return nil
}

// fillCompany finds the events that the value is drawn with and was measured beside.
func (r *priceRow) fillCompany(p *Price, stated func(key string) bool) error {
	if stated("drawn_with") {
		k, err := knownEvent(p.Kind, "drawn_with", "is drawn with", r.DrawnWith)
		if err != nil {
			return err
		}
		p.DrawnWith = &k
	}
	if r.MeasuredAt == nil {
		return nil
	}
	for _, key := range []string{"event", "ratio"} {
		if !stated("measured_at." + key) {
			return priceFault(p.Kind, "measured_at", "has a measured_at without %s; want the other event and how many of this one came with it; write it", key)
		}
	}
	k, err := knownEvent(p.Kind, "measured_at.event", "was measured at a ratio to", r.MeasuredAt.Event)
	p.MeasuredAt = &MeasuredAt{Event: k, Ratio: r.MeasuredAt.Ratio}
	return err
}

// knownEvent is the event that a key of the price of k names.
func knownEvent(k ledger.Kind, key, says, name string) (ledger.Kind, error) {
	event, err := EventByName(name)
	if err != nil {
		return 0, priceFault(k, key, "%s %v", says, err)
	}
	return event, nil
}

// joules converts from picojoules. Dividing by 1e12, which is exact, gives the
// double nearest to the decimal in the file; multiplying by 1e-12 may not.
func joules(pj float64) float64 { return pj / math.Round(1/Picojoule) }

// fillState takes over what is said of a price without a value.
func (r *priceRow) fillState(p *Price, stated func(key string) bool) error {
	switch {
	case stated("zero"):
		p.State, p.Source = ZeroFact, r.Zero
	case stated("unknown"):
		p.State, p.Source = Unknown, r.Unknown
	default:
		includer, err := knownEvent(p.Kind, "included_in", "is included in", r.IncludedIn)
		if err != nil {
			return err
		}
		p.State, p.Includer = IncludedIn, includer
		return nil
	}
	if r.Source != "" {
		return priceFault(p.Kind, "source", "has a source beside its reason; want one text; write it into %s", p.State)
	}
	return nil
}

// lacks names the first capability that a file which extends nothing leaves out.
func lacks(places strictyaml.Places) error {
	for _, top := range []string{"title", "capabilities", "prices"} {
		if _, ok := places[top]; !ok {
			return &fault{path: "", text: fmt.Sprintf("the file lacks %s; want title, capabilities and prices; state it, or extend a chip that does", top)}
		}
	}
	for _, f := range fields {
		path := "capabilities." + f.path
		if _, ok := places[path]; !ok && !f.optional {
			parent, name, _ := strings.Cut(f.path, ".")
			return &fault{path: path, text: fmt.Sprintf("%s lacks %s, %s; want every capability; state it, or extend a chip that does", parent, name, f.meaning)}
		}
	}
	return nil
}
