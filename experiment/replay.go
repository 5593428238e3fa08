package experiment

import (
	"context"
	"fmt"

	"tritloom/layout"
	"tritloom/layout/replay"
	"tritloom/sim"
)

// ReplayResult is what a chip made of a recording.
type ReplayResult struct {
	Ticks     int                `json:"ticks"`      // run
	FirstTick int                `json:"first_tick"` // compared from here
	Recorded  int                `json:"recorded"`   // output spikes in the recording
	Produced  int                `json:"produced"`   // output spikes of the compared ticks
	PerTick   []int              `json:"per_tick"`   // produced, of each compared tick
	Spikes    uint64             `json:"spikes"`     // of all neurons and ticks
	First     *replay.Difference `json:"first_difference"`

	events []replay.Event
}

// Events are the output spikes produced, as the case records them.
func (r *ReplayResult) Events() []replay.Event { return r.events }

// Replay runs a recorded-spikes case on a chip at rest and compares. The seed of
// the case replaces that of the options; their scenario does not matter. A
// cancelled context ends it within a tick, and the error says how far it came.
func Replay(ctx context.Context, c *replay.Case, o sim.Options) (*ReplayResult, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	o.Seed = c.Seed
	chip, err := sim.NewStepper(c.Layout, o)
	if err != nil {
		return nil, err
	}
	result := &ReplayResult{Ticks: c.Ticks, FirstTick: c.FirstTick, Recorded: len(c.Expected)}
	recorder, stimuli := c.Recorder(), c.Stimuli
	var fired []layout.Link
	for tick := range c.Ticks {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("replay stopped after %d of %d ticks: %w", tick, c.Ticks, err)
		}
		for ; len(stimuli) > 0 && int(stimuli[0].Tick) == tick; stimuli = stimuli[1:] {
			if err := chip.Inject(int(stimuli[0].Core), int(stimuli[0].Axon), 0); err != nil {
				return nil, err
			}
		}
		step, err := chip.Tick()
		if err != nil {
			return nil, err
		}
		fired = fired[:0]
		for _, s := range step.Spikes {
			fired = append(fired, layout.Link{Core: s.Core, Column: s.Column})
		}
		result.Spikes += uint64(len(fired))
		recorder.Tick(tick, fired)
	}
	result.events, result.Produced, result.PerTick = recorder.Events, len(recorder.Events), recorder.PerTick
	result.First = c.Difference(recorder.Events)
	return result, nil
}
