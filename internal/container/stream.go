package container

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Stream is a file that is written piece by piece, longer than memory if need be,
// and that appears under its name when it is committed and not before: until then
// the bytes go to a new file in the same folder, and what was under the name stays.
// A device or a pipe is written directly.
type Stream struct {
	path   string // as the user named it
	target string // with links followed; "" for a device
	file   *os.File
	buffer *bufio.Writer
}

// streamBuffer is bytes held back per stream: enough that a write is rarely a
// system call.
const streamBuffer = 1 << 16

// CreateStream starts a file for path. Commit or Discard must end it.
func CreateStream(path string) (*Stream, error) {
	if path == "" {
		return nil, errNoName
	}
	target, info, err := resolve(path)
	s := &Stream{path: path}
	switch {
	case err != nil:
	case info != nil && info.IsDir():
		err = syscall.EISDIR
	case info != nil && !info.Mode().IsRegular():
		s.file, err = os.OpenFile(target, os.O_WRONLY, 0)
	default:
		s.target = target
		s.file, err = createBeside(target)
	}
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	s.buffer = bufio.NewWriterSize(s.file, streamBuffer)
	return s, nil
}

// Write adds to the file.
func (s *Stream) Write(p []byte) (int, error) {
	n, err := s.buffer.Write(p)
	if err != nil {
		err = cannotWrite(s.path, err)
	}
	return n, err
}

// Commit makes what was written the file's contents: all of it is on the disk and
// under its name, or the name is as it was and the error says why.
func (s *Stream) Commit() error {
	err := s.buffer.Flush()
	switch {
	case err != nil:
		s.file.Close()
	case s.target == "":
		err = s.file.Close()
	default:
		err = putInPlace(s.file, s.target)
	}
	if err == nil {
		return nil
	}
	if s.target != "" {
		os.Remove(s.file.Name()) // the first error is the one to report
	}
	return cannotWrite(s.path, err)
}

// Discard forgets what was written and leaves the name as it was. A stream that has
// ended is left alone, so that a deferred Discard serves every way out.
func (s *Stream) Discard() error {
	if err := s.file.Close(); errors.Is(err, fs.ErrClosed) || s.target == "" {
		return nil
	}
	if err := os.Remove(s.file.Name()); err != nil {
		return fmt.Errorf("cannot remove %s: %w", s.file.Name(), reason(err))
	}
	return nil
}
