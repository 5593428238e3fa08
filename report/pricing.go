package report

import (
	"fmt"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// Leaf is one kind of event of a run: count times price. The leaves of an
// Energy are all of it; their joules add up to it.
type Leaf struct {
	Kind         string           `json:"kind"`
	Unit         string           `json:"unit"`          // what one count is
	Count        uint64           `json:"count"`         // over all samples
	PerInference float64          `json:"per_inference"` // Count over samples
	State        hwmodel.State    `json:"state"`
	Scope        hwmodel.Scope    `json:"scope,omitempty"`
	Follows      string           `json:"count_follows"`         // spikes, schedule or time
	Because      string           `json:"count_follows_because"` // why
	Price        *Interval        `json:"price_j"`               // joules an event; null if none is known by itself
	Joules       *Interval        `json:"joules"`                // per inference; null if not known by itself
	IncludedIn   string           `json:"included_in,omitempty"`
	DrawnWith    string           `json:"drawn_with,omitempty"` // the kind whose uncertainty the price shares
	Evidence     hwmodel.Evidence `json:"evidence,omitempty"`
	VoltageV     float64          `json:"voltage_v,omitempty"`
	Source       string           `json:"source,omitempty"`
	Derivation   string           `json:"derivation,omitempty"`
	// Missing says why joules are missing from this leaf, if they are.
	Missing string `json:"missing,omitempty"`
}

// sheet prices counts of one chip inside one boundary.
type sheet struct {
	chip     *hwmodel.Chip
	boundary hwmodel.BoundaryName
	timed    bool                      // whether quanta were counted
	events   [ledger.NumKinds]Interval // what one event adds to a figure, in joules
}

// newSheet takes over the prices that a figure with the boundary contains.
func newSheet(run *ledger.Run, chip *hwmodel.Chip, boundary hwmodel.BoundaryName) *sheet {
	s := &sheet{chip: chip, boundary: boundary, timed: timed(run)}
	for k := range s.events {
		p := &chip.Prices[k]
		if p.State == hwmodel.Priced && boundary.Covers(ledger.Kind(k)) {
			s.events[k] = Interval{p.Nominal, p.Low, p.High}
		}
	}
	return s
}

// joules prices counts. The sum runs in the order of the ledger, so equal
// counts give equal bits.
func (s *sheet) joules(counts *ledger.Counts) Interval {
	var sum Interval
	for k, n := range counts {
		sum = sum.plus(s.events[k].times(float64(n)))
	}
	return sum
}

// leaf prices one kind; counts are sums over the given number of samples.
func (s *sheet) leaf(k ledger.Kind, count uint64, samples int) Leaf {
	p := &s.chip.Prices[k]
	perInference := float64(count) / float64(samples)
	l := Leaf{
		Kind: k.String(), Unit: ledger.Kinds[k].Unit, Count: count, PerInference: perInference,
		State: p.State, Scope: p.Scope, Follows: string(follows[k].what), Because: follows[k].why, Evidence: p.Evidence, VoltageV: p.VoltageV,
		Source: p.Source, Derivation: p.Derivation,
		Missing: s.missing(k, count),
	}
	if p.DrawnWith != nil {
		l.DrawnWith = p.DrawnWith.String()
	}
	switch p.State {
	case hwmodel.IncludedIn:
		l.IncludedIn = p.Includer.String()
	case hwmodel.Priced, hwmodel.ZeroFact:
		price := s.events[k]
		l.Price = &price
		if l.Missing == "" {
			joules := price.times(perInference)
			l.Joules = &joules
		}
	}
	return l
}

// missing says why a figure lacks joules of a kind, or nothing if it lacks
// none.
func (s *sheet) missing(k ledger.Kind, count uint64) string {
	p := &s.chip.Prices[k]
	uncounted := ledger.Kinds[k].Class == ledger.Time && !s.timed
	switch {
	case uncounted && (p.State == hwmodel.Priced || p.State == hwmodel.Unknown):
		return "not counted: the run has no timing model"
	case count == 0:
		return ""
	case p.State == hwmodel.Unknown:
		return "price unknown: " + p.Source
	case p.State == hwmodel.IncludedIn && !s.boundary.Covers(p.Includer):
		return fmt.Sprintf("priced only inside %s, which this boundary leaves out", p.Includer)
	}
	return ""
}

// beyond tells whether a price inside the boundary covers events outside it,
// so that the figure holds more than its boundary says.
func (s *sheet) beyond(k ledger.Kind) bool {
	p := &s.chip.Prices[k]
	return p.State == hwmodel.IncludedIn && !s.boundary.Covers(k) && s.boundary.Covers(p.Includer)
}
