package archtest

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestImportsFollowTheTable(t *testing.T) {
	findings, err := check(os.DirFS(moduleRoot(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Error(f)
	}
}

// moduleRoot is the nearest folder above with a go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test's folder")
		}
		folder = filepath.Dir(folder)
	}
}

// A row may only name rows, and no chain of rows may lead back to its start.
func TestTableIsSound(t *testing.T) {
	for room, row := range mayImport {
		for _, target := range row {
			if _, known := mayImport[target]; !known && target != everything {
				t.Errorf("row %s names %s, which has no row", room, target)
			}
		}
		if chain := cycle(room, room, nil); chain != nil {
			t.Errorf("rows lead in a circle: %s", strings.Join(chain, " -> "))
		}
	}
	for _, room := range slices.Concat(roomsToCome, testOnly) {
		if _, known := mayImport[room]; !known {
			t.Errorf("%s is in a list but has no row", room)
		}
	}
	for name, rooms := range modules {
		for _, room := range rooms {
			if _, known := mayImport[room]; !known {
				t.Errorf("module %s may be used in %s, which has no row", name, room)
			}
		}
	}
	for _, rule := range fileRules {
		if _, err := path.Match(rule.pattern, ""); err != nil {
			t.Errorf("file rule %q: %v", rule.pattern, err)
		}
	}
}

func cycle(from, to string, chain []string) []string {
	chain = append(chain, from)
	for _, next := range mayImport[from] {
		if next == to {
			return append(chain, next)
		}
		if found := cycle(next, to, chain); found != nil {
			return found
		}
	}
	return nil
}

// tree is a made-up module with a package in every room that should be on disk.
func tree(extra map[string]string) fstest.MapFS {
	files := fstest.MapFS{"go.mod": {Data: []byte("module tritloom\n")}}
	for room := range mayImport {
		if !slices.Contains(roomsToCome, room) {
			files[room+"/room.go"] = &fstest.MapFile{Data: []byte("package room\n")}
		}
	}
	for name, text := range extra {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// importing is a source file with the given imports.
func importing(packages ...string) string {
	text := "package x\n"
	for _, p := range packages {
		text += fmt.Sprintf("\nimport _ %q\n", p)
	}
	return text
}

func TestAllowedImports(t *testing.T) {
	findings, err := check(tree(map[string]string{
		"sim/fast.go":                importing("fmt", "tritloom/layout", "tritloom/internal/bits"),
		"sim/reference_test.go":      importing("tritloom/internal/bits", "tritloom/ternary", "pgregory.net/rapid"),
		"ternary/eval.go":            importing("tritloom/encode"),
		"ternary/netspec/yaml.go":    importing("github.com/goccy/go-yaml/ast", "github.com/emer/emergent/v2/paths"),
		"report/html/page.go":        importing("tritloom/report", "tritloom/ledger", "gonum.org/v1/gonum/stat"),
		"report/all.go":              importing("tritloom/report/html"),
		"experiment/hwtest/suite.go": importing("tritloom/verify", "tritloom/internal/bits"),
		"cmd/tritloom/main.go":       importing("tritloom/experiment", "github.com/alecthomas/kong"),
		"sim/testdata/broken.go":     "this is not Go",
		".cache/x/y.go":              "nor is this",
		"testdata/digits/digits.go":  importing("embed"),
	}))
	if err != nil || findings != nil {
		t.Errorf("findings %q, error %v; want none", findings, err)
	}
}

func TestForbiddenImports(t *testing.T) {
	const simRow = "sim may import only [encode hwmodel internal/bits internal/seed layout ledger]"
	for _, c := range []struct{ name, file, text, want string }{
		{"witness", "sim/sim.go", importing("tritloom/ternary"),
			"sim/sim.go imports tritloom/ternary; " + simRow + ": the simulator is an independent witness: it must not see the network it is compared with"},
		{"sub-package of a sub-package", "sim/cycle/router.go", importing("tritloom/ternary/fold"),
			"sim/cycle/router.go imports tritloom/ternary/fold; " + simRow},
		{"lift", "compiler/lift/lift.go", importing("tritloom/compiler"),
			"compiler/lift/lift.go imports tritloom/compiler; compiler/lift may import only [hwmodel layout ternary]: the lifter reads the image alone; with the compiler's code it would repeat the compiler's mistakes"},
		{"compiler its lifter", "compiler/check.go", importing("tritloom/compiler/lift"),
			"compiler/check.go imports tritloom/compiler/lift; compiler may import only [hwmodel internal/seed layout ternary]"},
		{"cmd", "experiment/demo.go", importing("tritloom/cmd/tritloom"),
			"experiment/demo.go imports tritloom/cmd/tritloom; nothing imports cmd, which only reads flags and files"},
		{"cmd from a test", "sim/sim_test.go", importing("tritloom/cmd/tritloom"),
			"sim/sim_test.go imports tritloom/cmd/tritloom; nothing imports cmd, which only reads flags and files"},
		{"reference kernel", "sim/reference_tick.go", importing("tritloom/internal/bits"),
			"sim/reference_tick.go imports tritloom/internal/bits; sim/reference*.go never import it: the reference engine shares no kernel with the fast ones"},
		{"evaluator kernel", "ternary/eval.go", importing("tritloom/internal/bits"),
			"ternary/eval.go imports tritloom/internal/bits; ternary/eval*.go never import it: the plain evaluator shares no kernel with the fast ones"},
		{"internal", "internal/seed/seed.go", importing("tritloom/internal/container"),
			"internal/seed/seed.go imports tritloom/internal/container; internal/seed may import only []"},
		{"test helper", "experiment/demo.go", importing("tritloom/internal/textcase"),
			"experiment/demo.go imports tritloom/internal/textcase; experiment may import only [*]"},
		{"row of a stranger", "ternary/x.go", importing("tritloom/magic"),
			"ternary/x.go imports tritloom/magic, which has no row in the import table"},
		{"root package", "ternary/x.go", importing("tritloom"),
			"ternary/x.go imports tritloom; the module has no root package"},
		{"stranger", "magic/magic.go", importing("fmt"),
			"magic/magic.go: package magic has no row in the import table; add one to internal/archtest"},
		{"code in the root", "main.go", "package main\n",
			"main.go: package . has no row in the import table; add one to internal/archtest"},
		{"kong", "report/text.go", importing("github.com/alecthomas/kong"),
			"report/text.go imports github.com/alecthomas/kong; outside tests only [cmd/tritloom] may use it"},
		{"sub-package of a module", "sim/sim.go", importing("gonum.org/v1/gonum/mat"),
			"sim/sim.go imports gonum.org/v1/gonum/mat; outside tests only [trainer report experiment verify] may use it"},
		{"tests only", "verify/random.go", importing("pgregory.net/rapid"),
			"verify/random.go imports pgregory.net/rapid; outside tests only [] may use it"},
		{"unknown module", "sim/sim_test.go", importing("github.com/stretchr/testify/assert"),
			"sim/sim_test.go imports github.com/stretchr/testify/assert, a module without a row in the module table; add one to internal/archtest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings, err := check(tree(map[string]string{c.file: c.text}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{c.want}, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A room that arrives must leave the list of rooms to come.
func TestArrivedRoom(t *testing.T) {
	roomsToCome = append(roomsToCome, "verify")
	defer func() { roomsToCome = roomsToCome[:len(roomsToCome)-1] }()
	findings, err := check(tree(map[string]string{"verify/verify.go": "package verify\n"}))
	want := []string{"verify is on disk now; take it off roomsToCome"}
	if diff := cmp.Diff(want, findings); diff != "" || err != nil {
		t.Errorf("error %v, findings (-want +got):\n%s", err, diff)
	}
}

func TestMissingRoom(t *testing.T) {
	files := tree(nil)
	delete(files, "verify/room.go")
	findings, err := check(files)
	want := []string{"verify has a row in the import table but no package on disk; build it, remove the row or list it in roomsToCome"}
	if diff := cmp.Diff(want, findings); diff != "" || err != nil {
		t.Errorf("error %v, findings (-want +got):\n%s", err, diff)
	}
}

func TestUnreadableFileIsAnError(t *testing.T) {
	if _, err := check(tree(map[string]string{"sim/sim.go": "packag"})); err == nil {
		t.Error("a file that is no Go was accepted")
	}
}
