//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package sweep

import "os"

// lock takes a file for this process where the system knows locks that end with the
// process; here it does not, and two processes must not fill one table.
func lock(*os.File) bool { return true }
