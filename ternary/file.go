package ternary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"tritloom/encode"
	"tritloom/internal/container"
)

// Kind is the container kind of a network file.
const Kind = "network"

// fileHeader is the JSON of a network file: everything but the numbers, which
// are arrays beside it.
//
//	layerN.plus, layerN.minus  uint8 [rows][ceil(width/8)]: bit i%8 of byte i/8
//	                           is weight i; for alphabets within -1, 0, 1
//	layerN.weights             int8 [rows][width]: for other alphabets
//	layerN.theta               int32 [neurons]
//	readout.plus, readout.minus or readout.weights, and readout.bias: of Sum
type fileHeader struct {
	Inputs   int             `json:"inputs"`
	Steps    int             `json:"steps"`
	Alphabet []int8          `json:"alphabet"`
	Layers   []fileLayer     `json:"layers"`
	Readout  fileReadout     `json:"readout"`
	Classes  []string        `json:"classes,omitempty"`
	Encoder  *encode.Encoder `json:"encoder,omitempty"`
	Origin   json.RawMessage `json:"origin,omitempty"`
}

type fileLayer struct {
	Name    string      `json:"name"`
	Op      Op          `json:"op"`
	From    []int       `json:"from"`
	Outputs int         `json:"outputs"`
	Map     *fileWindow `json:"map,omitempty"`
	Neuron  fileNeuron  `json:"neuron"`
}

type fileWindow struct {
	Channels    int `json:"channels"`
	Height      int `json:"height"`
	Width       int `json:"width"`
	OutChannels int `json:"out_channels"`
	KernelH     int `json:"kernel_height"`
	KernelW     int `json:"kernel_width"`
	StrideH     int `json:"stride_height"`
	StrideW     int `json:"stride_width"`
	PadH        int `json:"pad_height"`
	PadW        int `json:"pad_width"`
	Groups      int `json:"groups"`
}

type fileNeuron struct {
	Model Model `json:"model"`
	Reset Reset `json:"reset,omitempty"`
	Leak  int32 `json:"leak,omitempty"`
}

type fileReadout struct {
	Name    string `json:"name"`
	Mode    Mode   `json:"mode"`
	From    []int  `json:"from"`
	Outputs int    `json:"outputs"`
}

// Encode gives the bytes of the network's file, or why it is not a network.
// tool is the version of the program, which the hash leaves out.
func (n *Network) Encode(tool string) ([]byte, error) {
	f, err := n.file(tool)
	if err != nil {
		return nil, err
	}
	return container.Encode(f)
}

// WriteFile writes the network, all of it or nothing.
func (n *Network) WriteFile(path, tool string) error {
	f, err := n.file(tool)
	if err != nil {
		return err
	}
	return container.WriteFile(path, f)
}

// Hash is the content hash of the network's file, "sha256:" and 64 hexadecimal
// digits; how the network was made (Origin) is part of it. It panics on a
// network that is not valid.
func (n *Network) Hash() string {
	f, err := n.file("")
	if err != nil {
		panic("ternary: hash of an invalid network: " + err.Error())
	}
	return f.Hash()
}

// ReadFile reads a network file. Nothing in it is trusted: sizes are held
// against the bytes that are there before memory is taken, and the network is
// validated.
func ReadFile(path string) (*Network, error) {
	f, err := container.ReadFile(path, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromFile(path, f)
}

// Decode reads a network from the bytes of its file; errors start with name.
func Decode(name string, data []byte) (*Network, error) {
	f, err := container.Decode(name, data, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromFile(name, f)
}

// file puts the network into a container.
func (n *Network) file(tool string) (*container.File, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	header, err := n.header()
	if err != nil {
		return nil, err
	}
	f := &container.File{Kind: Kind, Header: header, Tool: tool}
	for i := range n.Layers {
		l := &n.Layers[i]
		if !l.Op.Weighted() {
			continue
		}
		name := fmt.Sprintf("layer%d", i)
		rows, width := l.weightShape(n)
		f.Arrays = append(f.Arrays, weightArrays(name, l.Weights, rows, width, n.Alphabet)...)
		f.Arrays = append(f.Arrays, container.FromInt32(name+".theta", []int{len(l.Theta)}, l.Theta))
	}
	if r := &n.Readout; r.Mode == Sum {
		f.Arrays = append(f.Arrays, weightArrays("readout", r.Weights, r.Outputs, n.Width(r.From), n.Alphabet)...)
		f.Arrays = append(f.Arrays, container.FromInt32("readout.bias", []int{len(r.Bias)}, r.Bias))
	}
	return f, nil
}

// header is the JSON part, with every text as it stands.
func (n *Network) header() (json.RawMessage, error) {
	r := &n.Readout
	h := fileHeader{
		Inputs: n.Inputs, Steps: n.Steps, Alphabet: n.Alphabet, Classes: n.Classes, Origin: n.Origin,
		Layers:  make([]fileLayer, len(n.Layers)),
		Readout: fileReadout{r.Name, r.Mode, notNil(r.From), r.Outputs},
	}
	if n.Encoder.Scheme != "" {
		h.Encoder = &n.Encoder
	}
	texts := append([]string{r.Name}, n.Classes...)
	for i := range n.Layers {
		l := &n.Layers[i]
		texts = append(texts, l.Name)
		h.Layers[i] = fileLayer{Name: l.Name, Op: l.Op, From: notNil(l.From), Outputs: l.Outputs, Neuron: fileNeuron(l.Neuron)}
		if l.Op.windowed() {
			window := fileWindow(l.Map)
			h.Layers[i].Map = &window
		}
	}
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return nil, fmt.Errorf("network: name %q is not UTF-8; rename it", text)
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // names are not for browsers
	if err := e.Encode(&h); err != nil {
		return nil, fmt.Errorf("network: header: %w", err)
	}
	return b.Bytes(), nil
}

// windowed tells whether the operation uses Map.
func (o Op) windowed() bool { return o == Conv2D || o == Or || o == And }

func notNil(from []int) []int { return append([]int{}, from...) }

// fromFile takes the network out of a container.
func fromFile(name string, f *container.File) (*Network, error) {
	n, err := parseHeader(f.Header)
	if err == nil {
		err = n.loadArrays(f)
	}
	if err == nil {
		err = n.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// parseHeader makes the network without its numbers.
func parseHeader(data json.RawMessage) (*Network, error) {
	var h fileHeader
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("network header: %w; the file is damaged or from a newer version", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("network header: text after its end; the file is damaged")
	}
	if len(h.Layers) > MaxLayers {
		return nil, fmt.Errorf("network header: %d layers; at most %d", len(h.Layers), MaxLayers)
	}
	r := &h.Readout
	n := &Network{
		Inputs: h.Inputs, Steps: h.Steps, Alphabet: h.Alphabet, Classes: h.Classes, Origin: h.Origin,
		Readout: Readout{Name: r.Name, Mode: r.Mode, From: r.From, Outputs: r.Outputs},
	}
	if h.Encoder != nil {
		n.Encoder = *h.Encoder
	}
	for _, l := range h.Layers {
		layer := Layer{Name: l.Name, Op: l.Op, From: l.From, Outputs: l.Outputs, Neuron: Neuron(l.Neuron)}
		if l.Map != nil {
			layer.Map = Window(*l.Map)
		}
		n.Layers = append(n.Layers, layer)
	}
	return n, nil
}

// loadArrays fills weights, thresholds and biases. A layer's shape is checked
// before its array is looked at, and a file may hold no array beyond those the
// header calls for.
func (n *Network) loadArrays(f *container.File) error {
	a := arrays{file: f}
	if n.Inputs < 1 || n.Inputs > MaxNeurons {
		return fmt.Errorf("network: %d inputs; want 1..%d", n.Inputs, MaxNeurons)
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		if err := n.validateShape(i); err != nil {
			return fmt.Errorf("network: layer %d %q: %w", i, l.Name, err)
		}
		if l.Op.Weighted() {
			name := fmt.Sprintf("layer%d", i)
			rows, width := l.weightShape(n)
			l.Weights = a.weights(name, rows, width, n.Alphabet)
			l.Theta = a.int32s(name+".theta", l.Outputs)
		}
	}
	r := &n.Readout
	if err := checkFrom(r.From, len(n.Layers)); err != nil {
		return fmt.Errorf("network: readout %q: %w", r.Name, err)
	}
	if r.Mode == Sum {
		r.Weights = a.weights("readout", r.Outputs, n.Width(r.From), n.Alphabet)
		r.Bias = a.int32s("readout.bias", r.Outputs)
	}
	return a.finish()
}

// validateShape checks what a layer claims to be, without its numbers.
func (n *Network) validateShape(i int) error {
	l := &n.Layers[i]
	if err := checkFrom(l.From, i); err != nil {
		return err
	}
	if !slices.Contains(Ops, l.Op) {
		return fmt.Errorf("operation %q; known are %v", l.Op, Ops)
	}
	if l.Op.windowed() {
		return n.validateWindow(l)
	}
	if l.Map != (Window{}) {
		return fmt.Errorf("%s has no feature map; found one", l.Op)
	}
	if l.Outputs < 1 || l.Outputs > MaxNeurons {
		return fmt.Errorf("%d neurons; want 1..%d", l.Outputs, MaxNeurons)
	}
	return nil
}
