package layout

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tritloom/hwmodel"
)

// ParseText reads what Text wrote and validates it. A small image:
//
//	chip demo ternary axons 2 neurons 2 gate on   # what is not said is usual
//	inputs 2
//	layer hidden 1
//	readout class 1
//	ticks 2 interval 1
//	core 0 at 0,0
//	axon 0 from input/0
//	axon 1 from hidden/0
//	row 0 +0                                      # letters + - 0, or 1 0; kbit: integers
//	row 1 0-
//	column 0 spike >= 1 reset clear level 0 is hidden/0 to 0:1@1
//	column 1 score leak 3 level 1 is class/0
//	input 0 to 0:0
//	output 0 from 0:1
//
// Places are core:axon or core:column, and @ is a delay in ticks. A column
// "send to 1:2" sends its sum to column 2 of core 1. Text after # up to the
// end of a line is a comment, except within quotes or a word.
func ParseText(text string) (*Layout, error) {
	l := &Layout{}
	p := &textParser{l: l}
	for i, line := range strings.Split(text, "\n") {
		words, err := splitWords(line)
		if err == nil && len(words) > 0 {
			p.words = words
			err = p.line()
		}
		if err != nil {
			return nil, fmt.Errorf("layout text line %d: %w", i+1, err)
		}
	}
	if !p.chip {
		return nil, fmt.Errorf("layout text: no chip line; begin with one")
	}
	return l, l.Validate()
}

// maxTextCells bounds the crosspoints of all cores, so that a short text cannot
// ask for much memory.
const maxTextCells = 1 << 22

// textParser holds the words of the line at hand and the first error in it.
type textParser struct {
	l     *Layout
	chip  bool // the chip line was seen
	words []string
	err   error
}

// lineParsers is the one list of kinds of lines.
var lineParsers = map[string]func(*textParser){
	"chip":    (*textParser).chipLine,
	"network": func(p *textParser) { p.l.Network = p.next() },
	"encoder": (*textParser).encoderLine,
	"inputs":  func(p *textParser) { p.l.Inputs = int(p.number()) },
	"layer":   func(p *textParser) { p.l.Layers = append(p.l.Layers, LayerLabel{p.next(), int(p.number())}) },
	"readout": func(p *textParser) { p.l.Readout = LayerLabel{p.next(), int(p.number())} },
	"classes": func(p *textParser) {
		if len(p.words) == 0 {
			p.fail("no class names; want one a score, or no such line")
		}
		p.l.Classes, p.words = p.words, nil
	},
	"ticks":  (*textParser).ticksLine,
	"core":   (*textParser).coreLine,
	"axon":   (*textParser).axonLine,
	"row":    (*textParser).rowLine,
	"column": (*textParser).columnLine,
	"input": func(p *textParser) {
		input := p.number()
		p.word("to")
		at, delay := p.place()
		p.l.InputMap = append(p.l.InputMap, InputEntry{input, at.Core, at.Column, max(delay, 0)})
	},
	"control": func(p *textParser) {
		tick := p.number()
		p.word("to")
		at, _ := p.place()
		p.l.Schedule.Controls = append(p.l.Schedule.Controls, Control{tick, at.Core, at.Column})
	},
	"output-bias": func(p *textParser) {
		for p.l.OutputBias = []int32{}; len(p.words) > 0 && p.err == nil; {
			p.l.OutputBias = append(p.l.OutputBias, p.number())
		}
	},
	"output": func(p *textParser) {
		class := p.number()
		p.word("from")
		at, _ := p.place()
		p.l.OutputMap = append(p.l.OutputMap, OutputEntry{at.Core, at.Column, class})
	},
}

// line reads one line.
func (p *textParser) line() error {
	kind := p.next()
	parse, ok := lineParsers[kind]
	switch {
	case !ok:
		return fmt.Errorf("unknown word %q; want chip, network, encoder, inputs, layer, readout, classes, ticks, core, axon, row, column, input, control, output-bias or output", kind)
	case !p.chip && kind != "chip":
		return fmt.Errorf("%s before the chip line; begin with chip", kind)
	}
	parse(p)
	if p.err == nil && len(p.words) > 0 {
		p.fail("%q after the end of the %s line", p.words[0], kind)
	}
	return p.err
}

func (p *textParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

func (p *textParser) next() string {
	if len(p.words) == 0 {
		p.fail("the line ends too early")
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

// word reads a word that must be there.
func (p *textParser) word(want string) {
	if got := p.next(); got != want {
		p.fail("%q; want %q", got, want)
	}
}

func (p *textParser) number() int32 { return p.toNumber(p.next()) }

func (p *textParser) toNumber(text string) int32 {
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		p.fail("%q; want a whole number of 32 bits", text)
	}
	return int32(v)
}

// place reads core:axon or core:column with an optional @delay, -1 if absent.
func (p *textParser) place() (at Link, delay int32) {
	word := p.next()
	where, ticks, delayed := strings.Cut(word, "@")
	core, within, ok := strings.Cut(where, ":")
	if !ok {
		p.fail("%q; want core:axon or core:column, such as 0:3", word)
		return at, -1
	}
	delay = -1
	if delayed {
		delay = p.toNumber(ticks)
	}
	return Link{p.toNumber(core), p.toNumber(within)}, delay
}

func (p *textParser) chipLine() {
	l := p.l
	l.Chip = p.next()
	mode := hwmodel.SynapseMode(p.next())
	if !slices.Contains(imageModes, mode) {
		p.fail("synapse mode %q; want one of %q", mode, imageModes)
		return
	}
	l.Capabilities = textDefaults(mode)
	for p.err == nil && len(p.words) > 0 {
		if err := setCapability(&l.Capabilities, p.next(), p.next()); err != nil {
			p.fail("%w", err)
		}
	}
	if err := l.Capabilities.Validate(); err != nil {
		p.fail("%w", err)
	}
	if err := checkForm(l.Capabilities.Core); err != nil {
		p.fail("%w", err)
	}
	p.chip = true
}

func (p *textParser) encoderLine() {
	if err := json.Unmarshal([]byte(p.next()), &p.l.Encoder); err != nil {
		p.fail("encoder: %w", err)
	}
}

func (p *textParser) ticksLine() {
	p.l.Schedule.TicksPerInference = int(p.number())
	p.word("interval")
	p.l.Schedule.InitiationInterval = int(p.number())
	for p.err == nil && len(p.words) > 0 {
		switch word := p.next(); word {
		case "listen":
			p.l.Schedule.OutputTicks = int(p.number())
		case "steps":
			p.l.Schedule.Steps = int(p.number())
		default:
			p.fail("%q; want listen or steps", word)
		}
	}
}

func (p *textParser) coreLine() {
	if n := p.number(); int(n) != len(p.l.Cores) {
		p.fail("core %d; the next one is %d", n, len(p.l.Cores))
	}
	p.word("at")
	x, y, _ := strings.Cut(p.next(), ",")
	atX, atY := int(p.toNumber(x)), int(p.toNumber(y))
	caps := p.l.Capabilities.Core
	if cells := (len(p.l.Cores) + 1) * caps.Axons * caps.Neurons; cells > maxTextCells {
		p.fail("%d crosspoints so far; texts are for at most %d; use a layout file", cells, maxTextCells)
	}
	if p.err == nil {
		core := NewCore(caps)
		core.X, core.Y = atX, atY
		p.l.Cores = append(p.l.Cores, core)
	}
}

// within gives the core being described and an index of a thing in it.
func (p *textParser) within(what string, size func(*Core) int) (*Core, int) {
	n := int(p.number())
	if len(p.l.Cores) == 0 {
		p.fail("%s before the first core line", what)
		return nil, 0
	}
	core := &p.l.Cores[len(p.l.Cores)-1]
	if n < 0 || n >= size(core) {
		p.fail("%s %d; want 0..%d", what, n, size(core)-1)
		return nil, 0
	}
	return core, n
}

func (p *textParser) axonLine() {
	core, a := p.within("axon", func(c *Core) int { return len(c.Axons) })
	for p.err == nil && len(p.words) > 0 {
		switch word := p.next(); word {
		case "type":
			kind := p.number()
			core.Axons[a].Type = uint8(kind)
			if kind < 0 || kind > 255 {
				p.fail("type %d; want 0..255", kind)
			}
		case "from":
			core.Axons[a].Label = p.label()
		default:
			p.fail("%q; want type or from", word)
		}
	}
}

func (p *textParser) rowLine() {
	core, a := p.within("row", func(c *Core) int { return len(c.Axons) })
	if p.err == nil && p.l.Capabilities.Core.SynapseMode == hwmodel.KBit {
		p.integers(core, a)
		return
	}
	row := p.next()
	if p.err != nil {
		return
	}
	if len(row) != len(core.Columns) {
		p.fail("row of %d letters; want %d, one a column", len(row), len(core.Columns))
		return
	}
	letters := cells[p.l.Capabilities.Core.SynapseMode]
	for n := range row {
		cell := strings.IndexByte(letters, row[n])
		if cell < 0 {
			p.fail("letter %q in a row; want one of %q", row[n], letters)
			return
		}
		for plane := range core.Planes {
			core.Planes[plane].Put(a, n, cell>>plane&1 == 1)
		}
	}
}

func (p *textParser) columnLine() {
	core, n := p.within("column", func(c *Core) int { return len(c.Columns) })
	role := p.next()
	index := slices.Index(Roles[:], role)
	if index < 0 {
		p.fail("role %q; want one of %q", role, Roles)
	}
	if p.err != nil {
		return
	}
	column := &core.Columns[n]
	column.Role = Role(index)
	for p.err == nil && len(p.words) > 0 {
		p.columnWord(column)
	}
}

func (p *textParser) columnWord(column *Column) {
	switch word := p.next(); word {
	case ">=":
		column.Theta = p.number()
	case "leak":
		column.Leak = p.number()
	case "level":
		column.Level = p.number()
	case "is":
		column.Label = p.label()
	case "reset":
		reset := p.next()
		index := slices.Index(Resets[:], reset)
		if index < 0 {
			p.fail("reset %q; want one of %q", reset, Resets)
			return
		}
		column.Reset = Reset(index)
	case "weights":
		list := strings.Split(p.next(), ",")
		if len(list) != AxonTypes {
			p.fail("%d weights; want %d, one an axon type", len(list), AxonTypes)
			return
		}
		for i, text := range list {
			column.TypeWeights[i] = p.toNumber(text)
		}
	case "to":
		for p.err == nil && len(p.words) > 0 {
			if at, delay := p.place(); delay < 0 {
				column.Psum = at
			} else {
				column.Dests = append(column.Dests, Dest{at.Core, at.Column, delay})
			}
		}
	default:
		p.dynamicsWord(&column.Dynamics, word)
	}
}

func (p *textParser) dynamicsWord(d *Dynamics, word string) {
	for _, f := range dynamicsFields {
		if f.word != word {
			continue
		}
		if text := p.next(); !f.parse(d, text) {
			p.fail("%s %q; want %s", word, text, f.wants())
		}
		return
	}
	p.fail("%q; want >=, leak, reset, weights, level, is, to, or a word of neuron dynamics such as initial or floor", word)
}

// label reads "layer/neuron" or "#number/neuron".
func (p *textParser) label() Label {
	word := p.next()
	layer, neuron, ok := strings.Cut(word, "/")
	if !ok {
		p.fail("label %q; want layer/neuron, such as input/0", word)
		return NoLabel
	}
	if number, byNumber := strings.CutPrefix(layer, "#"); byNumber {
		return Label{p.toNumber(number), p.toNumber(neuron)}
	}
	index, known := p.l.layerByName(layer)
	if !known {
		p.fail("label %q names no layer; write the layer lines first", word)
	}
	return Label{index, p.toNumber(neuron)}
}
