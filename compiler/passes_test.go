package compiler

import (
	"strings"
	"testing"

	"tritloom/internal/textcase"
)

// The cases list passes line by line, "NAME [after NAME...]".
func TestPassOrder(t *testing.T) {
	textcase.Run(t, "testdata/order", func(t *testing.T, c textcase.Case) string {
		var list []pass
		for line := range strings.Lines(c.Input) {
			fields := strings.Fields(line)
			p := pass{name: fields[0]}
			if len(fields) > 2 && fields[1] == "after" {
				p.after = fields[2:]
			}
			list = append(list, p)
		}
		if err := checkOrder(list); err != nil {
			return err.Error() + "\n"
		}
		return "ok\n"
	})
}

// A pass that spoils the work of an earlier one is caught after it ran.
func TestChecksRunAfterEveryPass(t *testing.T) {
	table := passes
	defer func() { passes = table }()
	for _, c := range []struct {
		spoil func(*state)
		after string
		want  string
	}{
		{func(s *state) { s.bins[0].pieces[0].inputs = s.bins[0].pieces[0].inputs[1:] }, "tile", `promise of "tile"`},
		{func(s *state) { s.units[1].level = 0 }, "level", `promise of "level"`},
		{func(s *state) { s.places[0] = s.places[1] }, "place", `promise of "place"`},
		{func(s *state) { s.chains[0][0] = nil }, "chain", `promise of "chain"`},
	} {
		passes = nil
		for _, p := range table {
			passes = append(passes, p)
			if p.name == c.after {
				passes = append(passes, pass{name: "spoil", run: func(s *state) error { c.spoil(s); return nil }})
			}
		}
		_, _, err := Compile(spoilNetwork(), spoilChip(), DefaultOptions())
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `after pass "spoil"`) {
			t.Errorf("spoiled after %s: error %v; want one that blames pass \"spoil\" for the %s", c.after, err, c.want)
		}
	}
}
