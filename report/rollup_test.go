package report

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// scatteredRun is a random run on random places of the chip.
func scatteredRun(chip *hwmodel.Chip, r *rand.Rand) *ledger.Run {
	run := randomRun(chip, r)
	mesh := chip.Capabilities.Mesh
	run.CoresUsed = min(2+r.IntN(6), mesh.Cores())
	for len(run.Cores) < run.CoresUsed {
		run.Cores = append(run.Cores, ledger.Counts{})
	}
	if run.CoresUsed == 1 { // a chip of one core
		run.Cores[0].Add(&run.Cores[1])
		run.Cores = run.Cores[:1]
	}
	for k := range ledger.Kind(ledger.NumKinds) { // move events between cores
		moved := run.Cores[0][k] / 3
		run.Cores[0][k] -= moved
		run.Cores[run.CoresUsed-1][k] += moved
	}
	for _, at := range r.Perm(mesh.Cores())[:run.CoresUsed] {
		run.Places = append(run.Places, ledger.Place{X: at % mesh.Width, Y: at / mesh.Width})
	}
	run.Timing.Total = 1000
	return run
}

// Every node is the sum of its parts bit by bit, the root is the energy of the
// run to the rounding of another order of adding, and the events of the leaves
// are those of the ledger to the last count: for every chip, scope and boundary.
func TestRollupConserves(t *testing.T) {
	for _, name := range append(hwmodel.Names(), "testdata/toy.yaml") {
		chip := loadChip(t, name)
		for seed := range uint64(10) {
			run := scatteredRun(chip, rand.New(rand.NewPCG(seed, 7)))
			for _, scope := range Scopes {
				for _, boundary := range hwmodel.Boundaries {
					what := fmt.Sprintf("%s seed %d %s %s", name, seed, scope, boundary)
					r, err := New(Subject{Run: run, Chip: chip}, Options{EnergyOptions{scope, boundary}})
					if err != nil {
						t.Fatal(err)
					}
					checkTree(t, what, r.Rollup)
					checkRoot(t, what, r, run, chip)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
}

func checkTree(t *testing.T, what string, n *Node) {
	t.Helper()
	if len(n.Parts) == 0 {
		return
	}
	var sum Interval
	for i := range n.Parts {
		sum = sum.plus(n.Parts[i].Joules)
		checkTree(t, what, &n.Parts[i])
	}
	if sum != n.Joules {
		t.Errorf("%s: parts of %s add up to %+v, the node says %+v", what, n.Name, sum, n.Joules)
	}
}

func checkRoot(t *testing.T, what string, r *Report, run *ledger.Run, chip *hwmodel.Chip) {
	t.Helper()
	got, want := r.Rollup.Joules, r.Energy.Run
	if !near(got.Nominal, want.Nominal) || !near(got.Low, want.Low) || !near(got.High, want.High) {
		t.Errorf("%s: the tree says %+v, the run %+v", what, got, want)
	}
	counts := map[string]uint64{}
	addEvents(r.Rollup, counts)
	c, err := newCensus(run, chip, r.Energy.Scope)
	if err != nil {
		t.Fatal(err)
	}
	for k, n := range c.total() {
		payer := ledger.Kind(k)
		if p := &chip.Prices[k]; p.State == hwmodel.IncludedIn {
			payer = p.Includer
		}
		if !r.Energy.Boundary.Covers(payer) {
			n = 0
		}
		if have := counts[ledger.Kind(k).String()]; have != n {
			t.Errorf("%s: leaves hold %d of %s, the ledger %d", what, have, ledger.Kind(k), n)
		}
	}
	cores := 0.0
	for i, share := range r.Cores {
		cores += share.Joules.Nominal
		if place := run.Places[i]; share.Core != i || share.X != place.X || share.Y != place.Y {
			t.Errorf("%s: core %d is at %+v", what, i, share)
		}
	}
	if !near(cores+r.Energy.Unused.Nominal, want.Nominal) {
		t.Errorf("%s: the map holds %g J, and %g J unused; the run takes %g J", what, cores, r.Energy.Unused.Nominal, want.Nominal)
	}
}

// addEvents sums the events of the leaves.
func addEvents(n *Node, counts map[string]uint64) {
	for _, e := range n.Events {
		counts[e.Name] += e.Value
	}
	for i := range n.Parts {
		addEvents(&n.Parts[i], counts)
	}
}

// Three cores on the toy mesh's four tiles of one core, by hand: the tree's
// names, row by row, and what each component holds.
func TestRollupByHand(t *testing.T) {
	chip := toyChip(t)
	run := toyRun(chip)
	run.Places = []ledger.Place{{X: 1, Y: 1}, {X: 0, Y: 0}}
	r, err := New(Subject{Run: run, Chip: chip}, Options{EnergyOptions{WholeChip, hwmodel.BoundaryHost}})
	if err != nil {
		t.Fatal(err)
	}
	// Core 1 has the smaller half: axon_write 9 × 0.5, row_read 7 × 4,
	// synaptic_op 12 × 1, neuron_touched 6 × 2, hop_x 2 × 3, input_spike 5 × 10,
	// core_tick 6 × 20 pJ. Unused: 2 cores × 6 ticks × 20 pJ.
	want := strings.TrimSpace(`
chip
 tile 0,0
  core 1
   sram row_read 7 bits_read 60 = 28 pJ
   synapse synaptic_op 12 = 12 pJ
   scheduler axon_write 9 axon_read 7 = 4.5 pJ
   neuron neuron_touched 6 spike_emitted 2 = 12 pJ
   router packet_core 2 hop_x 2 = 6 pJ
   port input_spike 5 output_score 3 = 50 pJ, lacking output_score
   powered core_tick 6 = 120 pJ
 tile 1,1
  core 0
   sram row_read 8 bits_read 60 = 32 pJ
   synapse synaptic_op 12 = 12 pJ
   scheduler axon_write 9 axon_read 8 = 4.5 pJ
   neuron neuron_touched 6 spike_emitted 3 = 12 pJ
   router packet_core 3 hop_x 3 = 9 pJ
   port input_spike 6 output_score 3 = 60 pJ, lacking output_score
   powered core_tick 6 = 120 pJ
 unused cores
  powered core_tick 12 = 240 pJ`)
	if diff := cmp.Diff(want, strings.TrimSpace(treeText(r.Rollup, ""))); diff != "" {
		t.Errorf("roll-up (-want +got):\n%s", diff)
	}
}

func treeText(n *Node, indent string) string {
	text := indent + n.Name
	for _, e := range n.Events {
		text += fmt.Sprintf(" %s %d", e.Name, e.Value)
	}
	if n.Events != nil {
		text += fmt.Sprintf(" = %.4g pJ", n.Joules.Nominal/pJ)
	}
	if n.Unpriced != nil {
		text += ", lacking " + strings.Join(n.Unpriced, ", ")
	}
	text += "\n"
	for i := range n.Parts {
		text += treeText(&n.Parts[i], indent+" ")
	}
	return text
}

// A record that does not say where its cores are gets its places from the
// layout, and without one has no tree: nothing is guessed.
func TestRollupNeedsPlaces(t *testing.T) {
	s := toySubject(t)
	r, err := New(s, Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	if r.Rollup == nil || len(r.Cores) != 2 || r.Cores[1].X != 1 {
		t.Errorf("with a layout: tree %v, map %+v; want both, core 1 at x = 1", r.Rollup != nil, r.Cores)
	}
	if u := r.Cores[0].Utilisation; u == nil || u.Axons != (Used{3, 4}) || u.Neurons != (Used{2, 4}) || u.Synapses != (Used{4, 16}) {
		t.Errorf("core 0 uses %+v; want 3 of 4 axons, 2 of 4 neurons, 4 of 16 synapses", u)
	}
	s.Layout, s.Network = nil, nil
	if r, err = New(s, Options{DefaultEnergyOptions()}); err != nil {
		t.Fatal(err)
	}
	if r.Rollup != nil || r.Cores != nil {
		t.Errorf("without places: tree %+v, map %+v; want none", r.Rollup, r.Cores)
	}
}
