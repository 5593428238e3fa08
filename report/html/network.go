package html

import (
	"strconv"

	"tritloom/report"
	"tritloom/ternary"
)

// layerSection is what fired, layer by layer.
type layerSection struct {
	Rows   []layerRow
	Steps  bool // rates a step are shown too
	NoGate bool // columns also fire on ticks that are not theirs
}

// layerRow is one layer.
type layerRow struct {
	Name, Neurons, Columns, Spikes, Rate, PerStep string
	Width                                         string // percent; of the rate, one is the whole
	Known                                         bool
}

func newLayerSection(r *report.Report) *layerSection {
	if len(r.Layers) == 0 {
		return nil
	}
	steps := 1
	if r.Steps != nil {
		steps = *r.Steps
	}
	s := &layerSection{Steps: steps > 1, NoGate: !r.Chip.WaveGate}
	for _, l := range r.Layers {
		row := layerRow{Name: l.Name, Neurons: report.Count(l.Neurons), Columns: "unknown", Spikes: report.Count(l.Spikes), Rate: "unknown", PerStep: "unknown"}
		if l.Columns > 0 && r.Samples > 0 {
			rate := float64(l.Spikes) / float64(l.Columns) / float64(r.Samples)
			row.Known, row.Columns = true, report.Count(l.Columns)
			row.Rate, row.PerStep = decimals(rate), decimals(rate/float64(steps))
			row.Width = percentOf(rate/float64(steps), 1)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func decimals(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }

// memorySection is what becomes of 32x.
type memorySection struct {
	Weights   string
	Others    []string // the forms that weights are compared with
	Chart     []bar    // the same weights in other forms, then the rungs
	Rungs     []rungRow
	Kinds     []part
	Stored    string
	Stranded  string
	PerWeight string
	Verdict   []string
	Use       []useRow
}

// rungRow is a step from the weights alone to all that is stored.
type rungRow struct {
	Name, Added, Bits string
	Ratios            []string
}

// useRow is how full something is.
type useRow struct {
	Name, Used, Available, Share, Width string
}

func newMemorySection(m *report.Memory) *memorySection {
	if m == nil {
		return nil
	}
	s := &memorySection{
		Weights: report.Count(m.Weights), Stored: report.Count(m.StoredBits), PerWeight: strconv.FormatFloat(m.PerWeight, 'f', 1, 64),
		Verdict: m.Verdict(),
	}
	for _, b := range ternary.Baselines {
		s.Others = append(s.Others, b.Name)
	}
	s.Chart = ladderChart(m)
	for i, rung := range m.Ladder {
		row := rungRow{Name: rung.Name, Added: signed(rung.Added), Bits: report.Count(rung.Bits)}
		if i == 0 {
			row.Added = report.Count(rung.Added)
		}
		for _, ratio := range rung.Ratios {
			row.Ratios = append(row.Ratios, report.Times(ratio.Value))
		}
		s.Rungs = append(s.Rungs, row)
	}
	s.addKinds(m)
	s.addUse(m.Utilisation)
	return s
}

// signed writes bits that are added or, with a true minus, left out.
func signed(bits int64) string {
	if bits < 0 {
		return "−" + report.Count(-bits)
	}
	return "+" + report.Count(bits)
}

// ladderChart sets all rungs beside the same number of weights in other forms.
func ladderChart(m *report.Memory) []bar {
	longest := 0.0
	for _, b := range ternary.Baselines {
		longest = max(longest, float64(m.Weights*int64(b.Bits)))
	}
	for _, rung := range m.Ladder {
		longest = max(longest, float64(rung.Bits))
	}
	var chart []bar
	for _, b := range ternary.Baselines {
		bits := m.Weights * int64(b.Bits)
		chart = append(chart, bar{Name: b.Name + " weights", Figure: report.Count(bits) + " bits", Class: "other", Width: percentOf(float64(bits), longest)})
	}
	for i, rung := range m.Ladder {
		name := "with " + rung.Name
		if i == 0 {
			name = "ternary: " + rung.Name
		}
		chart = append(chart, bar{Name: name, Figure: report.Count(rung.Bits) + " bits", Class: "body", Width: percentOf(float64(rung.Bits), longest)})
	}
	return chart
}

// addKinds splits what the used cores store.
func (s *memorySection) addKinds(m *report.Memory) {
	var amounts []amount
	for i, b := range m.Kinds {
		class := "kind-" + strconv.Itoa(i%6)
		if b.Stranded {
			class = "stranded-" + strconv.Itoa(i%2)
		}
		amounts = append(amounts, amount{b.Name, report.Count(b.Bits) + " bits", class, float64(b.Bits)})
	}
	s.Kinds = newParts(amounts)
	if m.StoredBits > 0 {
		s.Stranded = report.Percent(float64(m.StrandedBits) / float64(m.StoredBits))
	}
}

func (s *memorySection) addUse(u report.Utilisation) {
	for _, row := range []struct {
		name string
		used report.Used
	}{{"cores of the chip", u.Cores}, {"axons", u.Axons}, {"neurons", u.Neurons}, {"synapses", u.Synapses}} {
		s.Use = append(s.Use, useRow{
			Name: row.name, Used: report.Count(row.used.Used), Available: report.Count(row.used.Available),
			Share: report.Percent(row.used.Share()), Width: percentOf(row.used.Share(), 1),
		})
	}
}
