package validation

import (
	"context"
	"fmt"
	"math"

	"tritloom/report"
)

// Fit is a straight line over the number of input pulses through two points of a
// published table; the other points are predicted. An input of 1 bit takes as long as
// one of 2: max(bits, 2) pulses.
type Fit struct {
	Anchors []string `yaml:"anchors"` // names of the two points
	Points  []fitRow `yaml:"points"`
	ReadOff float64  `yaml:"read_off"` // relative spread of the digitised figures
	// MayFall names points that may lie below their predecessor; all others must not.
	MayFall []string `yaml:"may_fall"`
}

// fitRow is one configuration of the table.
type fitRow struct {
	Name   string  `yaml:"name"`
	InBits float64 `yaml:"in_bits"`
	Value  float64 `yaml:"value"`
}

func (f *Fit) check(r *Row) error {
	if err := r.want("fit", "anchors", "points", "read_off"); err != nil {
		return err
	}
	numbers := []number{{"model.fit.read_off", f.ReadOff, 0, 1}}
	for i, p := range f.Points {
		key := fmt.Sprintf("model.fit.points[%d]", i)
		numbers = append(numbers, number{key + ".in_bits", p.InBits, 1, 64}, number{key + ".value", p.Value, 1e-9, 1e9})
		if !r.states(key+".name") || !r.states(key+".in_bits") || !r.states(key+".value") {
			return r.at(key).Errorf("%s lacks one of name, in_bits and value; state all", key)
		}
	}
	if err := r.within(numbers); err != nil {
		return err
	}
	if len(f.Anchors) != 2 || len(f.Points) < 3 {
		return r.at("model.fit").Errorf("model.fit has %d anchors and %d points; want 2 anchors among 3 points or more", len(f.Anchors), len(f.Points))
	}
	for _, name := range append(append([]string{}, f.Anchors...), f.MayFall...) {
		if f.point(name) == nil {
			return r.at("model.fit").Errorf("model.fit has no point %q; name one of its points", name)
		}
	}
	if a, b := f.point(f.Anchors[0]), f.point(f.Anchors[1]); pulses(a.InBits) == pulses(b.InBits) {
		return r.at("model.fit.anchors").Errorf("both anchors have %g pulses; choose two that differ", pulses(a.InBits))
	}
	return nil
}

func (*Fit) ownFigures() bool { return true }

func (f *Fit) point(name string) *fitRow {
	for i := range f.Points {
		if f.Points[i].Name == name {
			return &f.Points[i]
		}
	}
	return nil
}

func pulses(bits float64) float64 { return max(bits, 2) }

func (f *Fit) figures(_ context.Context, r *Row, _ *bench) ([]Figure, error) {
	a, b := f.point(f.Anchors[0]), f.point(f.Anchors[1])
	// at weighs the two anchors; where one weighs less than nothing its spread still adds.
	at := func(bits float64) report.Interval {
		w := (pulses(bits) - pulses(a.InBits)) / (pulses(b.InBits) - pulses(a.InBits))
		nominal := a.Value + w*(b.Value-a.Value)
		spread := f.ReadOff * (math.Abs(1-w)*a.Value + math.Abs(w)*b.Value)
		return report.Interval{Nominal: nominal, Low: nominal - spread, High: nominal + spread}
	}
	var list []Figure
	for _, p := range f.Points {
		if p.Name == a.Name || p.Name == b.Name {
			continue
		}
		list = append(list, r.figure(p.Name, p.Value, at(p.InBits)))
	}
	return list, f.monotone(r)
}

// monotone refuses a table, and with it a line, that falls where it must not.
func (f *Fit) monotone(r *Row) error {
	may := map[string]bool{}
	for _, name := range f.MayFall {
		may[name] = true
	}
	for i := 1; i < len(f.Points); i++ {
		p, before := f.Points[i], f.Points[i-1]
		if fell := p.Value < before.Value; fell != may[p.Name] {
			return r.at(fmt.Sprintf("model.fit.points[%d]", i)).Errorf("point %s = %g after %g; falling is %v and may_fall says %v", p.Name, p.Value, before.Value, fell, may[p.Name])
		}
	}
	if a, b := f.point(f.Anchors[0]), f.point(f.Anchors[1]); (b.Value-a.Value)*(b.InBits-a.InBits) <= 0 {
		return r.at("model.fit.anchors").Errorf("the line through %s and %s does not rise with the bits", a.Name, b.Name)
	}
	return nil
}
