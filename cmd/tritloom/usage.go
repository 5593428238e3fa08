package main

import (
	"syscall"
	"time"
)

// usage is what this process has taken of the machine so far.
func usage() (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return syscall.Rusage{} // unknown reads as zero; these figures describe the host only
	}
	return u
}

// cpuSeconds is the processor time, user and system.
func cpuSeconds() float64 {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// peakBytes is the largest resident size.
func peakBytes() uint64 {
	u := usage()
	return uint64(u.Maxrss) * maxrssUnit
}
