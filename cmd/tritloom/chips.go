package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
)

type chipsCmd struct {
	Show chipsShowCmd `cmd:"" default:"withargs" help:"List chips, or show one with the source of every price; the word show may be left out."`
	Diff chipsDiffCmd `cmd:"" help:"List where two chips differ, entry by entry."`
}

type chipsShowCmd struct {
	Chip   string `arg:"" optional:"" help:"Chip name or YAML file."`
	Schema bool   `help:"Print the JSON Schema of chip files, for editors."`
	conditionFlags
}

// chipInfo is what --json says of a chip.
type chipInfo struct {
	Name         string               `json:"name"`
	Title        string               `json:"title"`
	Hypothetical bool                 `json:"hypothetical"`
	Capabilities hwmodel.Capabilities `json:"capabilities"`
	Hash         string               `json:"capabilities_hash"`
	PriceHash    string               `json:"price_hash"`
	Notes        []string             `json:"notes,omitempty"`  // of a chip that was named
	Prices       []priceInfo          `json:"prices,omitempty"` // of a chip that was named

	VoltageModel *hwmodel.VoltageModel `json:"voltage_model,omitempty"` // of a chip that was named
	TickModel    *hwmodel.TickModel    `json:"tick_model,omitempty"`    // of a chip that was named
}

// priceInfo is one price as --json says it.
type priceInfo struct {
	Event         string           `json:"event"`
	State         hwmodel.State    `json:"state"`
	IncludedIn    string           `json:"included_in,omitempty"`
	Covers        []string         `json:"covers,omitempty"`
	Scope         hwmodel.Scope    `json:"scope,omitempty"`
	Joules        *report.Interval `json:"joules,omitempty"` // of one event; absent unless priced
	VoltageV      float64          `json:"voltage_v,omitempty"`
	NodeNM        float64          `json:"node_nm,omitempty"`
	Evidence      hwmodel.Evidence `json:"evidence,omitempty"`
	Source        string           `json:"source,omitempty"`
	Derivation    string           `json:"derivation,omitempty"`
	Law           hwmodel.Law      `json:"law,omitempty"`
	LatencyQuanta *uint64          `json:"latency_quanta"` // null: not known
	LatencySource string           `json:"latency_source,omitempty"`
}

func pricesOf(c *hwmodel.Chip) []priceInfo {
	var list []priceInfo
	for k := range c.Prices {
		p := &c.Prices[k]
		info := priceInfo{
			Event: ledger.Kind(k).String(), State: p.State, Scope: p.Scope, VoltageV: p.VoltageV, NodeNM: p.NodeNM,
			Evidence: p.Evidence, Source: p.Source, Derivation: p.Derivation, Law: p.Law, LatencySource: p.LatencySource,
		}
		switch p.State {
		case hwmodel.Priced:
			info.Joules = &report.Interval{Nominal: p.Nominal, Low: p.Low, High: p.High}
			for _, covered := range p.Covers {
				info.Covers = append(info.Covers, covered.String())
			}
		case hwmodel.IncludedIn:
			info.IncludedIn = p.Includer.String()
		}
		if p.LatencyKnown {
			info.LatencyQuanta = &p.LatencyQuanta
		}
		list = append(list, info)
	}
	return list
}

func infoOf(c *hwmodel.Chip) chipInfo {
	return chipInfo{Name: c.Name, Title: c.Title, Hypothetical: c.Hypothetical, Capabilities: c.Capabilities, Hash: c.Capabilities.Hash(), PriceHash: c.PriceHash()}
}

// Run lists the embedded chips, or shows one whole.
func (c *chipsShowCmd) Run(s *session) error {
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
		if chip, err = c.of(chip); err != nil {
			return err
		}
		info := infoOf(chip)
		info.Notes, info.Prices = chip.Notes, pricesOf(chip)
		info.VoltageModel, info.TickModel = chip.Voltage, chip.TickModel
		return s.print(info, chip.String())
	}
	if c.set() {
		return errors.New("conditions such as --voltage without a chip; name the chip to show at them")
	}
	var infos []chipInfo
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "chip\tcores\taxons × neurons\tsilicon\twhat it is")
	for _, name := range hwmodel.Names() {
		chip, err := hwmodel.Load(name)
		if err != nil {
			return err
		}
		infos = append(infos, infoOf(chip))
		core := chip.Capabilities.Core
		silicon := "yes"
		if chip.Hypothetical {
			silicon = "no"
		}
		fmt.Fprintf(w, "%s\t%d\t%d × %d\t%s\t%s\n", chip.Name, chip.Capabilities.Mesh.Cores(), core.Axons, core.Neurons, silicon, chip.Title)
	}
	w.Flush()
	return s.print(struct {
		Chips []chipInfo `json:"chips"`
	}{infos}, b.String())
}
