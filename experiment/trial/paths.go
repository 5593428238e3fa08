package trial

import (
	"path/filepath"
	"strings"

	"tritloom/dataset"
)

// Beside is a file named in a hand-written file, seen from where the program runs:
// relative names are taken from the folder of the file that names them.
func Beside(folder, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	joined := filepath.Join(folder, name)
	if !strings.ContainsRune(joined, filepath.Separator) { // so that it cannot be taken for a name
		joined = "." + string(filepath.Separator) + joined
	}
	return joined
}

// BesideChip is Beside for what names a chip: an embedded one keeps its name.
func BesideChip(folder, name string) string {
	if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" && !strings.ContainsAny(name, `/\`) {
		return name
	}
	return Beside(folder, name)
}

// DataFile is the file or folder that a reference to samples reads; empty if it reads
// none of the user's.
func DataFile(folder, ref string) string {
	parsed, err := dataset.ParseRef(BesideData(folder, ref))
	if err != nil {
		return ""
	}
	return parsed.Path
}

// BesideData is Beside for a reference to samples: the file or folder in it, if there
// is one.
func BesideData(folder, ref string) string {
	parsed, err := dataset.ParseRef(ref)
	if err != nil || parsed.Path == "" || filepath.IsAbs(parsed.Path) {
		return ref // opening it says what is wrong
	}
	parsed.Path = Beside(folder, parsed.Path)
	return parsed.String()
}
