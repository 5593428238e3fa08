package netspec

import (
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"

	"tritloom/internal/strictyaml"
)

// shapeFile is what the reader of YAML calls a file of layers.
var shapeFile = strictyaml.Form{Name: "net file", Example: "testdata/nets"}

// ParseYAML reads a shape from YAML; name is the file's, for messages. Unknown
// keys are refused with file, line and column.
func ParseYAML(name string, data []byte) (Spec, error) {
	text, err := strictyaml.Read(shapeFile, name, data)
	if err != nil {
		return Spec{}, err
	}
	var s Spec
	if _, err := text.Decode(&s); err != nil {
		return Spec{}, err
	}
	if err := s.Validate(); err != nil {
		return Spec{}, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

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
