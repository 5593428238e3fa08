package trainer

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/diff/fd"

	"tritloom/internal/seed"
)

// The gradient of every parameter against central differences of the loss.
func TestGradientAgainstFiniteDifferences(t *testing.T) {
	for _, widths := range [][]int{{3, 2}, {4, 5, 3}, {6, 7, 5, 4}} {
		random := seed.Stream(3, seed.TestInput)
		m := newMLP(widths, random)
		features, labels := make([][]float64, 9), make([]int32, 9)
		for i := range features {
			for range widths[0] {
				features[i] = append(features[i], random.NormFloat64())
			}
			labels[i] = random.Int32N(int32(widths[len(widths)-1]))
		}
		batch := must(m.pack(features))(t)
		got, _ := m.gradient(batch, labels)
		want := fd.Gradient(nil, func(x []float64) float64 {
			_, loss := (&MLP{widths, x}).gradient(batch, labels)
			return loss
		}, m.parameters, &fd.Settings{Formula: fd.Central})
		for i := range got {
			// 1e-7: the error of a central difference with steps of 6e-6.
			if math.Abs(got[i]-want[i]) > 1e-7 {
				t.Errorf("widths %v, parameter %d: gradient %.9f, difference quotient %.9f", widths, i, got[i], want[i])
			}
		}
	}
}

// One step of Adam by hand: both moments are corrected to g and g², so the
// first step is the rate, against the sign of the gradient.
func TestAdamsFirstStepIsTheRate(t *testing.T) {
	parameters := []float64{1, 1, 1}
	newAdam(0.1, 3).update(parameters, []float64{5, -0.02, 0})
	for i, want := range []float64{0.9, 1.1, 1} {
		if math.Abs(parameters[i]-want) > 1e-6 { // epsilon 1e-8 against 0.02
			t.Errorf("parameter %d is %v; want %v", i, parameters[i], want)
		}
	}
}

// twoRings is a problem no linear network solves: the class is whether a point
// lies in a disc.
func twoRings(n int) (features [][]float64, labels []int32) {
	random := seed.Stream(4, seed.TestInput)
	for range n {
		x, y := random.Float64()*2-1, random.Float64()*2-1
		features = append(features, []float64{x, y})
		label := int32(0)
		if x*x+y*y < 0.5 {
			label = 1
		}
		labels = append(labels, label)
	}
	return features, labels
}

func TestMLPLearnsADisc(t *testing.T) {
	features, labels := twoRings(600)
	wrong := func(hidden []int) int {
		m := must(TrainMLP(context.Background(), features[:400], labels[:400], 2, hidden, DefaultMLPOptions()))(t)
		classes := must(m.Predict(features[400:]))(t)
		n := 0
		for i, c := range classes {
			if c != int(labels[400+i]) {
				n++
			}
		}
		return n
	}
	if n := wrong([]int{24}); n > 12 {
		t.Errorf("%d of 200 points wrong with a hidden layer; want at most 6 %%", n)
	}
	if n := wrong(nil); n < 40 {
		t.Errorf("only %d of 200 points wrong without a hidden layer, which cannot be", n)
	}
}

func TestMLPIsReproducible(t *testing.T) {
	features, labels := twoRings(100)
	o := DefaultMLPOptions()
	o.Epochs = 3
	run := func(seed uint64) []float64 {
		o.Seed = seed
		return must(TrainMLP(context.Background(), features, labels, 2, []int{8}, o))(t).parameters
	}
	if diff := cmp.Diff(run(1), run(1)); diff != "" {
		t.Errorf("equal seeds differ:\n%s", diff)
	}
	if cmp.Equal(run(1), run(2)) {
		t.Error("two seeds gave the same weights")
	}
}

// A cancelled context ends training after the epoch under way.
func TestMLPStopsAfterAnEpoch(t *testing.T) {
	features, labels := twoRings(100)
	o := DefaultMLPOptions()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cut := must(TrainMLP(ctx, features, labels, 2, []int{8}, o))(t)
	o.Epochs = 1
	one := must(TrainMLP(context.Background(), features, labels, 2, []int{8}, o))(t)
	if diff := cmp.Diff(one.parameters, cut.parameters); diff != "" {
		t.Errorf("(-one epoch +cancelled):\n%s", diff)
	}
}

func TestMLPRefusesBadInput(t *testing.T) {
	good := [][]float64{{0, 1}, {1, 0}}
	for _, c := range []struct {
		name     string
		features [][]float64
		labels   []int32
		hidden   []int
		change   func(*MLPOptions)
		want     string
	}{
		{"label", good, []int32{0, 2}, nil, nil, "label of row 1 is 2; want 0..1"},
		{"count", good, []int32{0}, nil, nil, "2 rows of features with 1 labels"},
		{"ragged", [][]float64{{0, 1}, {1}}, []int32{0, 1}, nil, nil, "row 1 has 1 values; the network takes 2"},
		{"nan", [][]float64{{0, 1}, {1, math.NaN()}}, []int32{0, 1}, nil, nil, "row 1, value 1 is NaN"},
		{"hidden", good, []int32{0, 1}, []int{0}, nil, "hidden layer 0 has 0 neurons"},
		{"epochs", good, []int32{0, 1}, nil, func(o *MLPOptions) { o.Epochs = 0 }, "epochs is 0"},
		{"batch", good, []int32{0, 1}, nil, func(o *MLPOptions) { o.BatchSize = -1 }, "batch size is -1"},
		{"rate", good, []int32{0, 1}, nil, func(o *MLPOptions) { o.LearningRate = math.NaN() }, "learning rate is NaN"},
	} {
		o := DefaultMLPOptions()
		if c.change != nil {
			c.change(&o)
		}
		_, err := TrainMLP(context.Background(), c.features, c.labels, 2, c.hidden, o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want %q", c.name, err, c.want)
		}
	}
}
