package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A price restated without its voltage must not pass under the voltage of the
// others.
func TestVoltageIsOnlyForPricesThatStateIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	text := `extends: ternary256
prices:
  bits_read: {energy_pj: {nominal: 0.04, low: 0.03, high: 0.05}, scope: marginal, evidence: assumed,
              source: "assumed: another memory", law: any-geometry}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	chip := loadChip(t, file)
	leaves := []Leaf{{Kind: "bits_read"}, {Kind: "synaptic_op", VoltageV: 0.8}}
	for _, c := range []struct {
		leaves []Leaf
		want   string
	}{
		{leaves, "mine (hypothetical chip), 0.8 V (not stated for bits_read), tick "},
		{leaves[1:], "mine (hypothetical chip), 0.8 V, tick "}, // nothing was read
	} {
		id := chipID(Subject{Chip: chip, Run: newRun(chip, 1, nil)}, &Energy{Leaves: c.leaves})
		if got := id.String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("got %q; want it to begin with %q", got, c.want)
		}
	}
}
