package hwmodel

import (
	"fmt"
	"slices"
	"strings"

	"tritloom/ledger"
)

// scalingTable says how the energy of switching follows technology node and voltage.
type scalingTable struct {
	name, source string
	fits         []nodeFit // by falling node
}

// nodeFit is energy over supply voltage at one node, aV² + bV + c, in a unit that all
// nodes of the table share.
type nodeFit struct {
	nm, a, b, c float64
}

// scalingTables is the one list of tables by which prices may be projected.
var scalingTables = []scalingTable{{
	name:   "stillmaker-baas-2017",
	source: "Stillmaker & Baas 2017, Integration 58:74, as coded in the Accelergy library plug-in",
	fits: []nodeFit{
		{45, 1.103, -0.362, 0.277},
		{32, 0.956, -0.782, 0.471},
		{20, 0.373, -0.158, 0.041},
		{14, 0.236, -0.097, 0.022},
		{7, 0.178, -0.091, 0.024},
	},
}}

// ScalingTables lists the names of the tables by which prices may be projected to
// another technology node.
func ScalingTables() []string {
	var names []string
	for _, t := range scalingTables {
		names = append(names, t.name)
	}
	return names
}

func tableByName(name string) (*scalingTable, error) {
	for i := range scalingTables {
		if scalingTables[i].name == name {
			return &scalingTables[i], nil
		}
	}
	return nil, fmt.Errorf("unknown scaling table %q; known is %s; choose it, or leave the node out", name, strings.Join(ScalingTables(), ", "))
}

// span is the largest and the smallest node of the table.
func (t *scalingTable) span() (smallest, largest float64) {
	return t.fits[len(t.fits)-1].nm, t.fits[0].nm
}

// energy is switching energy at a node and a voltage, and between which nodes of the
// table it was interpolated, if it was. It has none outside the nodes of the table, or
// below the voltage from which its parabolas rise.
func (t *scalingTable) energy(nm, volts float64) (e float64, between string, ok bool) {
	for i, f := range t.fits {
		at, rises := f.at(volts)
		switch {
		case nm == f.nm:
			return at, "", rises
		case i > 0 && nm > f.nm && nm < t.fits[i-1].nm:
			upper := t.fits[i-1]
			above, alsoRises := upper.at(volts)
			share := (upper.nm - nm) / (upper.nm - f.nm)
			return above + (at-above)*share, fmt.Sprintf("%g nm on the line from %g to %g nm", nm, upper.nm, f.nm), rises && alsoRises
		}
	}
	return 0, "", false
}

// at is the fit at a voltage, and whether it rises there: below, it is no energy.
func (f nodeFit) at(volts float64) (e float64, rises bool) {
	return f.a*volts*volts + f.b*volts + f.c, 2*f.a*volts+f.b > 0
}

// ScaleEnergy is by what a switching energy known at one technology node (nm) and supply
// voltage (V) is multiplied to hold at another, by a named table. An error says what the
// table does not know.
func ScaleEnergy(table string, fromNM, fromV, toNM, toV float64) (float64, error) {
	t, err := tableByName(table)
	if err != nil {
		return 0, err
	}
	from, err := t.known(fromNM, fromV)
	if err != nil {
		return 0, err
	}
	to, err := t.known(toNM, toV)
	if err != nil {
		return 0, err
	}
	return to / from, nil
}

// known is energy, or an error that says what the table lacks.
func (t *scalingTable) known(nm, volts float64) (float64, error) {
	smallest, largest := t.span()
	if !(nm >= smallest && nm <= largest) {
		return 0, fmt.Errorf("%s knows no %g nm; it holds for %g..%g nm", t.name, nm, smallest, largest)
	}
	e, _, ok := t.energy(nm, volts)
	if !ok || !(e > 0) {
		return 0, fmt.Errorf("%s knows no %g V at %g nm, as its energies do not rise with voltage there; want a higher voltage", t.name, volts, nm)
	}
	return e, nil
}

// atNode is the chip with its switching energies projected to another technology node
// by a named table. Static prices, and prices without a node or voltage, cannot be
// projected: they stay, and the notes name them. The chip that comes out does not
// exist, and says so.
func (c *Chip) atNode(nm float64, table string) (*Chip, error) {
	t, err := tableByName(table)
	if err != nil {
		return nil, err
	}
	if smallest, largest := t.span(); !(nm >= smallest && nm <= largest) {
		return nil, fmt.Errorf("chip %s projected to %g nm; %s holds for %g..%g nm; choose a node in that range", c.Name, nm, t.name, smallest, largest)
	}
	moved, stays := c.clone(), []string(nil)
	projected := 0
	for k := range moved.Prices {
		p := &moved.Prices[k]
		if p.State != Priced {
			continue
		}
		if !p.project(t, nm) {
			stays = append(stays, ledger.Kind(k).String())
			continue
		}
		projected++
	}
	if projected == 0 {
		return nil, fmt.Errorf("chip %s projected to %g nm; none of its prices is marginal and states a node_nm that %s knows and a voltage_v; leave the node out, or state them in the chip file", c.Name, nm, t.name)
	}
	moved.Voltage = nil // how the supply acts is known of the node it was seen at
	moved.Hypothetical = true
	moved.Title = fmt.Sprintf("%s, projected to %g nm by %s", c.Title, nm, t.name)
	moved.Notes = append(moved.Notes, projectionNotes(t, nm, stays)...)
	return moved, nil
}

func projectionNotes(t *scalingTable, nm float64, stays []string) []string {
	notes := []string{fmt.Sprintf("Projected to %g nm by %s (%s) - no chip was made at that node; projected prices are estimated, at the voltages they state, and their intervals do not hold the error of the projection. Latencies stay.", nm, t.name, t.source)}
	if len(stays) > 0 {
		notes = append(notes, fmt.Sprintf("Not projected, as static or without a node and a voltage that the table knows - %s. They are those of the chip that was projected, so a total mixes nodes.", strings.Join(stays, ", ")))
	}
	return notes
}

// project moves a price to another node, if it is a switching energy whose node and
// voltage are stated and in the table.
func (p *Price) project(t *scalingTable, nm float64) bool {
	if p.Scope != Marginal || p.NodeNM == 0 || p.VoltageV == 0 {
		return false
	}
	from, fromLine, ok := t.energy(p.NodeNM, p.VoltageV)
	to, toLine, alsoOK := t.energy(nm, p.VoltageV)
	if !ok || !alsoOK {
		return false
	}
	lines := slices.DeleteFunc([]string{fromLine, toLine}, func(s string) bool { return s == "" })
	note := fmt.Sprintf("projected from %g nm to %g nm at %g V by %s, * %.4g = %.4g/%.4g", p.NodeNM, nm, p.VoltageV, t.name, to/from, to, from)
	if len(lines) > 0 {
		note += " (" + strings.Join(lines, ", ") + ")"
	}
	factor := to / from
	*p = p.times(Band{factor, factor, factor}, note)
	p.NodeNM = nm
	p.demote()
	return true
}
