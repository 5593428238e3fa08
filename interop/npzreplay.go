package interop

import (
	"context"
	"fmt"

	"tritloom/encode"
	"tritloom/ternary"
)

// recording is what the other program computed, checked for shape and levels.
type recording struct {
	samples int
	inputs  numbers // [samples, width]
	outputs []recordedLayer
	scores  *numbers // [samples, classes]
	classes *numbers // [samples]
}

// recordedLayer is the outputs of one layer, [samples, neurons].
type recordedLayer struct {
	layer  int
	values numbers
}

// record takes what was recorded, where something was.
func (in *importer) record() error {
	r, width := &in.recorded, in.Network.Inputs
	if a, ok := in.arrays.arrays[inputsName]; ok {
		if len(a.Shape) != 2 || a.Shape[0] < 1 || a.Shape[1] != width {
			return fmt.Errorf("array %q has shape %v; want [samples, %d], with at least one sample", inputsName, a.Shape, width)
		}
		r.samples = a.Shape[0]
	}
	if err := in.findRecorded(); err != nil {
		return err
	}
	if !in.arrays.has(inputsName) {
		return nil
	}
	if len(r.arrays()) == 0 {
		return fmt.Errorf("array %q without results; add %s.NAME, %s or %s, or leave it out", inputsName, outputsName, scoresName, classesName)
	}
	for _, o := range r.outputs {
		if err := checkLevels(o.values, in.levels[o.layer]); err != nil {
			return err
		}
	}
	var err error
	if r.inputs, err = in.arrays.get(inputsName, r.samples, width); err != nil {
		return err
	}
	return checkLevels(r.inputs, in.levels[ternary.Input])
}

// result is a recorded array of the given shape, one row a sample.
func (in *importer) result(name string, shape ...int) (numbers, error) {
	if !in.arrays.has(inputsName) {
		return numbers{}, fmt.Errorf("array %q without %q [samples, %d], which led to it; add them, or leave it out", name, inputsName, in.Network.Inputs)
	}
	return in.arrays.get(name, append([]int{in.recorded.samples}, shape...)...)
}

// findRecorded finds the results, all of as many samples as there are inputs.
func (in *importer) findRecorded() error {
	r, n := &in.recorded, in.Network
	for i := range n.Layers {
		name := outputsName + "." + n.Layers[i].Name
		if !in.arrays.has(name) {
			continue
		}
		if n.Steps != 1 {
			return fmt.Errorf("array %q: the network takes %d steps, and which of them it shows is not said; record scores or classes", name, n.Steps)
		}
		v, err := in.result(name, n.Layers[i].Outputs)
		if err != nil {
			return err
		}
		r.outputs = append(r.outputs, recordedLayer{i, v})
	}
	if in.arrays.has(scoresName) {
		if !sums(n.Readout.Mode) && in.levels[n.Readout.From[0]] == Bipolar {
			return fmt.Errorf("array %q: the readout counts spikes, which are no sums of -1 and +1; record classes", scoresName)
		}
		v, err := in.result(scoresName, n.Readout.Outputs)
		if err != nil {
			return err
		}
		r.scores = &v
	}
	if in.arrays.has(classesName) {
		v, err := in.result(classesName)
		if err != nil {
			return err
		}
		r.classes = &v
	}
	return nil
}

// checkLevels refuses a matrix that holds other values than its levels.
func checkLevels(v numbers, levels Levels) error {
	for i := range v.Shape[0] * v.Shape[1] {
		if n, ok := v.whole(i); !ok || n != 1 && n != levels.low() {
			return fmt.Errorf("array %q: %s; its levels are %s, %d and 1; record after the activation, give the levels the network has, and mind that sign(0) must be 1", v.Name, v.place(i), levels, levels.low())
		}
	}
	return nil
}

// Difference is one value that the network does not reproduce.
type Difference struct {
	Sample int    `json:"sample"`
	Array  string `json:"array"`           // where it was recorded
	Layer  string `json:"layer,omitempty"` // for outputs of layers
	Neuron int    `json:"neuron"`          // or the score; 0 for classes
	// Recorded is the other program's value, Network ours in its levels.
	Recorded string `json:"recorded"`
	Network  int64  `json:"network"`
}

// String is the difference in one line.
func (d *Difference) String() string {
	what := "class"
	switch {
	case d.Layer != "":
		what = fmt.Sprintf("layer %q, neuron %d", d.Layer, d.Neuron)
	case d.Array == scoresName:
		what = fmt.Sprintf("score %d", d.Neuron)
	}
	return fmt.Sprintf("sample %d, %s: recorded %s, the network gives %d", d.Sample, what, d.Recorded, d.Network)
}

// Count is how one recorded array compares, over all samples.
type Count struct {
	Array     string `json:"array"`
	Outputs   int    `json:"outputs"`
	Differing int    `json:"differing"`
}

// Replay is how the network compares with the recording.
type Replay struct {
	Samples   int
	Differing int
	Counts    []Count
	// First is the first difference: the lowest sample, and in it the lowest
	// layer and neuron, where a wrong weight shows before its consequences.
	First *Difference
}

// Compared is the number of values that were compared.
func (r *Replay) Compared() int {
	n := 0
	for _, c := range r.Counts {
		n += c.Outputs
	}
	return n
}

// compare holds item at of a recorded array against ours; d says where it is.
func (r *Replay) compare(count *Count, recorded numbers, at int, ours int64, d Difference) {
	count.Outputs++
	if theirs, ok := recorded.whole(at); ok && theirs == ours {
		return
	}
	count.Differing++
	r.Differing++
	if r.First == nil {
		d.Array, d.Recorded, d.Network = recorded.Name, recorded.show(at), ours
		r.First = &d
	}
}

// Replay runs the recorded inputs through the plain evaluator and compares
// every recorded value. Without a recording it has 0 samples. The error is the
// context's.
func (im *Imported) Replay(ctx context.Context) (*Replay, error) {
	rec, n := &im.recorded, im.Network
	r := &Replay{Samples: rec.samples}
	for _, a := range rec.arrays() {
		r.Counts = append(r.Counts, Count{Array: a.Name})
	}
	frame := encode.NewBits(n.Inputs)
	for sample := range rec.samples {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range n.Inputs {
			bit, _ := rec.inputs.whole(sample*n.Inputs + i)
			frame.Put(i, bit == 1)
		}
		im.compareSample(r, sample, n.Eval(frame))
	}
	return r, nil
}

// arrays are all results, in the order of the counts of a replay.
func (rec *recording) arrays() []numbers {
	var all []numbers
	for _, o := range rec.outputs {
		all = append(all, o.values)
	}
	for _, v := range []*numbers{rec.scores, rec.classes} {
		if v != nil {
			all = append(all, *v)
		}
	}
	return all
}

// compareSample compares everything recorded of one sample.
func (im *Imported) compareSample(r *Replay, sample int, result ternary.Result) {
	rec, counts := &im.recorded, r.Counts
	for k, o := range rec.outputs {
		im.compareLayer(r, &counts[k], o, sample, result.Spikes[0][o.layer])
	}
	counts = counts[len(rec.outputs):]
	if rec.scores != nil {
		for c, s := range result.Scores {
			r.compare(&counts[0], *rec.scores, sample*len(result.Scores)+c, im.scores.scale*int64(s)+im.scores.offset, Difference{Sample: sample, Neuron: c})
		}
		counts = counts[1:]
	}
	if rec.classes != nil {
		r.compare(&counts[0], *rec.classes, sample, int64(result.Class), Difference{Sample: sample})
	}
}

// compareLayer compares one layer's outputs of one sample.
func (im *Imported) compareLayer(r *Replay, count *Count, o recordedLayer, sample int, spikes encode.Bits) {
	name := im.Network.Layers[o.layer].Name
	for j := range spikes.Len() {
		ours := im.levels[o.layer].low()
		if spikes.Get(j) {
			ours = 1
		}
		r.compare(count, o.values, sample*spikes.Len()+j, ours, Difference{Sample: sample, Layer: name, Neuron: j})
	}
}
