package netspec

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

// readBound is the most that reading a shape of so many bytes allocates. The YAML
// library takes some 500 bytes a token, and each is gone over a few times.
func readBound(size int) uint64 { return 4<<20 + 4096*uint64(size) }

func TestThousandDamagedFiles(t *testing.T) {
	reader := damage.Reader{
		Good: [][]byte{
			[]byte(everything), []byte("layers: [{shape: [100]}]\n"),
			[]byte("inputs: [4]\nclasses: 3\nlayers:\n- {name: a, shape: [8], pattern: {kind: uniform, fan_in: 2}}\n- {name: b, shape: [6]}\n"),
		},
		Edits: []damage.Edit{damage.Text}, Bound: readBound,
		Random: func(trial int) *rand.Rand { return seed.Sub(16, seed.TestInput, trial) },
		Read: func(file []byte) error {
			s, err := ParseYAML("damaged.yaml", file)
			if err != nil {
				return err
			}
			if err := s.Validate(); err != nil || s.String() == "" {
				t.Errorf("accepted and not valid: %v", err)
			}
			return nil
		},
	}
	if accepted, _ := reader.Thousand(t); accepted < 20 || accepted > 700 {
		t.Errorf("%d damaged files accepted; damage should be felt, and not always", accepted)
	}
}

// Small files on which the YAML library works for minutes, or takes gigabytes,
// are refused before it meets them.
func TestCostlyTextIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"blank lines in a folded block": {"layers:\n- name: >\n" + strings.Repeat("  \n", 9000), "f.yaml:2:8: a block of text, or <<<; write the text behind its key, in quotes"},
		"a block behind a quoted #":     {"\"a\n # b\": |-\n  " + strings.Repeat("x", 9000), "f.yaml:2:7: a block of text"},
		"a block of old line ends":      {"name: |+2 # note\r  x\r", "f.yaml:1:6: a block of text"},
		"merge marks":                   {strings.Repeat("<<", 30000), "f.yaml:1:1: a block of text, or <<<"},
		"dashes in brackets":            {"layers: [" + strings.Repeat("- ", 30000), "f.yaml:1:10: a dash inside brackets; write [a, b] or a dash a line"},
		"brackets after closing ones":   {strings.Repeat("]", 99) + strings.Repeat("[", 99), "f.yaml:1:116: brackets nested too deep"},
		"many entries":                  {strings.Repeat("a: 1\n", 10001), "f.yaml:10001:2: more than 10000 entries; leave some out"},
		"a long name":                   {"layers: [{name: " + strings.Repeat("n", 2001) + "}]", "f.yaml:1:17: a name or value of 2001 bytes; allowed up to 2000; shorten it"},
		"a long file":                   {strings.Repeat("#", 1<<17+1), "f.yaml:1:1: 131073 bytes; allowed in a net file are 131072"},
	} {
		if _, err := ParseYAML("f.yaml", []byte(c.text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %.200v\nwant %s", name, err, c.want)
		}
	}
}
