package sweep

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/strictyaml"
)

// Axis is one dimension of a sweep. In the grid each value meets each of the others;
// in the Latin hypercube value i belongs to point i.
type Axis struct {
	Name   string
	Values []string // numbers in their shortest form
	set    setter
	at     []strictyaml.Place // of each value, in the grid; of the axis else
}

// setter puts one value of an axis into a point's setting. The error is about the
// value alone.
type setter struct {
	kind numberKind
	set  func(s *setting, value string) error
}

// numberKind is how values of an axis lie between two others.
type numberKind int

const (
	notNumber numberKind = iota
	wholeNumber
	realNumber
)

// shortest is a value as tables show it: a number in its shortest form, so that equal
// numbers are equal texts; all else as it was written.
func (k numberKind) shortest(text string) string {
	switch k {
	case wholeNumber:
		if n, err := trial.Unsigned(text); err == nil { // beyond 2^53 too
			return strconv.FormatUint(n, 10)
		}
		if n, err := trial.Whole(text); err == nil {
			return strconv.FormatInt(n, 10)
		}
	case realNumber:
		if v, err := trial.Real(text); err == nil {
			return trial.Decimal(v)
		}
	}
	return text
}

// axes holds the grid in the order of the file.
type axes struct{ list []*axisRow }

type axisRow struct {
	name   string
	values []strictyaml.Scalar
}

// Entry is the list of an axis's values, by its name in the file.
func (a *axes) Entry(name string) (any, error) {
	if _, err := setterOf(name); err != nil {
		return nil, err
	}
	row := &axisRow{name: name}
	a.list = append(a.list, row)
	return &row.values, nil
}

// named are the axes that are not keys of a chip.
var named = []struct {
	name string
	setter
}{
	{"chip", text(func(s *setting) *string { return &s.chip })},
	{"net", setter{notNumber, func(s *setting, v string) error { s.net, s.recipe.Hidden = v, ""; return nil }}},
	{"hidden", setter{notNumber, func(s *setting, v string) error { s.recipe.Hidden, s.net = v, ""; return nil }}},
	{"encode", text(func(s *setting) *string { return &s.recipe.Encode })},
	{"steps", whole(func(s *setting) *int { return &s.recipe.Steps })},
	{"sweeps", whole(func(s *setting) *int { return &s.recipe.Sweeps })},
	{"seed", unsigned(func(s *setting) *uint64 { return &s.recipe.Seed })},
	{"compile_seed", unsigned(func(s *setting) *uint64 { return &s.compileSeed })},
	{"voltage_v", within(func(s *setting) *float64 { return &s.conditions.VoltageV }, trial.CheckVoltage)},
	{"tick_us", within(func(s *setting) *float64 { return &s.conditions.TickUS }, trial.CheckTick)},
	{"scenario", word("scenario", func(s *setting) *string { return &s.scenario })},
	{"scope", word("scope", func(s *setting) *string { return &s.scope })},
	{"boundary", word("boundary", func(s *setting) *string { return &s.boundary })},
	{"data", text(func(s *setting) *string { return &s.data })},
}

func text(of func(*setting) *string) setter {
	return setter{notNumber, func(s *setting, v string) error { *of(s) = v; return nil }}
}

func word(key string, of func(*setting) *string) setter {
	return setter{notNumber, func(s *setting, v string) error {
		*of(s) = v
		return trial.CheckWord(key, v)
	}}
}

func whole(of func(*setting) *int) setter {
	return setter{wholeNumber, func(s *setting, v string) error {
		n, err := trial.Whole(v)
		if err != nil || n < 1 || n > math.MaxInt32 {
			return fmt.Errorf("%q; want a whole number from 1", strictyaml.Clip(v))
		}
		*of(s) = int(n)
		return nil
	}}
}

func unsigned(of func(*setting) *uint64) setter {
	return setter{wholeNumber, func(s *setting, v string) (err error) {
		*of(s), err = trial.Unsigned(v)
		return err
	}}
}

// within takes a number that a check allows.
func within(of func(*setting) *float64, check func(float64) error) setter {
	return setter{realNumber, func(s *setting, v string) error {
		n, err := trial.Real(v)
		if err != nil {
			return err
		}
		*of(s) = n
		return check(n)
	}}
}

// setterOf finds an axis by its name; the error says what is wrong with the name.
func setterOf(name string) (setter, error) {
	for _, n := range named {
		if n.name == name {
			return n.setter, nil
		}
	}
	if key, ok := strings.CutPrefix(name, "prices."); ok {
		return priceSetter(name, key)
	}
	key := strings.TrimPrefix(name, "capabilities.")
	sizes := capabilityTypes()
	if at := slices.IndexFunc(sizes, func(c capability) bool { return c.path == key }); at >= 0 {
		return sizes[at].setter()
	}
	return setter{}, unknownAxis(name)
}

func unknownAxis(name string) error {
	var known []string
	for _, n := range named {
		known = append(known, n.name)
	}
	own := strings.Join(known, ", ")
	for _, c := range capabilityTypes() {
		known = append(known, c.path)
	}
	return fmt.Errorf("unknown axis %q; did you mean %s? known are %s, the capabilities of a chip such as core.axons, and prices.EVENT.energy_pj.nominal, .low, .high, prices.EVENT.scale and .latency_quanta",
		strictyaml.Clip(name), strictyaml.OneOf(strictyaml.Nearest(name, known)), own)
}

// capability is a key of a chip's capabilities and the type of its value.
type capability struct {
	path string
	kind reflect.Kind
}

// capabilityTypes lists the keys by the names of a chip file.
func capabilityTypes() []capability {
	var list []capability
	var walk func(path string, t reflect.Type)
	walk = func(path string, t reflect.Type) {
		if t.Kind() != reflect.Struct {
			list = append(list, capability{strings.TrimPrefix(path, "."), t.Kind()})
			return
		}
		for i := range t.NumField() {
			walk(path+"."+t.Field(i).Tag.Get("yaml"), t.Field(i).Type)
		}
	}
	walk("", reflect.TypeFor[hwmodel.Capabilities]())
	return list
}

func (c capability) setter() (setter, error) {
	add := func(kind numberKind, check func(v string) error) (setter, error) {
		return setter{kind, func(s *setting, v string) error {
			if err := check(v); err != nil {
				return err
			}
			s.sizes = append(s.sizes, keyValue{c.path, v})
			return nil
		}}, nil
	}
	switch c.kind {
	case reflect.Slice:
		return setter{}, fmt.Errorf("axis %s: the key holds a list; write a chip file for each, and sweep chip: [a.yaml, b.yaml]", c.path)
	case reflect.String:
		return add(notNumber, func(string) error { return nil })
	case reflect.Bool:
		return add(notNumber, func(v string) error {
			if v != "true" && v != "false" {
				return fmt.Errorf("%q; want true or false", strictyaml.Clip(v))
			}
			return nil
		})
	}
	return add(wholeNumber, func(v string) error { _, err := trial.Whole(v); return err })
}

// priceKeys are what of a price may be swept. A scale multiplies nominal, low and high.
var priceKeys = []string{"energy_pj.nominal", "energy_pj.low", "energy_pj.high", "scale", "latency_quanta"}

func priceSetter(name, key string) (setter, error) {
	event, what, _ := strings.Cut(key, ".")
	k, err := hwmodel.EventByName(event)
	switch {
	case err != nil:
		return setter{}, fmt.Errorf("axis %q: %w", strictyaml.Clip(name), err)
	case !slices.Contains(priceKeys, what):
		return setter{}, fmt.Errorf("axis %q: want prices.%s. and one of %s", strictyaml.Clip(name), event, strings.Join(priceKeys, ", "))
	}
	kind := realNumber
	if what == "latency_quanta" {
		kind = wholeNumber
	}
	return setter{kind, func(s *setting, v string) error {
		n, err := trial.Real(v)
		if kind == wholeNumber && err == nil {
			_, err = trial.Unsigned(v)
		}
		if err != nil || !(n >= 0) || n > 1e15 {
			return fmt.Errorf("%q; want a number from 0", strictyaml.Clip(v))
		}
		s.prices = append(s.prices, priceValue{k, what, n})
		return nil
	}}, nil
}
