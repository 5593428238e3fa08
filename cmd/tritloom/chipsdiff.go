package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"tritloom/hwmodel"
)

type chipsDiffCmd struct {
	A string `arg:"" name:"a" help:"Chip name or YAML file." placeholder:"A"`
	B string `arg:"" name:"b" help:"Chip name or YAML file to compare with it." placeholder:"B"`
}

// chipsDiff is what --json says of two chips.
type chipsDiff struct {
	A                 string               `json:"a"`
	B                 string               `json:"b"`
	EqualCapabilities bool                 `json:"equal_capabilities"` // a run of one may be priced by the other
	EqualPrices       bool                 `json:"equal_prices"`
	Differences       []hwmodel.Difference `json:"differences"`
}

// Run lists what differs; that something does is no failure.
func (c *chipsDiffCmd) Run(s *session) error {
	a, err := hwmodel.Load(c.A)
	if err != nil {
		return err
	}
	b, err := hwmodel.Load(c.B)
	if err != nil {
		return err
	}
	d := chipsDiff{
		A: a.Name, B: b.Name, EqualCapabilities: a.Capabilities.Hash() == b.Capabilities.Hash(), EqualPrices: a.PriceHash() == b.PriceHash(),
		Differences: append([]hwmodel.Difference{}, hwmodel.Diff(a, b)...),
	}
	return s.print(d, d.text())
}

// text is a table, long texts cut, and what it means for runs.
func (d chipsDiff) text() string {
	var b strings.Builder
	if len(d.Differences) == 0 {
		return "no difference but the names\n"
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "entry\t%s\t%s\tratio\n", d.A, d.B)
	for _, x := range d.Differences {
		ratio := "-"
		if x.Ratio != nil {
			ratio = fmt.Sprintf("%.4g", *x.Ratio)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", x.Path, cell(x.A), cell(x.B), ratio)
	}
	w.Flush() // a strings.Builder takes every write
	fmt.Fprintf(&b, "%s in %s\n", plural(len(d.Differences), "difference"), d.consequence())
	return b.String()
}

func (d chipsDiff) consequence() string {
	switch {
	case !d.EqualCapabilities:
		return "what the chips can do or cost; a network is compiled again for the other"
	case !d.EqualPrices:
		return "prices, latencies or words; both can do the same, so a run of one may be priced by the other"
	}
	return "words; both can do the same at the same prices"
}

// cell keeps a text short enough for a table.
func cell(text string) string {
	const most = 48 // letters
	letters := []rune(text)
	switch {
	case len(letters) == 0:
		return "-"
	case len(letters) > most:
		return string(letters[:most-3]) + "..."
	}
	return text
}
