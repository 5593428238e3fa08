package container

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStreamAppearsWhenCommitted(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "spikes.csv")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := CreateStream(path)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("0123456789abcde\n", 3*streamBuffer/16) // more than is held back
	for line := range strings.Lines(long) {
		if _, err := s.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got := contents(t, folder)["spikes.csv"]; got != "old" {
		t.Errorf("before Commit the name holds %.20q", got)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(); err != nil {
		t.Errorf("Discard after Commit: %v", err)
	}
	if diff := cmp.Diff(map[string]string{"spikes.csv": long}, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

func TestDiscardedStreamLeavesEverythingAsItWas(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "spikes.csv")
	for _, before := range []map[string]string{{}, {"spikes.csv": "old"}} {
		for name, text := range before {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		s, err := CreateStream(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(make([]byte, 2*streamBuffer)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Discard(); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(before, contents(t, folder)); diff != "" {
			t.Errorf("folder (-want +got):\n%s", diff)
		}
	}
}

// A folder appears under the name while the stream is written, so that the rename
// is what fails; /dev/full refuses every byte.
func TestFailedCommitSaysWhyAndLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "spikes.csv")
	s, err := CreateStream(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o777); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Commit(), "cannot write "+path+": file exists; name another place")
	if diff := cmp.Diff(map[string]string{"spikes.csv": ""}, contents(t, folder)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("no " + full + " here")
	}
	if s, err = CreateStream(full); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Commit(), "cannot write /dev/full: "+syscall.ENOSPC.Error()+"; free some space")
	if s, err = CreateStream(full); err != nil {
		t.Fatal(err)
	}
	_, err = s.Write(make([]byte, 2*streamBuffer))
	wantError(t, err, "cannot write /dev/full: "+syscall.ENOSPC.Error()+"; free some space")
	if err := s.Discard(); err != nil {
		t.Error(err)
	}
}

func TestStreamRefusesWhatWriteAtomicRefuses(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, filepath.Join(file, "below"), filepath.Join(folder, "no", "such")} {
		_, err := CreateStream(path)
		wantError(t, err, WriteAtomic(path, nil).Error())
	}
	_, err := CreateStream("")
	wantError(t, err, Writable("").Error())
}

func TestStreamFollowsLinks(t *testing.T) {
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := os.WriteFile(target, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	s, err := CreateStream(link)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info, err)
	}
	if got := contents(t, folder)["target"]; got != "new" {
		t.Errorf("the target holds %q, want the new bytes", got)
	}
}
