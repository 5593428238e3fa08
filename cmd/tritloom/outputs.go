package main

import (
	"fmt"
	"os"
	"path/filepath"

	"tritloom/internal/container"
)

// checkOutputs refuses, before any work, files that could not be written, and
// those that would replace an input or each other. An empty name is no output.
func checkOutputs(outputs, inputs []string) error {
	for i, output := range outputs {
		if output == "" {
			continue
		}
		if err := container.Writable(output); err != nil {
			return err
		}
		for _, input := range inputs {
			if sameFile(output, input) {
				return fmt.Errorf("cannot write %s: it is read as %s; name another file", output, input)
			}
		}
		for _, other := range outputs[:i] {
			if other != "" && sameFile(output, other) {
				return fmt.Errorf("cannot write %s twice: two results would be the same file; name another file", output)
			}
		}
	}
	return nil
}

// sameFile tells whether two names are one regular file, there already or to
// come. A device takes any number of results.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return filepath.Clean(a) == filepath.Clean(b)
	}
	second, err := os.Stat(b)
	return err == nil && first.Mode().IsRegular() && os.SameFile(first, second)
}
