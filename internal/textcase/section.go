package textcase

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Section is a section of a document in Markdown that lists the keys of hand-written
// files, for tests that hold it to the code.
type Section struct {
	Title string
	Text  string
	Rows  map[string]string // what stands in the first cell of a table, a comma apart: the rest of its row
}

var (
	tableRow = regexp.MustCompile(`(?m)^\| ([^|]+) \|(.*)$`)
	example  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// ReadSection reads the section with the given title, up to the next one.
func ReadSection(t *testing.T, file, title string) Section {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## "+title+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", file, title)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	s := Section{Title: title, Text: section, Rows: map[string]string{}}
	for _, row := range tableRow.FindAllStringSubmatch(section, -1) {
		for _, key := range strings.Split(row[1], ", ") {
			s.Rows[key] = row[2]
		}
	}
	return s
}

// HasKeys demands a row for the yaml key of every field of a struct, but for those left
// out.
func (s Section) HasKeys(t *testing.T, prefix string, of reflect.Type, but ...string) {
	t.Helper()
	left := map[string]bool{"": true}
	for _, key := range but {
		left[key] = true
	}
	for i := range of.NumField() {
		key := of.Field(i).Tag.Get("yaml")
		if _, ok := s.Rows[prefix+key]; !left[key] && !ok {
			t.Errorf("the section %q lacks %s", s.Title, prefix+key)
		}
	}
}

// ReadExamples writes every file in YAML that the section shows into a folder, beside
// my-chip.yaml, which they may name, and demands that read takes it.
func (s Section) ReadExamples(t *testing.T, read func(file string) error) {
	t.Helper()
	for _, match := range example.FindAllStringSubmatch(s.Text, -1) {
		folder := t.TempDir()
		file := filepath.Join(folder, "x.yaml")
		for name, text := range map[string]string{filepath.Join(folder, "my-chip.yaml"): "extends: truenorth\n", file: match[1]} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if err := read(file); err != nil {
			t.Errorf("%v in\n%s", err, match[1])
		}
	}
}
