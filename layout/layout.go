// Package layout holds the image of a chip: what the cores' crossbars, neuron
// columns, destinations, partial-sum links and host ports are set to, and the
// schedule by which the host drives them.
//
// Places are logical core numbers with mesh coordinates beside them. Labels
// name the layer and neuron a cell stands for; they are labels only, and the
// meaning of an image never depends on them. Times are ticks.
package layout

import (
	"tritloom/encode"
	"tritloom/hwmodel"
)

// Layout is a whole chip image.
type Layout struct {
	Chip         string               // name of the chip description it was compiled for
	Capabilities hwmodel.Capabilities // what that chip can do, in full
	Network      string               // hash of the network it was compiled from
	Encoder      encode.Encoder       // the network's own encoder
	Inputs       int                  // width of the input, in bits
	Layers       []LayerLabel         // what labels refer to, in evaluation order
	Readout      LayerLabel           // label layer number len(Layers)
	Classes      []string             // names of the scores
	Cores        []Core               // by logical number
	InputMap     []InputEntry         // sorted by input, core, axon
	OutputMap    []OutputEntry        // sorted by class
	// OutputBias is nil on chips with score ports. Otherwise the host counts
	// spikes: it scores a class by its bias here plus the spikes that the column
	// which OutputMap names for it fires in Schedule.OutputTicks ticks, from its
	// level on. Classes that always or never win have no column.
	OutputBias []int32
	Schedule   Schedule
}

// LayerLabel names a layer and says how many neurons it has on the chip.
type LayerLabel struct {
	Name    string `json:"name"`
	Neurons int    `json:"neurons"`
}

// Label says what a cell stands for.
type Label struct {
	Layer  int32 // UnusedLabel, InputLabel, or an index; len(Layout.Layers) is the readout
	Neuron int32
}

// Label layers that are not layers.
const (
	ControlLabel = -3 // axons that the schedule's control spikes come to
	UnusedLabel  = -2
	InputLabel   = -1
)

// NoLabel is the label of unused cells.
var NoLabel = Label{UnusedLabel, 0}

// Core is one core: Axons rows by Neurons columns of crosspoints.
type Core struct {
	X, Y    int
	Axons   []Axon   // one a crossbar row
	Columns []Column // one a crossbar column
	// Planes are the bit planes of the crosspoints, see PlaneNames.
	Planes []Plane
}

// Axon is one crossbar row's input line.
type Axon struct {
	Type  uint8 // typed-binary: which entry of the column's weight table applies
	Label Label // the neuron or input whose spikes arrive here
}

// Plane is one bit of every crosspoint of a core, row = axon.
type Plane struct {
	Columns int
	Words   []uint64 // Stride words a row, column c at bit c%64 of word c/64
}

// NewPlane makes a plane of zeros.
func NewPlane(rows, columns int) Plane {
	return Plane{columns, make([]uint64, rows*((columns+63)/64))}
}

// Stride is the number of words a row takes.
func (p Plane) Stride() int { return (p.Columns + 63) / 64 }

// Row gives the words of one row.
func (p Plane) Row(row int) []uint64 { s := p.Stride(); return p.Words[row*s : (row+1)*s] }

// Get tells the bit at (row, column).
func (p Plane) Get(row, column int) bool {
	return p.Words[row*p.Stride()+column/64]>>(uint(column)%64)&1 == 1
}

// Put sets the bit at (row, column) to v.
func (p Plane) Put(row, column int, v bool) {
	w := &p.Words[row*p.Stride()+column/64]
	*w &^= 1 << (uint(column) % 64)
	if v {
		*w |= 1 << (uint(column) % 64)
	}
}

// Role is what a column does with its sum.
type Role uint8

const (
	// Unused columns do nothing; every field of them is zero.
	Unused Role = iota
	// Sender columns keep no state: they send their sum plus what they
	// received over their one psum link, once each scheduled tick.
	Sender
	// Spiking columns compare their potential with a threshold and fire.
	Spiking
	// Score columns hand their potential to the host as an integer.
	Score
)

// Roles names the roles in files and texts.
var Roles = [...]string{Unused: "unused", Sender: "send", Spiking: "spike", Score: "score"}

func (r Role) String() string { return Roles[r] }

// Reset is what a spiking column's potential becomes.
type Reset uint8

const (
	// Clear sets V := 0 at the end of every evaluated tick, fired or not: a
	// step neuron.
	Clear Reset = iota
	// ToZero sets V := 0 on a spike, or to Dynamics.ResetTo.
	ToZero
	// Subtract takes the threshold off V on a spike.
	Subtract
	// Keep leaves V as it is on a spike.
	Keep
)

// Resets names the resets as chips declare them.
var Resets = [...]string{Clear: hwmodel.ResetClear, ToZero: hwmodel.ResetZero, Subtract: hwmodel.ResetSubtract, Keep: hwmodel.ResetKeep}

func (r Reset) String() string { return Resets[r] }

// AxonTypes is the number of entries of a typed-binary weight table.
const AxonTypes = 4

// Column is one neuron column. On an evaluated tick:
//
//	V := V + Σ weights of active axons + received partial sum + Leak
//
// then by role: a spiking column fires if V >= Theta and resets, see Dynamics for
// what it may do besides; a score column hands V to the host and clears it; a
// sender sends the sum and has neither potential, threshold nor leak. Where a wave
// stays several ticks (Schedule.Steps), a score column adds up V over them, adds
// its leak once, on the last one, and hands V out then.
type Column struct {
	Role  Role
	Reset Reset
	Theta int32
	Leak  int32
	// Level is the tick of a wave, counted from its input tick, at which this
	// column is evaluated for that wave.
	Level int32
	// TypeWeights is the weight an active connected axon of each type adds;
	// typed-binary only.
	TypeWeights [AxonTypes]int32
	// Dynamics is what a spiking column does beyond the equation above.
	Dynamics Dynamics
	// Psum is the column a sender sends to, NoLink for the others.
	Psum Link
	// Dests are the axons a spike is sent to, sorted by core, axon, delay.
	Dests []Dest
	Label Label
}

// Link names a column of a core.
type Link struct{ Core, Column int32 }

// NoLink is the link of columns that are no senders.
var NoLink = Link{-1, -1}

// Dest is one axon a spike goes to and the ticks it takes.
type Dest struct {
	Core, Axon int32
	Delay      int32 // ticks, at least 1
}

// UnusedColumn is the one value of an unused column.
var UnusedColumn = Column{Psum: NoLink, Label: NoLabel}

// InputEntry puts an input bit on an axon.
type InputEntry struct {
	Input      int32
	Core, Axon int32
	Delay      int32 // ticks after the wave's input tick, at least 0
}

// OutputEntry says which column the host reads for a class: a score column, or
// a spiking one whose spikes leave the chip.
type OutputEntry struct {
	Core, Column int32
	Class        int32
}

// Schedule says how the host drives inferences, in ticks.
type Schedule struct {
	// Steps is how many ticks in a row a wave is due at every level: the steps of a
	// network whose neurons keep a potential. The host writes the input of a wave
	// anew in each. 0 stands for one step; 1 is not used.
	Steps int `json:"steps"`
	// TicksPerInference is from a wave's input tick to the end of its
	// decision tick.
	TicksPerInference int `json:"ticks_per_inference"`
	// InitiationInterval is the least number of ticks between two waves.
	InitiationInterval int `json:"initiation_interval_ticks"`
	// OutputTicks is how many ticks the host listens to a column whose spikes it
	// counts: 0 with score ports, 1 for a decision, more for a burst that drains
	// a score as that many spikes.
	OutputTicks int `json:"output_ticks"`
	// Controls are spikes the host writes for every wave: bias, strobe, clear.
	Controls []Control `json:"controls"`
}

// Control is one host spike of the schedule.
type Control struct {
	Tick int32 `json:"tick"` // of the wave
	Core int32 `json:"core"`
	Axon int32 `json:"axon"`
}

// StepCount is how many ticks in a row a wave is due at every level, 1 or more.
func (s *Schedule) StepCount() int { return max(1, s.Steps) }

// CountsSpikes tells whether the host counts spikes instead of reading scores.
func (l *Layout) CountsSpikes() bool { return l.OutputBias != nil }

// Bursts tells whether scores leave as bursts: a score column fires once a tick
// until its potential is drained, and the host counts.
func (l *Layout) Bursts() bool { return l.CountsSpikes() && l.Schedule.OutputTicks > 1 }

// DecidesBySpikes tells whether the chip itself decides: one spike says which
// class wins.
func (l *Layout) DecidesBySpikes() bool { return l.CountsSpikes() && !l.Bursts() }

// ThresholdInLeak tells whether step neurons keep their threshold as negative
// leak: on typed-binary cores a neuron forgets its potential every tick only if
// both its thresholds are zero, so V := V - θ first and then V >= 0.
func (l *Layout) ThresholdInLeak() bool {
	return l.Capabilities.Core.SynapseMode == hwmodel.TypedBinary
}

// NewCore makes an empty core of the given capabilities.
func NewCore(c hwmodel.Core) Core {
	core := Core{Axons: make([]Axon, c.Axons), Columns: make([]Column, c.Neurons)}
	for a := range core.Axons {
		core.Axons[a].Label = NoLabel
	}
	for n := range core.Columns {
		core.Columns[n] = UnusedColumn
	}
	for range Planes(c) {
		core.Planes = append(core.Planes, NewPlane(c.Axons, c.Neurons))
	}
	return core
}
