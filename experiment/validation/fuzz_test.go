package validation_test

import (
	"io/fs"
	"strings"
	"testing"

	"tritloom/experiment/validation"
	"tritloom/testdata"
)

// FuzzParse: whatever a row file holds, reading it ends with a row or with one line
// that begins with the file's name.
func FuzzParse(f *testing.F) {
	files, err := fs.Glob(testdata.Validation, "validation/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no rows: %v", err)
	}
	for _, file := range files {
		text, err := testdata.Validation.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := validation.Parse("row.yaml", text); err != nil {
			if line := err.Error(); strings.Contains(line, "\n") || !strings.HasPrefix(line, "row.yaml:") {
				t.Errorf("error %q; want one line with a place", line)
			}
		}
	})
}
