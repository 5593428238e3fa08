package layout

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/container"
)

// Kind is what layout files call themselves: "tritloom-layout/1".
const Kind = "layout"

// fileHeader is the part of a layout that is no array of numbers.
type fileHeader struct {
	Chip         string               `json:"chip"`
	Capabilities hwmodel.Capabilities `json:"capabilities"`
	Network      string               `json:"network"`
	Encoder      encode.Encoder       `json:"encoder"`
	Inputs       int                  `json:"inputs"`
	Layers       []LayerLabel         `json:"layers"`
	Readout      LayerLabel           `json:"readout"`
	Classes      []string             `json:"classes"`
	OutputBias   []int32              `json:"output_bias,omitempty"` // absent: nil
	Schedule     fileSchedule         `json:"schedule"`
}

// fileSchedule is the schedule without its control spikes, which are an array.
type fileSchedule struct {
	TicksPerInference  int `json:"ticks_per_inference"`
	InitiationInterval int `json:"initiation_interval"`
	OutputTicks        int `json:"output_ticks,omitempty"`
	Steps              int `json:"steps,omitempty"`
}

// Hash is the content hash of the layout's file, "sha256:" and 64 digits. It
// does not depend on the tool that wrote the file. The layout must be valid.
func (l *Layout) Hash() string { return l.container("").Hash() }

// Encode gives the bytes of the layout's file; equal layouts and tools give
// equal bytes. It refuses a layout that is not valid.
func (l *Layout) Encode(tool string) ([]byte, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	return container.Encode(l.container(tool))
}

// WriteFile writes the layout atomically: the file is whole or as it was.
func (l *Layout) WriteFile(path, tool string) error {
	if err := l.Validate(); err != nil {
		return err
	}
	return container.WriteFile(path, l.container(tool))
}

// ReadFile reads a layout and validates it.
func ReadFile(path string) (*Layout, error) {
	f, err := container.ReadFile(path, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromContainer(path, f)
}

// Decode reads a layout from the bytes of its file and validates it. Errors
// start with name.
func Decode(name string, data []byte) (*Layout, error) {
	f, err := container.Decode(name, data, Kind, container.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return fromContainer(name, f)
}

// container puts the layout into the file form.
func (l *Layout) container(tool string) *container.File {
	header, err := json.Marshal(fileHeader{
		Chip: l.Chip, Capabilities: l.Capabilities, Network: l.Network, Encoder: l.Encoder, Inputs: l.Inputs,
		Layers: l.Layers, Readout: l.Readout, Classes: l.Classes, OutputBias: l.OutputBias,
		Schedule: fileSchedule{l.Schedule.TicksPerInference, l.Schedule.InitiationInterval, l.Schedule.OutputTicks, l.Schedule.Steps},
	})
	if err != nil {
		panic("layout: " + err.Error()) // strings and integers always encode
	}
	return &container.File{Kind: Kind, Header: header, Tool: tool, Arrays: l.arrays()}
}

// fromContainer takes the file form apart.
func fromContainer(name string, f *container.File) (*Layout, error) {
	l, err := decodeHeader(f.Header)
	if err == nil {
		err = l.decodeArrays(f)
	}
	if err == nil {
		if err = l.Validate(); err != nil { // tritloom writes no such file
			err = fmt.Errorf("%w; compile again, or mend what wrote the file", err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

func decodeHeader(text []byte) (*Layout, error) {
	var h fileHeader
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return nil, fmt.Errorf("layout header: %w; compile the layout again", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("layout header: text after its end; compile the layout again")
	}
	if err := h.Capabilities.Validate(); err != nil { // sizes must be sound before they size anything
		return nil, fmt.Errorf("layout header: %w", err)
	}
	return &Layout{
		Chip: h.Chip, Capabilities: h.Capabilities, Network: h.Network, Encoder: h.Encoder, Inputs: h.Inputs,
		Layers: h.Layers, Readout: h.Readout, Classes: h.Classes, OutputBias: h.OutputBias,
		Schedule: Schedule{TicksPerInference: h.Schedule.TicksPerInference, InitiationInterval: h.Schedule.InitiationInterval, OutputTicks: h.Schedule.OutputTicks, Steps: h.Schedule.Steps},
	}, nil
}
