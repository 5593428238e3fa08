package main

import (
	"fmt"

	"tritloom/internal/container"
	"tritloom/interop"
	"tritloom/ternary"
)

// exportCmd has one command a format.
type exportCmd struct {
	NPZ  exportNPZCmd  `cmd:"" name:"npz" help:"Arrays for NumPy, PyTorch, Keras and others; import npz reads them back."`
	RANC exportRANCCmd `cmd:"" name:"ranc" help:"Core memories and simulator JSON of RANC, from a layout of typed-binary cores; import ranc reads them back."`
}

type exportNPZCmd struct {
	Net    string `arg:"" help:"Network file." placeholder:"NET"`
	Output string `short:"o" default:"arrays.npz" help:"npz file of arrays to write." placeholder:"FILE"`
}

// exportInfo is what --json says of an export.
type exportInfo struct {
	Hash  string `json:"hash"` // of the network
	Bytes int    `json:"bytes"`
}

// Run writes the arrays of a network.
func (c *exportNPZCmd) Run(s *session) error {
	n, err := ternary.ReadFile(c.Net)
	if err != nil {
		return err
	}
	if err := checkOutputs([]string{c.Output}, []string{c.Net}); err != nil {
		return err
	}
	data, err := interop.ExportNPZ(n, toolVersion())
	if err != nil {
		return fmt.Errorf("%s: %w", c.Net, err)
	}
	if err := container.WriteAtomic(c.Output, data); err != nil {
		return err
	}
	return s.print(exportInfo{n.Hash(), len(data)},
		fmt.Sprintf("read back and equal to %s\nwrote %s   (%s import npz %s)\n", c.Net, c.Output, program(), c.Output))
}
