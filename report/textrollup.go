package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// most tiles and cores that the text names; the rest is in the JSON.
const mostNamed = 5

// rollupTable says where the energy of the run is: by component, and in which
// tiles and cores most of it.
func (r *Report) rollupTable() string {
	if r.Rollup == nil {
		return ""
	}
	t := table{align: "lrrrr"}
	t.add("component", "joules", "low", "high", "share")
	for _, n := range components(r.Rollup) {
		t.add(n.Name+lacking(n), SI(n.Joules.Nominal, "J"), SI(n.Joules.Low, "J"), SI(n.Joules.High, "J"), r.shareOfRun(n.Joules.Nominal))
	}
	t.add("chip", SI(r.Rollup.Joules.Nominal, "J"), SI(r.Rollup.Joules.Low, "J"), SI(r.Rollup.Joules.High, "J"))
	text := "Where the energy of the whole run is, ticks of no sample included\n" + t.String()
	for _, n := range r.Rollup.Parts {
		if n.Name == unusedCores {
			text += fmt.Sprintf("  of it in unused cores: %s (%s)\n", SI(n.Joules.Nominal, "J"), r.shareOfRun(n.Joules.Nominal))
		}
	}
	if tiles := r.tileNodes(); len(tiles) < len(r.Cores) { // else a tile is a core
		text += r.largest("tiles", tiles)
	}
	return text + r.largest("cores", r.coreNodes())
}

// lacking says that a component's joules are a lower bound.
func lacking(n Node) string {
	if len(n.Unpriced) == 0 {
		return ""
	}
	return ", at least (no price for " + strings.Join(n.Unpriced, ", ") + ")"
}

// shareOfRun is a part of all joules of the run.
func (r *Report) shareOfRun(joules float64) string {
	if r.Rollup.Joules.Nominal <= 0 {
		return ""
	}
	return Percent(joules / r.Rollup.Joules.Nominal)
}

// components adds up the leaves of a tree by name, in the order they first occur.
func components(n *Node) []Node {
	var list []Node
	var walk func(*Node)
	walk = func(n *Node) {
		for i := range n.Parts {
			walk(&n.Parts[i])
		}
		if n.Events == nil {
			return
		}
		at := slices.IndexFunc(list, func(c Node) bool { return c.Name == n.Name })
		if at < 0 {
			list = append(list, Node{Name: n.Name, Unpriced: n.Unpriced})
			at = len(list) - 1
		}
		list[at].Joules = list[at].Joules.plus(n.Joules)
		for _, k := range n.Unpriced {
			if !slices.Contains(list[at].Unpriced, k) {
				list[at].Unpriced = append(slices.Clone(list[at].Unpriced), k)
			}
		}
	}
	walk(n)
	slices.SortStableFunc(list, func(a, b Node) int { return cmp.Compare(b.Joules.Nominal, a.Joules.Nominal) })
	return list
}

// tileNodes are the tiles with a used core, without what is beside them.
func (r *Report) tileNodes() []Node {
	return slices.DeleteFunc(slices.Clone(r.Rollup.Parts), func(n Node) bool { return n.Name == unusedCores })
}

// coreNodes names the used cores with their places.
func (r *Report) coreNodes() []Node {
	list := make([]Node, len(r.Cores))
	for i, c := range r.Cores {
		list[i] = Node{Name: fmt.Sprintf("core %d at %d,%d", c.Core, c.X, c.Y), Joules: c.Joules}
	}
	return list
}

// largest names the parts that take most.
func (r *Report) largest(what string, list []Node) string {
	if len(list) < 2 {
		return ""
	}
	slices.SortStableFunc(list, func(a, b Node) int { return cmp.Compare(b.Joules.Nominal, a.Joules.Nominal) })
	var words []string
	for _, n := range list[:min(mostNamed, len(list))] {
		words = append(words, fmt.Sprintf("%s %s (%s)", n.Name, SI(n.Joules.Nominal, "J"), r.shareOfRun(n.Joules.Nominal)))
	}
	more := ""
	if n := len(list) - mostNamed; n > 0 {
		more = fmt.Sprintf("; %s more", Count(n))
	}
	return fmt.Sprintf("  %s: %s%s\n", what, strings.Join(words, ", "), more)
}

// opsOnlyTable shows what counting operations alone would say.
func (r *Report) opsOnlyTable() string {
	if len(r.OpsOnly) == 0 {
		return ""
	}
	t := table{align: "lrrrr"}
	t.add("estimator", "a synaptic op", "a neuron update", "energy", "vs this model")
	sources := sourceList{}
	for _, f := range r.OpsOnly {
		update := "not counted"
		if f.PerNeuronUpdate > 0 {
			update = SI(f.PerNeuronUpdate, "J")
		}
		t.add(f.Name+" "+sources.cite(f.Source), SI(f.PerSynapticOp, "J"), update, SI(f.Joules, "J"), Times(f.Ratio))
	}
	return "What operation counting alone would say; not a result of this model\n" + t.String() + sources.String()
}
