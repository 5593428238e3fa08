package hwmodel

import (
	"slices"

	"tritloom/internal/strictyaml"
	"tritloom/ledger"
)

// inherit takes over what describes the chip that was extended.
func inherit(chip, base *Chip) {
	chip.Extends = append([]string{base.Name}, base.Extends...)
	chip.Notes = append(slices.Clone(base.Notes), chip.Notes...)
	if chip.Title == "" {
		chip.Title = base.Title + ", as changed by " + chip.Name
	}
}

// inheritLatency takes over a latency that a row stated anew leaves out.
func (p *Price) inheritLatency(base *Price) {
	if p.LatencyKnown || !base.LatencyKnown {
		return
	}
	p.LatencyKnown, p.LatencyQuanta = true, base.LatencyQuanta
	if p.LatencySource == "" {
		p.LatencySource = base.LatencySource
	}
}

// keepDrawsTogether follows prices that a document states anew and that inherited ones
// are drawn with. Those are of the old number, not of the new one: the first of them is
// drawn by itself from now on, and the others with it.
func (c *Chip) keepDrawsTogether(doc *document) {
	first := map[ledger.Kind]ledger.Kind{}
	for i := range c.Prices {
		p := &c.Prices[i]
		if doc.Prices[i] != nil || p.DrawnWith == nil || doc.Prices[*p.DrawnWith] == nil {
			continue
		}
		if with, ok := first[*p.DrawnWith]; ok {
			p.DrawnWith = &with
			continue
		}
		first[*p.DrawnWith] = p.Kind
		p.DrawnWith = nil
	}
}

// changedFor finds the first entry of a file, by keys, that changes a capability
// so that a price of the extended chip no longer holds.
func changedFor(p *Price, chip, base *Chip, places strictyaml.Places) string {
	found := "extends" // where changes tell only together
	is := leafValues(&chip.Capabilities)
	for _, f := range fields {
		path := "capabilities." + f.path
		at, stated := places[path]
		if !stated || found != "extends" && !at.Before(places[found]) {
			continue
		}
		alone := base.Capabilities
		leafValues(&alone)[f.path].Set(is[f.path])
		if _, err := carry(*p, &base.Capabilities, &alone); err != nil {
			found = path
		}
	}
	return found
}
