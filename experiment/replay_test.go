package experiment_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/experiment"
	"tritloom/layout"
	"tritloom/layout/replay"
	"tritloom/sim"
)

// relay is a case by hand: column 0 of core 0 hears axon 0 and passes it on to
// core 1, whose column 1 fires two ticks later. Column 0 of core 1 has threshold 0
// and fires always.
func relay(t *testing.T) *replay.Case {
	t.Helper()
	l, err := layout.ParseText(`chip relay typed-binary axons 2 neurons 2 mesh 2x1 gate off types 4 weight 9 delays 3
inputs 1
layer a 2
layer b 2
readout class 0
ticks 1 interval 1
core 0 at 0,0
axon 0 from input/0
row 0 10
column 0 spike >= 1 reset clear level 0 weights 1,0,0,0 is a/0 to 1:1@2
core 1 at 1,0
axon 1 from a/0
row 1 01
column 0 spike >= 0 reset clear level 0 is b/0
column 1 spike >= 1 reset clear level 0 is b/1 weights 1,0,0,0
input 0 to 0:0
`)
	if err != nil {
		t.Fatal(err)
	}
	return &replay.Case{
		Name: "relay", Layout: l, Ticks: 5, FirstTick: 1,
		Stimuli:  []replay.Spike{{Tick: 1, Core: 0, Axon: 0}, {Tick: 2, Core: 0, Axon: 0}},
		Outputs:  []replay.Output{{Core: 1, Column: 0, Index: 3}, {Core: 1, Column: 1, Index: 8}},
		Expected: []replay.Event{{Tick: 1, Index: 3}, {Tick: 2, Index: 3}, {Tick: 3, Index: 3}, {Tick: 3, Index: 8}, {Tick: 4, Index: 3}, {Tick: 4, Index: 8}},
	}
}

func TestReplayByHand(t *testing.T) {
	r, err := experiment.Replay(context.Background(), relay(t), sim.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if r.First != nil || r.Produced != 6 || r.Spikes != 2+5+2 || cmp.Diff([]int{1, 1, 2, 2}, r.PerTick) != "" {
		t.Errorf("%+v, first difference %v; want 6 output spikes of 9, 1 1 2 2 a tick, none differing", r, r.First)
	}
	changed := relay(t)
	changed.Expected[3].Index = 9
	r, err = experiment.Replay(context.Background(), changed, sim.DefaultOptions())
	const want = "tick 3, spike 1 of the tick: expected output 9, got output 8; 2 compared ticks before it agree"
	if err != nil || r.First == nil || r.First.String() != want {
		t.Errorf("%v, %v; want %s", r.First, err, want)
	}
}

func TestReplayRefuses(t *testing.T) {
	bad := relay(t)
	bad.Stimuli[0].Axon = 2
	if _, err := experiment.Replay(context.Background(), bad, sim.DefaultOptions()); err == nil {
		t.Error("a stimulus beyond the core was injected")
	}
	o := sim.DefaultOptions()
	o.Engine = "none"
	if _, err := experiment.Replay(context.Background(), relay(t), o); err == nil {
		t.Error("an unknown engine ran")
	}
}

// countdown is cancelled after so many looks at it.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestReplayStops(t *testing.T) {
	for ticks, want := range map[int]string{0: "0 of 5 ticks", 3: "3 of 5 ticks"} {
		_, err := experiment.Replay(&countdown{context.Background(), ticks}, relay(t), sim.DefaultOptions())
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), want) {
			t.Errorf("cancelled after %d ticks: %v; want %q", ticks, err, want)
		}
	}
}
