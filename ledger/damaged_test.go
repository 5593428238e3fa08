package ledger

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"tritloom/internal/container/damage"
	"tritloom/internal/seed"
)

// readBound is the most that reading a record of so many bytes allocates. A core
// of 2 bytes, "{}", becomes a count of every kind, and lists double as they grow.
func readBound(size int) uint64 { return 1<<20 + 2*8*uint64(NumKinds)*uint64(size) }

func TestThousandDamagedFiles(t *testing.T) {
	text, err := sampleRun().JSON()
	if err != nil {
		t.Fatal(err)
	}
	reader := damage.Reader{
		Good: [][]byte{text}, Edits: []damage.Edit{damage.Text}, Bound: readBound,
		Random: func(trial int) *rand.Rand { return seed.Sub(17, seed.TestInput, trial) },
		Read: func(file []byte) error {
			r, err := Parse(file)
			if err != nil {
				return err
			}
			if _, err := r.JSON(); err != nil {
				t.Errorf("accepted and not written: %v", err)
			}
			return nil
		},
	}
	if accepted, _ := reader.Thousand(t); accepted < 20 || accepted > 700 {
		t.Errorf("%d damaged files accepted; damage should be felt, and not always", accepted)
	}
}

// What a message quotes of a record is short, however long it is in the file.
func TestLongTextIsQuotedInPart(t *testing.T) {
	text, err := sampleRun().JSON()
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("ж", 5000)
	for _, file := range []string{
		`{"` + long + `": 1}`, `{"format": "` + long + `"}`, `{"samples": ` + strings.Repeat("9", 5000) + `}`,
		strings.Replace(string(text), `"kind":"`, `"kind":"`+long, 1), strings.Replace(string(text), `"kinds":["`, `"kinds":["`+long, 1),
	} {
		_, err := Parse([]byte(file))
		if err == nil || len(err.Error()) > 500 || !utf8.ValidString(err.Error()) {
			t.Errorf("%.40s...: refused with %.600v; want at most 500 bytes of UTF-8", file, err)
		}
	}
}
