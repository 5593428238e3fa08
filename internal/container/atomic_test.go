package container

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents lists a folder's files with their text, hidden ones too.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil && !e.IsDir() {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

func TestWriteAtomicReplaces(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "run.json")
	for _, text := range []string{"first, and longer", "second"} {
		if err := WriteAtomic(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"run.json": text}, contents(t, folder)); diff != "" {
			t.Errorf("folder (-want +got):\n%s", diff)
		}
	}
}

func TestFailedWriteLeavesEverythingAsItWas(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "run.json")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	err := writeAtomic(path, func(w io.Writer) error {
		io.WriteString(w, "half of the n")
		return &fs.PathError{Op: "write", Path: ".run.json.tmp", Err: syscall.ENOSPC}
	})
	wantError(t, err, "cannot write "+path+": no space left on device; free some space or name another disk")
	if diff := cmp.Diff(map[string]string{"run.json": "old"}, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

// A folder appears under the target's name while the bytes are written, so that
// the rename is what fails.
func TestFailedRenameRemovesTheNewFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "run.json")
	err := writeAtomic(path, func(io.Writer) error { return os.Mkdir(path, 0o777) })
	wantError(t, err, "cannot write "+path+": file exists; name another place")
	if diff := cmp.Diff(map[string]string{"run.json": ""}, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

// These paths cannot be written by anyone, root included.
func TestUnwritablePaths(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{filepath.Join(file, "run.json"), "not a directory; a part of the path is a file; name another folder"},
		{filepath.Join(folder, "none", "run.json"), "no such file or directory; make the folder first"},
		{folder, "is a directory; name a file in it"},
	} {
		wantError(t, WriteAtomic(c.path, []byte("new")), "cannot write "+c.path+": "+c.want)
		wantError(t, WriteFile(c.path, sample()), "cannot write "+c.path+": "+c.want)
	}
	if diff := cmp.Diff(map[string]string{"file": "old"}, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

func TestWayOutOfForbiddenFolders(t *testing.T) {
	for _, err := range []error{fs.ErrPermission, syscall.EACCES, syscall.EROFS} {
		if got := wayOut(err); got != "name a folder you may write to" {
			t.Errorf("%v: way out %q", err, got)
		}
	}
}

func TestWriteFileRefusesBeforeTouchingThePath(t *testing.T) {
	folder := t.TempDir()
	f := sample()
	f.Kind = ""
	err := WriteFile(filepath.Join(folder, "net.npz"), f)
	wantError(t, err, "want lower-case letters, digits and dashes")
	if got := contents(t, folder); len(got) != 0 {
		t.Errorf("folder holds %v after a refused write", got)
	}
}

func TestLinksAreFollowed(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o666), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if err := WriteAtomic(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if got := contents(t, folder)["target"]; got != "new" {
		t.Errorf("the target holds %q, want the new bytes", got)
	}
}

func TestLeftoversOfACrashDoNotBlock(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "run.json")
	left, err := createBeside(path)
	if err != nil {
		t.Fatal(err)
	}
	left.Close()
	if err := WriteAtomic(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"run.json": "new", filepath.Base(left.Name()): ""}
	if diff := cmp.Diff(want, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

// Writable agrees with WriteAtomic on every kind of path, and leaves the folder
// as it was.
func TestWritableAgreesWithWriteAtomic(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(folder, "new"), folder, filepath.Join(file, "below"), filepath.Join(folder, "no", "such")} {
		before, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		first := Writable(path)
		after, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(before) != len(after) {
			t.Errorf("%s: %d files before asking, %d after", path, len(before), len(after))
		}
		if kept, _ := os.ReadFile(file); string(kept) != "kept" && path == file {
			t.Errorf("%s: asking changed the file to %q", path, kept)
		}
		if second := WriteAtomic(path, []byte("x")); (first == nil) != (second == nil) {
			t.Errorf("%s: Writable says %v, WriteAtomic says %v", path, first, second)
		}
	}
}
