package report

import (
	"fmt"
	"strings"
)

// Published is a figure that others published for a chip that may be modelled
// here. It stands beside a run; it is not part of any price.
type Published struct {
	Chip    string `json:"chip"` // chip description it may stand beside
	Data    string `json:"data"` // data set, or how the names of its variants begin
	System  string `json:"system"`
	Network string `json:"network"`
	Cores   int    `json:"cores"`
	// EnergyJ is joules a sample. There are two where two versions of one
	// paper disagree.
	EnergyJ  []float64 `json:"energy_j"`
	SampleS  float64   `json:"sample_s"`  // seconds a sample, one over the throughput
	LatencyS *float64  `json:"latency_s"` // from a sample's input to its decision; null where not published
	Accuracy float64   `json:"accuracy"`
	Scope    string    `json:"scope"` // what the figure covers, as far as published
	Source   string    `json:"source"`
}

// esserScope is what the abstracts of Esser 2015 leave open.
const esserScope = "energy an image as printed; which parts of the chip and host it covers, supply voltage and spikes are not in the abstracts; " +
	"5 and 30 cores a network are second-hand and unchecked"

const esserSource = "Esser 2015 (NIPS 5862): the abstract of the PDF, then that of the proceedings' page; networks and 1 ms a sample as in Renner 2024, Table 1 (second-hand)"

// publishedFigures is the one list of them.
var publishedFigures = []Published{
	{
		Chip: "truenorth", Data: "mnist", System: "Esser 2015", Network: "CNN, 512 neurons", Cores: 5,
		EnergyJ: []float64{0.268e-6, 0.408e-6}, SampleS: 1e-3, Accuracy: 0.927, Scope: esserScope, Source: esserSource,
	},
	{
		Chip: "truenorth", Data: "mnist", System: "Esser 2015", Network: "CNN, 3840 neurons, 64 of them", Cores: 64 * 30,
		EnergyJ: []float64{108e-6, 121e-6}, SampleS: 1e-3, Accuracy: 0.9942, Scope: esserScope, Source: esserSource,
	},
}

// publishedBeside lists the figures that may stand beside a run on a chip. The
// data is that of the run, such as "mnist:test[0:1000]".
func publishedBeside(chip, data string) []Published {
	var list []Published
	for _, p := range publishedFigures {
		if p.Chip == chip && strings.HasPrefix(data, p.Data) {
			list = append(list, p)
		}
	}
	return list
}

// publishedTable sets the run beside what others published, and says what each
// figure covers.
func (r *Report) publishedTable() string {
	if len(r.Published) == 0 {
		return ""
	}
	t := table{align: "llrrrrrr"}
	t.add("", "network", "cores", "energy a sample", "a core and sample", "time a sample", "latency", "accuracy")
	for _, c := range r.Covers {
		if c.Boundary == r.Energy.Boundary {
			t.add(r.besideRow(c)...)
		}
	}
	words := sourceList{}
	for _, p := range r.Published {
		t.add(p.System+" "+words.cite(p.Scope)+" "+words.cite(p.Source), p.Network, Count(p.Cores),
			energies(p.EnergyJ, 1), energies(p.EnergyJ, 1/float64(p.Cores)), SI(p.SampleS, "s"), optional(p.LatencyS), Percent(p.Accuracy))
	}
	covers := fmt.Sprintf("  This run: simulated events times prices; %s; %s. What the chip spends is the row of the whole chip.\n",
		boundaryWords[r.Energy.Boundary], scenarioWords[r.Energy.Scenario])
	return fmt.Sprintf("Beside figures published for this chip on %s, of other networks; this run is on %s\n", r.Published[0].Data, r.Data) +
		t.String() + covers + words.String()
}

// besideRow is this run under one scope.
func (r *Report) besideRow(c Cover) []string {
	cores, least := r.Chip.CoresUsed, ""
	if c.Scope == WholeChip {
		cores = r.Chip.CoresChip
	}
	if c.LowerBound {
		least = "at least "
	}
	neurons := 0
	for _, l := range r.Layers {
		neurons += l.Neurons
	}
	var sample, latency *float64
	if r.ThroughputHz != nil {
		seconds := 1 / *r.ThroughputHz
		sample = &seconds
	}
	if r.Latency != nil {
		latency = &r.Latency.Mean
	}
	return []string{"this run, " + scopeWords[c.Scope], Count(neurons) + " neurons", Count(cores), least + SI(c.Energy.Nominal, "J"),
		least + SI(c.Energy.Nominal/float64(cores), "J"), optional(sample), optional(latency), Percent(r.Accuracy.Value)}
}

// optional writes seconds, or a dash where none are known.
func optional(seconds *float64) string {
	if seconds == nil {
		return "-"
	}
	return SI(*seconds, "s")
}

// energies writes one figure, or those of two versions of a paper.
func energies(joules []float64, factor float64) string {
	texts := make([]string, len(joules))
	for i, j := range joules {
		texts[i] = SI(j*factor, "J")
	}
	return strings.Join(texts, " or ")
}
