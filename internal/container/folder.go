package container

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// NamedFile is a file of a folder: a name without slashes, and bytes.
type NamedFile struct {
	Name string
	Data []byte
}

// WriteFolder makes a folder with these files, whole or not at all: they are
// written to a new folder beside, reach the disk, and the folder is then renamed.
// A folder that holds something is never touched; an empty one is replaced.
func WriteFolder(path string, files []NamedFile) error {
	if err := FolderWritable(path); err != nil {
		return err
	}
	path = filepath.Clean(path)
	if err := writeFolder(path, files); err != nil {
		return fmt.Errorf("cannot write %s: %w; %s", path, reason(err), wayOut(err))
	}
	return nil
}

func writeFolder(path string, files []NamedFile) (err error) {
	folder, err := folderBeside(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder) // the first error is the one to report
		}
	}()
	for _, f := range files {
		if err := writeNew(filepath.Join(folder, f.Name), f.Data); err != nil {
			return err
		}
	}
	if err := SyncFolder(folder); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // only an empty folder goes
		return err
	}
	if err := os.Rename(folder, path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

func writeNew(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// folderBeside makes a new hidden folder in the target's.
func folderBeside(target string) (string, error) {
	folder, base := filepath.Split(target)
	for try := 0; ; try++ {
		name := filepath.Join(folder, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), try))
		err := os.Mkdir(name, 0o777)
		if !errors.Is(err, fs.ErrExist) || try == 1000 {
			return name, err
		}
	}
}

// FolderWritable tells whether WriteFolder could make the folder now, and leaves
// nothing behind.
func FolderWritable(path string) error {
	if path == "" {
		return errors.New("cannot write to a folder without a name; name one")
	}
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		path = filepath.Clean(path)
		var probe string
		if probe, err = folderBeside(path); err == nil {
			err = os.Remove(probe)
		}
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("cannot write %s: it, or a part of it, is a file; name a new folder", path)
	case err == nil && len(entries) > 0:
		return fmt.Errorf("cannot write %s: the folder holds %s; name a new or an empty folder", path, entries[0].Name())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w; %s", path, reason(err), wayOut(err))
	}
	return nil
}
