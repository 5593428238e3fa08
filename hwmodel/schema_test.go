package hwmodel

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "chip.schema.json"

// TestSchemaUpToDate compares the schema beside the code with the one the types
// give now; -update rewrites it.
func TestSchemaUpToDate(t *testing.T) {
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if flag.Lookup("update").Value.String() == "true" { // the flag of internal/textcase
		if err := os.WriteFile(schemaFile, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is out of date; run go test ./hwmodel -update:\n%s", schemaFile, diff)
	}
}

// conforms validates YAML text against the schema on disk, by a library that
// shares no code with the loader.
func conforms(t *testing.T, text string) error {
	t.Helper()
	file, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(schemaFile, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestSchemaAcceptsChips(t *testing.T) {
	texts := map[string]string{"extending": "extends: unit\ncapabilities: {core: {axons: 8}}\nprices: {hop_x: {unknown: not published}}\n"}
	for _, name := range Names() {
		texts[name] = chipText(t, name)
	}
	for name, text := range texts {
		mustParse(t, name, text) // what the loader accepts, the schema must accept
		if err := conforms(t, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"axons 0":              edited(t, "axons: 256", "axons: 0"),
		"axons as text":        edited(t, "axons: 256", "axons: many"),
		"misspelt key":         edited(t, "axon_types: 1", "axon_type: 1"),
		"key left out":         edited(t, "    axon_types: 1\n", ""),
		"unknown word":         edited(t, "axon_merge: or", "axon_merge: xor"),
		"unknown reset":        edited(t, "[clear, zero, subtract]", "[none]"),
		"reset twice":          edited(t, "[clear, zero, subtract]", "[zero, zero]"),
		"event left out":       edited(t, row("hop_x"), "\n"),
		"unknown event":        edited(t, "\n  hop_x:", "\n  hop_z:"),
		"price without source": edited(t, row("hop_x"), strings.Replace(row("hop_x"), "source: definition, ", "", 1)),
		"price without scope":  edited(t, row("hop_x"), strings.Replace(row("hop_x"), "scope: marginal, ", "", 1)),
		"price without low":    edited(t, row("hop_x"), strings.Replace(row("hop_x"), "low: 1, ", "", 1)),
		"negative price":       edited(t, row("hop_x"), strings.Replace(row("hop_x"), "low: 1", "low: -1", 1)),
		"two states":           edited(t, row("hop_x"), "\n  hop_x: {zero: a, unknown: b}\n"),
		"no state":             edited(t, row("hop_x"), "\n  hop_x: {}\n"),
		"unknown includer":     edited(t, row("hop_x"), "\n  hop_x: {included_in: hop}\n"),
		"extends a number":     "extends: 7\n",
		"a list":               "[unit]\n",
	} {
		if conforms(t, text) == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
		if _, err := Parse("c.yaml", []byte(text), resolveChip); err == nil {
			t.Errorf("%s: the loader accepts it", name)
		}
	}
}

// TestFieldsComplete holds the table of fields to the struct: a capability
// without a row would be neither checked nor described.
func TestFieldsComplete(t *testing.T) {
	var c Capabilities
	values := leafValues(&c)
	for _, f := range fields {
		if _, ok := values[f.path]; !ok {
			t.Errorf("fields names %s, which no capability has", f.path)
		}
		if f.meaning == "" {
			t.Errorf("%s has no meaning", f.path)
		}
		delete(values, f.path)
	}
	for path := range values {
		t.Errorf("fields lacks %s", path)
	}
}
