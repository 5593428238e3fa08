package experiment

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the processor time of the calling thread; nil where the system does not
// tell it.
var threadTime = func() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic("experiment: a clock that every Linux has: " + err.Error())
	}
	return time.Duration(t.Nano())
}
