package trace

import (
	"bytes"
	"strings"
	"testing"

	"tritloom/encode"
	"tritloom/hwmodel"
	"tritloom/internal/textcase"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// TestTraces runs the cases worked out by hand in testdata/traces.txt.
func TestTraces(t *testing.T) {
	var l *layout.Layout
	timing := sim.TimingNone
	textcase.Run(t, "testdata/traces.txt", func(t *testing.T, c textcase.Case) string {
		switch c.Command {
		case "layout":
			image, err := layout.ParseText(c.Input)
			if err != nil {
				return err.Error()
			}
			if l, timing = image, sim.TimingNone; len(c.Args) > 0 {
				timing = c.Args[0]
			}
			return "ok"
		case "trace":
			var only []layout.Link
			if len(c.Args) > 1 {
				var err error
				if only, err = Select(l, c.Args[1]); err != nil {
					return err.Error()
				}
			}
			text, err := traced(t, l, timing, ledger.SingleStream, 1, c.Args[0], only, parseSamples(c.Input))
			if err != nil {
				return err.Error()
			}
			return text
		}
		t.Fatalf("%s: unknown command %q", c.Place, c.Command)
		return ""
	})
}

// samples is a Source of given bits.
type samples []encode.Bits

func (s samples) Len() int                    { return len(s) }
func (s samples) Bits(i int, dst encode.Bits) { copy(dst.Words(), s[i].Words()) }

func parseSamples(text string) samples {
	var s samples
	for _, line := range strings.Fields(text) {
		s = append(s, encode.ParseBits(line))
	}
	return s
}

// simulationOptions is a simulation in which every event takes one quantum, if any.
func simulationOptions(timing string, scenario ledger.Scenario, workers int) sim.Options {
	o := sim.DefaultOptions()
	o.Timing, o.Scenario, o.Workers = timing, scenario, workers
	if timing != sim.TimingNone {
		o.Latencies = unitLatencies()
	}
	return o
}

func unitLatencies() (l hwmodel.Latencies) {
	for k := range l {
		l[k] = 1
	}
	return l
}

// traced simulates and gives one trace.
func traced(t *testing.T, l *layout.Layout, timing string, scenario ledger.Scenario, workers int, name string, only []layout.Link, s samples) (string, error) {
	t.Helper()
	form, ok := ByName(name)
	if !ok {
		t.Fatalf("no form %q", name)
	}
	var b bytes.Buffer
	w, err := form.New(&b, Options{Layout: l, Timed: timing != sim.TimingNone, Potentials: only})
	if err != nil {
		return "", err
	}
	o := simulationOptions(timing, scenario, workers)
	o.Observe = w.Tick
	m, err := sim.New(l, o)
	if err != nil {
		return "", err
	}
	if _, err := m.Run(t.Context(), s, nil); err != nil {
		return "", err
	}
	err = w.End()
	return b.String(), err
}
