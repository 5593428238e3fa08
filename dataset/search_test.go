package dataset

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// putSet writes a tiny training pair of 28x28 images labelled with label and 0.
func putSet(t *testing.T, dir string, label byte) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"train-images-idx3-ubyte": idxBytes(string(make([]byte, 2*28*28)), magicImages, 2, 28, 28),
		"train-labels-idx1-ubyte": idxBytes(string([]byte{label, 0}), magicLabels, 2),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheckDir(t *testing.T) {
	if err := CheckDir("/data", "--data-dir"); err != nil {
		t.Errorf("absolute folder: %v", err)
	}
	const want = `$TRITLOOM_DATA = "data" is relative and would mean another folder in every working directory; make it absolute, such as /home/me/data`
	if err := CheckDir("data", "$TRITLOOM_DATA"); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	for _, o := range []OpenOptions{{Dir: "data"}, {SearchDirs: []string{"/a", "data"}}} {
		if _, err := Open("iris", o); err == nil {
			t.Errorf("%+v: no error for a relative folder", o)
		}
	}
}

// The data folder goes before the search folders; both before packages.
func TestSearchOrder(t *testing.T) {
	base := t.TempDir()
	dir, search := filepath.Join(base, "dir"), filepath.Join(base, "search")
	o := OpenOptions{Dir: dir, SearchDirs: []string{search}}
	e, _ := entry("fashion")
	want := []string{filepath.Join(dir, "fashion"), filepath.Join(search, "fashion"), "/usr/share/datasets/fashion-mnist"}
	if diff := cmp.Diff(want, e.places(o)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	putSet(t, filepath.Join(search, "mnist"), 3)
	if s := mustOpen(t, "mnist", o); s.Labels[0] != 3 {
		t.Errorf("label %d; want 3 as in the search folder", s.Labels[0])
	}
	putSet(t, filepath.Join(dir, "mnist"), 7)
	if s := mustOpen(t, "mnist", o); s.Labels[0] != 7 {
		t.Errorf("label %d; want 7 as in the data folder", s.Labels[0])
	}
}

func TestNotFoundNamesThePlaces(t *testing.T) {
	for _, c := range []struct {
		o    OpenOptions
		want string
	}{
		{OpenOptions{}, `data set "mnist" not found: no data folder is set; set $TRITLOOM_DATA or --data-dir to the folder that holds mnist/, or name it as idx:DIR`},
		{OpenOptions{Dir: "/nowhere", SearchDirs: []string{"", "/nor/here"}},
			`data set "mnist" not found: looked in /nowhere/mnist, /nor/here/mnist; set $TRITLOOM_DATA or --data-dir to the folder that holds mnist/, or name it as idx:DIR`},
	} {
		c.o.SearchDirs = slices.DeleteFunc(c.o.SearchDirs, func(d string) bool { return d == "" })
		if _, err := Open("mnist", c.o); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// A folder called mnist must hold digits: labels above 9 are refused.
func TestKnownSetChecksLabels(t *testing.T) {
	dir := t.TempDir()
	putSet(t, filepath.Join(dir, "mnist"), 10)
	const want = "mnist: sample 0 has label 10; allowed 0..9"
	if _, err := Open("mnist", OpenOptions{Dir: dir}); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestUserDataDir(t *testing.T) {
	if got := UserDataDir("/home/me"); got != "/home/me/.local/share/tritloom" {
		t.Errorf("data folder %q", got)
	}
	if got := UserDataDir(""); got != "" {
		t.Errorf("data folder without a home: %q", got)
	}
}

// Every row of the list can be printed, and every embedded set opened.
func TestKnown(t *testing.T) {
	for _, e := range Known {
		if e.Name == "" || e.Describe == "" || e.Source == "" || e.Licence == "" {
			t.Errorf("entry %+v leaves a column empty", e)
		}
		if e.Embedded == (e.read == nil) || e.Embedded && e.Folder != "" {
			t.Errorf("entry %s is neither embedded nor in a folder, or both", e.Name)
		}
	}
}
