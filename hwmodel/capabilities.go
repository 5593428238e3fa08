// Package hwmodel describes chips as data: what a chip can do (capabilities),
// how long its events take, and what they cost (prices), every price with its
// unit, source, scope and interval.
//
// A chip is a YAML file. Its capabilities and its prices have a hash each:
// layouts embed the first, reports name the second. No running state lives
// here, and a price that nobody knows is unknown, never zero.
package hwmodel

// Capabilities is what a chip can do: everything the compiler, the layout
// checker and the simulator need, and no price. It is embedded in every
// layout.
type Capabilities struct {
	Core   Core   `yaml:"core" json:"core"`
	Neuron Neuron `yaml:"neuron" json:"neuron"`
	Spikes Spikes `yaml:"spikes" json:"spikes"`
	Psum   Psum   `yaml:"psum" json:"psum"`
	Host   Host   `yaml:"host" json:"host"`
	Tick   Tick   `yaml:"tick" json:"tick"`
	Mesh   Mesh   `yaml:"mesh" json:"mesh"`
}

// SynapseMode is how a crosspoint stores a weight.
type SynapseMode string

const (
	// TypedBinary crosspoints are one bit; the weight of an active axon is
	// the entry of its type in the neuron's small weight table.
	TypedBinary SynapseMode = "typed-binary"
	// TernarySynapse crosspoints hold -1, 0 or +1 in two bits.
	TernarySynapse SynapseMode = "ternary"
	// KBit crosspoints hold a signed integer of k bits.
	KBit SynapseMode = "kbit"
	// Differential crosspoints are pairs of analogue cells.
	Differential SynapseMode = "differential"
)

// ReadOrder is the order in which a core walks its crossbar.
type ReadOrder string

const (
	// AxonMajor reads one row for each active axon.
	AxonMajor ReadOrder = "axon-major"
	// NeuronMajor reads one column for each neuron, whatever is active.
	NeuronMajor ReadOrder = "neuron-major"
)

// Core is the size and the synapses of one core.
type Core struct {
	Axons       int         `yaml:"axons" json:"axons"`     // crossbar rows
	Neurons     int         `yaml:"neurons" json:"neurons"` // crossbar columns
	SynapseMode SynapseMode `yaml:"synapse_mode" json:"synapse_mode"`
	SynapseBits int         `yaml:"synapse_bits" json:"synapse_bits"` // stored bits a crosspoint
	AxonTypes   int         `yaml:"axon_types" json:"axon_types"`     // typed-binary: entries of a neuron's weight table; else 1
	WeightBits  int         `yaml:"weight_bits" json:"weight_bits"`   // signed width of a weight
	ReadOrder   ReadOrder   `yaml:"read_order" json:"read_order"`
	// NeuronBits is what one neuron stores beside its synapses: threshold,
	// leak, potential, destinations, psum link.
	NeuronBits int `yaml:"neuron_bits" json:"neuron_bits"`

	// Of analogue crossbars; a chip file that does not speak of them has neither.

	ConductanceSD1024 int `yaml:"conductance_sd_1024" json:"conductance_sd_1024,omitempty"` // sd of one cell's conductance in 1/1024 of the full one; 0: none known
	ADCBits           int `yaml:"adc_bits" json:"adc_bits,omitempty"`                       // signed width of a conversion; 0: as wide as needed
}

// Reset modes a neuron may offer.
const (
	ResetClear    = "clear"    // V := 0 every tick, fired or not: a step neuron
	ResetZero     = "zero"     // V := 0 on a spike
	ResetSubtract = "subtract" // V := V - θ on a spike
	ResetKeep     = "keep"     // V stays as it is on a spike
)

// Neuron is the arithmetic of one neuron; widths are signed bits.
type Neuron struct {
	PotentialBits int      `yaml:"potential_bits" json:"potential_bits"`
	ThresholdBits int      `yaml:"threshold_bits" json:"threshold_bits"`
	LeakBits      int      `yaml:"leak_bits" json:"leak_bits"` // 0: no leak
	Reset         []string `yaml:"reset" json:"reset"`
	Stochastic    bool     `yaml:"stochastic" json:"stochastic"`

	// What only some chips have; a chip file that does not speak of one lacks it,
	// and a layout that needs it is refused.

	RandomBits         int  `yaml:"random_bits" json:"random_bits,omitempty"`                   // width of the random number of stochastic neurons
	Saturates          bool `yaml:"saturates" json:"saturates,omitempty"`                       // a potential stops at the ends of its width; else leaving it is an error
	NegativeThreshold  bool `yaml:"negative_threshold" json:"negative_threshold,omitempty"`     // potentials below it saturate there or are reset
	ResetPotential     bool `yaml:"reset_potential" json:"reset_potential,omitempty"`           // potentials start at and are reset to other values than 0
	LeakReversal       bool `yaml:"leak_reversal" json:"leak_reversal,omitempty"`               // a leak may follow the sign of the potential
	DecayBits          int  `yaml:"decay_bits" json:"decay_bits,omitempty"`                     // width of the decays of current and potential; 0: no decay
	RefractoryMaxTicks int  `yaml:"refractory_max_ticks" json:"refractory_max_ticks,omitempty"` // longest rest after a spike; 0: none
}

// Axon merges: what two spikes of one tick on one axon become.
const (
	MergeOr  = "or"  // one spike; the second is counted as merged
	MergeAdd = "add" // two spikes
)

// Spikes is how spikes travel.
type Spikes struct {
	// Destinations is how many (core, axon) pairs one neuron may reach; 0
	// means any number (multicast).
	Destinations  int    `yaml:"destinations" json:"destinations"`
	DelayMaxTicks int    `yaml:"delay_max_ticks" json:"delay_max_ticks"` // delays are 1..this
	AxonMerge     string `yaml:"axon_merge" json:"axon_merge"`
}

// Psum is the network of partial sums.
type Psum struct {
	Bits int `yaml:"bits" json:"bits"` // signed width of a partial sum on a link; 0: no psum links
}

// Host is what the host may do at the chip's ports.
type Host struct {
	ScorePorts bool `yaml:"score_ports" json:"score_ports"` // a psum chain may end at an integer port
	WaveGate   bool `yaml:"wave_gate" json:"wave_gate"`     // a column is evaluated only when a wave is valid on it
}

// Tick kinds.
const (
	TickFixed   = "fixed"   // every tick lasts Quanta; an overrun is a violation
	TickBarrier = "barrier" // a tick ends when every core has finished
)

// Tick is the length of a tick.
type Tick struct {
	Kind      string `yaml:"kind" json:"kind"`
	Quanta    uint64 `yaml:"quanta" json:"quanta"`         // length of a fixed tick
	QuantumPS int64  `yaml:"quantum_ps" json:"quantum_ps"` // one quantum of time, in picoseconds
}

// Mesh is the grid of cores, its tiles and its routing.
type Mesh struct {
	Width      int    `yaml:"width" json:"width"`   // cores in x
	Height     int    `yaml:"height" json:"height"` // cores in y
	TileWidth  int    `yaml:"tile_width" json:"tile_width"`
	TileHeight int    `yaml:"tile_height" json:"tile_height"`
	Routing    string `yaml:"routing" json:"routing"` // "xy": x first, then y
	// BufferPackets is how many packets each input port of a router holds; 0:
	// not stated, and cycle by cycle timing is refused.
	BufferPackets int `yaml:"buffer_packets" json:"buffer_packets,omitempty"`
	// TileRouters: the cores of a tile share one router, so that links are counted
	// from tile to tile; else every core has its own.
	TileRouters bool `yaml:"tile_routers" json:"tile_routers,omitempty"`
	// Unicast: a spike sends one packet to every core it reaches, each on its own
	// way; else its packets are one multicast tree.
	Unicast bool `yaml:"unicast" json:"unicast,omitempty"`
}

// Cores is how many cores the chip has.
func (m Mesh) Cores() int { return m.Width * m.Height }

// Router is the place of the router that serves a core: the core's own, or its
// tile's, in tiles.
func (m Mesh) Router(x, y int) (int, int) {
	if m.TileRouters {
		return m.Tile(x, y)
	}
	return x, y
}

// Tile is the tile of a core, in tiles.
func (m Mesh) Tile(x, y int) (int, int) { return x / max(1, m.TileWidth), y / max(1, m.TileHeight) }

// Links is the number of links that a packet crosses from one core to another, per
// axis.
func (m Mesh) Links(x0, y0, x1, y1 int) (dx, dy int) {
	x0, y0 = m.Router(x0, y0)
	x1, y1 = m.Router(x1, y1)
	return Distance(x0, y0, x1, y1)
}

// SignedRange is what a signed integer of the given width can hold.
func SignedRange(bits int) (low, high int64) {
	if bits <= 0 {
		return 0, 0
	}
	return -1 << (bits - 1), 1<<(bits-1) - 1
}

// StoredBits is what the memory of one core holds: every crosspoint and every
// neuron record. The axon scheduler comes on top.
func (c Core) StoredBits() int {
	return c.Axons*c.Neurons*c.SynapseBits + c.Neurons*c.NeuronBits
}

// PS is the length of a fixed tick in picoseconds; 0 for a barrier tick.
func (t Tick) PS() int64 { return int64(t.Quanta) * t.QuantumPS }

// Distance is the number of steps between two places, per axis.
func Distance(x0, y0, x1, y1 int) (dx, dy int) {
	return abs(x1 - x0), abs(y1 - y0)
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
