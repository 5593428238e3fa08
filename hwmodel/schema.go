package hwmodel

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"tritloom/ledger"
)

// Schema is the JSON Schema of chip files, for editors. It is made from the Go
// types that read them, with the ranges that Validate checks. What ties entries
// to each other, such as low <= nominal <= high, only the loader checks.
func Schema() ([]byte, error) {
	root := reflector().Reflect(document{})
	root.ID = ""
	root.Title = "tritloom chip"
	root.Description = "A chip: what it can do, what its events cost and how long they take."
	root.Definitions["priceRow"] = priceSchema()
	describeCapabilities(root)
	describeModels(root)
	complete := completeSchema()
	root.AnyOf = []*jsonschema.Schema{{Required: []string{"extends"}}, complete}
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

// reflector reads the keys from the yaml tags and asks for none of them: what
// must be stated depends on whether a file extends another.
func reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{
		Anonymous: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true, FieldNameTag: "yaml",
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t == reflect.TypeFor[priceRows]() {
				return pricesSchema()
			}
			return nil
		},
	}
}

// pricesSchema has one property for each event kind.
func pricesSchema() *jsonschema.Schema {
	s := object()
	for _, info := range ledger.Kinds {
		s.Properties.Set(info.Name, &jsonschema.Schema{
			Ref: "#/$defs/priceRow", Description: info.Counts + "; one count is one " + info.Unit,
		})
	}
	return s
}

// priceSchema is one row of prices.
func priceSchema() *jsonschema.Schema {
	s := reflector().Reflect(priceRow{})
	s.Version, s.ID, s.Definitions = "", "", nil
	set := func(name string, property *jsonschema.Schema) { s.Properties.Set(name, property) }
	energy := object()
	for _, name := range []string{"nominal", "low", "high"} {
		energy.Properties.Set(name, &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: number(maxJoules / Picojoule)})
		energy.Required = append(energy.Required, name)
	}
	energy.Description = "picojoules an event: low <= nominal <= high"
	reason := &jsonschema.Schema{Type: "string", MinLength: length(1), Description: "why"}
	set("energy_pj", energy)
	set("zero", reason)
	set("unknown", reason)
	set("included_in", &jsonschema.Schema{Type: "string", Enum: choicesOf(ledger.KindNames())})
	set("covers", &jsonschema.Schema{
		Type: "array", Items: &jsonschema.Schema{Type: "string", Enum: choicesOf(ledger.KindNames())}, UniqueItems: true,
		Description: "events the value holds; each must be included_in this one",
	})
	set("drawn_with", &jsonschema.Schema{
		Type: "string", Enum: choicesOf(ledger.KindNames()),
		Description: "the event whose uncertainty this value shares: both are drawn at the same place of their intervals",
	})
	ratio := object()
	ratio.Description = "how many of these events came with one of another kind where the value was measured"
	ratio.Properties.Set("event", &jsonschema.Schema{Type: "string", Enum: choicesOf(ledger.KindNames())})
	ratio.Properties.Set("ratio", &jsonschema.Schema{Type: "number", ExclusiveMinimum: "0", Maximum: number(maxRatio)})
	ratio.Required = []string{"event", "ratio"}
	set("measured_at", ratio)
	set("scope", &jsonschema.Schema{Type: "string", Enum: choicesOf(texts(Scopes))})
	set("evidence", &jsonschema.Schema{Type: "string", Enum: choicesOf(texts(Evidences))})
	set("law", &jsonschema.Schema{Type: "string", Enum: choicesOf(texts(Laws)), Description: "how the price follows the sizes; none: it does not"})
	set("absolute", &jsonschema.Schema{Type: "string", MinLength: length(1), Description: "why the price has no law"})
	set("source", &jsonschema.Schema{Type: "string", MinLength: length(1), Description: "paper and table, or assumed: why"})
	set("voltage_v", &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "20"})
	set("node_nm", &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "10000"})
	set("latency_quanta", &jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: number(maxQuanta)})
	s.DependentRequired = map[string][]string{
		"energy_pj":      {"scope", "evidence", "source"},
		"latency_quanta": {"latency_source"},
	}
	for _, state := range states {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Required: []string{state}})
	}
	return s
}

// describeCapabilities adds ranges, choices and meanings to the capabilities.
func describeCapabilities(root *jsonschema.Schema) {
	sections := reflect.TypeFor[Capabilities]()
	for i := range sections.NumField() {
		section := sections.Field(i)
		definition := root.Definitions[section.Type.Name()]
		for _, f := range fields {
			for j := range section.Type.NumField() {
				name := key(section.Type.Field(j))
				if f.path != key(section)+"."+name {
					continue
				}
				property, _ := definition.Properties.Get(name)
				f.describe(property)
			}
		}
	}
}

// describeModels asks for all of the models but their derivations.
func describeModels(root *jsonschema.Schema) {
	for name, keys := range map[string][]string{
		"VoltageModel": {"reference_v", "static_exponent", "valid_v", "source"},
		"TickModel":    {"reference_us", "per_tick_share", "valid_us", "source"},
		"Band":         {"nominal", "low", "high"},
		"VoltageRange": {"low", "high"},
		"TickRange":    {"low", "high"},
	} {
		root.Definitions[name].Required = keys
	}
	for name, text := range map[string]string{
		"voltage_model": "how prices follow the supply voltage: marginal ones as V^2, static ones as V^static_exponent, within valid_v",
		"tick_model":    "how static prices follow the length of the tick: per_tick_share of them is paid once a tick, the rest by time, within valid_us",
	} {
		model, _ := root.Properties.Get(name)
		model.Description = text
	}
}

func (f field) describe(s *jsonschema.Schema) {
	s.Description = f.meaning
	switch s.Type {
	case "integer":
		s.Minimum, s.Maximum = number(float64(f.low)), number(float64(f.high))
	case "string":
		s.Enum = choicesOf(f.choices)
	case "array":
		s.Items.Enum = choicesOf(f.choices)
		s.MinItems, s.UniqueItems = length(1), true
	}
}

// completeSchema asks for everything, as a file that extends nothing must.
func completeSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{
		Required:   []string{"title", "capabilities", "prices"},
		Properties: jsonschema.NewProperties(),
	}
	capabilities := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	sections := reflect.TypeFor[Capabilities]()
	for i := range sections.NumField() {
		section := sections.Field(i)
		capabilities.Required = append(capabilities.Required, key(section))
		part := &jsonschema.Schema{}
		for _, f := range fields {
			if name, ok := strings.CutPrefix(f.path, key(section)+"."); ok && !f.optional {
				part.Required = append(part.Required, name)
			}
		}
		capabilities.Properties.Set(key(section), part)
	}
	s.Properties.Set("capabilities", capabilities)
	s.Properties.Set("prices", &jsonschema.Schema{Required: ledger.KindNames()})
	return s
}

func object() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema,
	}
}

func number(v float64) json.Number { return json.Number(strconv.FormatFloat(v, 'f', -1, 64)) }

func length(n uint64) *uint64 { return &n }

func choicesOf(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
