package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/compiler"
	"tritloom/encode"
	"tritloom/experiment/randomnet"
	"tritloom/hwmodel"
	"tritloom/internal/seed"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/sim"
)

// subject is an image with samples.
type subject struct {
	name    string
	image   *layout.Layout
	samples samples
}

// subjects are compiled networks for every embedded chip that takes them, and random
// images whose columns keep potentials.
func subjects(t testing.TB) []subject {
	t.Helper()
	var list []subject
	for _, c := range []struct {
		chip   string
		widths []int
	}{{"ternary256", []int{300, 12, 4}}, {"truenorth", []int{20, 12, 4}}, {"unit", []int{2, 1, 1}}} { // 300 inputs need partial sums
		chip, err := hwmodel.Load(c.chip)
		if err != nil {
			t.Fatal(err)
		}
		l, _, err := compiler.Compile(randomnet.Dense(seed.Sub(1, seed.TestNetwork, len(list)), c.widths...), chip, compiler.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, subject{c.chip, l, randomSamples(seed.Sub(1, seed.TestInput, len(list)), 4, l.Inputs)})
	}
	l, err := layout.ParseText(late)
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, subject{"late", l, parseSamples("11 01 10")})
	for i := range 40 {
		l := randomState(t, seed.Sub(1, seed.TestNetwork, 100+i))
		list = append(list, subject{fmt.Sprintf("state %d", i), l, randomSamples(seed.Sub(1, seed.TestInput, 100+i), 3, l.Inputs)})
	}
	return list
}

// late is the image of sim/testdata/ticks.txt with a control spike.
const late = `chip late ternary axons 3 neurons 1 gate on
inputs 2
readout class 1
ticks 2 interval 2
core 0 at 0,0
axon 0 from input/0
axon 1 from input/1
axon 2 from input/0
row 0 +
row 1 +
row 2 +
column 0 score level 1 is class/0
input 0 to 0:0@1
input 1 to 0:1
control 1 to 0:2
output 0 from 0:0
`

func randomSamples(r *rand.Rand, n, width int) samples {
	s := make(samples, n)
	for i := range s {
		s[i] = encode.NewBits(width)
		for b := range width {
			s[i].Put(b, r.IntN(2) == 1)
		}
	}
	return s
}

// randomState draws cores full of neurons with memory that talk to each other, on a
// chip that evaluates every column in every tick.
func randomState(t testing.TB, r *rand.Rand) *layout.Layout {
	t.Helper()
	const axons, columns = 5, 4
	var s strings.Builder
	fmt.Fprintf(&s, "chip state ternary axons %d neurons %d mesh 4x3 tile 2x2 decay 4 potential 9 saturates on", axons, columns)
	if r.IntN(2) == 1 {
		s.WriteString(" tick fixed quanta 40 quantum_ps 2500")
	}
	ticks, cores := 3+r.IntN(6), 1+r.IntN(4)
	fmt.Fprintf(&s, "\ninputs 3\nlayer a 99\nreadout class 1\nticks %d interval %d\n", ticks, ticks)
	places := r.Perm(12)
	for c := range cores {
		fmt.Fprintf(&s, "core %d at %d,%d\n", c, places[c]%4, places[c]/4)
		for a := range axons {
			fmt.Fprintf(&s, "axon %d from a/%d\nrow %d ", a, a, a)
			for range columns {
				s.WriteByte("++-0"[r.IntN(4)])
			}
			s.WriteByte('\n')
		}
		for n := range columns {
			if c == 0 && n == 0 {
				fmt.Fprintf(&s, "column 0 score level %d is class/0\n", r.IntN(ticks))
				continue
			}
			reset := []string{"clear", "zero", "subtract"}[r.IntN(3)]
			fmt.Fprintf(&s, "column %d spike >= %d reset %s leak %d", n, 1+r.IntN(3), reset, r.IntN(3)-1)
			if reset != "clear" && r.IntN(2) == 1 {
				fmt.Fprintf(&s, " current 1 current_decay %d", r.IntN(17))
			}
			fmt.Fprintf(&s, " level 0 is a/%d", c*columns+n)
			for d, first := 0, r.IntN(2); d < r.IntN(5); d++ { // sorted by core and axon
				if d == 0 {
					s.WriteString(" to")
				}
				fmt.Fprintf(&s, " %d:%d@%d", min(d, cores-1), first+d, 1+r.IntN(3))
			}
			s.WriteByte('\n')
		}
	}
	for i := range 3 {
		fmt.Fprintf(&s, "input %d to %d:%d\n", i, r.IntN(cores), r.IntN(axons))
	}
	s.WriteString("output 0 from 0:0\n")
	l, err := layout.ParseText(s.String())
	if err == nil {
		err = l.Validate()
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, &s)
	}
	return l
}

// errCut ends a simulation from within its observer.
var errCut = errors.New("cut")

// simulateTraced writes all traces that the timing allows, and ends the simulation
// after so many ticks; 0 never does. The record is nil if it was ended.
func simulateTraced(t testing.TB, s subject, o sim.Options, after uint64) (*ledger.Run, map[string]string) {
	t.Helper()
	var r Recorder
	files := map[string]*bytes.Buffer{}
	for i := range Formats {
		f := &Formats[i]
		if f.NeedsTimes && o.Timing == sim.TimingNone {
			continue
		}
		files[f.Name] = new(bytes.Buffer)
		w, err := f.New(files[f.Name], Options{Layout: s.image, Timed: o.Timing != sim.TimingNone})
		if err != nil {
			t.Fatal(err)
		}
		r.Add(w)
	}
	o.Observe = func(step *sim.Step, chip sim.State) error {
		if err := r.Observe(step, chip); err != nil || r.Ticks() != after {
			return err
		}
		return errCut
	}
	m, err := sim.New(s.image, o)
	if err != nil {
		t.Fatal(err)
	}
	run, err := m.Run(context.Background(), s.samples, nil)
	if err != nil && !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, b := range files {
		texts[name] = b.String()
	}
	return run, texts
}

// eachTraced calls f with all subjects in both scenarios, with and without timing.
func eachTraced(t *testing.T, f func(t *testing.T, s subject, o sim.Options)) {
	for _, s := range subjects(t) {
		for _, scenario := range []ledger.Scenario{ledger.SingleStream, ledger.Offline} {
			for _, timing := range []string{sim.TimingNone, sim.TimingAnalytic} {
				f(t, s, simulationOptions(timing, scenario, 1))
				if t.Failed() {
					t.Fatalf("%s, %s, timing %s:\n%s", s.name, scenario, timing, s.image)
				}
			}
		}
	}
}
