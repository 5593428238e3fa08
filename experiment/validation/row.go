// Package validation holds the models of the embedded chips against what others
// published: rows in typed files, each with the tolerance it is held to and the rule
// that tolerance follows from.
//
// A row says what it is: a point the prices were made from, one between them, one
// beyond them, one of another set-up, a wrong model that must fail, or a known gap that
// must stay one. The headline counts measurements that nothing was made from, beyond the
// anchors in something or of another set-up, each once.
package validation

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"tritloom/internal/strictyaml"
	"tritloom/testdata"
)

// Role says what a row can show.
type Role string

// The roles, in the order of every table.
const (
	Anchor        Role = "anchor"           // the prices were made from it
	Closure       Role = "closure"          // the published figure is arithmetic on what the prices were made from
	Interpolation Role = "interpolation"    // between anchors, everything else alike
	Extrapolation Role = "extrapolation"    // beyond the anchors in rate, synapses, voltage, tick or bits
	CrossSetup    Role = "cross-setup"      // another part, board, network or paper
	Control       Role = "negative-control" // a model known to be wrong; it must miss
	Gap           Role = "gap"              // a known limit of the model; it must show
)

// Roles lists them.
var Roles = []Role{Anchor, Closure, Interpolation, Extrapolation, CrossSetup, Control, Gap}

// Headline tells whether rows of the role may count in the headline.
func (r Role) Headline() bool { return r == Extrapolation || r == CrossSetup }

// HeldOut tells whether no price was made from rows of the role.
func (r Role) HeldOut() bool { return r == Interpolation || r.Headline() }

// Row is one published figure, or one table of them, and how it is modelled. Row files
// hold these keys and no others.
type Row struct {
	ID          string     `yaml:"id"`
	Title       string     `yaml:"title"`
	Role        Role       `yaml:"role"`
	SameAs      string     `yaml:"same_as"`        // the row whose measurement this one is, printed another way
	BoundsPrice bool       `yaml:"bounds_a_price"` // an end of a price's interval follows from the published figure
	Coverage    string     `yaml:"coverage"`       // why the row says nothing of the intervals, if it does not
	Chip        string     `yaml:"chip"`           // an embedded chip, or a file
	Expect      string     `yaml:"expect"`         // within, unless the row is a control or a gap
	Refit       bool       `yaml:"refit"`          // a measured total power, of which the refit is made
	Conditions  Conditions `yaml:"conditions"`
	Model       Model      `yaml:"model"`
	Published   Published  `yaml:"published"`
	Tolerance   Tolerance  `yaml:"tolerance"`
	Source      string     `yaml:"source"`
	Checked     string     `yaml:"checked"` // what of the published figure was read again, and where
	Note        string     `yaml:"note"`

	top    strictyaml.Place
	places strictyaml.Places
}

// What a row may expect of the model's nominal figure.
const (
	Within   = "within"   // within tolerance of the published figure
	Outside  = "outside"  // off by more than the tolerance
	Above    = "above"    // above the published figure by more than the tolerance
	Below    = "below"    // below it by more than the tolerance
	Enclosed = "enclosed" // the published figure lies in the model's interval
)

var expectations = []string{Within, Outside, Above, Below, Enclosed}

// Conditions are what the chip is operated at; zero means as its file says.
type Conditions struct {
	VoltageV float64 `yaml:"voltage_v"`
	TickUS   float64 `yaml:"tick_us"`
}

// Published is what the source prints. Low and High are bounds the source gives itself.
type Published struct {
	Value float64 `yaml:"value" json:"value"`
	Unit  string  `yaml:"unit" json:"unit"`
	Low   float64 `yaml:"low" json:"low,omitempty"`
	High  float64 `yaml:"high" json:"high,omitempty"`
}

// Tolerance is how far the model may be off: of the published figure, in its unit, or
// in standard errors of a simulation; and why so much.
type Tolerance struct {
	Relative float64 `yaml:"relative" json:"relative,omitempty"`
	Absolute float64 `yaml:"absolute" json:"absolute,omitempty"`
	Sigmas   float64 `yaml:"sigmas" json:"sigmas,omitempty"`
	Rule     string  `yaml:"rule" json:"rule"`
}

// Model is one of the ways to work a figure out.
type Model struct {
	Power      *Power      `yaml:"power"`
	Simulation *Simulation `yaml:"simulation"`
	Query      *Query      `yaml:"query"`
	Ratio      *Ratio      `yaml:"ratio"`
	Rollup     *Rollup     `yaml:"rollup"`
	Fit        *Fit        `yaml:"fit"`
	Ledger     *Ledger     `yaml:"ledger"`
	Slope      *Slope      `yaml:"slope"`
	Quotient   *Quotient   `yaml:"quotient"`
	Estimator  *Estimator  `yaml:"estimator"`
	Unknown    *Unknown    `yaml:"unknown"`
}

// kind is a model with its name in row files.
type kind struct {
	name  string
	model modeller
}

// kinds lists all of them; those a row leaves out have a nil modeller.
func (m *Model) kinds() []kind {
	return []kind{
		{"power", orNil(m.Power)}, {"simulation", orNil(m.Simulation)}, {"query", orNil(m.Query)}, {"ratio", orNil(m.Ratio)},
		{"rollup", orNil(m.Rollup)}, {"fit", orNil(m.Fit)}, {"ledger", orNil(m.Ledger)}, {"slope", orNil(m.Slope)},
		{"quotient", orNil(m.Quotient)}, {"estimator", orNil(m.Estimator)}, {"unknown", orNil(m.Unknown)},
	}
}

// orNil avoids an interface that holds a nil pointer and is not nil itself.
func orNil[T any, P interface {
	*T
	modeller
}](p P) modeller {
	if p == nil {
		return nil
	}
	return p
}

// of is the model a row states.
func (m *Model) of() (kind, bool) {
	for _, k := range m.kinds() {
		if k.model != nil {
			return k, true
		}
	}
	return kind{}, false
}

// Simulated tells whether the row needs a simulation of many cores.
func (r *Row) Simulated() bool { return r.Model.Simulation != nil || r.Model.Slope != nil }

var rowFile = strictyaml.Form{Name: "validation row", Example: "any file of testdata/validation"}

// Parse reads the text of one row file. The name is used in errors.
func Parse(name string, text []byte) (*Row, error) {
	document, err := strictyaml.Read(rowFile, name, text)
	if err != nil {
		return nil, err
	}
	row := &Row{top: document.Top()}
	if row.places, err = document.Decode(row); err != nil {
		return nil, err
	}
	return row, row.check()
}

// Embedded lists the rows that come with the program, by role and then by id.
func Embedded() ([]*Row, error) {
	files, err := fs.Glob(testdata.Validation, "validation/*.yaml")
	if err != nil {
		return nil, err
	}
	var rows []*Row
	for _, file := range files {
		text, err := testdata.Validation.ReadFile(file)
		if err != nil {
			return nil, err
		}
		row, err := Parse(path.Base(file), text)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, Arrange(rows)
}

// Arrange sorts rows by role and id, and refuses an id that stands twice.
func Arrange(rows []*Row) error {
	slices.SortStableFunc(rows, func(a, b *Row) int {
		if d := slices.Index(Roles, a.Role) - slices.Index(Roles, b.Role); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	seen := map[string]*Row{}
	for _, r := range rows {
		if first := seen[r.ID]; first != nil {
			return r.at("id").Errorf("id %q is that of %s:%d too; choose another", r.ID, first.at("id").File, first.at("id").Line)
		}
		seen[r.ID] = r
	}
	for _, r := range rows {
		if r.SameAs == "" {
			continue
		}
		if other := seen[r.SameAs]; other == nil || other == r || other.SameAs != "" || other.Role != r.Role {
			return r.at("same_as").Errorf("same_as is %q; want another row of role %s that states no same_as itself", strictyaml.Clip(r.SameAs), r.Role)
		}
	}
	return nil
}

// at is where an entry of the row stands.
func (r *Row) at(path string) strictyaml.Place { return r.places.Near(path, r.top) }

// states tells whether the file states an entry.
func (r *Row) states(path string) bool {
	_, ok := r.places[path]
	return ok
}
