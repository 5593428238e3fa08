package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tritloom/layout"
	"tritloom/ledger"
)

// TestFastRefusesWhatItCannotSum adds four spikes on one axon to just below 2^31, and a
// partial sum from another core, which goes beyond.
func TestFastRefusesWhatItCannotSum(t *testing.T) {
	const weight = 1<<29 - 1
	l := mustParse(fmt.Sprintf("chip heavy typed-binary axons 1 neurons 1 mesh 2x1 weight 30 psum 30 scores off potential 32 saturates on merge add resets zero\n"+
		"inputs 1\nreadout r 0\nticks 1 interval 1\n"+
		"core 0 at 0,0\naxon 0 from input/0\nrow 0 1\ncolumn 0 spike >= 0 reset zero weights %d,0,0,0\n"+
		"core 1 at 1,0\naxon 0 from input/0\nrow 0 1\ncolumn 0 send weights %d,0,0,0 to 0:0\n", weight, weight))
	for engine, want := range map[string]string{
		EngineReference: "",
		EngineFast:      `sim: tick 0: core 0 takes in 4 spikes of weights up to 536870911; engine "fast" sums in 32 bits; simulate with engine "reference"`,
	} {
		o := DefaultOptions()
		o.Engine = engine
		s, err := NewStepper(l, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, core := range []int{0, 0, 0, 0, 1} {
			if err := s.Inject(core, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		step, err := s.Tick()
		if got := errorText(err); got != want {
			t.Errorf("%s: error %q; want %q", engine, got, want)
		}
		if fires := []Spike{{0, 0, 0}}; err == nil && !slices.Equal(step.Spikes, fires) {
			t.Errorf("%s: spikes %v; want %v: the potential saturates at its high end", engine, step.Spikes, fires)
		}
	}
}

// TestManyDestinations gives a neuron more destinations than 16 bits count.
func TestManyDestinations(t *testing.T) {
	l := mustParse("chip wide ternary axons 40000 neurons 1 mesh 2x1 resets clear\n" +
		"inputs 1\nreadout r 0\nticks 1 interval 1\ncore 0 at 0,0\ncolumn 0 spike >= 0 reset clear\ncore 1 at 1,0\n")
	for c := range int32(2) {
		for a := range int32(40000) {
			l.Cores[0].Columns[0].Dests = append(l.Cores[0].Columns[0].Dests, layout.Dest{Core: c, Axon: a, Delay: 1})
		}
	}
	for _, engine := range []string{EngineReference, EngineFast} {
		o := DefaultOptions()
		o.Engine = engine
		s, err := NewStepper(l, o)
		if err != nil {
			t.Fatal(err)
		}
		step, err := s.Tick()
		if err != nil {
			t.Fatal(err)
		}
		for c := range step.Counts {
			if n := step.Counts[c][ledger.AxonWrite]; n != 40000 {
				t.Errorf("%s: %d writes in core %d; want 40000", engine, n, c)
			}
		}
	}
}

// TestFirstErrorCounts gives several cores more than the engine sums: the lowest one's
// error is told, however many threads there are, and on chips with partial sums too.
func TestFirstErrorCounts(t *testing.T) {
	const chip = "chip heavy typed-binary axons 1 neurons 2 mesh 4x1 weight 30 psum 30 scores off potential 32 saturates off merge add resets zero\n" +
		"inputs 1\nreadout r 0\nticks 1 interval 1\n"
	plain, chained := chip, chip
	for c := range 4 {
		core := fmt.Sprintf("core %d at %d,0\naxon 0 from input/0\nrow 0 11\ncolumn 0 spike >= 0 reset zero weights %d,0,0,0\n", c, c, 1<<29-1)
		plain += core
		chained += core + fmt.Sprintf("column 1 send weights %d,0,0,0 to %d:0\n", 1<<29-1, (c+1)%4)
	}
	plain = strings.ReplaceAll(plain, "row 0 11", "row 0 10")
	for name, text := range map[string]string{"plain": plain, "chained": chained} {
		for threads := 1; threads <= 4; threads++ {
			o := DefaultOptions()
			o.Threads = threads
			s, err := NewStepper(mustParse(text), o)
			if err != nil {
				t.Fatal(err)
			}
			for core := 1; core < 4; core++ {
				for range 4 {
					if err := s.Inject(core, 0, 0); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range 2 { // too wide a potential or sum in core 0, if it came to that
				if err := s.Inject(0, 0, 0); err != nil {
					t.Fatal(err)
				}
			}
			if _, err = s.Tick(); !strings.Contains(errorText(err), "tick 0: core 1 takes in 4 spikes") {
				t.Errorf("%s, %d threads: error %v; want that of core 1", name, threads, err)
			}
		}
	}
}
