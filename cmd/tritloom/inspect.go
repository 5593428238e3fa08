package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"tritloom/internal/container"
	"tritloom/layout"
	"tritloom/layout/replay"
	"tritloom/ledger"
	"tritloom/ternary"
)

type inspectCmd struct {
	File string `arg:"" help:"A network, layout, replay case or run file." placeholder:"FILE"`
	Full bool   `help:"Every weight, or every cell of the image, as text."`
}

// Run shows what a file holds, whatever it is.
func (c *inspectCmd) Run(s *session) error {
	if isText(c.File) {
		run, err := ledger.ReadFile(c.File)
		if err != nil {
			return err
		}
		return s.print(run, runText(run))
	}
	if ext := filepath.Ext(c.File); ext == ".yaml" || ext == ".yml" {
		return fmt.Errorf("%s is YAML; inspect shows networks, layouts, replay cases and runs; tritloom chips %s shows a chip file", c.File, c.File)
	}
	file, err := container.ReadFile(c.File, "", container.DefaultLimits())
	if err != nil {
		return err
	}
	switch file.Kind {
	case ternary.Kind:
		return c.network(s)
	case layout.Kind:
		return c.layout(s)
	case replay.Kind:
		return c.replay(s)
	}
	return fmt.Errorf("%s holds %q; inspect shows networks, layouts, replay cases and runs; arrays are for tritloom import npz, a checkpoint for train --resume", c.File, file.Kind)
}

// isText tells a run record, which is JSON, from an npz file. What cannot be
// opened is left to the reader of npz files, which says why.
func isText(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 64))
	return err == nil && bytes.HasPrefix(bytes.TrimSpace(head), []byte("{"))
}

func (c *inspectCmd) network(s *session) error {
	n, err := ternary.ReadFile(c.File)
	if err != nil {
		return err
	}
	info := struct {
		Kind    string          `json:"kind"`
		Hash    string          `json:"hash"`
		Inputs  int             `json:"inputs"`
		Classes []string        `json:"classes"`
		Encoder string          `json:"encoder"`
		Size    ternary.Size    `json:"size"`
		Origin  json.RawMessage `json:"origin"`
	}{ternary.Kind, n.Hash(), n.Inputs, n.Classes, n.Encoder.String(), n.Size(), n.Origin}
	if c.Full {
		return s.print(info, n.Text())
	}
	text := fmt.Sprintf("network %s\n%s", n.Hash(), n.String())
	if n.Origin != nil {
		text += fmt.Sprintf("origin %s\n", n.Origin)
	}
	return s.print(info, text)
}

func (c *inspectCmd) layout(s *session) error {
	l, err := layout.ReadFile(c.File)
	if err != nil {
		return err
	}
	info := struct {
		Kind         string          `json:"kind"`
		Hash         string          `json:"hash"`
		Chip         string          `json:"chip"`
		Capabilities string          `json:"capabilities"`
		Network      string          `json:"network"`
		Usage        layout.Usage    `json:"usage"`
		Schedule     layout.Schedule `json:"schedule"`
	}{layout.Kind, l.Hash(), l.Chip, l.Capabilities.Hash(), l.Network, l.Usage(), l.Schedule}
	if c.Full {
		return s.print(info, l.Text())
	}
	return s.print(info, fmt.Sprintf("layout %s\nof network %s\n%s", l.Hash(), l.Network, l.String()))
}

func (c *inspectCmd) replay(s *session) error {
	recorded, err := replay.ReadFile(c.File)
	if err != nil {
		return err
	}
	l := recorded.Layout
	info := struct {
		Kind      string `json:"kind"`
		Hash      string `json:"hash"`
		Name      string `json:"name"`
		Layout    string `json:"layout_hash"`
		Chip      string `json:"chip"`
		Ticks     int    `json:"ticks"`
		FirstTick int    `json:"first_tick"`
		Seed      uint64 `json:"seed"`
		Injected  int    `json:"injected"`
		Outputs   int    `json:"outputs"`
		Recorded  int    `json:"recorded"`
	}{replay.Kind, recorded.Hash(), recorded.Name, l.Hash(), l.Chip, recorded.Ticks, recorded.FirstTick, recorded.Seed,
		len(recorded.Stimuli), len(recorded.Outputs), len(recorded.Expected)}
	if c.Full {
		return s.print(info, recorded.String()+l.Text())
	}
	return s.print(info, fmt.Sprintf("replay case %s\n%slayout %s\n%s", recorded.Hash(), recorded.String(), l.Hash(), l.String()))
}

func runText(r *ledger.Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "run of %s on %s, %s, engine %s, timing %s\n", r.Data, r.Chip, r.Scenario, r.Engine, r.Timing.Model)
	fmt.Fprintf(&b, "layout %s\nnetwork %s\ncapabilities %s\n", r.Layout, r.Network, r.Capabilities)
	fmt.Fprintf(&b, "%d of %d samples right; %d ticks, %d a sample; %d of %d cores\n", r.Correct, r.Samples, r.Ticks.Total, r.Ticks.PerInference, r.CoresUsed, r.CoresChip)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "event\tcount\tunit\twhat one is")
	for k, n := range r.Total() {
		if n != 0 {
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", ledger.Kinds[k].Name, n, ledger.Kinds[k].Unit, ledger.Kinds[k].Counts)
		}
	}
	w.Flush()
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "violation: %s, %d times, first at tick %d\n", v.What, v.Count, v.First)
	}
	fmt.Fprintf(&b, "price it with: %s report RUN\n", program())
	return b.String()
}
