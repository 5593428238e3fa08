package hwmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tritloom/ledger"
)

func names(kinds []ledger.Kind) string {
	var text []string
	for _, k := range kinds {
		text = append(text, k.String())
	}
	return strings.Join(text, " ")
}

// TestUnknownLatencies reads off the chip files which latencies they leave out,
// and takes one away from chips with and without the means for such an event.
func TestUnknownLatencies(t *testing.T) {
	for _, c := range []struct{ chip, want string }{
		{"extends: unit\n", ""},
		{"extends: ternary256\n", ""},
		// A handshake has a published time; a tick has its length; no partial
		// sums, no score ports and no barrier are there.
		{"extends: truenorth\n", "axon_write axon_read axon_merge row_read bits_read neuron_touched neuron_idle spike_emitted packet_tile packet_core " +
			"hop_x hop_y chip_crossing input_spike control_spike output_spike state_reset config_write"},
		{"extends: truenorth\ncapabilities: {psum: {bits: 8}, host: {score_ports: true}}\nprices: {adc_conversion: {unknown: not published}}\n",
			"axon_write axon_read axon_merge row_read bits_read neuron_touched neuron_idle spike_emitted packet_tile packet_core " +
				"hop_x hop_y chip_crossing psum_send psum_hop adc_conversion input_spike control_spike output_spike output_score state_reset config_write"},
	} {
		chip, err := extend("", c.chip)
		if err != nil {
			t.Errorf("%s: %v", c.chip, err)
			continue
		}
		if diff := cmp.Diff(c.want, names(chip.UnknownLatencies())); diff != "" {
			t.Errorf("%s\n%s", c.chip, diff)
		}
	}
	unit := mustParse(t, "unit", chipText(t, "unit"))
	unit.Prices[ledger.Barrier].LatencyKnown = false
	if got := names(unit.UnknownLatencies()); got != "barrier" {
		t.Errorf("on a chip of barrier ticks %q; want barrier", got)
	}
}

// TestUnknownVoltages restates prices of chips with and without voltages. Ports
// are on a supply of their own.
func TestUnknownVoltages(t *testing.T) {
	const anew = "{" + dearHop + "}"
	for chip, want := range map[string]string{
		"extends: ternary256\n": "",
		"extends: ternary256\nprices: {hop_y: " + anew + ", input_spike: " + anew + "}\n": "hop_y",
		"extends: ternary256\nprices: {hop_y: {" + dearHop + ", voltage_v: 0.9}}\n":       "",
		"extends: unit\nprices: {hop_y: " + anew + "}\n":                                  "",
	} {
		c, err := extend("", chip)
		if err != nil {
			t.Errorf("%s: %v", chip, err)
			continue
		}
		if got := names(c.UnknownVoltages()); got != want {
			t.Errorf("%s: %q; want %q", chip, got, want)
		}
		const line = "\n  no voltage is stated for hop_y; a voltage that the title or the notes name is not theirs\n"
		if printed := strings.Contains(c.String(), line); printed != (want != "") {
			t.Errorf("%s: the line about the voltage is printed: %v", chip, printed)
		}
	}
}
