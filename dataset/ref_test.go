package dataset

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRef(t *testing.T) {
	for text, want := range map[string]Ref{
		"digits":                 {Name: "digits", To: -1},
		"digits@fifth":           {Name: "digits", Split: "fifth", To: -1},
		"digits@fifth:train":     {Name: "digits", Split: "fifth", Part: "train", To: -1},
		"mnist5k:test[0:1000]":   {Name: "mnist5k", Part: "test", From: 0, To: 1000},
		"iris:all[7:]":           {Name: "iris", Part: "all", From: 7, To: -1},
		"iris:all[:7]":           {Name: "iris", Part: "all", From: 0, To: 7},
		"idx:/a/b":               {Name: "idx", Path: "/a/b", To: -1},
		"idx:/a/b:test":          {Name: "idx", Path: "/a/b", Part: "test", To: -1},
		"idx:/a/me@home/b":       {Name: "idx", Path: "/a/me@home/b", To: -1},
		"csv:x.csv@fifth:test":   {Name: "csv", Path: "x.csv", Split: "fifth", Part: "test", To: -1},
		"csv:x:y.csv":            {Name: "csv", Path: "x:y.csv", To: -1},
		`idx:C:\data:test[1:2]`:  {Name: "idx", Path: `C:\data`, Part: "test", From: 1, To: 2},
		"csv:/a.b/c:validation":  {Name: "csv", Path: "/a.b/c", Part: "validation", To: -1},
		"csv:a.csv.gz:all[3:10]": {Name: "csv", Path: "a.csv.gz", Part: "all", From: 3, To: 10},
	} {
		got, err := ParseRef(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if again, err := ParseRef(got.String()); err != nil || again != got {
			t.Errorf("%s: text form %q reads back as %+v, %v", text, got.String(), again, err)
		}
	}
}

func TestParseRefRefuses(t *testing.T) {
	const sets = "iris, digits, mnist5k, mnist, fashion, idx:DIR or csv:FILE"
	for text, want := range map[string]string{
		"":                   `data "": unknown data set ""; want ` + sets,
		"digts":              `data "digts": unknown data set "digts"; want ` + sets,
		"digits:tset":        `data "digits:tset": unknown part "tset"; want train, validation, test or all`,
		"csv:a.csv:tset":     `data "csv:a.csv:tset": unknown part "tset"; want train, validation, test or all`,
		"digits[0:5]":        `data "digits[0:5]": a range needs a part before it, such as :test[0:100]`,
		"digits:test[5]":     `data "digits:test[5]": range [5] has no colon; want [FROM:TO], such as [0:100]`,
		"digits:test[5:5]":   `data "digits:test[5:5]": range [5:5] is empty; want FROM below TO`,
		"digits:test[-1:5]":  `data "digits:test[-1:5]": range end "-1"; want a whole number 0..2147483647`,
		"digits:test[0:1e3]": `data "digits:test[0:1e3]": range end "1e3"; want a whole number 0..2147483647`,
		"digits@":            `data "digits@": nothing follows the last @ or colon; leave it out or write digits:test`,
		"digits:":            `data "digits:": nothing follows the last @ or colon; leave it out or write digits:test`,
		"idx:":               `data "idx:": no path after "idx"; write idx:DIR or csv:FILE`,
		"csv":                `data "csv": no path after "csv"; write idx:DIR or csv:FILE`,
	} {
		if _, err := ParseRef(text); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestOpenPart(t *testing.T) {
	for _, c := range []struct {
		ref, part, want string
		first           int32
		n               int
	}{
		{"digits", PartTest, "digits@last360:test", 1437, 360},
		{"digits", PartAll, "digits@last360:all", 0, 1797},
		{"digits:validation", PartTest, "digits@last360:validation", 1150, 287},
		{"digits:test[10:100]", PartTrain, "digits@last360:test[10:100]", 1447, 90},
		{"mnist5k:test[990:]", PartTrain, "mnist5k@fifth:test[990:1000]", 4990, 10},
	} {
		p, err := OpenPart(c.ref, c.part, OpenOptions{})
		if err != nil {
			t.Errorf("%s: %v", c.ref, err)
			continue
		}
		if p.Ref != c.want || p.Len() != c.n || p.Rows[0] != c.first {
			t.Errorf("%s: %s, %d rows from %d; want %s, %d rows from %d", c.ref, p.Ref, p.Len(), p.Rows[0], c.want, c.n, c.first)
		}
		if diff := cmp.Diff(p.Set.Row(int(c.first), nil), p.Row(0, nil)); diff != "" || p.Label(0) != p.Set.Labels[c.first] {
			t.Errorf("%s: sample 0 of the part is not row %d of the set:\n%s", c.ref, c.first, diff)
		}
		if again, err := OpenPart(p.Ref, "", OpenOptions{}); err != nil || again.Ref != p.Ref {
			t.Errorf("canonical text %s opens as %s, %v", p.Ref, again.Ref, err)
		}
	}
}

func TestOpenPartRefuses(t *testing.T) {
	for ref, want := range map[string]string{
		"digits:test[0:361]":   "digits@last360:test[0:361]: the part has 360 samples; keep the range within [0:360]",
		"digits:test[360:]":    "digits@last360:test[360:360]: the part has 360 samples; keep the range within [0:360]",
		"digits@standard:test": `digits has no split "standard"; want last360 or fifth`,
		"iris@last360":         `iris has no split "last360"; want fifth`,
	} {
		if _, err := OpenPart(ref, PartTest, OpenOptions{}); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
