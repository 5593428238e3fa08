package validation

import (
	"fmt"
	"slices"
	"strings"

	"tritloom/internal/strictyaml"
)

// Units a published figure may have. The value is what one of it is in watts, joules,
// or in itself.
var units = map[string]float64{
	"W": 1, "mW": 1e-3, "µW": 1e-6,
	"J": 1, "mJ": 1e-3, "µJ": 1e-6, "nJ": 1e-9, "pJ": 1e-12, "fJ": 1e-15,
	"GSOPS/W":  1e9, // synaptic operations a second and watt
	"ops/tick": 1, "hops": 1, "Hz": 1, "ratio": 1, "%": 1e-2, "R2": 1, "events": 1,
}

// check holds the rules of every row, then those of its model.
func (r *Row) check() error {
	for _, key := range []string{"id", "title", "role", "chip", "model", "published.unit", "source", "tolerance.rule"} {
		if !r.states(key) {
			return r.at(key).Errorf("the row lacks %s; state it", key)
		}
	}
	for _, f := range []struct{ key, text string }{{"id", r.ID}, {"title", r.Title}, {"source", r.Source}, {"tolerance.rule", r.Tolerance.Rule}} {
		if strings.TrimSpace(f.text) == "" {
			return r.at(f.key).Errorf("%s is empty; write a sentence", f.key)
		}
	}
	if strings.ContainsFunc(r.ID, func(c rune) bool { return c != '-' && c != '.' && !isAlnum(c) }) {
		return r.at("id").Errorf("id %q; want letters, digits, dots and dashes, so that it can be named on a command line", strictyaml.Clip(r.ID))
	}
	if !slices.Contains(Roles, r.Role) {
		return r.oneOf("role", string(r.Role), texts(Roles))
	}
	if r.states("coverage") && strings.TrimSpace(r.Coverage) == "" {
		return r.at("coverage").Errorf("coverage is empty; say why the row is left out of it, or leave the key out")
	}
	if _, ok := units[r.Published.Unit]; !ok {
		return r.oneOf("published.unit", r.Published.Unit, unitNames())
	}
	if err := r.checkExpect(); err != nil {
		return err
	}
	if err := r.checkNumbers(); err != nil {
		return err
	}
	return r.checkModel()
}

func isAlnum(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func texts[T ~string](list []T) []string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return words
}

func unitNames() []string {
	var names []string
	for name := range units {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (r *Row) oneOf(key, value string, choices []string) error {
	return r.at(key).Errorf("%s is %q; want one of %s", key, strictyaml.Clip(value), strings.Join(choices, ", "))
}

// checkExpect fills in what a row expects and refuses what its role cannot.
func (r *Row) checkExpect() error {
	if r.Expect == "" {
		switch r.Role {
		case Gap:
			return r.at("expect").Errorf("a gap must say how the model is off; state expect: one of %s", strings.Join(expectations, ", "))
		case Control:
			r.Expect = Outside
		default:
			r.Expect = Within
		}
	}
	switch {
	case !slices.Contains(expectations, r.Expect):
		return r.oneOf("expect", r.Expect, expectations)
	case r.Role == Control && r.Expect != Outside:
		return r.at("expect").Errorf("expect is %s; a negative control must be outside; leave it out", r.Expect)
	case r.Role != Gap && r.Role != Control && r.Expect != Within && r.Expect != Enclosed:
		return r.at("expect").Errorf("expect is %s in a row of role %s; want within or enclosed, or give the role gap", r.Expect, r.Role)
	}
	return nil
}

// number is an entry that must lie in a range.
type number struct {
	key         string
	value       float64
	least, most float64
}

func (r *Row) checkNumbers() error {
	p, t := &r.Published, &r.Tolerance
	numbers := []number{
		{"published.low", p.Low, 0, 1e15}, {"published.high", p.High, 0, 1e15}, {"published.value", p.Value, 0, 1e15},
		{"conditions.voltage_v", r.Conditions.VoltageV, 0.05, 20}, {"conditions.tick_us", r.Conditions.TickUS, 1e-3, 1e6},
		{"tolerance.relative", t.Relative, 1e-9, 1}, {"tolerance.absolute", t.Absolute, 1e-15, 1e15}, {"tolerance.sigmas", t.Sigmas, 1, 10},
	}
	if err := r.within(numbers); err != nil {
		return err
	}
	stated := 0
	for _, key := range []string{"relative", "absolute", "sigmas"} {
		if r.states("tolerance." + key) {
			stated++
		}
	}
	switch {
	case stated != 1:
		return r.at("tolerance").Errorf("tolerance states %d of relative, absolute and sigmas; want one", stated)
	case r.states("tolerance.sigmas") && r.Model.Simulation == nil:
		return r.at("tolerance.sigmas").Errorf("sigmas are those of a simulation; want relative or absolute here")
	case r.states("published.low") && p.Low > p.Value:
		return r.at("published.low").Errorf("published.low = %g above the value %g; want low <= value <= high", p.Low, p.Value)
	case r.states("published.high") && p.High < p.Value:
		return r.at("published.high").Errorf("published.high = %g below the value %g; want low <= value <= high", p.High, p.Value)
	}
	return nil
}

// within refuses the first number that is stated and out of its range.
func (r *Row) within(numbers []number) error {
	for _, n := range numbers {
		if r.states(n.key) && !(n.value >= n.least && n.value <= n.most) {
			return r.at(n.key).Errorf("%s = %g; want %g..%g", n.key, n.value, n.least, n.most)
		}
	}
	return nil
}

func (r *Row) checkModel() error {
	var stated []string
	for _, k := range r.Model.kinds() {
		if k.model != nil {
			stated = append(stated, k.name)
		}
	}
	if len(stated) != 1 {
		found := "none"
		if len(stated) > 1 {
			found = strings.Join(stated, " and ")
		}
		var names []string
		for _, k := range r.Model.kinds() {
			names = append(names, k.name)
		}
		return r.at("model").Errorf("model states %s; want one of %s", found, strings.Join(names, ", "))
	}
	k, _ := r.Model.of()
	if err := k.model.check(r); err != nil {
		return err
	}
	if r.Refit && (r.Model.power() == nil || r.Published.Unit != "mW" || !r.states("conditions.voltage_v")) {
		return r.at("refit").Errorf("refit needs a power in mW at a stated voltage_v; leave refit out")
	}
	if own := k.model.ownFigures(); own == r.states("published.value") {
		if own {
			return r.at("published.value").Errorf("published.value stands beside the published figures of model.%s; keep one", k.name)
		}
		return r.at("published").Errorf("published lacks value; state it")
	}
	return nil
}

// want refuses entries of a model that a row leaves out.
func (r *Row) want(model string, keys ...string) error {
	for _, key := range keys {
		if !r.states("model." + model + "." + key) {
			return r.at("model."+model).Errorf("model.%s lacks %s; state it", model, key)
		}
	}
	return nil
}

// unit refuses a published unit that a model has no figure in.
func (r *Row) unit(choices ...string) error {
	if !slices.Contains(choices, r.Published.Unit) {
		return r.oneOf("published.unit", r.Published.Unit, choices)
	}
	return nil
}

// errorf is an error about the whole row while it is worked out.
func (r *Row) errorf(format string, args ...any) error {
	return r.at("model").Errorf("row %s: %s", r.ID, fmt.Sprintf(format, args...))
}
