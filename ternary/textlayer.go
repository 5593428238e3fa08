package ternary

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// token is a word of a statement; a quoted one is never a keyword.
type token struct {
	text   string
	quoted bool
}

// tokens splits a statement at spaces outside quotes.
func tokens(text string) ([]token, error) {
	var out []token
	for {
		text = strings.TrimLeft(text, " \t")
		if text == "" {
			return out, nil
		}
		if text[0] != '"' {
			end := strings.IndexAny(text, " \t\"")
			if end < 0 {
				end = len(text)
			}
			out, text = append(out, token{text: text[:end]}), text[end:]
			continue
		}
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s: a quote that does not close", text)
		}
		name, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quoted, err)
		}
		out, text = append(out, token{name, true}), text[len(quoted):]
	}
}

// statement walks over the tokens of a layer or readout line.
type statement struct {
	tokens []token
	err    error
}

// next takes a token; at the end it notes an error and gives an empty one.
func (s *statement) next(what string) token {
	if len(s.tokens) == 0 {
		s.fail(fmt.Errorf("ends before its %s", what))
		return token{}
	}
	t := s.tokens[0]
	s.tokens = s.tokens[1:]
	return t
}

func (s *statement) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// word takes the given keyword if it is next.
func (s *statement) word(w string) bool {
	if s.err != nil || len(s.tokens) == 0 || s.tokens[0].quoted || s.tokens[0].text != w {
		return false
	}
	s.tokens = s.tokens[1:]
	return true
}

// sizes takes numbers with x between them, such as 3x28x28.
func (s *statement) sizes(what string, into ...*int) {
	t := s.next(what)
	parts := strings.Split(t.text, "x")
	if len(parts) != len(into) {
		s.fail(fmt.Errorf("%s %q; want %d numbers with x between", what, t.text, len(into)))
		return
	}
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil {
			s.fail(fmt.Errorf("%s %q is not a number", what, part))
		}
		*into[i] = v
	}
}

// layer reads the line of a layer after its first word.
func (p *textParser) layer(text string) error {
	if p.readout {
		return errors.New("comes after the readout; put layers before it")
	}
	t, err := tokens(text)
	if err != nil {
		return err
	}
	s := &statement{tokens: t}
	l := Layer{Name: s.next("name").text, Op: Op(s.next("operation").text), Neuron: Neuron{Model: Step}}
	l.From = p.from(s)
	if s.word("map") {
		s.window(&l.Map)
	}
	s.neuron(&l.Neuron)
	if s.err == nil && len(s.tokens) > 0 {
		s.fail(fmt.Errorf("%q is one word too many", s.tokens[0].text))
	}
	p.net.Layers = append(p.net.Layers, l)
	i := len(p.net.Layers) - 1
	if s.err == nil {
		s.fail(p.size(&p.net.Layers[i], i))
	}
	if _, twice := p.names[l.Name]; twice {
		i = ambiguous
	}
	p.names[l.Name] = i
	p.open = l.Op.Weighted()
	return s.err
}

// size sets the neurons of a layer that shows them in no row of its own.
func (p *textParser) size(l *Layer, i int) error {
	switch {
	case l.Op == Dense: // its rows will count
		return nil
	case l.Op == Concat:
		l.Outputs = p.net.Width(l.From)
	case l.Op.windowed():
		w := l.Map
		if w.StrideH < 1 || w.StrideW < 1 {
			return fmt.Errorf("stride %dx%d; want 1 or more; give: map CxHxW to N kernel HxW stride HxW pad HxW groups N", w.StrideH, w.StrideW)
		}
		l.Outputs = w.OutChannels * w.OutHeight() * w.OutWidth()
	}
	return p.net.validateShape(i)
}

// from reads the sources up to the next keyword.
func (p *textParser) from(s *statement) []int {
	if !s.word("from") {
		s.fail(errors.New("has no word from after its operation"))
		return nil
	}
	from := []int{}
	for len(s.tokens) > 0 && (s.tokens[0].quoted || !keywords[s.tokens[0].text]) {
		source, err := p.source(s.next("source"))
		if err != nil {
			s.fail(err)
		}
		from = append(from, source)
	}
	return from
}

// source finds a layer by name or by #number.
func (p *textParser) source(t token) (int, error) {
	if !t.quoted && t.text == inputName {
		return Input, nil
	}
	if number, ok := strings.CutPrefix(t.text, "#"); ok && !t.quoted {
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(p.net.Layers) {
			return 0, fmt.Errorf("source %s; want #0..#%d", t.text, len(p.net.Layers)-1)
		}
		return i, nil
	}
	i, ok := p.names[t.text]
	if !ok {
		return 0, fmt.Errorf("source %q is no earlier layer; name one, or %s", t.text, inputName)
	}
	if i == ambiguous {
		return 0, fmt.Errorf("source %q names several layers; write #0..#%d", t.text, len(p.net.Layers)-1)
	}
	return i, nil
}

// window reads the geometry after the word map. Stride 1, no padding and one
// group need not be said, nor output channels where they equal the inputs'.
func (s *statement) window(w *Window) {
	s.sizes("map", &w.Channels, &w.Height, &w.Width)
	w.OutChannels, w.StrideH, w.StrideW, w.Groups = w.Channels, 1, 1, 1
	for _, part := range []struct {
		name string
		into []*int
	}{
		{"to", []*int{&w.OutChannels}},
		{"kernel", []*int{&w.KernelH, &w.KernelW}},
		{"stride", []*int{&w.StrideH, &w.StrideW}},
		{"pad", []*int{&w.PadH, &w.PadW}},
		{"groups", []*int{&w.Groups}},
	} {
		if s.word(part.name) {
			s.sizes(part.name, part.into...)
		}
	}
}

// neuron reads the model of neurons that keep a potential.
func (s *statement) neuron(m *Neuron) {
	for _, model := range []Model{IF, LIF} {
		if !s.word(string(model)) {
			continue
		}
		m.Model = model
		if s.word("reset") {
			m.Reset = Reset(s.next("reset").text)
		}
		if s.word("leak") {
			leak, err := strconv.ParseInt(s.next("leak").text, 10, 32)
			if err != nil {
				s.fail(errors.New("its leak is not an integer of 32 bits"))
			}
			m.Leak = int32(leak)
		}
	}
}

// parseReadout reads the readout line after its first word.
func (p *textParser) parseReadout(text string) error {
	if p.readout {
		return errors.New("comes twice; keep one")
	}
	t, err := tokens(text)
	if err != nil {
		return err
	}
	s := &statement{tokens: t}
	r := Readout{Name: s.next("name").text, Mode: Mode(s.next("mode").text)}
	r.From = p.from(s)
	if s.word("scores") {
		s.sizes("scores", &r.Outputs)
	}
	if s.err == nil && len(s.tokens) > 0 {
		s.fail(fmt.Errorf("%q is one word too many", s.tokens[0].text))
	}
	if s.err == nil && (r.Mode == Sum) != (r.Outputs == 0) {
		s.fail(fmt.Errorf("%d scores for mode %q; count and vote say: scores N; sum counts its rows", r.Outputs, r.Mode))
	}
	p.net.Readout, p.readout, p.open = r, true, r.Mode == Sum
	return s.err
}
