package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tritloom/internal/progress"
)

const description = "Train ternary networks, compile them onto neuromorphic cores, simulate the chip, and report energy, latency and memory with the origin of every number."

// cli is the whole command line.
type cli struct {
	JSON    bool   `name:"json" help:"Print one JSON object on standard output."`
	Quiet   bool   `short:"q" help:"No progress lines."`
	DataDir string `name:"data-dir" placeholder:"DIR" help:"Folder that holds mnist/, fashion/ and so on; absolute. Default: $$TRITLOOM_DATA."`

	Demo     demoCmd     `cmd:"" help:"Train, compile, simulate and report on real handwritten digits; offline, under a minute."`
	Train    trainCmd    `cmd:"" help:"Search for the weights of a ternary network."`
	Compile  compileCmd  `cmd:"" help:"Map a network onto the cores of a chip, exactly."`
	Simulate simulateCmd `cmd:"" help:"Run samples through a layout and count every event."`
	Verify   verifyCmd   `cmd:"" help:"Prove that a layout computes a network, for all inputs."`
	Report   reportCmd   `cmd:"" help:"Price a run: energy, latency, memory."`
	Validate validateCmd `cmd:"" help:"Hold the chips against published figures: rows with tolerances, controls that must fail, known gaps."`
	Chips    chipsCmd    `cmd:"" help:"List chips, show one with the source of every price, or compare two."`
	Inspect  inspectCmd  `cmd:"" help:"Show what a network, layout, replay case or run file holds."`
	Data     dataCmd     `cmd:"" help:"List data sets, or describe one."`
	Import   importCmd   `cmd:"" help:"Bring in a network or a chip image of another program, and replay what it recorded."`
	Export   exportCmd   `cmd:"" help:"Write a network or a layout for other programs."`
	Replay   replayCmd   `cmd:"" help:"Run a recorded-spikes case and compare every output spike."`
	Check    checkCmd    `cmd:"" help:"Check a regression suite: chips, networks and data against what they gave before."`
	Sweep    sweepCmd    `cmd:"" help:"Fill a table over chip keys, networks, seeds, voltages: a grid or a Latin hypercube, resumable."`
	Bench    benchCmd    `cmd:"" help:"Time the simulator on a network of a known size and rate."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// session is what every command gets.
type session struct {
	streams
	ctx context.Context
	cli *cli
}

// print writes a result: the value as JSON if that was asked for, else the
// text.
func (s *session) print(value any, text string) error {
	if !s.cli.JSON {
		_, err := fmt.Fprint(s.out, printable(text))
		return err
	}
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// note writes a line for people beside the result.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.err, format+"\n", args...)
}

// progress reports how far long work has come.
func (s *session) progress() *progress.Reporter {
	if s.cli.Quiet {
		return nil
	}
	return progress.New(s.err, 2*time.Second)
}

// plural is a number of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
