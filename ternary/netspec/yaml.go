package netspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
	"github.com/invopop/jsonschema"
)

// Bounds of a file, so that no file can make the parser work for long.
const (
	maxYAML     = 1 << 16 // bytes; the YAML library's time grows with the square of a block of text
	maxBrackets = 16      // flow lists and mappings within each other
	maxColumn   = 256     // where a block entry may start: nesting by indentation
	maxEntries  = 10_000  // keys and list items; the YAML library's time grows with their square
	maxText     = 1000    // bytes of one name or value, which a message may quote
)

// ParseYAML reads a shape from YAML; name is the file's, for messages. Unknown
// keys are refused with file, line and column.
func ParseYAML(name string, data []byte) (s Spec, err error) {
	if len(data) > maxYAML {
		return Spec{}, fmt.Errorf("%s: %d bytes; a network's shape takes at most %d; describe it with fewer layers", name, len(data), maxYAML)
	}
	defer func() { // a defect of the YAML library on odd bytes must not end the program
		if recover() != nil {
			s, err = Spec{}, fmt.Errorf("%s: not readable as YAML; start with a line such as: layers: [{shape: [100]}]", name)
		}
	}()
	if err := checkTokens(name, string(data)); err != nil {
		return Spec{}, err
	}
	if err := yaml.UnmarshalWithOptions(data, &s, yaml.Strict()); err != nil {
		return Spec{}, yamlError(name, err)
	}
	if err := s.Validate(); err != nil {
		return Spec{}, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// refused are the parts of YAML that a shape has no use for and that let a
// small file cost much.
var refused = map[token.Type]string{
	token.AnchorType:     "an anchor",
	token.AliasType:      "an alias",
	token.MergeKeyType:   "a merge key",
	token.TagType:        "a tag",
	token.DirectiveType:  "a directive",
	token.MappingKeyType: "an explicit key mark",
}

// checkTokens refuses those parts and deep nesting before the parser recurses.
func checkTokens(name, text string) error {
	if err := checkLines(name, text); err != nil {
		return err
	}
	depth, entries := 0, 0
	for _, t := range lexer.Tokenize(text) {
		if what, ok := refused[t.Type]; ok {
			return fmt.Errorf("%s:%d:%d: %s; write keys and values out where they are used", name, t.Position.Line, t.Position.Column, what)
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth = max(0, depth-1)
		case token.SequenceEntryType, token.MappingValueType, token.CollectEntryType:
			entries++
		}
		switch {
		case depth > 0 && t.Type == token.SequenceEntryType: // no YAML, but the library nests as deep as there are dashes
			return fmt.Errorf("%s:%d:%d: a dash inside brackets; write [a, b] or a dash a line", name, t.Position.Line, t.Position.Column)
		case entries > maxEntries:
			return fmt.Errorf("%s:%d:%d: more than %d entries; describe the network with fewer layers", name, t.Position.Line, t.Position.Column, maxEntries)
		case len(t.Value) > maxText && t.Type != token.CommentType:
			return fmt.Errorf("%s:%d:%d: a name or value of %d bytes; at most %d; shorten it", name, t.Position.Line, t.Position.Column, len(t.Value), maxText)
		}
		if depth > maxBrackets || t.Position.Column > maxColumn && depth == 0 && (t.Type == token.SequenceEntryType || t.Type == token.MappingValueType) {
			return fmt.Errorf("%s:%d:%d: nested too deep; a network's shape needs five levels", name, t.Position.Line, t.Position.Column)
		}
	}
	return nil
}

// costly is what the YAML library's lexer takes the square of its length for: text
// in blocks, which start with | or > at the end of a line, and runs of <. Comments
// are no exception: where one starts, only the lexer knows.
var costly = regexp.MustCompile(`(?:^|[\s:,?{\[])[|>][-+0-9]*[ \t]*(?:#.*)?$|<<<`)

// checkLines refuses costly text before the lexer meets it.
func checkLines(name, text string) error {
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		if at := costly.FindStringIndex(line); at != nil {
			return fmt.Errorf("%s:%d:%d: a block of text, or <<<; write the text behind its key, in quotes", name, i+1, at[0]+1)
		}
	}
	return nil
}

// yamlError makes one line of the parser's picture: name:line:column: what.
func yamlError(name string, err error) error {
	var positioned yaml.Error
	if errors.As(err, &positioned) && positioned.GetToken() != nil {
		at := positioned.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s; known are %s", name, at.Line, at.Column, oneLine(positioned.GetMessage()), knownKeys)
	}
	return fmt.Errorf("%s: %s", name, oneLine(err.Error()))
}

// knownKeys are the keys of a file, level by level.
var knownKeys = fmt.Sprintf("%s; in a layer %s; in a pattern %s; in readout %s",
	keysOf[Spec](), keysOf[Layer](), keysOf[Pattern](), keysOf[Readout]())

// keysOf lists the YAML keys of a struct.
func keysOf[T any]() string {
	var keys []string
	for field := range reflect.TypeFor[T]().Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		keys = append(keys, key)
	}
	return strings.Join(keys, ", ")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// YAML writes the shape; ParseYAML reads it back equal.
func (s Spec) YAML() []byte {
	data, err := yaml.Marshal(s)
	if err != nil {
		panic("netspec: " + err.Error()) // texts and integers always encode
	}
	return data
}

// Schema is the JSON Schema of the YAML form, for editors; the copy beside
// this file is the published one.
func Schema() []byte {
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true}
	data, err := json.MarshalIndent(r.Reflect(&Spec{}), "", "  ")
	if err != nil {
		panic("netspec: " + err.Error()) // a fixed value
	}
	return append(data, '\n')
}
