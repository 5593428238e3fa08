package hwmodel

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

// readBound is the most that reading a chip file of so many bytes allocates. The
// YAML library takes some 500 bytes a token, and the file is gone over a few
// times; four mebibytes are for the chips that a file extends.
func readBound(size int) uint64 { return 4<<20 + 4096*uint64(size) }

func TestThousandDamagedFiles(t *testing.T) {
	var good [][]byte
	for _, name := range Names() {
		good = append(good, []byte(chipText(t, name)))
	}
	good = append(good, []byte("extends: ternary256\ntitle: a chip of \"mine\"\ncapabilities: {core: {axons: 128}}\n"))
	reader := damage.Reader{
		Good: good, Edits: []damage.Edit{damage.Text}, Bound: readBound,
		Random: func(trial int) *rand.Rand { return seed.Sub(15, seed.TestInput, trial) },
		Read: func(file []byte) error {
			chip, err := Parse("damaged.yaml", file, func(name string) ([]byte, error) {
				if isFile(name) {
					return nil, errors.New("no files here")
				}
				return resolveChip(name)
			})
			if err != nil {
				if !strings.HasPrefix(err.Error(), "damaged.yaml:") {
					t.Errorf("refused with %q; want a place first", err)
				}
				return err
			}
			if err := chip.Validate(); err != nil || chip.String() == "" {
				t.Errorf("accepted and not valid: %v", err)
			}
			return nil
		},
	}
	if accepted, _ := reader.Thousand(t); accepted < 50 || accepted > 700 {
		t.Errorf("%d damaged files accepted; damage should be felt, and not always", accepted)
	}
}

// Small files on which the YAML library works for minutes, or takes gigabytes,
// are refused before it meets them.
func TestCostlyTextIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"blank lines in a folded block": {"extends: unit\ntitle: >\n" + strings.Repeat("  \n", 9000), "c.yaml:2:7: a block of text, or <<<; write the text behind its key, in quotes"},
		"a block behind a quoted #":     {"\"a\n # b\": |-\n  " + strings.Repeat("x", 9000), "c.yaml:2:7: a block of text"},
		"merge marks":                   {strings.Repeat("<<", 30000), "c.yaml:1:1: a block of text, or <<<"},
		"dashes in brackets":            {"prices: [" + strings.Repeat("- ", 9000), "c.yaml:1:10: a dash inside brackets; write [a, b] or a dash a line"},
		"a long value":                  {"title: " + strings.Repeat("n", 2001), "c.yaml:1:8: a name or value of 2001 bytes; allowed up to 2000; shorten it"},
	} {
		if _, err := Parse("c.yaml", []byte(c.text), resolveChip); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %.200v\nwant %s", name, err, c.want)
		}
	}
}
