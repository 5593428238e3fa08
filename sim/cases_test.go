package sim

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/textcase"
	"tritloom/layout"
	"tritloom/ledger"
)

// TestTicks runs the cases worked out by hand in testdata/ticks.txt.
func TestTicks(t *testing.T) {
	var b bench
	textcase.Run(t, "testdata/ticks.txt", func(t *testing.T, c textcase.Case) string {
		switch c.Command {
		case "layout":
			return b.load(c)
		case "step":
			return b.step(t, c)
		case "run":
			return b.run(t, c)
		}
		t.Fatalf("%s: unknown command %q", c.Place, c.Command)
		return ""
	})
}

// bench holds the image that the cases of a file build on.
type bench struct {
	image   *layout.Layout
	options Options
	stepper *Stepper
}

// unitLatencies is one quantum for every event.
func unitLatencies() (l hwmodel.Latencies) {
	for k := range l {
		l[k] = 1
	}
	return l
}

func (b *bench) load(c textcase.Case) string {
	image, err := layout.ParseText(c.Input)
	if err != nil {
		return err.Error()
	}
	b.image, b.options = image, DefaultOptions()
	b.options.Engine = EngineReference
	if len(c.Args) > 0 && c.Args[0] == TimingAnalytic {
		b.options.Timing, b.options.Latencies = TimingAnalytic, unitLatencies()
	}
	if b.stepper, err = NewStepper(image, b.options); err != nil {
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
