package suite_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tritloom/dataset"
	"tritloom/experiment/suite"
)

// A damaged golden file, such as one with the marks of a merge, is written anew by an
// update of all cases, which says so; an update of one case would lose the others.
func TestUpdateOfADamagedGolden(t *testing.T) {
	f := newFolder(t)
	f.write("suite.yaml", "cases:\n  - {name: iris, chip: unit, "+irisNetwork+", data: iris}\n")
	f.check(suite.Options{Update: true})
	good := f.read("suite.golden.json")
	s, err := suite.Load(f.path+"/suite.yaml", dataset.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for damaged, why := range map[string]string{"<<<<<<< mine\n" + good: "not a golden file", good[:len(good)/2]: "unexpected EOF", "": "empty file", `{"format":"tritloom-golden/0","cases":[]}`: "this version reads"} {
		f.write("suite.golden.json", damaged)
		if _, err := s.Run(t.Context(), suite.Options{}); err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "write it again with --update") {
			t.Errorf("%.20q: %v; want %s and the way out", damaged, err, why)
		}
		_, err := s.Run(t.Context(), suite.Options{Update: true, Only: "iris"})
		if err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "--only keeps the records of the other cases") || f.read("suite.golden.json") != damaged {
			t.Errorf("%.20q, one case: %v", damaged, err)
		}
		c := f.check(suite.Options{Update: true})
		if !c.OK || !c.Cases[0].NoGolden || !strings.Contains(c.String(), "suite.golden.json could not be read and is written anew, compared with nothing: ") || !strings.Contains(c.String(), why) {
			t.Errorf("%.20q, updated:\n%s", damaged, c)
		}
		if f.read("suite.golden.json") != good {
			t.Errorf("%.20q: an update wrote another file", damaged)
		}
	}
	if err := os.Remove(f.path + "/suite.golden.json"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(f.path+"/suite.golden.json", 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), suite.Options{Update: true}); err == nil || !strings.Contains(err.Error(), "cannot read it") {
		t.Errorf("a folder in its place: %v", err)
	}
}

// An update of one case keeps the records of all others, those too that the suite
// lacks now.
func TestUpdateOfOneCaseKeepsStaleRecords(t *testing.T) {
	f := newFolder(t)
	row := func(name, chip string) string {
		return "  - {name: " + name + ", chip: " + chip + ", " + irisNetwork + ", data: \"iris:test[0:5]\"}\n"
	}
	f.write("mine.yaml", "extends: ternary256\n")
	f.write("suite.yaml", "cases:\n"+row("old", "unit")+row("iris", "mine.yaml")+row("older", "unit"))
	f.check(suite.Options{Update: true})
	before := f.golden()
	f.write("mine.yaml", "extends: ternary256\ncapabilities: {core: {neurons: 128}}\n")
	f.write("suite.yaml", "cases:\n"+row("iris", "mine.yaml")+row("new", "unit"))
	f.check(suite.Options{Update: true, Only: "iris"})
	after := f.golden()
	var names []string
	for _, r := range after.Cases {
		names = append(names, r.Name)
	}
	if !slices.Equal(names, []string{"old", "iris", "older"}) {
		t.Fatalf("records %v; want old, iris and older", names)
	}
	if !reflect.DeepEqual(before.Cases[0], after.Cases[0]) || !reflect.DeepEqual(before.Cases[2], after.Cases[2]) || reflect.DeepEqual(before.Cases[1], after.Cases[1]) {
		t.Error("want the record of iris to change, and no other")
	}
}
