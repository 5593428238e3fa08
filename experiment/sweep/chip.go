package sweep

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tritloom/experiment/trial"
	"tritloom/hwmodel"
	"tritloom/ledger"
)

// priceValue is one changed number of a price.
type priceValue struct {
	kind ledger.Kind
	what string // one of priceKeys
	n    float64
}

// The documents that make the chip of a point. The first changes sizes, so that prices
// follow by their laws; the second states prices anew, on top of that.
const (
	sizedName  = "point.of.sweep.sizes.yaml" // names that no chip file of a user has
	pricedName = "point.of.sweep.prices.yaml"
)

// placeOfOurs is where an error points in a document that the user never saw.
var placeOfOurs = regexp.MustCompile(`point\.of\.sweep\.(sizes|prices)\.yaml:\d+:\d+: `)

// chip makes the chip of a point by chip files that extend the one named, so that the
// laws of prices and every check of a chip file hold for it.
func (in *inputs) chip(at *setting) (*hwmodel.Chip, error) {
	base := in.chips[at.chip]
	chip, err := base, error(nil)
	texts := map[string][]byte{}
	resolve := func(name string) ([]byte, error) {
		if text, ok := texts[strings.TrimPrefix(name, "./")]; ok {
			return text, nil
		}
		return hwmodel.Source(trial.BesideChip(in.folder, name))
	}
	if len(at.sizes) > 0 {
		texts[sizedName] = sizedDocument(at)
		if chip, err = hwmodel.Parse(sizedName, texts[sizedName], resolve); err != nil {
			return nil, ours(err)
		}
		chip.Name = base.Name
	}
	if len(at.prices) > 0 {
		extends := at.chip
		if len(at.sizes) > 0 {
			extends = sizedName
		}
		text, err := pricedDocument(at, chip, extends)
		if err != nil {
			return nil, err
		}
		if chip, err = hwmodel.Parse(pricedName, text, resolve); err != nil {
			return nil, ours(err)
		}
	}
	if chip != base {
		chip.Name, chip.Title = base.Name, base.Title+", as changed by a sweep"
	}
	return at.conditions.On(chip)
}

func ours(err error) error {
	return fmt.Errorf("%s", placeOfOurs.ReplaceAllString(err.Error(), ""))
}

// sizedDocument is a chip file that changes capabilities.
func sizedDocument(at *setting) []byte {
	var sections []string
	entries := map[string][]string{}
	for _, s := range at.sizes {
		section, key, _ := strings.Cut(s.path, ".")
		if entries[section] == nil {
			sections = append(sections, section)
		}
		entries[section] = append(entries[section], key+": "+yamlValue(s.value))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "extends: %s\ncapabilities:\n", yamlValue(at.chip))
	for _, section := range sections {
		fmt.Fprintf(&b, "  %s: {%s}\n", section, strings.Join(entries[section], ", "))
	}
	return []byte(b.String())
}

// plainValue needs no quotes in YAML.
var plainValue = regexp.MustCompile(`^(-?[0-9]+(\.[0-9]+)?|true|false|[A-Za-z][A-Za-z0-9_-]*)$`)

func yamlValue(v string) string {
	if plainValue.MatchString(v) {
		return v
	}
	return strconv.Quote(v)
}

// pricedDocument is a chip file that states the changed prices anew, as they stand on
// the chip but for what changes, and says that they were assumed.
func pricedDocument(at *setting, chip *hwmodel.Chip, extends string) ([]byte, error) {
	var kinds []ledger.Kind
	rows := map[ledger.Kind]hwmodel.Price{}
	for _, v := range at.prices {
		p, ok := rows[v.kind]
		if !ok {
			p = chip.Prices[v.kind]
			kinds = append(kinds, v.kind)
		}
		if err := v.change(&p, chip.Name); err != nil {
			return nil, err
		}
		rows[v.kind] = p
	}
	var b strings.Builder
	fmt.Fprintf(&b, "extends: %s\nprices:\n", yamlValue(extends))
	for _, k := range kinds {
		p := rows[k]
		fmt.Fprintf(&b, "  %s: {%s}\n", k, strings.Join(priceEntries(&p, &chip.Prices[k]), ", "))
	}
	return []byte(b.String()), nil
}

// change puts one number in its place.
func (v priceValue) change(p *hwmodel.Price, chip string) error {
	if v.what == "latency_quanta" {
		p.LatencyKnown, p.LatencyQuanta, p.LatencySource = true, uint64(v.n), "assumed: a value of a sweep"
		return nil
	}
	if p.State != hwmodel.Priced {
		return fmt.Errorf("prices.%s.%s: %s has no value to change there, it is %s; write a chip file that gives it one", v.kind, v.what, chip, stateWords(p))
	}
	joules := v.n / math.Round(1/hwmodel.Picojoule)
	switch v.what {
	case "energy_pj.nominal":
		p.Nominal = joules
	case "energy_pj.low":
		p.Low = joules
	case "energy_pj.high":
		p.High = joules
	case "scale":
		p.Nominal, p.Low, p.High = p.Nominal*v.n, p.Low*v.n, p.High*v.n
	}
	return nil
}

func stateWords(p *hwmodel.Price) string {
	if p.State == hwmodel.IncludedIn {
		return "included in " + p.Includer.String()
	}
	return string(p.State)
}

// priceEntries writes a price as a chip file does.
func priceEntries(p, before *hwmodel.Price) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	switch p.State {
	case hwmodel.IncludedIn:
		add("included_in: %s", p.Includer)
	case hwmodel.ZeroFact:
		add("zero: %s", quoted(p.Source))
	case hwmodel.Unknown:
		add("unknown: %s", quoted(p.Source))
	default:
		add("energy_pj: {nominal: %s, low: %s, high: %s}", picojoules(p.Nominal), picojoules(p.Low), picojoules(p.High))
		if len(p.Covers) > 0 {
			add("covers: [%s]", strings.Join(names(p.Covers), ", "))
		}
		add("scope: %s", p.Scope)
		evidence, source := p.Evidence, p.Source
		if p.Nominal != before.Nominal || p.Low != before.Low || p.High != before.High {
			evidence, source = hwmodel.Assumed, "assumed: a value of a sweep"
		}
		add("evidence: %s", evidence)
		add("source: %s", quoted(source))
		switch {
		case p.Law != hwmodel.Absolute:
			add("law: %s", p.Law)
		case p.AbsoluteReason != "":
			add("absolute: %s", quoted(p.AbsoluteReason))
		}
		if p.VoltageV != 0 {
			add("voltage_v: %s", decimal(p.VoltageV))
		}
		if p.NodeNM != 0 {
			add("node_nm: %s", decimal(p.NodeNM))
		}
	}
	if p.LatencyKnown {
		add("latency_quanta: %d", p.LatencyQuanta)
		add("latency_source: %s", quoted(p.LatencySource))
	}
	return list
}

func names(kinds []ledger.Kind) []string {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = k.String()
	}
	return list
}

// quoted is text in YAML's single quotes, which keep everything but the quote itself.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// decimal writes a number without an exponent, which every YAML reader takes.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// picojoules writes the shortest decimal that a chip file's reader turns into the same
// energy: it divides by 1e12, so the product alone may be off by its last bit.
func picojoules(joules float64) string {
	scale := math.Round(1 / hwmodel.Picojoule)
	pj := joules * scale
	for digits := 1; digits <= 17; digits++ {
		text := strconv.FormatFloat(pj, 'g', digits, 64)
		if v, err := strconv.ParseFloat(text, 64); err == nil && v/scale == joules {
			return decimal(v)
		}
	}
	for _, near := range []float64{math.Nextafter(pj, 0), math.Nextafter(pj, math.Inf(1))} {
		if near/scale == joules {
			return decimal(near)
		}
	}
	return decimal(pj)
}
