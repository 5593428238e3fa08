package ternary

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tritloom/encode"
)

// keywords are the words that end a list of sources.
var keywords = map[string]bool{"map": true, "if": true, "lif": true, "scores": true}

// ParseText reads what Text wrote. Lines that are empty or start with // are
// skipped. The network is validated; errors name the line.
func ParseText(text string) (*Network, error) {
	p := textParser{net: &Network{Steps: 1, Alphabet: append([]int8(nil), Ternary...)}, names: map[string]int{}}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if err := p.endBlock(); err != nil {
		return nil, fmt.Errorf("at the end: %w", err)
	}
	if !p.readout {
		return nil, errors.New("at the end: no readout; end with a line such as: readout out sum from hidden")
	}
	if err := p.net.Validate(); err != nil {
		return nil, err
	}
	return p.net, nil
}

type textParser struct {
	net     *Network
	names   map[string]int // of layers; ambiguous for a name given twice
	open    bool           // rows of the last layer or of the readout may follow
	readout bool
}

const ambiguous = -2 // neither a layer nor Input

// line reads one line: a row if it starts like one, else a statement.
func (p *textParser) line(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	var err error
	switch word {
	case "inputs":
		p.net.Inputs, err = strconv.Atoi(rest)
	case "steps":
		p.net.Steps, err = strconv.Atoi(rest)
	case "alphabet":
		p.net.Alphabet, err = parseIntegers[int8](rest)
	case "classes":
		p.net.Classes, err = parseClasses(rest)
	case "encoder":
		p.net.Encoder = encode.Encoder{}
		err = json.Unmarshal([]byte(rest), &p.net.Encoder)
	case "origin":
		p.net.Origin = json.RawMessage(rest)
	case "layer":
		if err = p.endBlock(); err == nil {
			err = p.layer(rest)
		}
	case "readout":
		if err = p.endBlock(); err == nil {
			err = p.parseReadout(rest)
		}
	default:
		return p.row(line)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", word, err)
	}
	return nil
}

// parseClasses reads quoted names with spaces between.
func parseClasses(text string) ([]string, error) {
	tokens, err := tokens(text)
	if err != nil {
		return nil, err
	}
	classes := make([]string, len(tokens))
	for i, t := range tokens {
		classes[i] = t.text
	}
	return classes, nil
}

func parseIntegers[T int8 | int32](text string) ([]T, error) {
	var values []T
	for _, t := range strings.Fields(text) {
		v, err := strconv.ParseInt(t, 10, 32)
		if err != nil || int64(T(v)) != v {
			return nil, fmt.Errorf("%q is not an integer that fits %d bits", t, bitsOf[T]())
		}
		values = append(values, T(v))
	}
	return values, nil
}

func bitsOf[T int8 | int32]() int {
	v := int64(math.MaxInt32)
	if int64(T(v)) == v {
		return 32
	}
	return 8
}

// row adds a weight row to the open layer or readout.
func (p *textParser) row(line string) error {
	if !p.open {
		word, _, _ := strings.Cut(line, " ")
		return fmt.Errorf("%q; want inputs, steps, alphabet, classes, encoder, origin, layer or readout, or a row after a weighted layer", word)
	}
	separator := " >= "
	if p.readout {
		separator = " + "
	}
	left, right, found := strings.Cut(line, separator)
	if !found {
		return fmt.Errorf("row %q; want weights, %q and a number, such as +-0+%s1", line, strings.TrimSpace(separator), separator)
	}
	weights, err := p.weights(left)
	if err != nil {
		return err
	}
	numbers, err := parseIntegers[int32](right)
	if err != nil {
		return err
	}
	if p.readout {
		return p.addScore(weights, numbers)
	}
	return p.addNeurons(weights, numbers)
}

// weights reads a row in the form of the alphabet.
func (p *textParser) weights(text string) ([]int8, error) {
	text = strings.TrimSpace(text)
	if text == "." {
		return nil, nil
	}
	if !planar(p.net.Alphabet) {
		return parseIntegers[int8](text)
	}
	row := make([]int8, len(text))
	for i := range len(text) {
		at := strings.IndexByte("-0+", text[i])
		if at < 0 {
			return nil, fmt.Errorf("weight %q of row %q; want +, - or 0", text[i], text)
		}
		row[i] = int8(at - 1)
	}
	return row, nil
}

func (p *textParser) addScore(weights []int8, bias []int32) error {
	r := &p.net.Readout
	if len(bias) != 1 {
		return fmt.Errorf("%d biases; want one a row", len(bias))
	}
	if width := p.net.Width(r.From); len(weights) != width {
		return fmt.Errorf("%d weights; the readout takes %d inputs", len(weights), width)
	}
	r.Weights = append(r.Weights, weights...)
	r.Bias = append(r.Bias, bias[0])
	r.Outputs++
	return nil
}

func (p *textParser) addNeurons(weights []int8, theta []int32) error {
	l := &p.net.Layers[len(p.net.Layers)-1]
	places := 1
	if l.Op == Conv2D {
		places = l.Map.OutHeight() * l.Map.OutWidth()
	} else {
		l.Outputs++
	}
	if len(theta) == 1 && places > 1 && len(l.Theta) < l.Outputs {
		theta = slices.Repeat(theta, places)
	}
	if _, width := l.weightShape(p.net); len(weights) != width {
		return fmt.Errorf("%d weights; layer %q takes %d", len(weights), l.Name, width)
	}
	if len(theta) != places {
		return fmt.Errorf("%d thresholds; want 1 or %d", len(theta), places)
	}
	l.Weights = append(l.Weights, weights...)
	l.Theta = append(l.Theta, theta...)
	return nil
}

// endBlock checks that an open layer or readout got its rows.
func (p *textParser) endBlock() error {
	switch {
	case p.open && p.readout:
		if p.net.Readout.Outputs == 0 {
			return errors.New("the readout has no rows")
		}
	case p.open:
		l := &p.net.Layers[len(p.net.Layers)-1]
		if len(l.Theta) == 0 || len(l.Theta) != l.Outputs {
			return fmt.Errorf("layer %q has %d neurons in its rows; want %d", l.Name, len(l.Theta), max(l.Outputs, 1))
		}
	}
	return nil
}
