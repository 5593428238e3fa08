package main

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tritloom/internal/seed"
)

// kills is how often the searches of TestKilledAndResumed are killed, all of
// them together.
const kills = 20

// Searches killed with SIGKILL at seeded moments and resumed, until they end,
// write the bytes of searches left alone. Checkpoints are written for much of
// the time, so that kills hit the writing as well.
func TestKilledAndResumed(t *testing.T) {
	b := &tool{t, buildTool(t), t.TempDir()}
	random := seed.Stream(1, seed.TestInput)
	for _, search := range [][]string{
		{"--hidden", "64", "--sweeps", "8"},
		{"--hidden", "40", "--sweeps", "4", "--order", "permutation", "--patience", "1"},
	} {
		args := append([]string{"train", "-q", "--checkpoint-every", "10ms"}, search...)
		start := time.Now()
		b.run(exitOK, append(args, "-o", "whole.npz")...)
		k := &killer{tool: b, args: args, random: random, whole: time.Since(start)}
		for k.killed < kills/2 {
			k.toItsEnd()
			b.sameFiles("whole.npz", "net.npz")
			if b.exists("net.npz.checkpoint") {
				t.Errorf("%v: the checkpoint is still there", search)
			}
		}
		if k.resumed < kills/4 {
			t.Errorf("%v: killed %d times and resumed %d times; want at least %d", search, k.killed, k.resumed, kills/4)
		}
	}
}

// killer runs one search and kills it.
type killer struct {
	*tool
	args            []string
	random          *rand.Rand
	whole           time.Duration // how long the search takes
	killed, resumed int
}

// toItsEnd kills a search until it has been quicker or there were kills enough.
func (k *killer) toItsEnd() {
	k.t.Helper()
	for k.killed < kills/2 {
		if !k.killNext() {
			return
		}
		k.killed++
		k.refusesToBeginAnew()
	}
	k.run(exitOK, k.next()...)
}

// killNext goes on with the search and kills it at a random moment, unless it
// has ended by then. Every second kill waits until the process has written a
// checkpoint of its own, so that searches advance on any machine.
func (k *killer) killNext() (killed bool) {
	k.t.Helper()
	before := k.version()
	cmd, _, problems := k.command(k.next()...)
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	moment := time.After(time.Duration(k.random.Float64() * float64(k.whole) * 0.4))
	for waiting := true; waiting; {
		select {
		case err := <-ended:
			if err != nil {
				k.t.Fatalf("%v\n%s", err, problems)
			}
			return false
		case <-moment:
			if waiting = k.killed%2 == 1 && k.version() == before; waiting {
				moment = time.After(time.Millisecond)
			}
		}
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		k.t.Fatal(err)
	}
	return <-ended != nil // nil: it ended just before
}

// next is the command line to go on with, or to begin if nothing was kept.
func (k *killer) next() []string {
	if k.exists("net.npz.checkpoint") {
		k.resumed++
		return append(k.args[:len(k.args):len(k.args)], "--resume")
	}
	return k.args
}

// version tells one checkpoint from the next.
func (k *killer) version() time.Time {
	info, err := os.Stat(filepath.Join(k.folder, "net.npz.checkpoint"))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// refusesToBeginAnew checks that what a killed search left is not overwritten.
func (k *killer) refusesToBeginAnew() {
	k.t.Helper()
	if !k.exists("net.npz.checkpoint") {
		return
	}
	before := k.version()
	_, stderr, _ := k.run(exitUsage, k.args...)
	if !strings.Contains(stderr, "net.npz.checkpoint: holds a search that was not finished") || !strings.Contains(stderr, "--resume goes on with it") || k.version() != before {
		k.t.Errorf("after a kill, without --resume: %s", stderr)
	}
}

func (b *tool) exists(name string) bool {
	_, err := os.Stat(filepath.Join(b.folder, name))
	return !errors.Is(err, fs.ErrNotExist)
}
