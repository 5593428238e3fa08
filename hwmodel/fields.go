package hwmodel

import (
	"fmt"
	"reflect"
	"slices"

	"tritloom/internal/strictyaml"
)

// field is what one capability may be.
type field struct {
	path      string // keys from the section down
	low, high int64  // of a whole number
	choices   []string
	meaning   string
	optional  bool // a file that does not state it means 0 or false: the chip lacks it
}

// fields is the one list of what capabilities may be; Validate and the JSON
// Schema are made from it.
var fields = []field{
	{path: "core.axons", low: 1, high: 65536, meaning: "crossbar rows of a core"},
	{path: "core.neurons", low: 1, high: 65536, meaning: "crossbar columns of a core"},
	{path: "core.synapse_mode", choices: []string{string(TypedBinary), string(TernarySynapse), string(KBit), string(Differential)}, meaning: "how a crosspoint stores a weight"},
	{path: "core.synapse_bits", low: 1, high: 32, meaning: "stored bits of a crosspoint"},
	{path: "core.axon_types", low: 1, high: 256, meaning: "entries of a neuron's weight table; 1 unless typed-binary"},
	{path: "core.weight_bits", low: 1, high: 32, meaning: "signed width of a weight"},
	{path: "core.read_order", choices: []string{string(AxonMajor), string(NeuronMajor)}, meaning: "the order in which a core walks its crossbar"},
	{path: "core.neuron_bits", low: 1, high: 65536, meaning: "bits one neuron stores beside its synapses"},
	{path: "core.conductance_sd_1024", optional: true, low: 0, high: 512, meaning: "standard deviation of one analogue cell's conductance, in 1/1024 of the full one; 0: none known"},
	{path: "core.adc_bits", optional: true, low: 0, high: 24, meaning: "signed width of a conversion of a column's sum; 0: as wide as needed"},
	{path: "neuron.potential_bits", low: 1, high: 32, meaning: "signed width of the potential"},
	{path: "neuron.threshold_bits", low: 1, high: 32, meaning: "signed width of the threshold"},
	{path: "neuron.leak_bits", low: 0, high: 32, meaning: "signed width of the leak; 0: no leak"},
	{path: "neuron.reset", choices: []string{ResetClear, ResetZero, ResetSubtract, ResetKeep}, meaning: "what a neuron may do with its potential after a tick"},
	{path: "neuron.stochastic", meaning: "whether synapses, leaks and thresholds may be random"},
	{path: "neuron.random_bits", optional: true, low: 0, high: 24, meaning: "width of the random number of stochastic neurons; 0: none"},
	{path: "neuron.saturates", optional: true, meaning: "whether a potential stops at the ends of its width; else leaving it is an error"},
	{path: "neuron.negative_threshold", optional: true, meaning: "whether potentials below a threshold saturate there or are reset"},
	{path: "neuron.reset_potential", optional: true, meaning: "whether potentials may start at and be reset to other values than 0"},
	{path: "neuron.leak_reversal", optional: true, meaning: "whether a leak may follow the sign of the potential"},
	{path: "neuron.decay_bits", optional: true, low: 0, high: 16, meaning: "width of the decays of current and potential; 0: no decay"},
	{path: "neuron.refractory_max_ticks", optional: true, low: 0, high: 65535, meaning: "longest rest after a spike, in ticks; 0: none"},
	{path: "spikes.destinations", low: 0, high: 65536, meaning: "(core, axon) pairs one neuron may reach; 0: any number"},
	{path: "spikes.delay_max_ticks", low: 1, high: 1023, meaning: "the longest delay of a spike, in ticks"},
	{path: "spikes.axon_merge", choices: []string{MergeOr, MergeAdd}, meaning: "what two spikes of one tick on one axon become"},
	{path: "psum.bits", low: 0, high: 32, meaning: "signed width of a partial sum on a link; 0: no links"},
	{path: "host.score_ports", meaning: "whether a chain of partial sums may end at an integer port"},
	{path: "host.wave_gate", meaning: "whether a column is evaluated only when a wave is valid on it"},
	{path: "tick.kind", choices: []string{TickFixed, TickBarrier}, meaning: "whether ticks have one length or end when every core has finished"},
	{path: "tick.quanta", low: 0, high: 1 << 32, meaning: "length of a fixed tick, in quanta; 0 for a barrier"},
	{path: "tick.quantum_ps", low: 1, high: 1_000_000_000, meaning: "one quantum of time, in picoseconds"},
	{path: "mesh.width", low: 1, high: 4096, meaning: "cores in x"},
	{path: "mesh.height", low: 1, high: 4096, meaning: "cores in y"},
	{path: "mesh.tile_width", low: 1, high: 4096, meaning: "cores of a tile in x"},
	{path: "mesh.tile_height", low: 1, high: 4096, meaning: "cores of a tile in y"},
	{path: "mesh.buffer_packets", optional: true, low: 0, high: 65536, meaning: "packets an input port of a router holds; 0: not stated, and no timing cycle by cycle"},
	{path: "mesh.tile_routers", optional: true, meaning: "whether the cores of a tile share one router: links run from tile to tile, and none is crossed within one"},
	{path: "mesh.unicast", optional: true, meaning: "whether a spike sends one packet to every core it reaches; else its packets share the links of one tree"},
	{path: "mesh.routing", choices: []string{"xy"}, meaning: "the order in which packets cross the mesh: x first, then y"},
}

// fault is an error about one entry of a chip; the loader adds where in the
// file it stands.
type fault struct {
	path string // keys from the top of a chip file
	also string // another entry that takes part, to point at if path was stated in an extended file
	text string
}

func (f *fault) Error() string { return f.text }

// Validate checks every capability against its range and against the others.
func (c *Capabilities) Validate() error {
	values := leafValues(c)
	for _, f := range fields {
		if err := f.check(values[f.path]); err != nil {
			return err
		}
	}
	return c.checkTogether()
}

// check compares one value with what its field allows.
func (f field) check(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		return f.checkRange(v.Int(), v.Int() < f.low || v.Int() > f.high)
	case reflect.Uint64:
		return f.checkRange(v.Uint(), v.Uint() < uint64(f.low) || v.Uint() > uint64(f.high))
	case reflect.String:
		if !slices.Contains(f.choices, v.String()) {
			return f.fault("= %q; want %s; write one of them", v.String(), strictyaml.OneOf(f.choices))
		}
	case reflect.Slice:
		return f.checkList(v.Interface().([]string))
	}
	return nil
}

func (f field) checkRange(value any, outside bool) error {
	if outside {
		return f.fault("= %d; want %d..%d; see the embedded chips for usual values", value, f.low, f.high)
	}
	return nil
}

func (f field) checkList(list []string) error {
	if len(list) == 0 {
		return f.fault("is empty; want at least one of %s; write those the chip has", strictyaml.OneOf(f.choices))
	}
	for i, s := range list {
		if !slices.Contains(f.choices, s) {
			return f.fault("holds %q; want %s; write one of them", s, strictyaml.OneOf(f.choices))
		}
		if slices.Contains(list[:i], s) {
			return f.fault("holds %q twice; want each once; take one out", s)
		}
	}
	return nil
}

func (f field) fault(format string, args ...any) error {
	return capabilityFault(f.path, format, args...)
}

func capabilityFault(path, format string, args ...any) error {
	path = "capabilities." + path
	return &fault{path: path, text: path + " " + fmt.Sprintf(format, args...)}
}

// checkTogether holds the rules that tie capabilities to each other.
func (c *Capabilities) checkTogether() error {
	switch {
	case c.Core.SynapseMode == TypedBinary && c.Core.SynapseBits != 1:
		return capabilityFault("core.synapse_bits", "= %d; want 1, as a typed-binary crosspoint stores 1 bit; write 1, or choose another synapse_mode", c.Core.SynapseBits)
	case c.Core.SynapseMode == TernarySynapse && c.Core.SynapseBits != 2:
		return capabilityFault("core.synapse_bits", "= %d; want 2, as a ternary crosspoint stores 2 bits; write 2, or choose another synapse_mode", c.Core.SynapseBits)
	case c.Core.SynapseMode == TernarySynapse && c.Core.WeightBits != 2:
		return capabilityFault("core.weight_bits", "= %d; want 2, as a ternary weight is 2 bits wide; write 2, or choose another synapse_mode", c.Core.WeightBits)
	case c.Core.SynapseMode != TypedBinary && c.Core.AxonTypes != 1:
		return capabilityFault("core.axon_types", "= %d; want 1, as only typed-binary cores have axon types; write 1, or choose that synapse_mode", c.Core.AxonTypes)
	case c.Core.ConductanceSD1024 > 0 && c.Core.SynapseMode != Differential:
		return capabilityFault("core.conductance_sd_1024", "= %d on %s crosspoints; want 0, as only differential ones are analogue; leave it out", c.Core.ConductanceSD1024, c.Core.SynapseMode)
	case c.Core.ADCBits > 0 && (c.Core.SynapseMode == TypedBinary || c.Core.SynapseMode == TernarySynapse):
		return capabilityFault("core.adc_bits", "= %d on %s crosspoints; want 0, as they are added up digitally; leave it out", c.Core.ADCBits, c.Core.SynapseMode)
	case c.Neuron.Stochastic != (c.Neuron.RandomBits > 0):
		return capabilityFault("neuron.random_bits", "= %d, stochastic: %v; want 1 or more bits on stochastic chips and 0 on others; change one of the two", c.Neuron.RandomBits, c.Neuron.Stochastic)
	case c.Host.ScorePorts && c.Psum.Bits == 0:
		return capabilityFault("host.score_ports", "= true without partial sums; want psum.bits of at least 1; give the chip partial sums, or say score_ports: false")
	case c.Tick.Kind == TickFixed && c.Tick.Quanta == 0:
		return capabilityFault("tick.quanta", "= 0; want 1 or more, as a fixed tick lasts at least 1 quantum; write its length, or say kind: barrier")
	case c.Tick.Kind == TickBarrier && c.Tick.Quanta != 0:
		return capabilityFault("tick.quanta", "= %d; want 0, as a barrier tick has no length of its own; write 0, or say kind: fixed", c.Tick.Quanta)
	case c.Mesh.TileWidth > c.Mesh.Width:
		return capabilityFault("mesh.tile_width", "= %d; want 1..%d, the mesh's width; write less, or widen the mesh", c.Mesh.TileWidth, c.Mesh.Width)
	case c.Mesh.TileHeight > c.Mesh.Height:
		return capabilityFault("mesh.tile_height", "= %d; want 1..%d, the mesh's height; write less, or heighten the mesh", c.Mesh.TileHeight, c.Mesh.Height)
	}
	return nil
}

// leafValues finds every capability by its path.
func leafValues(c *Capabilities) map[string]reflect.Value {
	values := map[string]reflect.Value{}
	sections := reflect.ValueOf(c).Elem()
	for i := range sections.NumField() {
		section := sections.Field(i)
		for j := range section.NumField() {
			values[key(sections.Type().Field(i))+"."+key(section.Type().Field(j))] = section.Field(j)
		}
	}
	return values
}

// key is the name of a struct field in chip files.
func key(f reflect.StructField) string { return f.Tag.Get("yaml") }
