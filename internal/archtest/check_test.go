package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "tritloom"

// check compares every Go file below root with the tables and returns one line a
// finding, sorted by file.
func check(root fs.FS) ([]string, error) {
	var findings []string
	onDisk := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && ignored(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		room, known := roomOf(path.Dir(name))
		onDisk[room] = true
		if !known {
			findings = append(findings, fmt.Sprintf("%s: package %s has no row in the import table; add one to internal/archtest", name, path.Dir(name)))
			return nil
		}
		imports, err := importsOf(root, name)
		for _, imported := range imports {
			findings = append(findings, judge(name, room, imported)...)
		}
		return err
	})
	return append(findings, missingRooms(onDisk)...), err
}

// ignored says whether the go command skips a folder. The top-level testdata is a
// package that embeds data, so it and its sub-folders count.
func ignored(folder string) bool {
	base := path.Base(folder)
	hidden := folder != "." && (base[0] == '.' || base[0] == '_')
	return hidden || base == "testdata" && folder != "testdata" || base == "vendor"
}

// roomOf is the nearest row at or above a package.
func roomOf(folder string) (room string, known bool) {
	for room = folder; room != "."; room = path.Dir(room) {
		if _, known := mayImport[room]; known {
			return room, true
		}
	}
	return folder, false
}

func importsOf(root fs.FS, name string) ([]string, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		imports = append(imports, imported)
	}
	return imports, nil
}

// judge returns what is wrong with one import of one file.
func judge(file, room, imported string) []string {
	inside, ours := strings.CutPrefix(imported, module+"/")
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case ours:
		return judgeOurs(file, room, inside)
	case imported == module:
		return []string{fmt.Sprintf("%s imports %s; the module has no root package", file, imported)}
	case strings.Contains(first, "."):
		return judgeTheirs(file, room, imported)
	}
	return nil // the standard library
}

func judgeOurs(file, room, imported string) []string {
	target, known := roomOf(imported)
	test := strings.HasSuffix(file, "_test.go")
	switch {
	case strings.HasPrefix(imported, "cmd/") && target != room:
		return []string{fmt.Sprintf("%s imports %s/%s; nothing imports cmd, which only reads flags and files", file, module, imported)}
	case test || target == room:
		return nil
	case !known:
		return []string{fmt.Sprintf("%s imports %s/%s, which has no row in the import table", file, module, imported)}
	}
	for _, rule := range fileRules {
		if match, _ := path.Match(rule.pattern, file); match && target == rule.forbidden {
			return []string{fmt.Sprintf("%s imports %s/%s; %s never import it: %s", file, module, imported, rule.pattern, rule.reason)}
		}
	}
	row := mayImport[room]
	if slices.Contains(row, target) || slices.Contains(row, everything) && !slices.Contains(testOnly, target) {
		return nil
	}
	reason := ""
	if text, given := reasons[[2]string{room, target}]; given {
		reason = ": " + text
	}
	sorted := slices.Sorted(slices.Values(row))
	return []string{fmt.Sprintf("%s imports %s/%s; %s may import only %v%s", file, module, imported, room, sorted, reason)}
}

func judgeTheirs(file, room, imported string) []string {
	for name, rooms := range modules {
		if imported != name && !strings.HasPrefix(imported, name+"/") {
			continue
		}
		if slices.Contains(rooms, room) || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		return []string{fmt.Sprintf("%s imports %s; outside tests only %v may use it", file, imported, rooms)}
	}
	return []string{fmt.Sprintf("%s imports %s, a module without a row in the module table; add one to internal/archtest", file, imported)}
}

// missingRooms compares the rows with the packages on disk, in both directions.
func missingRooms(onDisk map[string]bool) []string {
	var findings []string
	for room := range mayImport {
		toCome := slices.Contains(roomsToCome, room)
		if !onDisk[room] && !toCome {
			findings = append(findings, fmt.Sprintf("%s has a row in the import table but no package on disk; build it, remove the row or list it in roomsToCome", room))
		}
		if onDisk[room] && toCome {
			findings = append(findings, fmt.Sprintf("%s is on disk now; take it off roomsToCome", room))
		}
	}
	slices.Sort(findings)
	return findings
}
