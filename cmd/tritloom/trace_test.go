package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tritloom/sim/trace"
)

// Every form of trace has a flag, or file panics.
func TestTraceFlagsAreWhole(t *testing.T) {
	for i := range trace.Formats {
		(&traceFlags{}).file(&trace.Formats[i])
	}
}

// Ctrl-C during a simulation keeps what was traced, every file whole, and says how
// far it came: the first rows of a simulation left alone.
func TestInterruptedTraces(t *testing.T) {
	b := &tool{t, buildTool(t), t.TempDir()}
	b.run(exitOK, "train", "--data", "digits", "--hidden", "100", "--max-trials", "100", "-o", "net.npz")
	b.run(exitOK, "compile", "net.npz", "--chip", "truenorth", "-o", "layout.npz")

	cmd, stdout, stderr := b.command("simulate", "layout.npz", "--data", "digits:train", "-q", "--trace", "cut", "--series", "series.csv", "-o", "run.json")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for !b.grown("cut", ".spikes.csv.*.tmp") {
		select {
		case err := <-ended:
			t.Fatalf("the simulation ended before it could be interrupted: %v\n%s", err, stderr)
		case <-time.After(time.Millisecond):
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if <-ended; cmd.ProcessState.ExitCode() != exitUsage || stdout.Len() > 0 {
		t.Errorf("exit code %d, standard output %q", cmd.ProcessState.ExitCode(), stdout)
	}
	said := regexp.MustCompile(`^tritloom: interrupted after (\d+) of 1150 samples?, (\d+) ticks?; traced up to there: cut, series.csv; nothing else was written, start it again for the rest\n$`).FindStringSubmatch(stderr.String())
	if said == nil {
		t.Fatalf("standard error: %s", stderr)
	}
	var samples, ticks int
	if _, err := fmt.Sscan(said[1]+" "+said[2], &samples, &ticks); err != nil {
		t.Fatal(err)
	}
	if b.exists("run.json") {
		t.Error("there is a record of a run that did not end")
	}
	b.sameFiles("series.csv", filepath.Join("cut", "series.csv"))
	if rows := strings.Count(string(b.bytes("series.csv")), "\n") - 1; rows != ticks || ticks <= samples {
		t.Errorf("%d samples and %d ticks, but %d rows", samples, ticks, rows)
	}

	b.run(exitOK, "simulate", "layout.npz", "--data", fmt.Sprintf("digits:train[0:%d]", min(samples+10, 1150)), "-q", "--trace", "whole")
	for i := range trace.Formats {
		name := trace.Formats[i].File
		cut, whole := string(b.bytes(filepath.Join("cut", name))), string(b.bytes(filepath.Join("whole", name)))
		switch name {
		case "trace.json":
			if !json.Valid([]byte(cut)) {
				t.Errorf("%s is no JSON; it ends in %q", name, cut[max(0, len(cut)-100):])
			}
			cut = cut[:strings.LastIndex(cut, ",\n")] // the last event and the brackets
		case "trace.vcd":
			end := strings.LastIndexByte(strings.TrimSuffix(cut, "\n"), '\n') + 1
			if !strings.HasPrefix(cut[end:], "#") {
				t.Errorf("%s ends in %q", name, cut[end:])
			}
			cut = cut[:end]
		}
		if !strings.HasPrefix(whole, cut) {
			t.Errorf("%s is not the beginning of the whole one", name)
		}
	}
	if left, err := filepath.Glob(filepath.Join(b.folder, "*", ".*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// grown tells whether a file has got some bytes.
func (b *tool) grown(folder, pattern string) bool {
	b.t.Helper()
	found, err := filepath.Glob(filepath.Join(b.folder, folder, pattern))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}
