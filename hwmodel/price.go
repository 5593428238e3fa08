package hwmodel

import "tritloom/ledger"

// Picojoule in joules; write coefficients as 23.6 * Picojoule.
const Picojoule = 1e-12

// State is what is known of a price.
type State string

const (
	Priced     State = "priced"      // a value with its interval
	ZeroFact   State = "zero"        // zero, declared as a fact about the chip
	IncludedIn State = "included_in" // a lumped price of another kind covers it
	Unknown    State = "unknown"     // nobody knows; totals become lower bounds
)

// Scope is what a value covers.
type Scope string

const (
	Marginal Scope = "marginal" // one more event of this kind
	AllIn    Scope = "all-in"   // total power over this event's rate
	Static   Scope = "static"   // paid whatever happens
)

// Evidence grades where a number comes from, best first.
type Evidence string

const (
	Measured  Evidence = "measured"  // on silicon
	Simulated Evidence = "simulated" // circuit simulation, calibrated model
	Derived   Evidence = "derived"   // arithmetic from measured numbers
	Estimated Evidence = "estimated" // scaled, read off, or carried over from another chip
	Assumed   Evidence = "assumed"   // a choice, and said to be one
)

// Evidences lists the grades, best first.
var Evidences = []Evidence{Measured, Simulated, Derived, Estimated, Assumed}

// Law says how a price follows a change of core geometry.
type Law string

const (
	Absolute    Law = ""                 // holds for the declared geometry only
	AnyGeometry Law = "any-geometry"     // does not depend on any size
	PerRowBit   Law = "per-bit-of-row"   // proportional to neurons × synapse bits
	PerNeuron   Law = "per-neuron-state" // proportional to the neuron's own stored bits
	PerPitch    Law = "per-core-pitch"   // a wire across one core: proportional to the square root of the core's stored bits
	PerTick     Law = "per-tick-length"  // a power over one tick: proportional to the tick's length
	PerBitTick  Law = "per-bit-and-tick" // leakage: proportional to the core's stored bits and the tick's length
)

// States, Scopes and Laws list what a price may say.
var (
	States = []State{Priced, ZeroFact, IncludedIn, Unknown}
	Scopes = []Scope{Marginal, AllIn, Static}
	Laws   = []Law{Absolute, AnyGeometry, PerRowBit, PerNeuron, PerPitch, PerTick, PerBitTick}
)

// Price is what one event costs. Energies are joules per event.
type Price struct {
	Kind               ledger.Kind
	State              State
	Includer           ledger.Kind   // IncludedIn: the kind that covers it
	Covers             []ledger.Kind // Priced: kinds the value is said to hold; each must be included in it
	DrawnWith          *ledger.Kind  // Priced: the kind whose uncertainty it shares; nil: it has one of its own
	MeasuredAt         *MeasuredAt   // Priced: how dense its events were where it was measured; nil: not stated
	Scope              Scope
	Nominal, Low, High float64 // joules
	VoltageV           float64 // 0: not stated
	NodeNM             float64 // 0: not stated
	Evidence           Evidence
	Source             string // Priced: paper and table, or "assumed: why"; ZeroFact, Unknown: the reason
	Derivation         string // the arithmetic from the source to the value
	Law                Law
	AbsoluteReason     string // Absolute: why the price has no law, if that is stated
	LatencyQuanta      uint64 // how long the event takes, in quanta
	LatencySource      string
	LatencyKnown       bool // whether the chip file states a latency at all
}

// MeasuredAt is how many events of a price came with one event of another kind where
// the value was measured. What the other event costs by itself is inside the value, so
// that a run of another ratio is priced too low or too high.
type MeasuredAt struct {
	Event ledger.Kind
	Ratio float64
}

// Prices is one price a kind.
type Prices [ledger.NumKinds]Price

// Latencies is how many quanta an event of each kind takes; the analytic
// timing model of the simulator uses it. Kinds whose Boundary is the core take
// time of the core; kinds beyond it take time of the network or the ports.
type Latencies [ledger.NumKinds]uint64

// Chip is a whole chip description.
type Chip struct {
	Name         string
	Title        string // one line
	Hypothetical bool   // no such silicon; every print says so
	Capabilities Capabilities
	Prices       Prices
	Voltage      *VoltageModel // nil: the prices hold at the voltages they state
	TickModel    *TickModel    // nil: the prices hold for the tick of the capabilities
	Notes        []string
	Extends      []string // names of the chips it was derived from, nearest first
	Files        []string // it was read from, those it extends among them; none for embedded chips
}

// Latencies gives the latency of every kind. A kind without one takes no time:
// UnknownLatencies lists those that may well take some.
func (c *Chip) Latencies() Latencies {
	var l Latencies
	for k := range c.Prices {
		l[k] = c.Prices[k].LatencyQuanta
	}
	return l
}
