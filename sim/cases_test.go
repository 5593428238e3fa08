package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/bits"
	"tritloom/internal/textcase"
	"tritloom/layout"
	"tritloom/ledger"
)

// TestTicks runs the cases worked out by hand in testdata/ticks.txt: what counts and
// time come to.
func TestTicks(t *testing.T) { runCases(t, "testdata/ticks.txt") }

// TestNeurons runs the cases worked out by hand in testdata/neurons.txt: what neurons
// do.
func TestNeurons(t *testing.T) { runCases(t, "testdata/neurons.txt") }

// runCases runs a file of cases with the reference, and with the fast engine on every
// path and with two threads, which must say the same. Where the fast engine has no form
// for an image it must refuse it; what is chosen then, and for samples, says the same.
func runCases(t *testing.T, path string) {
	reference := &bench{name: "reference", setup: func(*Options) {}}
	var rivals []*bench
	for _, path := range bits.Available() {
		for _, threads := range []int{1, 2} {
			rivals = append(rivals, &bench{name: fmt.Sprintf("fast/%s/threads=%d", path, threads), setup: func(o *Options) {
				o.Engine, o.Path, o.Threads = EngineFast, path, threads
			}})
		}
	}
	chosen := &bench{name: "auto", setup: func(o *Options) { o.Engine = EngineAuto }}
	textcase.Run(t, path, func(t *testing.T, c textcase.Case) string {
		want := reference.do(t, c)
		for _, b := range append(rivals, chosen) {
			if b != chosen && reference.unfit() != nil {
				if got := b.load(textcase.Case{Input: reference.image.Text()}); got != reference.unfit().Error() {
					t.Errorf("%s: %s says %s", c.Place, b.name, got)
				}
				continue
			}
			if got := b.do(t, c); got != want {
				t.Errorf("%s: %s says\n%s\nreference\n%s", c.Place, b.name, got, want)
			}
		}
		return want
	})
}

// bench holds the image that the cases of a file build on.
type bench struct {
	name    string
	setup   func(*Options)
	image   *layout.Layout
	options Options
	stepper *Stepper
}

func (b *bench) do(t *testing.T, c textcase.Case) string {
	switch c.Command {
	case "layout":
		return b.load(c)
	case "step":
		return b.step(t, c)
	case "trace":
		return b.trace(t, c)
	case "run":
		return b.run(t, c)
	}
	t.Fatalf("%s: unknown command %q", c.Place, c.Command)
	return ""
}

// unfit is why the fast engine refuses the image, or nil.
func (b *bench) unfit() error {
	if b.stepper == nil {
		return nil
	}
	return canFast(b.stepper.p)
}

// unitLatencies is one quantum for every event.
func unitLatencies() (l hwmodel.Latencies) {
	for k := range l {
		l[k] = 1
	}
	return l
}

// load reads an image, or starts the last one again.
func (b *bench) load(c textcase.Case) string {
	if c.Input != "" {
		image, err := layout.ParseText(c.Input)
		if err != nil {
			return err.Error()
		}
		b.image = image
	}
	b.options = DefaultOptions()
	b.options.Engine = EngineReference
	b.setup(&b.options)
	if len(c.Args) > 0 && c.Args[0] == TimingAnalytic {
		b.options.Timing, b.options.Latencies = TimingAnalytic, unitLatencies()
	}
	var err error
	if b.stepper, err = NewStepper(b.image, b.options); err != nil {
		return err.Error()
	}
	return "ok"
}

// step injects and simulates one tick, or as many as the argument says.
func (b *bench) step(t *testing.T, c textcase.Case) string {
	for _, line := range strings.Split(strings.TrimSpace(c.Input), "\n") {
		var core, axon, delay int
		switch {
		case line == "wave":
			b.stepper.StartWave()
		case strings.HasPrefix(line, "inject "):
			if n, _ := fmt.Sscanf(line, "inject %d:%d@%d", &core, &axon, &delay); n < 2 {
				t.Fatalf("%s: %q", c.Place, line)
			}
			if err := b.stepper.Inject(core, axon, delay); err != nil {
				return err.Error()
			}
		}
	}
	ticks := 1
	if len(c.Args) > 0 {
		if _, err := fmt.Sscan(c.Args[0], &ticks); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	for range ticks {
		s, err := b.stepper.Tick()
		if err != nil {
			return err.Error()
		}
		b.writeStep(&out, s)
	}
	return out.String()
}

func (b *bench) writeStep(out *strings.Builder, s Step) {
	fmt.Fprintf(out, "tick %d", s.Tick)
	if b.options.Timing == TimingAnalytic {
		fmt.Fprintf(out, ", %d quanta", s.Quanta)
	}
	fmt.Fprintln(out)
	for _, v := range s.PartialSums {
		fmt.Fprintf(out, "psum %d:%d %d\n", v.Core, v.Column, v.Value)
	}
	for _, v := range s.Spikes {
		fmt.Fprintf(out, "spike %d:%d\n", v.Core, v.Column)
	}
	for _, v := range s.Scores {
		fmt.Fprintf(out, "score %d:%d %d\n", v.Core, v.Column, v.Value)
	}
	for c := range b.image.Cores {
		for n := range b.image.Cores[c].Columns {
			if v := b.stepper.Potential(c, n); v != 0 {
				fmt.Fprintf(out, "potential %d:%d %d\n", c, n, v)
			}
		}
	}
	for c := range s.Counts {
		fmt.Fprintf(out, "core %d%s\n", c, countText(&s.Counts[c]))
	}
}

// trace simulates a tick for each line of input and prints a line for it. A line in
// holds "wave", spikes such as 0:1 or 0:1@3, "." for none; "idle 5" is five ticks
// without, of which the last is printed. A line out has every used column, cores apart
// by "|": the potential, "!" after it for a spike, the current and "/" before it; ">5"
// for a partial sum sent, "=5" for a score handed out; and at last lost spikes.
func (b *bench) trace(t *testing.T, c textcase.Case) string {
	var out strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(c.Input), "\n") {
		ticks := 1
		if n, err := fmt.Sscanf(line, "idle %d", &ticks); n == 0 || err != nil {
			b.injectWords(t, c, strings.Fields(line))
		}
		for i := range ticks {
			s, err := b.stepper.Tick()
			if err != nil {
				return out.String() + err.Error()
			}
			if i == ticks-1 {
				fmt.Fprintf(&out, "%d:%s\n", s.Tick, b.traceText(s))
			}
		}
	}
	return out.String()
}

func (b *bench) injectWords(t *testing.T, c textcase.Case, words []string) {
	for _, word := range words {
		var core, axon, delay int
		switch n, _ := fmt.Sscanf(word, "%d:%d@%d", &core, &axon, &delay); {
		case word == "wave":
			b.stepper.StartWave()
		case n >= 2:
			if err := b.stepper.Inject(core, axon, delay); err != nil {
				t.Fatalf("%s: %v", c.Place, err)
			}
		case word != ".":
			t.Fatalf("%s: %q", c.Place, word)
		}
	}
}

func (b *bench) traceText(s Step) string {
	var out strings.Builder
	valueOf := func(list []Value, c, n int) (int64, bool) {
		i := slices.IndexFunc(list, func(v Value) bool { return v.Core == int32(c) && v.Column == int32(n) })
		if i < 0 {
			return 0, false
		}
		return list[i].Value, true
	}
	for c := range b.image.Cores {
		if c > 0 {
			fmt.Fprint(&out, " |")
		}
		for n := range b.image.Cores[c].Columns {
			column := &b.image.Cores[c].Columns[n]
			if column.Role == layout.Unused {
				continue
			}
			fmt.Fprint(&out, " ")
			if v, sent := valueOf(s.PartialSums, c, n); sent {
				fmt.Fprintf(&out, ">%d", v)
				continue
			}
			if v, scored := valueOf(s.Scores, c, n); scored {
				fmt.Fprintf(&out, "=%d", v)
				continue
			}
			if column.Dynamics.Current {
				fmt.Fprintf(&out, "%d/", b.stepper.Current(c, n))
			}
			fmt.Fprint(&out, b.stepper.Potential(c, n))
			if slices.ContainsFunc(s.Spikes, func(v Spike) bool { return v.Core == int32(c) && v.Column == int32(n) }) {
				fmt.Fprint(&out, "!")
			}
		}
	}
	if s.Lost > 0 {
		fmt.Fprintf(&out, " lost %d", s.Lost)
	}
	return out.String()
}

// countText lists what is not zero.
func countText(c *ledger.Counts) string {
	var s strings.Builder
	for k, n := range c {
		if n != 0 {
			fmt.Fprintf(&s, " %s %d", ledger.Kind(k), n)
		}
	}
	return s.String()
}

// run simulates one sample a line.
func (b *bench) run(t *testing.T, c textcase.Case) string {
	b.options.Scenario = ledger.Scenario(c.Args[0])
	m, err := New(b.image, b.options)
	if err != nil {
		return err.Error()
	}
	var out strings.Builder
	run, err := m.Run(context.Background(), parseSamples(c.Input), func(w Wave) error {
		fmt.Fprintf(&out, "wave %d class %d scores", w.Sample, w.Class)
		for _, v := range w.Scores {
			fmt.Fprintf(&out, " %d", v)
		}
		fmt.Fprint(&out, " spikes")
		for _, s := range w.Spikes {
			fmt.Fprintf(&out, " %d@%d:%d", s.Tick, s.Core, s.Column)
		}
		if b.options.Timing == TimingAnalytic {
			fmt.Fprintf(&out, " latency %d", w.LatencyQuanta)
		}
		fmt.Fprintf(&out, "\n %s\n", countText(&w.Counts))
		return nil
	})
	if err != nil {
		return out.String() + "error: " + err.Error()
	}
	if err := run.Validate(); err != nil {
		t.Error(err)
	}
	fmt.Fprintf(&out, "outside%s\n", countText(&run.Outside))
	fmt.Fprintf(&out, "ticks %d per inference %d interval %d fill %d drain %d\n", run.Ticks.Total, run.Ticks.PerInference, run.Ticks.InitiationInterval, run.Ticks.Fill, run.Ticks.Drain)
	if b.options.Timing == TimingAnalytic {
		fmt.Fprintf(&out, "quanta %d longest %d\n", run.Timing.Total, run.Timing.Longest)
	}
	for _, l := range run.Layers {
		fmt.Fprintf(&out, "layer %s %d\n", l.Name, l.Spikes)
	}
	for _, v := range run.Violations {
		fmt.Fprintf(&out, "violation first in tick %d, %d times: %s\n", v.First, v.Count, v.What)
	}
	if total := run.Total(); b.options.Timing == TimingAnalytic {
		fmt.Fprintf(&out, "sum of all rows %d\n", total.Sum())
	}
	return out.String()
}

// samples is a Source of given bits.
type samples []encode.Bits

func (s samples) Len() int { return len(s) }

func (s samples) Bits(i int, dst encode.Bits) { copy(dst.Words(), s[i].Words()) }

// parseSamples reads one sample a line.
func parseSamples(text string) samples {
	var s samples
	for _, line := range strings.Fields(text) {
		s = append(s, encode.ParseBits(line))
	}
	return s
}
