package interop

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/experiment"
	"tritloom/layout/replay"
	"tritloom/sim"
)

// rancData is the folder of RANC's own recordings, which are not part of this
// repository.
func rancData(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("TRITLOOM_DATA")
	if dir == "" {
		t.Skip("left out: RANC's recordings, set TRITLOOM_DATA")
	}
	dir = filepath.Join(dir, "ranc", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("left out: RANC's recordings, %s is not in $TRITLOOM_DATA/ranc", name)
	}
	return dir
}

func tea(t testing.TB) *RANC {
	t.Helper()
	o := DefaultRANCOptions()
	o.Width, o.Height, o.Bus = 4, 3, &[2]int{0, 2}
	r, err := ImportRANC("tea_256", os.DirFS(rancData(t, "tea_256")), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// run replays on both engines.
func run(t testing.TB, c *replay.Case) *experiment.ReplayResult {
	t.Helper()
	r, err := experiment.Replay(context.Background(), c, sim.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	o := sim.DefaultOptions()
	o.Engine = sim.EngineFast
	fast, err := experiment.Replay(context.Background(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Events(), fast.Events()); diff != "" || r.Spikes != fast.Spikes {
		t.Errorf("engines differ (-reference +fast):\n%s", diff)
	}
	return r
}

// The recording that RANC's FPGA and its simulator agree on: 10 digits, 539 output
// spikes, every one in its place.
func TestRANCTea(t *testing.T) {
	im := tea(t)
	r := run(t, im.Case)
	if r.First != nil {
		t.Errorf("first difference: %v", r.First)
	}
	if want := []int{61, 77, 89, 28, 44, 96, 56, 34, 30, 24}; cmp.Diff(want, r.PerTick) != "" || r.Recorded != 539 || r.Produced != 539 {
		t.Errorf("%d of %d output spikes, %v a tick; want 539 of 539, %v", r.Produced, r.Recorded, r.PerTick, want)
	}
	if im.Case.FirstTick != 1 || im.Case.Ticks != 11 || len(im.Case.Stimuli) != 1367 || len(im.Case.Outputs) != 250 || len(im.Layout.Cores) != 5 {
		t.Errorf("ticks %d..%d, %d injected, %d outputs, %d cores; want 1..10, 1367, 250, 5",
			im.Case.FirstTick, im.Case.Ticks-1, len(im.Case.Stimuli), len(im.Case.Outputs), len(im.Layout.Cores))
	}
	// The digit is the output index mod 10 that most spikes name.
	var votes [10][10]int
	for _, e := range r.Events() {
		votes[int(e.Tick)-1][e.Index%10]++
	}
	var digits [10]int
	for tick := range votes {
		for class, n := range votes[tick] {
			if n > votes[tick][digits[tick]] {
				digits[tick] = class
			}
		}
	}
	if want := [10]int{7, 2, 1, 0, 4, 1, 4, 9, 6, 9}; digits != want {
		t.Errorf("digits %v; want %v", digits, want)
	}
	// Before the first input every output fires, at zero state and zero thresholds.
	early := *im.Case
	early.FirstTick = 0
	if got := run(t, &early).PerTick[0]; got != 250 {
		t.Errorf("%d output spikes in the first tick; want all 250", got)
	}
}

func TestRANCSimulatorExample(t *testing.T) {
	dir := rancData(t, "sim_examples")
	file := func(name string) RANCFile {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return RANCFile{name, text}
	}
	expected := file("example_expected_20ticks.txt")
	im, err := ImportRANCJSON(file("example_input.json"), file("config.json"), &expected)
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, im.Case)
	if r.First != nil || r.Ticks != 19 || r.Produced == 0 {
		t.Errorf("%d ticks, %d spikes, first difference %v; want 19 with none", r.Ticks, r.Produced, r.First)
	}
	printed := strings.Repeat("0 ", 4) + "\n"
	for tick := range int32(19) {
		for line := range int32(4) {
			bit := 0
			for _, e := range r.Events() {
				if e == (replay.Event{Tick: tick, Index: line}) {
					bit = 1
				}
			}
			printed += fmt.Sprintf("%d ", bit)
		}
		printed += "\n"
	}
	want := strings.ReplaceAll(string(bytes.TrimPrefix(expected.Text, []byte("\xEF\xBB\xBF"))), "\r", "")
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(printed)); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
	_, err = ImportRANCJSON(file("mceliece-1.json"), file("config.json"), nil)
	const refusal = "mceliece-1.json: cores[0]: core (0,0) neuron 0: reset_mode 2; RANC's simulator has 0 (absolute) and 1 (linear) and stops at others; choose one of them"
	if err == nil || err.Error() != refusal {
		t.Errorf("mceliece-1: %v; want %s", err, refusal)
	}
}

// What was imported goes out and comes back.
func TestRANCTeaRoundTrip(t *testing.T) {
	im := tea(t)
	files, err := ExportRANC(im.Layout)
	if err != nil {
		t.Fatal(err)
	}
	folder := memoryFolder{}
	for _, f := range files {
		folder[f.Name] = f.Data
	}
	back, err := importFolder(folder, DefaultRANCOptions())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(im.Layout, back.Layout); diff != "" {
		t.Errorf("layout (-first +again):\n%s", diff)
	}
}
