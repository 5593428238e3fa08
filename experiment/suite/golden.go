package suite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/internal/container"
	"tritloom/ledger"
	"tritloom/report"
)

// GoldenFormat names the form of a golden file; a reader refuses any other.
const GoldenFormat = "tritloom-golden/1"

// Golden is what the cases of a suite gave, in the order of the suite.
type Golden struct {
	Format string   `json:"format"`
	Cases  []Record `json:"cases"`
}

// Record is what one case gave. Engine, threads and the wording of sources are not in
// it. What a placement can change stands in Placement and nowhere else, but for the
// sums in Energy.
type Record struct {
	Name         string                `json:"name"`
	Setup        Setup                 `json:"setup"`
	Result       Result                `json:"result"`
	Ops          []Row                 `json:"ops"`
	Placement    Placement             `json:"placement"`
	Energy       Energy                `json:"energy_per_inference_j"`
	Prices       []PriceRow            `json:"prices"`
	Capabilities report.Object[string] `json:"capabilities"`
}

// Setup is what was run, by name and by hash.
type Setup struct {
	Chip         string           `json:"chip"`
	Hypothetical bool             `json:"hypothetical"`           // no such silicon
	Moved        []string         `json:"prices_moved,omitempty"` // projected, extrapolated
	Conditions   trial.Conditions `json:"conditions"`
	Capabilities string           `json:"capabilities_hash"`
	Prices       string           `json:"price_hash"`
	Network      string           `json:"network_hash"`
	Data         string           `json:"data"`
	DataHash     string           `json:"data_hash"`
	Scenario     string           `json:"scenario"`
	Timing       string           `json:"timing"`
	Seed         uint64           `json:"seed"`
	Scope        string           `json:"scope"`
	Boundary     string           `json:"boundary"`
}

// Result is what came out beside events and joules.
type Result struct {
	Samples            int     `json:"samples"`
	Correct            int     `json:"correct"`
	SpikeMismatches    *uint64 `json:"spike_mismatches"` // null: not compared
	DecisionMismatches *uint64 `json:"decision_mismatches"`
	Cores              int     `json:"cores"`
	StoredBits         int     `json:"stored_bits"`
	TicksTotal         uint64  `json:"ticks_total"`
	TicksPerInference  uint64  `json:"ticks_per_inference"`
	InitiationInterval uint64  `json:"initiation_interval_ticks"`
}

// Placement is what depends on where cores stand on the mesh: the image, the links
// that packets cross, and time.
type Placement struct {
	Layout       string   `json:"layout_hash"`
	Ops          []Row    `json:"ops"`
	LatencyMean  *float64 `json:"latency_mean_s"` // null without a timing model
	LatencyMax   *float64 `json:"latency_max_s"`
	TickOverruns *uint64  `json:"tick_overruns"`
}

// Row is one kind of event that happened, and its joules.
type Row struct {
	Kind    string           `json:"event"`
	Events  uint64           `json:"events"`  // of the whole run, on used cores
	Charged uint64           `json:"charged"` // those that belong to samples, as priced; with whole_chip those of unused cores too
	Joules  *report.Interval `json:"joules"`  // per inference; null if not known by itself, or outside the boundary
}

// Energy is the figure that is reported.
type Energy struct {
	report.Interval
	Unpriced []string `json:"unpriced"`
}

// PriceRow is a price as it was used, under the case's conditions.
type PriceRow struct {
	Kind       string           `json:"event"`
	State      hwmodel.State    `json:"state"`
	IncludedIn string           `json:"included_in,omitempty"`
	Joules     *report.Interval `json:"joules,omitempty"`
	Scope      hwmodel.Scope    `json:"scope,omitempty"`
	VoltageV   float64          `json:"voltage_v,omitempty"`
	NodeNM     float64          `json:"node_nm,omitempty"`
	Evidence   hwmodel.Evidence `json:"evidence,omitempty"`
	Law        hwmodel.Law      `json:"law,omitempty"`
	Latency    *uint64          `json:"latency_quanta,omitempty"`
	DrawnWith  string           `json:"drawn_with,omitempty"`  // the event whose uncertainty it shares
	MeasuredAt string           `json:"measured_at,omitempty"` // how many came with another event where it was measured
}

// placed are kinds whose counts follow from where cores stand.
func placed(k ledger.Kind) bool {
	switch k {
	case ledger.PacketTile, ledger.HopX, ledger.HopY, ledger.ChipCrossing, ledger.PsumHop:
		return true
	}
	return ledger.Kinds[k].Class == ledger.Time
}

// newRecord takes over what a golden file holds of an outcome.
func newRecord(c *Case, o *trial.Outcome) Record {
	chip, r := c.trial.Chip, o.Report
	rec := Record{
		Name: c.Name,
		Setup: Setup{
			Chip: chip.Name, Hypothetical: chip.Hypothetical, Moved: r.Chip.Moved(), Conditions: c.Conditions, Capabilities: o.Run.Capabilities, Prices: chip.PriceHash(), Network: o.Run.Network,
			Data: o.Run.Data, DataHash: o.Run.DataHash, Scenario: string(o.Run.Scenario), Timing: o.Run.Timing.Model, Seed: c.trial.Sim.Seed,
			Scope: string(r.Options.Energy.Scope), Boundary: string(r.Options.Energy.Boundary),
		},
		Result: Result{
			Samples: o.Run.Samples, Correct: o.Run.Correct, SpikeMismatches: r.SpikeMismatches, DecisionMismatches: r.DecisionMismatches,
			Cores: o.Run.CoresUsed, StoredBits: o.Layout.Usage().StoredBits(), TicksTotal: o.Run.Ticks.Total,
			TicksPerInference: o.Run.Ticks.PerInference, InitiationInterval: o.Run.Ticks.InitiationInterval,
		},
		Ops:       []Row{},
		Placement: Placement{Layout: o.Run.Layout, Ops: []Row{}, TickOverruns: r.TickOverruns},
		Energy:    Energy{r.Energy.Interval, r.Energy.Unpriced},
		Prices:    priceRows(chip), Capabilities: capabilities(&chip.Capabilities),
	}
	if l := r.Latency; l != nil {
		rec.Placement.LatencyMean, rec.Placement.LatencyMax = &l.Mean, &l.Max
	}
	total := o.Run.Total()
	for k := range ledger.Kind(ledger.NumKinds) {
		row, happened := newRow(k, total[k], r.Energy.Leaves)
		switch {
		case !happened:
		case placed(k):
			rec.Placement.Ops = append(rec.Placement.Ops, row)
		default:
			rec.Ops = append(rec.Ops, row)
		}
	}
	return rec
}

func newRow(k ledger.Kind, events uint64, leaves []report.Leaf) (Row, bool) {
	row := Row{Kind: k.String(), Events: events}
	for _, leaf := range leaves {
		if leaf.Kind == row.Kind {
			row.Charged, row.Joules = leaf.Count, leaf.Joules
		}
	}
	return row, events > 0 || row.Charged > 0
}

func priceRows(chip *hwmodel.Chip) []PriceRow {
	var rows []PriceRow
	for k := range chip.Prices {
		p := &chip.Prices[k]
		row := PriceRow{
			Kind: ledger.Kind(k).String(), State: p.State, Scope: p.Scope, VoltageV: p.VoltageV, NodeNM: p.NodeNM, Evidence: p.Evidence, Law: p.Law,
		}
		if p.DrawnWith != nil {
			row.DrawnWith = p.DrawnWith.String()
		}
		if p.MeasuredAt != nil {
			row.MeasuredAt = fmt.Sprintf("%g per %s", p.MeasuredAt.Ratio, p.MeasuredAt.Event)
		}
		switch p.State {
		case hwmodel.Priced:
			row.Joules = &report.Interval{Nominal: p.Nominal, Low: p.Low, High: p.High}
		case hwmodel.IncludedIn:
			row.IncludedIn = p.Includer.String()
		}
		if p.LatencyKnown {
			row.Latency = &p.LatencyQuanta
		}
		rows = append(rows, row)
	}
	return rows
}

// capabilities lists what a chip can do, by the keys of its file. What a chip lacks
// because its file does not speak of it is left out, as it is out of the hash: a key
// that later versions know must not change what older golden files hold.
func capabilities(c *hwmodel.Capabilities) report.Object[string] {
	list := report.Object[string]{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if optional := strings.HasSuffix(f.Tag.Get("json"), ",omitempty"); !optional || !v.Field(i).IsZero() {
					walk(strings.TrimPrefix(path+"."+f.Tag.Get("yaml"), "."), v.Field(i))
				}
			}
		case reflect.Slice: // a list without an order
			words := slices.Clone(v.Interface().([]string))
			slices.Sort(words)
			list = append(list, report.Entry[string]{Name: path, Value: strings.Join(words, " ")})
		default:
			list = append(list, report.Entry[string]{Name: path, Value: fmt.Sprint(v.Interface())})
		}
	}
	walk("", reflect.ValueOf(*c))
	return list
}

// rows are all events of a record.
func (r *Record) rows() map[string]Row {
	all := map[string]Row{}
	for _, list := range [][]Row{r.Ops, r.Placement.Ops} {
		for _, row := range list {
			all[row.Kind] = row
		}
	}
	return all
}

func (r *Record) price(kind string) PriceRow {
	for _, p := range r.Prices {
		if p.Kind == kind {
			return p
		}
	}
	return PriceRow{Kind: kind}
}

// record finds a case, or nil.
func (g *Golden) record(name string) *Record {
	for i := range g.Cases {
		if g.Cases[i].Name == name {
			return &g.Cases[i]
		}
	}
	return nil
}

// JSON is the golden file: equal outcomes give equal bytes, and what belongs together
// stands on one line.
func (g *Golden) JSON() ([]byte, error) {
	text, err := json.Marshal(g)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := writeLines(&b, text, ""); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// lineLength is up to where a value is written on one line, in bytes.
const lineLength = 250

// writeLines writes a JSON value over as many lines as it takes: one for a row, one
// for an entry that fits.
func writeLines(b *bytes.Buffer, value json.RawMessage, margin string) error {
	if len(value) <= lineLength || value[0] != '[' && value[0] != '{' {
		b.Write(value)
		return nil
	}
	var entries report.Object[json.RawMessage]
	open, end := "{", "}"
	if value[0] == '[' {
		var items []json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil {
			return err
		}
		for _, item := range items {
			entries = append(entries, report.Entry[json.RawMessage]{Value: item})
		}
		open, end = "[", "]"
	} else if err := json.Unmarshal(value, &entries); err != nil {
		return err
	}
	b.WriteString(open)
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + margin + " ")
		if value[0] == '{' {
			name, err := json.Marshal(e.Name)
			if err != nil {
				return err
			}
			b.Write(append(name, ": "...))
		}
		if err := writeLines(b, e.Value, margin+" "); err != nil {
			return err
		}
	}
	b.WriteString("\n" + margin + end)
	return nil
}

// maxGolden bounds a golden file on disk: a case takes some 20 KB.
const maxGolden = 64 << 20

// DamagedGoldenError says that a golden file is there and holds no records.
type DamagedGoldenError struct{ File, Why string }

func (e *DamagedGoldenError) Error() string {
	return e.File + ": " + e.Why + "; write it again with --update"
}

// ReadGolden reads a golden file. What is no golden file gives a DamagedGoldenError.
func ReadGolden(file string) (*Golden, error) {
	if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return nil, &DamagedGoldenError{file, "empty file"}
	}
	text, err := container.ReadText(file, "a golden file, such as tritloom check --update writes", maxGolden)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	g := new(Golden)
	if err := d.Decode(g); err != nil {
		return nil, &DamagedGoldenError{file, fmt.Sprintf("not a golden file (%s)", trial.OneLine(err))}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &DamagedGoldenError{file, "text after its end"}
	}
	if g.Format != GoldenFormat {
		return nil, &DamagedGoldenError{file, fmt.Sprintf("format %.40q; this version reads %q", g.Format, GoldenFormat)}
	}
	return g, nil
}
