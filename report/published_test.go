package report

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPublishedFigures holds every figure to having its words, and the two of
// Esser 2015 to the energy of a core and image that both abstracts imply.
func TestPublishedFigures(t *testing.T) {
	perCore := map[string][]float64{} // nJ, by hand: 268/5, 408/5; 108000/1920, 121000/1920
	for _, p := range publishedFigures {
		if p.Chip == "" || p.Data == "" || p.System == "" || p.Network == "" || p.Scope == "" || p.Source == "" ||
			p.Cores < 1 || len(p.EnergyJ) == 0 || !(p.SampleS > 0) || !(p.Accuracy > 0 && p.Accuracy <= 1) {
			t.Errorf("%+v lacks a field", p)
		}
		for _, j := range p.EnergyJ {
			perCore[p.Network] = append(perCore[p.Network], math.Round(j/float64(p.Cores)*1e10)/10)
		}
	}
	want := map[string][]float64{"CNN, 512 neurons": {53.6, 81.6}, "CNN, 3840 neurons, 64 of them": {56.3, 63}}
	if diff := cmp.Diff(want, perCore); diff != "" {
		t.Errorf("nJ a core and image (-want +got):\n%s", diff)
	}
}

func TestPublishedBeside(t *testing.T) {
	for _, c := range []struct {
		chip, data string
		want       int
	}{
		{"truenorth", "mnist:test", 2}, {"truenorth", "mnist5k:test[0:9]", 2},
		{"truenorth", "fashion:test", 0}, {"truenorth", "iris", 0}, {"ternary256", "mnist:test", 0},
	} {
		if got := len(publishedBeside(c.chip, c.data)); got != c.want {
			t.Errorf("%s on %s: %d published figures beside it; want %d", c.chip, c.data, got, c.want)
		}
	}
}

// TestNothingPublishedBeside leaves the table out where nothing may stand beside
// a run. What it looks like where something may is in testdata/report.
func TestNothingPublishedBeside(t *testing.T) {
	chip := loadChip(t, "truenorth")
	run := fullChip(chip)
	run.Data = "iris"
	r, err := New(Subject{Run: run, Chip: chip}, Options{DefaultEnergyOptions()})
	if err != nil {
		t.Fatal(err)
	}
	if text := r.publishedTable(); text != "" || r.Published != nil {
		t.Errorf("figures of MNIST beside a run on iris:\n%s", text)
	}
}
