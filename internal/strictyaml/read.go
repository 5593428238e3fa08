// Package strictyaml reads YAML files that people write by hand and that may be
// hostile: chip files, validation rows, suites, sweeps. It decodes into structs by
// their yaml tags, refuses unknown and repeated keys, remembers where every entry
// stands, so that an error found later can still point at its line and column, and
// bounds what a small file can cost.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Form is what kind of file is read, for its messages.
type Form struct {
	Name    string // "chip file"
	Example string // where to see a good one: "any embedded chip"
	Anchors string // what to do instead of a merge key; empty: write the entries out
}

// Bounds on a file. The ones here are some ten times above what a chip's prices with
// long derivations need; they exist because the file may be hostile.
const (
	MaxFileBytes = 1 << 17 // the YAML library's time grows with the square of a block of text
	maxEntries   = 10_000  // keys and list items; the YAML library's time grows with their square
	maxFlowDepth = 16      // nested { and [
	maxColumn    = 128     // of a dash or colon outside brackets: bounds nesting by indentation
	maxText      = 2000    // bytes of one name or value, which a message may quote
)

// Place is where an entry stands in a file.
type Place struct {
	File         string
	Line, Column int
}

// Errorf is an error that points at the place: "file:line:column: text".
func (p Place) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s", p.File, p.Line, p.Column, fmt.Sprintf(format, args...))
}

// Before says whether a place stands earlier than another of the same file.
func (p Place) Before(other Place) bool {
	return p.Line < other.Line || p.Line == other.Line && p.Column < other.Column
}

// Places is where each entry stands, by its keys from the top, joined with dots;
// list items are "key[0]".
type Places map[string]Place

// Near is the place of an entry, or of the nearest entry around it that is stated,
// or top.
func (p Places) Near(path string, top Place) Place {
	for path != "" {
		if at, ok := p[path]; ok {
			return at
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return top
}

// Document is a file that was read and may be decoded.
type Document struct {
	form Form
	file string
	node ast.Node
}

// Top is the beginning of the file.
func (d *Document) Top() Place { return Place{d.file, 1, 1} }

// tokenPlace is where a token starts.
func tokenPlace(file string, t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{file, 1, 1}
	}
	return Place{file, max(1, t.Position.Line), max(1, t.Position.Column)}
}

// Read parses the text of one file. Anchors, aliases, tags and nesting beyond any
// need are refused before the tree is built, as a small file can make them cost
// unbounded memory.
func Read(form Form, file string, text []byte) (document *Document, err error) {
	start := Place{file, 1, 1}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // some editors begin files with it
	if len(text) > MaxFileBytes {
		return nil, start.Errorf("%d bytes; allowed in a %s are %d; shorten it", len(text), form.Name, MaxFileBytes)
	}
	defer func() { // a defect of the YAML library on odd bytes must not end the program
		if r := recover(); r != nil {
			document, err = nil, start.Errorf("not readable as YAML; start from a copy of a working %s", form.Name)
		}
	}()
	if err := checkLines(file, string(text)); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(text))
	if err := form.checkTokens(file, tokens); err != nil {
		return nil, err
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // the decoder refuses them, in its own words
	if err != nil {
		return nil, form.syntaxError(start, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, start.Errorf("%d YAML documents; want 1; write one, without lines of ---", countDocuments(tree))
	}
	return &Document{form, file, tree.Docs[0].Body}, nil
}

func countDocuments(tree *ast.File) int {
	n := 0
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			n++
		}
	}
	return n
}

// refused are kinds of token that files do not use, with the way out.
var refused = map[token.Type]string{
	token.AnchorType:     "an anchor; write the value out where it is used",
	token.AliasType:      "an alias; write the value out",
	token.MergeKeyType:   "a merge key; ",
	token.TagType:        "a tag; write the value without it",
	token.DirectiveType:  "a directive; leave it out",
	token.MappingKeyType: "an explicit key mark; write key: value",
}

// costly is what the YAML library's lexer takes the square of its length for: text
// in blocks, which start with | or > at the end of a line, and runs of <. Comments
// are no exception: where one starts, only the lexer knows.
var costly = regexp.MustCompile(`(?:^|[\s:,?{\[])[|>][-+0-9]*[ \t]*(?:#.*)?$|<<<`)

// checkLines refuses costly text before the lexer meets it.
func checkLines(file, text string) error {
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if at := costly.FindStringIndex(line); at != nil {
			return Place{file, i + 1, at[0] + 1}.Errorf("a block of text, or <<<; write the text behind its key, in quotes")
		}
	}
	return nil
}

// checkTokens bounds nesting before the parser recurses into it, and the number
// of entries before it compares them with each other.
func (form Form) checkTokens(file string, tokens token.Tokens) error {
	depth, entries := 0, 0
	for _, t := range tokens {
		if why, ok := refused[t.Type]; ok {
			if t.Type == token.MergeKeyType {
				why += form.instead()
			}
			return tokenPlace(file, t).Errorf("%ss do not use %s", form.Name, why)
		}
		at := tokenPlace(file, t)
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth = max(0, depth-1)
		case token.SequenceEntryType, token.MappingValueType, token.CollectEntryType:
			entries++
			if depth == 0 && at.Column > maxColumn {
				return at.Errorf("a list or mapping starts beyond column %d; indent less", maxColumn)
			}
		}
		switch {
		case depth > 0 && t.Type == token.SequenceEntryType: // no YAML, but the library nests as deep as there are dashes
			return at.Errorf("a dash inside brackets; write [a, b] or a dash a line")
		case depth > maxFlowDepth:
			return at.Errorf("brackets nested too deep; allowed are %d; write fewer", maxFlowDepth)
		case entries > maxEntries:
			return at.Errorf("more than %d entries; leave some out", maxEntries)
		case len(t.Value) > maxText && t.Type != token.CommentType:
			return at.Errorf("a name or value of %d bytes; allowed up to %d; shorten it", len(t.Value), maxText)
		}
	}
	return nil
}

// syntaxError turns the library's many-line picture into one line.
func (form Form) syntaxError(start Place, err error) error {
	var detail yaml.Error
	if !errors.As(err, &detail) {
		return start.Errorf("not readable as YAML; start from a copy of a working %s", form.Name)
	}
	return tokenPlace(start.File, detail.GetToken()).Errorf("%s; want YAML; see %s for the form", detail.GetMessage(), form.Example)
}

// instead says what to write for a merge key.
func (form Form) instead() string {
	if form.Anchors != "" {
		return form.Anchors
	}
	return "write the entries out"
}
