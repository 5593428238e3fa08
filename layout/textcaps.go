package layout

import (
	"fmt"
	"strconv"
	"strings"

	"tritloom/hwmodel"
)

// capabilityKeys is the one list of words for capabilities in texts. Each
// gives a pointer to the field, which says how its value is written.
var capabilityKeys = []struct {
	key   string
	field func(*hwmodel.Capabilities) any
}{
	{"axons", func(c *hwmodel.Capabilities) any { return &c.Core.Axons }},
	{"neurons", func(c *hwmodel.Capabilities) any { return &c.Core.Neurons }},
	{"mesh", func(c *hwmodel.Capabilities) any { return size{&c.Mesh.Width, &c.Mesh.Height} }},
	{"tile", func(c *hwmodel.Capabilities) any { return size{&c.Mesh.TileWidth, &c.Mesh.TileHeight} }},
	{"routing", func(c *hwmodel.Capabilities) any { return &c.Mesh.Routing }},
	{"psum", func(c *hwmodel.Capabilities) any { return &c.Psum.Bits }},
	{"scores", func(c *hwmodel.Capabilities) any { return &c.Host.ScorePorts }},
	{"gate", func(c *hwmodel.Capabilities) any { return &c.Host.WaveGate }},
	{"merge", func(c *hwmodel.Capabilities) any { return &c.Spikes.AxonMerge }},
	{"delays", func(c *hwmodel.Capabilities) any { return &c.Spikes.DelayMaxTicks }},
	{"destinations", func(c *hwmodel.Capabilities) any { return &c.Spikes.Destinations }},
	{"potential", func(c *hwmodel.Capabilities) any { return &c.Neuron.PotentialBits }},
	{"threshold", func(c *hwmodel.Capabilities) any { return &c.Neuron.ThresholdBits }},
	{"leak", func(c *hwmodel.Capabilities) any { return &c.Neuron.LeakBits }},
	{"resets", func(c *hwmodel.Capabilities) any { return &c.Neuron.Reset }},
	{"stochastic", func(c *hwmodel.Capabilities) any { return &c.Neuron.Stochastic }},
	{"random", func(c *hwmodel.Capabilities) any { return &c.Neuron.RandomBits }},
	{"saturates", func(c *hwmodel.Capabilities) any { return &c.Neuron.Saturates }},
	{"negative", func(c *hwmodel.Capabilities) any { return &c.Neuron.NegativeThreshold }},
	{"rest", func(c *hwmodel.Capabilities) any { return &c.Neuron.ResetPotential }},
	{"reversal", func(c *hwmodel.Capabilities) any { return &c.Neuron.LeakReversal }},
	{"decay", func(c *hwmodel.Capabilities) any { return &c.Neuron.DecayBits }},
	{"refractory", func(c *hwmodel.Capabilities) any { return &c.Neuron.RefractoryMaxTicks }},
	{"buffers", func(c *hwmodel.Capabilities) any { return &c.Mesh.BufferPackets }},
	{"tile_routers", func(c *hwmodel.Capabilities) any { return &c.Mesh.TileRouters }},
	{"unicast", func(c *hwmodel.Capabilities) any { return &c.Mesh.Unicast }},
	{"synapse", func(c *hwmodel.Capabilities) any { return &c.Core.SynapseBits }},
	{"types", func(c *hwmodel.Capabilities) any { return &c.Core.AxonTypes }},
	{"weight", func(c *hwmodel.Capabilities) any { return &c.Core.WeightBits }},
	{"read", func(c *hwmodel.Capabilities) any { return &c.Core.ReadOrder }},
	{"variation", func(c *hwmodel.Capabilities) any { return &c.Core.ConductanceSD1024 }},
	{"adc", func(c *hwmodel.Capabilities) any { return &c.Core.ADCBits }},
	{"state", func(c *hwmodel.Capabilities) any { return &c.Core.NeuronBits }},
	{"tick", func(c *hwmodel.Capabilities) any { return &c.Tick.Kind }},
	{"quanta", func(c *hwmodel.Capabilities) any { return &c.Tick.Quanta }},
	{"quantum_ps", func(c *hwmodel.Capabilities) any { return &c.Tick.QuantumPS }},
}

// size is a width and a height, written 4x2.
type size struct{ width, height *int }

// textDefaults is what a text means where it says nothing: a small chip with
// score ports, without a wave gate.
func textDefaults(mode hwmodel.SynapseMode) hwmodel.Capabilities {
	c := hwmodel.Capabilities{
		Core: hwmodel.Core{
			Axons: 1, Neurons: 1, SynapseMode: mode, SynapseBits: 2, AxonTypes: 1, WeightBits: 2,
			ReadOrder: hwmodel.AxonMajor, NeuronBits: 64,
		},
		Neuron: hwmodel.Neuron{PotentialBits: 16, ThresholdBits: 16, LeakBits: 16, Reset: []string{hwmodel.ResetClear, hwmodel.ResetZero, hwmodel.ResetSubtract}},
		Spikes: hwmodel.Spikes{DelayMaxTicks: 15, AxonMerge: hwmodel.MergeOr},
		Psum:   hwmodel.Psum{Bits: 16},
		Host:   hwmodel.Host{ScorePorts: true},
		Tick:   hwmodel.Tick{Kind: hwmodel.TickBarrier, QuantumPS: 1000},
		Mesh:   hwmodel.Mesh{Width: 1, Height: 1, TileWidth: 1, TileHeight: 1, Routing: "xy"},
	}
	switch mode {
	case hwmodel.TypedBinary:
		c.Core.SynapseBits, c.Core.AxonTypes, c.Core.WeightBits = 1, AxonTypes, 9
	case hwmodel.KBit:
		c.Core.SynapseBits, c.Core.WeightBits = 8, 8
	}
	return c
}

// capabilityWords are the synapse mode, sizes, and whatever differs from
// textDefaults.
func capabilityWords(c *hwmodel.Capabilities) []string {
	words := []string{string(c.Core.SynapseMode)}
	usual := textDefaults(c.Core.SynapseMode)
	for _, k := range capabilityKeys {
		if text := formatField(k.field(c)); text != formatField(k.field(&usual)) {
			words = append(words, k.key, text)
		}
	}
	return words
}

// setCapability reads one value.
func setCapability(c *hwmodel.Capabilities, key, text string) error {
	for _, k := range capabilityKeys {
		if k.key != key {
			continue
		}
		if err := parseField(k.field(c), text); err != nil {
			return fmt.Errorf("%s %q: want something like %s", key, text, formatField(k.field(c)))
		}
		return nil
	}
	return fmt.Errorf("unknown capability %q; known are %s", key, strings.Join(capabilityNames(), " "))
}

func capabilityNames() []string {
	var list []string
	for _, k := range capabilityKeys {
		list = append(list, k.key)
	}
	return list
}

// onOff are the words of truth values.
var onOff = map[bool]string{false: "off", true: "on"}

func formatField(field any) string {
	switch v := field.(type) {
	case *int:
		return strconv.Itoa(*v)
	case *int64:
		return strconv.FormatInt(*v, 10)
	case *uint64:
		return strconv.FormatUint(*v, 10)
	case *bool:
		return onOff[*v]
	case *string:
		return name(*v)
	case *hwmodel.ReadOrder:
		return name(string(*v))
	case *[]string:
		return strings.Join(*v, ",")
	case size:
		return fmt.Sprintf("%dx%d", *v.width, *v.height)
	}
	panic(fmt.Sprintf("layout: no text form for %T", field))
}

func parseField(field any, text string) (err error) {
	switch v := field.(type) {
	case *int:
		*v, err = strconv.Atoi(text)
	case *int64:
		*v, err = strconv.ParseInt(text, 10, 64)
	case *uint64:
		*v, err = strconv.ParseUint(text, 10, 64)
	case *bool:
		*v = text == onOff[true]
		if text != onOff[*v] {
			err = strconv.ErrSyntax
		}
	case *string:
		*v = text
	case *hwmodel.ReadOrder:
		*v = hwmodel.ReadOrder(text)
	case *[]string:
		*v = strings.Split(text, ",")
	case size:
		width, height, _ := strings.Cut(text, "x")
		if *v.width, err = strconv.Atoi(width); err == nil {
			*v.height, err = strconv.Atoi(height)
		}
	default:
		panic(fmt.Sprintf("layout: no text form for %T", field))
	}
	return err
}
