package report

import (
	"encoding/csv"
	"io"
	"strconv"

	"tritloom/hwmodel"
	"tritloom/ledger"
)

// WritePerSampleCSV writes one row a sample: its number in the run, its energy
// in joules, its latency in seconds (empty without a timing model), and its
// count of every kind of event that happened in the run, in the ledger's order:
// counts times prices are the energy again. Where prices are missing the energies are
// lower bounds and energy_high_j is empty.
func WritePerSampleCSV(w io.Writer, run *ledger.Run, chip *hwmodel.Chip, o EnergyOptions) error {
	if err := o.Validate(); err != nil {
		return err
	}
	c, err := newCensus(run, chip, o.Scope)
	if err != nil {
		return err
	}
	run = c.run
	s := newSheet(run, chip, o.Boundary)
	kinds := c.columns()
	header := []string{"sample", "energy_nominal_j", "energy_low_j", "energy_high_j", "latency_s"}
	for _, k := range kinds {
		header = append(header, k.String())
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for i := range run.Samples {
		if err := out.Write(c.row(i, s, kinds)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// columns lists the kinds of the table.
func (c *census) columns() []ledger.Kind {
	var list []ledger.Kind
	for k, n := range c.total() {
		if n > 0 {
			list = append(list, ledger.Kind(k))
		}
	}
	return list
}

func (c *census) row(i int, s *sheet, kinds []ledger.Kind) []string {
	counts := c.sample(i)
	energy := s.joules(&counts)
	latency := ""
	if timed(c.run) {
		latency = number(float64(c.run.Timing.PerSample[i]) * float64(c.run.Timing.QuantumPS) * picosecond)
	}
	high := number(energy.High)
	if s.lacks(&c.samples) {
		high = ""
	}
	row := []string{strconv.Itoa(i), number(energy.Nominal), number(energy.Low), high, latency}
	for _, k := range kinds {
		row = append(row, strconv.FormatUint(counts[k], 10))
	}
	return row
}

// number writes a figure for other programs, with 12 significant digits: far
// more than prices have, and few enough to hide the rounding of their sums.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 12, 64) }
