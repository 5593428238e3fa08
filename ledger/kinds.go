// Package ledger holds the one table of event kinds, counts of them, and the
// record of a run.
//
// Counts are integers and carry no joule and no second: a run is counted once
// and may be priced many times. Nothing here knows networks, chips or prices.
package ledger

// Kind is one kind of countable event on a chip. The kinds are the rows of
// Kinds; their order is the order of every count vector and of every printed
// table.
type Kind uint8

// Class says who counts a kind.
type Class uint8

const (
	// Activity kinds follow from the spikes alone: every engine must count
	// them alike, and no timing model may change them.
	Activity Class = iota
	// Time kinds follow from the timing model, in quanta of the chip.
	Time
)

func (c Class) String() string {
	if c == Time {
		return "time"
	}
	return "activity"
}

// The event kinds.
const (
	AxonWrite     Kind   = iota // a spike is put into a slot of a core's axon scheduler
	AxonRead                    // an active axon is taken out of its slot
	AxonMerge                   // a spike finds its axon's slot already set and vanishes in it
	RowRead                     // the crossbar row of an active axon is read
	BitsRead                    // stored synapse bits read by those rows; none on analogue crossbars
	SynapticOp                  // an active axon meets a nonzero synapse of an evaluated neuron
	NeuronTouched               // a neuron column that received synaptic ops is updated
	NeuronIdle                  // a neuron column that received none is updated all the same
	SpikeEmitted                // a neuron fires
	PacketTile                  // a spike packet stays within its tile of cores
	PacketCore                  // a spike packet is delivered to a core
	HopX                        // a spike packet crosses one link in x
	HopY                        // a spike packet crosses one link in y
	ChipCrossing                // a packet crosses a chip boundary
	PsumSend                    // a partial sum leaves its column
	PsumHop                     // a partial sum crosses one link
	ADCConversion               // a column current is converted
	DACRow                      // a row is driven by a converter
	InputSpike                  // the host writes a spike to a (core, axon)
	ControlSpike                // the host writes a scheduled control spike
	OutputSpike                 // a spike leaves to the host
	OutputScore                 // an integer score leaves to the host
	StateReset                  // a neuron's state is reset between inferences
	Barrier                     // all cores wait for each other at the end of a tick
	ConfigWrite                 // a configuration word is written
	CoreTick                    // a powered core lives through a tick
	CoreBusy                    // a core works for a quantum
	CoreWaiting                 // a powered core waits for a quantum
	NumKinds      = iota        // how many kinds there are
)

// Info describes one kind.
type Info struct {
	Name   string // snake case, as in files and chip descriptions
	Unit   string // what one count is
	Class  Class
	Counts string // what is counted, and when
}

// Kinds is the one list of event kinds; chip files, run records and reports
// derive their rows from it. Adding a row here makes every chip file say what
// it costs: the loader refuses a chip that leaves a kind out.
var Kinds = [NumKinds]Info{
	AxonWrite:     {"axon_write", "spike", Activity, "one spike written into a slot of a core's axon scheduler"},
	AxonRead:      {"axon_read", "axon", Activity, "one active axon taken out of its slot when its tick comes"},
	AxonMerge:     {"axon_merge", "spike", Activity, "one spike that found its axon's slot already set"},
	RowRead:       {"row_read", "row", Activity, "one crossbar row read for one active axon"},
	BitsRead:      {"bits_read", "bit", Activity, "one stored synapse bit read with such a row; 0 on analogue crossbars, whose rows are driven"},
	SynapticOp:    {"synaptic_op", "synapse", Activity, "one active axon meeting one nonzero synapse of an evaluated column"},
	NeuronTouched: {"neuron_touched", "neuron", Activity, "one evaluated column that received at least one synaptic op or partial sum"},
	NeuronIdle:    {"neuron_idle", "neuron", Activity, "one evaluated column that received nothing"},
	SpikeEmitted:  {"spike_emitted", "spike", Activity, "one neuron firing"},
	PacketTile:    {"packet_tile", "packet", Activity, "one spike packet delivered to a core of the sender's own tile"},
	PacketCore:    {"packet_core", "packet", Activity, "one spike packet delivered to a core, own core included"},
	HopX:          {"hop_x", "hop", Activity, "one link in x crossed by a spike packet; a multicast tree counts each link once, on a unicast chip every packet its own"},
	HopY:          {"hop_y", "hop", Activity, "one link in y crossed by a spike packet; a multicast tree counts each link once, on a unicast chip every packet its own"},
	ChipCrossing:  {"chip_crossing", "packet", Activity, "one packet crossing a chip boundary"},
	PsumSend:      {"psum_send", "packet", Activity, "one partial sum sent over a psum link, zero included"},
	PsumHop:       {"psum_hop", "hop", Activity, "one mesh link crossed by a partial sum"},
	ADCConversion: {"adc_conversion", "conversion", Activity, "one evaluated column of an analogue crossbar converted to an integer, touched or idle; 0 on digital cores"},
	DACRow:        {"dac_row", "row", Activity, "one row of an analogue crossbar driven for one active axon; 0 on digital cores"},
	InputSpike:    {"input_spike", "spike", Activity, "one spike the host writes to one (core, axon)"},
	ControlSpike:  {"control_spike", "spike", Activity, "one scheduled spike the host writes to hold the schedule"},
	OutputSpike:   {"output_spike", "spike", Activity, "one spike leaving to the host"},
	OutputScore:   {"output_score", "score", Activity, "one integer score leaving to the host"},
	StateReset:    {"state_reset", "neuron", Activity, "one neuron's state set back between inferences"},
	Barrier:       {"barrier", "barrier", Activity, "one end of a tick at which all cores wait for each other"},
	ConfigWrite:   {"config_write", "word", Activity, "one configuration word written"},
	CoreTick:      {"core_tick", "core·tick", Activity, "one powered core living through one tick"},
	CoreBusy:      {"core_busy", "core·quantum", Time, "one core working for one quantum"},
	CoreWaiting:   {"core_waiting", "core·quantum", Time, "one powered core waiting for one quantum"},
}

func (k Kind) String() string { return Kinds[k].Name }

// KindByName finds a kind by its name in files.
func KindByName(name string) (Kind, bool) {
	for k, info := range Kinds {
		if info.Name == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// Counts holds one count a kind, in the unit of that kind.
type Counts [NumKinds]uint64

// Add adds every count of d.
func (c *Counts) Add(d *Counts) {
	for k, n := range d {
		c[k] += n
	}
}

// Sum is the number of events of all kinds together.
func (c *Counts) Sum() uint64 {
	var sum uint64
	for _, n := range c {
		sum += n
	}
	return sum
}
