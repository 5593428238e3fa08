package interop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tritloom/layout"
)

// The files of RANC's simulator, as our exports name them. Keys that are not ours
// are left alone, as the simulator does; keys it needs are needed here.
const (
	rancConfig = "config.json"
	rancInput  = "input.json"
)

// rancJSONConfig is config.json. NeuronResetType 0 resets below the negative
// threshold, 1 at it too.
type rancJSONConfig struct {
	Neurons   int `json:"num_neurons"`
	Axons     int `json:"num_axons"`
	Width     int `json:"num_cores_x"`
	Height    int `json:"num_cores_y"`
	Weights   int `json:"num_weights"`
	MaxOffset int `json:"max_tick_offset"`
	NeuronLog int `json:"neuron_block_trace_verbosity"`
	CoreLog   int `json:"core_controller_trace_verbosity"`
	SchedLog  int `json:"scheduler_trace_verbosity"`
	ResetType int `json:"neuron_reset_type"`
}

// rancJSONInput is the simulator's input. Pointers tell what is not there.
type rancJSONInput struct {
	Packets [][]rancJSONPacket `json:"packets"`
	Bus     *rancJSONBus       `json:"output_bus"`
	Cores   []rancJSONCore     `json:"cores"`
}

type rancJSONPacket struct {
	Core *[2]int32 `json:"destination_core"`
	Axon *int32    `json:"destination_axon"`
	Tick *int32    `json:"destination_tick"`
}

type rancJSONBus struct {
	At      *[2]int32 `json:"coordinates"`
	Outputs *int32    `json:"num_outputs"`
}

func (b *rancJSONBus) place() [2]int { return [2]int{int(b.At[0]), int(b.At[1])} }

type rancJSONCore struct {
	At          *[2]int32        `json:"coordinates"`
	Axons       []int32          `json:"axons"`
	Neurons     []rancJSONNeuron `json:"neurons"`
	Connections [][]int8         `json:"connections"`
}

type rancJSONNeuron struct {
	ResetPotential *int32    `json:"reset_potential"`
	Weights        []int32   `json:"weights"`
	Leak           *int32    `json:"leak"`
	Positive       *int32    `json:"positive_threshold"`
	Negative       *int32    `json:"negative_threshold"`
	Offset         *[2]int32 `json:"destination_core_offset"`
	Axon           *int32    `json:"destination_axon"`
	Tick           *int32    `json:"destination_tick"`
	Potential      *int32    `json:"current_potential"`
	ResetMode      *int32    `json:"reset_mode"`
}

// RANCFile is a text with the name that messages give it.
type RANCFile struct {
	Name string
	Text []byte
}

// ImportRANCJSON reads the simulator's input and configuration, and what the
// simulator printed for it, if expected is not nil: a line of 0 and 1 a tick, an
// output each. The first line is printed before the first tick.
func ImportRANCJSON(input, config RANCFile, expected *RANCFile) (*RANC, error) {
	c, err := parseRANCConfig(config.Name, config.Text)
	if err != nil {
		return nil, err
	}
	in, err := parseRANCInput(input.Name, input.Text)
	if err != nil {
		return nil, err
	}
	g := &ranc{
		width: c.Width, height: c.Height, axons: c.Axons, neurons: c.Neurons, delayMax: c.MaxOffset, symmetric: c.ResetType == 1,
		bus: in.Bus.place(), outputs: int(*in.Bus.Outputs), cells: len(in.Cores),
	}
	if err := g.checkSize(g.cells); err != nil {
		return nil, fmt.Errorf("%s: %w", config.Name, err)
	}
	if err := g.takeJSON(in, c.Weights); err != nil {
		return nil, fmt.Errorf("%s: %w", input.Name, err)
	}
	var record *rancRecord
	if expected != nil {
		if record, err = readPrinted(*expected, g.outputs); err != nil {
			return nil, err
		}
	}
	r, err := g.build(record, 0, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", input.Name, err)
	}
	if r.Case != nil {
		r.Case.Name = caseName(input.Name)
	}
	return r, nil
}

// parseJSON decodes one JSON value and nothing after it; messages give the line.
func parseJSON(name string, text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))))
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); more == nil {
			return fmt.Errorf("%s: text after the JSON object; take it away", name)
		}
		return nil
	}
	at := d.InputOffset()
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	} else if errors.As(err, &wrongType) {
		at = wrongType.Offset
	}
	line := 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n"))
	return fmt.Errorf("%s:%d: %s; want the JSON of RANC's simulator", name, line, strings.TrimPrefix(err.Error(), "json: "))
}

func parseRANCConfig(name string, text []byte) (*rancJSONConfig, error) {
	var c rancJSONConfig
	if err := parseJSON(name, text, &c); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		key       string
		value     int
		low, high int
	}{
		{"num_neurons", c.Neurons, 1, rancMaxCore}, {"num_axons", c.Axons, 1, rancMaxCore},
		{"num_cores_x", c.Width, 1, rancMaxSide}, {"num_cores_y", c.Height, 1, rancMaxSide},
		{"num_weights", c.Weights, 1, layout.AxonTypes}, {"max_tick_offset", c.MaxOffset, 1, 1023},
		{"neuron_reset_type", c.ResetType, 0, 1},
	} {
		if f.value < f.low || f.value > f.high {
			return nil, fmt.Errorf("%s: %s %d; want %d..%d", name, f.key, f.value, f.low, f.high)
		}
	}
	return &c, nil
}

func parseRANCInput(name string, text []byte) (*rancJSONInput, error) {
	var in rancJSONInput
	if err := parseJSON(name, text, &in); err != nil {
		return nil, err
	}
	if in.Bus == nil || in.Bus.At == nil || in.Bus.Outputs == nil {
		return nil, fmt.Errorf("%s: no output_bus with coordinates and num_outputs; add it", name)
	}
	if n := *in.Bus.Outputs; n < 0 || n > rancMaxCells {
		return nil, fmt.Errorf("%s: output_bus: num_outputs %d; want 0..%d", name, n, rancMaxCells)
	}
	return &in, nil
}

// takeJSON fills the grid.
func (g *ranc) takeJSON(in *rancJSONInput, weights int) error {
	if !g.inside(g.bus[0], g.bus[1]) {
		return fmt.Errorf("output_bus: coordinates %d,%d; want a place on the grid of %d×%d", g.bus[0], g.bus[1], g.width, g.height)
	}
	g.cores = make([]*rancCore, g.width*g.height)
	named := map[[2]int32]bool{}
	for i := range in.Cores {
		if at := in.Cores[i].At; at != nil && named[*at] {
			return fmt.Errorf("cores[%d]: coordinates %d,%d are taken by an earlier core; want a core once", i, at[0], at[1])
		}
		core, err := g.takeCore(&in.Cores[i], weights)
		if err != nil {
			return fmt.Errorf("cores[%d]%w", i, err)
		}
		named[*in.Cores[i].At] = true
		g.cores[core.x+g.width*core.y] = core
	}
	for tick, packets := range in.Packets[:min(len(in.Packets), rancMaxTicks)] {
		for i, p := range packets {
			where := fmt.Sprintf("packets[%d][%d]", tick, i)
			if p.Core == nil || p.Axon == nil || p.Tick == nil {
				return fmt.Errorf("%s: no destination_core, destination_axon and destination_tick; add what is missing", where)
			}
			if *p.Tick < 0 || int(*p.Tick) >= g.delayMax {
				return fmt.Errorf("%s: destination_tick %d; want 0..%d, below max_tick_offset", where, *p.Tick, g.delayMax-1)
			}
			g.packets = append(g.packets, rancPacket{p.Core[0], p.Core[1], *p.Axon, int32(tick) + *p.Tick, where})
		}
	}
	return nil
}

// takeCore makes a core; errors start with ": ".
func (g *ranc) takeCore(in *rancJSONCore, weights int) (*rancCore, error) {
	if in.At == nil {
		return nil, errors.New(": no coordinates; add them")
	}
	core := &rancCore{x: int(in.At[0]), y: int(in.At[1])}
	where := func(n int) string { return fmt.Sprintf("core (%d,%d) neuron %d", core.x, core.y, n) }
	switch {
	case !g.inside(core.x, core.y):
		return nil, fmt.Errorf(": coordinates %d,%d; want a place on the grid of %d×%d", core.x, core.y, g.width, g.height)
	case [2]int{core.x, core.y} == g.bus:
		return nil, fmt.Errorf(": coordinates %d,%d, where the output bus is; move either", core.x, core.y)
	case len(in.Neurons) > g.neurons:
		return nil, fmt.Errorf(": %d neurons; want at most num_neurons, %d", len(in.Neurons), g.neurons)
	case len(in.Connections) != len(in.Neurons):
		return nil, fmt.Errorf(": %d rows of connections for %d neurons; want a row a neuron", len(in.Connections), len(in.Neurons))
	case len(in.Axons) > g.axons:
		return nil, fmt.Errorf(": %d axons; want at most num_axons, %d", len(in.Axons), g.axons)
	}
	core.types = make([]uint8, g.axons)
	for a, v := range in.Axons {
		if v < 0 || int(v) >= weights {
			return nil, fmt.Errorf(": axon %d has type %d; want 0..%d, below num_weights", a, v, weights-1)
		}
		core.types[a] = uint8(v)
	}
	core.connections, core.where = layout.NewPlane(g.axons, g.neurons), where
	for n, row := range in.Connections {
		if len(row) > g.axons {
			return nil, fmt.Errorf(": %s: %d connections; want at most num_axons, %d", where(n), len(row), g.axons)
		}
		for a, v := range row {
			if v != 0 && v != 1 {
				return nil, fmt.Errorf(": %s: connection %d from axon %d; want 0 or 1", where(n), v, a)
			}
			if v == 1 {
				core.connections.Put(a, n, true)
			}
		}
		neuron, err := g.takeNeuron(&in.Neurons[n], weights)
		if err != nil {
			return nil, fmt.Errorf(": %s: %w", where(n), err)
		}
		core.neurons = append(core.neurons, neuron)
	}
	for len(core.neurons) < g.neurons { // what the simulator fills up with
		core.neurons = append(core.neurons, rancIdle)
	}
	return core, nil
}

func (g *ranc) takeNeuron(in *rancJSONNeuron, weights int) (v rancNeuron, err error) {
	for _, f := range []struct {
		key  string
		from *int32
		to   *int32
	}{
		{"reset_potential", in.ResetPotential, &v.reset}, {"leak", in.Leak, &v.leak}, {"positive_threshold", in.Positive, &v.positive},
		{"negative_threshold", in.Negative, &v.negative}, {"destination_axon", in.Axon, &v.axon}, {"destination_tick", in.Tick, &v.tick},
		{"current_potential", in.Potential, &v.potential},
	} {
		if f.from == nil {
			return v, fmt.Errorf("no %s; add it", f.key)
		}
		if *f.to = *f.from; *f.to < -rancMaxValue || *f.to > rancMaxValue {
			return v, fmt.Errorf("%s %d; want %d..%d", f.key, *f.to, -rancMaxValue, rancMaxValue)
		}
	}
	if in.Offset == nil || in.ResetMode == nil {
		return v, errors.New("no destination_core_offset or no reset_mode; add what is missing")
	}
	if o := *in.Offset; o[0] <= -2*rancMaxSide || o[0] >= 2*rancMaxSide || o[1] <= -2*rancMaxSide || o[1] >= 2*rancMaxSide {
		return v, fmt.Errorf("destination_core_offset %d,%d; want a place on the grid of %d×%d", o[0], o[1], g.width, g.height)
	}
	v.dx, v.dy = in.Offset[0], in.Offset[1]
	switch *in.ResetMode {
	case 0, 1:
		v.linear = *in.ResetMode == 1
	default:
		return v, fmt.Errorf("reset_mode %d; RANC's simulator has 0 (absolute) and 1 (linear) and stops at others; choose one of them", *in.ResetMode)
	}
	if len(in.Weights) > weights {
		return v, fmt.Errorf("%d weights; want at most num_weights, %d", len(in.Weights), weights)
	}
	for t, w := range in.Weights {
		if w < -rancMaxValue || w > rancMaxValue {
			return v, fmt.Errorf("weight %d; want %d..%d", w, -rancMaxValue, rancMaxValue)
		}
		v.weights[t] = w
	}
	return v, nil
}

// readPrinted reads what the simulator printed: a line a tick, the first before
// any tick.
func readPrinted(file RANCFile, outputs int) (*rancRecord, error) {
	record := &rancRecord{bitmap: true}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(file.Text), "\uFEFF")) {
		number++
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != outputs {
			return nil, fmt.Errorf("%s:%d: %d outputs; want %d, as output_bus says", file.Name, number, len(words), outputs)
		}
		var tick []int32
		for i, w := range words {
			switch w {
			case "0":
			case "1":
				tick = append(tick, int32(i))
			default:
				return nil, fmt.Errorf("%s:%d: %.40q; want 0 or 1 for each output", file.Name, number, w)
			}
		}
		if record.perTick = append(record.perTick, tick); len(record.perTick) > rancMaxTicks {
			return nil, fmt.Errorf("%s:%d: more than %d ticks; cut the recording", file.Name, number, rancMaxTicks)
		}
	}
	if len(record.perTick) < 2 {
		return nil, fmt.Errorf("%s: %d lines of outputs; want 2 or more, the first before the first tick", file.Name, len(record.perTick))
	}
	if len(record.perTick[0]) != 0 {
		return nil, fmt.Errorf("%s:1: an output before the first tick; the simulator prints that line with zeros", file.Name)
	}
	record.perTick = record.perTick[1:]
	return record, nil
}
