package sweep

import (
	"reflect"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/internal/textcase"
)

// Every key of a sweep stands in testdata/README.md, in its section, and the examples
// there are read.
func TestKeysAreDocumented(t *testing.T) {
	s := textcase.ReadSection(t, "../../testdata/README.md", "Sweeps")
	s.HasKeys(t, "", reflect.TypeFor[document]())
	s.HasKeys(t, "latin.", reflect.TypeFor[latinRow]())
	for _, axis := range named {
		if _, ok := s.Rows[axis.name]; !ok {
			t.Errorf("the section on sweeps lacks the axis %s", axis.name)
		}
	}
	for _, o := range objectives {
		if !strings.Contains(s.Text, "`"+o.name+"`") {
			t.Errorf("the section on sweeps lacks the objective %s", o.name)
		}
	}
	s.ReadExamples(t, func(file string) error {
		_, err := Load(file, dataset.OpenOptions{})
		return err
	})
}
