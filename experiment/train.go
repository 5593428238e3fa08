package experiment

import (
	"context"
	"encoding/json"
	"fmt"

	"tritloom/dataset"
	"tritloom/encode"
	"tritloom/ternary"
	"tritloom/ternary/netspec"
	"tritloom/trainer"
)

// TrainJob trains a network on the training rows of a split. The test rows are
// only counted at the end.
type TrainJob struct {
	Data   Data
	Encode string // encoder text form, "" for the data's own default
	// Shape gives the network's shape for the data's bits and classes.
	Shape   func(inputs, classes int) (netspec.Spec, error)
	Options trainer.Options
	// Steps is how many steps the network takes; 0 leaves that to the shape, which
	// may not say otherwise. Above 1 a one-shot network is found first.
	Steps int
	// AllRows trains on training and validation rows together. It is for final
	// networks whose options were chosen before; nothing is left to validate.
	AllRows bool
	// Checkpoint keeps the search while it runs, or goes on with one; nil does
	// neither. After the network has been written, call its Finish.
	Checkpoint *Checkpoint
}

// Algorithm names what TrainJob does, in files and summaries.
const Algorithm = "conntra"

// origin is what a network file says of how it was made. It holds nothing that
// depends on time, so that a run cut by a budget and its repetition by trials
// are the same bytes.
type origin struct {
	Algorithm string          `json:"algorithm"`
	Data      string          `json:"data"`
	DataHash  string          `json:"data_hash"`
	Encoder   string          `json:"encoder"`
	Options   trainer.Options `json:"options"`
	AllRows   bool            `json:"all_rows"`
	Trials    uint64          `json:"trials"`
	Accepted  uint64          `json:"accepted"`
	Steps     *StepsSummary   `json:"steps,omitempty"`
}

// parts are the three parts of a split, encoded.
type parts struct {
	train, validation, test *Encoded
	encoder                 encode.Encoder
}

// Train runs the job. Cancelling the context ends the search at its next step,
// with the network it has.
func Train(ctx context.Context, job TrainJob, progress func(trainer.Progress)) (*ternary.Network, *TrainSummary, error) {
	p, err := openParts(job.Data, job.Encode)
	if err != nil {
		return nil, nil, err
	}
	shape, err := p.shape(job)
	if err != nil {
		return nil, nil, err
	}
	result, steps, err := fit(ctx, job, p, shape, progress)
	if err != nil {
		return nil, nil, err
	}
	job.Checkpoint.end(result)
	n := result.Network
	n.Origin, err = json.Marshal(origin{
		Algorithm, p.train.Ref, p.train.Set.Checksum(), p.encoder.String(), job.Options, job.AllRows, result.Candidates, result.Accepted, steps,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := n.Validate(); err != nil {
		return nil, nil, err
	}
	summary, err := summarise(job, p, n, result, steps)
	return n, summary, err
}

// openParts opens the training, validation and test rows, and fits the encoder
// to the training rows alone. A reference to training rows with a range cuts
// only those.
func openParts(data Data, spec string) (*parts, error) {
	ref, err := dataset.ParseRef(data.Ref)
	if err != nil {
		return nil, err
	}
	if ref.Part != "" && ref.Part != dataset.PartTrain {
		return nil, fmt.Errorf("--data %s names the part %q; training takes the split's own training rows; write %s, or a range of :train", data.Ref, ref.Part, dataset.Ref{Name: ref.Name, Path: ref.Path, Split: ref.Split, To: -1})
	}
	set, err := dataset.Open(data.Ref, data.Open)
	if err != nil {
		return nil, err
	}
	trainPart, err := set.Part(ref, dataset.PartTrain)
	if err != nil {
		return nil, err
	}
	encoder, err := fitEncoder(trainPart, spec)
	if err != nil {
		return nil, err
	}
	p := &parts{encoder: encoder}
	if p.train, err = NewEncoded(trainPart, &encoder); err != nil {
		return nil, err
	}
	whole := dataset.Ref{Name: ref.Name, Path: ref.Path, Split: ref.Split, To: -1}
	for _, other := range []struct {
		name string
		into **Encoded
	}{{dataset.PartValidation, &p.validation}, {dataset.PartTest, &p.test}} {
		whole.Part = other.name
		part, err := set.Part(whole, other.name)
		if err != nil {
			return nil, err
		}
		if *other.into, err = NewEncoded(part, &encoder); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// fitEncoder makes the encoder from a text form, or the data's default. Columns
// are gathered only if the scheme asks for them: fixed cuts do not.
func fitEncoder(part dataset.Part, text string) (encode.Encoder, error) {
	set := part.Set
	spec := encode.DefaultSpec(len(set.Shape) > 1, largestValue(part))
	if text != "" {
		var err error
		if spec, err = encode.ParseSpec(text); err != nil {
			return encode.Encoder{}, err
		}
	}
	var columns [][]int64
	return encode.Fit(spec, func(f int) []int64 {
		if columns == nil {
			columns = columnsOf(part)
		}
		return columns[f]
	}, set.Features(), set.Decimals)
}

func columnsOf(part dataset.Part) [][]int64 {
	columns, row := make([][]int64, part.Set.Features()), []int64(nil)
	for i := range part.Len() {
		row = part.Row(i, row)
		for f, v := range row {
			columns[f] = append(columns[f], v)
		}
	}
	return columns
}

func largestValue(part dataset.Part) int64 {
	var largest int64
	var row []int64
	for i := range part.Len() {
		row = part.Row(i, row)
		for _, v := range row {
			largest = max(largest, v)
		}
	}
	return largest
}

// shape builds the zero network of the job for these data.
func (p *parts) shape(job TrainJob) (trainer.Shape, error) {
	inputs, classes := p.encoder.Width(), len(p.train.Set.Classes)
	spec, err := job.Shape(inputs, classes)
	if err != nil {
		return trainer.Shape{}, err
	}
	if spec, err = withSteps(spec, job.Steps); err != nil {
		return trainer.Shape{}, err
	}
	n, masks, err := spec.Build(inputs, classes, job.Options.Seed)
	if err != nil {
		return trainer.Shape{}, err
	}
	n.Encoder, n.Classes = p.encoder, p.train.Set.Classes
	last := len(masks) - 1
	return trainer.Shape{Network: n, Masks: masks[:last], ReadoutMask: masks[last]}, nil
}

// fit gathers the rows that may be seen and trains on them, from the first step
// or from a checkpoint. Where a network over steps is asked for, a one-shot network
// is found first, and the steps' summary is not nil.
func fit(ctx context.Context, job TrainJob, p *parts, shape trainer.Shape, progress func(trainer.Progress)) (*trainer.Result, *StepsSummary, error) {
	takesSteps := trainer.TakesSteps(shape.Network)
	if takesSteps {
		if err := trainer.CanIntegrate(shape.Network); err != nil { // before the search
			return nil, nil, err
		}
	}
	train, validation, err := p.seen(job)
	if err != nil {
		return nil, nil, err
	}
	result, err := search(ctx, job, p, shape, train, validation, progress)
	if err != nil || !takesSteps {
		return result, nil, err
	}
	steps, err := overSteps(ctx, job, result, shape.Network, train, validation, progress)
	return result, steps, err
}

// search is CoNNTrA's, for the shape seen once.
func search(ctx context.Context, job TrainJob, p *parts, shape trainer.Shape, train, validation *trainer.Samples, progress func(trainer.Progress)) (*trainer.Result, error) {
	options, from, err := job.Checkpoint.begin(job, p, shape)
	if err != nil {
		return nil, err
	}
	once := shape
	if trainer.TakesSteps(shape.Network) {
		once = trainer.OneShot(shape)
	}
	if from == nil {
		return trainer.Train(ctx, once, train, validation, options, progress)
	}
	result, err := trainer.Resume(ctx, once, train, validation, options, from, progress)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", job.Checkpoint.options.Path, err)
	}
	return result, nil
}

// seen packs the rows to train on, and those that decide about patience, nil if
// there are none.
func (p *parts) seen(job TrainJob) (train, validation *trainer.Samples, err error) {
	if job.AllRows {
		if job.Options.Patience > 0 {
			return nil, nil, fmt.Errorf("--patience %d needs validation rows, and --all-rows trains on them; leave one out", job.Options.Patience)
		}
		train, err = p.trainAndValidation()
		return train, nil, err
	}
	if train, err = p.train.Samples(); err != nil || p.validation.Len() == 0 {
		return train, nil, err
	}
	validation, err = p.validation.Samples()
	return train, validation, err
}

func (p *parts) trainAndValidation() (*trainer.Samples, error) {
	bits := encode.NewBits(p.encoder.Width())
	b := trainer.NewBuilder(bits.Len(), len(p.train.Set.Classes), p.train.Len()+p.validation.Len())
	for _, part := range []*Encoded{p.train, p.validation} {
		for i := range part.Len() {
			part.Bits(i, bits)
			b.Add(bits, part.Label(i))
		}
	}
	return b.Samples()
}
