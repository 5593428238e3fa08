package ternary

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// String is a table of the network: a line a layer with its sources, its
// inputs and neurons, how many of its weights are not zero, and the range of
// its thresholds.
func (n *Network) String() string {
	var s strings.Builder
	w := tabwriter.NewWriter(&s, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "layer\top\tfrom\tinputs\tneurons\tweights\tnonzero\tthresholds")
	for i := range n.Layers {
		l := &n.Layers[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n", n.nameOf(i), l.describeOp(), n.sources(l.From), n.Width(l.From), l.Outputs, describeNumbers(l.Weights, l.Theta))
	}
	r := &n.Readout
	fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n", quoteName(r.Name), "readout "+string(r.Mode), n.sources(r.From), n.Width(r.From), r.Outputs, describeNumbers(r.Weights, r.Bias))
	w.Flush() // into memory
	return s.String()
}

// describeOp is the operation, with the neuron model where it is not step.
func (l *Layer) describeOp() string {
	if l.Neuron.Model == Step {
		return string(l.Op)
	}
	return string(l.Op) + " " + string(l.Neuron.Model)
}

// describeNumbers is the last three columns.
func describeNumbers(weights []int8, numbers []int32) string {
	if weights == nil && numbers == nil {
		return "-\t-\t-"
	}
	var s Size
	s.addWeights(weights)
	low, high := bounds(numbers)
	return fmt.Sprintf("%d\t%d\t%d..%d", s.Weights, s.Nonzero, low, high)
}

// sources names the sources of a layer or of the readout.
func (n *Network) sources(from []int) string {
	names := make([]string, len(from))
	for i, s := range from {
		names[i] = inputName
		if s != Input {
			names[i] = n.nameOf(s)
		}
	}
	return strings.Join(names, " ")
}

// inputName is what texts call the network's input bits.
const inputName = "input"

// nameOf names a layer so that ParseText finds it again: its name, or its
// number with # before it where the name is not its own.
func (n *Network) nameOf(i int) string {
	for j := range n.Layers {
		if j != i && n.Layers[j].Name == n.Layers[i].Name {
			return fmt.Sprintf("#%d", i)
		}
	}
	return quoteName(n.Layers[i].Name)
}

// quoteName quotes a name that a reader of the text form would take for
// something else.
func quoteName(name string) string {
	plain := name != "" && name != inputName && !keywords[name]
	for i, c := range name {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789.-", c)) {
			plain = false
		}
	}
	if plain {
		return name
	}
	return fmt.Sprintf("%q", name)
}

// Text is the whole network as text that a person can read and write, and
// ParseText reads. A weight row of a ternary network is a run of +, - and 0;
// other alphabets have their numbers with spaces between.
//
//	inputs 4
//	layer hidden dense from input
//	+-0+ >= 1
//	-++0 >= 0
//	readout out sum from hidden
//	+- + 0
//	-+ + -2
//
// A row without inputs is a single dot.
func (n *Network) Text() string {
	var s strings.Builder
	n.writeHead(&s)
	for i := range n.Layers {
		n.writeLayer(&s, &n.Layers[i])
	}
	n.writeReadout(&s)
	return s.String()
}
