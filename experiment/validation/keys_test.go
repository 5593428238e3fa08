package validation

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Every key of a row, and every model with its keys, stands in testdata/README.md.
func TestKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Published figures\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]string{} // a key or model, and the rest of its line
	for _, line := range regexp.MustCompile(`(?m)^\| ([^|]+) \|(.*)$`).FindAllStringSubmatch(section, -1) {
		for _, key := range strings.Split(line[1], ", ") {
			rows[key] = line[2]
		}
	}
	model := reflect.TypeFor[Model]()
	walk := func(prefix string, of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			key := f.Tag.Get("yaml")
			if f.Type.Kind() == reflect.Struct && key != "" && f.Type != model {
				continue // its own keys stand below
			}
			if _, ok := rows[prefix+key]; key != "" && f.Type != model && !ok {
				t.Errorf("the section on published figures lacks %s", prefix+key)
			}
		}
	}
	walk("", reflect.TypeFor[Row]())
	walk("conditions.", reflect.TypeFor[Conditions]())
	walk("published.", reflect.TypeFor[Published]())
	walk("tolerance.", reflect.TypeFor[Tolerance]())
	for i := range model.NumField() {
		f := model.Field(i)
		name := f.Tag.Get("yaml")
		for j := range f.Type.Elem().NumField() {
			key := f.Type.Elem().Field(j).Tag.Get("yaml")
			if key != "" && !regexp.MustCompile(`\b`+key+`\b`).MatchString(rows[name]) {
				t.Errorf("model %s: its line lacks %s", name, key)
			}
		}
	}
}
