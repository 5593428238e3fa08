package container

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Limits bound what a reader accepts, whatever the file claims. A reader holds at
// most TotalBytes of arrays plus a few times HeaderBytes and JSONBytes.
type Limits struct {
	FileBytes   int64 // the zip itself
	ArrayBytes  int64 // one array
	TotalBytes  int64 // all arrays together
	Arrays      int   // members of the zip, the header included
	HeaderBytes int   // one member's npy header
	JSONBytes   int   // the JSON envelope
	Dims        int   // axes of one array
}

// DefaultLimits hold networks of about 4 billion ternary weights: 1 GiB a file and
// an array, 2 GiB together, 4096 members, 1 MiB an npy header, 16 MiB of JSON, 8 axes.
func DefaultLimits() Limits {
	return Limits{
		FileBytes:   1 << 30,
		ArrayBytes:  1 << 30,
		TotalBytes:  2 << 30,
		Arrays:      4096,
		HeaderBytes: 1 << 20,
		JSONBytes:   16 << 20,
		Dims:        8,
	}
}

// Validate refuses limits that no file could meet.
func (l Limits) Validate() error {
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"FileBytes", l.FileBytes}, {"ArrayBytes", l.ArrayBytes}, {"TotalBytes", l.TotalBytes},
		{"Arrays", int64(l.Arrays)}, {"HeaderBytes", int64(l.HeaderBytes)},
		{"JSONBytes", int64(l.JSONBytes)}, {"Dims", int64(l.Dims)},
	} {
		if f.value < 1 {
			return fmt.Errorf("container.Limits.%s = %d; want 1 or more; start from DefaultLimits", f.name, f.value)
		}
	}
	if l.FileBytes >= 1<<32 {
		return fmt.Errorf("container.Limits.FileBytes = %d; want below 4 GiB, because zip64 is not read", l.FileBytes)
	}
	return nil
}

// checkFileSize compares a file's size with the limit.
func (l Limits) checkFileSize(name string, size int64) error {
	if size > l.FileBytes {
		return fmt.Errorf("%s: %d bytes; at most %d are read; split it into smaller files", name, size, l.FileBytes)
	}
	return nil
}

// openRegular opens a file whose size can be known beforehand.
func openRegular(path string, lim Limits) (*os.File, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: cannot read it: %w; name an existing, readable file", path, reason(err))
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a regular file but %s; name an npz file", path, fileType(info.Mode()))
	}
	if err == nil {
		err = lim.checkFileSize(path, info.Size())
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// ReadText reads a file of text, of at most so many bytes; what says which file
// is wanted, such as "a run record".
func ReadText(path, what string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot read it: %w; name %s", path, reason(err), what)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: cannot read it: %w; name %s", path, reason(err), what)
	case int64(len(text)) > most:
		return nil, fmt.Errorf("%s: more than %d bytes; name %s, which takes less", path, most, what)
	case len(text) == 0:
		return nil, fmt.Errorf("%s: empty file; name %s", path, what)
	}
	return text, nil
}

// fileType is what a file is instead of a regular one.
func fileType(mode fs.FileMode) string {
	if mode.IsDir() {
		return "a folder"
	}
	return "a device or pipe"
}
