package hwmodel

import (
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

// Bounds on a chip file. The ones here are some ten times above what 28
// prices with long derivations need; they exist because the file may be hostile.
const (
	maxFileBytes = 1 << 17 // the YAML library's time grows with the square of a block of text
	maxEntries   = 10_000  // keys and list items; the YAML library's time grows with their square
	maxFlowDepth = 16      // nested { and [
	maxColumn    = 128     // of a dash or colon outside brackets: bounds nesting by indentation
	maxText      = 2000    // bytes of one name or value, which a message may quote
)

// place is where an entry stands in a file.
type place struct {
	file         string
	line, column int
}

func (p place) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s", p.file, p.line, p.column, fmt.Sprintf(format, args...))
}

// tokenPlace is where a token starts.
func tokenPlace(file string, t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{file, 1, 1}
	}
	return place{file, max(1, t.Position.Line), max(1, t.Position.Column)}
}

// readYAML parses the text of one chip file into its top node. Anchors,
// aliases, tags and nesting beyond any chip's need are refused before the tree
// is built, as a small file can make them cost unbounded memory.
func readYAML(file string, text []byte) (node ast.Node, err error) {
	start := place{file, 1, 1}
	if len(text) > maxFileBytes {
		return nil, start.errorf("%d bytes; a chip file has at most %d", len(text), maxFileBytes)
	}
	defer func() { // a defect of the YAML library on odd bytes must not end the program
		if r := recover(); r != nil {
			node, err = nil, start.errorf("not readable as YAML; start from a copy of a working chip file")
		}
	}()
	if err := checkLines(file, string(text)); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(text))
	if err := checkTokens(file, tokens); err != nil {
		return nil, err
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // the decoder refuses them, in its own words
	if err != nil {
		return nil, syntaxError(start, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return nil, start.errorf("%d YAML documents; want 1", countDocuments(tree))
	}
	return tree.Docs[0].Body, nil
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

// refused are kinds of token that chip files do not use, with the way out.
var refused = map[token.Type]string{
	token.AnchorType:     "an anchor; write the value out where it is used",
	token.AliasType:      "an alias; write the value out",
	token.MergeKeyType:   "a merge key; use extends to build on another chip",
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
			return place{file, i + 1, at[0] + 1}.errorf("a block of text, or <<<; write the text behind its key, in quotes")
		}
	}
	return nil
}

// checkTokens bounds nesting before the parser recurses into it, and the number
// of entries before it compares them with each other.
func checkTokens(file string, tokens token.Tokens) error {
	depth, entries := 0, 0
	for _, t := range tokens {
		if why, ok := refused[t.Type]; ok {
			return tokenPlace(file, t).errorf("chip files do not use %s", why)
		}
		at := tokenPlace(file, t)
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth = max(0, depth-1)
		case token.SequenceEntryType, token.MappingValueType, token.CollectEntryType:
			entries++
			if depth == 0 && at.column > maxColumn {
				return at.errorf("a list or mapping starts beyond column %d; indent less", maxColumn)
			}
		}
		switch {
		case depth > 0 && t.Type == token.SequenceEntryType: // no YAML, but the library nests as deep as there are dashes
			return at.errorf("a dash inside brackets; write [a, b] or a dash a line")
		case depth > maxFlowDepth:
			return at.errorf("brackets nested more than %d deep; a chip file needs 3", maxFlowDepth)
		case entries > maxEntries:
			return at.errorf("more than %d entries; a chip file needs some 500", maxEntries)
		case len(t.Value) > maxText && t.Type != token.CommentType:
			return at.errorf("a name or value of %d bytes; allowed up to %d; shorten it", len(t.Value), maxText)
		}
	}
	return nil
}

// syntaxError turns the library's many-line picture into one line.
func syntaxError(start place, err error) error {
	var detail yaml.Error
	if !errors.As(err, &detail) {
		return start.errorf("not readable as YAML; start from a copy of a working chip file")
	}
	return tokenPlace(start.file, detail.GetToken()).errorf("%s; see any embedded chip for the form", detail.GetMessage())
}
