package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// version is the release this tree is on the way to.
const version = "0.1.0"

// toolVersion is what files say wrote them; it is outside their hashes.
func toolVersion() string { return "tritloom " + version }

type versionCmd struct{}

// Run prints the version and what it was built with.
func (c *versionCmd) Run(s *session) error {
	info := map[string]string{"version": version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range build.Settings {
			if setting.Key == "vcs.revision" {
				info["revision"] = setting.Value
			}
		}
	}
	return s.print(info, fmt.Sprintf("%s (%s, %s)\n", toolVersion(), info["go"], info["platform"]))
}

// program is how the user called this program, for commands we suggest.
func program() string {
	path, err := os.Executable()
	if err == nil && strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "go run ./cmd/tritloom"
	}
	return "tritloom"
}
