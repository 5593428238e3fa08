//go:build !linux

package experiment

import "time"

// threadTime is nil: this system is not asked for the time of a thread.
var threadTime func() time.Duration
