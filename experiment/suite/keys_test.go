package suite

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/trial"
)

// Every key of a suite stands in testdata/README.md, in its section, and the examples
// there are read.
func TestKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Suites\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \|`).FindAllStringSubmatch(section, -1) {
		for _, key := range strings.Split(row[1], ", ") {
			rows[key] = true
		}
	}
	walk := func(prefix string, of reflect.Type) {
		for i := range of.NumField() {
			if key := prefix + of.Field(i).Tag.Get("yaml"); !rows[key] {
				t.Errorf("the section on suites lacks %s", key)
			}
		}
	}
	walk("", reflect.TypeFor[caseRow]())
	walk("network.", reflect.TypeFor[networkRow]())
	walk("conditions.", reflect.TypeFor[trial.Conditions]())
	walk("expect.", reflect.TypeFor[expectRow]())
	walk("", reflect.TypeFor[trial.RecipeRow]())

	for _, example := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(section, -1) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "my-chip.yaml"), []byte("extends: truenorth\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, "x.yaml")
		if err := os.WriteFile(file, []byte(example[1]), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(file, dataset.OpenOptions{}); err != nil {
			t.Errorf("%v in\n%s", err, example[1])
		}
	}
}
