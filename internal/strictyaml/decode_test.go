package strictyaml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var recipe = Form{Name: "recipe file", Example: "any shipped recipe"}

// shelf is keyed by names that only it knows.
type shelf [2]int

func (s *shelf) Entry(name string) (any, error) {
	for i, known := range []string{"left", "right"} {
		if name == known {
			return &s[i], nil
		}
	}
	return nil, fmt.Errorf("unknown side %q; want left or right", Clip(name))
}

type document struct {
	Name    string    `yaml:"name"`
	Sizes   []int     `yaml:"sizes"`
	Shelf   shelf     `yaml:"shelf"`
	Limit   *float64  `yaml:"limit"`
	Values  []Scalar  `yaml:"values"`
	Exact   bool      `yaml:"exact"`
	Count   uint64    `yaml:"count"`
	Nested  []section `yaml:"nested"`
	Default int       `yaml:"default"`
	Pair    [2]int32  `yaml:"pair,omitempty"`

	Own int // not of the file
}

type section struct {
	Of string `yaml:"of"`
}

func decode(text string) (document, Places, error) {
	d := document{Default: 7}
	read, err := Read(recipe, "r.yaml", []byte(text))
	if err != nil {
		return d, nil, err
	}
	places, err := read.Decode(&d)
	return d, places, err
}

func TestDecode(t *testing.T) {
	d, places, err := decode(`name: one
sizes: [3, 4]
shelf: {right: 5}
limit: 2.5
values: [0.05, name, true, 12]
exact: true
count: 18446744073709551615
pair: [-1, 2]
nested:
  - of: a
  - {of: b}
`)
	if err != nil {
		t.Fatal(err)
	}
	limit := 2.5
	want := document{
		Name: "one", Sizes: []int{3, 4}, Shelf: shelf{0, 5}, Limit: &limit, Exact: true, Count: 1<<64 - 1,
		Values: []Scalar{
			{"0.05", Place{"r.yaml", 5, 10}}, {"name", Place{"r.yaml", 5, 16}}, {"true", Place{"r.yaml", 5, 22}}, {"12", Place{"r.yaml", 5, 28}},
		},
		Nested: []section{{"a"}, {"b"}}, Default: 7, Pair: [2]int32{-1, 2}, // the file does not speak of it
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	for path, at := range map[string]Place{
		"name": {"r.yaml", 1, 1}, "sizes[1]": {"r.yaml", 2, 12}, "shelf.right": {"r.yaml", 3, 9}, "nested[1].of": {"r.yaml", 11, 6},
	} {
		if places[path] != at {
			t.Errorf("%s stands at %v; want %v", path, places[path], at)
		}
	}
}

// An entry that the file leaves out is pointed at by what is stated around it.
func TestNear(t *testing.T) {
	places := Places{"a": {"f", 1, 1}, "a.b": {"f", 2, 3}, "a.list[0]": {"f", 5, 5}}
	top := Place{"f", 9, 9}
	for path, line := range map[string]int{"a.b": 2, "a.b.c": 2, "a.x": 1, "a.list[0].of": 5, "a.list[1]": 1, "z": 9, "": 9} {
		if at := places.Near(path, top); at.Line != line {
			t.Errorf("near %q is line %d; want %d", path, at.Line, line)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"nam: x", `r.yaml:1:1: unknown field "nam"; known here are name, sizes, shelf, limit, values, exact, count, nested, default, pair; did you mean "name"?`},
		{"name: a\nname: b", `r.yaml:2:1: "name" stands twice; want each key once; keep one`},
		{"sizes: 3", `r.yaml:1:1: sizes holds "3"; want a list; write [a, b], or a dash a line`},
		{"sizes: [3, x]", `r.yaml:1:12: sizes[1] holds "x"; want a whole number; write one, such as 12`},
		{"shelf: {up: 1}", `r.yaml:1:9: unknown side "up"; want left or right`},
		{"limit: .inf", `r.yaml:1:1: limit holds ".inf"; want a finite number; write one, such as 0.5`},
		{"values: [[1]]", `r.yaml:1:10: values[0] holds a list; want one text or number; write it without brackets`},
		{"count: -1", `r.yaml:1:1: count = -1; want 0 or more; write 0 if there is none`},
		{"default: 9223372036854775808", `r.yaml:1:1: default = 9223372036854775808; want at most 9223372036854775807; write a smaller one`},
		{"pair: [1]", `r.yaml:1:1: pair holds 1 items; want 2; write as many`},
		{"pair: [1, 2147483648]", `r.yaml:1:11: pair[1] = 2147483648; want what fits 32 bits; write a smaller one`},
		{"sizes: [0100]", `r.yaml:1:9: sizes[0] = 0100; want a decimal number without zeros before it; write 64`},
		{"limit: 0x10", `r.yaml:1:1: limit = 0x10; want a decimal number without zeros before it; write 16`},
		{`"": 1`, `r.yaml:1:1: unknown field ""; known here are name, sizes, shelf, limit, values, exact, count, nested, default, pair; leave it out`},
		{"exact: maybe", `r.yaml:1:1: exact holds "maybe"; want true or false; write one of the two`},
		{"nested: [{of: 1}]", `r.yaml:1:11: nested[0].of holds "1"; want text; put it in quotes`},
		{"- 1", `r.yaml:1:1: the file holds a list; want entries; write each as key: value`},
		{"name: &x a", `r.yaml:1:7: recipe files do not use an anchor; write the value out where it is used`},
		{"<<: {name: a}", `r.yaml:1:1: recipe files do not use a merge key; write the entries out`},
		{"", `r.yaml:1:1: 0 YAML documents; want 1; write one, without lines of ---`},
		{"name: [", `r.yaml:1:7: sequence end token ']' not found; want YAML; see any shipped recipe for the form`},
		{strings.Repeat("#", MaxFileBytes+1), `r.yaml:1:1: 131073 bytes; allowed in a recipe file are 131072; shorten it`},
	} {
		_, _, err := decode(c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%.40q:\n  %v\nwant\n  %s", c.text, err, c.want)
		}
	}
}
