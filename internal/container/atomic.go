package container

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// WriteFile encodes f and writes it as WriteAtomic does.
func WriteFile(path string, f *File) error {
	data, err := Encode(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return WriteAtomic(path, data)
}

// WriteAtomic replaces the file at path by data, or leaves it as it was: the bytes
// go to a new file in the same folder, reach the disk, and are then renamed. A
// link is followed. A device or a pipe has nothing to keep and is written directly.
func WriteAtomic(path string, data []byte) error {
	return writeAtomic(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

func writeAtomic(path string, write func(io.Writer) error) error {
	target, info, err := resolve(path)
	switch {
	case err != nil:
	case info != nil && info.IsDir():
		err = syscall.EISDIR
	case info != nil && !info.Mode().IsRegular():
		err = writeDevice(target, write)
	default:
		err = replace(target, write)
	}
	if err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// resolve follows links, so that the linked file is replaced and not the link. The
// info is nil if nothing is there yet.
func resolve(path string) (string, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, linkErr := os.Lstat(path); linkErr != nil { // not a link to nowhere
			return path, nil, nil
		}
	}
	if err != nil {
		return "", nil, err
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil && !info.Mode().IsRegular() { // a pipe behind /dev/stdout has no path of its own
		return path, info, nil
	}
	return target, info, err
}

func writeDevice(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

// replace writes beside target and renames. Whatever fails before the rename, the
// new file is removed and target is untouched.
func replace(target string, write func(io.Writer) error) (err error) {
	file, err := createBeside(target)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name()) // the first error is the one to report
		}
	}()
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return putInPlace(file, target)
}

// putInPlace gives a whole new file its name, once its bytes have reached the disk.
func putInPlace(file *os.File, target string) error {
	if err := file.Sync(); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), target); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(target))
}

// createBeside makes a new hidden file in target's folder with the permissions of
// any new file; os.CreateTemp would hide results from the user's group.
func createBeside(target string) (*os.File, error) {
	folder, base := filepath.Split(target)
	for try := 0; ; try++ {
		name := filepath.Join(folder, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), try))
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) || try == 1000 {
			return file, err
		}
	}
}

// SyncFolder makes the names of files in a folder reach the disk, as after a rename. File systems that cannot
// sync a folder say EINVAL or ENOTSUP, and nothing better can be done there.
func SyncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}

// reason is the cause without the operation and the path, which the message names
// itself; a temporary name would only puzzle the reader.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// errNoName is what every writer says of an empty path.
var errNoName = errors.New("cannot write to a file without a name; name one")

func cannotWrite(path string, err error) error {
	return fmt.Errorf("cannot write %s: %w; %s", path, reason(err), wayOut(err))
}

func wayOut(err error) string {
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return "a part of the path is a file; name another folder"
	case errors.Is(err, syscall.EISDIR):
		return "name a file in it"
	case errors.Is(err, fs.ErrNotExist):
		return "make the folder first"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "name a folder you may write to"
	case errors.Is(err, syscall.ENOSPC):
		return "free some space or name another disk"
	}
	return "name another place"
}

// Writable tells whether WriteAtomic could write path now, and leaves nothing
// behind: long work should learn that its result has no place before it starts.
func Writable(path string) error {
	if path == "" {
		return errNoName
	}
	target, info, err := resolve(path)
	switch {
	case err != nil:
	case info != nil && info.IsDir():
		err = syscall.EISDIR
	case info != nil && !info.Mode().IsRegular():
		return nil // a device or a pipe; opening one may wait for its reader
	default:
		err = tryCreate(target)
	}
	if err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func tryCreate(target string) error {
	file, err := createBeside(target)
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
