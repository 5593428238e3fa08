package sweep

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"tritloom/experiment/trial"
	"tritloom/internal/seed"
	"tritloom/internal/strictyaml"
)

// latinRow is a Latin hypercube as written: every axis is cut into as many strata as
// there are points, and every stratum is used once (McKay, Beckman and Conover,
// Technometrics 21, 1979).
type latinRow struct {
	Points  int      `yaml:"points"`
	Seed    uint64   `yaml:"seed"`
	Ranges  ranges   `yaml:"ranges"`  // from and to, both included
	Choices axes     `yaml:"choices"` // values that are no numbers, or no range
	Log     []string `yaml:"log"`     // ranges whose logarithm is cut into strata
}

// ranges holds the numeric axes in the order of the file.
type ranges struct{ list []*rangeRow }

type rangeRow struct {
	name   string
	values []strictyaml.Scalar
}

// Entry is the two ends of an axis, by its name in the file.
func (r *ranges) Entry(name string) (any, error) {
	s, err := setterOf(name)
	if err != nil {
		return nil, err
	}
	if s.kind == notNumber {
		return nil, fmt.Errorf("axis %s has no numbers to lie between; list its values under choices", name)
	}
	row := &rangeRow{name: name}
	r.list = append(r.list, row)
	return &row.values, nil
}

// span is a range that was checked.
type span struct {
	name     string
	from, to float64
	kind     numberKind
	log      bool
}

func (s *Sweep) span(row *rangeRow, at strictyaml.Entries) (span, error) {
	path := "latin.ranges." + row.name
	setter, err := setterOf(row.name)
	if err != nil {
		return span{}, at.Errorf(path, "%v", err)
	}
	if len(row.values) != 2 {
		return span{}, at.Errorf(path, "%s has %d values; want two, [FROM, TO]", row.name, len(row.values))
	}
	sp := span{name: row.name, kind: setter.kind, log: slices.Contains(s.doc.Latin.Log, row.name)}
	for i, end := range []*float64{&sp.from, &sp.to} {
		v := &row.values[i]
		if err := setter.set(new(setting), v.Text); err != nil {
			return span{}, v.At.Errorf("%s = %v", row.name, err)
		}
		if *end, err = trial.Real(v.Text); err != nil || math.Abs(*end) > 1<<53 {
			return span{}, v.At.Errorf("%s = %q; want a number of at most 2^53", row.name, strictyaml.Clip(v.Text))
		}
	}
	switch {
	case !(sp.from < sp.to):
		return span{}, row.values[0].At.Errorf("%s from %g to %g; want FROM below TO", row.name, sp.from, sp.to)
	case sp.log && sp.from <= 0:
		return span{}, row.values[0].At.Errorf("%s from %g under log; want FROM above 0", row.name, sp.from)
	}
	return sp, nil
}

// at is the value at a share u in [0, 1) of the range, as it will be written. Real
// values have six digits, so that a table shows exactly what was used.
func (sp span) at(u float64) string {
	from, to := sp.from, sp.to
	if sp.kind == wholeNumber {
		to++ // the last value has as wide a stratum as the others
	}
	value := from + float64(u*(to-from)) // rounded twice on every machine
	if sp.log {
		value = from * math.Pow(to/from, u)
	}
	if sp.kind == wholeNumber {
		return strconv.FormatFloat(math.Min(math.Floor(value), sp.to), 'f', -1, 64)
	}
	return strconv.FormatFloat(value, 'g', 6, 64)
}

// latinAxes draws the hypercube. Each axis has a stream of its own.
func (s *Sweep) latinAxes(at strictyaml.Entries) error {
	row := &s.doc.Latin
	s.latin = 1
	if !at.Stated("latin") {
		return nil
	}
	if row.Points < 2 || row.Points > MaxPoints {
		return at.Errorf("latin.points", "latin.points = %d; want 2..%d", row.Points, MaxPoints)
	}
	if !at.Stated("latin.seed") {
		row.Seed = 1
	}
	if len(row.Ranges.list)+len(row.Choices.list) == 0 {
		return at.Errorf("latin", "latin has no axes; give ranges: {AXIS: [FROM, TO]} or choices: {AXIS: [A, B]}")
	}
	for i, name := range row.Log {
		if !slices.ContainsFunc(row.Ranges.list, func(r *rangeRow) bool { return r.name == name }) {
			return at.Errorf(fmt.Sprintf("latin.log[%d]", i), "log names %q, which is none of the ranges; leave it out", strictyaml.Clip(name))
		}
	}
	s.latin = row.Points
	for _, r := range row.Ranges.list {
		sp, err := s.span(r, at)
		if err != nil {
			return err
		}
		if err := s.addAxis(r.name, s.draw(sp.at), []strictyaml.Place{at.At("latin.ranges." + r.name)}); err != nil {
			return err
		}
	}
	for _, c := range row.Choices.list {
		if err := s.checkValues(c, "latin.choices", at); err != nil {
			return err
		}
		choose := func(u float64) string { return c.values[int(u*float64(len(c.values)))].Text }
		if err := s.addAxis(c.name, s.draw(choose), []strictyaml.Place{at.At("latin.choices." + c.name)}); err != nil {
			return err
		}
	}
	return nil
}

// draw gives every point of an axis its stratum, and a place in it.
func (s *Sweep) draw(value func(u float64) string) []string {
	r := seed.Sub(s.doc.Latin.Seed, seed.SweepLatin, len(s.Axes)-s.grid)
	strata := r.Perm(s.latin)
	values := make([]string, s.latin)
	for i, stratum := range strata {
		u := (float64(stratum) + r.Float64()) / float64(s.latin)
		values[i] = value(math.Min(u, 1-1e-12)) // the sum may round up to 1
	}
	return values
}
