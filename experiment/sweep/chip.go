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

// sizedName is the document that changes the sizes of a point's chip: a name that no
// chip file of a user has.
const sizedName = "point.of.sweep.sizes.yaml"

// placeOfOurs is where an error points in a document that the user never saw.
var placeOfOurs = regexp.MustCompile(`point\.of\.sweep\.sizes\.yaml:\d+:\d+: `)

// baseChip is a chip that the sweep names, as it was read before the first point.
type baseChip struct {
	*hwmodel.Chip
	texts []string // of its file and of those it extends, in turn
}

// readChip reads a chip and keeps the texts it is made of: chips of points are made of
// them again, whatever becomes of the files.
func (in *inputs) readChip(name string) error {
	if in.chips[name] != nil {
		return nil
	}
	base := new(baseChip)
	read := func(name string) ([]byte, error) {
		key := trial.BesideChip(".", name)
		text, ok := in.texts[key]
		if !ok {
			var err error
			if text, err = hwmodel.Source(name); err != nil {
				return nil, err
			}
			in.texts[key] = text
		}
		base.texts = append(base.texts, string(text))
		return text, nil
	}
	file := trial.BesideChip(in.folder, name)
	text, err := read(file)
	if err != nil {
		return err
	}
	if base.Chip, err = hwmodel.Parse(file, text, read); err != nil {
		return err
	}
	in.chips[name] = base
	return nil
}

// source is a text that readChip has kept.
func (in *inputs) source(name string) ([]byte, error) {
	if text, ok := in.texts[trial.BesideChip(".", trial.BesideChip(in.folder, name))]; ok {
		return text, nil
	}
	return nil, fmt.Errorf("chip %s was not read when the sweep began", name)
}

// chip makes the chip of a point. Sizes are changed by a chip file that extends the one
// named, so that prices follow by their laws and every check of a chip file holds;
// prices are changed on top of that, in place, so that all else that is said of them
// stays.
func (in *inputs) chip(at *setting) (*hwmodel.Chip, error) {
	chip := *in.chips[at.chip].Chip
	if len(at.sizes) > 0 {
		sized, err := hwmodel.Parse(sizedName, sizedDocument(at), in.source)
		if err != nil {
			return nil, ours(err)
		}
		name := chip.Name
		chip, chip.Name = *sized, name
	}
	if len(at.prices) > 0 {
		if err := changePrices(&chip, at.prices); err != nil {
			return nil, err
		}
	}
	if len(at.sizes)+len(at.prices) > 0 {
		chip.Title = in.chips[at.chip].Title + ", as changed by a sweep"
	}
	return at.conditions.On(&chip)
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

// changePrices changes what the axes change of a chip's prices. A value that becomes
// another one is assumed, as is that the point asks for it.
func changePrices(chip *hwmodel.Chip, values []priceValue) error {
	for _, v := range values {
		p := &chip.Prices[v.kind]
		before := *p
		if err := v.change(p, chip.Name); err != nil {
			return err
		}
		if p.Nominal != before.Nominal || p.Low != before.Low || p.High != before.High {
			p.Evidence, p.Source, p.Derivation = hwmodel.Assumed, "assumed: a value of a sweep", ""
		}
	}
	return chip.Validate()
}

// change puts one number in its place.
func (v priceValue) change(p *hwmodel.Price, chip string) error {
	if v.what == "latency_quanta" {
		p.LatencyKnown, p.LatencyQuanta, p.LatencySource = true, uint64(v.n), "assumed: a value of a sweep"
		return nil
	}
	if p.State != hwmodel.Priced {
		state := string(p.State)
		if p.State == hwmodel.IncludedIn {
			state = "included in " + p.Includer.String()
		}
		return fmt.Errorf("prices.%s.%s: %s has no value to change there, it is %s; write a chip file that gives it one", v.kind, v.what, chip, state)
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
