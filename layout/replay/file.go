package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"tritloom/internal/container"
	"tritloom/layout"
)

// Kind is what recorded-spikes files call themselves: "tritloom-replay/1".
const Kind = "replay"

// fileHeader is the JSON of a case. Beside it are the arrays
//
//	layout    uint8 [bytes]: the image, as a layout file
//	stimuli   int32 [n][3]: tick, core, axon
//	outputs   int32 [n][3]: core, column, index
//	expected  int32 [n][2]: tick, index
type fileHeader struct {
	Name      string `json:"name"`
	Ticks     int    `json:"ticks"`
	FirstTick int    `json:"first_tick"`
	Seed      uint64 `json:"seed"`
	Bitmap    bool   `json:"bitmap"`
}

// Encode gives the bytes of the case's file; equal cases and tools give equal
// bytes. It refuses a case that is not valid.
func (c *Case) Encode(tool string) ([]byte, error) {
	f, err := c.container(tool)
	if err != nil {
		return nil, err
	}
	return container.Encode(f)
}

// WriteFile writes the case atomically: the file is whole or as it was.
func (c *Case) WriteFile(path, tool string) error {
	f, err := c.container(tool)
	if err != nil {
		return err
	}
	return container.WriteFile(path, f)
}

// Hash is the content hash of the case's file. The case must be valid.
func (c *Case) Hash() string {
	f, err := c.container("")
	if err != nil {
		panic("replay: " + err.Error())
	}
	return f.Hash()
}

// ReadFile reads a case and validates it.
func ReadFile(path string) (*Case, error) {
	f, err := container.ReadFile(path, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromContainer(path, f)
}

// Decode reads a case from the bytes of its file and validates it. Errors start
// with name.
func Decode(name string, data []byte) (*Case, error) {
	f, err := container.Decode(name, data, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromContainer(name, f)
}

func (c *Case) container(tool string) (*container.File, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	image, err := c.Layout.Encode("") // the tool is in the case's own header
	if err != nil {
		return nil, err
	}
	header, err := json.Marshal(fileHeader{c.Name, c.Ticks, c.FirstTick, c.Seed, c.Bitmap})
	if err != nil {
		return nil, err
	}
	var stimuli, outputs, expected []int32
	for _, s := range c.Stimuli {
		stimuli = append(stimuli, s.Tick, s.Core, s.Axon)
	}
	for _, o := range c.Outputs {
		outputs = append(outputs, o.Core, o.Column, o.Index)
	}
	for _, e := range c.Expected {
		expected = append(expected, e.Tick, e.Index)
	}
	return &container.File{Kind: Kind, Header: header, Tool: tool, Arrays: []container.Array{
		container.FromUint8("layout", []int{len(image)}, image),
		container.FromInt32("stimuli", []int{len(c.Stimuli), 3}, stimuli),
		container.FromInt32("outputs", []int{len(c.Outputs), 3}, outputs),
		container.FromInt32("expected", []int{len(c.Expected), 2}, expected),
	}}, nil
}

func fromContainer(name string, f *container.File) (*Case, error) {
	c, err := decode(f)
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func decode(f *container.File) (*Case, error) {
	var h fileHeader
	d := json.NewDecoder(bytes.NewReader(f.Header))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("replay header: %w; import the recording again", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("replay header: text after its end; import the recording again")
	}
	c := &Case{Name: h.Name, Ticks: h.Ticks, FirstTick: h.FirstTick, Seed: h.Seed, Bitmap: h.Bitmap}
	for _, a := range f.Arrays {
		if !slices.Contains([]string{"layout", "stimuli", "outputs", "expected"}, a.Name) {
			return nil, fmt.Errorf("replay: array %q is not part of a recording; import it again", a.Name)
		}
	}
	image, err := f.Array("layout")
	if err != nil {
		return nil, err
	}
	data, err := image.Uint8s()
	if err != nil {
		return nil, err
	}
	if c.Layout, err = layout.Decode(`array "layout"`, data); err != nil {
		return nil, err
	}
	stimuli, err := rows(f, "stimuli", 3)
	for ; len(stimuli) > 0; stimuli = stimuli[3:] {
		c.Stimuli = append(c.Stimuli, Spike{stimuli[0], stimuli[1], stimuli[2]})
	}
	if err != nil {
		return nil, err
	}
	outputs, err := rows(f, "outputs", 3)
	for ; len(outputs) > 0; outputs = outputs[3:] {
		c.Outputs = append(c.Outputs, Output{outputs[0], outputs[1], outputs[2]})
	}
	if err != nil {
		return nil, err
	}
	expected, err := rows(f, "expected", 2)
	for ; len(expected) > 0; expected = expected[2:] {
		c.Expected = append(c.Expected, Event{expected[0], expected[1]})
	}
	return c, err
}

// rows are the numbers of an array of so many columns.
func rows(f *container.File, name string, columns int) ([]int32, error) {
	a, err := f.Array(name)
	if err != nil {
		return nil, err
	}
	if len(a.Shape) != 2 || a.Shape[1] != columns {
		return nil, fmt.Errorf("replay: array %q has shape %v; want (rows, %d)", name, a.Shape, columns)
	}
	return a.Int32s()
}
