package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tritloom/hwmodel"
	"tritloom/ledger"
	"tritloom/report"
	"tritloom/sim"
)

// A comparison is the reports of each chip, no more and no less, and its table
// says of each what a reader must know.
func TestCompare(t *testing.T) {
	b := newBench(t, "ternary256")
	o := sim.DefaultOptions()
	o.Timing = sim.TimingAnalytic
	s := report.Subject{Run: b.simulate(t, o), Network: b.net, Layout: b.l}
	dear, slow := *dearer(b.chip), *b.chip
	dear.Name, slow.Name = "dear", "slow"
	slow.Prices[ledger.NeuronTouched].LatencyQuanta++
	options := report.Options{Energy: report.DefaultEnergyOptions()}
	c, err := report.Compare(s, []*hwmodel.Chip{b.chip, &dear, &slow}, options)
	if err != nil {
		t.Fatal(err)
	}
	for i, chip := range []*hwmodel.Chip{b.chip, &dear, &slow} {
		s.Chip = chip
		alone, err := report.New(s, options)
		if err != nil {
			t.Fatal(err)
		}
		if sameJSON(t, alone) != sameJSON(t, c.Reports[i]) {
			t.Errorf("%s: the comparison holds another report than the chip alone gives", chip.Name)
		}
	}
	text := c.String()
	for _, want := range []string{
		"of one run under 3 price tables; used cores, single stream", "dear (hypothetical)", "1.0", "0.8 V, 5.12 µs",
		"The intervals of ternary256 and dear overlap", "slow: times and busy quanta are those of the run", "--chip slow for its own",
		c.Reports[1].Chip.Prices[:19],
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "dear: ") {
		t.Errorf("dear has the latencies of the run, and a note:\n%s", text)
	}
	if _, err := report.Compare(s, []*hwmodel.Chip{b.chip, load(t, "unit")}, options); err == nil ||
		!strings.Contains(err.Error(), `chip "ternary256" (capabilities sha256:`) || !strings.Contains(err.Error(), `priced as "unit" (capabilities sha256:`) ||
		!strings.Contains(err.Error(), `compile the network again for "unit"`) {
		t.Errorf("another kind of chip: %v; want both chips, both hashes, the way out", err)
	}
	if _, err := report.Compare(s, nil, options); err == nil {
		t.Error("a comparison of nothing")
	}
}

func sameJSON(t *testing.T, r *report.Report) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
