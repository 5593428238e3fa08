package sweep

import (
	"slices"

	"tritloom/internal/strictyaml"
)

// axes makes the axes of both lists and counts the points.
func (s *Sweep) axes(at strictyaml.Entries) error {
	for _, row := range s.doc.Grid.list {
		if err := s.checkValues(row, "grid", at); err != nil {
			return err
		}
		values, places := make([]string, len(row.values)), make([]strictyaml.Place, len(row.values))
		for i, v := range row.values {
			values[i], places[i] = v.Text, v.At
		}
		if err := s.addAxis(row.name, values, places); err != nil {
			return err
		}
	}
	s.grid = len(s.Axes)
	if err := s.latinAxes(at); err != nil {
		return err
	}
	if len(s.Axes) == 0 {
		return at.Errorf("grid", "no axes; give grid: {core.axons: [64, 128]}, or latin: {points: 50, ranges: {...}}")
	}
	n := s.latin
	for _, a := range s.Axes[:s.grid] {
		if n *= len(a.Values); n > MaxPoints {
			return at.Errorf("grid", "more than %d points; give axes fewer values, or sample them with latin", MaxPoints)
		}
	}
	return nil
}

func (s *Sweep) checkValues(row *axisRow, list string, at strictyaml.Entries) error {
	if len(row.values) == 0 {
		return at.Errorf(list+"."+row.name, "%s has no values; list at least one", row.name)
	}
	setter, err := setterOf(row.name)
	if err != nil {
		return at.Errorf(list+"."+row.name, "%v", err)
	}
	for i := range row.values {
		v := &row.values[i]
		v.Text = setter.kind.shortest(v.Text)
		if slices.ContainsFunc(row.values[:i], func(w strictyaml.Scalar) bool { return w.Text == v.Text }) {
			return v.At.Errorf("%s = %q stands twice; keep one", row.name, strictyaml.Clip(v.Text))
		}
	}
	return nil
}

// excludes are axes that say the same thing.
var excludes = [][2]string{{"net", "hidden"}, {"net", "encode"}, {"net", "steps"}, {"net", "sweeps"}, {"net", "seed"}}

func (s *Sweep) addAxis(name string, values []string, at []strictyaml.Place) error {
	setter, err := setterOf(name)
	if err != nil {
		return at[0].Errorf("%v", err)
	}
	for _, other := range s.Axes {
		if other.Name == name {
			return at[0].Errorf("axis %s stands twice; keep one", name)
		}
		for _, pair := range excludes {
			if pair == [2]string{name, other.Name} || pair == [2]string{other.Name, name} {
				return at[0].Errorf("axes %s and %s: a network file was trained already; keep one", pair[0], pair[1])
			}
		}
	}
	for i, v := range values {
		if err := setter.set(new(setting), v); err != nil {
			return at[min(i, len(at)-1)].Errorf("%s = %v", name, err)
		}
	}
	s.Axes = append(s.Axes, &Axis{Name: name, Values: values, set: setter, at: at})
	return nil
}
