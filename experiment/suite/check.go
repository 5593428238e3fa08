package suite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"tritloom/experiment/trial"
	"tritloom/internal/container"
	"tritloom/internal/strictyaml"
)

// Options says what to check. The zero value checks every case.
type Options struct {
	Only string // a case; empty: all
	// Update writes the golden file anew from what the cases give. A case that could
	// not run keeps its old record.
	Update bool
	// Progress is called before every case; it may be nil.
	Progress func(done, total int, name string)
}

// Check is how a suite turned out.
type Check struct {
	Suite  string    `json:"suite"`
	Golden string    `json:"golden"`
	OK     bool      `json:"ok"`
	Failed int       `json:"failed"` // cases
	Cases  []Outcome `json:"cases"`
	// Coefficients lists the prices that differ and what they touch, over all cases.
	Coefficients []Coefficient `json:"coefficients"`
	Stale        []string      `json:"stale"`             // golden records of cases that the suite lacks
	Updated      bool          `json:"updated"`           // the golden file was written
	Damaged      string        `json:"damaged,omitempty"` // why the golden file before the update could not be read
}

// Outcome is how one case turned out.
type Outcome struct {
	Name       string      `json:"name"`
	OK         bool        `json:"ok"`
	Error      string      `json:"error,omitempty"` // why it could not run
	NoGolden   bool        `json:"no_golden"`       // the golden file lacks the case
	Expected   []Expected  `json:"expected"`
	Difference *Difference `json:"difference"` // null: none, or nothing to compare
	Record     *Record     `json:"-"`          // what it gave; nil if it could not run
}

// Coefficient is a price that differs and the cases it touches.
type Coefficient struct {
	Chip    string      `json:"chip"`
	Change  PriceChange `json:"change"`
	Touches []Touched   `json:"touches"`
}

// Touched is a case in which events of the kind happen.
type Touched struct {
	Case          string  `json:"case"`
	ShareOfEnergy float64 `json:"share_of_energy"`
	ShareOfChange float64 `json:"share_of_change"`
}

// Run runs the cases and compares them with the golden file. The error says why
// nothing could be compared; differences are in the Check.
func (s *Suite) Run(ctx context.Context, o Options) (*Check, error) {
	if o.Only != "" && !slices.Contains(s.Names(), o.Only) {
		return nil, fmt.Errorf("%s has no case %q; did you mean %s?", s.File, strictyaml.Clip(o.Only), strictyaml.OneOf(strictyaml.Nearest(o.Only, s.Names())))
	}
	golden, damaged, err := s.golden(o)
	if err != nil {
		return nil, err
	}
	c := &Check{Suite: s.File, Golden: s.GoldenFile(), Damaged: damaged, Cases: []Outcome{}, Coefficients: []Coefficient{}, Stale: []string{}}
	cases := s.Cases
	if o.Only != "" {
		at := slices.Index(s.Names(), o.Only)
		cases = cases[at : at+1]
	}
	for i := range cases {
		if o.Progress != nil {
			o.Progress(i, len(cases), cases[i].Name)
		}
		outcome := s.run(ctx, &cases[i], golden.record(cases[i].Name))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.Cases = append(c.Cases, outcome)
	}
	c.sum(s, golden, o)
	if o.Update {
		return c, c.update(s, golden, o)
	}
	return c, nil
}

// golden is what the suite gave before. An update of all cases may start without a
// file, or with one that is damaged, and then says why it was; an update of one case
// may not, as it keeps the records of the others.
func (s *Suite) golden(o Options) (before *Golden, damaged string, err error) {
	file := s.GoldenFile()
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if !o.Update {
			return nil, "", fmt.Errorf("%s has no golden file %s to compare with; run with --update to write it, and review it", s.File, file)
		}
		return &Golden{Format: GoldenFormat}, "", container.Writable(file)
	}
	before, err = ReadGolden(file)
	var why *DamagedGoldenError
	switch {
	case err == nil || !o.Update || !errors.As(err, &why):
		return before, "", err
	case o.Only != "":
		return nil, "", fmt.Errorf("%s: %s; --only keeps the records of the other cases, which cannot be read; write all with --update alone, or bring back the file", file, why.Why)
	}
	return &Golden{Format: GoldenFormat}, why.Why, container.Writable(file)
}

// run runs one case.
func (s *Suite) run(ctx context.Context, c *Case, before *Record) Outcome {
	out := Outcome{Name: c.Name, Expected: []Expected{}}
	t := c.trial
	if c.recipe != nil {
		var err error
		if t.Network, err = s.networks.Train(ctx, *c.recipe); err != nil {
			out.Error = err.Error()
			return out
		}
	}
	result, err := trial.Run(ctx, t)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	record := newRecord(c, result)
	out.Record = &record
	for i := range c.expect {
		out.Expected = append(out.Expected, c.expect[i].check(result))
	}
	if before == nil {
		out.NoGolden = true
	} else if d := Diff(before, &record); !d.Empty() {
		out.Difference = d
	}
	out.OK = out.held() && !out.NoGolden && out.Difference == nil
	return out
}

// held tells whether every expectation holds.
func (o *Outcome) held() bool {
	return o.Error == "" && !slices.ContainsFunc(o.Expected, func(x Expected) bool { return !x.OK })
}

// sum counts failures and gathers what single cases cannot say.
func (c *Check) sum(s *Suite, golden *Golden, o Options) {
	for i := range c.Cases {
		out := &c.Cases[i]
		if !out.OK {
			c.Failed++
		}
		if out.Difference == nil {
			continue
		}
		for _, p := range out.Difference.Prices {
			c.addCoefficient(out.Record.Setup.Chip, out.Name, p)
		}
	}
	for i := range golden.Cases {
		if name := golden.Cases[i].Name; o.Only == "" && !slices.Contains(s.Names(), name) {
			c.Stale = append(c.Stale, name)
		}
	}
	c.OK = c.Failed == 0 && len(c.Stale) == 0
}

// addCoefficient puts equal changes of a chip's price into one.
func (c *Check) addCoefficient(chip, name string, p PriceChange) {
	at := slices.IndexFunc(c.Coefficients, func(k Coefficient) bool { return k.Chip == chip && k.Change.same(p) })
	if at < 0 {
		at = len(c.Coefficients)
		c.Coefficients = append(c.Coefficients, Coefficient{Chip: chip, Change: p, Touches: []Touched{}})
	}
	if p.Events > 0 {
		c.Coefficients[at].Touches = append(c.Coefficients[at].Touches, Touched{name, p.ShareOfEnergy, p.ShareOfChange})
	}
}

func (p PriceChange) same(q PriceChange) bool {
	for i := range p.Joules {
		if (p.Joules[i] == nil) != (q.Joules[i] == nil) || p.Joules[i] != nil && *p.Joules[i] != *q.Joules[i] {
			return false
		}
	}
	return p.Kind == q.Kind && slices.Equal(p.Other, q.Other)
}

// update writes the golden file. Afterwards only expectations and errors can fail.
func (c *Check) update(s *Suite, golden *Golden, o Options) error {
	next := c.all(s, golden)
	if o.Only != "" {
		next = c.one(s, golden)
	}
	text, err := next.JSON()
	if err != nil {
		return err
	}
	if err := container.WriteAtomic(s.GoldenFile(), text); err != nil {
		return err
	}
	c.Updated, c.Failed = true, 0
	for i := range c.Cases {
		if out := &c.Cases[i]; !out.held() {
			c.Failed++
		}
	}
	c.OK = c.Failed == 0
	return nil
}

// all are the records of a suite's cases, in its order: what ran now, and of what could
// not run the record that stood there.
func (c *Check) all(s *Suite, golden *Golden) *Golden {
	next := &Golden{Format: GoldenFormat, Cases: []Record{}}
	for _, name := range s.Names() {
		record := golden.record(name)
		if o := c.outcome(name); o != nil && o.Record != nil {
			record = o.Record
		}
		if record != nil {
			next.Cases = append(next.Cases, *record)
		}
	}
	return next
}

// one keeps every record as it stands, in its place, but for the case that ran. A new
// one is put before the cases that follow it in the suite.
func (c *Check) one(s *Suite, golden *Golden) *Golden {
	next := &Golden{Format: GoldenFormat, Cases: slices.Clone(golden.Cases)}
	record := c.Cases[0].Record
	if record == nil {
		return next
	}
	if before := next.record(record.Name); before != nil {
		*before = *record
		return next
	}
	names := s.Names()
	rest := names[slices.Index(names, record.Name)+1:]
	at := slices.IndexFunc(next.Cases, func(r Record) bool { return slices.Contains(rest, r.Name) })
	if at < 0 {
		at = len(next.Cases)
	}
	next.Cases = slices.Insert(next.Cases, at, *record)
	return next
}

// Finding is what is wrong with a case, or what an update changed in it; empty: nothing.
func (c *Check) Finding(name string) string {
	if o := c.outcome(name); o != nil {
		return c.findings(o)
	}
	return ""
}

// Failing tells whether a case fails; after an update, whether one of its expectations
// does.
func (c *Check) Failing(name string) bool {
	o := c.outcome(name)
	return o != nil && (!o.held() || !c.Updated && !o.OK)
}

func (c *Check) outcome(name string) *Outcome {
	for i := range c.Cases {
		if c.Cases[i].Name == name {
			return &c.Cases[i]
		}
	}
	return nil
}
