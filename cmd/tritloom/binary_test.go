package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tool is the program as go build makes it, and a folder to run it in.
type tool struct {
	t            *testing.T
	path, folder string
}

func buildTool(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "tritloom")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// TestBinary builds the program once.
func TestBinary(t *testing.T) {
	path := buildTool(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *tool)
	}{
		{"exit codes", testExitCodes},
		{"cut searches are repeatable", testCutSearches},
		{"claims cost no memory", testClaims},
		{"demo", testDemo},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, &tool{t, path, t.TempDir()})
		})
	}
}

// command prepares a run with no data folder in the environment.
func (b *tool) command(args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	cmd, stdout, stderr = exec.Command(b.path, args...), new(bytes.Buffer), new(bytes.Buffer)
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.folder, stdout, stderr
	cmd.Env = append(os.Environ(), dataEnv+"=", "HOME="+b.folder, "XDG_DATA_HOME=")
	return cmd, stdout, stderr
}

// run runs the tool and checks its exit code as the operating system sees it.
func (b *tool) run(exit int, args ...string) (stdout, stderr string, state *os.ProcessState) {
	b.t.Helper()
	cmd, out, problems := b.command(args...)
	if err := cmd.Run(); cmd.ProcessState == nil {
		b.t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != exit {
		b.t.Fatalf("tritloom %s: exit code %d; want %d\n%s%s", strings.Join(args, " "), code, exit, out, problems)
	}
	return out.String(), problems.String(), cmd.ProcessState
}

func (b *tool) bytes(name string) []byte {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.folder, name))
	if err != nil {
		b.t.Fatal(err)
	}
	return data
}

func (b *tool) sameFiles(first, second string) {
	b.t.Helper()
	if !bytes.Equal(b.bytes(first), b.bytes(second)) {
		b.t.Errorf("%s and %s differ", first, second)
	}
}

// numberAt is a number in a result, such as report.accuracy.
func numberAt(t *testing.T, value map[string]any, key string) float64 {
	t.Helper()
	var at any = value
	for part := range strings.SplitSeq(key, ".") {
		inner, _ := at.(map[string]any)
		at = inner[part]
	}
	number, ok := at.(float64)
	if !ok {
		t.Fatalf("%s is %v; want a number", key, at)
	}
	return number
}

func testExitCodes(t *testing.T, b *tool) {
	if stdout, stderr, _ := b.run(exitOK, "train", "--data", "iris", "--hidden", "4", "--sweeps", "1"); stdout == "" || stderr != "" {
		t.Errorf("train: %q on standard output, %q on standard error", stdout, stderr)
	}
	b.run(exitOK, "train", "--data", "iris", "--hidden", "4", "--sweeps", "1", "--seed", "2", "-o", "other.npz")
	b.run(exitOK, "compile", "net.npz")
	b.run(exitOK, "verify", "net.npz", "layout.npz")
	b.run(exitFailed, "verify", "other.npz", "layout.npz")
	if stdout, stderr, _ := b.run(exitUsage, "verify", "net.npz", "net.npz"); stdout != "" || strings.Count(stderr, "\n") != 1 {
		t.Errorf("a wrong file: %q on standard output, %q on standard error", stdout, stderr)
	}
}

// A search cut by the clock or by Ctrl-C leaves a network that reads back, and
// names the number of trials that make the same bytes without a clock.
func testCutSearches(t *testing.T, b *tool) {
	long := []string{"--json", "train", "--data", "mnist5k", "--hidden", "300", "--sweeps", "0"}
	train := func(more ...string) []string { return append(long[:len(long):len(long)], more...) }

	stdout, _, _ := b.run(exitOK, train("--budget", "300ms", "-o", "budget.npz")...)
	b.checkRepeat(stdout, "budget", train())
	words, _, _ := b.run(exitOK, train("--json=false", "--budget", "1ms", "-o", "words.npz")...)
	if !strings.Contains(words, "the same network again, without a clock: --max-trials ") {
		t.Errorf("no --max-trials in\n%s", words)
	}

	cmd, out, problems := b.command(train("-o", "stopped.npz")...)
	watch := &firstLine{into: problems, seen: make(chan struct{})}
	cmd.Stderr = watch
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-watch.seen:
	case err := <-done:
		t.Fatalf("the search ended before it showed progress: %v\n%s", err, problems)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatalf("after Ctrl-C: %v\n%s", err, problems)
	}
	if !strings.Contains(problems.String(), " trials accepted") {
		t.Errorf("no progress on standard error:\n%s", problems)
	}
	b.checkRepeat(out.String(), "stopped", train())
}

// checkRepeat reads NAME.npz and makes it again by the trials that its summary
// names, once in words and once in JSON.
func (b *tool) checkRepeat(summary, name string, train []string) {
	b.t.Helper()
	b.run(exitOK, "inspect", name+".npz")
	value, err := oneObject(summary)
	if err != nil {
		b.t.Fatalf("%v in\n%s", err, summary)
	}
	if by := value["stopped_by"]; by != map[string]string{"budget": "budget", "stopped": "interrupted"}[name] {
		b.t.Errorf("%s: stopped by %v", name, by)
	}
	trials := fmt.Sprintf("%.0f", numberAt(b.t, value, "max_trials_to_reproduce"))
	again := append(train, "--max-trials", trials, "-o", name+"-again.npz")
	for _, processors := range []string{"1", "2"} {
		cmd, _, problems := b.command(again...)
		cmd.Env = append(cmd.Env, "GOMAXPROCS="+processors)
		if err := cmd.Run(); err != nil {
			b.t.Fatalf("%v\n%s", err, problems)
		}
		b.sameFiles(name+".npz", name+"-again.npz")
	}
}

// firstLine tells when a first line has been written.
type firstLine struct {
	into *bytes.Buffer
	seen chan struct{}
	told bool
}

func (f *firstLine) Write(p []byte) (int, error) {
	n, err := f.into.Write(p)
	if !f.told && bytes.Contains(f.into.Bytes(), []byte(" trials accepted")) {
		f.told = true
		close(f.seen)
	}
	return n, err
}

// A file that claims 10^12 weights costs no memory. The bound is far above what
// the tool takes, and far below any table of the claimed size.
func testClaims(t *testing.T, b *tool) {
	const most = 200 << 20 // bytes
	b.run(exitOK, "train", "--hidden", "16", "--sweeps", "1")
	b.run(exitOK, "compile", "net.npz")
	for _, c := range []struct {
		how  string
		from string
		args []string
	}{
		{"claim", "net.npz", []string{"compile", "spoilt.npz"}},
		{"header", "net.npz", []string{"inspect", "spoilt.npz"}},
		{"claim", "layout.npz", []string{"verify", "net.npz", "spoilt.npz"}},
	} {
		if err := spoil(c.how, filepath.Join(b.folder, c.from), filepath.Join(b.folder, "spoilt.npz")); err != nil {
			t.Fatal(err)
		}
		_, stderr, state := b.run(exitUsage, c.args...)
		if !strings.HasPrefix(stderr, "tritloom: spoilt.npz: ") {
			t.Errorf("%s %s: %s", c.how, c.from, stderr)
		}
		if peak := peakOf(state); peak > most {
			t.Errorf("%s %s: %d bytes resident; want at most %d", c.how, c.from, peak, most)
		}
	}
}

func peakOf(state *os.ProcessState) int64 {
	usage := state.SysUsage().(*syscall.Rusage)
	return int64(usage.Maxrss) * maxrssUnit
}

// The demo, whole and twice: what it claims, and the same files from one
// processor and from two.
func testDemo(t *testing.T, b *tool) {
	cmd, stdout, stderr := b.command("demo")
	cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	checkDemoText(t, stdout.String())
	if !strings.Contains(stderr.String(), "digits@fifth: compiling for ternary256 and proving the layout\n") {
		t.Errorf("progress:\n%s", stderr)
	}
	out, problems, _ := b.run(exitOK, "demo", "--json", "-q", "--out", "again")
	if problems != "" {
		t.Errorf("a quiet demo says\n%s", problems)
	}
	for _, split := range []string{"last360", "fifth"} {
		b.sameFiles(filepath.Join("tritloom-demo", split, "net.npz"), filepath.Join("again", split, "net.npz"))
		for _, chip := range []string{"ternary256", "truenorth"} {
			for _, file := range []string{"layout.npz", "run.json", "offline.json", "samples.csv"} {
				b.sameFiles(filepath.Join("tritloom-demo", split, chip, file), filepath.Join("again", split, chip, file))
			}
		}
	}
	value, err := oneObject(out)
	if err != nil {
		t.Fatal(err)
	}
	checkDemoFigures(t, value)
	for _, chip := range []string{"ternary256", "truenorth"} {
		image := "again/fifth/" + chip + "/layout.npz"
		b.run(exitOK, "verify", "again/fifth/net.npz", image, "--faults", "200")
		b.run(exitOK, "report", "again/fifth/"+chip+"/run.json", "--net", "again/fifth/net.npz", "--layout", image)
	}
	b.run(exitOK, "inspect", "again/last360/net.npz")
}

func checkDemoText(t *testing.T, text string) {
	t.Helper()
	for _, words := range []string{
		"Real handwritten digits", "ternary256 (hypothetical chip)   truenorth",
		"test accuracy [95 % interval]", "float MLP of the same hidden width", "cores (lower bound)",
		"energy per inference, with host", "used cores, single stream", "used cores, offline", "whole chip, single stream", "whole chip, offline",
		"activity-independent, used cores", "latency",
		"used cores, single stream, with host, hypothetical chip ternary256", "used cores, single stream, with host, chip truenorth",
		"every price and its source: tritloom chips ternary256", "every price and its source: tritloom chips truenorth",
		"The 32x memory claim", "32.00x", "weights alone", "unused neurons",
		"tritloom inspect tritloom-demo/last360/net.npz",
		"tritloom verify tritloom-demo/last360/net.npz tritloom-demo/last360/ternary256/layout.npz --faults 1000",
		"tritloom report tritloom-demo/fifth/truenorth/run.json --net tritloom-demo/fifth/net.npz --layout tritloom-demo/fifth/truenorth/layout.npz",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("the demo does not say %q", words)
		}
	}
	for line := range strings.Lines(text) {
		cells, ok := strings.CutPrefix(line, "mismatching ")
		if ok && strings.Count(cells, " 0 of ")+strings.Count(strings.TrimSpace(cells)+" ", " - ") != 2 {
			t.Errorf("a demo that is exact says %q", line)
		}
	}
	if n := strings.Count(text, "\nmismatching "); n != 12 { // on each split: hidden1, compare, winner, scores, winners, decisions
		t.Errorf("%d lines of mismatches; want 12", n)
	}
}

func checkDemoFigures(t *testing.T, value map[string]any) {
	t.Helper()
	splits, _ := value["splits"].([]any)
	least := map[string]float64{"digits@last360": 0.86, "digits@fifth": 0.93}
	var seen []string
	for _, split := range splits {
		d := split.(map[string]any)
		name := d["data"].(string)
		seen = append(seen, name)
		if accuracy := numberAt(t, d, "train.accuracy.value"); accuracy < least[name] {
			t.Errorf("%s: accuracy %.3f; want at least %.2f", name, accuracy, least[name])
		}
		chips, _ := d["chips"].([]any)
		if len(chips) != 2 {
			t.Errorf("%s: %d chips; want 2", name, len(chips))
		}
		for _, chip := range chips {
			checkDemoChip(t, name, d, chip.(map[string]any))
		}
	}
	if diff := cmp.Diff([]string{"digits@last360", "digits@fifth"}, seen); diff != "" {
		t.Errorf("splits (-want +got):\n%s", diff)
	}
}

func checkDemoChip(t *testing.T, name string, split, chip map[string]any) {
	t.Helper()
	for _, key := range []string{"spike_mismatches", "score_mismatches", "decision_mismatches"} {
		if n := numberAt(t, chip, "comparison."+key); n != 0 {
			t.Errorf("%s: %s = %v", name, key, n)
		}
	}
	for _, scenario := range []string{"single_stream", "offline"} {
		if run, train := numberAt(t, chip, scenario+".report.accuracy.correct"), numberAt(t, split, "train.accuracy.correct"); run != train {
			t.Errorf("%s, %s: the chip has %v right, the network %v", name, scenario, run, train)
		}
		used, whole := numberAt(t, chip, scenario+".report.energy_per_inference_j.nominal"), numberAt(t, chip, scenario+".energy_whole_chip_j.nominal")
		if used <= 0 || whole <= used {
			t.Errorf("%s, %s: %g J for the used cores, %g J for the whole chip", name, scenario, used, whole)
		}
	}
	if cores, bound := numberAt(t, chip, "compile.cores"), numberAt(t, chip, "compile.cores_lower_bound"); cores < bound || bound < 1 {
		t.Errorf("%s: %v cores, lower bound %v", name, cores, bound)
	}
}
