package layout

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// String is a short summary: what the image is for, how much of the cores it
// uses, and where its layers are.
func (l *Layout) String() string {
	var s strings.Builder
	u := l.Usage()
	fmt.Fprintf(&s, "chip %s, %d of %d cores, %d of %d axons, %d of %d columns (%d pass sums on), %d synapses\n",
		l.Chip, u.Cores, u.CoresChip, u.Axons, u.AxonsHeld, u.Columns, u.ColumnsHeld, u.SenderColumns, u.Synapses)
	fmt.Fprintf(&s, "%d input bits, %d ticks per inference, a new one every %d\n", l.Inputs, l.Schedule.TicksPerInference, l.Schedule.InitiationInterval)
	table := tabwriter.NewWriter(&s, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "layer\tneurons\tlevel\tcolumns\tcores")
	for i := range len(l.Layers) + 1 {
		levels, columns, cores := l.layerPlaces(int32(i))
		fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%s\n", l.layerLabel(i).Name, l.layerLabel(i).Neurons, joinInts(levels), columns, joinInts(cores))
	}
	table.Flush() // a strings.Builder never fails
	return s.String()
}

// layerPlaces finds the columns labelled with a layer: their levels and cores
// without repeats, and how many they are.
func (l *Layout) layerPlaces(layer int32) (levels []int, columns int, cores []int) {
	for c := range l.Cores {
		for n := range l.Cores[c].Columns {
			if column := &l.Cores[c].Columns[n]; column.Role != Unused && column.Label.Layer == layer {
				columns++
				levels, cores = append(levels, int(column.Level)), append(cores, c)
			}
		}
	}
	slices.Sort(levels)
	return slices.Compact(levels), columns, slices.Compact(cores)
}

// joinInts writes rising numbers with runs cut short: "0-3 7".
func joinInts(v []int) string {
	var parts []string
	for i := 0; i < len(v); {
		end := i
		for end+1 < len(v) && v[end+1] == v[end]+1 {
			end++
		}
		if end > i {
			parts = append(parts, fmt.Sprintf("%d-%d", v[i], v[end]))
		} else {
			parts = append(parts, strconv.Itoa(v[i]))
		}
		i = end + 1
	}
	return strings.Join(parts, " ")
}

// Text is the whole image for people to read, one line a thing; see ParseText
// for the form. It is meant for small images.
func (l *Layout) Text() string {
	var s strings.Builder
	line := func(words ...string) {
		s.WriteString(strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ") + "\n")
	}
	line(append([]string{"chip", name(l.Chip)}, capabilityWords(&l.Capabilities)...)...)
	if l.Network != "" {
		line("network", name(l.Network))
	}
	if len(l.Encoder.Features) > 0 {
		text, err := json.Marshal(&l.Encoder)
		if err != nil {
			panic("layout: " + err.Error()) // strings and integers always encode
		}
		line("encoder", string(text))
	}
	line("inputs", strconv.Itoa(l.Inputs))
	for _, layer := range l.Layers {
		line("layer", name(layer.Name), strconv.Itoa(layer.Neurons))
	}
	line("readout", name(l.Readout.Name), strconv.Itoa(l.Readout.Neurons))
	if len(l.Classes) > 0 {
		line(append([]string{"classes"}, names(l.Classes)...)...)
	}
	ticks := []string{"ticks", strconv.Itoa(l.Schedule.TicksPerInference), "interval", strconv.Itoa(l.Schedule.InitiationInterval)}
	if l.Schedule.OutputTicks != 0 {
		ticks = append(ticks, "listen", strconv.Itoa(l.Schedule.OutputTicks))
	}
	if l.Schedule.Steps != 0 {
		ticks = append(ticks, "steps", strconv.Itoa(l.Schedule.Steps))
	}
	line(ticks...)
	for c := range l.Cores {
		l.coreText(c, line)
	}
	for _, e := range l.InputMap {
		at := fmt.Sprintf("%d:%d", e.Core, e.Axon)
		if e.Delay != 0 {
			at += fmt.Sprintf("@%d", e.Delay)
		}
		line("input", fmt.Sprint(e.Input), "to", at)
	}
	for _, e := range l.Schedule.Controls {
		line("control", fmt.Sprint(e.Tick), "to", fmt.Sprintf("%d:%d", e.Core, e.Axon))
	}
	if l.CountsSpikes() {
		line("output-bias", strings.Trim(fmt.Sprint(l.OutputBias), "[]"))
	}
	for _, e := range l.OutputMap {
		line("output", fmt.Sprint(e.Class), "from", fmt.Sprintf("%d:%d", e.Core, e.Column))
	}
	return s.String()
}

// coreText writes the used axons, rows and columns of a core.
func (l *Layout) coreText(c int, line func(...string)) {
	core, mode := &l.Cores[c], l.Capabilities.Core.SynapseMode
	line("core", fmt.Sprint(c), "at", fmt.Sprintf("%d,%d", core.X, core.Y))
	for a, axon := range core.Axons {
		if axon == (Axon{Label: NoLabel}) {
			continue
		}
		words := []string{"axon", fmt.Sprint(a)}
		if axon.Type != 0 {
			words = append(words, "type", fmt.Sprint(axon.Type))
		}
		if axon.Label != NoLabel {
			words = append(words, "from", l.labelWord(axon.Label))
		}
		line(words...)
	}
	for a := range core.Axons {
		if words, used := core.rowWords(a, mode); used {
			line(append([]string{"row", fmt.Sprint(a)}, words...)...)
		}
	}
	for n := range core.Columns {
		if words := l.columnWords(&core.Columns[n]); words != nil {
			line(append([]string{"column", fmt.Sprint(n)}, words...)...)
		}
	}
}

// columnWords describes a column, or nothing if it is unused and empty.
func (l *Layout) columnWords(c *Column) []string {
	words := []string{c.Role.String()}
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	if c.Role == Spiking || c.Theta != 0 {
		add(">= %d", c.Theta)
	}
	if c.Role == Spiking || c.Reset != 0 {
		add("reset %s", c.Reset)
	}
	if c.Leak != 0 {
		add("leak %d", c.Leak)
	}
	if c.TypeWeights != ([AxonTypes]int32{}) {
		w := c.TypeWeights
		add("weights %d,%d,%d,%d", w[0], w[1], w[2], w[3])
	}
	for _, f := range dynamicsFields {
		if v := f.get(&c.Dynamics); v != 0 {
			add("%s %s", f.word, f.text(v))
		}
	}
	if c.Role != Unused || c.Level != 0 {
		add("level %d", c.Level)
	}
	if c.Label != NoLabel {
		add("is %s", l.labelWord(c.Label))
	}
	if c.Psum != NoLink || len(c.Dests) > 0 {
		add("to")
	}
	if c.Psum != NoLink {
		add("%d:%d", c.Psum.Core, c.Psum.Column)
	}
	for _, d := range c.Dests {
		add("%d:%d@%d", d.Core, d.Axon, d.Delay)
	}
	if c.Role == Unused && len(words) == 1 {
		return nil
	}
	return words
}

// labelWord is a label as "layer/neuron"; layers whose name would not read
// back go by number: "#2/5".
func (l *Layout) labelWord(label Label) string {
	layer := "#" + fmt.Sprint(label.Layer)
	if label.Layer == InputLabel {
		layer = inputWord
	}
	if label.Layer >= 0 && int(label.Layer) <= len(l.Layers) {
		word := l.layerLabel(int(label.Layer)).Name
		if index, ok := l.layerByName(word); ok && index == label.Layer && plainName.MatchString(word) {
			layer = word
		}
	}
	return layer + "/" + fmt.Sprint(label.Neuron)
}

// inputWord is the layer word of labels of input bits.
const inputWord = "input"

// layerByName finds a layer or the input by the word of a label.
func (l *Layout) layerByName(word string) (int32, bool) {
	if word == inputWord {
		return InputLabel, true
	}
	for i := range len(l.Layers) + 1 {
		if l.layerLabel(i).Name == word {
			return int32(i), true
		}
	}
	return 0, false
}

// plainName is a name that needs no quotes.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

func name(s string) string {
	if plainName.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

func names(list []string) []string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = name(s)
	}
	return words
}
