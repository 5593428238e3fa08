package container_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tritloom/internal/container"
)

func TestWriteFolder(t *testing.T) {
	root := t.TempDir()
	files := []container.NamedFile{{Name: "a", Data: []byte("1")}, {Name: "b", Data: nil}}
	empty := filepath.Join(root, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(root, "new"), empty, filepath.Join(root, "slash") + "/"} {
		if err := container.WriteFolder(path, files); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(path, "a")); err != nil || string(data) != "1" {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, []byte("kept"), 0o666); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		empty: "the folder holds a; name a new or an empty folder", file: "is a file", filepath.Join(file, "x"): "is a file",
		filepath.Join(root, "no", "x"): "make the folder first", "": "without a name",
	} {
		if err := container.WriteFolder(path, files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", path, err, want)
		}
	}
	// A folder that cannot be finished is not there at all.
	if err := container.WriteFolder(filepath.Join(root, "half"), append(files, container.NamedFile{Name: "no/where"})); err == nil {
		t.Error("a file in a folder that is not there was written")
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 4 {
		t.Errorf("%d entries, %v; want the four that were made and nothing left behind", len(entries), err)
	}
}
