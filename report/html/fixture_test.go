package html

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"testing"

	"tritloom/compiler"
	"tritloom/dataset"
	"tritloom/experiment"
	"tritloom/hwmodel"
	"tritloom/layout"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// subject is a real run: a small network trained on digits, compiled for a chip
// and simulated.
type subject struct {
	chip    *hwmodel.Chip
	network *ternary.Network
	layout  *layout.Layout
	run     *ledger.Run
}

var trained = sync.OnceValues(func() (*ternary.Network, error) {
	o := trainer.DefaultOptions()
	o.MaxSweeps = 1
	n, _, err := experiment.Train(context.Background(), experiment.TrainJob{
		Data: experiment.Data{Ref: "digits"}, Options: o,
		Shape: func(inputs, classes int) (netspec.Spec, error) { return netspec.Hidden("16", inputs, classes) },
	}, nil)
	return n, err
})

func simulated(t testing.TB, chipName string) subject {
	t.Helper()
	n, err := trained()
	must(t, err)
	chip, err := hwmodel.Load(chipName)
	must(t, err)
	l, _, err := experiment.Compile(n, chip, compiler.DefaultOptions())
	must(t, err)
	part, err := dataset.OpenPart("digits:test[0:20]", dataset.PartTest, dataset.OpenOptions{})
	must(t, err)
	o := sim.DefaultOptions()
	o.Timing, o.Latencies = "analytic", chip.Latencies()
	run, _, err := experiment.Simulate(context.Background(), experiment.SimulateJob{Layout: l, Part: part, Options: o})
	must(t, err)
	return subject{chip, n, l, run}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report is everything that can be said of the run.
func (s subject) report(t testing.TB) *report.Report {
	t.Helper()
	r, err := report.New(report.Subject{Run: s.run, Chip: s.chip, Network: s.network, Layout: s.layout}, report.Options{Energy: report.DefaultEnergyOptions()})
	must(t, err)
	return r
}

// bare is what the record alone can say, under the other scope.
func (s subject) bare(t testing.TB) *report.Report {
	t.Helper()
	r, err := report.New(report.Subject{Run: s.run, Chip: s.chip}, report.Options{Energy: report.EnergyOptions{Scope: report.WholeChip, Boundary: hwmodel.BoundaryChip}})
	must(t, err)
	return r
}

func render(t testing.TB, r *report.Report, o Options) string {
	t.Helper()
	var b bytes.Buffer
	must(t, Write(&b, r, o))
	return b.String()
}

// everyCore spreads a report over all cores of its mesh, each with figures of its
// own.
func everyCore(r *report.Report, mesh hwmodel.Mesh) {
	r.Cores = nil
	for i := range mesh.Cores() {
		joules := 1e-9 * float64(1+i%37)
		u := report.Utilisation{Cores: report.Used{Used: 1, Available: 1}, Axons: report.Used{Used: i % 257, Available: 256}, Neurons: report.Used{Used: (i * 7) % 257, Available: 256}, Synapses: report.Used{Used: i, Available: 65536}}
		r.Cores = append(r.Cores, report.CoreShare{
			Core: i, X: i % mesh.Width, Y: i / mesh.Width, Joules: report.Interval{Nominal: joules, Low: joules / 2, High: joules * 3}, Utilisation: &u,
		})
	}
	r.Chip.CoresUsed = mesh.Cores()
}

// hostileText would do harm wherever a page took it for more than text.
const hostileText = `</style></title><script>alert("x")</script><img src=https://evil.example/x onerror=alert(1)>'"&{{.}}` + "\u202e\x00"

// hostile puts it wherever a report holds text of others.
func hostile(r *report.Report) {
	r.Chip.Name, r.Chip.Title, r.Chip.Tick, r.Data, r.Engine, r.Network, r.Layout = hostileText, hostileText, hostileText, hostileText, hostileText, hostileText, hostileText
	r.Chip.Hypothetical, r.NoDense = true, hostileText
	r.Layers = slices.Clone(r.Layers) // the run's own
	for i := range r.Layers {
		r.Layers[i].Name = hostileText
	}
	for i := range r.Energy.Leaves {
		l := &r.Energy.Leaves[i]
		l.Source, l.Derivation, l.Kind = l.Source+hostileText, hostileText, hostileText
	}
	r.Energy.Notes = append(r.Energy.Notes, hostileText)
	r.Energy.LowerBound, r.Energy.Unpriced = true, []string{hostileText}
	r.Energy.ByEvidence = append(r.Energy.ByEvidence, report.Entry[float64]{Name: hostileText, Value: 1e-12})
	r.Violations = append(r.Violations, ledger.Violation{What: hostileText, Count: 3})
	r.Published = append(r.Published, report.Published{System: hostileText, Network: hostileText, Scope: hostileText, Source: hostileText, Data: hostileText})
	if r.Rollup != nil {
		r.Rollup.Parts = append(r.Rollup.Parts, report.Node{Name: hostileText, Joules: report.Interval{Nominal: 1e-9, Low: 1e-9, High: 1e-9}})
	}
}

// meshOf is a mesh of so many cores.
func meshOf(width, height int) hwmodel.Mesh { return hwmodel.Mesh{Width: width, Height: height} }
