package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tritloom": main})
}

// The scripts run the program as a process of its own, in an empty folder and
// with an environment that names no data folder.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"refuse":  refuse,
			"fail":    fail,
			"says":    says,
			"object":  object,
			"damage":  damage,
			"idx":     makeIDX,
			"csv":     makeCSV,
			"blobs":   makeBlobs,
			"samebut": sameBut,
		},
		Condition: func(name string) (bool, error) {
			if name != "root" { // may write to folders that forbid it
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Geteuid() == 0, nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
