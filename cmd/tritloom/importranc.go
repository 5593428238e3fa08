package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tritloom/experiment"
	"tritloom/internal/container"
	"tritloom/interop"
)

type importRANCCmd struct {
	Source       string `arg:"" help:"Folder of csram_NNN.mem, tc_NNN.mem and tb_*.txt; or the simulator's input JSON, with --config." placeholder:"DIR"`
	Grid         string `help:"Cores of the grid, such as 4x3. Default: the folder's tritloom.json or config.json." placeholder:"WxH"`
	Bus          string `help:"Place of the output bus, such as 0,2. Default: the folder's tritloom.json or input.json." placeholder:"X,Y"`
	OutputsAfter int    `name:"outputs-after" default:"-1" help:"Tick of the first line of tb_num_outputs.txt; -1: the shortest way from a packet to the bus." placeholder:"TICKS"`
	Config       string `help:"Configuration of the simulator, config.json; for JSON." placeholder:"FILE"`
	Expected     string `help:"What the simulator printed; for JSON." placeholder:"FILE"`
	Layout       string `help:"Layout file to write." placeholder:"FILE"`
	Output       string `short:"o" help:"Replay case to write: layout, injected and recorded spikes." placeholder:"FILE"`
}

// rancInfo is what --json says of an import.
type rancInfo struct {
	Cores  int                      `json:"cores"`
	Layout string                   `json:"layout_hash"`
	Case   string                   `json:"case_hash,omitempty"`
	Notes  []string                 `json:"notes"`
	Replay *experiment.ReplayResult `json:"replay"`
}

// Run imports, replays what was recorded, and writes; exit 1 and no file if a
// recorded spike is not reproduced.
func (c *importRANCCmd) Run(s *session) error {
	if c.Output == "" && c.Layout == "" {
		return errors.New("nothing to write; give -o FILE for the recorded spikes, or --layout FILE for the layout alone")
	}
	if c.OutputsAfter < -1 || c.OutputsAfter > 1<<20 {
		return fmt.Errorf("--outputs-after %d; want -1 for the shortest way, or 0..%d", c.OutputsAfter, 1<<20)
	}
	im, err := c.read()
	if err != nil {
		return err
	}
	info := rancInfo{Cores: len(im.Layout.Cores), Layout: im.Layout.Hash(), Notes: append([]string{}, im.Notes...)}
	text := fmt.Sprintf("imported %s: %d cores of %d axons and %d neurons\n", c.Source, info.Cores, im.Layout.Capabilities.Core.Axons, im.Layout.Capabilities.Core.Neurons)
	if im.Case == nil {
		if c.Output != "" {
			return fmt.Errorf("%s: no recorded spikes (tb_*.txt in a folder, --expected for JSON); give --layout FILE to take the layout alone", c.Source)
		}
	} else {
		info.Case = im.Case.Hash()
		options, err := engineFlags{Engine: defaultEngine, Threads: 1}.options()
		if err != nil {
			return err
		}
		if info.Replay, err = experiment.Replay(s.ctx, im.Case, options); err != nil {
			return stopped(err)
		}
		text += replayText(info.Replay)
		if info.Replay.First != nil {
			if err := s.print(info, text+"nothing was written\n"); err != nil {
				return err
			}
			return errFailed
		}
	}
	for _, note := range im.Notes {
		s.note("note: %s", note)
	}
	wrote, err := c.write(im)
	if err != nil {
		return err
	}
	return s.print(info, text+wrote)
}

// read takes a folder or a JSON file.
func (c *importRANCCmd) read() (*interop.RANC, error) {
	info, err := os.Stat(c.Source)
	if err == nil && !info.IsDir() {
		return c.readJSON()
	}
	for _, f := range []struct{ flag, value string }{{"--config", c.Config}, {"--expected", c.Expected}} {
		if f.value != "" && err == nil {
			return nil, fmt.Errorf("%s %s is for the simulator's JSON; %s is a folder; name the JSON file", f.flag, f.value, c.Source)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; name a folder of RANC's files, or the simulator's JSON", c.Source, bare(err))
	}
	var inputs []string
	entries, err := os.ReadDir(c.Source)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; name a folder of RANC's files", c.Source, bare(err))
	}
	for _, e := range entries {
		inputs = append(inputs, filepath.Join(c.Source, e.Name()))
	}
	if err := checkOutputs([]string{c.Output, c.Layout}, inputs); err != nil {
		return nil, err
	}
	o := interop.DefaultRANCOptions()
	o.OutputsAfter = c.OutputsAfter
	if c.Grid != "" {
		if o.Width, o.Height, err = pair("--grid", c.Grid, "x", "4x3"); err != nil {
			return nil, err
		}
		if o.Width < 1 || o.Height < 1 {
			return nil, fmt.Errorf("--grid %s; want at least one core along either side, such as 4x3", c.Grid)
		}
	}
	if c.Bus != "" {
		x, y, err := pair("--bus", c.Bus, ",", "0,2")
		if err != nil {
			return nil, err
		}
		o.Bus = &[2]int{x, y}
	}
	return interop.ImportRANC(strings.TrimRight(c.Source, "/"), os.DirFS(c.Source), o)
}

func (c *importRANCCmd) readJSON() (*interop.RANC, error) {
	for _, f := range []struct {
		flag  string
		given bool
	}{{"--grid " + c.Grid, c.Grid != ""}, {"--bus " + c.Bus, c.Bus != ""}, {fmt.Sprintf("--outputs-after %d", c.OutputsAfter), c.OutputsAfter != -1}} {
		if f.given {
			return nil, fmt.Errorf("%s is for a folder of core memories; the simulator's JSON says it itself; leave it out", f.flag)
		}
	}
	if c.Config == "" {
		return nil, fmt.Errorf("%s is the simulator's input, which needs its configuration too; give --config config.json", c.Source)
	}
	if err := checkOutputs([]string{c.Output, c.Layout}, []string{c.Source, c.Config, c.Expected}); err != nil {
		return nil, err
	}
	files := []interop.RANCFile{{Name: c.Source}, {Name: c.Config}, {Name: c.Expected}}
	for i, what := range []string{"the input of RANC's simulator", "the configuration of RANC's simulator", "what RANC's simulator printed"} {
		if files[i].Name == "" {
			continue
		}
		text, err := container.ReadText(files[i].Name, what, 1<<28)
		if err != nil {
			return nil, err
		}
		files[i].Text = text
	}
	var expected *interop.RANCFile
	if c.Expected != "" {
		expected = &files[2]
	}
	return interop.ImportRANCJSON(files[0], files[1], expected)
}

// write writes what was asked for.
func (c *importRANCCmd) write(im *interop.RANC) (string, error) {
	text := ""
	if c.Layout != "" {
		if err := im.Layout.WriteFile(c.Layout, toolVersion()); err != nil {
			return "", err
		}
		text += fmt.Sprintf("wrote %s   (%s inspect %s)\n", c.Layout, program(), c.Layout)
	}
	if c.Output != "" {
		if err := im.Case.WriteFile(c.Output, toolVersion()); err != nil {
			return "", err
		}
		text += fmt.Sprintf("wrote %s   (%s replay %s)\n", c.Output, program(), c.Output)
	}
	return text, nil
}
