package interop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tritloom/internal/container"
	"tritloom/ternary/netspec"
)

// Array names and parts of names; the package comment says what each holds.
const (
	readoutName = "readout"
	inputsName  = "inputs"
	outputsName = "outputs"
	scoresName  = "scores"
	classesName = "classes"
	netYAML     = "net_yaml"
	classNames  = "class_names"
	encoderText = "encoder"
	ourHeader   = "header" // of the container our exports are written in
)

// maxText bounds the texts that are read out of arrays.
const maxText = 16 << 20

// arraySet is the arrays of a file by name, with those that were asked for.
type arraySet struct {
	arrays map[string]container.Array
	read   map[string]bool
}

func newArraySet(arrays []container.Array) *arraySet {
	s := &arraySet{map[string]container.Array{}, map[string]bool{ourHeader: true}}
	for _, a := range arrays {
		s.arrays[a.Name] = a
	}
	return s
}

// has tells whether an array is there, and does not count as reading it.
func (s *arraySet) has(name string) bool {
	_, ok := s.arrays[name]
	return ok
}

// names lists what the file holds, cut so that a message stays readable.
func (s *arraySet) names() string {
	const most = 20
	var names []string
	for name := range s.arrays {
		if name != ourHeader {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// get is an array of the given shape.
func (s *arraySet) get(name string, shape ...int) (numbers, error) {
	a, ok := s.arrays[name]
	if !ok {
		return numbers{}, fmt.Errorf("no array %q; the file holds %s", name, s.names())
	}
	s.read[name] = true
	if !slices.Equal(a.Shape, shape) {
		return numbers{}, fmt.Errorf("array %q has shape %v; want %v", name, a.Shape, shape)
	}
	return numbers{a}, nil
}

// matrix is a layer's weights: NAME.weight [out, in], or NAME.kernel [in, out]
// and then transposed.
func (s *arraySet) matrix(name string, out, in int) (m numbers, transposed bool, err error) {
	weight, kernel := name+".weight", name+".kernel"
	switch {
	case s.has(weight) && s.has(kernel):
		return m, false, fmt.Errorf("arrays %q and %q; give one of them", weight, kernel)
	case s.has(kernel):
		if m, err = s.get(kernel, in, out); err != nil {
			err = fmt.Errorf("%w, [in, out]; arrays [out, in] are called %s", err, weight)
		}
		return m, true, err
	case s.has(weight):
		if m, err = s.get(weight, out, in); err != nil {
			err = fmt.Errorf("%w, [out, in]; arrays [in, out] are called %s", err, kernel)
		}
		return m, false, err
	}
	return m, false, fmt.Errorf("no array %q [%d, %d] and no %q [%d, %d]; the file holds %s", weight, out, in, kernel, in, out, s.names())
}

// covers checks that the weights a shape calls for are there, so that no shape
// takes memory that its file does not pay for. The shape is valid and every
// layer has its name.
func (s *arraySet) covers(shape netspec.Spec) error {
	width := map[string]int{"input": product(shape.Inputs)}
	before := "input"
	sum := func(from []string) int {
		if len(from) == 0 {
			return width[before]
		}
		n := 0
		for _, source := range from {
			n += width[source]
		}
		return n
	}
	for _, l := range shape.Layers {
		if _, _, err := s.matrix(l.Name, product(l.Shape), sum(l.From)); err != nil {
			return err
		}
		width[l.Name], before = product(l.Shape), l.Name
	}
	if !sums(shape.Readout.Mode) {
		return nil
	}
	_, _, err := s.matrix(readoutName, shape.Classes, sum(shape.Readout.From))
	return err
}

// levels reads NAME.levels, or gives the levels that hold without it.
func (s *arraySet) levels(name string, without Levels) (Levels, error) {
	name += ".levels"
	if !s.has(name) {
		return without, nil
	}
	v, err := s.get(name, 2)
	if err != nil {
		return "", fmt.Errorf("%w: [0, 1] or [-1, 1]", err)
	}
	for _, l := range []Levels{Binary, Bipolar} {
		low, ok := v.whole(0)
		high, also := v.whole(1)
		if ok && also && low == l.low() && high == 1 {
			return l, nil
		}
	}
	return "", fmt.Errorf("array %q is [%s, %s]; want [0, 1] or [-1, 1]", name, v.show(0), v.show(1))
}

// text is the bytes of a text array; nil without one.
func (s *arraySet) text(name string) ([]byte, error) {
	a, ok := s.arrays[name]
	if !ok {
		return nil, nil
	}
	s.read[name] = true
	if len(a.Data) > maxText {
		return nil, fmt.Errorf("array %q: %d bytes; a text of at most %d is read", name, len(a.Data), maxText)
	}
	text, err := a.Uint8s()
	if err != nil {
		return nil, fmt.Errorf("%w; save np.frombuffer(text.encode(), np.uint8)", err)
	}
	return append([]byte{}, text...), nil
}

// object reads a text array of JSON into v.
func (s *arraySet) object(name string, v any) (found bool, err error) {
	text, err := s.text(name)
	if text == nil || err != nil {
		return false, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return false, fmt.Errorf("array %q: not the JSON it should be: %w; export the network again, or leave the array out", name, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("array %q: text after its JSON; export the network again, or leave the array out", name)
	}
	return true, nil
}

// allRead refuses arrays that nothing asked for.
func (s *arraySet) allRead() error {
	var extra []string
	for name := range s.arrays {
		if !s.read[name] {
			extra = append(extra, name)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	slices.Sort(extra)
	return fmt.Errorf("array %q has no meaning for this shape; layers take weight or kernel, threshold or bias or bn.gamma, bn.beta, bn.mean, bn.var, bn.eps, and levels; correct its name or leave it out", extra[0])
}

// hash is the content hash of all arrays, whatever their order in the file.
func (s *arraySet) hash() string {
	f := container.File{Kind: exportKind, Header: json.RawMessage("{}")}
	for name, a := range s.arrays {
		if name != ourHeader {
			f.Arrays = append(f.Arrays, a)
		}
	}
	return f.Hash()
}
