package hwmodel

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"tritloom/ledger"
)

// textWidth is the width that long texts are wrapped to, in letters.
const textWidth = 110

// String is the chip as a person reads it: what it can do, what each event
// costs and takes, and how the prices were derived.
func (c *Chip) String() string {
	var b strings.Builder
	c.writeHead(&b)
	c.Capabilities.write(&b)
	c.writePrices(&b)
	c.writeGaps(&b)
	c.Voltage.write(&b)
	c.TickModel.write(&b)
	c.writeDerivations(&b)
	return b.String()
}

func (c *Chip) writeHead(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s\n", c.Name, c.Title)
	if c.Hypothetical {
		b.WriteString("hypothetical: no such silicon exists\n")
	}
	if len(c.Extends) > 0 {
		fmt.Fprintf(b, "extends %s\n", strings.Join(c.Extends, ", which extends "))
	}
	for _, note := range c.Notes {
		writeWrapped(b, "- ", 2, note)
	}
}

func (c *Capabilities) write(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, row := range c.rows() {
		fmt.Fprintf(w, "  %s\t%s\n", row[0], row[1])
	}
	b.WriteString("\ncapabilities  " + c.Hash() + "\n")
	w.Flush() // a strings.Builder takes every write
}

// rows describes the capabilities, one section a row.
func (c *Capabilities) rows() [][2]string {
	return [][2]string{
		{"core", fmt.Sprintf("%d axons x %d neurons, %s, %s, %s a neuron, %d bits stored",
			c.Core.Axons, c.Core.Neurons, c.Core.synapseText(), c.Core.ReadOrder, plural(c.Core.NeuronBits, "bit"), c.Core.StoredBits())},
		{"neuron", fmt.Sprintf("potential %s, threshold %s, leak %s; reset %s; %s",
			plural(c.Neuron.PotentialBits, "bit"), plural(c.Neuron.ThresholdBits, "bit"), plural(c.Neuron.LeakBits, "bit"),
			strings.Join(c.Neuron.Reset, ", "), c.Neuron.extrasText())},
		{"spikes", fmt.Sprintf("%s, delay 1..%d ticks, spikes of one tick on one axon: %s",
			c.Spikes.destinationText(), c.Spikes.DelayMaxTicks, c.Spikes.AxonMerge)},
		{"psum", choose(c.Psum.Bits > 0, "links of "+plural(c.Psum.Bits, "bit"), "no links")},
		{"host", choose(c.Host.ScorePorts, "score ports", "no score ports") + ", " + choose(c.Host.WaveGate, "wave gate", "no wave gate")},
		{"tick", c.Tick.text()},
		{"mesh", fmt.Sprintf("%dx%d = %d cores in tiles of %dx%d, routing %s",
			c.Mesh.Width, c.Mesh.Height, c.Mesh.Cores(), c.Mesh.TileWidth, c.Mesh.TileHeight, c.Mesh.Routing) +
			choose(c.Mesh.BufferPackets > 0, ", "+plural(c.Mesh.BufferPackets, "packet")+" a router port", "") +
			choose(c.Mesh.TileRouters, ", one router a tile", "") + choose(c.Mesh.Unicast, ", one packet a destination core", "")},
	}
}

// extrasText lists what only some chips' neurons have.
func (n *Neuron) extrasText() string {
	text := choose(n.Stochastic, "stochastic by random numbers of "+plural(n.RandomBits, "bit"), "deterministic")
	for _, extra := range []struct {
		has  bool
		name string
	}{
		{n.Saturates, "saturates"},
		{n.NegativeThreshold, "negative threshold"},
		{n.ResetPotential, "reset potential"},
		{n.LeakReversal, "leak reversal"},
		{n.DecayBits > 0, "decays of " + plural(n.DecayBits, "bit")},
		{n.RefractoryMaxTicks > 0, "refractory up to " + plural(n.RefractoryMaxTicks, "tick")},
	} {
		if extra.has {
			text += ", " + extra.name
		}
	}
	return text
}

func (c Core) synapseText() string {
	text := fmt.Sprintf("%s synapses of %s", c.SynapseMode, plural(c.SynapseBits, "bit"))
	if c.SynapseMode == TypedBinary {
		text += fmt.Sprintf(", %s with weights of %s", plural(c.AxonTypes, "axon type"), plural(c.WeightBits, "bit"))
	}
	if c.ConductanceSD1024 > 0 {
		text += fmt.Sprintf(", conductances off by %d/1024 (standard deviation)", c.ConductanceSD1024)
	}
	if c.ADCBits > 0 {
		text += ", conversions of " + plural(c.ADCBits, "bit")
	}
	return text
}

func (s Spikes) destinationText() string {
	if s.Destinations == 0 {
		return "multicast to any number of axons"
	}
	return "to " + plural(s.Destinations, "axon") + " a neuron"
}

func (t Tick) text() string {
	quantum := fmt.Sprintf("quantum %d ps", t.QuantumPS)
	if t.Kind == TickBarrier {
		return "barrier: ends when every core has finished; " + quantum
	}
	return fmt.Sprintf("fixed, %d quanta = %.4g us; %s", t.Quanta, float64(t.PS())/1e6, quantum)
}

// writePrices writes one line a kind. Numbers line up on the right.
func (c *Chip) writePrices(b *strings.Builder) {
	fmt.Fprintf(b, "\nprices  %s  pJ an event, latency in quanta\n", c.PriceHash())
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  event\t%8s\t[low, high]\tquanta\tboundary\tscope\tevidence\tlaw\tsource or reason\n", "pJ")
	for i := range c.Prices {
		p := &c.Prices[i]
		value, interval, source := p.cells()
		fmt.Fprintf(w, "  %s\t%8s\t%s\t%6s\t%s\t%s\t%s\t%s\t%s\n",
			ledger.Kind(i), value, interval, p.latencyCell(), Boundary(ledger.Kind(i)), dash(p.Scope), dash(p.Evidence), p.lawCell(), source)
	}
	w.Flush() // a strings.Builder takes every write
}

// cells gives the value, the interval and the source of a price as text.
func (p *Price) cells() (value, interval, source string) {
	switch p.State {
	case Priced:
		return picojoules(p.Nominal), "[" + picojoules(p.Low) + ", " + picojoules(p.High) + "]", p.Source
	case IncludedIn:
		return "incl.", "-", "included in " + p.Includer.String()
	case ZeroFact:
		return "0", "-", "fact: " + p.Source
	}
	return "unknown", "-", p.Source
}

func (p *Price) latencyCell() string {
	if !p.LatencyKnown {
		return "-"
	}
	return strconv.FormatUint(p.LatencyQuanta, 10)
}

func (p *Price) lawCell() string {
	if p.State == Priced && p.Law == Absolute {
		return "absolute"
	}
	return dash(p.Law)
}

// write says how prices follow the supply voltage, if that is known.
func (m *VoltageModel) write(b *strings.Builder) {
	if m == nil {
		return
	}
	b.WriteString("\nhow prices follow the supply voltage\n")
	n := m.StaticExponent
	writeWrapped(b, "  ", 4, fmt.Sprintf("reference %g V; marginal prices as V^%d, static ones as V^%g [%g, %g], within %g..%g V; ports and links between chips do not follow; %s",
		m.ReferenceV, dynamicExponent, n.Nominal, n.Low, n.High, m.ValidV.Low, m.ValidV.High, m.Source))
	if m.Derivation != "" {
		writeWrapped(b, "  ", 4, m.Derivation)
	}
}

// write says how prices follow the tick, if that is known.
func (m *TickModel) write(b *strings.Builder) {
	if m == nil {
		return
	}
	b.WriteString("\nhow prices follow the length of the tick\n")
	s := m.PerTickShare
	writeWrapped(b, "  ", 4, fmt.Sprintf("reference %g us; of static prices a share of %.4g [%.4g, %.4g] is paid once a tick and the rest by time, within %g..%g us; prices of events and of quanta do not follow; %s",
		m.ReferenceUS, s.Nominal, s.Low, s.High, m.ValidUS.Low, m.ValidUS.High, m.Source))
	if m.Derivation != "" {
		writeWrapped(b, "  ", 4, m.Derivation)
	}
}

// writeDerivations writes the arithmetic and the conditions behind the prices.
func (c *Chip) writeDerivations(b *strings.Builder) {
	head := "\nhow the values were derived\n"
	for i := range c.Prices {
		p := &c.Prices[i]
		company := p.companyText()
		if p.Derivation == "" && company == "" {
			continue
		}
		b.WriteString(head)
		head = ""
		writeWrapped(b, "  ", 4, p.Kind.String()+p.conditions()+": "+p.Derivation+choose(p.Derivation == "" || company == "", "", "; ")+company+choose(p.AbsoluteReason == "", "", "; absolute, as "+p.AbsoluteReason))
	}
}

// companyText names the events that the value holds, is drawn with and was measured
// beside.
func (p *Price) companyText() string {
	var parts []string
	if len(p.Covers) > 0 {
		parts = append(parts, "covers "+coveredNames(p.Covers))
	}
	if p.DrawnWith != nil {
		parts = append(parts, "drawn with "+p.drawnWithName())
	}
	if p.MeasuredAt != nil {
		parts = append(parts, "measured at "+p.MeasuredAt.text(p.Kind.String()))
	}
	return strings.Join(parts, "; ")
}

// conditions says at which voltage and node a price holds, where that is known.
func (p *Price) conditions() string {
	var parts []string
	if p.VoltageV != 0 {
		parts = append(parts, fmt.Sprintf("%g V", p.VoltageV))
	}
	if p.NodeNM != 0 {
		parts = append(parts, fmt.Sprintf("%g nm", p.NodeNM))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// writeWrapped writes text after a lead, broken between words; later lines are
// indented by the given number of letters.
func writeWrapped(b *strings.Builder, lead string, indent int, text string) {
	line := lead
	for i, word := range strings.Fields(text) {
		if i > 0 && len(line)+1+len(word) > textWidth {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", indent) + word
			continue
		}
		line += choose(i > 0, " ", "") + word
	}
	b.WriteString(line + "\n")
}

// picojoules writes an energy to four figures, without an exponent below 1 uJ.
func picojoules(j float64) string {
	if pj := j / Picojoule; pj < 1000 || pj >= 1e6 {
		return strconv.FormatFloat(pj, 'g', 4, 64)
	}
	return strconv.FormatFloat(j/Picojoule, 'f', 0, 64)
}

func dash[T ~string](s T) string { return choose(s == "", "-", string(s)) }

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func plural(n int, unit string) string {
	return fmt.Sprintf("%d %s", n, unit+choose(n == 1, "", "s"))
}
