package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObjectKeepsItsOrder(t *testing.T) {
	object := Object[float64]{{"row_read", 1.5e-9}, {"axon_write", 0}, {"µ\"quoted", 2}}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"row_read":1.5e-9,"axon_write":0,"µ\"quoted":2}`
	if string(text) != want {
		t.Errorf("wrote %s, want %s", text, want)
	}
	var back Object[float64]
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if v, ok := back.Get("row_read"); v != 1.5e-9 || !ok {
		t.Errorf("row_read is %g, %v", v, ok)
	}
	if v, ok := back.Get("hop_x"); v != 0 || ok {
		t.Errorf("hop_x is %g, %v; want none", v, ok)
	}
}

func TestNilObjectIsAnEmptyOne(t *testing.T) {
	if text, err := json.Marshal(struct{ A Object[int] }{}); err != nil || string(text) != `{"A":{}}` {
		t.Errorf("wrote %s, %v", text, err)
	}
}

func TestBadObjects(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`[1]`, "want a JSON object"},
		{`{"row_read":"x"}`, "row_read: json: cannot unmarshal"},
	} {
		var o Object[float64]
		if err := json.Unmarshal([]byte(c.text), &o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.text, err, c.want)
		}
	}
	if _, err := json.Marshal(Object[any]{{"f", func() {}}}); err == nil || !strings.Contains(err.Error(), "f: ") {
		t.Errorf("a value without JSON: error %v, want its key", err)
	}
}
