package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// UserDataDir is the data folder of a user with that home folder, looked at
// when nothing else is set; "" without a home.
func UserDataDir(home string) string {
	if home == "" {
		return ""
	}
	return filepath.Join(home, ".local", "share", "tritloom")
}

// places lists the folders where the set may lie, in the order of the search:
// the data folder, the further ones, the distribution's packages.
func (e Entry) places(o OpenOptions) []string {
	var all []string
	for _, dir := range append([]string{o.Dir}, o.SearchDirs...) {
		if dir != "" {
			all = append(all, filepath.Join(dir, e.Folder))
		}
	}
	return append(all, e.packaged...)
}

// find is the first of the places that is a folder.
func (e Entry) find(o OpenOptions) (string, error) {
	places := e.places(o)
	for _, dir := range places {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, nil
		}
	}
	looked := "no data folder is set"
	if len(places) > 0 {
		looked = "looked in " + strings.Join(places, ", ")
	}
	return "", fmt.Errorf("data set %q not found: %s; set $TRITLOOM_DATA or --data-dir to the folder that holds %s/, or name it as idx:DIR", e.Name, looked, e.Folder)
}
