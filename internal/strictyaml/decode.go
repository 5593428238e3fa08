package strictyaml

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// Keyed is a value whose keys are not fields of a struct, such as prices keyed by
// event. Entry gives a pointer to the value of a key; its error says what is wrong
// with the key, and the way out.
type Keyed interface {
	Entry(name string) (into any, err error)
}

// Scalar is one text, number or truth value as written, for files that may hold any.
type Scalar struct {
	Text string
	At   Place
}

// Decode fills the value that into points to, and says where each entry stands.
// Entries that the file leaves out keep the value they have.
func (d *Document) Decode(into any) (Places, error) {
	decoder := &decoder{file: d.file, places: Places{}}
	err := decoder.value("", d.Top(), d.node, reflect.ValueOf(into).Elem())
	return decoder.places, err
}

// decoder fills a struct from the tree of a file and remembers where each entry
// stands. Entries that the file leaves out keep the value they have, which
// is how an extending file overrides another field by field. The decoder of the
// YAML library is not used because it loses the places of entries, and with them
// the line and column of every error found after reading.
type decoder struct {
	file   string
	places Places
}

// value decodes node into the value that path names. at is where to point an
// error: the key, or the item of a list.
func (d *decoder) value(path string, at Place, node ast.Node, into reflect.Value) error {
	if path != "" {
		d.places[path] = at
	}
	switch special := into.Addr().Interface().(type) {
	case Keyed:
		return d.keyed(path, at, node, special)
	case *Scalar:
		return d.anything(path, at, node, special)
	}
	switch into.Kind() {
	case reflect.Struct:
		return d.fields(path, at, node, into)
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return d.value(path, at, node, into.Elem())
	case reflect.Slice, reflect.Array:
		return d.list(path, at, node, into)
	}
	return d.scalar(path, at, node, into)
}

// entries calls f for each entry of a mapping, in file order, and refuses an
// entry that appears twice.
func (d *decoder) entries(path string, at Place, node ast.Node, f func(name, path string, at Place, value ast.Node) error) error {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		return d.wrong(path, at, node, "entries; write each as key: value")
	}
	seen := map[string]bool{}
	for entry := mapping.MapRange(); entry.Next(); {
		name, here := keyName(entry.Key()), tokenPlace(d.file, entry.Key().GetToken())
		if seen[name] {
			return here.Errorf("%q stands twice; want each key once; keep one", Clip(name))
		}
		seen[name] = true
		if err := f(name, join(path, name), here, entry.Value()); err != nil {
			return err
		}
	}
	return nil
}

func keyName(k ast.MapKeyNode) string {
	if s, ok := k.(*ast.StringNode); ok {
		return s.Value
	}
	return k.GetToken().Value
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (d *decoder) fields(path string, at Place, node ast.Node, into reflect.Value) error {
	byName, names := map[string]reflect.Value{}, []string{}
	for i := range into.NumField() {
		name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" {
			continue // not of the file
		}
		byName[name] = into.Field(i)
		names = append(names, name)
	}
	return d.entries(path, at, node, func(name, path string, at Place, value ast.Node) error {
		field, ok := byName[name]
		if !ok {
			return at.Errorf("unknown field %q; known here are %s; %s", Clip(name), strings.Join(names, ", "), wayOut(name, names))
		}
		return d.value(path, at, value, field)
	})
}

// wayOut suggests the known name that an unknown one resembles, if any does.
func wayOut(name string, known []string) string {
	best := Nearest(name, known)[0]
	if editDistance(Clip(name), best) > (len(best)+1)/2 {
		return "leave it out"
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// keyed decodes entries whose keys the value itself knows.
func (d *decoder) keyed(path string, at Place, node ast.Node, into Keyed) error {
	return d.entries(path, at, node, func(name, path string, at Place, value ast.Node) error {
		entry, err := into.Entry(name)
		if err != nil {
			return at.Errorf("%s", err)
		}
		return d.value(path, at, value, reflect.ValueOf(entry).Elem())
	})
}

// anything takes one text, number or truth value as it is written.
func (d *decoder) anything(path string, at Place, node ast.Node, into *Scalar) error {
	switch node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		into.Text, into.At = node.GetToken().Value, at
		return nil
	}
	return d.wrong(path, at, node, "one text or number; write it without brackets")
}

func (d *decoder) list(path string, at Place, node ast.Node, into reflect.Value) error {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		return d.wrong(path, at, node, "a list; write [a, b], or a dash a line")
	}
	items := into
	if into.Kind() == reflect.Slice {
		items = reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values))
	} else if len(sequence.Values) != into.Len() {
		return at.Errorf("%s holds %d items; want %d; write as many", path, len(sequence.Values), into.Len())
	}
	for i, item := range sequence.Values {
		if err := d.value(fmt.Sprintf("%s[%d]", path, i), tokenPlace(d.file, item.GetToken()), item, items.Index(i)); err != nil {
			return err
		}
	}
	into.Set(items)
	return nil
}

func (d *decoder) scalar(path string, at Place, node ast.Node, into reflect.Value) error {
	switch into.Kind() {
	case reflect.String:
		return d.text(path, at, node, into)
	case reflect.Bool:
		b, ok := node.(*ast.BoolNode)
		if !ok {
			return d.wrong(path, at, node, "true or false; write one of the two")
		}
		into.SetBool(b.Value)
	case reflect.Float64:
		return d.number(path, at, node, into)
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint64:
		return d.integer(path, at, node, into)
	default:
		panic("strictyaml: no YAML form for " + into.Type().String())
	}
	return nil
}

// text takes one line of text: a text of many lines in the file is joined, as
// it may be printed in tables.
func (d *decoder) text(path string, at Place, node ast.Node, into reflect.Value) error {
	var s string
	switch n := node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	default:
		return d.wrong(path, at, node, "text; put it in quotes")
	}
	if strings.ContainsAny(s, "\n\t") {
		s = strings.Join(strings.Fields(s), " ")
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		return at.Errorf("%s holds a letter that does not print, %q; want letters that do; leave it out", path, Clip(s[i:]))
	}
	into.SetString(s)
	return nil
}

func (d *decoder) number(path string, at Place, node ast.Node, into reflect.Value) error {
	switch n := node.(type) {
	case *ast.FloatNode:
		if !math.IsInf(n.Value, 0) && !math.IsNaN(n.Value) {
			into.SetFloat(n.Value)
			return nil
		}
	case *ast.IntegerNode:
		if token := n.GetToken().Value; !decimal.MatchString(token) {
			return at.Errorf("%s = %s; want a decimal number without zeros before it; write %v", path, Clip(token), n.Value)
		}
		switch v := n.Value.(type) {
		case int64:
			into.SetFloat(float64(v))
			return nil
		case uint64:
			into.SetFloat(float64(v))
			return nil
		}
	}
	return d.wrong(path, at, node, "a finite number; write one, such as 0.5")
}

func (d *decoder) integer(path string, at Place, node ast.Node, into reflect.Value) error {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		return d.wrong(path, at, node, "a whole number; write one, such as 12")
	}
	if token := n.GetToken().Value; !decimal.MatchString(token) { // 0100 is 64 in YAML, and nobody means it
		return at.Errorf("%s = %s; want a decimal number without zeros before it; write %v", path, Clip(token), n.Value)
	}
	var signed int64
	var whole uint64
	switch v := n.Value.(type) {
	case int64:
		signed, whole = v, uint64(max(0, v))
	case uint64:
		signed, whole = int64(min(v, math.MaxInt64)), v
	}
	switch {
	case into.CanUint() && signed < 0:
		return at.Errorf("%s = %d; want 0 or more; write 0 if there is none", path, signed)
	case into.CanUint():
		into.SetUint(whole)
	case whole > math.MaxInt64:
		return at.Errorf("%s = %d; want at most %d; write a smaller one", path, whole, math.MaxInt64)
	case into.OverflowInt(signed):
		return at.Errorf("%s = %d; want what fits %d bits; write a smaller one", path, signed, into.Type().Bits())
	default:
		into.SetInt(signed)
	}
	return nil
}

// decimal is a whole number as people write it.
var decimal = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)

// wrong says what was found instead of what was wanted.
func (d *decoder) wrong(path string, at Place, node ast.Node, want string) error {
	found := "nothing"
	if t := node.GetToken(); t != nil && node.Type() != ast.NullType {
		found = fmt.Sprintf("%q", Clip(strings.TrimSpace(t.Value)))
	}
	switch node.(type) {
	case ast.MapNode:
		found = "entries"
	case *ast.SequenceNode:
		found = "a list"
	}
	if path == "" {
		path = "the file"
	}
	return at.Errorf("%s holds %s; want %s", path, found, want)
}
