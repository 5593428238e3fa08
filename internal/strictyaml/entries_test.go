package strictyaml

import "testing"

// Entries of a section point at their own lines, and at what is around them where they
// are left out.
func TestEntries(t *testing.T) {
	_, places, err := decode("name: one\nnested:\n  - of: a\n  - {of: b}\n")
	if err != nil {
		t.Fatal(err)
	}
	whole := Entries{Places: places, Top: Place{"r.yaml", 1, 1}}
	second := whole.In("nested[1]")
	for _, test := range []struct {
		in     Entries
		key    string
		stated bool
		want   string
	}{
		{whole, "name", true, "r.yaml:1:1: x"},
		{whole, "count", false, "r.yaml:1:1: x"},
		{second, "of", true, "r.yaml:4:6: x"},
		{second, "off", false, "r.yaml:4:5: x"},
		{whole.In("nested[1]").In("of"), "deeper", false, "r.yaml:4:6: x"},
	} {
		if got := test.in.Stated(test.key); got != test.stated {
			t.Errorf("%s of %q stated: %v; want %v", test.key, test.in.Section, got, test.stated)
		}
		if got := test.in.Errorf(test.key, "%s", "x").Error(); got != test.want {
			t.Errorf("%s of %q: %s; want %s", test.key, test.in.Section, got, test.want)
		}
	}
}
