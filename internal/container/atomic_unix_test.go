//go:build unix

package container

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A rename over a pipe or a device would replace it, for root even /dev/null.
func TestPipesStayPipes(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		data, _ := os.ReadFile(pipe) // an error shows as missing bytes
		read <- string(data)
	}()
	if err := WriteAtomic(pipe, []byte("anything")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(pipe)
	if err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Fatalf("the pipe became %v, %v", info.Mode(), err)
	}
	if got := <-read; got != "anything" {
		t.Errorf("the reader got %q", got)
	}
}
