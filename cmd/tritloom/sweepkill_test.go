package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tritloom/internal/seed"
)

// twoHundredPoints is chip × net, a few milliseconds a point.
const twoHundredPoints = `chip: ternary256
data: iris
train: {sweeps: 1}
grid:
  core.axons: [8, 16, 32, 64, 256]
  core.neurons: [16, 32, 64, 256]
  hidden: [2, 4, 6, 8, 12]
  compile_seed: [1, 2]
`

// sweepKills is how often the sweep of TestKilledSweep is killed.
const sweepKills = 6

// A sweep of 200 points that is killed with SIGKILL each time its journal has grown by
// a seeded number of lines, on a machine of any speed, and started
// again by the same command each time, ends with the table of one left alone.
func TestKilledSweep(t *testing.T) {
	b := &tool{t, buildTool(t), t.TempDir()}
	if err := os.WriteFile(filepath.Join(b.folder, "s.yaml"), []byte(twoHundredPoints), 0o666); err != nil {
		t.Fatal(err)
	}
	b.run(exitOK, "sweep", "-q", "s.yaml", "-j", "1", "-o", "whole.csv")

	random := seed.Stream(1, seed.TestInput)
	args := []string{"sweep", "-q", "s.yaml", "-j", "2", "-o", "killed.csv"}
	killed := 0
	for range sweepKills {
		before := b.lines("killed.csv.journal")
		cmd, _, problems := b.command(args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		more := 2 + random.IntN(12) // at least a head and a point
		for b.lines("killed.csv.journal") < before+more && len(ended) == 0 {
			time.Sleep(time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		if err := <-ended; err == nil {
			break // it has ended by itself
		} else if problems.Len() > 0 {
			t.Fatalf("%v\n%s", err, problems)
		}
		killed++
		if b.exists("killed.csv") || !b.exists("killed.csv.journal") {
			t.Errorf("kill %d: want a journal and no table", killed)
		}
	}
	out, _, _ := b.run(exitOK, args...)
	if killed < 3 || !strings.Contains(out, " of them done before") {
		t.Errorf("killed %d times; want 3 at least, and points that were done before:\n%s", killed, out)
	}
	b.sameFiles("whole.csv", "killed.csv")
	if b.exists("killed.csv.journal") {
		t.Error("the journal is still there")
	}
}

// lines counts the lines of a file that may not be there.
func (b *tool) lines(name string) int {
	text, err := os.ReadFile(filepath.Join(b.folder, name))
	if err != nil {
		return 0
	}
	return strings.Count(string(text), "\n")
}

// Ctrl-C keeps what was done and says how to go on.
func TestInterruptedSweep(t *testing.T) {
	folder := t.TempDir()
	file, table := filepath.Join(folder, "s.yaml"), filepath.Join(folder, "s.csv")
	if err := os.WriteFile(file, []byte(twoHundredPoints), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // Ctrl-C comes once a few points are done
		b := &tool{t: t, folder: folder}
		for b.lines("s.csv.journal") < 4 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	var out, problems strings.Builder
	code := run(ctx, []string{"sweep", "-q", file, "-o", table, "-j", "1"}, streams{&out, &problems, func(string) string { return "" }})
	if code != exitUsage || out.Len() > 0 || !strings.HasPrefix(problems.String(), "tritloom: interrupted: ") || !strings.HasSuffix(problems.String(), " of 200 points done; the same command goes on\n") {
		t.Errorf("exit code %d, standard output %q, standard error %q", code, &out, &problems)
	}
	if _, err := os.Stat(table + ".journal"); err != nil {
		t.Error(err)
	}
	_, stderr, code := interrupted(t, []string{"check", file})
	if code != exitUsage || !strings.Contains(stderr, "unknown field") {
		t.Errorf("a sweep is no suite: %s", stderr)
	}
}
