//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package sweep

import (
	"os"
	"syscall"
)

// lock takes a file for this process until it is closed, however the process ends;
// false: another process has it.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
