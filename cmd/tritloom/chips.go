package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"tritloom/hwmodel"
)

type chipsCmd struct {
	Chip   string `arg:"" optional:"" help:"Chip name or YAML file."`
	Schema bool   `help:"Print the JSON Schema of chip files, for editors."`
}

// chipInfo is what --json says of a chip.
type chipInfo struct {
	Name         string               `json:"name"`
	Title        string               `json:"title"`
	Hypothetical bool                 `json:"hypothetical"`
	Capabilities hwmodel.Capabilities `json:"capabilities"`
	Hash         string               `json:"capabilities_hash"`
	PriceHash    string               `json:"price_hash"`
}

func infoOf(c *hwmodel.Chip) chipInfo {
	return chipInfo{c.Name, c.Title, c.Hypothetical, c.Capabilities, c.Capabilities.Hash(), c.PriceHash()}
}

// Run lists the embedded chips, or shows one whole.
func (c *chipsCmd) Run(s *session) error {
	if c.Schema {
		schema, err := hwmodel.Schema()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "%s\n", strings.TrimRight(string(schema), "\n"))
		return err
	}
	if c.Chip != "" {
		chip, err := hwmodel.Load(c.Chip)
		if err != nil {
			return err
		}
		return s.print(infoOf(chip), chip.String())
	}
	var infos []chipInfo
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "chip\tcores\taxons × neurons\twhat it is")
	for _, name := range hwmodel.Names() {
		chip, err := hwmodel.Load(name)
		if err != nil {
			return err
		}
		infos = append(infos, infoOf(chip))
		core := chip.Capabilities.Core
		fmt.Fprintf(w, "%s\t%d\t%d × %d\t%s\n", chip.Name, chip.Capabilities.Mesh.Cores(), core.Axons, core.Neurons, chip.Title)
	}
	w.Flush()
	return s.print(struct {
		Chips []chipInfo `json:"chips"`
	}{infos}, b.String())
}
