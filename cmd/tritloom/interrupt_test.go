package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Ctrl-C ends whatever cannot give a part of its result: one line, exit 2, no
// file. Training gives the network it has; traces: see TestInterruptedTraces.
func TestInterrupted(t *testing.T) {
	made := t.TempDir()
	net, image := filepath.Join(made, "net.npz"), filepath.Join(made, "layout.npz")
	inProcess(t, "train", "--data", "iris", "--hidden", "4", "--sweeps", "1", "-o", net)
	inProcess(t, "compile", net, "-o", image)

	folder := t.TempDir()
	record := filepath.Join(folder, "run.json")
	for _, args := range [][]string{
		{"simulate", image, "--data", "iris", "-o", record},
		{"simulate", image, "--data", "iris", "--trace", filepath.Join(folder, "traces")},
		{"verify", net, image, "--faults", "100"},
		{"demo", "-q", "--out", filepath.Join(folder, "demo")},
	} {
		stdout, stderr, code := interrupted(t, args)
		if diff := cmp.Diff("tritloom: interrupted; nothing was written, start it again\n", stderr); diff != "" || stdout != "" || code != exitUsage {
			t.Errorf("%s: exit code %d, standard output %q, standard error (-want +got):\n%s", args[0], code, stdout, diff)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}

	partial := filepath.Join(folder, "partial.npz")
	if _, stderr, code := interrupted(t, []string{"train", "--data", "iris", "--hidden", "4", "-o", partial}); code != exitOK || stderr != "" {
		t.Errorf("train: exit code %d\n%s", code, stderr)
	}
	inProcess(t, "inspect", partial)
}

// interrupted runs a command line that Ctrl-C has ended before it began.
func interrupted(t *testing.T, args []string) (stdout, stderr string, code int) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, problems bytes.Buffer
	code = run(ctx, args, streams{&out, &problems, func(string) string { return "" }})
	return out.String(), problems.String(), code
}
