package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"tritloom/experiment"
	"tritloom/layout/replay"
	"tritloom/sim"
)

type replayCmd struct {
	Case string `arg:"" help:"Replay case, as import ranc writes it." placeholder:"CASE"`
	engineFlags
	traceFlags
}

// defaultEngine runs where no engine is asked for.
const defaultEngine = sim.EngineAuto

// engineFlags choose how a chip is simulated; nothing here changes a result. This
// is the one place of what an engine can be asked.
type engineFlags struct {
	Engine  string `default:"${engine}" enum:"${engines}" help:"Simulation engine: ${engines}; auto is fast where that can, else reference."`
	Threads int    `default:"1" help:"Threads that share the chip; engine fast only." placeholder:"K"`
}

// engines are the values of --engine.
var engines = []string{sim.EngineAuto, sim.EngineFast, sim.EngineReference}

func (e engineFlags) options() (sim.Options, error) {
	if err := within("--threads", e.Threads, 1, maxThreads); err != nil {
		return sim.Options{}, err
	}
	o := sim.DefaultOptions()
	o.Engine, o.Threads = e.Engine, e.Threads
	return o, o.Validate()
}

// Run replays; exit 1 if a spike differs.
func (c *replayCmd) Run(s *session) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	recorded, err := replay.ReadFile(c.Case)
	if err != nil {
		return err
	}
	if c.ChromeTrace != "" {
		return fmt.Errorf("--chrome-trace %s: a case says no latencies, so there is no time to draw; use --series or --vcd", c.ChromeTrace)
	}
	traces, err := c.traceFlags.open(recorded.Layout, options.Timing, nil, []string{c.Case})
	if err != nil {
		return err
	}
	defer traces.discard()
	options.Observe = traces.observer()
	result, err := experiment.Replay(s.ctx, recorded, options)
	if err != nil {
		return stopped(traces.interrupted(err, 0, 1))
	}
	if err := traces.commit(); err != nil {
		return err
	}
	if err := s.print(result, replayText(result)+traces.text()); err != nil {
		return err
	}
	if result.First != nil {
		return errFailed
	}
	return nil
}

// stopped is an error of a replay; an interruption says how far it came.
func stopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New(strings.TrimSuffix(err.Error(), ": "+context.Canceled.Error()) + ", interrupted; nothing was written, start it again")
	}
	return err
}

// replayText is a replay as a person reads it.
func replayText(r *experiment.ReplayResult) string {
	verdict := "every recorded spike is reproduced"
	if r.First != nil {
		verdict = "THE SIMULATED CHIP DIFFERS FROM THE RECORDING"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d recorded and %d simulated output spikes over ticks %d..%d (%d of all neurons from tick 0 on)\n",
		verdict, r.Recorded, r.Produced, r.FirstTick, r.Ticks-1, r.Spikes)
	b.WriteString("output spikes a tick:")
	const most = 40
	for _, n := range r.PerTick[:min(most, len(r.PerTick))] {
		fmt.Fprintf(&b, " %d", n)
	}
	if more := len(r.PerTick) - most; more > 0 {
		fmt.Fprintf(&b, " and %d more ticks", more)
	}
	b.WriteByte('\n')
	if r.First != nil {
		fmt.Fprintf(&b, "first: %s\n", r.First)
	}
	return b.String()
}

// pair reads two numbers with a mark between them.
func pair(flag, text, mark, example string) (a, b int, err error) {
	first, second, found := strings.Cut(text, mark)
	a, errA := strconv.Atoi(first)
	b, errB := strconv.Atoi(second)
	if !found || errA != nil || errB != nil || !slices.Contains([]string{"x", ","}, mark) {
		return 0, 0, fmt.Errorf("%s %q; want two whole numbers, such as %s", flag, text, example)
	}
	return a, b, nil
}

// bare is a file's error without its path, which the message names.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
