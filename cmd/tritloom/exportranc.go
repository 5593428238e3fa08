package main

import (
	"fmt"

	"tritloom/internal/container"
	"tritloom/interop"
	"tritloom/layout"
)

type exportRANCCmd struct {
	Layout string `arg:"" help:"Layout file." placeholder:"LAYOUT"`
	Output string `short:"o" default:"ranc" help:"Folder to make: csram_NNN.mem, tc_NNN.mem, config.json, input.json, tritloom.json." placeholder:"DIR"`
}

// exportRANCInfo is what --json says of an export.
type exportRANCInfo struct {
	Layout string `json:"layout_hash"`
	Files  int    `json:"files"`
	Bytes  int    `json:"bytes"`
}

// Run writes the folder, whole or not at all.
func (c *exportRANCCmd) Run(s *session) error {
	l, err := layout.ReadFile(c.Layout)
	if err != nil {
		return err
	}
	if err := container.FolderWritable(c.Output); err != nil {
		return err
	}
	files, err := interop.ExportRANC(l)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Layout, err)
	}
	bytes := 0
	for _, f := range files {
		bytes += len(f.Data)
	}
	if err := container.WriteFolder(c.Output, files); err != nil {
		return err
	}
	return s.print(exportRANCInfo{l.Hash(), len(files), bytes},
		fmt.Sprintf("read back and equal to %s\nwrote %s, %d files   (%s import ranc %s --layout FILE)\n", c.Layout, c.Output, len(files), program(), c.Output))
}
