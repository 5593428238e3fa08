package trainer

import (
	"fmt"

	"tritloom/encode"
	"tritloom/internal/bits"
)

// Samples is a labelled set of input bits, packed both ways: a row a sample,
// and a column an input. It is read-only once made.
type Samples struct {
	inputs, classes int
	rows            []encode.Bits
	labels          []int32
	columns         [][]uint64
}

// NewSamples takes over the rows, each inputs wide, and their labels, each in
// 0..classes-1.
func NewSamples(inputs, classes int, rows []encode.Bits, labels []int32) (*Samples, error) {
	if inputs < 1 || classes < 1 {
		return nil, fmt.Errorf("samples: %d inputs, %d classes; want at least 1 of each", inputs, classes)
	}
	if len(rows) == 0 || len(rows) != len(labels) {
		return nil, fmt.Errorf("samples: %d rows with %d labels; want one label a row and at least one row", len(rows), len(labels))
	}
	packed := make([][]uint64, len(rows))
	for i, row := range rows {
		if row.Len() != inputs {
			return nil, fmt.Errorf("samples: row %d has %d bits; want %d", i, row.Len(), inputs)
		}
		if labels[i] < 0 || int(labels[i]) >= classes {
			return nil, fmt.Errorf("samples: label of row %d is %d; want 0..%d", i, labels[i], classes-1)
		}
		packed[i] = row.Words()
	}
	return &Samples{inputs, classes, rows, labels, bits.Transpose(packed, inputs)}, nil
}

// Len is the number of samples.
func (s *Samples) Len() int { return len(s.rows) }

// Inputs is the number of input bits of a sample.
func (s *Samples) Inputs() int { return s.inputs }

// Classes is the number of classes.
func (s *Samples) Classes() int { return s.classes }

// Bits is the input of sample i; the caller must not change it.
func (s *Samples) Bits(i int) encode.Bits { return s.rows[i] }

// Label is the class of sample i.
func (s *Samples) Label(i int) int { return int(s.labels[i]) }

// Slice is the samples low..high-1 as a set of their own.
func (s *Samples) Slice(low, high int) (*Samples, error) {
	if low < 0 || high > s.Len() || low >= high {
		return nil, fmt.Errorf("samples: slice %d:%d of %d; want 0 <= from < to <= %d", low, high, s.Len(), s.Len())
	}
	return NewSamples(s.inputs, s.classes, s.rows[low:high], s.labels[low:high])
}

// Builder collects samples a row at a time, so that only packed bits are ever
// held: 98 bytes a sample for 784 inputs.
type Builder struct {
	inputs, classes int
	rows            []encode.Bits
	labels          []int32
}

// NewBuilder starts an empty set with room for n samples.
func NewBuilder(inputs, classes, n int) *Builder {
	return &Builder{inputs, classes, make([]encode.Bits, 0, n), make([]int32, 0, n)}
}

// Add copies one sample, so the caller may reuse row.
func (b *Builder) Add(row encode.Bits, label int32) {
	b.rows = append(b.rows, row.Clone())
	b.labels = append(b.labels, label)
}

// Samples checks and packs what was added.
func (b *Builder) Samples() (*Samples, error) {
	return NewSamples(b.inputs, b.classes, b.rows, b.labels)
}
