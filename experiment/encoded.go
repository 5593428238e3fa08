// Package experiment runs tritloom end to end: it joins data, encoder,
// trainer, compiler, simulator and verification into the named jobs that the
// command line offers.
//
// A job takes parsed options and returns results; it reads no flag, no
// environment and no clock, and prints nothing.
package experiment

import (
	"tritloom/dataset"
	"tritloom/encode"
	"tritloom/ternary"
	"tritloom/trainer"
)

// Data names samples and says where to look for them.
type Data struct {
	Ref  string
	Open dataset.OpenOptions
}

// Encoded is a part of a data set seen through an encoder. It is a source for
// the simulator.
type Encoded struct {
	dataset.Part
	encoder *encode.Encoder // in the units of the data
}

// NewEncoded joins samples with the encoder of a network or a layout. The
// error says where the two do not fit.
func NewEncoded(part dataset.Part, e *encode.Encoder) (*Encoded, error) {
	inUnits, err := e.For(part.Set.Decimals, part.Set.Features())
	if err != nil {
		return nil, err
	}
	return &Encoded{Part: part, encoder: inUnits}, nil
}

// Bits writes the input bits of sample i into dst. It keeps no state, so that
// simulator and comparison may ask at the same time.
func (e *Encoded) Bits(i int, dst encode.Bits) { e.encoder.Encode(e.Row(i, nil), dst) }

// Samples packs the part for the trainer.
func (e *Encoded) Samples() (*trainer.Samples, error) {
	bits := encode.NewBits(e.encoder.Width())
	b := trainer.NewBuilder(bits.Len(), len(e.Set.Classes), e.Len())
	for i := range e.Len() {
		e.Bits(i, bits)
		b.Add(bits, e.Label(i))
	}
	return b.Samples()
}

// Features gives the samples as floats, for yardsticks that work on raw
// values: each value over the largest magnitude of the set, so in -1..1.
func (e *Encoded) Features(largest float64) [][]float64 {
	rows := make([][]float64, e.Len())
	for i := range rows {
		for _, v := range e.Row(i, nil) {
			rows[i] = append(rows[i], float64(v)/largest)
		}
	}
	return rows
}

// Right tells, sample by sample, whether the plain evaluator decides rightly.
func (e *Encoded) Right(n *ternary.Network) []bool {
	bits, right := encode.NewBits(n.Inputs), make([]bool, e.Len())
	for i := range right {
		e.Bits(i, bits)
		right[i] = n.Eval(bits).Class == int(e.Label(i))
	}
	return right
}

// Correct counts the samples that the plain evaluator decides rightly.
func (e *Encoded) Correct(n *ternary.Network) int {
	correct := 0
	for _, right := range e.Right(n) {
		if right {
			correct++
		}
	}
	return correct
}
