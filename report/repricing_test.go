package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/compiler"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
)

// bench is one network on one chip, ready to be simulated.
type bench struct {
	chip *hwmodel.Chip
	net  *ternary.Network
	l    *layout.Layout
	in   sim.Source
}

func newBench(t *testing.T, name string) bench {
	t.Helper()
	b, err := tryBench(t, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tryBench fails where the chip cannot hold the network.
func tryBench(t *testing.T, name string) (bench, error) {
	t.Helper()
	b := bench{chip: load(t, name)}
	stream := seed.Stream(5, seed.TestNetwork)
	b.net = randomnet.Dense(stream, 40, 24, 4)
	b.in = randomnet.NewInputs(stream, b.net.Inputs, 6)
	var err error
	b.l, _, err = compiler.Compile(b.net, b.chip, compiler.DefaultOptions())
	return b, err
}

func load(t *testing.T, name string) *hwmodel.Chip {
	t.Helper()
	chip, err := hwmodel.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return chip
}

func (b bench) simulate(t *testing.T, o sim.Options) *ledger.Run {
	t.Helper()
	o.Latencies = b.chip.Latencies()
	m, err := sim.New(b.l, o)
	if err != nil {
		t.Fatal(err)
	}
	run, err := m.Run(context.Background(), b.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	run.Data = "random"
	return run
}

func (b bench) price(t *testing.T, run *ledger.Run, chip *hwmodel.Chip) []byte {
	t.Helper()
	text, err := json.Marshal(reportOf(t, b, run, chip))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// stored writes a run and reads it back.
func stored(t *testing.T, run *ledger.Run) *ledger.Run {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.json")
	if err := run.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	back, err := ledger.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// dearer is the chip with one coefficient moved, as a price file of the same
// capabilities has it.
func dearer(chip *hwmodel.Chip) *hwmodel.Chip {
	moved := *chip
	p := &moved.Prices[ledger.SynapticOp]
	if p.State != hwmodel.Priced { // analogue cores pay for driven rows
		p = &moved.Prices[ledger.DACRow]
	}
	p.Nominal, p.High = 1.1*p.Nominal, 1.1*p.High
	return &moved
}

// To price a stored run is to simulate again and price: the same bytes, under the
// prices of the run's chip, under moved ones and at another voltage.
func TestRepricingEqualsSimulatingAgain(t *testing.T) {
	ran := []string{}
	for _, name := range hwmodel.Names() {
		b, err := tryBench(t, name)
		if err != nil { // such as neurons that the network needs and the chip lacks
			t.Logf("%s: not compiled: %v", name, err)
			continue
		}
		ran = append(ran, name)
		tables := []*hwmodel.Chip{b.chip, dearer(b.chip)}
		if b.chip.Voltage != nil {
			moved, err := b.chip.At(hwmodel.Conditions{VoltageV: 0.75})
			if err != nil {
				t.Fatal(err)
			}
			tables = append(tables, moved)
		}
		for _, o := range everyOption(b) {
			what := fmt.Sprintf("%s %s %s %s", name, o.Scenario, o.Engine, o.Timing)
			back := stored(t, b.simulate(t, o))
			seen := map[string]bool{}
			for i, chip := range tables {
				again := b.price(t, b.simulate(t, o), chip)
				if repriced := b.price(t, back, chip); !bytes.Equal(repriced, again) {
					t.Errorf("%s, prices %d: the stored run gives other bytes:\n%s", what, i, cmp.Diff(string(again), string(repriced)))
				}
				seen[string(again)] = true
			}
			if len(seen) != len(tables) {
				t.Errorf("%s: %d price tables give %d reports", what, len(tables), len(seen))
			}
		}
	}
	for _, name := range []string{"unit", "ternary256", "truenorth"} {
		if !slices.Contains(ran, name) {
			t.Errorf("%s was not among the chips that were simulated, %q", name, ran)
		}
	}
}

// everyOption lists scenarios × engines × timing models the bench can run.
func everyOption(b bench) []sim.Options {
	var list []sim.Options
	for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
		engines := []string{sim.EngineReference, sim.EngineFast}
		if sim.CanBatch(b.l, scenario) == nil {
			engines = append(engines, sim.EngineBatch)
		}
		for _, engine := range engines {
			for _, timing := range []string{sim.TimingNone, sim.TimingAnalytic, sim.TimingCycle} {
				if timing == sim.TimingCycle && b.l.Capabilities.Mesh.BufferPackets == 0 || timing != sim.TimingNone && engine == sim.EngineBatch {
					continue
				}
				o := sim.DefaultOptions()
				o.Engine, o.Scenario, o.Timing = engine, scenario, timing
				list = append(list, o)
			}
		}
	}
	return list
}

// withTick is the bench with a tick of so many quanta.
func (b bench) withTick(quanta uint64) bench {
	chip, l := *b.chip, *b.l
	chip.Capabilities.Tick.Quanta, l.Capabilities.Tick.Quanta = quanta, quanta
	b.chip, b.l = &chip, &l
	return b
}

// A run moved to another tick is the run that a simulation with that tick gives,
// field by field but for the image's hash: to longer and to shorter ticks, and out
// of ticks that were too short, on both kinds of chip and with both timing models.
func TestRetickEqualsSimulatingThere(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to uint64 // quanta
		overruns bool
	}{
		{"ternary256", 1024, 4096, false},
		{"ternary256", 4096, 1024, false},
		{"ternary256", 30, 1024, true},
		{"truenorth", 25_000_000, 5_000_000, false},
		{"truenorth", 5_000_000, 25_000_000, false},
	} {
		from, to := newBench(t, c.name).withTick(c.from), newBench(t, c.name).withTick(c.to)
		for _, o := range everyOption(from) {
			if o.Timing == sim.TimingNone {
				continue
			}
			what := fmt.Sprintf("%s %d to %d quanta, %s %s %s", c.name, c.from, c.to, o.Scenario, o.Engine, o.Timing)
			run := stored(t, from.simulate(t, o))
			before, err := run.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if (len(run.Violations) > 0) != c.overruns {
				t.Errorf("%s: violations %v before; want overruns: %v", what, run.Violations, c.overruns)
			}
			moved, err := report.Retick(run, to.chip)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			want := stored(t, to.simulate(t, o))
			if want.Layout == moved.Layout {
				t.Errorf("%s: both images have the hash %s", what, want.Layout)
			}
			want.Layout = moved.Layout
			if diff := cmp.Diff(want, moved); diff != "" {
				t.Errorf("%s (-simulated +moved):\n%s", what, diff)
			}
			if after, err := run.JSON(); err != nil || !bytes.Equal(before, after) {
				t.Errorf("%s: the run itself has changed", what)
			}
			r, err := report.New(report.Subject{Run: run, Chip: to.chip}, report.Options{Energy: report.DefaultEnergyOptions()})
			if err != nil {
				t.Fatal(err)
			}
			if r.Chip.SimulatedTick == "" {
				t.Errorf("%s: the report does not say that the run had another tick", what)
			}
			r.Chip.SimulatedTick = ""
			direct, err := report.New(report.Subject{Run: want, Chip: to.chip}, report.Options{Energy: report.DefaultEnergyOptions()})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(direct, r); diff != "" {
				t.Errorf("%s: reports differ (-simulated +moved):\n%s", what, diff)
			}
		}
	}
}

// What may not be moved is refused with what is wrong and the way out.
func TestRetickRefuses(t *testing.T) {
	b := newBench(t, "ternary256")
	o := sim.DefaultOptions()
	o.Timing = sim.TimingAnalytic
	run := b.simulate(t, o)
	for _, c := range []struct {
		name string
		chip *hwmodel.Chip
		want []string
	}{
		{"too short", b.withTick(20).chip, []string{"a tick of 100 ns (20 quanta) is too short", "of work", "choose a tick at least as long"}},
		{"beyond counting", b.withTick(1 << 62).chip, []string{"beyond counting", "choose a shorter tick"}},
		{"another chip", load(t, "truenorth"), []string{`chip "ternary256"`, `priced as "truenorth"`, `compile the network again for "truenorth"`}},
		{"a barrier", load(t, "unit"), []string{`priced as "unit"`}},
	} {
		_, err := report.Retick(run, c.chip)
		if err == nil {
			t.Errorf("%s: moved", c.name)
			continue
		}
		for _, words := range c.want {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q lacks %q", c.name, err, words)
			}
		}
	}
	for name, damage := range map[string]func(*ledger.Run){
		"half a tick":  func(r *ledger.Run) { r.Timing.PerSample[0]++ },
		"no such tick": func(r *ledger.Run) { r.Timing.Total = r.Timing.Tick * (r.Ticks.Total + 1) },
		"busy ticks": func(r *ledger.Run) {
			r.Cores[0][ledger.CoreBusy] += 1 << 40
			r.Outside[ledger.CoreBusy] += 1 << 40
		},
	} {
		bad := stored(t, run)
		damage(bad)
		if _, err := report.Retick(bad, b.withTick(4096).chip); err == nil || !strings.Contains(err.Error(), "simulate again") {
			t.Errorf("%s: moved, or refused by %v", name, err)
		}
	}
	o.Timing = sim.TimingNone
	if _, err := report.Retick(b.simulate(t, o), b.withTick(4096).chip); err == nil || !strings.Contains(err.Error(), "the --tick it was compiled for") {
		t.Errorf("a run without a timing model does not say how long its ticks were: %v; want a refusal that says how to tell", err)
	}
}

// The same through the chip's own models, from network to joules: a run at the
// chip's tick, priced at another tick and voltage, is what compiling, simulating and
// pricing under those conditions gives.
func TestRepricingUnderConditions(t *testing.T) {
	for _, c := range []struct {
		name string
		q    hwmodel.Conditions
	}{
		{"truenorth", hwmodel.Conditions{TickPS: 200_000_000}},
		{"truenorth", hwmodel.Conditions{TickPS: 500_000_000, VoltageV: 1.0}},
		{"ternary256", hwmodel.Conditions{TickPS: 20_480_000}},
	} {
		here := newBench(t, c.name)
		at, err := here.chip.At(c.q)
		if err != nil {
			t.Fatal(err)
		}
		there := here
		there.chip = at
		if there.l, _, err = compiler.Compile(here.net, at, compiler.DefaultOptions()); err != nil {
			t.Fatal(err)
		}
		for _, o := range everyOption(here) {
			if o.Timing == sim.TimingNone {
				continue
			}
			what := fmt.Sprintf("%s %+v %s %s %s", c.name, c.q, o.Scenario, o.Engine, o.Timing)
			moved := reportOf(t, here, stored(t, here.simulate(t, o)), at)
			again := reportOf(t, there, there.simulate(t, o), at)
			if moved.Chip.SimulatedTick == "" || moved.Layout == again.Layout {
				t.Errorf("%s: simulated tick %q, layouts %s and %s; want both told apart", what, moved.Chip.SimulatedTick, moved.Layout, again.Layout)
			}
			moved.Chip.SimulatedTick, moved.Layout = "", again.Layout
			if diff := cmp.Diff(again, moved); diff != "" {
				t.Errorf("%s (-simulated +moved):\n%s", what, diff)
			}
		}
	}
}

func reportOf(t *testing.T, b bench, run *ledger.Run, chip *hwmodel.Chip) *report.Report {
	t.Helper()
	r, err := report.New(report.Subject{Run: run, Chip: chip, Network: b.net, Layout: b.l}, report.Options{Energy: report.DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
