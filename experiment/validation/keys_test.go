package validation

import (
	"reflect"
	"regexp"
	"testing"

	"tritloom/internal/textcase"
)

// Every key of a row, and every model with its keys, stands in testdata/README.md.
func TestKeysAreDocumented(t *testing.T) {
	s := textcase.ReadSection(t, "../../testdata/README.md", "Published figures")
	s.HasKeys(t, "", reflect.TypeFor[Row](), "conditions", "model", "published", "tolerance") // their keys follow
	s.HasKeys(t, "conditions.", reflect.TypeFor[Conditions]())
	s.HasKeys(t, "published.", reflect.TypeFor[Published]())
	s.HasKeys(t, "tolerance.", reflect.TypeFor[Tolerance]())
	s.HasKeys(t, "", reflect.TypeFor[Model]())
	model := reflect.TypeFor[Model]()
	for i := range model.NumField() {
		name, of := model.Field(i).Tag.Get("yaml"), model.Field(i).Type.Elem()
		for j := range of.NumField() {
			key := of.Field(j).Tag.Get("yaml")
			if key != "" && !regexp.MustCompile(`\b`+key+`\b`).MatchString(s.Rows[name]) {
				t.Errorf("model %s: its line lacks %s", name, key)
			}
		}
	}
}
