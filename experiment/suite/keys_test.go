package suite

import (
	"reflect"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/trial"
	"tritloom/internal/textcase"
)

// Every key of a suite stands in testdata/README.md, in its section, and the examples
// there are read.
func TestKeysAreDocumented(t *testing.T) {
	s := textcase.ReadSection(t, "../../testdata/README.md", "Suites")
	s.HasKeys(t, "", reflect.TypeFor[caseRow]())
	s.HasKeys(t, "network.", reflect.TypeFor[networkRow]())
	s.HasKeys(t, "conditions.", reflect.TypeFor[trial.Conditions]())
	s.HasKeys(t, "expect.", reflect.TypeFor[expectRow]())
	s.HasKeys(t, "", reflect.TypeFor[trial.RecipeRow]())
	s.ReadExamples(t, func(file string) error {
		_, err := Load(file, dataset.OpenOptions{})
		return err
	})
}
