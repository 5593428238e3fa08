// Package textcase runs tests that a person reads and writes as text. A file holds
// blocks of
//
//	command argument argument
//	input lines, which may be blank
//	----
//	expected output
//
// that end at a blank line. An output with blank lines of its own stands between
// doubled rules instead, "----" "----" before and after it. Between the blocks,
// blank lines and lines that start with # are comments and are kept.
//
// "go test ./package -update" rewrites the expected outputs; review the diff. The
// package knows nothing about the commands; only tests may import it.
package textcase

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected outputs of text cases")

// Case is one block of a file.
type Case struct {
	Place   string   // "testdata/name:12", where the command stands
	Command string   // first word of the command line
	Args    []string // its other words
	Input   string   // the lines before the rule, each with its newline
}

// Run calls f for every case of the file at path, in order and each as a subtest,
// and compares what f returns with the expected output. A final newline is added to
// outputs that lack one. Cases may build on each other through variables of f.
func Run(t *testing.T, path string, f func(t *testing.T, c Case) string) {
	t.Helper()
	run(t, path, *update, f)
}

func run(t *testing.T, path string, update bool, f func(t *testing.T, c Case) string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks, tail, err := parse(path, string(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range blocks {
		b := &blocks[i]
		finished := t.Run(b.name(), func(t *testing.T) {
			got := ended(f(t, b.Case))
			if diff := cmp.Diff(b.want, got); diff != "" && !update {
				t.Errorf("%s: %s (-want +got; -update rewrites):\n%s", b.Place, b.Command, diff)
			} else if diff != "" {
				if err := b.replace(got); err != nil {
					t.Fatal(err)
				}
			}
		})
		if !finished && update {
			t.Fatalf("%s: not rewritten, because the case itself failed", path)
		}
	}
	if after := render(blocks) + tail; update && after != string(data) {
		if err := os.WriteFile(path, []byte(after), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// ended makes every line of text end in a newline.
func ended(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}
