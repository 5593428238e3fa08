package hwmodel

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tritloom/ledger"
)

// Difference is one entry in which two chips differ.
type Difference struct {
	Path  string   `json:"path"`            // keys from the top of a chip file, such as prices.hop_x.nominal
	Event string   `json:"event,omitempty"` // the event of a price
	A     string   `json:"a"`               // with its unit; empty: not there
	B     string   `json:"b"`
	Ratio *float64 `json:"ratio,omitempty"` // b over a, of numbers
}

// Diff lists where two chips differ, in the order of a chip file: what they can do,
// how prices follow conditions, then event by event. The names of the chips are not
// compared. Equal chips give an empty list.
func Diff(a, b *Chip) []Difference {
	d := &differ{}
	d.text("", "title", a.Title, b.Title)
	d.text("", "hypothetical", strconv.FormatBool(a.Hypothetical), strconv.FormatBool(b.Hypothetical))
	d.notes(a.Notes, b.Notes)
	d.capabilities(&a.Capabilities, &b.Capabilities)
	d.voltage(a.Voltage, b.Voltage)
	d.tick(a.TickModel, b.TickModel)
	for k := range a.Prices {
		d.price(ledger.Kind(k), &a.Prices[k], &b.Prices[k])
	}
	return d.list
}

// differ collects differences.
type differ struct {
	list []Difference
}

func (d *differ) text(event, path, a, b string) {
	if a != b {
		d.list = append(d.list, Difference{Path: path, Event: event, A: a, B: b})
	}
}

func (d *differ) number(event, path, unit string, a, b float64) {
	if a == b {
		return
	}
	difference := Difference{Path: path, Event: event, A: withUnit(a, unit), B: withUnit(b, unit)}
	if a != 0 {
		ratio := b / a
		difference.Ratio = &ratio
	}
	d.list = append(d.list, difference)
}

// stated compares numbers that are 0 where a chip does not state them.
func (d *differ) stated(event, path, unit string, a, b float64) {
	if a != 0 && b != 0 {
		d.number(event, path, unit, a, b)
		return
	}
	text := func(v float64) string { return choose(v == 0, "", withUnit(v, unit)) }
	d.text(event, path, text(a), text(b))
}

// withUnit is a number as a person reads it, to seven figures.
func withUnit(v float64, unit string) string {
	text := strconv.FormatFloat(v, 'g', 7, 64)
	if v == float64(int64(v)) {
		text = strconv.FormatInt(int64(v), 10)
	}
	return strings.TrimSpace(text + " " + unit)
}

// notes lists notes that only one of the chips has.
func (d *differ) notes(a, b []string) {
	for _, note := range a {
		if !slices.Contains(b, note) {
			d.text("", "notes", note, "")
		}
	}
	for _, note := range b {
		if !slices.Contains(a, note) {
			d.text("", "notes", "", note)
		}
	}
}

func (d *differ) capabilities(a, b *Capabilities) {
	ofA, ofB := leafValues(a), leafValues(b)
	for _, f := range fields {
		path, va, vb := "capabilities."+f.path, ofA[f.path], ofB[f.path]
		switch va.Kind() {
		case reflect.Int, reflect.Int64:
			d.number("", path, f.unit(), float64(va.Int()), float64(vb.Int()))
		case reflect.Uint64:
			d.number("", path, f.unit(), float64(va.Uint()), float64(vb.Uint()))
		case reflect.Slice:
			d.text("", path, listText(va), listText(vb))
		default:
			d.text("", path, fmt.Sprint(va.Interface()), fmt.Sprint(vb.Interface()))
		}
	}
}

// listText is a list without its order, which has no meaning.
func listText(v reflect.Value) string {
	return strings.Join(slices.Sorted(slices.Values(v.Interface().([]string))), ", ")
}

// unit is what a capability that is a number counts.
func (f field) unit() string {
	name := f.path[strings.LastIndexByte(f.path, '.')+1:]
	for _, end := range []string{"bits", "ticks", "packets"} {
		if strings.HasSuffix(name, end) {
			return end
		}
	}
	switch {
	case name == "quantum_ps":
		return "ps"
	case name == "conductance_sd_1024":
		return "/1024"
	case strings.HasPrefix(f.path, "mesh."):
		return "cores"
	case name == "axon_types":
		return "types"
	}
	return name // axons, neurons, destinations, quanta
}

func (d *differ) voltage(a, b *VoltageModel) {
	if !d.bothThere("voltage_model", a != nil, b != nil) {
		return
	}
	d.number("", "voltage_model.reference_v", "V", a.ReferenceV, b.ReferenceV)
	d.band("voltage_model.static_exponent", a.StaticExponent, b.StaticExponent)
	d.number("", "voltage_model.valid_v.low", "V", a.ValidV.Low, b.ValidV.Low)
	d.number("", "voltage_model.valid_v.high", "V", a.ValidV.High, b.ValidV.High)
	d.text("", "voltage_model.source", a.Source, b.Source)
	d.text("", "voltage_model.derivation", a.Derivation, b.Derivation)
}

func (d *differ) tick(a, b *TickModel) {
	if !d.bothThere("tick_model", a != nil, b != nil) {
		return
	}
	d.number("", "tick_model.reference_us", "us", a.ReferenceUS, b.ReferenceUS)
	d.band("tick_model.per_tick_share", a.PerTickShare, b.PerTickShare)
	d.number("", "tick_model.valid_us.low", "us", a.ValidUS.Low, b.ValidUS.Low)
	d.number("", "tick_model.valid_us.high", "us", a.ValidUS.High, b.ValidUS.High)
	d.text("", "tick_model.source", a.Source, b.Source)
	d.text("", "tick_model.derivation", a.Derivation, b.Derivation)
}

// bothThere tells whether both chips have a model, and notes if only one has.
func (d *differ) bothThere(path string, a, b bool) bool {
	said := map[bool]string{true: "stated"}
	d.text("", path, said[a], said[b])
	return a && b
}

func (d *differ) band(path string, a, b Band) {
	d.number("", path+".nominal", "", a.Nominal, b.Nominal)
	d.number("", path+".low", "", a.Low, b.Low)
	d.number("", path+".high", "", a.High, b.High)
}

// price compares two prices of one event: entry by entry where both chips have a
// value, else as a whole.
func (d *differ) price(k ledger.Kind, a, b *Price) {
	event := k.String()
	path := "prices." + event
	switch {
	case a.State == Priced && b.State == Priced:
		d.value(event, path, a, b)
	case a.State == b.State:
		d.text(event, path+".derivation", a.Derivation, b.Derivation)
		fallthrough
	default:
		d.text(event, path, a.wholeText(), b.wholeText())
	}
	d.latency(event, path, a, b)
}

// value compares what belongs to a price that has a value.
func (d *differ) value(event, path string, a, b *Price) {
	d.number(event, path+".nominal", "pJ", inPicojoules(a.Nominal), inPicojoules(b.Nominal))
	d.number(event, path+".low", "pJ", inPicojoules(a.Low), inPicojoules(b.Low))
	d.number(event, path+".high", "pJ", inPicojoules(a.High), inPicojoules(b.High))
	d.text(event, path+".covers", coveredNames(a.Covers), coveredNames(b.Covers))
	d.text(event, path+".drawn_with", a.drawnWithName(), b.drawnWithName())
	d.text(event, path+".measured_at", a.MeasuredAt.text(event), b.MeasuredAt.text(event))
	d.text(event, path+".scope", string(a.Scope), string(b.Scope))
	d.stated(event, path+".voltage_v", "V", a.VoltageV, b.VoltageV)
	d.stated(event, path+".node_nm", "nm", a.NodeNM, b.NodeNM)
	d.text(event, path+".evidence", string(a.Evidence), string(b.Evidence))
	d.text(event, path+".source", a.Source, b.Source)
	d.text(event, path+".derivation", a.Derivation, b.Derivation)
	d.text(event, path+".law", string(a.Law), string(b.Law))
	d.text(event, path+".absolute", a.AbsoluteReason, b.AbsoluteReason)
}

func (d *differ) latency(event, path string, a, b *Price) {
	if a.LatencyKnown && b.LatencyKnown {
		d.number(event, path+".latency_quanta", "quanta", float64(a.LatencyQuanta), float64(b.LatencyQuanta))
	} else {
		d.text(event, path+".latency_quanta", a.latencyText(), b.latencyText())
	}
	d.text(event, path+".latency_source", a.LatencySource, b.LatencySource)
}

func (p *Price) latencyText() string {
	if !p.LatencyKnown {
		return ""
	}
	return withUnit(float64(p.LatencyQuanta), "quanta")
}

// wholeText is what is known of a price, on one line.
func (p *Price) wholeText() string {
	switch p.State {
	case Priced:
		return fmt.Sprintf("%s pJ [%s, %s], %s", picojoules(p.Nominal), picojoules(p.Low), picojoules(p.High), p.Source)
	case IncludedIn:
		return p.stateText()
	}
	return p.stateText() + ": " + p.Source
}

// drawnWithName is the event whose uncertainty a price shares, if there is one.
func (p *Price) drawnWithName() string {
	if p.DrawnWith == nil {
		return ""
	}
	return p.DrawnWith.String()
}

// text is "128 synaptic_op per axon_read" of the price of the named event.
func (m *MeasuredAt) text(event string) string {
	if m == nil {
		return ""
	}
	return withUnit(m.Ratio, event+" per "+m.Event.String())
}

func coveredNames(kinds []ledger.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return strings.Join(names, ", ")
}

// inPicojoules undoes joules, to the decimal of the file.
func inPicojoules(j float64) float64 { return j * 1e12 }
