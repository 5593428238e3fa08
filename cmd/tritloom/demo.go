package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"tritloom/experiment"
	"tritloom/internal/container"
	"tritloom/ternary/netspec"
)

type demoCmd struct {
	Seed   uint64 `default:"1" help:"Seed of the whole demo."`
	Hidden string `default:"${demo_hidden}" help:"Hidden widths of the ternary network and of its float yardstick." placeholder:"WIDTHS"`
	Out    string `default:"tritloom-demo" help:"Folder for what the demo writes." placeholder:"DIR"`
}

// Run goes from digits to joules and leaves every step's file behind; exit 1
// if a simulated spike differs from the network.
func (c *demoCmd) Run(s *session) error {
	if _, err := netspec.Hidden(c.Hidden, 1, 2); err != nil { // before any work is shown
		return err
	}
	remove, err := c.makeFolder()
	if err != nil {
		return err
	}
	defer remove()
	o := experiment.DefaultDemoOptions()
	o.Seed, o.Hidden, o.Workers = c.Seed, c.Hidden, runtime.GOMAXPROCS(0)
	show := s.note
	if s.cli.Quiet {
		show = func(string, ...any) {}
	}
	splits, err := experiment.RunDemo(s.ctx, o, show)
	if err != nil {
		return err
	}
	exact := true
	var files strings.Builder
	for _, d := range splits {
		for _, chip := range d.Chips {
			exact = exact && chip.Comparison.Exact()
		}
		wrote, err := c.write(d)
		if err != nil {
			return err
		}
		files.WriteString(wrote)
	}
	result := struct {
		Splits []*experiment.DemoSplit `json:"splits"`
	}{splits}
	if err := s.print(result, demoText(splits)+files.String()); err != nil {
		return err
	}
	if !exact {
		return errFailed
	}
	return nil
}

// makeFolder makes the folder for the files, so that a demo that could not
// write them does not start. What it returns removes a folder that was made and
// stayed empty.
func (c *demoCmd) makeFolder() (remove func(), err error) {
	remove = func() {}
	if _, err := os.Stat(c.Out); errors.Is(err, fs.ErrNotExist) {
		remove = func() { os.Remove(c.Out) } // refuses a folder that holds something
	}
	if err := os.MkdirAll(c.Out, 0o777); err != nil {
		return remove, fmt.Errorf("--out %s: %w; name a folder that can be made", c.Out, errors.Unwrap(err))
	}
	return remove, container.Writable(filepath.Join(c.Out, "net.npz"))
}

// write leaves one split's files in a folder of its own, a folder a chip in it,
// and says which command shows each.
func (c *demoCmd) write(d *experiment.DemoSplit) (string, error) {
	folder := filepath.Join(c.Out, d.Data[strings.IndexByte(d.Data, '@')+1:])
	net := filepath.Join(folder, "net.npz")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	if err := d.Network.WriteFile(net, toolVersion()); err != nil {
		return "", err
	}
	text := fmt.Sprintf("wrote %s\n  %s inspect %s\n", net, program(), net)
	for _, chip := range d.Chips {
		wrote, err := writeDemoChip(filepath.Join(folder, chip.Chip.Name), net, chip)
		if err != nil {
			return "", err
		}
		text += wrote
	}
	return text, nil
}

// writeDemoChip leaves the files of one chip.
func writeDemoChip(folder, net string, c *experiment.DemoChip) (string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	image, samples := filepath.Join(folder, "layout.npz"), filepath.Join(folder, "samples.csv")
	record, offline := filepath.Join(folder, "run.json"), filepath.Join(folder, "offline.json")
	if err := c.Layout.WriteFile(image, toolVersion()); err != nil {
		return "", err
	}
	if err := writeResults(c.SingleStream.Run, c.Chip, c.SingleStream.Report.Options, record, samples); err != nil {
		return "", err
	}
	if err := writeResults(c.Offline.Run, c.Chip, c.Offline.Report.Options, offline, ""); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "wrote %s/\n", folder)
	for _, line := range [][2]string{
		{"layout.npz", fmt.Sprintf("%s verify %s %s --faults 1000", program(), net, image)},
		{"run.json", fmt.Sprintf("%s report %s --net %s --layout %s", program(), record, net, image)},
		{"offline.json", fmt.Sprintf("%s report %s --net %s --layout %s", program(), offline, net, image)},
		{"samples.csv", "a row a test image: energy, latency, events"},
	} {
		fmt.Fprintf(&b, "  %-12s %s\n", line[0], line[1])
	}
	return b.String(), nil
}
